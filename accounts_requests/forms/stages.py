"""The stages of an SK: the way of signing, the end of a stage, the secretariat's number."""

from dataclasses import dataclass
from typing import Any, Final

from django import forms

from accounts_requests import clock
from accounts_requests.decree_data import check_decree_date
from accounts_requests.forms.base import NOT_ONES_OWN, DateField, LongText, SopForm, row
from accounts_requests.models import AccountRequest
from accounts_requests.states import SigningMethod

_EXPLAINED: Final = {
    SigningMethod.IN_APP: (
        "Kepala LPSE menyetujui di aplikasi ini. SK memuat kode dokumen dan keterangan "
        "“Bukan tanda tangan elektronik tersertifikasi”."
    ),
    SigningMethod.CERTIFIED: (
        "Konsep SK diunduh, ditandatangani melalui BSrE, lalu PDF yang kembali diunggah ke sini. "
        "PDF itulah SK. Konsepnya tidak memuat tanda apa pun dari aplikasi ini."
    ),
    SigningMethod.INK: (
        "Konsep SK dicetak dan ditandatangani dengan pena, lalu dipindai dan diunggah ke sini. "
        "Hasil pindai itulah SK. Konsepnya tidak memuat tanda apa pun dari aplikasi ini."
    ),
}


@dataclass(frozen=True, kw_only=True)
class Method:
    """One way of signing, as it is offered."""

    value: str
    title: str
    explanation: str
    is_chosen: bool


class SigningForm(SopForm):
    """The way of signing, chosen before the concept is rendered (PP 71/2019 art. 60)."""

    signing_method = forms.ChoiceField(
        label="Cara penandatanganan SK",
        choices=SigningMethod.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih cara penandatanganan SK."},
    )

    def methods(self) -> list[Method]:
        """The ways with their explanations; the one chosen so far is marked."""
        chosen = self["signing_method"].value()
        return [
            Method(
                value=method.value,
                title=method.label,
                explanation=_EXPLAINED[method],
                is_chosen=method.value == chosen,
            )
            for method in SigningMethod
        ]

    def method(self) -> SigningMethod:
        """The way that was chosen, once the form is valid."""
        return SigningMethod(self.cleaned_data["signing_method"])


class StageForm(SopForm):
    """A stage is done; a note where there is something to say."""

    note = LongText(
        label="Catatan",
        required=False,
        max_length=500,
        rows=2,
        help_text="Misalnya siapa yang memaraf. Boleh kosong.",
    )

    def said(self) -> str:
        """The note, once the form is valid."""
        note: str = self.cleaned_data["note"]
        return note


class NumberForm(SopForm):
    """The number that the secretariat gave, and the date where it is known."""

    number = forms.CharField(
        label="Nomor SK",
        max_length=80,
        widget=forms.TextInput(attrs=NOT_ONES_OWN),
        error_messages={"required": "Nomor SK wajib diisi."},
        help_text="Salin persis seperti diberikan tata usaha.",
    )
    date = DateField(
        label="Tanggal SK",
        required=False,
        help_text="Boleh kosong sampai SK diterbitkan.",
    )

    def __init__(self, data: Any = None, *, request: AccountRequest, **kwargs: Any) -> None:
        self._request = request
        kwargs["initial"] = {"number": request.decree_number, "date": request.decree_date}
        super().__init__(data, **kwargs)

    def sections(self) -> list[Any]:
        return [row(("number", 8), ("date", 4))]

    def clean(self) -> dict[str, Any]:
        """Ask the rules of the SK about its date."""
        super().clean()
        sentences = check_decree_date(
            self.cleaned_data.get("date"), self._request.received_at, today=clock.today()
        )
        if sentences:
            self.add_sentences({"date": sentences})
        return self.cleaned_data
