"""The draft of the evaluation questionnaire: a line for each question, with its place."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BoundField

from accounts_requests.forms.base import NOT_ONES_OWN, SopForm
from accounts_requests.questionnaires import LONGEST, LONGEST_REASON, MOST

# So many empty lines for new questions, as far as there is room.
EMPTY_LINES = 3


class QuestionnaireForm(forms.Form):
    """Fields ``urutan_3`` and ``pertanyaan_3``; ``texts()`` in the order wanted, when valid.

    A line whose question is emptied is retired. Lines with the same place stay as they stand.
    """

    def __init__(self, *args: Any, questions: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = min(MOST, len(questions) + EMPTY_LINES)
        given = [*questions, *[""] * (self.lines - len(questions))]
        for number, text in enumerate(given, start=1):
            self.fields[f"urutan_{number}"] = forms.IntegerField(
                label=f"Urutan baris {number}",
                required=False,
                initial=number,
                min_value=1,
                max_value=99,
                widget=forms.NumberInput({**NOT_ONES_OWN, "class": "form-control"}),
                error_messages={
                    "invalid": "Tuliskan urutan dengan angka.",
                    "min_value": "Urutan dimulai dari 1.",
                    "max_value": "Urutan paling besar 99.",
                },
            )
            self.fields[f"pertanyaan_{number}"] = forms.CharField(
                label=f"Pertanyaan baris {number}",
                required=False,
                initial=text,
                max_length=LONGEST,
                widget=forms.Textarea({**NOT_ONES_OWN, "class": "form-control", "rows": 2}),
                error_messages={
                    "max_length": f"Satu pertanyaan paling panjang {LONGEST} huruf.",
                },
            )

    def table(self) -> list[tuple[BoundField, BoundField]]:
        """Each line's place and question."""
        return [
            (self[f"urutan_{number}"], self[f"pertanyaan_{number}"])
            for number in range(1, self.lines + 1)
        ]

    def texts(self) -> list[str]:
        """The questions that are wanted, in their order."""
        data = self.cleaned_data
        lines = [
            (data[f"urutan_{number}"] or number, number, data[f"pertanyaan_{number}"])
            for number in range(1, self.lines + 1)
        ]
        return [text for _, _, text in sorted(lines) if text.strip()]


class AdoptForm(SopForm):
    """Why the questionnaire is changed."""

    reason = forms.CharField(
        label="Alasan perubahan",
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs=NOT_ONES_OWN),
        error_messages={"required": "Tuliskan alasan perubahan."},
    )
