"""The forms of the register of outages: its filter, and what people put on record."""

from typing import Any

from django import forms

from accounts_requests import outages
from accounts_requests.forms.base import DateField, InstantField, LongText, SopForm, row
from accounts_requests.models import Outage


class OutageFilterForm(forms.Form):
    """The period; the field names are those of the page's address. What does not fit is ignored."""

    dari = DateField(label="Dari tanggal", required=False)
    sampai = DateField(label="Sampai tanggal", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"

    def period(self) -> dict[str, Any]:
        """``since`` and ``until`` as far as they were understood."""
        self.is_valid()
        given = self.cleaned_data
        return {"since": given.get("dari"), "until": given.get("sampai")}


def _explanation(label: str, help_text: str = "") -> LongText:
    return LongText(
        label=label,
        rows=3,
        max_length=2000,
        min_length=outages.SHORTEST_EXPLANATION,
        help_text=help_text,
        error_messages={
            "required": f"{label} wajib diisi.",
            "min_length": f"{label} terlalu singkat. Tuliskan sedikitnya %(limit_value)d karakter "
            "agar dapat dipahami kemudian.",
        },
    )


class DeclareForm(SopForm):
    """What was away, from when to when, and what is known of it."""

    subject = forms.ChoiceField(
        label="Yang terganggu",
        choices=[("", "Pilih …"), *Outage.Subject.choices],
        error_messages={"required": "Pilih apa yang terganggu."},
    )
    since = InstantField(label="Mulai", error_messages={"required": "Isi waktu mulainya."})
    until = InstantField(
        label="Berakhir", required=False, help_text="Kosongkan bila masih berlangsung."
    )
    explanation = _explanation(
        "Keterangan", "Apa yang tidak dapat dilakukan, dan dari mana diketahui."
    )

    def sections(self) -> list[Any]:
        """Beginning and end side by side."""
        return [row(("subject", 12)), row(("since", 6), ("until", 6)), row(("explanation", 12))]


class CloseForm(SopForm):
    """When an outage that goes on has ended."""

    until = InstantField(label="Berakhir", error_messages={"required": "Isi waktu berakhirnya."})


class ExplainForm(SopForm):
    """What was learnt later."""

    explanation = _explanation("Penjelasan")
