"""Every paper that the application sets, in the worst shape in which an office may meet it.

Names in other scripts, texts as long as their fields, words that do not break, two hundred
people, a page full of deviations, nothing where nothing may be: what is right here is right on
an ordinary day.
"""

import datetime as dt
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.test.signals import template_rendered
from PIL import Image

from accounts_requests import (
    archive_contents,
    archive_register,
    clock,
    documents,
    figures,
    monitoring,
    papers,
    questionnaires,
    workflow,
)
from accounts_requests.documents import (
    archive_lists,
    destruction_minutes,
    figures_paper,
    hand_over_paper,
    monitoring_paper,
    print_copy,
    reading_sheet,
    sop_sheet,
)
from accounts_requests.documents.paper import SIDES
from accounts_requests.models import (
    Account,
    AccountRequest,
    Appointment,
    Attestation,
    Bounce,
    DestructionProposal,
    Deviation,
    Message,
    Office,
    Reading,
    Registrant,
    SopRevision,
    StepRun,
    User,
)
from accounts_requests.models.monitoring import Monitoring
from accounts_requests.report_periods import half_year
from accounts_requests.roles import Capacity
from accounts_requests.states import DocumentKind, Employment, SigningMethod, Verdict
from accounts_requests.uploads import Upload

from . import accountability_cases, evidence_cases, half_years, monitoring_cases, paper_cases
from .cases import OfficePeople

_Sampling = Callable[[str, DocumentKind | None, Callable[[], bytes]], "Sample"]

LONG_NAME = (
    "Raden Ajeng Siti Nurhaliza Wirahadikusumah Prawirodirdjo Щукина-Ёлкина "
    "ابن خلدون Łódź-Ğüneş Contoh Sangat Panjang Nian"
)
BEFORE, AFTER = "Prof. Dr. Ir. Hj. R.A.", "S.H., S.E., S.T., M.M., M.Si., M.Eng., Ph.D., CPOf, CRMP"
UNBROKEN = "x" * 60 + "." + "y" * 60 + "@" + "z" * 60 + ".panjang.contoh.example"
LONG = (
    "Pembuatan Akun Verifikator, Helpdesk, dan Admin Agency Layanan Pengadaan Secara Elektronik "
    "pada Aplikasi Sistem Pengadaan Secara Elektronik bagi Perangkat Daerah, Unit Pelaksana "
    "Teknis Daerah, dan Badan Layanan Umum Daerah di Lingkungan Pemerintah Provinsi Kalimantan "
    "Timur dan Pemerintah Kabupaten/Kota yang Menggunakan Layanan Bersama Tahun Anggaran 2026 "
    "sampai dengan 2027"
)
ODD = (
    "Ada “kutip”, 'petik', \\, <b>tag</b> & {kurung}; Привет, "
    "مرحبا, Ωμέγα ½ ≤ 🙂 漢字 \u200b\u00ad."
)


@dataclass(frozen=True)
class Sample:
    """One paper: its kind where it is a case's, the template that set it, and its bytes."""

    name: str
    template: str
    kind: DocumentKind | None
    data: bytes
    profiles: tuple[str, ...] = ("3a", "ua1")


def with_template(make: Callable[[], bytes]) -> tuple[str, bytes]:
    """What ``make`` makes, after the name of the template that set it."""
    templates: list[str] = []

    def noted(template: Any, **_others: Any) -> None:
        folder, _slash, file = str(template.name).rpartition("/")
        if folder == "documents" and file[0] != "_":
            templates.append(file)

    template_rendered.connect(noted)
    try:
        data = make()
    finally:
        template_rendered.disconnect(noted)
    return templates[0], data  # a template comes before what it extends


def all_samples(staff: OfficePeople) -> Iterator[Sample]:
    """Set every paper; ``staff`` is the seeded office's."""

    def sample(name: str, kind: DocumentKind | None, make: Callable[[], bytes]) -> Sample:
        template, data = with_template(make)
        return Sample(name, template, kind, data)

    seen: set[AccountRequest] = set()
    _ugly_office()
    for case, kind, at, values in _of_cases(staff):
        yield sample(
            f"{kind.label} ({case.number})",
            kind,
            lambda c=case, k=kind, a=at, v=values: documents.render(k, c, at=a, **v).data,  # type: ignore[misc]
        )
        seen.add(case)
    archived = next(case for case in seen if case.archived_at)
    yield from _archive_file(archived, sample)
    yield from _lists(staff, archived, sample)
    at = paper_cases.ARCHIVED
    revision = SopRevision.objects.get()
    yield sample("SOP", None, lambda: sop_sheet.render(revision, at=at).data)
    for reading in Reading.objects.order_by("number"):
        Reading.objects.filter(pk=reading.pk).update(reason=LONG)
        yield sample(
            f"Lembar penafsiran {reading.number}",
            None,
            lambda r=reading: reading_sheet.render(Reading.objects.get(pk=r.pk), at=at).data,  # type: ignore[misc]
        )
    with clock.moved_to(dt.datetime(2026, 7, 31, 2, tzinfo=dt.UTC)):
        half_years.make(staff, count=120, seed=3, after=900)
        period = half_year(dt.date(2026, 6, 30))
        found = figures.of(period, at=clock.now())
        yield sample(
            "Laporan",
            None,
            lambda: figures_paper.render(found, at=clock.now(), by=staff.kepala).data,
        )
        yield sample("Pemantauan", None, lambda: monitoring_paper.render(_judged(staff)).data)


def _archive_file(case: AccountRequest, sample: _Sampling) -> Iterator[Sample]:
    """The archived file with its originals, and what the archive and the inspectors take away."""
    by, at = case.created_by, paper_cases.ARCHIVED
    picture = io.BytesIO()
    Image.new("RGB", (300, 500), "grey").save(picture, "JPEG")
    papers.store_upload(
        case,
        DocumentKind.SCAN,
        Upload("pindai.jpg", picture.getvalue()),
        "image/jpeg",
        at=at,
        by=by,
        title=f"Pindai {ODD}"[:120],
    )
    for kind in (DocumentKind.DECREE, DocumentKind.CONTROL_SHEET):
        papers.owe(case, kind, at=at, by=by)
    while (owed := papers.claim_owed(at)) is not None:
        assert papers.render_claimed(owed, at)
    yield sample(
        "Berkas arsip",
        DocumentKind.ARCHIVE_FILE,
        lambda: documents.render(DocumentKind.ARCHIVE_FILE, case, at=at, read=papers.read).data,
    )
    yield sample(
        "Halaman pindai",
        None,
        lambda: print_copy._picture_page(
            case.documents.filter(media_type="image/jpeg")[0], picture.getvalue(), at
        ),
    )
    message = Message.objects.filter(request=case, account__isnull=False).order_by("pk")[0]
    account = Account.objects.get(messages=message)
    registrant = account.registrant
    Bounce.objects.create(
        message=message,
        account=account,
        request=case,
        returned_at=at,
        text=f"{ODD} {UNBROKEN}",
        recorded_by=by,
        at=at,
    )
    row = papers.owe(case, DocumentKind.BOUNCE_SHEET, at=at, by=by, registrant=registrant)
    yield sample(
        "Catatan pesan kembali",
        DocumentKind.BOUNCE_SHEET,
        lambda: (
            documents.render(
                DocumentKind.BOUNCE_SHEET, case, at=at, registrant=registrant, document=row
            ).data
        ),
    )

    proof = papers.owe(case, DocumentKind.RESEND_PROOF, at=at, by=by, registrant=registrant)
    yield sample(
        "Bukti pengiriman ulang e-mail",
        DocumentKind.RESEND_PROOF,
        lambda: (
            documents.render(
                DocumentKind.RESEND_PROOF, case, at=at, registrant=registrant, document=proof
            ).data
        ),
    )


def _lists(staff: OfficePeople, case: AccountRequest, sample: _Sampling) -> Iterator[Sample]:
    """What the archive and the inspectors take away."""
    at, today = paper_cases.ARCHIVED, paper_cases.ARCHIVED.date()
    files = archive_register.find(archive_register.Filters(), Office.current(), today=today)
    lines = list(archive_register.every_line(files, Office.current(), today=today))
    yield sample(
        "Daftar berkas",
        None,
        lambda: archive_lists.render_register(lines, LONG, at=at, by=staff.kepala).data,
    )
    items = archive_contents.items(case, "000.3.5", reads_people=True)
    yield sample(
        "Daftar isi berkas",
        None,
        lambda: archive_lists.render_contents(lines[0], items, at=at, by=staff.kepala).data,
    )
    proposal = DestructionProposal(
        number="UM-2032-0001",
        reason=LONG,
        legal_basis=ODD,
        proposed_by=staff.admin1,
        title="Admin PPE",
        at=at,
        request=case,
    )
    proposal.save()
    proposal.items.create(request=case, at=at)
    yield sample(
        "Berita acara",
        None,
        lambda: (
            destruction_minutes.render(
                proposal, number=UNBROKEN, note=ODD, actor=staff.biro, title="Plh. Kepala", at=at
            ).data
        ),
    )
    package = evidence_cases.asked(case, actor=staff.inspector)
    content = [
        {"case": case.number, "file": f"{UNBROKEN}.zip", "sha256": "0" * 64, "size": 12_345_678}
    ] * 60
    yield sample(
        "Daftar serah terima",
        None,
        lambda: hand_over_paper.render(package, content, at=at).data,
    )


def _ugly_office() -> None:
    office = Office.current()
    office.emblem = paper_cases.picture_of_an_emblem()
    office.address = f"Jalan Contoh Nomor 2, {LONG}"[:250]
    office.secretariat = "Sekretariat Daerah"
    office.phone, office.website, office.email = "(0541) 000000", UNBROKEN[:120], "a@b.example"
    office.decree_signer_on_behalf = "Kepala Biro Pengadaan Barang dan Jasa Sekretariat Daerah"
    office.decree_names_titles = True
    _set_margins(office, decree=(60, 55, 60, 60), letter=(60, 50, 60, 60))
    office.save()


def _set_margins(office: Office, **sides: tuple[int, ...]) -> None:
    """Millimetres by genre, clockwise from the top."""
    for genre, values in sides.items():
        for side, value in zip(SIDES, values, strict=True):
            setattr(office, f"{genre}_margin_{side}", value)


def _of_cases(
    staff: OfficePeople,
) -> Iterator[tuple[AccountRequest, DocumentKind, dt.datetime, dict[str, Any]]]:
    """Every paper of a case: of 200 people as a concept, of a few with everything ugly."""
    crowd = paper_cases.make_draft(200, signing_method=SigningMethod.INK)
    yield crowd, DocumentKind.DECREE_CONCEPT, paper_cases.RECEIVED, {}
    case = paper_cases.make_archived(6)
    _uglify(case)
    case = AccountRequest.objects.get(pk=case.pk)
    received, issued, ordered = paper_cases.RECEIVED, paper_cases.ISSUED, paper_cases.ORDERED
    created, sent, archived = paper_cases.CREATED, paper_cases.SENT, paper_cases.ARCHIVED
    yield case, DocumentKind.DECREE_CONCEPT, received, {}
    yield case, DocumentKind.DECREE, issued, {}
    for person in case.registrants.order_by("position_in_list")[:2]:
        yield case, DocumentKind.FORM, received, {"registrant": person}
    for kind in (DocumentKind.ORDER, DocumentKind.ORDER_MEMO):
        row = papers.owe(case, kind, at=ordered, by=case.created_by)
        yield case, kind, ordered, {"document": row}
    yield case, DocumentKind.ACCOUNT_SHEET, created, {}
    yield case, DocumentKind.MAIL_PROOF, sent, {}
    yield case, DocumentKind.CONTROL_SHEET, archived, {}
    yield from _answer_sheet(staff)
    # Without pictures, without anything that may be left out, to the edge of the sheet.
    office = Office.current()
    _set_margins(office, decree=(10, 10, 10, 10), letter=(10, 10, 10, 10))
    office.save()
    Office.objects.update(
        emblem=b"", address="", phone="", website="", email="", decree_signer_on_behalf=""
    )
    bare = paper_cases.make_draft(
        1, considerations="", legal_bases="", noted="", copies_to="", valid_until=None
    )
    bare.registrants.update(
        employment=Employment.NON_ASN,
        **dict.fromkeys(("rank", "grade", "agency", "nip", "title_before", "title_after"), ""),
    )
    yield bare, DocumentKind.DECREE_CONCEPT, received, {}
    yield bare, DocumentKind.FORM, received, {"registrant": bare.registrants.get()}
    yield bare, DocumentKind.CONTROL_SHEET, received, {}
    yield bare, DocumentKind.MAIL_PROOF, received, {}
    yield bare, DocumentKind.ACCOUNT_SHEET, received, {}


def _uglify(case: AccountRequest) -> None:
    AccountRequest.objects.filter(pk=case.pk).update(
        subject=LONG[:400],
        considerations="\n".join([LONG, ODD] * 12),
        legal_bases="\n".join([ODD, LONG] * 12),
        noted=f"{LONG}\n{UNBROKEN}",
        copies_to="\n".join([LONG] * 12),
        order_note=ODD,
        signer_title="Plh. Kepala LPSE Provinsi Kalimantan Timur",
        signer_name=f"{BEFORE} {LONG_NAME}, {AFTER}"[:260],
        valid_from=dt.date(2026, 4, 1),
    )
    User.objects.filter(pk__in=[case.created_by_id, case.assignee_id]).update(
        full_name=LONG_NAME[:150], title_before=BEFORE[:40], title_after=AFTER[:60]
    )
    Appointment.objects.filter(person=case.created_by).update(capacity=Capacity.PLT)
    Registrant.objects.filter(request=case).update(
        full_name=LONG_NAME[:150],
        title_before=BEFORE[:40],
        title_after=AFTER[:60],
        position=LONG[:150],
        work_unit=LONG[:200],
        agency=LONG[:200],
        office_address=LONG[:250],
    )
    for person in case.registrants.all():
        person.proposed_user_id = f"{'m' * 28}{person.position_in_list:02}"
        person.email = f"{person.position_in_list}{UNBROKEN}"
        person.save()
        Account.objects.filter(registrant=person, user_id__gt="").update(
            user_id=person.proposed_user_id, registered_email=person.email, difference=ODD
        )
    Message.objects.filter(request=case).update(to_address=UNBROKEN, answer=UNBROKEN * 2)
    Attestation.objects.filter(step_run__request=case).update(met=False, explanation=ODD)
    case.notes.create(at=paper_cases.ORDERED, by=case.created_by, text=f"{ODD} {UNBROKEN}")
    run = StepRun.objects.get(request=case, step__number=3)
    for number in range(40):
        Deviation.objects.create(
            request=case,
            step_run=run,
            aspect=("waktu", "output", "perlengkapan")[number % 3],
            rule="late_finish",
            key=f"banyak:{number}",
            norm=LONG[:120],
            actual=f"{ODD} {UNBROKEN}"[:200],
            difference="terlambat 10 menit" if number % 2 else "",
            responsible=case.assignee or case.created_by,
            recorded_at=paper_cases.CREATED,
        )


def _answer_sheet(
    staff: OfficePeople,
) -> Iterator[tuple[AccountRequest, DocumentKind, dt.datetime, dict[str, Any]]]:
    case = accountability_cases.late_step3(staff, number="000.3/777/B.PBJ-II/2026")
    with clock.moved_to(accountability_cases.LATER):
        first = workflow.answer_deviations(
            accountability_cases.deviations_of(case),
            actor=staff.admin1,
            data=accountability_cases.data(f"{ODD}\n\n{LONG} {UNBROKEN}"),
            evidence=[],
        )
        workflow.judge_answer(first, actor=staff.kepala, verdict=Verdict.RETURNED, ground=LONG)
        second = accountability_cases.answered(
            case, actor=staff.admin1, evidence=[accountability_cases.picture()]
        )
        accountability_cases.accepted(second, actor=staff.kepala)
        row = second.documents.get(kind=DocumentKind.ANSWER_SHEET)
        yield case, DocumentKind.ANSWER_SHEET, clock.now(), {"document": row}


def _judged(staff: OfficePeople) -> Monitoring:
    lines = monitoring_cases.prepared()
    return monitoring.drafted(
        monitoring_cases.PERIOD,
        monitoring.revision_for(monitoring_cases.PERIOD),
        lines,
        monitoring_cases.all_well(lines),
        questionnaires.in_use(),
        actor=staff.kepala,
        role=monitoring.require_judge(staff.kepala),
        at=clock.now(),
    )
