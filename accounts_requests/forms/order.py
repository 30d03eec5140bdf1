"""Ordering the accounts (step 2)."""

from django import forms

from accounts_requests.forms.base import NOT_ONES_OWN, LongText, SopForm


class OrderForm(SopForm):
    """The number of the Surat Perintah or Nota Dinas, and a note for Admin PPE; both optional."""

    order_number = forms.CharField(
        label="Nomor surat perintah",
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs=NOT_ONES_OWN),
        help_text="Boleh kosong bila perintah cukup dicatat di aplikasi.",
    )
    note = LongText(label="Catatan untuk Admin PPE", required=False, max_length=2000, rows=3)
