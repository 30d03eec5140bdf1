"""What the archived file of 50 people costs: its time beside what cannot be spared, its memory.

    .venv/bin/python -m benchmarks.archive_file

The case is made in a database of its own, which is gone afterwards. A process that does nothing
else then makes the file, so that its peak is the file's. What cannot be spared is rendering the
pages of its own and reading the originals. Ends with an error when a promise is not kept.
"""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

PEOPLE = 50
ROUNDS = 5
# What the product promises.
PROMISED_RATIO = 1.5
PROMISED_MEGABYTES = 300
MEASURE = "--measure"


def main() -> None:
    """Make the case, then measure in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="sopregistry-benchmark-") as folder:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="sopregistry.settings",
            SOPREGISTRY_MODE="test",
            DATA_DIR=folder,
            DATABASE_URL=f"sqlite:///{Path(folder) / 'benchmark.sqlite3'}",
        )
        _make_case()
        subprocess.run(  # noqa: S603  our own command
            [sys.executable, "-m", "benchmarks.archive_file", MEASURE], check=True
        )


def _make_case() -> None:
    import django  # noqa: PLC0415  the environment comes first

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415  the environment comes first

    from tests import archive_samples  # noqa: PLC0415  the environment comes first

    call_command("migrate", verbosity=0)
    archive_samples.archived(PEOPLE, with_foreign_pdf=True)


def measure() -> None:
    """Print the best of several rounds in seconds, and the peak of this process."""
    import django  # noqa: PLC0415  the environment comes first

    django.setup()
    from accounts_requests import documents, papers  # noqa: PLC0415  the environment comes first
    from accounts_requests.documents import (  # noqa: PLC0415  the environment comes first
        archive_file,
        renderer,
    )
    from accounts_requests.models import Document  # noqa: PLC0415  the environment comes first

    document = Document.objects.get(kind="archive_file")
    case, at = document.request, document.created_at
    spent = {"rendering": 0.0, "reading": 0.0}
    render_pdf = renderer.render_pdf

    def timed_render(*given: object, **named: object) -> object:
        begun = perf_counter()
        made = render_pdf(*given, **named)  # type: ignore[arg-type]  # handed on as they came
        spent["rendering"] += perf_counter() - begun
        return made

    def timed_read(paper: Document) -> bytes:
        begun = perf_counter()
        data = papers.read(paper)
        spent["reading"] += perf_counter() - begun
        return data

    archive_file.render_pdf = timed_render  # type: ignore[assignment,attr-defined]  # the same, with a watch
    rounds = []
    for _ in range(ROUNDS):
        spent.update(rendering=0.0, reading=0.0)
        begun = perf_counter()
        made = documents.render(document.kind, case, at=at, document=document, read=timed_read)
        rounds.append((perf_counter() - begun, spent["rendering"], spent["reading"]))
    whole, rendering, reading = min(rounds)
    ratio = whole / (rendering + reading)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    print(f"\narchived file of {PEOPLE} people: {made.pages} pages, {len(made.data) / 1e6:.1f} MB")
    print(f"  {'the whole':<32}{whole:10.2f} s, best of {ROUNDS}")
    print(f"  {'rendering its own pages':<32}{rendering:10.2f} s")
    print(f"  {'reading the originals':<32}{reading:10.2f} s")
    print(f"  {'the whole to the two':<32}{ratio:10.2f} times, promised {PROMISED_RATIO}")
    print(f"  {'peak of the process':<32}{megabytes:10.0f} MB, promised {PROMISED_MEGABYTES}")
    if ratio > PROMISED_RATIO or megabytes > PROMISED_MEGABYTES:
        raise SystemExit("A promise for the archived file is not kept.")


if __name__ == "__main__":
    measure() if MEASURE in sys.argv else main()
