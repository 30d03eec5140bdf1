"""Sending an account again, with a new password that is already in SPSE."""

from typing import Any

from django import forms

from accounts_requests.forms.base import NOT_ONES_OWN, SopForm, YesNoField
from accounts_requests.forms.reason import reason_field
from accounts_requests.models import Account


class ResendForm(SopForm):
    """To which address, why, and what has been done in SPSE before."""

    address = forms.EmailField(
        label="E-mail terdaftar di SPSE",
        widget=forms.EmailInput(attrs=NOT_ONES_OWN),
        error_messages={"required": "E-mail terdaftar di SPSE wajib diisi."},
        help_text="Bila alamat berubah, ubah pula di SPSE.",
    )
    reason = reason_field("Alasan pengiriman ulang")
    had_signed_in = YesNoField(
        label="Apakah personel sudah pernah masuk ke SPSE dengan akun ini?",
        error_messages={"required": "Jawab dahulu: sudah atau belum pernah masuk."},
    )
    changed_in_spse = forms.BooleanField(
        label="Password sudah diganti di SPSE",
        error_messages={
            "required": "Ganti dahulu password di SPSE dengan password baru, lalu tandai isian ini."
        },
    )

    def __init__(self, data: Any = None, *, account: Account, **kwargs: Any) -> None:
        kwargs["initial"] = {"address": account.registered_email, **kwargs.get("initial", {})}
        super().__init__(data, **kwargs)
