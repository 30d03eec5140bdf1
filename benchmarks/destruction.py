"""What it costs to propose 200 files for destruction and to approve it: seconds and queries.

    .venv/bin/python -m benchmarks.destruction

The files are made in a database of its own, which is gone afterwards. The same is done with 20, so
that what grows with the files is seen. Ends with an error when a promise is not kept.
"""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

FEW, MANY = 20, 200
# What the product promises for the most that one proposal may hold.
PROMISED_SECONDS = 10.0


def main() -> None:
    """Make the files, then measure the two acts on few and on many."""
    with tempfile.TemporaryDirectory(prefix="sopregistry-benchmark-") as folder:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="sopregistry.settings",
            SOPREGISTRY_MODE="test",
            DATA_DIR=folder,
            DATABASE_URL=f"sqlite:///{Path(folder) / 'benchmark.sqlite3'}",
        )
        import django  # noqa: PLC0415  the environment comes first

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415  the environment first

        call_command("migrate", verbosity=0)
        measure()


def measure() -> None:
    """Print seconds and queries of both acts."""
    from accounts_requests import audit, clock  # noqa: PLC0415  the environment comes first
    from accounts_requests.models import Office  # noqa: PLC0415  the environment comes first
    from accounts_requests.states import Act  # noqa: PLC0415  the environment comes first
    from tests import archive_cases, cases, paper_cases  # noqa: PLC0415  the environment first

    staff = cases.make_office_people()
    worst = 0.0
    with clock.moved_to(archive_cases.RETENTION_OVER):
        for count in (FEW, MANY):
            files = []
            for _ in range(count):
                _free_the_user_ids()
                files.append(paper_cases.make_archived(1))
            for case in files:
                audit.record(Act.SEAL, actor=None, at=clock.now(), request=case, summary="Disegel.")
            Office.objects.update(final_disposition="Musnah")
            print(f"\nusul musnah of {count} files")
            proposal, seconds = _timed("proposing", archive_cases.proposed, staff, *files)
            worst = max(worst, seconds, _timed("approving", _approve, proposal, staff)[1])
    if worst > PROMISED_SECONDS:
        raise SystemExit("A promise for the usul musnah is not kept.")


def _free_the_user_ids() -> None:
    """The people of every file are the same examples, and their user ids are unique."""
    from django.db.models import CharField, Value  # noqa: PLC0415  the environment comes first
    from django.db.models.functions import Cast, Concat  # noqa: PLC0415  the environment first

    from accounts_requests.models import Account  # noqa: PLC0415  the environment comes first

    former = Concat(Value("lama."), Cast("pk", CharField()))
    Account.objects.exclude(user_id="").exclude(user_id__startswith="lama.").update(user_id=former)


def _approve(proposal: Any, staff: Any) -> object:
    from accounts_requests import workflow  # noqa: PLC0415  the environment comes first

    return workflow.decide_destruction(
        proposal, actor=staff.biro, verdict="disetujui", minutes_number="045/9"
    )


def _timed(name: str, act: Callable[..., Any], *given: Any) -> tuple[Any, float]:
    """What ``act`` gives and its seconds; prints them with its queries."""
    from tests.query_counts import queries  # noqa: PLC0415  the environment comes first

    with queries() as asked:
        begun = perf_counter()
        made = act(*given)
        seconds = perf_counter() - begun
    print(f"  {name:<32}{seconds:10.2f} s, {len(asked)} queries")
    return made, seconds


if __name__ == "__main__":
    main()
