"""Handing an account over another way than by e-mail."""

from accounts_requests import uploads
from accounts_requests.forms.base import SCAN_TYPES, SopForm, UploadField
from accounts_requests.forms.reason import reason_field
from accounts_requests.uploads import Upload


class HandOverForm(SopForm):
    """How the person got the account, with a proof where there is one."""

    note = reason_field(
        "Cara penyerahan",
        "Misalnya: diserahkan langsung dalam amplop tertutup, tanggal dan penerimanya. Jangan "
        "menuliskan password.",
    )
    proof = UploadField(
        label="Bukti penyerahan",
        required=False,
        check=uploads.check_scan,
        accept=SCAN_TYPES,
        help_text="Tanda terima hasil pindai: PDF, JPEG, atau PNG. Boleh kosong.",
    )

    def upload(self) -> Upload | None:
        """The proof, once the form is valid; None when there is none."""
        upload: Upload | None = self.cleaned_data["proof"]
        return upload
