"""The commands of the README: readable by bash, honest about a busy port, clean when stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
SCRIPTS = [
    PROJECT / name
    for name in (
        "script/audit",
        "script/bootstrap",
        "script/pictures",
        "script/server",
        "script/test",
        "script/benchmark",
        ".ci/run",
    )
]


def _identify(path: Path) -> str:
    return str(path.relative_to(PROJECT))


@pytest.mark.parametrize("path", SCRIPTS, ids=_identify)
def test_a_script_is_sound_bash_and_stops_at_the_first_failure(path: Path) -> None:
    for reader in (["bash", "-n"], [str(Path(sys.executable).parent / "shellcheck")]):
        read = subprocess.run([*reader, str(path)], capture_output=True, text=True, check=False)
        assert (read.returncode, read.stdout, read.stderr) == (0, "", "")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert next(line for line in lines if line and not line.startswith("#")) == "set -euo pipefail"
    assert os.access(path, os.X_OK)


def test_a_busy_port_is_told_before_anything_is_installed_or_started() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = subprocess.run(
            [PROJECT / "script" / "server"],
            env={**os.environ, "PORT": str(port)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        f"✗ Port {port} pada 127.0.0.1 tidak dapat dipakai; "
        "mungkin program lain sudah memakainya.\n"
        f"  Pilih port lain, misalnya: PORT={port + 1} script/server\n"
    )


def test_bootstrap_refuses_what_it_does_not_know() -> None:
    result = subprocess.run(
        [PROJECT / "script" / "bootstrap", "--tset"], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "Pemakaian: script/bootstrap [--test]\n"


@pytest.fixture(scope="module")
def demo_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of its own; the second start meets what the first one left."""
    return tmp_path_factory.mktemp("demo")


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_server_answers_and_leaves_no_process_behind(
    how: signal.Signals, demo_dir: Path
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = demo_dir / "log"
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "SOPREGISTRY_MODE"}
    }
    with log.open("w", encoding="utf-8") as output:
        server = subprocess.Popen(
            # Whoever runs the tests under nohup must not take the hang-up from the server.
            ["env", "--default-signal=HUP", PROJECT / "script" / "server"],
            env={**environment, "PORT": str(port), "DATA_DIR": str(demo_dir / "var")},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_for_answer(port, server, log)
        assert _processes_of(demo_dir) != []
    finally:
        server.send_signal(how)
        server.wait(timeout=150)
    text = log.read_text(encoding="utf-8")
    assert text.count(f"Alamat: http://localhost:{port} ") == 1
    # A closed terminal ends as if it had been asked to.
    ended = signal.SIGTERM if how == signal.SIGHUP else how
    assert server.returncode == 128 + ended
    assert _processes_of(demo_dir) == []


def _wait_for_answer(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the front page answers 200; fail with the log when the server ends first."""
    until = time.monotonic() + 300
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text(encoding="utf-8")
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/", timeout=5) as answer:
                assert answer.status == 200
                return
        except urllib.error.HTTPError as refusal:
            pytest.fail(f"{refusal}\n{log.read_text(encoding='utf-8')}")
        except OSError:
            time.sleep(0.5)
    pytest.fail(log.read_text(encoding="utf-8"))


def _processes_of(data: Path) -> list[str]:
    """Return the command lines of all processes whose environment names the data directory."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes()
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if f"DATA_DIR={data}/var".encode() in environment.split(b"\0") and command:
            found.append(command.replace(b"\0", b" ").decode())
    return found
