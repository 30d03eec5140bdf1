"""Archiving the file (step 5)."""

from typing import Any

from django import forms

from accounts_requests.forms.attestations import AttestationsForm
from accounts_requests.forms.base import NOT_ONES_OWN
from accounts_requests.models.archive import place_of


class ArchiveForm(AttestationsForm):
    """The kelengkapan of step 5 and where the paper, if any, is kept."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["location"] = forms.CharField(
            label="Tempat simpan",
            required=False,
            max_length=120,
            widget=forms.TextInput(attrs=NOT_ONES_OWN),
            help_text="Ruang, lemari, atau map berkas kertasnya; kosong bila hanya elektronik.",
        )
        for name, label in (("rack", "Rak"), ("box", "Boks")):
            self.fields[name] = forms.CharField(
                label=label,
                required=False,
                max_length=30,
                widget=forms.TextInput(attrs=NOT_ONES_OWN),
            )
        self.arrange()

    def place(self) -> dict[str, str]:
        """Where the paper is kept, once the form is valid: location, rack and box, "" for none."""
        return {name: self.cleaned_data[name].strip() for name in ("location", "rack", "box")}

    def location(self) -> str:
        """The same in one line."""
        return place_of(**self.place())
