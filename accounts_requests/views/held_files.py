"""Files of a form that came back with errors: they wait on the server, nobody picks them again.

A page says ``held = hold(...)`` once its form is made, ``held.keep()`` before it shows the form
again, and ``held.release()`` once the form was accepted.
"""

from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest

from accounts_requests import staged_uploads, uploads
from accounts_requests.forms.base import SopForm, UploadField
from accounts_requests.models import AccountRequest, StagedUpload, User


@dataclass(frozen=True, kw_only=True)
class HeldFiles:
    """The files of one form of one person; ``case`` is None where a page is about no single one.

    Not where ``waits`` says no: such a page has its files wait in a way of its own.
    """

    form: SopForm
    case: AccountRequest | None
    owner: User
    page: str
    waits: bool = True

    def keep(self) -> None:
        """Let the sound files of a form wait, and have the form say so in place of asking again."""
        if not self.waits or not self.form.is_bound:
            return
        for name, field in _files(self.form).items():
            upload = self.form.cleaned_data.get(name)
            if not isinstance(upload, uploads.Upload):
                continue
            if not self.form.files_may_wait:
                self.form.warnings.setdefault(name, []).append(
                    f"Pilih kembali {upload.file_name}. Berkas ini tidak ditahan di server karena "
                    "dapat memuat password; isian lainnya tersimpan."
                )
                continue
            staged = staged_uploads.stage(
                self.case,
                owner=self.owner,
                purpose=staged_uploads.held(self.page, name),
                upload=upload,
                media_type=uploads.check_scan(upload),
            )
            field.wait(self.form.add_prefix(name), staged.file_name, str(staged.public_id))
            self.form[name].help_text = field.help_text  # taken over when the form was validated

    def release(self) -> None:
        """The form was accepted: nothing of it waits any more."""
        for name in _files(self.form):
            staged_uploads.discard(
                self.case, owner=self.owner, purpose=staged_uploads.held(self.page, name)
            )

    def waiting(self, name: str) -> StagedUpload | None:
        """What waits for the field ``name``, or None."""
        return staged_uploads.waiting(
            self.case, owner=self.owner, purpose=staged_uploads.held(self.page, name)
        )


def hold(
    request: HttpRequest,
    form: SopForm,
    case: AccountRequest | None,
    *,
    owner: User,
    page: str,
    waits: bool = True,
) -> HeldFiles:
    """Give ``form``, not validated yet, the files that wait for it, as if they came just now.

    Only a file that the form itself named is given back, and only to whoever sent it; a newly
    chosen one takes its place. What is named and gone is said on its field.
    """
    held = HeldFiles(form=form, case=case, owner=owner, page=page, waits=waits)
    if not waits or not form.is_bound:
        return held
    files = form.files.copy()
    for name, field in _files(form).items():
        posted = form.add_prefix(name)
        named = request.POST.get(field.waiting_name(posted), "")
        if not named or posted in files:
            continue
        staged = held.waiting(name)
        if staged is None or str(staged.public_id) != named:
            field.is_lost = True
            continue
        files[posted] = SimpleUploadedFile(staged.file_name, bytes(staged.data), staged.media_type)
    form.files = files
    return held


def _files(form: SopForm) -> dict[str, UploadField]:
    return {name: field for name, field in form.fields.items() if isinstance(field, UploadField)}
