"""One archived file: its contents, its data, where it went."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts_requests import (
    archive_contents,
    archive_register,
    archive_rules,
    clock,
    exports,
    permissions,
    workflow,
)
from accounts_requests.archive_contents import Item
from accounts_requests.archive_register import Line
from accounts_requests.documents import archive_lists
from accounts_requests.exceptions import InvalidInput
from accounts_requests.forms.archive_keeping import FileDataForm, MoveForm
from accounts_requests.models import (
    AccountRequest,
    ArchiveDescription,
    ArchiveMove,
    DestructionItem,
    Office,
)
from accounts_requests.states import Act

from .downloads import PDF, file_answer
from .lists import workbook
from .support import actor, add_errors, find_request, page


@page
def archive_file(request: HttpRequest, number: str) -> HttpResponse:
    """Daftar isi berkas, what is on record of the file as a whole, and its story since."""
    user = actor(request)
    held = permissions.require_reader(user)
    reads_people = permissions.reads_people(held)
    line, items = _file(number, reads_people=reads_people)
    acts = permissions.acts_of(held)
    context = {
        "line": line,
        "case": line.case,
        "items": items,
        "card": archive_lists.card(line),
        "reads_people": reads_people,
        "may_describe": Act.DESCRIBE_FILE in acts and not line.standing.proposal,
        "may_move": Act.MOVE_FILE in acts and bool(_ways(line)),
        "versions": ArchiveDescription.objects.filter(request=line.case)
        .select_related("by")
        .order_by("version"),
        "moves": ArchiveMove.objects.filter(request=line.case).select_related("by").order_by("pk"),
        "proposals": DestructionItem.objects.filter(request=line.case)
        .select_related("proposal__proposed_by", "proposal__decision__decided_by")
        .order_by("pk"),
    }
    return render(request, "archive/file.html", context)


@page
def archive_contents_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The contents on paper; that they were taken is on the audit trail."""
    line, data = _taken(request, number, as_pdf=True)
    name = archive_lists.name_of_contents(line, "pdf")
    return file_answer(data, name=name, media_type=PDF, shown=True)


@page
def archive_contents_xlsx(request: HttpRequest, number: str) -> HttpResponse:
    """The contents as XLSX; also on the audit trail."""
    line, data = _taken(request, number, as_pdf=False)
    return workbook(data, archive_lists.name_of_contents(line, "xlsx"))


@page
def archive_data(request: HttpRequest, number: str) -> HttpResponse:
    """The form of the file's data; a change is their next version and a catatan."""
    user = actor(request)
    permissions.require(Act.DESCRIBE_FILE, user)
    line = _line(number)
    archive_rules.check_can_describe(line.case, line.standing)
    data = line.standing.data
    form = FileDataForm(
        request.POST if request.method == "POST" else None,
        initial=FileDataForm.initial_of(data),
    )
    if request.method == "POST" and form.is_valid():
        try:
            workflow.describe_file(
                line.case,
                actor=user,
                data=form.data_given(),
                reason=form.cleaned_data["reason"],
                seen=request.POST.get("seen", ""),
            )
        except InvalidInput as error:
            add_errors(form, error, {"media": "kept_on"})
        else:
            messages.success(
                request, "Data kearsipan disimpan sebagai versi baru; yang lama tetap tercatat."
            )
            return redirect("archive_file", number)
    seen = request.POST.get("seen", "") or workflow.file_mark(data)
    return render(request, "archive/data.html", {"form": form, "line": line, "seen": seen})


@page
def archive_move(request: HttpRequest, number: str) -> HttpResponse:
    """The form of a move: to inactive storage, or to an archive office."""
    user = actor(request)
    permissions.require(Act.MOVE_FILE, user)
    line = _line(number)
    ways = _ways(line)
    initial: dict[str, Any] = {"kind": ways[0] if ways else "", "moved_on": clock.today()}
    form = MoveForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            move = workflow.move_file(line.case, actor=user, data=form.data_given())
        except InvalidInput as error:
            add_errors(form, error)
        else:
            messages.success(request, f"{move.get_kind_display()} dicatat.")
            return redirect("archive_file", number)
    hindrances = [
        archive_rules.hindrance_of_move(line.case, line.standing, kind, today=clock.today())
        for kind in ArchiveMove.Kind
    ]
    context = {"form": form, "line": line, "ways": ways, "hindrances": hindrances}
    return render(request, "archive/move.html", context)


def _ways(line: Line) -> list[str]:
    """The kinds of move that the file is due for today."""
    return [
        str(kind)
        for kind in ArchiveMove.Kind
        if not archive_rules.hindrance_of_move(line.case, line.standing, kind, today=clock.today())
    ]


def _archived(number: str) -> AccountRequest:
    case = find_request(number)
    if case.archived_at is None:
        raise Http404(f"{number} is not archived.")
    return case


def _line(number: str) -> Line:
    case = _archived(number)
    return archive_register.line_of(case, Office.current(), today=clock.today())


def _file(number: str, *, reads_people: bool) -> tuple[Line, list[Item]]:
    line = _line(number)
    items = archive_contents.items(line.case, line.code, reads_people=reads_people)
    return line, items


def _taken(request: HttpRequest, number: str, *, as_pdf: bool) -> tuple[Line, bytes]:
    user = actor(request)
    reads_people = permissions.reads_people(permissions.require_reader(user))
    line, items = _file(number, reads_people=reads_people)
    data = exports.file_contents(line, items, actor=user, at=clock.now(), as_pdf=as_pdf)
    return line, data
