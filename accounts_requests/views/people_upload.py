"""The people of a draft from an XLSX: read and judged first, taken in afterwards, all or none."""

from collections.abc import Sequence
from typing import Any, NoReturn
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts_requests import clock, permissions, repeats, staged_uploads, workflow
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.forms.people_upload import PeopleUploadForm
from accounts_requests.models import AccountRequest, Office, StagedUpload, User
from accounts_requests.spreadsheets import people_reader, people_template
from accounts_requests.states import AccountKind, Act
from accounts_requests.uploads import XLSX

from .downloads import file_answer
from .support import actor, find_request, page
from .workspace import frame, guard

TEMPLATE_NAME = "templat-personel.xlsx"


@page
def people_upload(request: HttpRequest, number: str) -> HttpResponse:
    """Upload a list; what waits is shown with its problems, or ready to be taken in."""
    case = find_request(number)
    user = actor(request)
    guard(Act.IMPORT_REGISTRANTS, case, user)
    form = PeopleUploadForm(request.POST, request.FILES) if request.method == "POST" else None
    if form is not None and form.is_valid():
        upload = form.upload()
        try:
            _read(case, upload.data)
        except InvalidInput as error:
            for sentence in error.errors[""]:
                form.add_error("file", sentence)
        else:
            staged_uploads.stage(
                case,
                owner=user,
                purpose=staged_uploads.PEOPLE,
                upload=upload,
                media_type=XLSX,
            )
            return redirect("people_upload", number)
    return _show(request, case, form or PeopleUploadForm())


@page
@require_POST
def people_import(request: HttpRequest, number: str) -> HttpResponse:
    """Take the people of the waiting file into the draft."""
    case = find_request(number)
    user = actor(request)
    guard(Act.IMPORT_REGISTRANTS, case, user)
    staged = _waiting(case, user)
    if staged is None or str(staged.public_id) != request.POST.get("staged"):
        _refuse_import(case, user, is_gone=staged is None)
    sheet = _read(case, bytes(staged.data))
    if sheet.problems:
        return redirect("people_upload", number)
    try:
        with transaction.atomic():
            if not staged_uploads.take(staged):
                _refuse_import(case, user, is_gone=True)
            taken = workflow.import_registrants(
                case, actor=user, people=sheet.people, replace=request.POST.get("cara") == "ganti"
            )
    except InvalidInput as error:
        return _show(request, case, PeopleUploadForm(), refusals=error.errors[""])
    messages.success(request, f"{taken} personel diambil dari {staged.file_name}.")
    return redirect("people", number)


def _refuse_import(case: AccountRequest, user: User, *, is_gone: bool) -> NoReturn:
    """The file of the page was taken in already (AlreadyDone), thrown away, or replaced."""
    if is_gone:
        repeats.refuse_repeated(Act.IMPORT_REGISTRANTS, case, user)
    raise NotAllowedNow(
        "Berkas yang menunggu bukan lagi berkas pada halaman tadi, sehingga tidak ada yang "
        "diambil. Buka kembali halaman “Ambil dari XLSX”, lalu periksa isinya."
    )


@page
@require_POST
def people_discard(request: HttpRequest, number: str) -> HttpResponse:
    """Throw the waiting file away."""
    case = find_request(number)
    user = actor(request)
    permissions.require(Act.IMPORT_REGISTRANTS, user)
    staged_uploads.discard(case, owner=user, purpose=staged_uploads.PEOPLE)
    messages.info(request, "Berkas unggahan dibuang. Daftar personel tidak berubah.")
    return redirect("people_upload", number)


@page
@require_GET
def staged_download(request: HttpRequest, number: str, public_id: UUID) -> HttpResponse:
    """The waiting file again, for whoever uploaded it and still may."""
    user = actor(request)
    permissions.require(Act.IMPORT_REGISTRANTS, user)
    staged = get_object_or_404(
        StagedUpload, public_id=public_id, request=find_request(number), owner=user
    )
    return file_answer(bytes(staged.data), name=staged.file_name, media_type=staged.media_type)


@page
@require_GET
def people_template_file(request: HttpRequest) -> HttpResponse:
    """The empty list to be filled in."""
    permissions.require(Act.IMPORT_REGISTRANTS, actor(request))
    data = people_template.build(Office.current())
    return file_answer(data, name=TEMPLATE_NAME, media_type=XLSX)


def _show(
    request: HttpRequest,
    case: AccountRequest,
    form: PeopleUploadForm,
    *,
    refusals: Sequence[str] = (),
) -> HttpResponse:
    staged = _waiting(case, actor(request))
    sheet = _read(case, bytes(staged.data)) if staged is not None else None
    context = {
        **frame(request, case, here="people_upload"),
        "form": form,
        "staged": staged,
        "sheet": sheet,
        "rows": _rows(sheet) if sheet is not None else [],
        "refusals": refusals,
    }
    return render(request, "drafting/people_upload.html", context)


def _rows(sheet: people_reader.Sheet) -> list[dict[str, Any]]:
    kinds = dict(AccountKind.choices)
    return [
        {"number": number, "person": person, "kind": kinds.get(person.account_kind, "")}
        for number, person in zip(sheet.rows, sheet.people, strict=True)
    ]


def _read(case: AccountRequest, data: bytes) -> people_reader.Sheet:
    return people_reader.read(
        data,
        office=Office.current(),
        decree_valid_until=case.valid_until,
        today=clock.today(),
        request=case,
    )


def _waiting(case: AccountRequest, user: User) -> StagedUpload | None:
    return staged_uploads.waiting(case, owner=user, purpose=staged_uploads.PEOPLE)
