"""Issuing an SK: its number and date, and the signed file where it is signed outside."""

import datetime as dt
from typing import Any

from django import forms

from accounts_requests import clock, step_limits, uploads
from accounts_requests.decree_data import check_decree_date
from accounts_requests.forms.base import (
    NOT_ONES_OWN,
    PDF_TYPES,
    SCAN_TYPES,
    DateField,
    InstantField,
    SopForm,
    UploadField,
)
from accounts_requests.models import AccountRequest
from accounts_requests.sign_ins import TYPE_PASSWORD
from accounts_requests.states import EXTERNAL_SIGNING, SigningMethod
from accounts_requests.uploads import Upload


class IssueForm(SopForm):
    """Number and date as the secretariat gave them; `upload()` is the SK signed outside.

    Where it is approved in the application, the approver's password is asked for again.
    ``waiting``: a signed file was looked at already, so another one is only offered.
    """

    number = forms.CharField(
        label="Nomor SK",
        max_length=80,
        widget=forms.TextInput(attrs=NOT_ONES_OWN),
        error_messages={"required": "Nomor SK wajib diisi."},
    )
    date = DateField(label="Tanggal SK", error_messages={"required": "Tanggal SK wajib diisi."})

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        request: AccountRequest,
        today: dt.date | None = None,
        waiting: bool = False,
        **kwargs: Any,
    ) -> None:
        self._request = request
        self._today = today or clock.today()
        kwargs["initial"] = {
            "number": request.decree_number,
            "date": request.decree_date,
            **kwargs.get("initial", {}),
        }
        super().__init__(data, files, **kwargs)
        if request.signing_method in EXTERNAL_SIGNING:
            certified = request.signing_method == SigningMethod.CERTIFIED
            self.fields["signed_file"] = UploadField(
                label="Ganti dengan PDF lain" if waiting else "SK yang telah ditandatangani",
                required=not waiting,
                check=uploads.check_pdf if certified else uploads.check_scan,
                accept=PDF_TYPES if certified else SCAN_TYPES,
                error_messages={"required": "Unggah SK yang telah ditandatangani."},
                help_text=(
                    "PDF hasil tanda tangan elektronik tersertifikasi; diperiksa dahulu, lalu "
                    "disimpan apa adanya."
                    if certified
                    else "Hasil pindai SK bertanda tangan basah: PDF, JPEG, atau PNG."
                ),
            )
            if step_limits.ends_when_signed(request):
                self.fields["signed_at"] = InstantField(
                    label="Ditandatangani",
                    error_messages={"required": "Tanggal dan jam tanda tangan wajib diisi."},
                    help_text="Menurut Lembar Penafsiran permohonan ini, tenggat langkah 1 dinilai "
                    "dengan waktu tanda tangan, bukan waktu pencatatan.",
                )
        else:
            self.fields["password"] = forms.CharField(
                label="Password Anda",
                strip=False,
                max_length=4096,  # as Django's own forms: a longer one is only work
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
                error_messages={"required": TYPE_PASSWORD},
                help_text="Password masuk Anda, diketik kembali sebagai persetujuan atas SK ini.",
            )
        self.arrange()

    def clean(self) -> dict[str, Any]:
        """Ask the rules of the SK about its date."""
        super().clean()
        sentences = check_decree_date(
            self.cleaned_data.get("date"), self._request.received_at, today=self._today
        )
        if sentences:
            self.add_sentences({"date": sentences})
        return self.cleaned_data

    def signed_at(self) -> dt.datetime | None:
        """When the SK was signed, once the form is valid; None where it is not asked."""
        signed_at: dt.datetime | None = self.cleaned_data.get("signed_at")
        return signed_at

    def upload(self) -> Upload | None:
        """The signed SK, once the form is valid; None where it is approved in the application."""
        upload: Upload | None = self.cleaned_data.get("signed_file")
        return upload
