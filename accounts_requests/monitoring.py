"""Monitoring and evaluation of the SOP's application, every six months (PermenPANRB 35/2012).

The application fills in what the records show; a person judges. A judgement is written once, with
its paper; who judged wrongly judges again, as a further version.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Max

from accounts_requests import audit, figures, monitoring_drafts, words
from accounts_requests.exceptions import InvalidInput, NotAllowedNow, NotPermitted
from accounts_requests.models import Monitoring, Office, SopRevision, User
from accounts_requests.models.monitoring import Conclusion
from accounts_requests.permissions import title_of
from accounts_requests.questionnaires import Questions
from accounts_requests.report_periods import Period
from accounts_requests.roles import Role
from accounts_requests.states import Act

WELL, NOT_WELL, NOT_RUN = "baik", "tidak", "nihil"
JUDGEMENTS = {
    WELL: "Berjalan baik",
    NOT_WELL: "Tidak berjalan baik",
    NOT_RUN: "Tidak ada pelaksanaan",
}
JUDGES = (Role.KEPALA_LPSE, Role.KEPALA_BIRO)
LONGEST_TEXT = 2000


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A line before it is judged: the step as its SOP prints it, and what the records show."""

    step: int
    procedure: str
    facts: str
    was_run: bool


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A line of the table: *penilaian*, *catatan hasil*, *tindakan yang harus diambil*."""

    step: int
    procedure: str
    facts: str
    judgement: str
    findings: str
    actions: str


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A question of the evaluation, whether it holds, and what was said of it."""

    question: str
    holds: bool
    note: str


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a judge has decided: lines by step number, answers in the order of the questions."""

    lines: Mapping[int, tuple[str, str, str]]
    answers: Sequence[tuple[bool, str]]
    verdict: str
    verdict_reason: str


def require_judge(user: User) -> Role:
    """The role in which ``user`` may judge today. Raises NotPermitted."""
    held = user.current_roles()
    found = next((role for role in JUDGES if role in held), None)
    if found is None:
        raise NotPermitted(
            "Penerapan SOP dinilai oleh Kepala LPSE atau Kepala Biro. Tidak ada yang berubah."
        )
    return found


def require_ended(period: Period, today: dt.date) -> None:
    """Raises NotAllowedNow for what is no half year, or one that has not ended."""
    if not period.is_half_year:
        raise NotAllowedNow(
            "Pemantauan dilakukan setiap enam bulan: pilih Semester I (Januari sampai Juni) atau "
            "Semester II (Juli sampai Desember)."
        )
    if period.last >= today:
        raise NotAllowedNow(
            f"{period} berakhir {words.long_date(period.last)}. Angkanya sudah dapat dibaca pada "
            "Laporan; penilaiannya dapat diisi mulai sehari sesudahnya."
        )


def revision_for(period: Period) -> SopRevision:
    """The revision in force as the period ended. Raises NotAllowedNow before the first."""
    found = SopRevision.in_force(period.last) or SopRevision.objects.order_by("revision").first()
    if found is None:
        raise NotAllowedNow("Belum ada SOP yang berlaku. Jalankan pengisian data awal dahulu.")
    return found


def prepare(found: figures.Figures, revision: SopRevision) -> list[Prepared]:
    """A line for each activity of the SOP with the facts of the period."""
    lines = []
    for step in revision.steps.order_by("number"):
        counted = [one for one in found.steps if one.number == step.number]
        facts = [_facts(one) for one in counted] or ["Tidak ada pelaksanaan yang selesai"]
        deviated = [
            f"{count} penyimpangan {aspect}"
            for aspect, counts, _ in found.by_aspect
            for number, count in counts
            if number == step.number and count
        ]
        lines.append(
            Prepared(
                step=step.number,
                procedure=step.activity,
                facts="; ".join([*facts, *deviated]) + ".",
                was_run=bool(counted),
            )
        )
    return lines


def _facts(step: figures.StepFigures) -> str:
    said = [f"{len(step.runs)} pelaksanaan"]
    if step.limited:
        said.append(
            f"{step.share} tepat waktu ({step.on_time} dari {len(step.limited)}, batas "
            f"{step.limit_words})"
        )
    said += [
        f"median {step.median.said()}",
        f"persentil ke-90 {step.ninth.said()}",
        f"terlama {step.worst.said()} ({step.worst.case})",
    ]
    return ", ".join(said)


def judge(
    prepared: Sequence[Prepared], given: Given, asked: Questions
) -> tuple[list[Judged], list[Answered]]:
    """Put what was decided beside what was prepared; the answers are those to ``asked``.

    Raises InvalidInput with sentences by field: ``penilaian_3``, ``catatan_3``, ``tindakan_3``,
    ``jawaban_2``, ``alasan_2``, ``putusan``, ``alasan_putusan``.
    """
    errors: dict[str, list[str]] = {}
    rows = []
    for line in prepared:
        judgement, findings, actions = given.lines.get(line.step, ("", "", ""))
        errors |= _wrong_line(line, judgement, findings, actions)
        rows.append(
            Judged(
                step=line.step,
                procedure=line.procedure,
                facts=line.facts,
                judgement=judgement,
                findings=findings,
                actions=actions,
            )
        )
    answers = []
    for number, (question, (holds, note)) in enumerate(
        zip(asked.texts, given.answers, strict=True), start=1
    ):
        if not holds and not note.strip():
            errors[f"alasan_{number}"] = [f"Jelaskan mengapa tidak: {question}."]
        answers.append(Answered(question=question, holds=holds, note=note))
    if given.verdict not in Conclusion.values:
        errors["putusan"] = ["Pilih putusan: tetap atau direvisi."]
    if not given.verdict_reason.strip():
        errors["alasan_putusan"] = ["Tuliskan alasan putusan."]
    if errors:
        raise InvalidInput(errors)
    return rows, answers


def _wrong_line(
    line: Prepared, judgement: str, findings: str, actions: str
) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    if judgement not in JUDGEMENTS:
        wrong[f"penilaian_{line.step}"] = [f"Nilai prosedur {line.step}."]
    elif judgement == NOT_RUN and line.was_run:
        wrong[f"penilaian_{line.step}"] = [
            f"Prosedur {line.step} dilaksanakan pada masa ini: nilai baik atau tidak."
        ]
    elif judgement != NOT_RUN and not line.was_run:
        wrong[f"penilaian_{line.step}"] = [
            f"Prosedur {line.step} tidak dilaksanakan pada masa ini, sehingga tidak dinilai."
        ]
    if judgement == NOT_WELL and not findings.strip():
        wrong[f"catatan_{line.step}"] = [f"Tuliskan catatan hasil prosedur {line.step}."]
    if judgement == NOT_WELL and not actions.strip():
        wrong[f"tindakan_{line.step}"] = [
            f"Tuliskan tindakan yang harus diambil untuk prosedur {line.step}."
        ]
    return wrong


@dataclass(frozen=True, kw_only=True)
class Paper:
    """The rendered paper of a judgement."""

    data: bytes
    pages: int


def keep(
    report: Monitoring,
    paper: Paper,
    *,
    actor: User,
    role: Role,
) -> Monitoring:
    """Write the judgement with its paper, as the next version of its half year; audited.

    ``report`` is unsaved and has everything but its version and paper; the version on the paper
    must be ``next_version``'s. Raises NotAllowedNow when somebody else was quicker.
    """
    with transaction.atomic():
        Office.objects.select_for_update().get(pk=1)  # two judges at once: one after the other
        if report.version != next_version(Period(report.first, report.last)):
            raise NotAllowedNow(
                "Laporan masa ini baru saja disimpan oleh orang lain. Isian Anda tetap ada: "
                "periksa laporan itu, lalu simpan kembali bila masih diperlukan."
            )
        report.pdf = paper.data
        report.pages = paper.pages
        report.sha256 = hashlib.sha256(paper.data).hexdigest()
        report.save(force_insert=True)
        audit.record(
            Act.MONITOR,
            actor=actor,
            at=report.judged_at,
            role=title_of(role, actor),
            label=f"Pemantauan {Period(report.first, report.last)}",
            summary=(
                f"Penerapan SOP {Period(report.first, report.last)} dinilai: "
                f"{Conclusion(report.verdict).label}."
            ),
            changes={
                "version": report.version,
                "verdict": report.verdict,
                "sha256": report.sha256,
                "content": audit.hashed({"rows": report.rows, "answers": report.answers}),
            },
            rows=[report],
        )
        monitoring_drafts.forget(Period(report.first, report.last), judge=actor)
    return report


def drafted(
    period: Period,
    revision: SopRevision,
    prepared: Sequence[Prepared],
    given: Given,
    asked: Questions,
    *,
    actor: User,
    role: Role,
    at: dt.datetime,
) -> Monitoring:
    """The judgement as an unsaved row, for its paper and then for ``keep``.

    Raises InvalidInput as ``judge`` does.
    """
    rows, answers = judge(prepared, given, asked)
    return Monitoring(
        first=period.first,
        last=period.last,
        version=next_version(period),
        revision=revision,
        rows=[asdict(row) for row in rows],
        answers=[asdict(answer) for answer in answers],
        questionnaire=asked.number,
        verdict=given.verdict,
        verdict_reason=given.verdict_reason.strip(),
        judged_by=actor,
        judged_as=title_of(role, actor),
        judged_at=at,
    )


def next_version(period: Period) -> int:
    """Which version of the period's report comes next."""
    kept = Monitoring.objects.filter(first=period.first, last=period.last)
    return (kept.aggregate(last=Max("version"))["last"] or 0) + 1
