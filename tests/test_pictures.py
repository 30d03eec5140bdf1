"""The reports' pictures: every run is drawn once, late ones apart, and the limit where it is."""

import datetime as dt
from xml.etree import ElementTree as ET

import pytest

from accounts_requests import pictures
from accounts_requests.figures import StepFigures
from accounts_requests.finished_runs import Measure, Run
from accounts_requests.pictures import Bar

SVG = "{http://www.w3.org/2000/svg}"


def a_step(
    values: list[int],
    *,
    limit: int | None = 3600,
    measure: Measure = Measure.SECONDS,
    name: str = "Membuat akun",
) -> StepFigures:
    """A step whose runs took so long; what took longer than the limit is late."""
    runs = [
        Run(
            pk=pk,
            case=f"P-2026-{pk:04d}",
            step=3,
            name=name,
            finished_at=dt.datetime(2026, 7, 6, tzinfo=dt.UTC),
            measure=measure,
            value=value,
            limit=limit,
            late=max(0, value - limit) if limit else 0,
            waiting=0,
            worked=0,
        )
        for pk, value in enumerate(values, start=1)
    ]
    return StepFigures(number=3, name=name, measure=measure, runs=runs)


def held(step: StepFigures) -> list[tuple[str, int, int]]:
    """The bars that are not empty: label, on time, late."""
    return [
        (bar.label, bar.on_time, bar.late) for bar in pictures.distribution(step).bars if bar.height
    ]


def drawn(svg: str, kind: str) -> list[ET.Element]:
    """The elements of a class, without the legend's."""
    root = ET.fromstring(svg)  # noqa: S314  our own
    found = [one for one in root.iter() if one.get("class") == kind]
    return [one for one in found if one.get("width") != "9.00"]


def test_a_limit_of_an_hour_lies_on_an_edge_and_belongs_to_what_is_on_time() -> None:
    step = a_step([0, 60, 1800, 3599, 3600, 3601, 7200])
    assert held(step) == [
        ("sampai 10 menit", 2, 0),
        ("lebih dari 20 sampai 30 menit", 1, 0),
        ("lebih dari 50 sampai 60 menit", 2, 0),
        ("lebih dari 60 sampai 70 menit", 0, 1),
        ("lebih dari 110 sampai 120 menit", 0, 1),
    ]


def test_what_took_far_longer_shares_one_last_bar() -> None:
    assert held(a_step([600, 90_000, 500_000]))[-1] == ("lebih dari 180 menit", 0, 2)


def test_days_are_counted_one_by_one() -> None:
    step = a_step([0, 1, 2, 3, 3, 5], limit=3, measure=Measure.DAYS)
    assert held(step) == [
        ("sampai 1 hari", 2, 0),
        ("lebih dari 1 sampai 2 hari", 1, 0),
        ("lebih dari 2 sampai 3 hari", 2, 0),
        ("lebih dari 4 sampai 5 hari", 0, 1),
    ]


@pytest.mark.parametrize("limit", [600, 1800, 3600, 5400, None])
@pytest.mark.parametrize("longest", [0, 59, 3600, 40_000, 4_000_000])
def test_every_run_is_drawn_once(limit: int | None, longest: int) -> None:
    values = [longest * share // 20 for share in range(21)]
    step = a_step(values, limit=limit)
    picture = pictures.distribution(step)
    assert sum(bar.height for bar in picture.bars) == 21
    assert sum(bar.late for bar in picture.bars) == len(step.late)
    assert len(picture.bars) <= 15
    heights = [float(one.get("height", "0")) for one in drawn(picture.svg, "picture-on-time")]
    assert len(heights) == sum(bool(bar.on_time) for bar in picture.bars)
    late = drawn(picture.svg, "picture-late")
    assert len(late) == sum(bool(bar.late) for bar in picture.bars)
    assert max(heights, default=0) <= 120.01


def test_the_limit_is_drawn_where_it_is() -> None:
    picture = pictures.distribution(a_step([600, 7200]))
    (line,) = drawn(picture.svg, "picture-limit")
    bars = len(picture.bars)
    assert float(line.get("x1", "0")) == pytest.approx(30 + 6 * (360 - 38) / bars, abs=0.01)
    texts = [one.text for one in ET.fromstring(picture.svg).iter(f"{SVG}text")]  # noqa: S314  ours
    assert texts.count("batas 60") == 1


def test_a_picture_says_what_it_shows_to_those_who_do_not_see_it() -> None:
    root = ET.fromstring(pictures.distribution(a_step([600, 1200, 7200])).svg)  # noqa: S314  ours
    names = (root.get("aria-labelledby") or "").split()
    said = {one.get("id"): one.text for one in root if one.get("id")}
    assert root.get("role") == "img"
    assert [said[name] for name in names] == [
        "Lama langkah 3 (menit)",
        (
            "Sebaran lama 3 pelaksanaan dalam menit; median 20 menit, terlama 2 jam, "
            "batas waktu 1 jam."
        ),
    ]


def test_on_paper_a_pictures_title_tells_every_bar_that_it_draws() -> None:
    root = ET.fromstring(pictures.distribution(a_step([600, 1200, 7200])).told)  # noqa: S314  ours
    assert root[0].text == (
        "Lama langkah 3 (menit). Sebaran lama 3 pelaksanaan dalam menit; median 20 menit, "
        "terlama 2 jam, batas waktu 1 jam. Rincian: sampai 10 menit 1 pelaksanaan; lebih dari 10 "
        "sampai 20 menit 1 pelaksanaan; lebih dari 110 sampai 120 menit 1 pelaksanaan, 1 di "
        "antaranya melewati batas waktu."
    )


def test_no_text_becomes_markup() -> None:
    hostile = '<script>alert("x")</script>'
    picture = pictures.monthly(a_step([60]), [(hostile, (1, 0))])
    assert "<script" not in picture.svg
    assert "<script" not in picture.told
    assert picture.bars == [Bar(foot=hostile, label=hostile, on_time=1, late=0)]


def test_months_stack_what_was_late_on_what_was_on_time() -> None:
    picture = pictures.monthly(a_step([60]), [("Jan", (3, 1)), ("Feb", (0, 0))])
    (on_time,) = drawn(picture.svg, "picture-on-time")
    (late,) = drawn(picture.svg, "picture-late")
    assert (on_time.get("height"), late.get("height")) == ("90.00", "30.00")
    assert (on_time.get("y"), late.get("y")) == ("66.00", "36.00")
