"""The evaluation questionnaire is the office's: drafted, taken into use, never changed after."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts_requests import clock, monitoring, questionnaires
from accounts_requests.exceptions import InvalidInput, NotAllowedNow, NotPermitted
from accounts_requests.models import AuditEntry, Monitoring, MonitoringDraft, Questionnaire
from accounts_requests.models.monitoring import Conclusion
from accounts_requests.states import Act

from . import monitoring_cases
from .cases import MONDAY, OfficePeople
from .page_forms import form_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

JANUARY = dt.datetime(2027, 1, 4, 2, 0, tzinfo=dt.UTC)
PAGE = "/laporan/pemantauan/2026/2/"
STATE = questionnaires.standard().texts


def test_the_states_own_questions_are_asked_until_the_office_has_its_own(
    office_people: OfficePeople,
) -> None:
    before = questionnaires.in_use()
    with clock.moved_to(MONDAY):
        first = monitoring_cases.judged(office_people)
        monitoring_cases.other_questions(office_people)
        second = monitoring_cases.judged(office_people)

    assert (before.number, len(before.texts)) == (0, 7)
    assert questionnaires.in_use() == questionnaires.Questions(
        number=1, texts=("SOP mudah dipahami", "Waktu yang ditetapkan cukup")
    )
    kept = Monitoring.objects.order_by("version")
    assert [(one.questionnaire, [row["question"] for row in one.answers]) for one in kept] == [
        (0, list(STATE)),
        (1, ["SOP mudah dipahami", "Waktu yang ditetapkan cukup"]),
    ]
    assert (first.version, second.version) == (1, 2)


def test_the_keeper_adds_reorders_and_retires_on_the_page_and_takes_it_into_use(
    client: Client, office_people: OfficePeople
) -> None:
    client.force_login(office_people.keeper)
    with clock.moved_to(MONDAY):
        edit = reverse("questionnaire_edit")
        form = form_on(client.get(edit).content.decode(), having="pertanyaan_1")
        changed = {
            **form.fields,
            "pertanyaan_2": "",
            "urutan_7": "1",
            "urutan_1": "2",
            "pertanyaan_8": "Waktu yang   ditetapkan cukup",
        }
        shown = client.post(edit, changed, follow=True).content.decode()
        unexplained = client.post(reverse("questionnaire_adopt", args=[1]), {"reason": " "})
        asked_before = questionnaires.in_use().number
        adopted = client.post(
            reverse("questionnaire_adopt", args=[1]), {"reason": "Usul rapat"}, follow=True
        ).content.decode()

    assert "Tidak dipakai lagi" in shown
    assert "Urutannya berubah" in shown
    assert "Tuliskan alasan perubahan." in unexplained.content.decode()
    assert asked_before == 0
    assert "Kuesioner versi 1 berlaku untuk penilaian berikutnya." in adopted
    assert questionnaires.in_use().texts == (
        STATE[6],
        STATE[0],
        *STATE[2:6],
        "Waktu yang ditetapkan cukup",
    )
    drafted, taken = AuditEntry.objects.filter(
        act__in=[Act.EDIT_QUESTIONNAIRE, Act.ADOPT_QUESTIONNAIRE]
    ).order_by("sequence")
    assert (drafted.actor_role, drafted.records) == ("Pengelola Aplikasi", {})
    assert list(taken.records) == [f"questionnaire:{Questionnaire.objects.get().pk}"]


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        (["", "  "], "sekurang-kurangnya satu pertanyaan"),
        (["SOP jelas", "sop  JELAS"], "tertulis dua kali: SOP jelas"),
        (["x" * 201], "paling panjang 200 huruf"),
        ([f"Pertanyaan {number}" for number in range(21)], "paling banyak 20"),
    ],
)
def test_a_draft_must_make_sense(
    office_people: OfficePeople, texts: list[str], sentence: str
) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        questionnaires.edit(texts, actor=office_people.keeper)


def test_only_the_keeper_drafts_and_adopts_and_a_draft_is_adopted_once(
    client: Client, office_people: OfficePeople
) -> None:
    for who in ("kepala", "biro", "inspector", "admin1", "drafter", "nobody"):
        person = getattr(office_people, who)
        with pytest.raises(NotPermitted):
            questionnaires.edit(["SOP jelas"], actor=person)
        with pytest.raises(NotPermitted):
            questionnaires.adopt(1, reason="Begitu saja", actor=person)
        client.force_login(person)
        assert client.get(reverse("questionnaire_edit")).status_code == 403
        expected = 403 if who == "nobody" else 200
        assert client.get(reverse("questionnaires")).status_code == expected
    questionnaires.edit(STATE, actor=office_people.keeper)
    with pytest.raises(NotAllowedNow, match="sama dengan kuesioner yang berlaku"):
        questionnaires.adopt(1, reason="Tidak ada", actor=office_people.keeper)
    monitoring_cases.other_questions(office_people)
    with pytest.raises(NotAllowedNow, match="bukan konsep lagi"):
        questionnaires.adopt(1, reason="Sekali lagi", actor=office_people.keeper)


# -- what is typed in between ---------------------------------------------------------------------


def test_a_draft_waits_for_its_judge_alone_and_goes_when_the_judgement_is_kept(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(JANUARY):
        client.force_login(office_people.kepala)
        half = {"penilaian_1": "nihil", "catatan_3": "Baru separuh", "jawaban_2": "tidak"}
        saved = client.post(PAGE, {**half, "kuesioner": "0", "draf": "prosedur-3"})
        mine = client.get(PAGE).content.decode()
        client.force_login(office_people.biro)
        theirs = client.get(PAGE).content.decode()
        client.force_login(office_people.kepala)
        form = form_on(mine, having="catatan_3")
        everything = {
            **form.fields,
            **{f"penilaian_{number}": monitoring.NOT_RUN for number in range(1, 6)},
            **{f"jawaban_{number}": "ya" for number in range(1, 8)},
            "putusan": Conclusion.KEPT,
            "alasan_putusan": "Tidak ada pelaksanaan",
        }
        everything.pop("draf", None)
        drafts = MonitoringDraft.objects.count()
        client.post(PAGE, everything)

    assert saved["Location"] == f"{PAGE}#prosedur-3"
    assert ("Baru separuh" in mine, "Draf Anda" in mine) == (True, True)
    assert ("Baru separuh" in theirs, "Draf Anda" in theirs) == (False, False)
    assert form.fields["jawaban_2"] == "tidak"
    report = Monitoring.objects.get()
    assert [row["findings"] for row in report.rows] == ["", "", "Baru separuh", "", ""]
    assert (drafts, MonitoringDraft.objects.count()) == (1, 0)


def test_answers_to_former_questions_are_not_taken_for_answers_to_new_ones(
    client: Client, office_people: OfficePeople
) -> None:
    with clock.moved_to(JANUARY):
        client.force_login(office_people.kepala)
        typed = {"kuesioner": "0", "catatan_3": "Tetap ada", "jawaban_1": "ya"}
        client.post(PAGE, {**typed, "draf": "evaluasi"})
        monitoring_cases.other_questions(office_people)
        shown = client.get(PAGE).content.decode()
        pressed = client.post(PAGE, {**typed, "putusan": "tetap", "alasan_putusan": "Baik"})
        answer = pressed.content.decode()

    assert "jawaban evaluasi dikosongkan" in shown
    assert "Tetap ada" in shown
    assert "jawaban_1" not in form_on(shown, having="catatan_3").fields
    assert "Kuesioner baru saja diganti" in answer
    assert "Tetap ada" in answer
    assert "jawaban_1" not in form_on(answer, having="catatan_3").fields
    assert form_on(answer, having="catatan_3").fields["kuesioner"] == "1"
    assert Monitoring.objects.count() == 0
