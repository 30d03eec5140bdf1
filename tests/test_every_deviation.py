"""Every kind of deviation, brought about as people bring it about: the office's own forms are
filled in and sent, and the worker runs between. What is recorded is compared as a whole.

Everything happens on one case of Monday, 6 July 2026, 10.00 WITA.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client, RequestFactory

from accounts_requests import clock, guard_rails, outbox, verifying
from accounts_requests.admin.site import site
from accounts_requests.models import (
    AccountRequest,
    Bounce,
    Deviation,
    DeviationShare,
    LatenessEnd,
    Message,
    Office,
)
from accounts_requests.models.deviation import FOUND_BY
from accounts_requests.outbox import Delivery
from accounts_requests.worker import Worker

from . import cases, link_cases
from .cases import MONDAY, OfficePeople
from .page_forms import form_on
from .reading import html_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

MINUTE = dt.timedelta(minutes=1)
ACCOUNT = "Akun Verifikator/ Helpdesk/Admin Agency LPSE pada aplikasi SPSE"
MAIL = "Email informasi akun Verifikator/ Helpdesk/Admin Agency LPSE"
FILE = "Arsip berkas"
MAY_MATCH = "Data yang dimasukkan pada aplikasi SPSE berdasarkan data dalam Formulir"
UNTIL_11 = "Belum selesai, tenggat Senin, 6 Juli 2026, 11.00 WITA"


class Told(NamedTuple):
    """A deviation as it is on record, each column in words; ``shares`` by user name, in seconds."""

    step: int
    aspect: str
    rule: str
    norm: str
    actual: str
    difference: str
    responsible: str
    shares: tuple[tuple[str, int, int], ...] = ()
    explanation: str = ""


class Presses:
    """The office at its browsers: each press is a form as the page has it, changed and sent."""

    def __init__(self, staff: OfficePeople) -> None:
        self.staff = staff
        self.browsers: dict[str, Client] = {}
        self.answer: Delivery | None = None  # what the mail server says to an account's message

    def browser(self, name: str) -> Client:
        if name not in self.browsers:
            self.browsers[name] = Client()
            self.browsers[name].force_login(getattr(self.staff, name))
        return self.browsers[name]

    def press(
        self, name: str, address: str, *, action: str = "", having: str = "", **typed: Any
    ) -> None:
        """``name`` opens the page, fills in the form and sends it; it must be taken."""
        browser = self.browser(name)
        button = typed.pop("way", "")
        form = form_on(html_of(browser, address), action=action, having=having, button=button)
        fields = {key: value for key, value in (form.fields | typed).items() if value is not None}
        answer = browser.post(form.action or address, fields)
        assert answer.status_code == 302, answer.content.decode()

    def work(self) -> None:
        """The worker does what time and the queues bring."""
        worker = Worker(deliver=self._delivered)
        worker.drain()
        assert worker.failures == 0

    def _delivered(self, message: Message) -> Delivery:
        delivery = outbox.deliver(message)
        return self.answer or delivery if message.account_id else delivery

    # -- the steps --------------------------------------------------------------------------------

    def claimed(self, *, people: int = 1) -> AccountRequest:
        case = cases.ordered(self.staff, people=people)
        self.press("admin1", url("request_detail", case), action=url("claim", case))
        return case

    def outcome(self, case: AccountRequest, position: int, **typed: Any) -> None:
        self.press(
            "admin1",
            url("account_entry", case, position),
            having="reason" if "reason" in typed else "user_id",
            **typed,
        )

    def created(self, case: AccountRequest, position: int = 1, **typed: Any) -> None:
        self.outcome(case, position, **{"way": "created", "matches_form": "on"} | typed)

    def step_ends(self, name: str, page: str, case: AccountRequest, **typed: Any) -> None:
        met = {f"requirement_{key}": "ya" for key in cases.all_met(case)}
        self.press(name, url(page, case), having=next(iter(met)), **met | typed)

    def recorded(self, *, people: int = 1) -> AccountRequest:
        case = self.claimed(people=people)
        for position in range(1, people + 1):
            self.created(case, position)
        self.step_ends("admin1", "accounts", case)
        self.work()
        return case

    def sent(self, *, answer: Delivery | None = None) -> AccountRequest:
        case = self.recorded()
        self.answer = answer
        self.step_ends("admin1", "send", case)
        self.work()
        return case


def passed_while_running(office: Presses) -> AccountRequest:
    case = office.claimed()
    clock.advance(61 * MINUTE)
    office.work()
    return case


def finished_late_by_two(office: Presses) -> AccountRequest:
    case = office.claimed()
    office.created(case)
    clock.advance(80 * MINUTE)
    office.work()
    office.press("admin2", url("take_over", case), having="reason", reason="Rekan sedang sakit")
    clock.advance(10 * MINUTE)
    office.step_ends("admin2", "accounts", case)
    return case


def finished_late_between_two_sweeps(office: Presses) -> AccountRequest:
    case = office.claimed()
    office.created(case)
    clock.advance(61 * MINUTE)
    office.step_ends("admin1", "accounts", case)
    return case


def not_attested(office: Presses) -> AccountRequest:
    case = office.claimed()
    office.created(case)
    unmet = next(iter(cases.all_met(case)))
    office.step_ends(
        "admin1",
        "accounts",
        case,
        **{f"requirement_{unmet}": "tidak", f"explanation_{unmet}": "Data dari surat lain"},
    )
    return case


def entered_otherwise(office: Presses) -> AccountRequest:
    case = office.claimed()
    office.created(
        case, registered_email="lain@contoh.example", matches_form=None, difference="Nama disingkat"
    )
    office.step_ends("admin1", "accounts", case)
    return case


def account_refused(office: Presses) -> AccountRequest:
    case = office.claimed()
    office.outcome(case, 1, way="refused", reason="NIP belum aktif")
    office.step_ends("admin1", "accounts", case)
    return case


def account_postponed(office: Presses) -> AccountRequest:
    case = office.claimed()
    office.outcome(case, 1, way="postponed", reason="Menunggu mutasi")
    office.step_ends("admin1", "accounts", case)
    return case


def message_refused(office: Presses) -> AccountRequest:
    return office.sent(answer=cases.REFUSED)


def message_uncertain(office: Presses) -> AccountRequest:
    return office.sent(answer=cases.LOST)


def message_bounced(office: Presses) -> AccountRequest:
    case = office.sent()
    clock.advance(5 * MINUTE)
    bounced(office, case, "2026-07-06T10:04")
    return case


def bounced(office: Presses, case: AccountRequest, returned_at: str) -> None:
    office.press(
        "admin1",
        url("bounce", case, 1),
        having="returned_at",
        returned_at=returned_at,
        text="550 5.1.1 kotak surat tidak ada",
    )


def handed_over(office: Presses) -> AccountRequest:
    case = office.sent(answer=cases.REFUSED)
    address = url("delivery", case, 1)
    office.press("admin1", address, way="cara-lain", having="note", note="Diantar langsung")
    return case


def not_delivered(office: Presses) -> AccountRequest:
    case = office.sent(answer=cases.REFUSED)
    address = url("delivery", case, 1)
    office.press("admin1", address, way="tidak-dapat", having="reason", reason="Pindah tugas")
    return case


def link_unopened(office: Presses) -> AccountRequest:
    link_cases.choose_links()
    case = office.sent()
    clock.advance(dt.timedelta(hours=Office.current().password_link_hours + 1))
    office.work()
    return case


def archived_without_scans(office: Presses) -> AccountRequest:
    Office.objects.update(missing_scan_is_deviation=True)
    case = office.sent()
    office.step_ends("admin1", "archive_case", case)
    return case


REFUSED = Told(
    4,
    "output",
    "message_not_accepted",
    MAIL,
    "Personel nomor 1: e-mail ditolak",
    "belum terbukti sampai kepada server e-mail penerima",
    "admin1",
)
KINDS: dict[Callable[[Presses], AccountRequest], list[Told]] = {
    passed_while_running: [
        Told(
            3,
            "waktu",
            "limit_passed",
            "60 Menit (dibaca: 60 menit jam kerja)",
            UNTIL_11,
            "masih berjalan",
            "admin1",
        )
    ],
    finished_late_by_two: [
        Told(
            3,
            "waktu",
            "limit_passed",
            "60 Menit (dibaca: 60 menit jam kerja)",
            "Selesai Senin, 6 Juli 2026, 11.30 WITA, tenggat Senin, 6 Juli 2026, 11.00 WITA",
            "terlambat 30 menit",
            "admin1",
            (("admin1", 80 * 60, 20 * 60), ("admin2", 10 * 60, 10 * 60)),
        )
    ],
    finished_late_between_two_sweeps: [
        Told(
            3,
            "waktu",
            "late_finish",
            "60 Menit (dibaca: 60 menit jam kerja)",
            "Selesai Senin, 6 Juli 2026, 11.01 WITA, tenggat Senin, 6 Juli 2026, 11.00 WITA",
            "terlambat 1 menit",
            "admin1",
        )
    ],
    not_attested: [
        Told(
            3,
            "perlengkapan",
            "unmet_requirement",
            "Data yang dimasukkan pada aplikasi SPSE saat pembuatan berdasarkan pada data yang "
            "tercantum dalam Formulir Pembuatan Akun Verifikator/Helpdesk/ Admin Agency LPSE",
            "Tidak terpenuhi menurut pelaksana",
            "kelengkapan tidak terpenuhi",
            "admin1",
            explanation="Data dari surat lain",
        )
    ],
    entered_otherwise: [
        Told(
            3,
            "perlengkapan",
            "data_differ",
            MAY_MATCH,
            "Personel nomor 1: alamat e-mail yang terdaftar di SPSE bukan alamat pada Formulir; "
            "Nama disingkat",
            "2 perbedaan dengan Formulir",
            "admin1",
            explanation="Nama disingkat",
        )
    ],
    account_refused: [
        Told(
            3,
            "output",
            "account_missing",
            ACCOUNT,
            "Personel nomor 1: tidak dapat dibuat",
            "akun tidak ada di SPSE",
            "admin1",
            explanation="NIP belum aktif",
        )
    ],
    account_postponed: [
        Told(
            3,
            "output",
            "account_missing",
            ACCOUNT,
            "Personel nomor 1: ditunda",
            "akun tidak ada di SPSE",
            "admin1",
            explanation="Menunggu mutasi",
        )
    ],
    message_refused: [REFUSED],
    message_uncertain: [REFUSED._replace(actual="Personel nomor 1: e-mail tidak pasti")],
    message_bounced: [
        Told(
            4,
            "output",
            "message_came_back",
            MAIL,
            "Personel nomor 1: e-mail diterima server Senin, 6 Juli 2026, 10.00 WITA, kembali "
            "Senin, 6 Juli 2026, 10.04 WITA",
            "tidak sampai kepada personel",
            "admin1",
        )
    ],
    handed_over: [
        REFUSED,
        Told(
            4,
            "output",
            "handed_over",
            MAIL,
            "Personel nomor 1: diserahkan dengan cara lain",
            "bukan melalui e-mail",
            "admin1",
            explanation="Diantar langsung",
        ),
    ],
    not_delivered: [
        REFUSED,
        Told(
            4,
            "output",
            "not_delivered",
            MAIL,
            "Personel nomor 1: tidak dapat diserahkan",
            "tidak disampaikan kepada personel",
            "admin1",
            explanation="Pindah tugas",
        ),
    ],
    link_unopened: [
        Told(
            4,
            "output",
            "link_not_opened",
            MAIL,
            "Personel nomor 1: tautan password kedaluwarsa tanpa dibuka",
            "password tidak diperoleh personel",
            "admin1",
        )
    ],
    archived_without_scans: [
        Told(
            5,
            "output",
            "scans_missing",
            FILE,
            "Berkas diarsipkan tanpa hasil pindai Formulir personel nomor 1",
            "1 hasil pindai tidak ada",
            "admin1",
        )
    ],
}


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.moved_to(MONDAY):
        yield


def on_record(case: AccountRequest) -> list[Told]:
    """What the case's record says at last, of every step but the mail that came of a link."""
    return [
        Told(
            row.step_run.step.number,
            row.aspect,
            row.rule,
            row.norm,
            row.final_actual,
            row.final_difference,
            row.answerable.username if row.answerable else "",
            tuple((one.person.username, one.seconds, one.after_due) for one in row.shares.all()),
            row.explanation,
        )
        for row in Deviation.objects.filter(request=case).order_by("pk")
    ]


@pytest.mark.parametrize("brought_about", KINDS, ids=lambda kind: kind.__name__)
def test_it_records_itself(
    brought_about: Callable[[Presses], AccountRequest], office_people: OfficePeople
) -> None:
    case = brought_about(Presses(office_people))
    # A link runs for days: the task of archiving is late by then, which is another story.
    assert [row for row in on_record(case) if row.step != 5 or row.aspect != "waktu"] == KINDS[
        brought_about
    ]
    assert verifying.verify().is_whole


def test_every_rule_is_brought_about_here() -> None:
    assert {row.rule for rows in KINDS.values() for row in rows} == set(FOUND_BY)


def test_care_is_a_note_and_no_deviation(office_people: OfficePeople) -> None:
    office = Presses(office_people)
    case = office.claimed()
    office.press("admin1", url("return_to_head", case), having="reason", reason="NIP keliru")
    office.press("kepala", url("order", case), having="order_number")
    office.created(case)
    office.step_ends("admin1", "accounts", case)
    office.work()
    office.step_ends("admin1", "send", case)
    office.work()
    office.step_ends("admin1", "archive_case", case)
    assert on_record(case) == []
    assert list(case.notes.order_by("pk").values_list("text", flat=True)) == [
        "Dikembalikan kepada Kepala LPSE: NIP keliru",
        "Berkas diarsipkan tanpa hasil pindai Formulir personel nomor 1.",
    ]


def refusal(change: Callable[[], object]) -> str:
    """What the database says to it."""
    try:
        with transaction.atomic():
            change()
    except DatabaseError as error:
        return guard_rails.refusal(error)
    return ""


def test_nobody_edits_or_deletes_any_of_it(office_people: OfficePeople) -> None:
    office = Presses(office_people)
    case = finished_late_by_two(office)
    office.work()
    office.press("admin1", url("take_over", case), having="reason", reason="Sudah sehat kembali")
    office.step_ends("admin1", "send", case)
    office.work()
    bounced(office, case, "2026-07-06T11:30")
    for model, name in (
        (Deviation, "penyimpangan"),
        (LatenessEnd, "akhir keterlambatan"),
        (DeviationShare, "bagian penyimpangan"),
        (Bounce, "pesan kembali"),
    ):
        rows = model._default_manager.all()
        changed = f"Catatan dilindungi: {name} hanya boleh ditambah, tidak boleh diubah."
        deleted = f"Catatan dilindungi: {name} tidak boleh dihapus."
        table = model._meta.db_table
        assert [
            refusal(rows.latest("pk").save),
            refusal(partial(rows.update, request=case)),
            refusal(partial(run, "UPDATE {} SET id = id", table)),
            refusal(partial(run, "DELETE FROM {}", table)),
        ] == [changed, changed, changed, deleted]
    admin = site._registry[Deviation]
    request = RequestFactory().get("/")
    request.user = office_people.keeper
    assert [
        admin.has_add_permission(request),
        admin.has_change_permission(request),
        admin.has_delete_permission(request),
    ] == [False, False, False]


def run(statement: str, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(table))
