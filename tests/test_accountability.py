"""Deviations are answered for: who answers, who judges, what is refused, and what is kept."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from accounts_requests import clock, verifying, workflow
from accounts_requests.accountability_rules import AnswerData
from accounts_requests.acts.accountability import OutsideJudge
from accounts_requests.deviation_states import is_clean, verdict, with_state
from accounts_requests.exceptions import (
    AlreadyDone,
    InvalidInput,
    NotAllowedNow,
    NotPermitted,
)
from accounts_requests.models import (
    AccountRequest,
    AnsweredDeviation,
    Appointment,
    AuditEntry,
    Deviation,
    DeviationAnswer,
    DeviationCause,
    DeviationJudgement,
    Document,
    Judge,
    Office,
    RecordSeal,
    User,
)
from accounts_requests.roles import Capacity, Role
from accounts_requests.states import Act, DeviationState, DocumentKind, Verdict

from . import accountability_cases as told
from . import cases
from .cases import OfficePeople
from .query_counts import queries

# PostgreSQL takes the calendar's lock with a statement of its own; SQLite locks as a whole.
HOLDS_CALENDAR = 1 if connection.vendor == "postgresql" else 0

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]


@pytest.fixture
def case(office_people: OfficePeople) -> AccountRequest:
    """Step 3 was late; it is answered for from Wednesday on."""
    return told.late_step3(office_people)


def states(*found: AccountRequest) -> list[str]:
    rows = with_state(Deviation.objects.filter(request__in=found)).order_by("pk")
    return [row.state for row in rows]


def said_on(case: AccountRequest) -> str:
    return verdict(with_state(case.deviations.all()))


def leave(person: User) -> None:
    """Somebody no longer works here."""
    person.is_active = False
    person.save()


# -- the way of one deviation ---------------------------------------------------------------------


def test_a_deviation_is_answered_returned_answered_again_and_accepted(
    office_people: OfficePeople, case: AccountRequest
) -> None:
    seen = [(states(case), said_on(case))]
    with clock.moved_to(told.LATER):
        first = told.answered(case, actor=office_people.admin1)
        seen.append((states(case), said_on(case)))
        workflow.judge_answer(
            first, actor=office_people.kepala, verdict=Verdict.RETURNED, ground="Belum ada bukti"
        )
        seen.append((states(case), said_on(case)))
        second = told.answered(case, actor=office_people.admin1)
        told.accepted(second, actor=office_people.kepala)
        seen.append((states(case), said_on(case)))

    assert seen == [
        (["unanswered"], "Terdapat penyimpangan (1 belum dipertanggungjawabkan)"),
        (["waiting"], "Terdapat penyimpangan (1 menunggu penilaian)"),
        (["returned"], "Terdapat penyimpangan (1 dikembalikan untuk dijawab lagi)"),
        (["accepted"], "Terdapat penyimpangan (1 dipertanggungjawabkan dan diterima)"),
    ]
    assert [first.number, second.number] == ["PJ-2026-0001", "PJ-2026-0002"]
    assert verifying.verify().breaks == []


def test_what_is_found_to_be_none_is_counted_apart_and_the_case_reads_clean(
    office_people: OfficePeople, case: AccountRequest
) -> None:
    with clock.moved_to(told.LATER):
        answer = told.answered(case, actor=office_people.admin1)
        workflow.judge_answer(
            answer,
            actor=office_people.kepala,
            verdict=Verdict.NO_DEVIATION,
            ground="Kalender yang berlaku saat itu keliru",
        )

    assert states(case) == ["no_deviation"]
    assert said_on(case) == "Sesuai mutu baku; 1 dinilai bukan penyimpangan"
    assert is_clean(with_state(case.deviations.all()))


def test_one_answer_covers_deviations_of_several_cases_and_each_tells_of_it(
    office_people: OfficePeople, case: AccountRequest
) -> None:
    other = told.late_step3(office_people, number="000.3/2/B.PBJ-II/2026")
    with clock.moved_to(told.LATER):
        answer = told.answered(case, other, actor=office_people.admin1, evidence=[told.picture()])
        told.accepted(answer, actor=office_people.kepala)

    assert states(case, other) == ["accepted", "accepted"]
    acts = (Act.ANSWER_DEVIATION, Act.JUDGE_DEVIATION)
    assert list(
        AuditEntry.objects.filter(act__in=acts)
        .order_by("sequence")
        .values_list("request__number", "act", "actor_role", "summary")
    ) == [
        (
            number,
            act,
            role,
            said,
        )
        for act, role, said in (
            (
                "answer_deviation",
                "Admin PPE",
                "1 penyimpangan dipertanggungjawabkan dengan jawaban PJ-2026-0001.",
            ),
            ("judge_deviation", "Kepala LPSE", "Jawaban PJ-2026-0001 dinilai “Diterima”."),
        )
        for number in (case.number, other.number)
    ]
    assert list(
        answer.documents.order_by("pk").values_list("request__number", "kind", "addendum")
    ) == [
        (case.number, "answer_proof", None),
        (case.number, "answer_sheet", None),
        (other.number, "answer_sheet", None),
    ]
    assert verifying.verify().breaks == []


def test_answering_and_judging_ask_the_database_this_often(
    office_people: OfficePeople, case: AccountRequest
) -> None:
    with clock.moved_to(told.LATER), queries() as counted:
        answer = told.answered(case, actor=office_people.admin1)
    assert len(counted) == 27 + HOLDS_CALENDAR, counted
    with clock.moved_to(told.LATER), queries() as counted:
        told.accepted(answer, actor=office_people.kepala)
    assert len(counted) == 27 + HOLDS_CALENDAR, counted


# -- who may not ----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["admin2", "kepala", "biro", "drafter", "inspector", "keeper"])
def test_nobody_else_answers_while_the_responsible_person_is_there(
    who: str, office_people: OfficePeople, case: AccountRequest
) -> None:
    with clock.moved_to(told.LATER), pytest.raises(NotPermitted) as refused:
        told.answered(case, actor=getattr(office_people, who))

    assert str(refused.value) == (
        "Penyimpangan ini dipertanggungjawabkan oleh pelaksananya sendiri, Admin Contoh Satu. "
        "Tidak ada yang berubah."
    )
    assert not DeviationAnswer.objects.exists()


@pytest.mark.parametrize("who", ["admin2", "biro", "drafter", "inspector", "keeper", "nobody"])
def test_nobody_but_the_superior_judges(
    who: str, office_people: OfficePeople, case: AccountRequest
) -> None:
    with clock.moved_to(told.LATER):
        answer = told.answered(case, actor=office_people.admin1)
        with pytest.raises(NotPermitted, match="Jawaban ini dinilai oleh Kepala LPSE"):
            told.accepted(answer, actor=getattr(office_people, who))

    assert states(case) == ["waiting"]


def test_nobody_judges_their_own_answer_even_as_acting_head(
    office_people: OfficePeople, case: AccountRequest
) -> None:
    Appointment.objects.create(
        person=office_people.admin1,
        role=Role.KEPALA_LPSE,
        capacity=Capacity.PLH,
        since=dt.date(2026, 7, 7),
        legal_basis="Surat Perintah contoh",
    )
    with clock.moved_to(told.LATER):
        answer = told.answered(case, actor=office_people.admin1)
        with pytest.raises(NotPermitted, match="Tidak seorang pun menilai"):
            told.accepted(answer, actor=office_people.admin1)


def test_an_acting_head_judges_under_the_title_of_that_day(
    office_people: OfficePeople, case: AccountRequest
) -> None:
    Appointment.objects.create(
        person=office_people.drafter,
        role=Role.KEPALA_LPSE,
        capacity=Capacity.PLH,
        since=dt.date(2026, 7, 7),
        legal_basis="Surat Perintah contoh",
    )
    with clock.moved_to(told.LATER):
        answer = told.answered(case, actor=office_people.admin1)
        told.accepted(answer, actor=office_people.drafter)

    judged = DeviationJudgement.objects.get()
    assert (judged.judge_name, judged.title) == ("Penyusun Contoh", "Plh. Kepala LPSE")


def test_the_office_may_let_kepala_biro_judge_admin_ppe(
    office_people: OfficePeople, case: AccountRequest
) -> None:
    Office.objects.update(judge_of_admin_ppe=Judge.KEPALA_BIRO)
    with clock.moved_to(told.LATER):
        answer = told.answered(case, actor=office_people.admin1)
        with pytest.raises(NotPermitted, match="Jawaban ini dinilai oleh Kepala Biro"):
            told.accepted(answer, actor=office_people.kepala)
        told.accepted(answer, actor=office_people.biro)

    assert states(case) == ["accepted"]


def test_kepala_lpse_is_judged_by_kepala_biro(office_people: OfficePeople) -> None:
    case = late_decree(office_people)
    with clock.moved_to(told.LATER):
        answer = told.answered(case, actor=office_people.kepala)
        with pytest.raises(NotPermitted, match="Tidak seorang pun menilai"):
            told.accepted(answer, actor=office_people.kepala)
        told.accepted(answer, actor=office_people.biro)

    assert (answer.role, answer.title, states(case)) == (
        "kepala_lpse",
        "Kepala LPSE",
        ["accepted"],
    )


def late_decree(staff: OfficePeople) -> AccountRequest:
    """Kepala LPSE issued the SK after the three days of step 1."""
    with clock.moved_to(cases.MONDAY - dt.timedelta(days=7)):
        case = cases.submitted(staff, people=1)
    with clock.moved_to(cases.MONDAY):
        workflow.issue_decree(
            case,
            actor=staff.kepala,
            number="000.3/9/B.PBJ-II/2026",
            date=clock.today(),
            password=cases.PASSWORD,
        )
    return cases.fresh(case)


# -- somebody has left; somebody is their own superior ---------------------------------------------


def test_who_has_left_is_answered_for_by_the_superior_whose_own_superior_judges(
    office_people: OfficePeople, case: AccountRequest
) -> None:
    leave(office_people.admin1)
    with clock.moved_to(told.LATER):
        with pytest.raises(NotPermitted, match="dijawab oleh Kepala LPSE"):
            told.answered(case, actor=office_people.admin2)
        answer = told.answered(case, actor=office_people.kepala)
        with pytest.raises(NotPermitted, match="Tidak seorang pun menilai"):
            told.accepted(answer, actor=office_people.kepala)
        told.accepted(answer, actor=office_people.biro)

    assert (answer.on_behalf, answer.title, answer.responsible) == (
        "Dijawab oleh Kepala LPSE karena Admin Contoh Satu tidak lagi bertugas.",
        "Kepala LPSE",
        office_people.admin1,
    )
    assert AuditEntry.objects.filter(act=Act.ANSWER_DEVIATION).get().summary == (
        "1 penyimpangan dipertanggungjawabkan dengan jawaban PJ-2026-0001. "
        "Dijawab oleh Kepala LPSE karena Admin Contoh Satu tidak lagi bertugas."
    )


def outside(**changes: object) -> OutsideJudge:
    given: dict[str, object] = {
        "name": "Sekretaris Daerah Contoh",
        "title": "Sekretaris Daerah",
        "paper": told.picture("surat.png"),
        "number": "800/12/SETDA/2026",
        "date": dt.date(2026, 7, 7),
    }
    return OutsideJudge(**{**given, **changes})  # type: ignore[arg-type]


def test_where_the_head_is_both_an_outside_judgement_is_recorded_from_its_paper(
    office_people: OfficePeople,
) -> None:
    leave(office_people.biro)
    Appointment.objects.create(
        person=office_people.kepala, role=Role.KEPALA_BIRO, since=dt.date(2023, 1, 1)
    )
    case = late_decree(office_people)
    with clock.moved_to(told.LATER):
        answer = told.answered(case, actor=office_people.kepala)
        for attempt in (told.accepted, record_outside):
            with pytest.raises(NotPermitted, match="Tidak seorang pun menilai"):
                attempt(answer, actor=office_people.kepala)
        record_outside(answer, actor=office_people.admin1)

    judged = DeviationJudgement.objects.get()
    paper = judged.paper
    assert paper is not None
    assert (
        judged.judge_name,
        judged.title,
        judged.paper_number,
        judged.paper_date,
        judged.recorded_by,
        paper.kind,
        paper.number,
    ) == (
        "Sekretaris Daerah Contoh",
        "Sekretaris Daerah",
        "800/12/SETDA/2026",
        dt.date(2026, 7, 7),
        office_people.admin1,
        "judgement_paper",
        "800/12/SETDA/2026",
    )
    assert states(case) == ["accepted"]
    assert verifying.verify().breaks == []


def record_outside(answer: DeviationAnswer, *, actor: User) -> None:
    workflow.record_outside_judgement(
        answer, actor=actor, verdict=Verdict.ACCEPTED, outside=outside()
    )


def test_an_outside_judgement_is_refused_while_somebody_here_may_judge(
    office_people: OfficePeople, case: AccountRequest
) -> None:
    with clock.moved_to(told.LATER):
        answer = told.answered(case, actor=office_people.admin1)
        with pytest.raises(NotAllowedNow, match="dinilai di dalam aplikasi oleh Kepala LPSE"):
            record_outside(answer, actor=office_people.admin2)
        Office.objects.update(judge_of_admin_ppe=Judge.OUTSIDE)
        with pytest.raises(NotPermitted, match="pejabat di luar aplikasi"):
            told.accepted(answer, actor=office_people.kepala)
        with pytest.raises(NotPermitted, match="oleh peran Anda"):
            record_outside(answer, actor=office_people.inspector)
        with pytest.raises(InvalidInput) as refused:
            workflow.record_outside_judgement(
                answer,
                actor=office_people.kepala,
                verdict=Verdict.ACCEPTED,
                outside=outside(name=" ", number="", title="", date=dt.date(2026, 7, 9)),
            )
        record_outside(answer, actor=office_people.kepala)

    assert refused.value.errors == {
        "judge_name": ["Nama pejabat penilai wajib diisi."],
        "judge_title": ["Jabatan pejabat penilai wajib diisi."],
        "paper_number": ["Nomor surat penilaian wajib diisi."],
        "paper_date": ["Tanggal surat penilaian berada di masa depan."],
    }
    assert states(case) == ["accepted"]


# -- what is typed, and what happened in between ---------------------------------------------------


def test_an_answer_says_why_what_was_done_and_what_will_prevent_it(
    office_people: OfficePeople, case: AccountRequest
) -> None:
    DeviationCause.objects.filter(position=2).update(is_active=False)
    gone = DeviationCause.objects.get(position=2)
    empty = AnswerData(cause=None, explanation=" ", remedy="ya", prevention="x" * 4001)
    former = AnswerData(
        cause=gone.pk, explanation="Listrik padam", remedy="Ditunggu", prevention="Genset"
    )
    found = []
    with clock.moved_to(told.LATER):
        for account in (empty, former):
            with pytest.raises(InvalidInput) as refused:
                workflow.answer_deviations(
                    told.deviations_of(case), actor=office_people.admin1, data=account
                )
            found.append(refused.value.errors)

    assert found == [
        {
            "cause": ["Pilih sebab yang paling sesuai."],
            "explanation": ["Uraian sebab diisi 5 sampai 4000 karakter."],
            "remedy": ["Yang sudah dilakukan diisi 5 sampai 4000 karakter."],
            "prevention": ["Pencegahan diisi 5 sampai 4000 karakter."],
        },
        {"cause": ["Sebab ini tidak lagi dapat dipilih. Pilih yang lain."]},
    ]


def test_deviations_of_two_people_are_not_answered_together(
    office_people: OfficePeople, case: AccountRequest
) -> None:
    other = late_decree(office_people)
    with clock.moved_to(told.LATER):
        with pytest.raises(InvalidInput, match="satu orang dalam satu peran"):
            told.answered(case, other, actor=office_people.admin1)
        with pytest.raises(InvalidInput, match="Belum ada penyimpangan yang dipilih"):
            told.answered(actor=office_people.admin1)
        with pytest.raises(InvalidInput, match="tidak ditemukan"):
            workflow.answer_deviations([99_999], actor=office_people.admin1, data=told.data())


def test_the_second_press_meets_the_first_and_a_correction_is_a_further_answer(
    office_people: OfficePeople, case: AccountRequest
) -> None:
    keys = told.deviations_of(case)
    rows = with_state(Deviation.objects.filter(pk__in=keys))
    with clock.moved_to(told.LATER):
        shown = workflow.answers_mark(rows)
        first = workflow.answer_deviations(
            keys, actor=office_people.admin1, data=told.data(), seen=shown
        )
        for seen in (shown, ""):
            with pytest.raises(AlreadyDone, match="PJ-2026-0001 oleh Admin Contoh Satu"):
                workflow.answer_deviations(
                    keys, actor=office_people.admin1, data=told.data(), seen=seen
                )
        workflow.answer_deviations(
            keys,
            actor=office_people.admin1,
            data=told.data("Yang benar: listrik padam."),
            seen=workflow.answers_mark(rows.all()),
        )
        with pytest.raises(NotAllowedNow, match="sudah digantikan oleh jawaban yang lebih baru"):
            told.accepted(first, actor=office_people.kepala)

    assert DeviationAnswer.objects.count() == 2
    assert states(case) == ["waiting"]


def test_a_judged_answer_is_judged_once_and_a_correction_of_it_is_a_further_record(
    office_people: OfficePeople, case: AccountRequest
) -> None:
    kepala = office_people.kepala
    with clock.moved_to(told.LATER):
        answer = told.answered(case, actor=office_people.admin1)
        told.accepted(answer, actor=kepala)
        cases.render_papers(case)
        with pytest.raises(AlreadyDone, match="sudah dinilai “Diterima” oleh Kepala Contoh"):
            told.accepted(answer, actor=kepala)
        with pytest.raises(AlreadyDone, match="sudah dinilai “Diterima”"):
            told.answered(case, actor=office_people.admin1)
        first = DeviationJudgement.objects.get()
        with pytest.raises(InvalidInput, match="alasan koreksi"):
            workflow.judge_answer(answer, actor=kepala, verdict=Verdict.ACCEPTED, corrects=first.pk)
        workflow.judge_answer(
            answer,
            actor=kepala,
            verdict=Verdict.NO_DEVIATION,
            ground="Gangguan SPSE diumumkan LKPP",
            corrects=first.pk,
        )
        cases.render_papers(case)

    sheets = answer.documents.order_by("pk").values_list("version", "superseded_at")
    assert [(version, bool(ended)) for version, ended in sheets] == [(1, True), (2, False)]
    assert list(DeviationJudgement.objects.values_list("verdict", "corrects")) == [
        ("accepted", None),
        ("no_deviation", first.pk),
    ]
    assert states(case) == ["no_deviation"]
    assert verifying.verify().breaks == []


def test_a_return_and_a_finding_give_their_ground(
    office_people: OfficePeople, case: AccountRequest
) -> None:
    with clock.moved_to(told.LATER):
        answer = told.answered(case, actor=office_people.admin1)
        for verdict_, said in (
            (Verdict.RETURNED, "Tuliskan alasan pengembalian"),
            (Verdict.NO_DEVIATION, "Tuliskan dasar mengapa ini bukan penyimpangan"),
        ):
            with pytest.raises(InvalidInput, match=said):
                workflow.judge_answer(answer, actor=office_people.kepala, verdict=verdict_)


# -- the trial period -----------------------------------------------------------------------------


def test_in_a_trial_period_a_deviation_is_recorded_and_not_judged_whatever_is_set_later(
    office_people: OfficePeople,
) -> None:
    Office.objects.update(trial_until=dt.date(2026, 7, 6))
    case = told.late_step3(office_people)
    Office.objects.update(trial_until=None)
    later = late_decree(office_people)
    Office.objects.update(trial_until=dt.date(2026, 12, 31))
    with clock.moved_to(told.LATER), pytest.raises(NotAllowedNow, match="masa uji coba"):
        told.answered(case, actor=office_people.admin1)

    assert states(case, later) == ["trial", "unanswered"]
    assert said_on(case) == "1 penyimpangan masa uji coba: dicatat, tidak dinilai"
    assert not is_clean(with_state(case.deviations.all()))
    assert str(DeviationState.TRIAL.label) == "Masa uji coba: dicatat, tidak dinilai"


# -- after archiving ------------------------------------------------------------------------------


def test_an_answer_after_archiving_joins_the_file_as_numbered_additions(
    office_people: OfficePeople, case: AccountRequest
) -> None:
    case = told.to_the_archive(case, office_people)
    file = case.documents.get(kind=DocumentKind.ARCHIVE_FILE)
    with clock.moved_to(told.LATER):
        answer = told.answered(case, actor=office_people.admin1, evidence=[told.picture()])
        told.accepted(answer, actor=office_people.kepala)
        cases.render_papers(case)

    assert list(
        case.documents.filter(addendum__isnull=False)
        .order_by("addendum")
        .values_list("addendum", "kind", "state", "number")
    ) == [(1, "answer_proof", "stored", ""), (2, "answer_sheet", "stored", "PJ-2026-0001")]
    again = Document.objects.get(kind=DocumentKind.ARCHIVE_FILE, request=case)
    assert (again.pk, again.sha256, again.version) == (file.pk, file.sha256, 1)
    assert verifying.verify().breaks == []


# -- nothing is changed afterwards ----------------------------------------------------------------

ROWS = (DeviationAnswer, AnsweredDeviation, DeviationJudgement)


@pytest.fixture
def judged(office_people: OfficePeople, case: AccountRequest) -> None:
    with clock.moved_to(told.LATER):
        answer = told.answered(case, actor=office_people.admin1)
        workflow.judge_answer(
            answer, actor=office_people.kepala, verdict=Verdict.RETURNED, ground="Kurang jelas"
        )


@pytest.mark.parametrize("model", ROWS, ids=lambda model: model.__name__)
def test_the_database_refuses_to_change_or_delete_what_was_answered_and_judged(
    model: type[DeviationAnswer], judged: None
) -> None:
    row = model.objects.get()
    table = model._meta.db_table
    for attempt in (
        lambda: model.objects.update(at=told.LATER),
        row.save,
        row.delete,
        lambda: model.objects.filter(pk=row.pk)._raw_delete("default"),
        lambda: _execute(f"UPDATE {table} SET at = at"),  # noqa: S608  our own names
        lambda: _execute(f"DELETE FROM {table}"),  # noqa: S608  our own names
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("model", "column", "value", "label"),
    [
        (DeviationAnswer, "explanation", "diganti", "Jawaban penyimpangan"),
        (AnsweredDeviation, "at", cases.MONDAY, "Penyimpangan yang dijawab"),
        (DeviationJudgement, "verdict", "accepted", "Penilaian penyimpangan"),
        (DeviationJudgement, "ground", "lain", "Penilaian penyimpangan"),
    ],
)
@pytest.mark.usefixtures("judged", "without_guard_rails")
def test_verify_finds_what_was_changed_behind_the_triggers(
    model: type[Model], column: str, value: object, label: str, case: AccountRequest
) -> None:
    row = model._default_manager.get()
    model._default_manager.update(**{column: value})

    [broken] = verifying.verify().breaks
    assert broken.startswith(f"{label} ")
    assert f":{row.pk})" in broken
    assert f"dari permohonan {case.number} berubah sejak disegel" in broken


def test_verify_finds_an_answer_that_was_slipped_in_or_taken_away(
    judged: None, case: AccountRequest, without_guard_rails: None
) -> None:
    judgement = DeviationJudgement.objects.get()
    judgement.pk = None
    judgement.verdict = Verdict.ACCEPTED
    judgement.save(force_insert=True)
    AnsweredDeviation.objects.all().delete()

    item = RecordSeal.objects.get(record__startswith="answered_deviation:")
    assert sorted(line.split(" dari permohonan")[0] for line in verifying.verify().breaks) == [
        f"Penilaian penyimpangan (deviation_judgement:{judgement.pk})",
        f"Penyimpangan yang dijawab ({item.record})",
    ]
