"""Certificates that the office is to believe, with where they come from."""

from typing import Any, Final

from accounts_requests import signatures
from accounts_requests.forms.base import SopForm, UploadField
from accounts_requests.forms.reason import reason_field
from accounts_requests.uploads import Upload

CERTIFICATE_TYPES: Final = (
    ".pem,.crt,.cer,application/x-pem-file,application/x-x509-ca-cert,application/pkix-cert"
)


class TrustAnchorForm(SopForm):
    """The file and its origin. ``waiting``: certificates wait already, another file may replace
    them.
    """

    origin = reason_field(
        "Asal dan dasar",
        "Dari mana sertifikat diperoleh dan atas dasar apa dipercaya, misalnya alamat terbitan "
        "penyelenggara, tanggal unduh, dan nota dinasnya.",
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, waiting: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(data, files, **kwargs)
        self.fields["file"] = UploadField(
            label="Ganti dengan berkas lain" if waiting else "Berkas sertifikat",
            required=not waiting,
            check=signatures.certificates_of,
            accept=CERTIFICATE_TYPES,
            error_messages={"required": "Pilih berkas sertifikat terlebih dahulu."},
            help_text="PEM atau DER (.pem, .crt, .cer); satu PEM boleh memuat beberapa sertifikat.",
        )
        if not waiting:
            self.order_fields(["file", "origin"])
        self.arrange()

    def upload(self) -> Upload | None:
        """The file, where one was sent that can be read."""
        upload: Upload | None = self.cleaned_data.get("file")
        return upload
