"""How the SOP's flow chart runs through the lanes."""

import pytest

from accounts_requests.sheet_flow import FlowCell, draw_flow

HEAD, ADMIN, ARCHIVIST = "Kepala LPSE", "Admin PPE", "Arsiparis"


def test_the_sop_turns_once_from_the_head_to_the_admin() -> None:
    cells = draw_flow(
        [HEAD, HEAD, ADMIN, ADMIN, ADMIN],
        ["done", "done", "current", "waiting", "waiting"],
        [HEAD, ADMIN],
        finished=False,
    )

    assert [[cell.shape for cell in row] for row in cells] == [
        ["box", ""],
        ["box", ""],
        ["turn", "box"],
        ["", "box"],
        ["", "box"],
    ]
    assert cells[0][0] == FlowCell(
        shape="box",
        status="done",
        capsule_before="Mulai",
        leaves=True,
        walked_in=True,
        walked_out=True,
        words="Kepala LPSE: selesai",
    )
    assert cells[2][0] == FlowCell(shape="turn", toward="right", walked_in=True)
    assert cells[2][1] == FlowCell(
        shape="box",
        status="current",
        enters="left",
        leaves=True,
        walked_in=True,
        words="Admin PPE: berjalan",
    )
    assert cells[4][1] == FlowCell(
        shape="box",
        status="waiting",
        capsule_after="Selesai",
        enters="top",
        words="Admin PPE: belum mulai",
    )


def test_the_closing_capsule_fills_only_when_the_case_is_finished() -> None:
    open_case = draw_flow([ADMIN], ["done"], [ADMIN], finished=False)
    closed_case = draw_flow([ADMIN], ["done"], [ADMIN], finished=True)

    assert open_case[0][0].walked_out is False
    assert closed_case[0][0].walked_out is True


def test_a_line_to_a_far_lane_crosses_the_lane_between_level_with_the_capsule() -> None:
    cells = draw_flow(
        [HEAD, ARCHIVIST], ["done", "waiting"], [HEAD, ADMIN, ARCHIVIST], finished=False
    )

    assert cells[1] == [
        FlowCell(shape="turn", toward="right", ghost_after="Selesai"),
        FlowCell(shape="across", ghost_after="Selesai"),
        FlowCell(
            shape="box",
            capsule_after="Selesai",
            enters="left",
            words="Arsiparis: belum mulai",
        ),
    ]


def test_a_line_back_to_the_left_enters_from_the_right() -> None:
    cells = draw_flow([ADMIN, HEAD], ["done", "current"], [HEAD, ADMIN], finished=False)

    assert cells[1][0].enters == "right"
    assert cells[1][1].toward == "left"


def test_an_executor_without_a_lane_is_refused() -> None:
    with pytest.raises(ValueError, match="Arsiparis"):
        draw_flow([ARCHIVIST], ["waiting"], [HEAD, ADMIN], finished=False)


def test_steps_and_statuses_must_be_as_many() -> None:
    with pytest.raises(ValueError, match="one executor and one status"):
        draw_flow([HEAD], [], [HEAD], finished=False)
