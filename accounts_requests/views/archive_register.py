"""Daftar berkas: the register of archived files, on screen, on paper and as XLSX."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts_requests import archive_register, clock, exports, permissions
from accounts_requests.archive_register import Filters
from accounts_requests.archive_standing import FileState, FileTask
from accounts_requests.documents import archive_lists
from accounts_requests.exceptions import NotAllowedNow
from accounts_requests.forms.archive_keeping import FileFilterForm
from accounts_requests.models import Office
from accounts_requests.states import Act

from .downloads import PDF, file_answer
from .lists import key, neighbours, workbook
from .support import actor, page

# A paper of more would keep the one thread that sets papers busy for minutes.
MOST_PRINTED = 500


@page
def archive(request: HttpRequest) -> HttpResponse:
    """The files that match in the official columns, and how many wait for somebody."""
    user = actor(request)
    held = permissions.require_reader(user)
    form, filters = _asked(request)
    office, today = Office.current(), clock.today()
    found = archive_register.page(
        archive_register.find(filters, office, today=today),
        office,
        today=today,
        before=key(request, "sebelum"),
        after=key(request, "sesudah"),
    )
    may_propose = Act.PROPOSE_DESTRUCTION in permissions.acts_of(held)
    context = {
        "form": form,
        "filters": filters,
        "lines": found.lines,
        "counts": archive_register.counts(office, today=today),
        "states": {one.name.lower(): one.value for one in (*FileState, *FileTask)},
        "query": request.GET.urlencode(),
        "reads_people": permissions.reads_people(held),
        "chooses": may_propose and filters.state == FileTask.MAY_BE_DESTROYED,
        **neighbours(request, older=found.older, newer=found.newer),
    }
    return render(request, "archive/register.html", context)


@page
def archive_pdf(request: HttpRequest) -> HttpResponse:
    """The same files, all pages of them, on paper; that it was taken is on the audit trail."""
    return file_answer(
        _taken(request, as_pdf=True),
        name=archive_lists.name_of_register(clock.today(), "pdf"),
        media_type=PDF,
        shown=True,
    )


@page
def archive_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as XLSX; also on the audit trail."""
    data = _taken(request, as_pdf=False)
    return workbook(data, archive_lists.name_of_register(clock.today(), "xlsx"))


def _taken(request: HttpRequest, *, as_pdf: bool) -> bytes:
    permissions.require_reader(actor(request))
    _form, filters = _asked(request)
    office, today = Office.current(), clock.today()
    cases = archive_register.find(filters, office, today=today)
    if as_pdf and cases.count() > MOST_PRINTED:
        raise NotAllowedNow(
            f"Daftar ini memuat lebih dari {MOST_PRINTED} berkas, terlalu panjang untuk satu PDF. "
            "Saring menurut tahun atau keadaan, atau unduh sebagai XLSX."
        )
    return exports.file_register(
        list(archive_register.every_line(cases, office, today=today)),
        actor=actor(request),
        at=clock.now(),
        query=request.GET.urlencode(),
        filtered=filters.told(),
        as_pdf=as_pdf,
    )


def _asked(request: HttpRequest) -> tuple[FileFilterForm, Filters]:
    form = FileFilterForm(request.GET, years=archive_register.years())
    return form, form.filters()
