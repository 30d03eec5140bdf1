"""A mail that was sent from another mailbox while the mail server was away."""

from typing import Any

from django import forms

from accounts_requests import uploads
from accounts_requests.forms.base import (
    NOT_ONES_OWN,
    SCAN_TYPES,
    InstantField,
    SopForm,
    UploadField,
    row,
)
from accounts_requests.forms.reason import reason_field
from accounts_requests.uploads import Upload


class SentOutsideForm(SopForm):
    """When it was sent, from where and why, with the proof and the word that it shows no secret."""

    files_may_wait = False

    sent_at = InstantField(
        label="Waktu pengiriman", error_messages={"required": "Isi waktu pengirimannya."}
    )
    mailbox = forms.EmailField(
        label="Dikirim dari kotak surat",
        max_length=254,
        widget=forms.EmailInput(attrs=NOT_ONES_OWN),
        help_text="Alamat pengirim yang tampak pada e-mail itu.",
        error_messages={
            "required": "Isi alamat kotak surat pengirimnya.",
            "invalid": "Tuliskan alamat yang lengkap, seperti nama@instansi.go.id.",
        },
    )
    reason = reason_field(
        "Alasan",
        "Misalnya: server e-mail kantor tidak terjangkau sejak pukul 09.00. Jangan menuliskan "
        "password.",
    )
    proof = UploadField(
        label="Bukti e-mail terkirim",
        check=uploads.check_scan,
        accept=SCAN_TYPES,
        help_text="Tangkapan layar atau cetakan e-mail dengan waktu, pengirim, dan penerimanya; "
        "password dihitamkan. PDF, JPEG, atau PNG.",
        error_messages={"required": "Unggah bukti e-mail yang terkirim."},
    )
    blacked_out = forms.BooleanField(
        label="Saya telah memeriksa: password pada bukti ini sudah dihitamkan",
        error_messages={
            "required": "Periksa berkas bukti, lalu nyatakan bahwa passwordnya sudah dihitamkan."
        },
    )

    def sections(self) -> list[Any]:
        """Time and mailbox side by side."""
        return [
            row(("sent_at", 5), ("mailbox", 7)),
            row(("reason", 12)),
            row(("proof", 12)),
            row(("blacked_out", 12)),
        ]

    def upload(self) -> Upload:
        """The proof, once the form is valid."""
        upload: Upload = self.cleaned_data["proof"]
        return upload
