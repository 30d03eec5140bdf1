"""The executor's answers to a step's kelengkapan, one by one."""

from collections.abc import Iterable
from typing import Any

from accounts_requests import answers
from accounts_requests.answers import Answer, answer_field, explanation_field
from accounts_requests.forms.base import LongText, SopForm, YesNoField
from accounts_requests.models import SopRequirement

_MET_OR_NOT = (("ya", "Terpenuhi"), ("tidak", "Tidak terpenuhi"))


class AttestationsForm(SopForm):
    """A yes or no for each requirement, with an explanation where it is no.

    `answers()` is what `workflow` takes: an Answer by the requirement's primary key.
    """

    def __init__(
        self, data: Any = None, *, requirements: Iterable[SopRequirement], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self._keys: list[int] = []
        for requirement in requirements:
            self._keys.append(requirement.pk)
            self.fields[answer_field(requirement.pk)] = YesNoField(
                label=requirement.text,
                choices=_MET_OR_NOT,
                error_messages={
                    "required": "Jawab kelengkapan ini: terpenuhi atau tidak terpenuhi."
                },
            )
            self.fields[explanation_field(requirement.pk)] = LongText(
                label="Penjelasan",
                required=False,
                max_length=2000,
                rows=2,
                help_text="Wajib bila tidak terpenuhi; menjadi bagian dari penyimpangan.",
            )
        self.arrange()

    def clean(self) -> dict[str, Any]:
        """Ask the rule of the kelengkapan."""
        super().clean()
        self.add_sentences(answers.check(self.answers(), self._keys))
        return self.cleaned_data

    def answers(self) -> dict[int, Answer]:
        """What was answered; an explanation counts only with a no."""
        given = self.cleaned_data
        return {
            key: Answer(
                met=given[answer_field(key)],
                explanation=""
                if given[answer_field(key)]
                else given.get(explanation_field(key), "").strip(),
            )
            for key in self._keys
            if given.get(answer_field(key)) is not None
        }
