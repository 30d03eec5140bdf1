"""A list of people as XLSX."""

from accounts_requests import uploads
from accounts_requests.forms.base import XLSX_TYPES, SopForm, UploadField
from accounts_requests.uploads import Upload


class PeopleUploadForm(SopForm):
    """The file; `upload()` is it once it has been looked at. What becomes of it is asked later."""

    file = UploadField(
        label="Daftar personel (XLSX)",
        check=uploads.check_workbook,
        accept=XLSX_TYPES,
        error_messages={"required": "Pilih berkas daftar personel terlebih dahulu."},
        help_text="Gunakan templat dari aplikasi ini. Tidak ada yang disimpan sebelum Anda "
        "memeriksa hasil bacanya.",
    )

    def upload(self) -> Upload:
        """The workbook, once the form is valid."""
        upload: Upload = self.cleaned_data["file"]
        return upload
