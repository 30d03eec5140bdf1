"""Deviations are answered for and the answers judged, in one or several cases at once.

Possible in every state of a case, the archived and the cancelled one too: the file itself is never
changed, the papers join it as numbered additions (``papers``). Each case has its own audit entry,
which seals what belongs to it.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts_requests import accountability_rules as rules
from accounts_requests import addenda, audit, clock, papers, permissions, uploads, words
from accounts_requests.accountability_rules import AnswerData
from accounts_requests.deviation_states import with_state
from accounts_requests.exceptions import AlreadyDone, InvalidInput, NotAllowedNow
from accounts_requests.models import (
    AccountRequest,
    AnsweredDeviation,
    CaseNumber,
    Deviation,
    DeviationAnswer,
    DeviationCause,
    DeviationJudgement,
    Document,
    User,
)
from accounts_requests.roles import Role
from accounts_requests.states import FINAL_VERDICTS, Act, DocumentKind, Verdict
from accounts_requests.uploads import Upload

from .gate import mark_of, next_number
from .several_cases import Cases, on_cases


@dataclass(frozen=True, kw_only=True)
class OutsideJudge:
    """Who judged by a signed paper: name, title, and the paper with its number and date."""

    name: str
    title: str
    paper: Upload
    number: str
    date: dt.date


def answers_mark(deviations: Iterable[Deviation]) -> str:
    """A mark of how ``deviations`` (of ``with_state``) stand, which the form carries."""
    return mark_of(sorted((one.pk, getattr(one, "answer_pk", None)) for one in deviations))


def answer_deviations(
    deviations: Iterable[int],
    *,
    actor: User,
    data: AnswerData,
    evidence: Sequence[Upload] = (),
    seen: str = "",
) -> DeviationAnswer:
    """Answer for ``deviations`` (keys), all of one person in one role, with one cause.

    ``seen`` is ``answers_mark`` of what the form showed. With it an answer that waits may be
    corrected by a further one; an answer that came in between is met as AlreadyDone. Raises
    InvalidInput, NotPermitted, NotAllowedNow.
    """
    rules.check_answer(data)
    types = [uploads.check_scan(upload) for upload in evidence]
    keys = sorted(set(deviations))
    with on_cases(_cases_of(keys), actor) as cases:
        found = _deviations(keys)
        standing = rules.check_may_answer(actor, found)
        rules.check_can_be_answered(found, is_as_shown=seen == answers_mark(found))
        if seen and seen != answers_mark(found):
            raise AlreadyDone(
                "Keadaan penyimpangan ini berubah sejak halaman Anda dibuka, sehingga jawaban "
                "belum disimpan. Muat ulang halaman, lalu jawab bila masih perlu."
            )
        title = permissions.title_of(_answering_role(standing, actor), actor)
        person = found[0].answerable
        assert person is not None, "whoever may answer was compared with somebody"  # noqa: S101
        answer = DeviationAnswer.objects.create(
            number=_next_answer(cases.at),
            request=cases.of(found[0].request_id),
            responsible=person,
            role=standing.role,
            answered_by=actor,
            title=title,
            on_behalf=standing.on_behalf,
            at=cases.at,
            **_said(data),
        )
        AnsweredDeviation.objects.bulk_create(
            AnsweredDeviation(answer=answer, deviation=one, request_id=one.request_id, at=cases.at)
            for one in found
        )
        for number, (upload, media_type) in enumerate(zip(evidence, types, strict=True), start=1):
            papers.store_upload(
                answer.request,
                DocumentKind.ANSWER_PROOF,
                upload,
                media_type,
                at=cases.at,
                by=actor,
                title=f"Bukti {number} jawaban {answer.number}",
                answer=answer,
            )
        for case in cases.rows:
            count = sum(one.request_id == case.pk for one in found)
            _record(
                case,
                Act.ANSWER_DEVIATION,
                actor=actor,
                title=title,
                answer=answer,
                at=cases.at,
                summary=f"{count} penyimpangan dipertanggungjawabkan dengan jawaban "
                f"{answer.number}." + (f" {standing.on_behalf}" if standing.on_behalf else ""),
            )
    return answer


def judge_answer(
    answer: DeviationAnswer,
    *,
    actor: User,
    verdict: Verdict,
    ground: str = "",
    corrects: int | None = None,
) -> DeviationJudgement:
    """Accept the answer, return it with a reason, or find that there was no deviation.

    ``corrects`` is the key of the judgement that this one corrects, the latest one. Raises
    InvalidInput, NotPermitted, NotAllowedNow or AlreadyDone.
    """
    ground = rules.check_ground(verdict, ground, is_correction=corrects is not None)
    with on_cases(_cases_of_answer(answer), actor) as cases:
        fresh = DeviationAnswer.objects.select_related("responsible", "request").get(pk=answer.pk)
        role = rules.check_may_judge(actor, fresh)
        return _judge(
            fresh,
            cases,
            actor=actor,
            title=permissions.title_of(role, actor),
            verdict=verdict,
            ground=ground,
            corrects=corrects,
        )


def record_outside_judgement(
    answer: DeviationAnswer,
    *,
    actor: User,
    verdict: Verdict,
    outside: OutsideJudge,
    ground: str = "",
    corrects: int | None = None,
) -> DeviationJudgement:
    """Record the judgement of somebody who does not sign in here, from their signed paper.

    Only where nobody here may judge it. Raises as ``judge_answer``.
    """
    ground = rules.check_ground(verdict, ground, is_correction=corrects is not None)
    _check_outside(outside)
    media_type = uploads.check_scan(outside.paper)
    with on_cases(_cases_of_answer(answer), actor) as cases:
        fresh = DeviationAnswer.objects.select_related("responsible", "request").get(pk=answer.pk)
        role = rules.check_may_record_outside(actor, fresh)
        return _judge(
            fresh,
            cases,
            actor=actor,
            title=permissions.title_of(role, actor),
            verdict=verdict,
            ground=ground,
            corrects=corrects,
            outside=(outside, media_type),
        )


# -- parts ----------------------------------------------------------------------------------------


def _cases_of(deviations: Sequence[int]) -> list[int]:
    rows = Deviation.objects.filter(pk__in=deviations).order_by()
    return sorted(set(rows.values_list("request_id", flat=True)))


def _cases_of_answer(answer: DeviationAnswer) -> list[int]:
    return sorted(set(answer.items.order_by().values_list("request_id", flat=True)))


def _deviations(keys: Sequence[int]) -> list[Deviation]:
    rows = with_state(
        Deviation.objects.filter(pk__in=keys).select_related("responsible", "step_run__step")
    ).order_by("pk")
    found = list(rows)
    if len(found) != len(keys):
        raise InvalidInput("Sebagian penyimpangan yang dipilih tidak ditemukan. Pilih ulang.")
    return found


def _answering_role(standing: rules.Standing, actor: User) -> Role:
    """The role under whose title somebody signs the answer."""
    if not standing.on_behalf or standing.role in actor.current_roles():
        return standing.role
    return next(role for role in rules.RECORDERS if role in actor.current_roles())


def _said(data: AnswerData) -> dict[str, object]:
    offered = DeviationCause.objects.filter(is_active=True)
    cause = offered.filter(pk=data.cause).first() if data.cause else None
    if cause is None:
        raise InvalidInput({"cause": ["Sebab ini tidak lagi dapat dipilih. Pilih yang lain."]})
    return {
        "cause": cause,
        "cause_label": cause.label,
        "explanation": data.explanation.strip(),
        "remedy": data.remedy.strip(),
        "prevention": data.prevention.strip(),
    }


def _next_answer(at: dt.datetime) -> str:
    year = at.astimezone(words.ZONE).year
    return f"PJ-{year}-{next_number(CaseNumber.Series.ANSWER, year):04d}"


def _check_outside(outside: OutsideJudge) -> None:
    errors: dict[str, list[str]] = {}
    needed = {
        "judge_name": (outside.name, "Nama pejabat penilai wajib diisi."),
        "judge_title": (outside.title, "Jabatan pejabat penilai wajib diisi."),
        "paper_number": (outside.number, "Nomor surat penilaian wajib diisi."),
    }
    for name, (text, sentence) in needed.items():
        if not text.strip():
            errors[name] = [sentence]
    if outside.date > clock.today():
        errors["paper_date"] = ["Tanggal surat penilaian berada di masa depan."]
    if errors:
        raise InvalidInput(errors)


def _judge(
    answer: DeviationAnswer,
    cases: Cases,
    *,
    actor: User,
    title: str,
    verdict: Verdict,
    ground: str,
    corrects: int | None,
    outside: tuple[OutsideJudge, str] | None = None,
) -> DeviationJudgement:
    latest = answer.judgements.order_by("-pk").first()
    rules.check_can_be_judged(answer, latest, corrects)
    standing = _still_answered_by(answer)
    lead = cases.of(answer.request_id)
    paper = _stored(outside, answer, lead, actor=actor, at=cases.at)
    judge = outside[0] if outside else None
    judgement = DeviationJudgement.objects.create(
        answer=answer,
        request=lead,
        verdict=verdict,
        ground=ground,
        corrects=latest,
        at=cases.at,
        recorded_by=actor,
        judge_name=judge.name.strip() if judge else actor.titled_name,
        title=judge.title.strip() if judge else title,
        paper=paper,
        paper_number=judge.number.strip() if judge else "",
        paper_date=judge.date if judge else None,
    )
    # Its papers tell of the former judgement, if there was one.
    addenda.supersede_sheets(answer, at=cases.at)
    for case in cases.rows:
        if verdict in FINAL_VERDICTS and case.pk in standing:
            papers.owe(case, DocumentKind.ANSWER_SHEET, at=cases.at, by=actor, answer=answer)
        corrected = "Koreksi penilaian: jawaban" if latest else "Jawaban"
        said = f"{corrected} {answer.number} dinilai “{verdict.label}”"
        if judge:
            said += f" dengan surat penilaian nomor {judgement.paper_number}"
        _record(
            case,
            Act.JUDGE_DEVIATION,
            actor=actor,
            title=title,
            answer=answer,
            at=cases.at,
            summary=f"{said}{audit.REASON}{ground}" if ground else f"{said}.",
        )
    return judgement


def _still_answered_by(answer: DeviationAnswer) -> set[int]:
    """The cases in which ``answer`` is the latest to some deviation. Raises NotAllowedNow."""
    rows = with_state(Deviation.objects.filter(answered__answer=answer)).filter(answer_pk=answer.pk)
    standing = set(rows.values_list("request_id", flat=True))
    if not standing:
        raise NotAllowedNow(
            f"Jawaban {answer.number} sudah digantikan oleh jawaban yang lebih baru. Nilailah "
            "jawaban terakhir; yang lama tetap tersimpan."
        )
    return standing


def _stored(
    outside: tuple[OutsideJudge, str] | None,
    answer: DeviationAnswer,
    case: AccountRequest,
    *,
    actor: User,
    at: dt.datetime,
) -> Document | None:
    if outside is None:
        return None
    judge, media_type = outside
    return papers.store_upload(
        case,
        DocumentKind.JUDGEMENT_PAPER,
        judge.paper,
        media_type,
        at=at,
        by=actor,
        title=f"Surat penilaian atas jawaban {answer.number}",
        number=judge.number.strip(),
        dated=judge.date,
        answer=answer,
    )


def _record(
    case: AccountRequest,
    act: Act,
    *,
    actor: User,
    title: str,
    answer: DeviationAnswer,
    at: dt.datetime,
    summary: str,
) -> None:
    case.version += 1
    case.save(update_fields=["version"])
    audit.record(
        act,
        actor=actor,
        at=at,
        role=title,
        request=case,
        label=f"Jawaban {answer.number}",
        summary=summary,
        changes={"answer": answer.number},
    )
