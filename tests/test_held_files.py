"""A file that was sent with a form waits for the rest of the form: nobody picks it again.

Each page is sent with a sound file and one thing missing, and then again as it came back, with
that thing alone.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts_requests import clock, papers, staged_uploads, workflow
from accounts_requests.models import (
    AccountRequest,
    Deviation,
    DeviationCause,
    Document,
    Office,
    StagedUpload,
    User,
)
from accounts_requests.models.office import Judge
from accounts_requests.states import DocumentKind, SigningMethod
from accounts_requests.worker import Worker

from . import accountability_cases as told
from . import cases, mail_proofs
from .cases import MONDAY, OfficePeople
from .page_forms import form_on
from .upload_samples import image_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

PICTURE = image_bytes("PNG", (60, 40))
OTHER = image_bytes("PNG", (40, 60))
WAITS = "bukti.png sudah diterima dan menunggu."


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A form: who sends it where, its file, what is missing first, and what it all becomes."""

    case: AccountRequest
    user: User
    url: str
    field: str
    typed: dict[str, Any]
    missing: str
    kind: str
    asks_with: str = ""


def scan(staff: OfficePeople) -> Sent:
    case = cases.draft(staff, people=1)
    return Sent(
        case=case,
        user=staff.drafter,
        url=reverse("attachments", args=[case.number]),
        field="file",
        typed={"title": "Formulir bertanda tangan"},
        missing="title",
        kind=DocumentKind.SCAN,
    )


def ink(staff: OfficePeople) -> Sent:
    case = cases.submitted(staff, signing_method=SigningMethod.INK)
    return Sent(
        case=case,
        user=staff.kepala,
        url=reverse("issue", args=[case.number]),
        field="signed_file",
        typed={"number": "000.3/9/B.PBJ-II/2026", "date": "2026-07-06"},
        missing="number",
        kind=DocumentKind.DECREE,
    )


def ralat_with_a_mended_formulir(staff: OfficePeople) -> Sent:
    case = cases.claimed(staff)
    workflow.return_to_head(case, actor=staff.admin1, reason="Nama nomor 1 keliru")
    return Sent(
        case=case,
        user=staff.kepala,
        url=reverse("mend", args=[case.number, 1]),
        field="correction_file",
        typed={
            "full_name": "Contoh Personel Satu",
            "reason": "Nama salah ketik",
            "correction_number": "12/RALAT/2026",
            "correction_date": "2026-07-06",
        },
        missing="correction_date",
        kind=DocumentKind.DECREE_CORRECTION,
    )


def paper_about_the_decree(staff: OfficePeople) -> Sent:
    case = cases.issued(staff)
    return Sent(
        case=case,
        user=staff.kepala,
        url=reverse("amend_decree", args=[case.number]),
        field="file",
        typed={
            "kind": DocumentKind.DECREE_AMENDMENT.value,
            "number": "5/C",
            "date": "2026-07-06",
            "scope": "seluruh",
            "reason": "Menambah tugas Helpdesk",
        },
        missing="reason",
        kind=DocumentKind.DECREE_AMENDMENT,
    )


def hand_over(staff: OfficePeople) -> Sent:
    case = cases.sent(staff, people=1)
    cases.settle(case, lambda _message: cases.REFUSED)
    return Sent(
        case=case,
        user=staff.admin1,
        url=reverse("delivery", args=[case.number, 1]),
        field="proof",
        typed={"note": "Diserahkan langsung dalam amplop tertutup", "way": "cara-lain"},
        missing="note",
        kind=DocumentKind.HAND_OVER_PROOF,
        asks_with="note",
    )


def late_entry(staff: OfficePeople) -> Sent:
    case = cases.issued(staff)
    return Sent(
        case=case,
        user=staff.kepala,
        url=reverse("late_entry", args=[case.number]),
        field="evidence",
        typed={
            "happened_at": "2026-07-06T10:15",
            "late_reason": "Listrik padam sejak pagi hari",
            "order_number": "000.3/101/B.PBJ-II/2026",
        },
        missing="late_reason",
        kind=DocumentKind.LATE_EVIDENCE,
        asks_with="happened_at",
    )


def answer(staff: OfficePeople) -> Sent:
    case = told.late_step3(staff)
    keys = Deviation.objects.filter(responsible=staff.admin1).values_list("pk", flat=True)
    cause = DeviationCause.objects.order_by("position")[0]
    return Sent(
        case=case,
        user=staff.admin1,
        url=reverse("deviation_answer") + "?" + "&".join(f"d={key}" for key in keys),
        field="evidence_2",
        typed={
            "cause": cause.pk,
            "explanation": "SPSE tidak dapat dibuka.",
            "remedy": "Ditunggu sampai pulih.",
            "prevention": "Dilaporkan lebih awal.",
        },
        missing="remedy",
        kind=DocumentKind.ANSWER_PROOF,
        asks_with="cause",
    )


def judgement_letter(staff: OfficePeople) -> Sent:
    case = told.late_step3(staff)
    Office.objects.update(judge_of_admin_ppe=Judge.OUTSIDE)
    given = told.answered(case, actor=staff.admin1)
    return Sent(
        case=case,
        user=staff.drafter,
        url=reverse("deviation_detail", args=[given.number]),
        field="paper",
        typed={
            "verdict": "accepted",
            "judge_name": "Asisten Contoh",
            "judge_title": "Asisten Administrasi Umum",
            "paper_number": "800/7/2026",
            "paper_date": "2026-07-08",
        },
        missing="paper_number",
        kind=DocumentKind.JUDGEMENT_PAPER,
        asks_with="judge_name",
    )


ON_WEDNESDAY = {answer, judgement_letter}
EVERY = [
    scan,
    ink,
    ralat_with_a_mended_formulir,
    paper_about_the_decree,
    hand_over,
    late_entry,
    *sorted(ON_WEDNESDAY, key=lambda each: each.__name__),
]


def file(data: bytes = PICTURE, name: str = "bukti.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/png")


def shown_form(html: str, sent: Sent) -> dict[str, Any]:
    """What the browser would send of the page as it stands."""
    fields = form_on(html, having=sent.asks_with or next(iter(sent.typed))).fields
    return {name: value for name, value in fields.items() if name != sent.field}


def at_of(made: Callable[[OfficePeople], Sent]) -> dt.datetime:
    return told.LATER if made in ON_WEDNESDAY else MONDAY + dt.timedelta(minutes=30)


@pytest.mark.parametrize("made", EVERY, ids=lambda made: made.__name__)
def test_the_file_is_sent_once_whatever_else_is_wrong(
    client: Client, office_people: OfficePeople, made: Callable[[OfficePeople], Sent]
) -> None:
    with clock.moved_to(MONDAY):
        sent = made(office_people)
    with clock.moved_to(at_of(made)):
        client.force_login(sent.user)
        first = shown_form(client.get(sent.url).content.decode(), sent) | sent.typed
        back = client.post(sent.url, {**first, sent.missing: "", sent.field: file()})
        assert back.status_code == 200
        html = back.content.decode()
        assert WAITS in " ".join(html.replace("</strong>", "").replace("<strong>", "").split())
        assert StagedUpload.objects.count() == 1
        before = set(Document.objects.values_list("pk", flat=True))

        # "way" is what the pressed button says.
        pressed = {"way": sent.typed["way"]} if "way" in sent.typed else {}
        again = shown_form(html, sent) | pressed | {sent.missing: sent.typed[sent.missing]}
        done = client.post(sent.url, again)

    assert done.status_code == 302
    [kept] = Document.objects.exclude(pk__in=before).filter(kind=sent.kind, uploaded=True)
    assert papers.read(kept) == PICTURE
    assert not StagedUpload.objects.exists()


def test_another_file_takes_the_place_of_the_one_that_waits(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        sent = scan(office_people)
        client.force_login(sent.user)
        html = client.post(sent.url, {"title": "", "file": file()}).content.decode()
        typed = shown_form(html, sent) | {"title": "Pindai", "file": file(OTHER, "lain.png")}
        client.post(sent.url, typed)
    assert papers.read(Document.objects.get()) == OTHER
    assert not StagedUpload.objects.exists()


@pytest.mark.parametrize("made", [scan, hand_over], ids=["demanded", "optional"])
def test_a_file_that_waits_no_more_is_asked_for_and_never_left_out_in_silence(
    client: Client, office_people: OfficePeople, made: Callable[[OfficePeople], Sent]
) -> None:
    with clock.moved_to(MONDAY):
        sent = made(office_people)
        client.force_login(sent.user)
        html = client.post(
            sent.url, {**sent.typed, sent.missing: "", sent.field: file()}
        ).content.decode()
        typed = shown_form(html, sent) | sent.typed
        StagedUpload.objects.all().delete()
        refused = client.post(sent.url, typed).content.decode()
    assert "Berkas yang tadi menunggu sudah tidak ada. Isian lainnya tersimpan" in refused
    assert sent.typed[sent.missing] in refused
    assert not Document.objects.filter(kind=sent.kind).exists()


def test_nobody_takes_what_waits_for_somebody_else(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        sent = scan(office_people)
        client.force_login(sent.user)
        html = client.post(sent.url, {"title": "", "file": file()}).content.decode()
        typed = shown_form(html, sent) | sent.typed
        client.force_login(office_people.kepala)
        refused = client.post(sent.url, typed)
    assert refused.status_code in {200, 403}
    assert not Document.objects.exists()
    assert StagedUpload.objects.get().owner == office_people.drafter


def test_what_may_show_a_password_waits_nowhere_and_the_page_says_so(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.emailed(office_people, people=1)
        client.force_login(office_people.admin1)
        html = client.post(
            reverse("bounce", args=[case.number, 1]),
            {"message": "", "text": "550 tidak ada", "blacked_out": "on", "proof": file()},
        ).content.decode()
    assert "Pilih kembali bukti.png. Berkas ini tidak ditahan di server" in html
    assert "550 tidak ada</textarea>" in html
    assert not StagedUpload.objects.exists()


def test_what_nobody_came_back_for_is_let_go_after_a_week_and_lists_of_people_stay(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        sent = scan(office_people)
        client.force_login(sent.user)
        client.post(sent.url, {"title": "", "file": file()})
        waiting = StagedUpload.objects.get()
        people = StagedUpload.objects.create(
            request=sent.case,
            owner=sent.user,
            purpose=staged_uploads.PEOPLE,
            file_name="daftar.xlsx",
            media_type="x",
            data=b"x",
            created_at=MONDAY,
        )
    week = staged_uploads.HELD_FOR
    assert Worker().forget_held == staged_uploads.forget_held
    assert staged_uploads.forget_held(MONDAY + week - dt.timedelta(seconds=1)) == 0
    assert set(StagedUpload.objects.all()) == {waiting, people}
    assert staged_uploads.forget_held(MONDAY + week) == 1
    assert StagedUpload.objects.get() == people


def test_a_proof_of_mail_sent_outside_waits_nowhere(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(MONDAY):
        case = cases.sent(office_people, people=1)
        client.force_login(office_people.admin1)
        proof = mail_proofs.picture()
        html = client.post(
            reverse("sent_outside", args=[case.number, 1]),
            {"proof": SimpleUploadedFile(proof.file_name, proof.data), "blacked_out": "on"},
        ).content.decode()
    assert f"Pilih kembali {proof.file_name}." in html
    assert not StagedUpload.objects.exists()
