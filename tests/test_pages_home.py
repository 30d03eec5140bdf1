"""Beranda: what needs whom now, for each role."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts_requests import clock, outbox, papers, work_queues, workflow
from accounts_requests.models import AuditEntry, Document, User, WorkerHeartbeat
from accounts_requests.outbox import Delivery
from accounts_requests.states import Act, DocumentState, SigningMethod, SmtpStage

from . import cases
from .cases import MONDAY, OfficePeople
from .page_forms import form_on
from .query_counts import queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

QUERIES = {"admin1": 17, "kepala": 22, "keeper": 21, "biro": 22, "inspector": 22}


def home(client: Client, user: User) -> str:
    client.force_login(user)
    response = client.get(reverse("home"))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def tasks(html: str) -> list[tuple[str, str]]:
    """Name and reference of each task line, in order."""
    return re.findall(
        r'<div class="task-name">([^<]*?) ?(?:<span.*?)?</div> <div class="task-line">'
        r'<a href="[^"]*">([^<]*)</a>',
        html,
    )


def test_admin_ppe_sees_late_tasks_first_and_unclaimed_ones_to_take(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        cases.claimed(office_people, number="000.3/1/X")
        clock.advance(dt.timedelta(minutes=70))
        cases.recorded(office_people, number="000.3/2/X")
        cases.ordered(office_people, number="000.3/3/X")
        html = home(client, office_people.admin1)

    assert tasks(html) == [
        ("Buat akun", "000.3/1/X"),
        ("Kirim e-mail", "000.3/2/X"),
        ("Buat akun", "000.3/3/X"),
    ]
    assert "terlambat 10 menit" in html
    assert html.index("Belum ada pelaksana") < html.index("000.3/3/X")
    assert '<button class="btn btn-primary" type="submit">Ambil tugas</button>' in html


def test_what_a_colleague_holds_waits_for_others(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        cases.claimed(office_people)
        html = home(client, office_people.admin2)

    assert tasks(html) == []
    assert "Tidak ada yang menunggu tindakan Anda" in html
    assert "Menunggu orang lain" in html
    assert "Admin Contoh Satu (Admin PPE)" in html


def test_what_was_finished_today_is_listed_and_forgotten_tomorrow(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        cases.recorded(office_people)
        today = home(client, office_people.admin1)
        clock.advance(dt.timedelta(days=1))
        tomorrow = home(client, office_people.admin1)

    assert 'Selesai hari ini <span class="faint">(1)</span>' in today
    assert "Selesai hari ini" not in tomorrow


def test_kepala_lpse_finds_what_was_returned_on_top(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        cases.issued(office_people, number="000.3/1/X")
        returned = cases.claimed(office_people, number="000.3/2/X")
        workflow.return_to_head(returned, actor=office_people.admin1, reason="NIP keliru")
        html = home(client, office_people.kepala)

    assert tasks(html) == [
        ("Perbaiki, lalu perintahkan kembali", "000.3/2/X"),
        ("Perintahkan Admin PPE", "000.3/1/X"),
    ]
    assert "Alasan: NIP keliru" in html


def test_a_draft_is_the_drafters_until_the_signature(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.submitted(office_people)
        assert tasks(home(client, office_people.drafter)) == [("Selesaikan paraf", case.number)]
        workflow.complete_stage(case, actor=office_people.drafter)
        assert tasks(home(client, office_people.drafter)) == [("Catat nomor SK", case.number)]
        workflow.complete_stage(case, actor=office_people.drafter)
        assert tasks(home(client, office_people.drafter)) == []
        assert tasks(home(client, office_people.kepala)) == [("Terbitkan SK", case.number)]


def test_while_the_mail_server_has_not_answered_nobody_is_asked_to_act(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.sent(office_people)
        waiting = home(client, office_people.admin1)
        cases.settle(case, lambda _message: cases.REFUSED)
        failed = home(client, office_people.admin1)

    assert tasks(waiting) == []
    assert "server e-mail" in waiting
    assert tasks(failed) == [("Selesaikan pengiriman e-mail", case.reference)]


def test_the_office_at_a_glance(office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        cases.archived(office_people, people=2, refused=1, number="000.3/1/X")
        cases.claimed(office_people, number="000.3/2/X")
        clock.advance(dt.timedelta(minutes=61))

        assert work_queues.glance(clock.now()) == work_queues.Glance(
            open=1,
            overdue=1,
            archived_this_week=1,
            archived_this_month=1,
            unanswered_deviations=1,
        )
        clock.advance(dt.timedelta(days=7))
        assert work_queues.glance(clock.now()).archived_this_week == 0
        assert work_queues.glance(clock.now()).archived_this_month == 1


@pytest.mark.parametrize("reader", ["biro", "inspector"])
def test_superiors_read_the_state_of_the_office_without_buttons(
    client: Client, office_people: OfficePeople, reader: str
) -> None:
    with clock.moved_to(MONDAY):
        cases.ordered(office_people)
        html = home(client, getattr(office_people, reader))

    assert "<h1>Keadaan kantor</h1>" in html
    assert "langkah melewati tenggat" in html
    assert tasks(html) == []
    assert "btn-primary" not in html


def test_the_keeper_sees_the_engine_and_a_calendar_that_ends(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        cases.sent(office_people)
        WorkerHeartbeat.objects.create(
            name="pekerja-1", started_at=MONDAY, beat_at=MONDAY, swept_at=MONDAY
        )
        html = home(client, office_people.keeper)
        state = work_queues.engine(clock.now())
    assert state.calendar_ends is not None
    with clock.moved_to(dt.datetime.combine(state.calendar_ends, dt.time(), dt.UTC)):
        near = home(client, office_people.keeper)

    assert "pekerja-1: detak terakhir Senin, 6 Juli 2026, 10.00 WITA" in html
    assert "e-mail belum dijawab server" in html
    assert "Segera berakhir" not in html
    assert "Segera berakhir" in near


def test_the_keeper_reads_how_far_mail_came_and_when_it_is_tried_again(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        cases.sent(office_people, people=1)
        message = outbox.claim_next("uji", clock.now())
        assert message is not None
        away = Delivery("retry", SmtpStage.CONNECT, None, "450 <personel001@contoh.example> sibuk")
        outbox.retry_later(message, away, at=clock.now())
        html = " ".join(home(client, office_people.keeper).split())

    assert "yang tertua diantrekan Senin, 6 Juli 2026, 10.00 WITA" in html
    assert (
        "Percobaan terakhir terhenti pada tahap: menghubungi server; dicoba lagi Senin, 6 Juli "
        "2026, 10.01 WITA"
    ) in html
    assert "personel001" not in html


def papers_given_up(staff: OfficePeople) -> None:
    """The papers of a draft at paraf, three of them, could not be made."""
    case = cases.draft(staff)
    workflow.submit_for_initials(case, actor=staff.drafter, signing_method=SigningMethod.IN_APP)
    Document.objects.filter(request=case).update(
        state=DocumentState.FAILED, attempts=papers.MAX_ATTEMPTS, next_attempt_at=None
    )


def test_the_keeper_hands_papers_that_were_given_up_to_the_worker_again(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        whole = home(client, office_people.keeper)
        papers_given_up(office_people)
        given_up = home(client, office_people.keeper)
        form = form_on(given_up, action=reverse("retry_papers"))
        said = client.post(form.action, form.fields, follow=True).content.decode()
        again = client.post(form.action, form.fields, follow=True).content.decode()

    assert "Siapkan kembali" not in whole
    assert "3 gagal disiapkan" in given_up
    assert "3 dokumen diserahkan kembali dan sedang disiapkan." in said
    assert "Tidak ada lagi dokumen yang gagal disiapkan." in again
    entries = AuditEntry.objects.filter(act=Act.SETTINGS)
    assert [(entry.actor, entry.actor_role, entry.summary) for entry in entries] == [
        (
            office_people.keeper,
            "Pengelola Aplikasi",
            "3 dokumen yang gagal disiapkan diserahkan kembali kepada pekerja.",
        )
    ]


def test_nobody_else_hands_papers_to_the_worker(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        papers_given_up(office_people)
        client.force_login(office_people.kepala)
        answer = client.post(reverse("retry_papers"))

    assert answer.status_code == 403
    assert Document.objects.filter(state=DocumentState.FAILED).count() == 3


def test_a_newcomer_is_told_why_the_page_is_empty(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        admin = home(client, office_people.admin1)
        drafter = home(client, office_people.drafter)
        nobody = home(client, office_people.nobody)

    assert "begitu Kepala LPSE memerintahkan pembuatan akun" in admin
    assert "SK berikutnya dimulai dengan permohonan baru" in drafter
    assert "Anda belum memegang peran yang berlaku hari ini" in nobody


@pytest.mark.parametrize("reader", QUERIES)
@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_case_as_for_three(
    client: Client, office_people: OfficePeople, rows: int, reader: str
) -> None:
    with clock.moved_to(MONDAY):
        for number in range(rows):
            cases.claimed(office_people, number=f"000.3/{number}/X")
        client.force_login(getattr(office_people, reader))
        with queries() as counted:
            client.get(reverse("home"))

    assert len(counted) == QUERIES[reader], counted
