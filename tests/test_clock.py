"""The one place that knows what time it is."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from pytest_django import Settings

from accounts_requests import clock

NOON = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)  # 12.00 WITA
WITA = ZoneInfo("Asia/Makassar")


def test_now_is_the_machines_time_in_utc() -> None:
    with time_machine.travel(NOON, tick=False):
        assert clock.now() == NOON
        assert clock.now().tzinfo is UTC


def test_the_offices_day_begins_eight_hours_before_the_utc_day() -> None:
    with clock.moved_to(datetime(2026, 3, 12, 15, 59, 59, tzinfo=UTC)):
        assert clock.today() == date(2026, 3, 12)
    with clock.moved_to(datetime(2026, 3, 12, 16, 0, tzinfo=UTC)):
        assert clock.today() == date(2026, 3, 13)


def test_an_instant_of_another_zone_is_told_in_utc() -> None:
    with clock.moved_to(datetime(2026, 3, 12, 12, 0, tzinfo=WITA)):
        assert clock.now() == NOON
        assert clock.now().tzinfo is UTC


def test_moved_clocks_nest_and_return() -> None:
    with time_machine.travel(NOON, tick=False):
        with clock.moved_to(NOON + timedelta(days=1)):
            with clock.moved_to(NOON - timedelta(days=1)):
                assert clock.now() == NOON - timedelta(days=1)
            assert clock.now() == NOON + timedelta(days=1)
        assert clock.now() == NOON


def test_a_moved_clock_stands_still_until_it_is_advanced() -> None:
    with clock.moved_to(NOON):
        assert clock.now() == clock.now() == NOON
        assert clock.advance(timedelta(minutes=61)) == NOON + timedelta(minutes=61)
        assert clock.now() == NOON + timedelta(minutes=61)


def test_the_clock_never_goes_backwards_and_never_advances_by_itself() -> None:
    with clock.moved_to(NOON), pytest.raises(ValueError, match="forward only"):
        clock.advance(timedelta(seconds=-1))
    with pytest.raises(RuntimeError, match="surrounding moved_to"):
        clock.advance(timedelta(seconds=1))


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"), clock.moved_to(datetime(2026, 3, 12, 12)):
        pass


def test_a_moved_demo_moves_every_process() -> None:
    clock.set_shared_offset(timedelta(days=3, minutes=5))
    with time_machine.travel(NOON, tick=False):
        assert clock.now() == NOON + timedelta(days=3, minutes=5)
    other = subprocess.run(
        [
            sys.executable,
            "-c",
            "from accounts_requests import clock; print(clock.shared_offset().total_seconds())",
        ],
        env={**_environment(), "DJANGO_SETTINGS_MODULE": "sopregistry.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout == "259500.0\n"


def test_a_second_move_is_seen_at_once() -> None:
    clock.set_shared_offset(timedelta(hours=1))
    assert clock.shared_offset() == timedelta(hours=1)
    clock.set_shared_offset(timedelta(hours=2))
    assert clock.shared_offset() == timedelta(hours=2)


def test_production_ignores_and_refuses_a_moved_clock(settings: Settings) -> None:
    clock.set_shared_offset(timedelta(days=1))
    settings.CLOCK_MAY_MOVE = False
    with time_machine.travel(NOON, tick=False):
        assert clock.now() == NOON
    with pytest.raises(RuntimeError, match="cannot be moved"):
        clock.set_shared_offset(timedelta(days=2))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"offset_seconds": "3"}', "3"])
def test_a_broken_clock_file_is_named(settings: Settings, content: str) -> None:
    settings.CLOCK_FILE.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r"clock\.json does not hold an offset"):
        clock.now()


def _environment() -> dict[str, str]:
    import os

    return dict(os.environ)
