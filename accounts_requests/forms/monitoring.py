"""The six-monthly judgement as one form: a line for each procedure, the questionnaire, the verdict.

Shape only; what must be explained is ``monitoring.judge``'s matter.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField

from accounts_requests.exceptions import InvalidInput
from accounts_requests.models.monitoring import Conclusion
from accounts_requests.monitoring import JUDGEMENTS, LONGEST_TEXT, Given, Prepared
from accounts_requests.questionnaires import Questions

YES, NO = "ya", "tidak"
REPLACED = (
    "Kuesioner baru saja diganti oleh Pengelola Aplikasi. Jawaban evaluasi dikosongkan; yang lain "
    "tetap ada. Jawab pertanyaan yang baru, lalu simpan kembali."
)


class MonitoringForm(forms.Form):
    """Fields by line (``penilaian_3``) and by question (``jawaban_2``); ``given()`` when valid.

    ``kuesioner`` names the version whose questions are on the page; ``refuse_former`` is for one
    that was replaced meanwhile.
    """

    kuesioner = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, lines: Sequence[Prepared], asked: Questions, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        self.asked = asked
        self.fields["kuesioner"].initial = asked.number
        for line in lines:
            number = line.step
            allowed = [
                (value, label)
                for value, label in JUDGEMENTS.items()
                if (value != "nihil") == line.was_run
            ]
            self.fields[f"penilaian_{number}"] = forms.ChoiceField(
                label=f"Penilaian prosedur {number}",
                choices=allowed,
                widget=forms.RadioSelect,
                initial=None if line.was_run else "nihil",
                error_messages={"required": f"Nilai prosedur {number}."},
            )
            self.fields[f"catatan_{number}"] = _text(f"Catatan hasil prosedur {number}")
            self.fields[f"tindakan_{number}"] = _text(
                f"Tindakan yang harus diambil untuk prosedur {number}"
            )
        for number, question in enumerate(asked.texts, start=1):
            self.fields[f"jawaban_{number}"] = forms.ChoiceField(
                label=question,
                choices=[(YES, "Ya"), (NO, "Tidak")],
                widget=forms.RadioSelect,
                error_messages={"required": f"Jawab pertanyaan {number}."},
            )
            self.fields[f"alasan_{number}"] = _text(f"Keterangan pertanyaan {number}", rows=1)
        self.fields["putusan"] = forms.ChoiceField(
            label="Putusan",
            choices=Conclusion.choices,
            widget=forms.RadioSelect,
            error_messages={"required": "Pilih putusan: tetap atau direvisi."},
        )
        self.fields["alasan_putusan"] = _text("Alasan putusan")

    def typed(self, data: Mapping[str, str]) -> dict[str, str]:
        """What was sent of the fields of this form, as it was sent."""
        return {
            name: str(data[name])[:LONGEST_TEXT]
            for name in self.fields
            if name != "kuesioner" and name in data
        }

    def refuse_former(self) -> None:
        """Say that the answers were to other questions."""
        self.add_error(None, REPLACED)

    def table(self) -> list[tuple[Prepared, BoundField, BoundField, BoundField]]:
        """Each line with its three fields."""
        return [
            (
                line,
                self[f"penilaian_{line.step}"],
                self[f"catatan_{line.step}"],
                self[f"tindakan_{line.step}"],
            )
            for line in self.lines
        ]

    def questionnaire(self) -> list[tuple[BoundField, BoundField]]:
        """Each question with the field for its remark."""
        return [
            (self[f"jawaban_{number}"], self[f"alasan_{number}"])
            for number in range(1, len(self.asked.texts) + 1)
        ]

    def given(self) -> Given:
        """What was decided, once the form is valid."""
        data = self.cleaned_data
        return Given(
            lines={
                line.step: (
                    data[f"penilaian_{line.step}"],
                    data[f"catatan_{line.step}"],
                    data[f"tindakan_{line.step}"],
                )
                for line in self.lines
            },
            answers=[
                (data[f"jawaban_{number}"] == YES, data[f"alasan_{number}"])
                for number in range(1, len(self.asked.texts) + 1)
            ],
            verdict=data["putusan"],
            verdict_reason=data["alasan_putusan"],
        )

    def add_sentences(self, error: InvalidInput) -> None:
        """Put the rule's sentences beside their fields."""
        for name, sentences in error.errors.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


def _text(label: str, *, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": rows, "class": "form-control", "autocomplete": "off"}),
    )
