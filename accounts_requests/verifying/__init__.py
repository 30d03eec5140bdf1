"""Verifying the record: the chain, every seal, every paper, and what was told outside.

Changes nothing, and looks at one consistent state while others go on working. Memory does not
grow with the record.
"""

from collections.abc import Callable, Sequence

from django.db import DatabaseError

from accounts_requests.one_state import one_state

from . import anchors as anchored
from . import chain, records
from .anchors import Anchor, typed
from .report import Report

__all__ = ["Anchor", "Report", "typed", "verify"]


def verify(anchors: Sequence[Anchor] = ()) -> Report:
    """Compare everything that is sealed with its seal; ``anchors`` beside those at hand."""
    report = Report()
    with one_state():
        comparison = anchored.Comparison([*anchored.known(), *anchors], report)
        for name, part in (
            ("jejak audit", lambda: chain.walk(report, comparison)),
            ("catatan", lambda: records.compare_records(report)),
            ("isi dokumen", lambda: records.compare_papers(report)),
        ):
            _carry_out(report, name, part)
    return report


def _carry_out(report: Report, name: str, part: Callable[[], None]) -> None:
    """A value that cannot even be read is a break as well, and must not hide the others."""
    try:
        part()
    except (AttributeError, ValueError, TypeError, OverflowError, DatabaseError):
        report.breaks.append(
            f"Bagian {name} tidak dapat dibaca sampai selesai: ada isi basis data yang rusak."
        )
