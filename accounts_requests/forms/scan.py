"""A scan to be attached to a case or to one of its people."""

from typing import Any

from django import forms

from accounts_requests import uploads
from accounts_requests.forms.base import NOT_ONES_OWN, SCAN_TYPES, SopForm, UploadField
from accounts_requests.models import AccountRequest, Registrant
from accounts_requests.uploads import Upload


class ScanForm(SopForm):
    """A PDF, JPEG or PNG with its title; `upload()` is the file, `registrant()` whose it is."""

    file = UploadField(
        label="Berkas hasil pindai",
        check=uploads.check_scan,
        accept=SCAN_TYPES,
        error_messages={"required": "Pilih berkas hasil pindai terlebih dahulu."},
        help_text="PDF, JPEG, atau PNG.",
    )
    title = forms.CharField(
        label="Judul",
        max_length=250,
        widget=forms.TextInput(attrs=NOT_ONES_OWN),
        error_messages={"required": "Judul wajib diisi. Misalnya: Formulir bertanda tangan."},
    )
    person = forms.ModelChoiceField(
        label="Personel",
        queryset=Registrant.objects.none(),
        required=False,
        empty_label="Seluruh permohonan",
        widget=forms.Select(attrs=NOT_ONES_OWN),
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, request: AccountRequest, **kwargs: Any
    ) -> None:
        super().__init__(data, files, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
        field.queryset = request.registrants.order_by("position_in_list")

    def upload(self) -> Upload:
        """The file, once the form is valid."""
        upload: Upload = self.cleaned_data["file"]
        return upload

    def registrant(self) -> Registrant | None:
        """The person it belongs to; None for the case as a whole."""
        registrant: Registrant | None = self.cleaned_data["person"]
        return registrant
