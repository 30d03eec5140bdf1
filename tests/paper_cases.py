"""A whole case as rows, for the tests of papers: every person in it is plainly an example."""

import datetime as dt
import io
from typing import Any
from zoneinfo import ZoneInfo

from num2words import num2words
from PIL import Image, ImageDraw

from accounts_requests import mail_texts, timers
from accounts_requests.models import (
    Account,
    AccountRequest,
    Appointment,
    Attestation,
    AuditChain,
    Deviation,
    HoursSpan,
    HoursTable,
    Message,
    Office,
    Registrant,
    SopRequirement,
    SopRevision,
    SopStep,
    StageRun,
    StepRun,
    StepRunHolding,
    User,
)
from accounts_requests.roles import Role
from accounts_requests.states import (
    AccountKind,
    AccountState,
    CaseState,
    MessageKind,
    MessageState,
    SigningMethod,
    SmtpStage,
    Stage,
)

WITA = ZoneInfo("Asia/Makassar")


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """An instant in March 2026, in WITA."""
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=WITA)


RECEIVED, ISSUED, ORDERED = at(9, 10), at(11, 9, 30), at(11, 10)
CREATED, SENT, ARCHIVED = at(11, 11, 10), at(11, 13, 0), at(11, 13, 8)

ACTIVITIES = (
    (
        "kepala_lpse",
        (
            "Mengeluarkan SK Pembuatan Akun Verifikator/Helpdesk/Admin Agency LPSE, dilengkapi "
            "Formulir Pembuatan Akun Verifikator/Helpdesk/Admin Agency LPSE"
        ),
        "3 Hari",
        3,
        "working_days",
        "SK Pembuatan Akun Verifikator/Helpdesk/Admin Agency LPSE",
        (),
    ),
    (
        "kepala_lpse",
        (
            "Memerintah Admin PPE untuk membuat akun (user id dan password) sesuai SK dan Formulir "
            "Pembuatan Akun Verifikator/Helpdesk/Admin Agency LPSE"
        ),
        "N/A",
        None,
        "working_minutes",
        "",
        (),
    ),
    (
        "admin_ppe",
        "Membuat akun Verifikator/Helpdesk/Admin Agency LPSE pada aplikasi SPSE",
        "60 Menit",
        60,
        "working_minutes",
        "Akun Verifikator/Helpdesk/Admin Agency LPSE pada aplikasi SPSE",
        (
            (
                "Data yang dimasukkan pada aplikasi SPSE saat pembuatan berdasarkan pada data yang "
                "tercantum dalam Formulir Pembuatan Akun Verifikator/Helpdesk/Admin Agency LPSE"
            ),
            (
                "Tata cara pembuatan akun pada aplikasi SPSE mengacu pada panduan pengguna (user "
                "guide) aplikasi SPSE"
            ),
        ),
    ),
    (
        "admin_ppe",
        (
            "Menginformasikan melalui e-mail akun (user id dan password) yang telah dibuat kepada "
            "Verifikator/Helpdesk/Admin Agency LPSE"
        ),
        "30 Menit",
        30,
        "working_minutes",
        "Email informasi akun Verifikator/Helpdesk/Admin Agency LPSE",
        (
            (
                "Akun diberikan melalui email milik masing-masing personil yang terdaftar pada "
                "aplikasi SPSE"
            ),
            (
                "Dalam email diinformasikan untuk segera melakukan login serta mewajibkan untuk "
                "melakukan perubahan password"
            ),
        ),
    ),
    (
        "admin_ppe",
        "Mengarsipkan berkas dengan mengacu pada SOP pengarsipan berkas",
        "10 Menit",
        10,
        "working_minutes",
        "Arsip berkas",
        ("Hasil pembuatan akun",),
    ),
)


def picture_of_an_emblem() -> bytes:
    """A shield as a PNG with a transparent ground."""
    picture = io.BytesIO()
    emblem = Image.new("RGBA", (160, 184), (255, 255, 255, 0))
    draw = ImageDraw.Draw(emblem)
    draw.polygon([(80, 4), (156, 40), (140, 140), (80, 180), (20, 140), (4, 40)], outline="black")
    draw.text((42, 84), "CONTOH", fill="black")
    emblem.save(picture, "PNG")
    return picture.getvalue()


def make_office(**changes: Any) -> Office:
    """The office's row, with an emblem and office hours of 2026."""
    values: dict[str, Any] = {
        "government": "Pemerintah Provinsi Kalimantan Timur",
        "secretariat": "Sekretariat Daerah",
        "name": "Biro Pengadaan Barang dan Jasa",
        "address": "Jalan Contoh Nomor 2 Samarinda 75121",
        "phone": "(0541) 000000",
        "website": "contoh.kaltimprov.go.id",
        "email": "biro@contoh.go.id",
        "emblem": picture_of_an_emblem(),
        "city": "Samarinda",
        "lpse_name": "LPSE Provinsi Kalimantan Timur",
        "unit_name": "Bagian Pengelolaan LPSE",
        "target_url": "https://spse.contoh.go.id",
        "target_guide_url": "https://spse.contoh.go.id/panduan",
        "account_kinds": ["verifikator", "helpdesk", "admin_agency"],
        "stage_order": ["concept", "initials", "number", "signature"],
        **changes,
    }
    office = Office(**values)
    office.save()
    if not HoursTable.objects.exists():
        table = HoursTable.objects.create(
            name="Jam kerja contoh",
            kind="normal",
            valid_from=dt.date(2026, 1, 1),
            valid_until=dt.date(2026, 12, 31),
            legal_basis="Contoh",
            confirmed=True,
        )
        for weekday in range(5):
            closes = dt.time(11) if weekday == 4 else dt.time(16)
            HoursSpan.objects.create(
                table=table, weekday=weekday, opens=dt.time(7, 30), closes=closes
            )
    timers.adopt_calendar()
    return Office.current()


def make_user(name: str, role: Role, **values: Any) -> User:
    user = User.objects.create(
        username=name.lower().replace(" ", "-"), full_name=name, email="", **values
    )
    Appointment.objects.create(person=user, role=role, since=dt.date(2026, 1, 1))
    return user


def make_sop() -> SopRevision:
    revision = SopRevision.objects.create(
        number="000-310624/BPLPSE/B.PBJ",
        revision=0,
        title="REGISTRASI VERIFIKATOR/HELPDESK/ADMIN AGENCY LPSE",
        content={},
        in_force_from=dt.date(2023, 2, 27),
    )
    names = ("Terbitkan SK", "Perintahkan", "Buat akun", "Kirim e-mail", "Arsipkan")
    for number, (executor, activity, printed, amount, unit, output, needs) in enumerate(
        ACTIVITIES, start=1
    ):
        step = SopStep.objects.create(
            revision=revision,
            number=number,
            printed_number=str(number) if number < 5 else "",
            short_name=names[number - 1],
            activity=activity,
            executor=executor,
            executor_interpreted=number == 5,
            printed_limit=printed,
            output=output,
            limit_amount=amount,
            limit_unit=unit,
        )
        for position, text in enumerate(needs, start=1):
            SopRequirement.objects.create(step=step, position=position, text=text)
    return revision


def make_draft(count: int = 12, **changes: Any) -> AccountRequest:
    """A concept with ``count`` people, locked for paraf; makes office, SOP and users if needed."""
    AuditChain.objects.get_or_create(pk=1, defaults={"head": "ab" * 32, "count": 41})
    if not Office.objects.exists():
        make_office()
    head = User.objects.filter(username="contoh-kepala").first() or make_user(
        "Contoh Kepala",
        Role.KEPALA_LPSE,
        title_after="S.T., M.M.",
        nip="197205282005021001",
        rank="Pembina Tk. I (IV/b)",
        position="Kepala LPSE",
    )
    values: dict[str, Any] = {
        "number": f"P-{AccountRequest.objects.count() + 1:04}/2026",
        "sop_revision": SopRevision.objects.first() or make_sop(),
        "created_by": head,
        "created_at": RECEIVED,
        "received_at": RECEIVED,
        "subject": "Pembuatan Akun Verifikator, Helpdesk, dan Admin Agency LPSE pada Aplikasi SPSE "
        "Provinsi Kalimantan Timur Tahun Anggaran 2026",
        "considerations": (
            "bahwa untuk kelancaran layanan pengadaan secara elektronik diperlukan personel yang "
            "memegang akun pada aplikasi SPSE\n"
            "b. bahwa berdasarkan pertimbangan sebagaimana dimaksud dalam huruf a, perlu "
            "menetapkan Keputusan tentang pembuatan akun;"
        ),
        "legal_bases": (
            "1. Undang-Undang Nomor 1 Tahun 2023 tentang Kitab Undang-Undang Hukum Pidana;\n"
            "2. Peraturan Pemerintah Nomor 71 Tahun 2019 tentang Penyelenggaraan Sistem dan "
            "Transaksi Elektronik;\n"
            "3. Peraturan Presiden Nomor 12 Tahun 2021 tentang Perubahan atas Peraturan Presiden "
            "Nomor 16 Tahun 2018 tentang Pengadaan Barang/Jasa Pemerintah."
        ),
        "copies_to": "Gubernur Kalimantan Timur\nInspektur Provinsi Kalimantan Timur",
        "valid_until": dt.date(2026, 12, 31),
        "signing_method": SigningMethod.IN_APP,
        "signer_name": "Contoh Kepala",
        "signer_title": "KEPALA LPSE PROVINSI KALIMANTAN TIMUR",
        "signer_rank": "Pembina Tk. I (IV/b)",
        "signer_nip": "197205282005021001",
        "people_locked_at": RECEIVED,
        **changes,
    }
    request = AccountRequest.objects.create(**values)
    for number in range(1, count + 1):
        make_person(request, number)
    return request


def make_person(request: AccountRequest, number: int, **changes: Any) -> Registrant:
    """Person ``number`` of the case: Contoh Satu, Contoh Dua, …"""
    kinds = (
        AccountKind.VERIFIKATOR,
        AccountKind.VERIFIKATOR,
        AccountKind.HELPDESK,
        AccountKind.ADMIN_AGENCY,
    )
    name = f"Contoh {num2words(number, lang='id').title()}"
    values: dict[str, Any] = {
        "position_in_list": number,
        "account_kind": kinds[number % 4],
        "full_name": name,
        "title_before": "Dr. Ir." if number % 5 == 1 else "",
        "title_after": ("S.Kom.", "S.T., M.Eng.", "")[number % 3],
        "employment": "pns",
        "nip": f"19850{1 + number % 9}1520100{1 + number % 9}1{number:03}",
        "rank": "Penata Tingkat I",
        "grade": "III/d",
        "position": (
            "Pengelola Pengadaan Barang/Jasa Ahli Muda",
            "Pranata Komputer Ahli Pertama",
        )[number % 2],
        "work_unit": "Bagian Pengelolaan Layanan Pengadaan Secara Elektronik",
        "agency": "Dinas Kesehatan Provinsi Kalimantan Timur" if number % 4 == 3 else "",
        "email": f"contoh.{number}@contoh.go.id",
        "mobile": f"+62811000{number:04}",
        "office_address": "Jalan Contoh Nomor 2 Samarinda 75121",
        "proposed_user_id": f"contoh.{number}",
        "statement_date": dt.date(2026, 3, 9),
        **changes,
    }
    return Registrant.objects.create(request=request, **values)


def make_archived(count: int = 12, **changes: Any) -> AccountRequest:
    """A case that went all the way, with one refused account and one late step."""
    operator = User.objects.filter(username="contoh-petugas").first() or make_user(
        "Contoh Petugas",
        Role.ADMIN_PPE,
        title_after="S.Kom.",
        nip="199001012015031002",
        rank="Penata Muda Tk. I (III/b)",
        position="Pranata Komputer Ahli Pertama",
    )
    number = AccountRequest.objects.count() + 1
    values = {
        "state": CaseState.ARCHIVED,
        "decree_number": f"000.3/{number}/B.PBJ-II/2026",
        "decree_date": dt.date(2026, 3, 11),
        "issued_at": ISSUED,
        "ordered_at": ORDERED,
        "order_number": f"000.3/{number + 100}/B.PBJ-II/2026",
        "accounts_created_at": CREATED,
        "email_sent_at": SENT,
        "archived_at": ARCHIVED,
        "archive_number": f"{number:04}/2026",
        "assignee": operator,
        **changes,
    }
    request = make_draft(count, **values)
    head = request.created_by
    edges = (RECEIVED, ISSUED, ORDERED, CREATED, SENT, ARCHIVED)
    late = {3: 10 * 60}
    for step in request.sop_revision.steps.order_by("number"):
        begin, end = edges[step.number - 1], edges[step.number]
        holder = head if step.number < 3 else operator
        took = timers.working_time().seconds_between(begin, end)
        run = StepRun.objects.create(
            request=request,
            step=step,
            limit_amount=step.limit_amount,
            limit_unit=step.limit_unit,
            limit_start=step.limit_start,
            limit_basis=step.limit_basis,
            offered_at=begin,
            started_at=begin,
            due_at=end - dt.timedelta(seconds=late[step.number])
            if step.number in late
            else (at(12, 16) if step.limit_amount else None),
            finished_at=end,
            finished_by=holder,
            waiting_seconds=0,
            worked_seconds=took,
            counted_seconds=took,
            wall_seconds=int((end - begin).total_seconds()),
            late_seconds=late.get(step.number, 0),
            calendar_version=timers.calendar_version(),
        )
        StepRunHolding.objects.create(step_run=run, person=holder, since=begin, until=end)
        for requirement in step.requirements.all():
            Attestation.objects.create(
                step_run=run, requirement=requirement, met=True, by=holder, at=end
            )
        if step.number in late:
            Deviation.objects.create(
                request=request,
                step_run=run,
                aspect="waktu",
                rule="late_finish",
                key=f"late:{run.pk}",
                norm="60 Menit",
                actual="1 jam 10 menit",
                difference="terlambat 10 menit",
                late_seconds=600,
                responsible=operator,
                recorded_at=end,
            )
    edges_of_stages = (RECEIVED, at(9, 14), at(10, 9), at(11, 9), ISSUED)
    for stage, since, until in zip(Stage, edges_of_stages, edges_of_stages[1:], strict=False):
        StageRun.objects.create(
            request=request, stage=stage, since=since, until=until, finished_by=head
        )
    for person in request.registrants.all():
        refused = person.position_in_list == count and count > 1
        account = Account.objects.create(
            registrant=person,
            state=AccountState.REFUSED if refused else AccountState.ACCEPTED,
            user_id="" if refused else person.proposed_user_id,
            registered_email="" if refused else person.email,
            reason="NIP sudah memiliki akun pada SPSE lain" if refused else "",
            matches_form=not refused,
            recorded_by=operator,
            recorded_at=CREATED,
        )
        if not refused:
            Message.objects.create(
                request=request,
                account=account,
                kind=MessageKind.CREDENTIALS,
                state=MessageState.ACCEPTED,
                to_address=person.email,
                subject=mail_texts.credentials_subject(account),
                message_id=f"<contoh-{request.pk}-{person.pk}@contoh.go.id>",
                queued_at=CREATED,
                queued_by=operator,
                attempts=1,
                stage=SmtpStage.ANSWERED,
                answer_code=250,
                answer="2.0.0 Ok: queued as 4F1C0",
                settled_at=SENT,
            )
    return request
