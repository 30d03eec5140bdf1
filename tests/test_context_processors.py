"""The frame of every page: whose office, whose menu, and whether the clock is alive."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import ResolverMatch

from accounts_requests import clock
from accounts_requests.context_processors import ClockStatus, clock_status, frame
from accounts_requests.models import Appointment, User, WorkerHeartbeat
from accounts_requests.roles import Role

NOW = dt.datetime(2026, 3, 12, 1, 30, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


def seen_by(*roles: Role, url_name: str = "home") -> dict[str, object]:
    user = User.objects.create(username="siti", full_name="Siti Contoh")
    for role in roles:
        Appointment.objects.create(person=user, role=role, since=dt.date(2026, 1, 1))
    request = RequestFactory().get("/")
    request.user = user
    request.resolver_match = ResolverMatch(frame, (), {}, url_name=url_name)
    return frame(request)


def labels(context: dict[str, object]) -> list[str]:
    nav = context["nav"]
    return [item.label for item in nav]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("role", "menu"),
    [
        (Role.PENYUSUN_KONSEP, "Permohonan baru, Penyimpangan, Arsip, SOP, Kalender, Gangguan"),
        (
            Role.KEPALA_LPSE,
            "Permohonan baru, Penyimpangan, Arsip, Laporan, SOP, Kalender, Gangguan",
        ),
        (Role.ADMIN_PPE, "Penyimpangan, Arsip, SOP, Kalender, Gangguan"),
        (Role.INSPEKTORAT, "Penyimpangan, Arsip, Laporan, SOP, Kalender, Gangguan"),
    ],
)
def test_each_finds_in_the_menu_what_is_theirs(role: Role, menu: str) -> None:
    with clock.moved_to(NOW):
        assert ", ".join(labels(seen_by(role))) == f"Beranda, Permohonan, {menu}"


@pytest.mark.parametrize(
    ("url_name", "label"),
    [
        ("archive", "Arsip"),
        ("deviation_detail", "Penyimpangan"),
        ("request_detail", "Permohonan"),
        ("request_list", "Permohonan"),
        ("calendar_month", "Kalender"),
        ("report_step", "Laporan"),
    ],
)
def test_the_menu_knows_where_the_reader_is(url_name: str, label: str) -> None:
    with clock.moved_to(NOW):
        nav = seen_by(Role.INSPEKTORAT, url_name=url_name)["nav"]
        active = [item.label for item in nav if item.active]  # type: ignore[attr-defined]

    assert active == [label]


def test_the_roles_stand_beside_the_name_in_a_fixed_order() -> None:
    with clock.moved_to(NOW):
        context = seen_by(Role.ADMIN_PPE, Role.PENYUSUN_KONSEP)
        assert list(context["role_labels"]) == [  # type: ignore[call-overload]
            "Penyusun Konsep",
            "Admin PPE",
        ]


def test_somebody_who_is_not_signed_in_gets_no_menu_and_costs_no_query(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()

    with django_assert_num_queries(0):  # type: ignore[operator]
        context = frame(request)

    assert (context["nav"], context["role_labels"], context["clock_status"]) == ((), (), None)


@pytest.mark.parametrize(
    ("age", "status"),
    [
        (
            dt.timedelta(seconds=12),
            ClockStatus(True, "Penghitungan tenggat aktif · diperiksa 12 detik lalu"),
        ),
        (
            dt.timedelta(minutes=2),
            ClockStatus(True, "Penghitungan tenggat aktif · diperiksa 2 menit lalu"),
        ),
        (
            dt.timedelta(minutes=2, seconds=1),
            ClockStatus(False, "Penghitungan tenggat berhenti · diperiksa 2 menit lalu"),
        ),
        (
            dt.timedelta(hours=25),
            ClockStatus(False, "Penghitungan tenggat berhenti · diperiksa 1 hari lalu"),
        ),
    ],
)
def test_the_clock_is_alive_while_the_last_sweep_is_fresh(
    age: dt.timedelta, status: ClockStatus
) -> None:
    WorkerHeartbeat.objects.create(
        name="satu", started_at=NOW, beat_at=NOW, swept_at=NOW - age - dt.timedelta(days=1)
    )
    WorkerHeartbeat.objects.create(name="dua", started_at=NOW, beat_at=NOW, swept_at=NOW - age)

    with clock.moved_to(NOW):
        assert clock_status() == status


def test_a_clock_that_never_swept_is_not_alive() -> None:
    assert clock_status() == ClockStatus(False, "Penghitungan tenggat belum berjalan")


@pytest.mark.parametrize("role", list(Role))
def test_those_who_answer_for_the_clock_read_of_workers_and_mail_as_well(role: Role) -> None:
    WorkerHeartbeat.objects.create(name="satu", started_at=NOW, beat_at=NOW, swept_at=NOW)
    watches = role in {Role.KEPALA_LPSE, Role.ADMIN_PPE, Role.PENGELOLA_APLIKASI}

    with clock.moved_to(NOW):
        status = clock_status(frozenset({role}))

    assert status.details == ("1 pekerja · tidak ada e-mail tertunda" if watches else "")
