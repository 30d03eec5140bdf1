"""The SOP's flow chart as cells: which lane holds a box, and how the line runs between them.

Pure drawing: it knows lanes and statuses as words and imports nothing of ours. The line leaves a
box downwards; where the next box stands in another lane, it turns in the next row, crosses the
lanes between, and enters that box from the side. ``templates/_step_flow.html`` draws the cells.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Status = Literal["done", "current", "waiting", "plain"]
"""``plain`` is a step of the SOP itself, outside any case."""

START = "Mulai"
END = "Selesai"
_STATUS_WORDS: dict[str, str] = {"done": "selesai", "current": "berjalan", "waiting": "belum mulai"}


@dataclass(frozen=True, kw_only=True)
class FlowCell:
    """One lane in one row. ``ghost_*`` keep a turn level with a box that bears a capsule."""

    shape: Literal["box", "turn", "across", ""] = ""
    status: Status = "waiting"
    capsule_before: str = ""
    capsule_after: str = ""
    ghost_before: str = ""
    ghost_after: str = ""
    enters: Literal["", "top", "left", "right"] = ""
    toward: Literal["", "left", "right"] = ""
    leaves: bool = False
    walked_in: bool = False
    walked_out: bool = False
    words: str = ""


def draw_flow(
    executors: Sequence[str],
    statuses: Sequence[Status],
    lanes: Sequence[str],
    *,
    finished: bool,
) -> list[list[FlowCell]]:
    """Lay out one row of cells for each step, one cell for each lane.

    ``executors`` names the lane of each step and ``statuses`` says how far it is; ``lanes`` are the
    columns in order. ``finished`` fills the closing capsule. Raises ValueError when the two
    sequences differ in length or a step's executor has no lane.
    """
    if len(executors) != len(statuses):
        raise ValueError("Every step needs one executor and one status.")
    columns = [lanes.index(executor) for executor in executors]
    return [
        [
            _cell(row, lane, columns, statuses, lanes, finished=finished)
            for lane in range(len(lanes))
        ]
        for row in range(len(columns))
    ]


def _cell(
    row: int,
    lane: int,
    columns: Sequence[int],
    statuses: Sequence[Status],
    lanes: Sequence[str],
    *,
    finished: bool,
) -> FlowCell:
    own = columns[row]
    before = columns[row - 1] if row else own
    last = row == len(columns) - 1
    start = START if row == 0 else ""
    end = END if last else ""
    walked_in = statuses[row] != "waiting"
    if lane == own:
        side: Literal["top", "left", "right"] = (
            "top" if before == own else "left" if before < own else "right"
        )
        return FlowCell(
            shape="box",
            status=statuses[row],
            capsule_before=start,
            capsule_after=end,
            enters=side if row else "",
            leaves=not last,
            walked_in=walked_in,
            walked_out=finished if last else statuses[row + 1] != "waiting",
            words=_words(lanes[lane], statuses[row]),
        )
    if lane == before:
        return FlowCell(
            shape="turn",
            toward="right" if own > lane else "left",
            ghost_before=start,
            ghost_after=end,
            walked_in=walked_in,
        )
    if min(before, own) < lane < max(before, own):
        return FlowCell(shape="across", ghost_before=start, ghost_after=end, walked_in=walked_in)
    return FlowCell()


def _words(lane: str, status: Status) -> str:
    return lane if status == "plain" else f"{lane}: {_STATUS_WORDS[status]}"
