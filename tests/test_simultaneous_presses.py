"""Over two hundred times two people, or one person twice, press one button at the same moment.

Each pair is two processes of the operating system with their own connections. One press succeeds,
the other gets a kind answer; nobody sees an error page; the trail tells of one act.
"""

import base64
import dataclasses
import datetime as dt
import io
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts_requests import clock, credentials, staged_uploads, verifying, workflow
from accounts_requests.models import AccountRequest, AuditEntry, Message, User
from accounts_requests.roles import Role
from accounts_requests.states import Act, CaseState, MessageKind
from accounts_requests.uploads import XLSX, Upload

from . import cases, processes
from .cases import OfficePeople
from .page_forms import form_on
from .processes import Told
from .test_pages_people import filled, row

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("quick_papers"),
]

WALKS = 8
PRESSES_A_WALK = 27
TOO_LATE = re.compile(
    r"telah (diselesaikan|diambil|dilampirkan) oleh|sudah (dihapus dari konsep|dilepas)"
    r"|sudah tercantum dengan jenis akun yang sama|Daftar personel sudah berubah sejak"
)
"""How the answers to second presses begin, or say it."""


@dataclass(frozen=True)
class Answer:
    """What one of the two got."""

    status: int
    location: str
    page: str

    @property
    def succeeded(self) -> bool:
        return self.status == 302 and not self.location.startswith("/masuk/")

    @property
    def is_kind(self) -> bool:
        """A page in words that says who was first, or what stands against it."""
        return self.status in {200, 409} and TOO_LATE.search(self.page) is not None


class Pair:
    """Two processes that press when they are told."""

    def __init__(self, one: Told, other: Told) -> None:
        self.processes = (one, other)
        self.pressed = 0

    def press(
        self,
        act: Act,
        people: tuple[User, User],
        page: str,
        *,
        choose: dict[str, str],
        typed: dict[str, Any],
        file: tuple[str, str, bytes] | None = None,
    ) -> None:
        """Both press at once (``both``): one press counts, the other gets a kind answer."""
        before = AuditEntry.objects.filter(act=act).count()
        answers = self.both(act, people, page, choose=choose, typed=typed, file=file)
        told = [(answer.status, answer.location) for answer in answers]
        successes = [answer.succeeded for answer in answers]
        assert sorted(successes) == [False, True], (act, told)
        late = answers[successes.index(False)]
        is_kind = late.is_kind
        assert is_kind, (act, told, _words(late.page))
        assert AuditEntry.objects.filter(act=act).count() == before + 1, act

    def both(
        self,
        act: Act,
        people: tuple[User, User],
        page: str,
        *,
        choose: dict[str, str],
        typed: dict[str, Any],
        file: tuple[str, str, bytes] | None = None,
    ) -> list[Answer]:
        """Both open ``page``, fill in the form that ``choose`` picks, and press at once."""
        for person, process in zip(people, self.processes, strict=True):
            browser = Client()
            browser.force_login(person)
            shown = browser.get(page)
            assert shown.status_code == 200, (act, page, shown.status_code)
            form = form_on(shown.content.decode(), **choose)
            order = {
                "user": person.pk,
                "path": form.action or page,
                "fields": form.fields | typed,
                "file": [file[0], file[1], base64.b64encode(file[2]).decode()] if file else None,
            }
            assert process.ask(json.dumps(order)) == "ready"
        for process in self.processes:
            process.tell("now")
        self.pressed += 1
        return [Answer(**json.loads(process.hear())) for process in self.processes]


def _words(page: str) -> str:
    """What a page has to say, for the message of a failing test."""
    said = re.search(r'class="(?:error-summary|alone).*', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", said[0] if said else page).split())[:400]


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with (
        processes.told("tests.presser", tmp_path / "one.log") as one,
        processes.told("tests.presser", tmp_path / "other.log") as other,
    ):
        yield Pair(one, other)


@pytest.fixture
def monday_for_every_process() -> None:
    clock.set_shared_offset(cases.MONDAY - dt.datetime.now(dt.UTC))


@dataclass
class Walk:
    """One case, pressed by two through everything that can be pressed."""

    number: int
    staff: OfficePeople
    drafter2: User
    admin3: User
    pair: Pair
    chance: random.Random

    def __post_init__(self) -> None:
        self.case = AccountRequest()
        self.first = self.number * 10

    def url(self, name: str, *more: object) -> str:
        return reverse(name, args=[self.case.number, *more])

    def two(self, one: User, other: User) -> tuple[User, User]:
        """Two people, or one of them twice."""
        return self.chance.choice([(one, other), (other, one), (one, one), (other, other)])

    def press(
        self,
        act: Act,
        people: tuple[User, User],
        page: str,
        *,
        having: str = "",
        action: str = "",
        button: str = "",
        **typed: str,
    ) -> None:
        """``page`` is an address, with "#field" behind it where a picture goes with the form."""
        choose = {"having": having, "action": action, "button": button}
        address, _, field = page.partition("#")
        file = (field, "pindai.png", picture()) if field else None
        self.pair.press(act, people, address, choose=choose, typed=typed, file=file)
        if self.case.pk is not None:
            self.case = cases.fresh(self.case)

    def go(self) -> None:
        """All the way, from a new form to the archive."""
        self.draft()
        self.scans()
        self.stages()
        self.decisions()
        self.execution()
        self.delivery()

    def draft(self) -> None:
        drafters = self.two(self.staff.drafter, self.drafter2)
        one = drafters[0]
        subject = f"Akun nomor {self.number}"
        self.create(one, subject)
        person = typed_person(self.first)
        self.press(
            Act.ADD_REGISTRANT, drafters, self.url("person_add"), having="full_name", **person
        )
        workflow.add_registrant(self.case, actor=one, person=cases.person(self.first + 1))
        staged_uploads.stage(
            self.case,
            owner=one,
            purpose=staged_uploads.PEOPLE,
            upload=Upload(file_name="personel.xlsx", data=filled(row(self.first + 2))),
            media_type=XLSX,
        )
        self.press(
            Act.IMPORT_REGISTRANTS,
            (one, one),
            self.url("people_upload"),
            action=self.url("people_import"),
            cara="tambah",
        )
        self.press(
            Act.EDIT_REGISTRANT,
            drafters,
            self.url("person_edit", 1),
            having="full_name",
            position="Analis Pengadaan",
        )
        self.press(
            Act.REMOVE_REGISTRANT,
            drafters,
            self.url("people"),
            action=self.url("person_remove", 3),
        )
        self.press(
            Act.EDIT, drafters, self.url("draft_edit"), having="subject", subject=f"{subject} baru"
        )

    def create(self, person: User, subject: str) -> None:
        """One form, sent twice: the second browser sends what the first one was shown."""
        browser = Client()
        browser.force_login(person)
        form = form_on(browser.get(reverse("request_new")).content.decode(), having="subject")
        self.press(
            Act.CREATE,
            (person, person),
            reverse("request_new"),
            having="subject",
            form_key=form.fields["form_key"],
            subject=subject,
            valid_until="2027-06-30",
        )
        self.case = AccountRequest.objects.get(subject=subject)

    def scans(self) -> None:
        people = self.two(self.staff.drafter, self.drafter2)
        self.press(
            Act.ATTACH,
            people,
            f"{self.url('attachments')}#file",
            having="title",
            title="Surat pengantar",
        )
        scan = self.case.documents.get(kind="scan")
        self.press(
            Act.DETACH,
            people,
            self.url("attachments"),
            action=self.url("attachment_remove", scan.public_id),
        )

    def stages(self) -> None:
        people = self.two(self.staff.drafter, self.drafter2)
        self.submit(people)
        self.press(
            Act.UNLOCK, people, self.url("unlock"), having="reason", reason="NIP nomor 2 keliru"
        )
        self.submit(people)
        cases.render_papers(self.case)
        self.press(Act.ADVANCE_STAGE, people, self.url("stage_complete"), having="note")
        number = f"000.3/{self.number}/B.PBJ-II/2026"
        self.press(
            Act.SET_NUMBER, people, self.url("decree_number"), having="number", number=number
        )

    def submit(self, people: tuple[User, User]) -> None:
        self.press(
            Act.SUBMIT_FOR_INITIALS,
            people,
            self.url("submit_for_initials"),
            having="signing_method",
            signing_method="in_app",
        )

    def decisions(self) -> None:
        head = self.staff.kepala
        self.press(
            Act.ISSUE_DECREE,
            (head, head),
            self.url("issue"),
            having="number",
            date=clock.today().isoformat(),
            password=cases.PASSWORD,
        )
        self.order()

    def order(self) -> None:
        head = self.staff.kepala
        self.press(Act.ORDER, (head, head), self.url("order"), having="order_number")
        cases.render_papers(self.case)

    def execution(self) -> None:
        self.press(
            Act.CLAIM,
            self.two(self.staff.admin1, self.staff.admin2),
            self.url("request_detail"),
            action=self.url("claim"),
        )
        first, second = (
            admin
            for admin in (self.staff.admin1, self.staff.admin2, self.admin3)
            if admin != self.case.assignee
        )
        self.press(
            Act.TAKE_OVER,
            self.two(first, second),
            self.url("take_over"),
            having="reason",
            reason="Pemegang tugas sedang sakit",
        )
        self.press(
            Act.RETURN,
            self.by_the_holder(),
            self.url("return_to_head"),
            having="reason",
            reason="Alamat nomor 2 keliru",
        )
        self.press(
            Act.MEND_REGISTRANT,
            self.two(self.staff.drafter, self.drafter2),
            self.url("mend", 2),
            having="full_name",
            email=f"benar{self.first}@contoh.example",
            reason="Alamat salah ketik",
        )
        cases.render_papers(self.case)
        self.order()
        self.press(
            Act.RECORD_ACCOUNT,
            self.by_the_holder(),
            self.url("account_entry", 1),
            button="created",
            matches_form="on",
        )
        cases.record_created(cases.accounts(self.case)[1], self.holder())
        self.press(
            Act.RECORD_ACCOUNTS, self.by_the_holder(), self.url("accounts"), **self.all_met()
        )
        cases.render_papers(self.case)

    def delivery(self) -> None:
        self.press(Act.SEND, self.by_the_holder(), self.url("send"), **self.all_met())
        cases.settle(self.case, lambda _message: cases.REFUSED)
        one, other = cases.accounts(self.case)
        workflow.new_password(one, actor=self.holder())
        self.press(
            Act.RESEND,
            self.by_the_holder(),
            self.url("delivery", 1),
            button="kirim-ulang",
            reason="Kotak surat sudah diperbaiki",
            had_signed_in="tidak",
            changed_in_spse="on",
        )
        cases.settle(self.case)
        if self.number % 2:
            act, button, how = Act.HAND_OVER, "cara-lain", "note"
        else:
            act, button, how = Act.NOT_DELIVERED, "tidak-dapat", "reason"
        self.press(
            act,
            self.by_the_holder(),
            self.url("delivery", other.registrant.position_in_list),
            button=button,
            **{how: "Diterangkan kepada yang bersangkutan"},
        )
        cases.render_papers(self.case)
        self.press(Act.ARCHIVE, self.by_the_holder(), self.url("archive_case"), **self.all_met())

    def holder(self) -> User:
        assert self.case.assignee is not None
        return self.case.assignee

    def by_the_holder(self) -> tuple[User, User]:
        return (self.holder(), self.holder())

    def all_met(self) -> dict[str, str]:
        """Choose the form by its first kelengkapan and answer each."""
        fields = [f"requirement_{key}" for key in cases.all_met(self.case)]
        return {"having": f"explanation_{fields[0].removeprefix('requirement_')}"} | dict.fromkeys(
            fields, "ya"
        )


def typed_person(number: int) -> dict[str, str]:
    """The Formulir of example person ``number`` as a page sends it."""
    person = cases.person(number)
    names = set(dataclasses.asdict(person)) - {"nik", "request_kind", "title_before"}
    return {name: str(getattr(person, name)) for name in names} | {
        "request_kind": "new",
        "valid_until": "2027-06-30",
        "statement_date": clock.today().isoformat(),
    }


def picture() -> bytes:
    target = io.BytesIO()
    Image.new("L", (8, 8), 255).save(target, "PNG")
    return target.getvalue()


def cancelled_by_two(pair: Pair, staff: OfficePeople, number: int) -> None:
    case = cases.draft(staff, people=1, subject=f"Ditarik {number}")
    pair.press(
        Act.CANCEL,
        (staff.kepala, staff.kepala),
        reverse("cancel", args=[case.number]),
        choose={"having": "reason"},
        typed={"reason": "Permohonan ditarik kembali"},
    )


@pytest.mark.usefixtures("monday_for_every_process")
def test_of_two_simultaneous_presses_for_a_new_password_one_makes_it(
    office_people: OfficePeople, pair: Pair
) -> None:
    """The first one may be in SPSE by the time the second would have replaced it."""
    staff = office_people
    case = cases.archived(staff)
    shown = re.compile(r'id="password">([^<]+)<')
    for people in [(staff.admin1, staff.admin1), (staff.admin1, staff.admin2)] * 4:
        account = cases.accounts(case)[0]
        answers = pair.both(
            Act.NEW_PASSWORD,
            people,
            reverse("delivery", args=[case.number, 1]),
            choose={"action": reverse("password_new", args=[case.number, 1])},
            typed={},
        )
        assert sorted(answer.status for answer in answers) == [200, 409]
        late = next(answer for answer in answers if answer.status == 409)
        assert "Password baru sudah dibuat oleh " in late.page
        first = next(answer for answer in answers if answer.status == 200)
        made = shown.search(first.page)
        assert made is not None
        assert credentials.reveal(account) == made[1]
    assert AuditEntry.objects.filter(act=Act.NEW_PASSWORD).count() == pair.pressed == 8


@pytest.mark.usefixtures("monday_for_every_process")
def test_of_two_simultaneous_presses_one_counts_and_the_other_is_told_so(
    office_people: OfficePeople, pair: Pair
) -> None:
    chance = random.Random(20260706)  # noqa: S311  repeatable, not secret
    drafter2 = cases.make_person("penyusun2", "Penyusun Contoh Dua", Role.PENYUSUN_KONSEP)
    admin3 = cases.make_person("admin3", "Admin Contoh Tiga", Role.ADMIN_PPE)
    walks = [
        Walk(number, office_people, drafter2, admin3, pair, chance)
        for number in range(1, WALKS + 1)
    ]
    for walk in walks:
        walk.go()
        cancelled_by_two(pair, office_people, walk.number)

    assert pair.pressed == WALKS * PRESSES_A_WALK == 216
    assert [walk.case.state for walk in walks] == [CaseState.ARCHIVED] * WALKS
    # Numbers without a gap, each given out once; one message for each account and each resend.
    assert sorted(walk.case.archive_number for walk in walks) == [
        f"{number:04d}/2026" for number in range(1, WALKS + 1)
    ]
    assert AccountRequest.objects.count() == 2 * WALKS
    assert Message.objects.filter(kind=MessageKind.CREDENTIALS).count() == 3 * WALKS
    assert verifying.verify().breaks == []
