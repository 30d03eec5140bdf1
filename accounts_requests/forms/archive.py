"""Archiving the file (step 5)."""

from typing import Any

from django import forms

from accounts_requests.forms.attestations import AttestationsForm
from accounts_requests.forms.base import NOT_ONES_OWN


class ArchiveForm(AttestationsForm):
    """The kelengkapan of step 5 and where the paper, if any, is kept."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["location"] = forms.CharField(
            label="Lokasi simpan",
            required=False,
            max_length=120,
            widget=forms.TextInput(attrs=NOT_ONES_OWN),
            help_text="Rak, laci, atau map berkas kertasnya; kosong bila hanya elektronik.",
        )
        self.arrange()

    def location(self) -> str:
        """Where the paper is kept, once the form is valid; "" when there is none."""
        location: str = self.cleaned_data["location"]
        return location
