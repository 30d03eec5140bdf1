"""What the register can be asked for. Whatever does not fit is left out, never an error page."""

from typing import Any, cast

from django import forms

from accounts_requests import case_register
from accounts_requests.case_register import Filters
from accounts_requests.states import AccountKind, CaseState


class RegisterFilterForm(forms.Form):
    """Search and filters; the field names are those of the page's address."""

    cari = forms.CharField(
        label="Cari", required=False, max_length=100, widget=forms.TextInput({"type": "search"})
    )
    keadaan = forms.ChoiceField(
        label="Keadaan", required=False, choices=[("", "Semua"), *CaseState.choices]
    )
    tahun = forms.TypedChoiceField(label="Tahun", required=False, coerce=int, empty_value=None)
    jenis = forms.ChoiceField(
        label="Jenis akun", required=False, choices=[("", "Semua"), *AccountKind.choices]
    )
    penanda = forms.ChoiceField(
        label="Penanda", required=False, choices=[("", "Semua"), *case_register.FLAGS]
    )

    def __init__(self, *args: Any, years: list[int], reads_people: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year = cast("forms.TypedChoiceField", self.fields["tahun"])
        year.choices = [("", "Semua"), *((each, str(each)) for each in years)]
        what = "Nomor, SK, tentang, nama, NIP, user id" if reads_people else "Nomor, SK, tentang"
        self.fields["cari"].widget.attrs["placeholder"] = what
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-control" if name == "cari" else "form-select"

    def filters(self) -> Filters:
        """The filters that were understood."""
        self.is_valid()
        given = self.cleaned_data
        return Filters(
            text=given.get("cari", "").strip(),
            state=given.get("keadaan", ""),
            year=given.get("tahun"),
            kind=given.get("jenis", ""),
            flag=given.get("penanda", ""),
        )
