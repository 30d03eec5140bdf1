"""Who answers for a deviation, and who judges the answer (Peringatan 2 of the SOP).

Only the responsible person answers, and nobody judges their own. Who judges whom is office data
(``Office.judge_of_…``); today's appointments decide, acting officials included. Each ``check_…``
raises a sentence that people can read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from accounts_requests import clock, words
from accounts_requests.deviation_states import state_of
from accounts_requests.exceptions import (
    AlreadyDone,
    InvalidInput,
    NotAllowedNow,
    NotPermitted,
)
from accounts_requests.models import (
    Appointment,
    Deviation,
    DeviationAnswer,
    DeviationJudgement,
    Judge,
    Office,
    User,
)
from accounts_requests.roles import Role
from accounts_requests.states import OWED_DEVIATIONS, DeviationState, Verdict

# Who may record the signed judgement of somebody who does not sign in here.
RECORDERS = (Role.KEPALA_BIRO, Role.KEPALA_LPSE, Role.PENYUSUN_KONSEP, Role.ADMIN_PPE)
LONGEST_TEXT = 4000
SHORTEST_TEXT = 5
STILL_RUNNING = (
    "Langkah ini masih berjalan melewati tenggatnya. Penyimpangannya dipertanggungjawabkan setelah "
    "langkah selesai, oleh yang memegangnya; selesaikan langkah itu dahulu."
)


@dataclass(frozen=True, kw_only=True)
class AnswerData:
    """What is answered: a cause of the office's list, and three texts of the person's own."""

    cause: int | None
    explanation: str
    remedy: str
    prevention: str


@dataclass(frozen=True, kw_only=True)
class Standing:
    """In which role somebody answers, and why they do so for another ("" for themselves)."""

    role: Role
    on_behalf: str = ""


# -- who judges whom ------------------------------------------------------------------------------


def superior_of(role: str, office: Office) -> Role | None:
    """The role that judges executors of ``role``; None when somebody outside does."""
    chosen = office.judge_of_admin_ppe if role == Role.ADMIN_PPE else office.judge_of_kepala_lpse
    return None if chosen == Judge.OUTSIDE else Role(chosen)


def judge_of(answer: DeviationAnswer, office: Office) -> Role | None:
    """The role that judges ``answer``; None when somebody outside does.

    Who answered for somebody that has left is a superior, whose own superior judges it.
    """
    superior = superior_of(answer.role, office)
    if not answer.on_behalf or superior is None:
        return superior
    return superior_of(superior, office) if superior == Role.KEPALA_LPSE else None


def holders() -> dict[Role, frozenset[int]]:
    """The keys of those who hold each of the judging roles today and can sign in. One query."""
    held = Appointment.objects.in_force(clock.today()).filter(
        role__in=[Judge.KEPALA_LPSE, Judge.KEPALA_BIRO], person__is_active=True
    )
    found: dict[Role, frozenset[int]] = {}
    for role, person in held.values_list("role", "person"):
        found[Role(role)] = found.get(Role(role), frozenset()) | {person}
    return found


def needs_outside(
    answer: DeviationAnswer, judge: Role | None, held: Mapping[Role, frozenset[int]]
) -> bool:
    """Nobody here can judge it: by the office's choice, or because only they themselves could.

    ``held``: ``holders()``.
    """
    return judge is None or not held.get(judge, frozenset()) - set(_involved(answer))


def has_left(person: User) -> bool:
    """They cannot answer any more: no sign-in, or no role today under which anything opens."""
    return not person.current_roles()


def _involved(answer: DeviationAnswer) -> tuple[int, int]:
    return answer.responsible_id, answer.answered_by_id


class Way(StrEnum):
    """How somebody may judge an answer."""

    NONE = ""
    HERE = "here"
    BY_PAPER = "by_paper"


def way_of(
    answer: DeviationAnswer,
    user: User,
    *,
    roles: frozenset[Role],
    office: Office,
    held: Mapping[Role, frozenset[int]],
) -> Way:
    """How ``user``, with ``roles`` today, may judge ``answer``: for queues and buttons.

    Asks no query. The gate asks again (``check_may_judge``, ``check_may_record_outside``).
    """
    if user.pk in _involved(answer):
        return Way.NONE
    judge = judge_of(answer, office)
    if judge in roles:
        return Way.HERE
    if needs_outside(answer, judge, held) and not roles.isdisjoint(RECORDERS):
        return Way.BY_PAPER
    return Way.NONE


# -- answering ------------------------------------------------------------------------------------


def check_may_answer(actor: User, deviations: Sequence[Deviation]) -> Standing:
    """The role in which ``actor`` answers for all of ``deviations`` together.

    Of ``with_state``; prefetch ``responsible`` and ``step_run__step``. Raises InvalidInput for what
    cannot be answered together, NotAllowedNow while a step still runs past its limit, NotPermitted
    for whoever is not the one to answer.
    """
    if not deviations:
        raise InvalidInput(
            "Belum ada penyimpangan yang dipilih. Pilih paling sedikit satu pada daftar "
            "“Yang harus dijawab”."
        )
    people = {one.answerable for one in deviations}
    roles = {one.step_run.step.executor for one in deviations}
    if len(people) > 1 or len(roles) > 1:
        raise InvalidInput(
            "Satu jawaban hanya untuk penyimpangan dari satu orang dalam satu peran. Pilihan Anda "
            "mencakup lebih dari itu; jawablah satu per satu."
        )
    person, role = people.pop(), Role(roles.pop())
    if person is None:
        raise NotAllowedNow(STILL_RUNNING)
    if person == actor:
        return Standing(role=role)
    if not has_left(person):
        raise NotPermitted(
            f"Penyimpangan ini dipertanggungjawabkan oleh pelaksananya sendiri, "
            f"{person.titled_name}. Tidak ada yang berubah."
        )
    # Where the superior is outside the application, whoever has the office now answers.
    answers = superior_of(role, Office.current()) or role
    if answers not in actor.current_roles():
        raise NotPermitted(
            f"{person.titled_name} tidak lagi bertugas di aplikasi ini, sehingga "
            f"penyimpangannya dijawab oleh {answers.label}. Tidak ada yang berubah."
        )
    return Standing(
        role=role,
        on_behalf=f"Dijawab oleh {answers.label} karena {person.titled_name} tidak lagi bertugas.",
    )


def check_can_be_answered(deviations: Sequence[Deviation], *, is_as_shown: bool) -> None:
    """Each of ``deviations`` (of ``with_state``) may be answered now.

    One whose answer waits may be answered anew, as a correction, by whoever was shown that very
    answer (``is_as_shown``). Raises NotAllowedNow or AlreadyDone.
    """
    for one in deviations:
        state = state_of(one)
        if state == DeviationState.RUNNING:
            raise NotAllowedNow(STILL_RUNNING)
        if state == DeviationState.LIFTED:
            raise NotAllowedNow(
                "Langkah ini tidak lagi melewati tenggat, sehingga tidak ada yang perlu dijawab. "
                "Catatannya tetap tersimpan."
            )
        if state == DeviationState.TRIAL:
            raise NotAllowedNow(
                "Penyimpangan ini tercatat dalam masa uji coba: dicatat, tidak dinilai. Tidak ada "
                "jawaban yang diperlukan."
            )
        if state in (DeviationState.ACCEPTED, DeviationState.NO_DEVIATION):
            raise AlreadyDone(
                f"Penyimpangan ini sudah dinilai “{state.label}”{_answered(one)}. Jawaban baru "
                "tidak diperlukan, dan yang tersimpan tetap utuh."
            )
        if not is_as_shown and state not in OWED_DEVIATIONS:
            raise AlreadyDone(
                f"Penyimpangan ini sudah dijawab{_answered(one)}. Jawaban itu menunggu penilaian; "
                "bila perlu diperbaiki, bukalah jawabannya lalu tekan “Perbaiki jawaban”."
            )


def check_answer(data: AnswerData) -> None:
    """What was typed is complete. Raises InvalidInput by the fields' names."""
    errors: dict[str, list[str]] = {}
    if data.cause is None:
        errors["cause"] = ["Pilih sebab yang paling sesuai."]
    named = {
        "explanation": "Uraian sebab",
        "remedy": "Yang sudah dilakukan",
        "prevention": "Pencegahan",
    }
    for name, label in named.items():
        text = getattr(data, name).strip()
        if not SHORTEST_TEXT <= len(text) <= LONGEST_TEXT:
            errors[name] = [f"{label} diisi {SHORTEST_TEXT} sampai {LONGEST_TEXT} karakter."]
    if errors:
        raise InvalidInput(errors)


def _answered(deviation: Deviation) -> str:
    answer = DeviationAnswer.objects.filter(items__deviation=deviation).order_by("-pk").first()
    if answer is None:
        return ""
    return (
        f" dengan jawaban {answer.number} oleh {answer.answered_by.titled_name}, "
        f"{words.instant(answer.at)}"
    )


# -- judging --------------------------------------------------------------------------------------


def check_may_judge(actor: User, answer: DeviationAnswer) -> Role:
    """The role in which ``actor`` judges ``answer`` in the application. Raises NotPermitted."""
    _check_not_ones_own(actor, answer)
    judge = judge_of(answer, Office.current())
    if judge is None:
        raise NotPermitted(
            "Jawaban ini dinilai oleh pejabat di luar aplikasi. Unggah surat penilaiannya yang "
            "sudah ditandatangani."
        )
    if judge not in actor.current_roles():
        raise NotPermitted(f"Jawaban ini dinilai oleh {judge.label}. Tidak ada yang berubah.")
    return judge


def check_may_record_outside(actor: User, answer: DeviationAnswer) -> Role:
    """The role in which ``actor`` records the signed judgement of somebody outside.

    Raises NotPermitted for the answerer and for other roles, NotAllowedNow where a judge is here.
    """
    _check_not_ones_own(actor, answer)
    held = actor.current_roles()
    role = next((one for one in RECORDERS if one in held), None)
    if role is None:
        raise NotPermitted("Surat penilaian tidak dapat dicatat oleh peran Anda.")
    judge = judge_of(answer, Office.current())
    if not needs_outside(answer, judge, holders()):
        label = judge.label if judge else ""
        raise NotAllowedNow(
            f"Jawaban ini dinilai di dalam aplikasi oleh {label}; surat penilaian dari luar tidak "
            "diperlukan."
        )
    return role


def check_can_be_judged(
    answer: DeviationAnswer, latest: DeviationJudgement | None, corrects: int | None
) -> None:
    """The answer is judged once; afterwards only corrected, by whoever saw the last judgement.

    Raises AlreadyDone, or NotAllowedNow where a later answer has taken its place everywhere.
    """
    if latest is not None and latest.pk != corrects:
        raise AlreadyDone(
            f"Jawaban {answer.number} sudah dinilai “{latest.get_verdict_display()}” oleh "
            f"{latest.judge_name}, {words.instant(latest.at)}. Bila penilaian itu keliru, bukalah "
            "jawabannya lalu tekan “Koreksi penilaian”."
        )
    if latest is None and corrects is not None:
        raise NotAllowedNow("Tidak ada penilaian yang dapat dikoreksi pada jawaban ini.")


def check_ground(verdict: str, ground: str, *, is_correction: bool) -> str:
    """The ground, stripped. Raises InvalidInput where one is needed and none is given."""
    ground = ground.strip()
    if len(ground) > LONGEST_TEXT:
        raise InvalidInput({"ground": [f"Paling banyak {LONGEST_TEXT} karakter."]})
    if (verdict != Verdict.ACCEPTED or is_correction) and len(ground) < SHORTEST_TEXT:
        what = {
            Verdict.RETURNED: "alasan pengembalian",
            Verdict.NO_DEVIATION: "dasar mengapa ini bukan penyimpangan",
        }.get(Verdict(verdict), "alasan koreksi")
        raise InvalidInput({"ground": [f"Tuliskan {what}, paling sedikit {SHORTEST_TEXT} huruf."]})
    return ground


def _check_not_ones_own(actor: User, answer: DeviationAnswer) -> None:
    if actor.pk in _involved(answer):
        raise NotPermitted(
            "Tidak seorang pun menilai pertanggungjawabannya sendiri. Tidak ada yang berubah."
        )
