"""A message that came back after the mail server had accepted it."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from accounts_requests import uploads, words
from accounts_requests.forms.base import (
    NOT_ONES_OWN,
    SCAN_TYPES,
    InstantField,
    LongText,
    SopForm,
    UploadField,
    row,
)
from accounts_requests.models import Message
from accounts_requests.uploads import Upload

MAIL_TYPES: Final = f".eml,message/rfc822,{SCAN_TYPES}"


def check_returned(upload: Upload) -> object:
    """Let a returned mail or a scan pass. Raises InvalidInput."""
    if uploads.is_mail(upload):
        return uploads.read_returned(upload)
    return uploads.check_scan(upload)


class BounceForm(SopForm):
    """Which message came back and when, with what the returned mail says."""

    files_may_wait = False

    message = forms.TypedChoiceField(
        label="Pesan yang kembali",
        coerce=int,
        widget=forms.Select(attrs=NOT_ONES_OWN),
        error_messages={"required": "Pilih pesannya."},
    )
    returned_at = InstantField(
        label="Kembali pada",
        required=False,
        help_text="Boleh kosong bila Anda mengunggah berkas .eml; waktunya dibaca dari sana.",
    )
    text = LongText(
        label="Isi pesan kembali",
        required=False,
        max_length=uploads.LONGEST_MAIL,
        rows=6,
        help_text="Salin bagian yang menjelaskan sebabnya, tanpa salinan pesan semula: di sana ada "
        "password.",
    )
    proof = UploadField(
        label="Berkas pesan kembali",
        required=False,
        check=check_returned,
        accept=MAIL_TYPES,
        help_text="Berkas .eml, atau tangkapan layar (PDF, JPEG, PNG). Dari .eml hanya teks "
        "pemberitahuannya yang disimpan; pesan semula di dalamnya dibuang karena memuat password.",
    )
    blacked_out = forms.BooleanField(
        label="Saya telah memeriksa: password tidak terbaca pada tangkapan layar ini",
        required=False,
        help_text="Wajib untuk PDF, JPEG, dan PNG.",
    )

    def __init__(self, *args: Any, sendings: Sequence[Message], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["message"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101  declared above
        field.choices = [(message.pk, _named(message)) for message in sendings]
        field.initial = sendings[-1].pk

    def sections(self) -> list[Any]:
        """One below the other: the message is named at length."""
        return [
            row(("message", 12)),
            row(("returned_at", 6)),
            row(("text", 12)),
            row(("proof", 12)),
            row(("blacked_out", 12)),
        ]


def _named(message: Message) -> str:
    accepted = words.instant(message.settled_at) if message.settled_at else ""
    return f"{message.to_address}, diterima server {accepted}"
