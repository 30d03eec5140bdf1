"""What papers must say by the record: the rows of their tables, made of the rows of the database.

Each function is one kind of paper: the rows that it has to print, in order. ``printed`` gives the
rows that it does print; both without spaces, which a line's end swallows or a narrow cell adds.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from accounts_requests import words
from accounts_requests.models import (
    Account,
    AccountRequest,
    Deviation,
    DeviationAnswer,
    Document,
    EvidenceHandOver,
    Message,
    Reading,
    Registrant,
    SopStep,
    StepRun,
)
from accounts_requests.states import DocumentState, Employment

from .paper_reading import Tag, particulars, tables
from .paper_story import Story

WITA = ZoneInfo("Asia/Makassar")
Rows = list[list[str]]

# Which columns of which of its tables are the record's own words; None is all of them.
TABLES: dict[str, list[tuple[int, Sequence[int] | None]]] = {
    "decree_concept": [(0, None)],
    "decree": [(0, None)],
    "account_sheet": [(0, None)],
    "control_sheet": [(0, (0, 1, 5, 6)), (1, (0, 1, 2, 4, 5)), (2, None)],
    "archive_file": [(-2, None), (-1, (1, 2, 5))],
    "answer_sheet": [(0, (0, 1, 2, 3, 4))],
    "file_list": [(0, (1, 2, 5))],
    "file_contents": [(0, (0, 2, 3, 4, 8))],
    "hand_over": [(0, None)],
    "destruction_minutes": [(0, (1, 2, 4, 6))],
    "figures": [(0, (0, 2, 3, 4)), (1, None), (2, None)],
    "monitoring": [(0, (0, 1, 2)), (1, None)],
    "sop_sheet": [(0, (0, 1, 4, 5, 6, 7)), (1, (0, 1))],
    "reading_sheet": [(0, (0, 1))],
}


def printed(name: str, paper: Tag) -> Rows:
    """The particulars of a paper, then the rows of its tables, as far as they are the record's."""
    found = tables(paper)
    rows = [row for row in particulars(paper) if row[0] != "Jumlah"]
    for index, columns in TABLES.get(name, []):
        rows += [
            row if columns is None else [row[column] for column in columns] for row in found[index]
        ]
    return squeezed(rows)


def squeezed(rows: Iterable[Iterable[object]]) -> Rows:
    return [[re.sub(r"\s", "", str(cell)) for cell in row] for row in rows]


def nip(digits: str) -> str:
    return re.sub(r"^(\d{8})(\d{6})(\d)(\d{3})$", r"\1 \2 \3 \4", digits)


def day(on: dt.date | None) -> str:
    return f"{on:%d-%m-%Y}" if on else "—"


def moment(at: dt.datetime | None) -> str:
    return f"{at.astimezone(WITA):%d-%m-%Y %H.%M}" if at else "—"


def people(case: AccountRequest) -> list[Registrant]:
    return list(case.registrants.order_by("position_in_list"))


def _cited(case: AccountRequest) -> str:
    assert case.decree_date is not None
    holder = case.signer_title.title().replace("Lpse", "LPSE")
    return (
        f"Keputusan {holder} Nomor {case.decree_number} tanggal "
        f"{words.long_date(case.decree_date)} tentang {case.subject}"
    )


# -- an ordinary case -----------------------------------------------------------------------------


def decree(case: AccountRequest) -> Rows:
    assert case.decree_date is not None
    return squeezed(
        [
            ["NOMOR", case.decree_number],
            ["TANGGAL", words.long_date(case.decree_date).upper()],
            ["TENTANG", case.subject.upper()],
            *(
                [
                    person.position_in_list,
                    person.titled_name,
                    nip(person.nip),
                    f"{person.rank} ({person.grade})",
                    person.position,
                    person.get_account_kind_display(),
                    person.agency or "—",
                    day(person.valid_until or case.valid_until),
                ]
                for person in people(case)
            ),
        ]
    )


def form(person: Registrant) -> Rows:
    employment = [f"{'☑' if person.employment == one else '☐'} {one.label}" for one in Employment]
    kinds = [
        f"{'☑' if person.get_account_kind_display() == one else '☐'} {one}"
        for one in ("Verifikator", "Helpdesk", "Admin Agency")
    ]
    return squeezed(
        [
            ["Nama lengkap", person.full_name],
            ["Gelar depan/belakang", f"{person.title_before} / {person.title_after}"],
            ["Status kepegawaian", " ".join(employment)],
            ["NIP", nip(person.nip)],
            ["Pangkat/golongan", f"{person.rank} ({person.grade})"],
            ["Jabatan", person.position],
            ["Unit kerja", person.work_unit],
            ["K/L/PD (agency)", person.agency or "—"],
            ["E-mail pribadi", person.email],
            ["Nomor ponsel", person.mobile],
            ["Alamat kantor", person.office_address],
            ["Jenis akun", " ".join(kinds)],
            ["Jenis permohonan", "Baru"],
            ["Sistem tujuan", "SPSE 4.x"],
            ["Usulan user id", person.proposed_user_id],
            ["Berlaku sampai dengan", "Sesuai dengan masa berlaku dalam SK"],
        ]
    )


def order(case: AccountRequest) -> Rows:
    assert case.assignee is not None
    return squeezed(
        [
            ["Nama", case.assignee.titled_name],
            ["Pangkat/gol.", case.assignee.rank],
            ["NIP", nip(case.assignee.nip)],
            ["Jabatan", case.assignee.position],
            ["Selaku", "Admin PPE"],
        ]
    )


def order_memo(case: AccountRequest, given: dt.date) -> Rows:
    assert case.assignee is not None
    return squeezed(
        [
            ["Yth.", f"{case.assignee.titled_name} (Admin PPE)"],
            ["Dari", "Kepala LPSE"],
            ["Tembusan", "—"],
            ["Tanggal", words.long_date(given)],
            ["Nomor", case.order_number],
            ["Sifat", "Segera"],
            ["Lampiran", "1 (satu) SK dan 3 (tiga) Formulir"],
            ["Hal", "Perintah pembuatan akun Verifikator, Helpdesk, dan Admin Agency"],
        ]
    )


def account_sheet(case: AccountRequest) -> Rows:
    assert case.accounts_created_at is not None
    accounts = list(
        Account.objects.filter(registrant__request=case)
        .select_related("registrant", "recorded_by")
        .order_by("registrant__position_in_list")
    )
    made = [account for account in accounts if account.user_id]
    closed = words.instant(case.accounts_created_at)
    return squeezed(
        [
            ["Dasar", _cited(case)],
            ["Sistem tujuan", "SPSE 4.x"],
            ["Hasil", f"{len(made)} dari {len(accounts)} akun dibuat; langkah 3 selesai {closed}"],
            *(
                [
                    account.registrant.position_in_list,
                    account.registrant.titled_name,
                    account.registrant.get_account_kind_display(),
                    account.user_id or "—",
                    account.registered_email or "—",
                    "Dibuat di SPSE"
                    if account in made
                    else f"Tidak dapat dibuat: {account.reason}",
                    moment(account.recorded_at),
                    account.recorded_by.titled_name if account.recorded_by else "—",
                ]
                for account in accounts
            ),
        ]
    )


def mail_proof(case: AccountRequest) -> Rows:
    assert case.email_sent_at is not None
    sent = Message.objects.filter(request=case, account__isnull=False)
    accepted = sum(message.answer_code == 250 for message in sent)
    closed = words.instant(case.email_sent_at)
    said = f"{accepted} dari {len(sent)} pesan diterima server e-mail; langkah 4 selesai {closed}"
    return squeezed([["Dasar", _cited(case)], ["Hasil", said]])


def mails(case: AccountRequest) -> list[str]:
    """The lines of the proof of sending that tell of each message."""
    lines: list[str] = []
    for message in Message.objects.filter(request=case, account__isnull=False).order_by("pk"):
        sender, answered = message.queued_by, message.settled_at
        assert message.account is not None
        assert answered is not None
        assert sender is not None
        person = message.account.registrant
        lines += [
            f"{person.position_in_list}. {person.titled_name}",
            f"Kepada: {message.to_address}",
            f"Perihal: {message.subject}",
            f"Message-ID: {message.message_id}",
            f"Diantrekan: {words.instant(message.queued_at)}, oleh {sender.titled_name}",
            f"Diterima server: {words.instant(answered)}",
            "Keadaan: Diterima server e-mail",
            f"Jawaban server: {message.answer_code} {message.answer} (server telah menjawab)",
            f"Jumlah percobaan: {message.attempts}",
        ]
    return lines


def _head_of_the_sheet(case: AccountRequest) -> list[list[object]]:
    assert case.archived_at is not None
    revision = case.sop_revision
    return [
        ["Nomor SOP", f"{revision.number} (rev. {revision.revision})"],
        ["Permohonan", case.number],
        ["Nomor SK", case.decree_number],
        ["Personel", f"{len(people(case))} (1 Verifikator, 1 Helpdesk, dan 1 Admin Agency)"],
        ["Diterima", words.instant(case.received_at)],
        ["Diarsipkan", words.instant(case.archived_at)],
    ]


def control_sheet(case: AccountRequest) -> Rows:
    runs = case.step_runs.select_related("step").order_by("step__number")
    stages = case.stage_runs.select_related("finished_by")
    return squeezed(
        [
            *_head_of_the_sheet(case),
            *(
                [
                    run.step.printed_number or f"{run.step.number}*",
                    run.step.activity,
                    run.step.printed_limit,
                    _course(run),
                ]
                for run in runs
            ),
            *(
                [
                    one.step_run.step.number,
                    one.get_aspect_display(),
                    one.norm,
                    one.difference,
                    one.responsible.titled_name if one.responsible else "—",
                ]
                for one in Deviation.objects.filter(request=case).order_by("pk")
            ),
            *(
                [
                    stage.get_stage_display(),
                    words.instant(stage.since),
                    words.instant(stage.until),
                    words.duration(int((stage.until - stage.since).total_seconds())),
                    stage.finished_by.titled_name,
                    "—",
                ]
                for stage in stages
                if stage.until and stage.finished_by
            ),
        ]
    )


def _course(run: StepRun) -> str:
    assert run.finished_at is not None
    actual = "1 hari 2 jam" if run.step.number == 1 else words.duration(run.counted_seconds or 0)
    word = "tepat waktu" if run.due_at else "tanpa batas waktu"
    if run.late_seconds:
        word = f"terlambat {words.duration(run.late_seconds)}"
    due = f"Tenggat {moment(run.due_at)}" if run.due_at else ""
    return (
        f"{actual}, {word} Mulai {moment(run.started_at)} Selesai {moment(run.finished_at)} {due}"
        f"Tunggu: {words.duration(run.waiting_seconds or 0)}"
        f"Kerja: {words.duration(run.worked_seconds or 0)}"
        f"Waktu kalender: {words.duration(run.wall_seconds or 0)}"
    )


# -- what is told of a file afterwards ------------------------------------------------------------


def of_the_file(story: Story) -> dict[str, Rows]:
    """For each paper of the story whose tables print the record: the rows that they must have."""
    case = story.case
    assert case.archived_at is not None
    assert case.email_sent_at is not None
    period = words.long_date(case.received_at.astimezone(WITA).date())  # archived the same day
    first = [paper for paper in _papers(case) if paper.addendum is None]
    return {
        "archive_file": squeezed(
            [
                *_head_of_the_sheet(case),
                ["Nomor SK", case.decree_number],
                ["Diarsipkan", words.instant(case.archived_at)],
                ["Tingkat perkembangan", "Asli"],
                ["Media", "Elektronik (PDF)"],
                ["Klasifikasi keamanan", "Terbatas"],
                [
                    "Retensi",
                    (
                        "aktif 2 tahun sampai dengan 31 Desember 2028, inaktif 3 tahun sampai "
                        "dengan 31 Desember 2031; dihitung sejak akhir tahun pengarsipan"
                    ),
                ],
                ["Nasib akhir", "Permanen"],  # as it was when the file was archived
                ["Lokasi", "Arsip elektronik pada aplikasi"],
                *(
                    [
                        number,
                        "000.3.5",
                        f"{paper.title} {number:03}-{paper.file_name}",
                        day(paper.dated or paper.created_at.astimezone(WITA).date()),
                        f"{paper.pages} halaman {_kilobytes(paper.size)}",
                        "Asli",
                        paper.sha256,
                    ]
                    for number, paper in enumerate(first, start=1)
                ),
                ["000.3.5", case.archive_number, period],
            ]
        ),
        "file_contents": squeezed(
            [
                ["Kode klasifikasi", "000.3.5"],
                ["Unit pengolah", "Bagian Pengelolaan LPSE"],
                ["Uraian", f"Registrasi akun SPSE: {case.subject}. SK nomor {case.decree_number}"],
                ["Kurun waktu", period],
                ["Tingkat perkembangan", "Asli"],
                ["Media", "Elektronik (PDF)"],
                ["Klasifikasi keamanan", "Terbatas"],
                [
                    "Retensi",
                    (
                        "aktif 2 tahun sampai dengan 31 Desember 2028, inaktif 3 tahun sampai "
                        "dengan 31 Desember 2031; dihitung sejak akhir tahun pengarsipan"
                    ),
                ],
                ["Nasib akhir", "Musnah"],
                ["Lokasi", "Arsip elektronik pada aplikasi"],
                ["Keadaan", "Diusulkan musnah"],
                *(
                    [
                        number,
                        paper.title,
                        day(paper.dated or paper.created_at.astimezone(WITA).date()),
                        f"{paper.pages} halaman",
                        paper.sha256,
                    ]
                    for number, paper in enumerate(_papers(case), start=1)
                ),
            ]
        ),
        "answer_sheet": _answer(case, story.answer),
        "bounce_sheet": squeezed(
            row
            for one in case.bounces.select_related("message", "account__registrant", "recorded_by")
            for row in (
                ["Dasar", _cited(case)],
                ["Personel", f"1. {one.account.registrant.titled_name}"],
                ["Kepada", one.message.to_address],
                ["Message-ID", one.message.message_id],
                [
                    "Jawaban server",
                    (
                        f"Diterima server e-mail, {words.instant(case.email_sent_at)}: "
                        f"{one.message.answer_code} {one.message.answer}"
                    ),
                ],
                ["Kembali", words.instant(one.returned_at)],
                ["Dicatat", f"{words.instant(one.at)}, oleh {one.recorded_by.titled_name}"],
            )
        ),
        "resend_proof": squeezed(
            [
                ["Dasar", _cited(case)],
                ["Berkas diarsipkan", words.instant(case.archived_at)],
                ["Alasan", "Personel kehilangan password"],
                ["Pernah masuk ke SPSE", "sudah pernah"],
            ]
        ),
        "file_list": squeezed([["000.3.5", case.archive_number, period]]),
        "destruction_minutes": squeezed(
            [["000.3.5", case.archive_number, period, "31 Desember 2031"]]
        ),
        "hand_over": squeezed(
            [
                number,
                row["case"],
                AccountRequest.objects.get(number=row["case"]).decree_number,
                _kilobytes(row["size"]),
                f"{row['file']} {row['sha256']}",
            ]
            for number, row in enumerate(
                EvidenceHandOver.objects.get(package=story.package).content, start=1
            )
        ),
        "figures": _figures(case),
        "monitoring": squeezed(
            [
                *([row["step"], row["procedure"], "Berjalan baik"] for row in story.report.rows),
                *(
                    [number, row["question"], "✓" if row["holds"] else "", "", row["note"] or "—"]
                    for number, row in enumerate(story.report.answers, start=1)
                ),
            ]
        ),
        "sop_sheet": _sop(),
        "reading_sheet": squeezed(
            [f"{step.number}. {step.short_name}", step.printed_limit or "—"]
            for step in Reading.objects.get().revision.steps.order_by("number")
        ),
        "scan_page": [],
    }


def _answer(case: AccountRequest, answer: DeviationAnswer) -> Rows:
    who = answer.responsible
    return squeezed(
        [
            [
                "Dasar",
                (
                    "Peringatan nomor 2 SOP (penyimpangan atas mutu baku dipertanggungjawabkan "
                    "oleh pelaksana)"
                ),
            ],
            ["Penanggung jawab", f"{who.titled_name}, NIP {nip(who.nip)}, sebagai Admin PPE"],
            [
                "Dijawab oleh",
                f"{answer.answered_by.titled_name} (Admin PPE), {words.instant(answer.at)}",
            ],
            *(
                [
                    number,
                    case.decree_number,
                    f"{one.step_run.step.number}. {one.step_run.step.short_name}",
                    one.get_aspect_display(),
                    one.norm,
                ]
                for number, one in enumerate(
                    Deviation.objects.filter(answered__answer=answer).order_by("pk"), start=1
                )
            ),
        ]
    )


def _papers(case: AccountRequest) -> list[Document]:
    """The items of the file in its order: as it was archived, then what joined it."""
    order = [
        "control_sheet",
        "decree",
        "form",
        "order",
        "account_sheet",
        "mail_proof",
    ]
    papers = case.documents.filter(state=DocumentState.STORED, superseded_at__isnull=True).exclude(
        kind__in=("decree_concept", "archive_file")
    )
    return sorted(
        papers,
        key=lambda paper: (
            paper.addendum or 0,
            order.index(paper.kind) if paper.kind in order else 0,
            paper.registrant.position_in_list if paper.registrant else 0,
        ),
    )


def _kilobytes(size: int) -> str:
    return f"{size / 1024:.1f} KB".replace(".", ",")


def _figures(case: AccountRequest) -> Rows:
    runs = list(case.step_runs.select_related("step").order_by("step__number"))
    counts = {
        aspect: [
            case.deviations.filter(aspect=aspect, step_run__step__number=number).count()
            for number in range(1, 6)
        ]
        for aspect in ("perlengkapan", "waktu", "output")
    }
    kinds = ("Verifikator", "Helpdesk", "Admin Agency")
    return squeezed(
        [
            ["Diterima", 1],
            ["Diarsipkan", 1],
            ["Dibatalkan", 0],
            ["Masih terbuka pada akhir masa laporan", 0],
            ["Penyimpangan dicatat", case.deviations.count()],
            *(
                [
                    f"{run.step.number}. {run.step.short_name}",
                    1,
                    ("0,0 % (0 dari 1)" if run.late_seconds else "100,0 % (1 dari 1)")
                    if run.due_at
                    else "—",
                    int(bool(run.late_seconds)) if run.due_at else "—",
                ]
                for run in runs
            ),
            *([aspect.capitalize(), *row, sum(row)] for aspect, row in counts.items()),
            *([kind, 1, 0, 0, 1] for kind in kinds),
        ]
    )


def _sop() -> Rows:
    steps = list(SopStep.objects.order_by("number").prefetch_related("requirements"))
    marks = {4: " Kepala LPSE g", 5: "h"}
    rows = []
    for step in steps:
        needs = [need.text for need in step.requirements.all()]
        rows.append(
            [
                step.printed_number or f"{step.number}{marks[5]}",
                f"{step.activity}{marks[4] if step.number == 4 else ''}",
                "".join(f"{n}. {text}" for n, text in enumerate(needs, start=1))
                if len(needs) > 1
                else "".join(needs) or "—",
                step.printed_limit,
                step.output or "—",
                step.remarks or "—",
            ]
        )
    limits = [[step.printed_number or step.number, step.printed_limit] for step in steps]
    return squeezed([*rows, *limits])
