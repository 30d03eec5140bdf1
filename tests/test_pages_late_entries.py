"""The pages of *pencatatan susulan*, pressed as people press them, up to the paper in the file."""

import datetime as dt
import subprocess
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts_requests import clock, papers, verifying
from accounts_requests.models import AccountRequest, Document, LateEntry, Outage, User
from accounts_requests.states import Act, CaseState, DocumentKind, DocumentState

from . import cases
from .cases import MONDAY, OfficePeople
from .page_forms import form_on
from .query_counts import queries
from .test_gate_matrix import PIXEL
from .test_late_entries import BACK, at, at_ten, proposed, recorded_one_by_one, run

pytestmark = [pytest.mark.django_db]
quick = pytest.mark.usefixtures("quick_papers")

ENTER_QUERIES, DECIDE_QUERIES = 20, 19


def shown(client: Client, user: User, name: str, *args: object) -> str:
    client.force_login(user)
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def scan(name: str = "bukti.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PIXEL, "image/png")


def met(case: AccountRequest) -> dict[str, str]:
    return {f"requirement_{key}": "ya" for key in cases.all_met(case)}


def enter(client: Client, user: User, case: AccountRequest, when: str, **typed: Any) -> Any:
    """Fill in the page as it is shown, and press."""
    page = shown(client, user, "late_entry", case.number)
    form = form_on(page, having="happened_at")
    given = {
        "happened_at": when,
        "late_reason": "Listrik padam sejak pukul 10.15",
        "evidence": scan(),
    }
    sent = form.fields | given | typed
    return client.post(reverse("late_entry", args=[case.number]), sent, follow=True)


def press(client: Client, user: User, entry: LateEntry, verb: str, **typed: str) -> Any:
    page = shown(client, user, "late_entry_decide", entry.request.number, entry.pk)
    address = reverse(f"late_entry_{verb}", args=[entry.request.number, entry.pk])
    form = form_on(page, action=address)
    return client.post(address, form.fields | typed, follow=True)


# -- from the case to the confirmation ------------------------------------------------------------


@quick
def test_step_3_is_proposed_by_its_executor_and_confirmed_by_kepala_lpse(
    client: Client, office_people: OfficePeople
) -> None:
    staff = office_people
    case = at_ten(cases.claimed, staff)
    with clock.moved_to(BACK):
        recorded_one_by_one(case, staff.admin1)
        page = shown(client, staff.admin1, "request_detail", case.number)
        assert reverse("late_entry", args=[case.number]) in page
        answer = enter(client, staff.admin1, case, "2026-07-06T10:40", **met(case))
        assert "Pencatatan susulan diajukan. Kepala LPSE diberi tahu" in answer.content.decode()

        entry = LateEntry.objects.get()
        waiting = shown(client, staff.admin1, "request_detail", case.number)
        assert "menunggu keputusan Kepala LPSE atas pencatatan susulan" in waiting
        assert 'href="' + reverse("accounts", args=[case.number]) + '">Lanjutkan' not in waiting
        assert client.get(reverse("accounts", args=[case.number])).status_code == 409

        desk = shown(client, staff.kepala, "home")
        assert "Pencatatan susulan menunggu keputusan Anda" in desk
        assert reverse("late_entry_decide", args=[case.number, entry.pk]) in desk
        answer = press(client, staff.kepala, entry, "confirm")

    assert answer.redirect_chain == [(reverse("request_detail", args=[case.number]), 302)]
    assert "Pencatatan susulan PS-1 dikonfirmasi" in answer.content.decode()
    assert run(case, 3).finished_at == at(10, 40)
    assert cases.fresh(case).state == CaseState.ACCOUNTS_CREATED
    assert verifying.verify().breaks == []


@quick
def test_what_will_be_recorded_is_told_before_confirming(
    client: Client, office_people: OfficePeople
) -> None:
    staff = office_people
    case = at_ten(cases.claimed, staff)
    with clock.moved_to(BACK):
        recorded_one_by_one(case, staff.admin1)
        entry = proposed(case, staff.admin1)
        page = shown(client, staff.kepala, "late_entry_decide", case.number, entry.pk)

    assert (
        "<li>Langkah 3 selesai Senin, 6 Juli 2026, 10.40 WITA (bukan 14.05); batas Senin, "
        "6 Juli 2026, 11.00 WITA: tepat waktu.</li><li>Langkah 4 dimulai saat itu dan bertenggat "
        "Senin, 6 Juli 2026, 11.10 WITA, yang sudah lewat.</li>"
    ) in page


@quick
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (
            "2026-07-06T11:20",
            [
                (
                    "Langkah 3 selesai Senin, 6 Juli 2026, 11.20 WITA (bukan 14.05); batas Senin, "
                    "6 Juli 2026, 11.00 WITA: terlambat 20 menit."
                ),
                "Keterlambatan itu dicatat sebagai penyimpangan.",
                (
                    "Langkah 4 dimulai saat itu dan bertenggat Senin, 6 Juli 2026, 11.50 WITA, "
                    "yang sudah lewat."
                ),
            ],
        ),
        ("2026-07-06T15:00", ["Waktu kejadian belum tiba; sekarang Senin, 6 Juli 2026, 14.05"]),
        ("kemarin", ["Isi waktu kejadian untuk melihat akibatnya."]),
        ("", ["Isi waktu kejadian untuk melihat akibatnya."]),
    ],
)
def test_the_effect_of_a_time_is_told_while_it_is_typed(
    client: Client, office_people: OfficePeople, typed: str, told: list[str]
) -> None:
    staff = office_people
    case = at_ten(cases.claimed, staff)
    client.force_login(staff.admin1)
    with clock.moved_to(BACK):
        recorded_one_by_one(case, staff.admin1)
        address = reverse("late_entry_effect", args=[case.number])
        part = client.get(address, {"happened_at": typed}).content.decode()

    assert [sentence for sentence in told if sentence not in part] == []
    assert run(case, 3).finished_at is None


@quick
def test_a_task_is_taken_late(client: Client, office_people: OfficePeople) -> None:
    staff = office_people
    case = at_ten(cases.ordered, staff)
    with clock.moved_to(BACK):
        enter(client, staff.admin2, case, "2026-07-06T10:10")
        desk = shown(client, staff.admin1, "home")
        assert "Belum ada pelaksana" not in desk
        assert "menunggu keputusan Kepala LPSE" in desk
        press(client, staff.kepala, LateEntry.objects.get(), "confirm")

    assert cases.fresh(case).assignee == staff.admin2
    assert run(case, 3).claimed_at == at(10, 10)


@quick
def test_a_proposal_is_refused_with_a_note(client: Client, office_people: OfficePeople) -> None:
    staff = office_people
    case = at_ten(cases.ordered, staff)
    with clock.moved_to(BACK):
        entry = _claim_proposed(case, staff)
        silent = press(client, staff.kepala, entry, "refuse", refusal="")
        assert (silent.status_code, silent.redirect_chain) == (200, [])
        assert "Catatan penolakan wajib diisi." in silent.content.decode()
        answer = press(client, staff.kepala, entry, "refuse", refusal="Buku kerja berkata lain")

    assert "Pencatatan susulan PS-1 ditolak." in answer.content.decode()
    assert LateEntry.objects.get().decision_note == "Buku kerja berkata lain"


@quick
def test_kepala_lpse_orders_late(client: Client, office_people: OfficePeople) -> None:
    staff = office_people
    case = at_ten(cases.issued, staff)
    with clock.moved_to(BACK):
        page = shown(client, staff.kepala, "request_detail", case.number)
        assert reverse("late_entry", args=[case.number]) in page
        answer = enter(
            client, staff.kepala, case, "2026-07-06T13:30", order_number="094/7/2026", note="Segera"
        )

    assert "Tindakan Anda dicatat susulan. Kepala Biro diberi tahu." in answer.content.decode()
    ordered = cases.fresh(case)
    assert (ordered.ordered_at, ordered.order_number, ordered.order_note) == (
        at(13, 30),
        "094/7/2026",
        "Segera",
    )


@quick
def test_kepala_lpse_issues_late(client: Client, office_people: OfficePeople) -> None:
    staff = office_people
    case = at_ten(cases.submitted, staff)
    with clock.moved_to(BACK):
        answer = enter(
            client,
            staff.kepala,
            case,
            "2026-07-06T11:00",
            number="000.3/9/2026",
            date="2026-07-06",
            signed_file=scan("sk.png"),
        )

    assert answer.redirect_chain == [(reverse("request_detail", args=[case.number]), 302)]
    issued = cases.fresh(case)
    assert (issued.issued_at, issued.decree_number) == (at(11), "000.3/9/2026")


# -- what was typed stays -------------------------------------------------------------------------


@quick
def test_an_impossible_time_comes_back_beside_its_field_with_everything_typed(
    client: Client, office_people: OfficePeople
) -> None:
    staff = office_people
    case = at_ten(cases.emailed, staff)
    with clock.moved_to(BACK):
        answer = enter(
            client, staff.admin1, case, "2026-07-06T09:00", location="Rak 1", **met(case)
        )

    page = answer.content.decode()
    assert answer.redirect_chain == []
    assert "Waktu kejadian mendahului awal langkah 5, Senin, 6 Juli 2026, 10.00 WITA." in page
    for kept in ('value="2026-07-06T09:00"', 'value="Rak 1"', "Listrik padam sejak pukul 10.15"):
        assert kept in page
    assert not LateEntry.objects.exists()


@quick
def test_while_papers_are_being_prepared_the_sentence_stands_on_the_form(
    client: Client, office_people: OfficePeople
) -> None:
    staff = office_people
    with clock.moved_to(MONDAY):
        case = cases.sent(staff)
        cases.settle(case)
        case = cases.fresh(case)
    with clock.moved_to(BACK):
        answer = enter(
            client, staff.admin1, case, "2026-07-06T10:08", location="Rak 1", **met(case)
        )

    page = answer.content.decode()
    assert (answer.status_code, answer.redirect_chain) == (200, [])
    assert "1 dokumen masih disiapkan. Tunggu sebentar, lalu ulangi" in page
    assert 'value="Rak 1"' in page
    assert not LateEntry.objects.exists()


@quick
@pytest.mark.parametrize("typed", ["0020-07-06T10:40", "9999-12-31T23:59", "2026-07-06T99:99"])
def test_a_time_that_nobody_means_is_answered_in_words(
    client: Client, office_people: OfficePeople, typed: str
) -> None:
    staff = office_people
    case = at_ten(cases.ordered, staff)
    with clock.moved_to(BACK):
        answer = enter(client, staff.admin1, case, typed)
        part = client.get(reverse("late_entry_effect", args=[case.number]), {"happened_at": typed})
        client.force_login(staff.kepala)
        far = client.get(f"/permohonan/{case.number}/susulan/{'9' * 30}/")

    assert (answer.status_code, part.status_code, far.status_code) == (200, 200, 404)
    assert 'class="error-summary"' in answer.content.decode()
    assert not LateEntry.objects.exists()


@quick
def test_only_outages_of_the_running_step_are_offered(
    client: Client, office_people: OfficePeople
) -> None:
    staff = office_people
    case = at_ten(cases.ordered, staff)
    for name, since, until in (
        (Outage.Subject.MAIL, at(8), at(9)),
        (Outage.Subject.POWER, at(10, 15), at(13, 50)),
        (Outage.Subject.NETWORK, at(9), None),
    ):
        Outage.objects.create(
            subject=name,
            source=Outage.Source.DECLARED,
            since=since,
            until=until,
            recorded_at=BACK,
        )
    with clock.moved_to(BACK):
        page = shown(client, staff.admin1, "late_entry", case.number)
        power = Outage.objects.get(subject=Outage.Subject.POWER)
        early = enter(client, staff.admin1, case, "2026-07-06T10:10", outage=power.pk)
        enter(client, staff.admin1, case, "2026-07-06T10:20", outage=power.pk)

    assert [name for name in ("Listrik", "Jaringan kantor", "Server e-mail") if name in page] == [
        "Listrik",
        "Jaringan kantor",
    ]
    assert "Gangguan yang dipilih tidak berlangsung pada waktu kejadian." in early.content.decode()
    assert LateEntry.objects.get().outage == power


# -- who, when not, and how often the database is asked -------------------------------------------


@quick
def test_others_meet_a_sentence(client: Client, office_people: OfficePeople) -> None:
    staff = office_people
    case = at_ten(cases.ordered, staff)
    with clock.moved_to(BACK):
        entry = _claim_proposed(case, staff)
        seen = {
            name: [_status(client, user, name, case, entry) for user in _readers(staff)]
            for name in ("late_entry", "late_entry_effect", "late_entry_decide")
        }

    # Kepala LPSE, Penyusun Konsep, two Admin PPE (one waits already), Kepala Biro.
    assert seen == {
        "late_entry": [403, 403, 409, 409, 403],
        "late_entry_effect": [403, 403, 409, 409, 403],
        "late_entry_decide": [200, 403, 403, 403, 403],
    }


@quick
def test_a_late_entry_of_another_case_is_not_found(
    client: Client, office_people: OfficePeople
) -> None:
    staff = office_people
    with clock.moved_to(MONDAY):
        case, other = (cases.ordered(staff, number=f"000.3/{n}/2026") for n in (1, 2))
    with clock.moved_to(BACK):
        entry = _claim_proposed(other, staff)
        client.force_login(staff.kepala)
        address = reverse("late_entry_confirm", args=[case.number, entry.pk])

        assert client.post(address).status_code == 404
    assert LateEntry.objects.get().state == LateEntry.State.PROPOSED


@quick
def test_who_decides_second_is_told_kindly(client: Client, office_people: OfficePeople) -> None:
    staff = office_people
    case = at_ten(cases.ordered, staff)
    with clock.moved_to(BACK):
        entry = _claim_proposed(case, staff)
        press(client, staff.kepala, entry, "confirm")
        address = reverse("late_entry_confirm", args=[case.number, entry.pk])
        second = client.post(address)
        page = shown(client, staff.kepala, "late_entry_decide", case.number, entry.pk)

    assert second.status_code == 409
    assert "Keputusan atas usulan ini telah diselesaikan oleh Anda sendiri" in (
        second.content.decode()
    )
    assert "Usulan ini sudah diputuskan." in page
    assert "Konfirmasi</button>" not in page


@quick
@pytest.mark.parametrize("people", [1, 3])
def test_the_pages_cost_the_same_for_one_person_as_for_three(
    client: Client, office_people: OfficePeople, people: int
) -> None:
    staff = office_people
    with clock.moved_to(MONDAY):
        case = cases.emailed(staff, people=people)
    client.force_login(staff.admin1)
    with clock.moved_to(BACK):
        with queries() as entering:
            client.get(reverse("late_entry", args=[case.number]))
        enter(client, staff.admin1, case, "2026-07-06T10:08", **met(case))
        client.force_login(staff.kepala)
        entry = LateEntry.objects.get()
        with queries() as deciding:
            client.get(reverse("late_entry_decide", args=[case.number, entry.pk]))

    assert (len(entering), len(deciding)) == (ENTER_QUERIES, DECIDE_QUERIES)


# -- what the archive keeps -----------------------------------------------------------------------


def text_of(document: Document) -> str:
    command = ["pdftotext", "-raw", "-", "-"]
    done = subprocess.run(command, input=papers.read(document), capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def test_control_sheet_and_list_of_contents_tell_of_the_late_entry(
    client: Client, office_people: OfficePeople
) -> None:
    staff = office_people
    case = at_ten(cases.emailed, staff)
    with clock.moved_to(BACK):
        enter(client, staff.admin1, case, "2026-07-06T10:08", location="Rak 1", **met(case))
        press(client, staff.kepala, LateEntry.objects.get(), "confirm")
        cases.render_papers(case)
        archived = cases.fresh(case)
        page = shown(client, staff.inspector, "request_detail", case.number)

    assert (archived.state, archived.archived_at) == (CaseState.ARCHIVED, at(10, 8))
    sheet = text_of(case.documents.get(kind=DocumentKind.CONTROL_SHEET))
    assert "Sesuai mutu baku" in sheet
    assert "Pencatatan susulan (bukan penyimpangan)" in sheet
    for told in ("PS-1", "Senin, 6 Juli 2026, 10.08", "Senin, 6 Juli 2026, 14.05"):
        assert told in sheet, told
    assert "Listrik padam sejak pukul 10.15" in sheet
    assert "Dikonfirmasi: Kepala Contoh" in sheet
    file = text_of(case.documents.get(kind=DocumentKind.ARCHIVE_FILE))
    assert "Bukti pencatatan susulan PS-1" in file
    evidence = case.documents.get(kind=DocumentKind.LATE_EVIDENCE)
    assert (evidence.state, papers.read(evidence)) == (DocumentState.STORED, PIXEL)
    assert evidence.sha256[:16] in file.replace(" ", "")
    for told in ("Sesuai mutu baku", "Pencatatan susulan", "PS-1", "dicatat susulan Senin"):
        assert told in page, told
    assert verifying.verify().breaks == []


def test_a_late_order_says_on_paper_when_it_was_given_and_when_approved_here(
    client: Client, office_people: OfficePeople
) -> None:
    staff = office_people
    with clock.moved_to(MONDAY - dt.timedelta(days=3)):  # Friday
        case = cases.issued(staff)
    with clock.moved_to(BACK):
        enter(client, staff.kepala, case, "2026-07-03T10:30", order_number="094/7/2026")
        cases.render_papers(case)

    order = case.documents.get(kind=DocumentKind.ORDER)
    text = text_of(order)
    assert order.dated == dt.date(2026, 7, 3)
    assert "3 Juli 2026" in text
    assert (
        "Disetujui di dalam aplikasi pada Senin, 6 Juli 2026, 14.05 WITA (pencatatan susulan; "
        "perintah diberikan Jumat, 3 Juli 2026, 10.30 WITA)."
    ) in text


# -- helpers --------------------------------------------------------------------------------------


def _claim_proposed(case: AccountRequest, staff: OfficePeople) -> LateEntry:
    return proposed(case, staff.admin1, Act.CLAIM, at(10, 10))


def _readers(staff: OfficePeople) -> list[User]:
    return [staff.kepala, staff.drafter, staff.admin1, staff.admin2, staff.biro]


def _status(client: Client, user: User, name: str, case: AccountRequest, entry: LateEntry) -> int:
    client.force_login(user)
    args = [case.number, entry.pk] if name == "late_entry_decide" else [case.number]
    return client.get(reverse(name, args=args)).status_code
