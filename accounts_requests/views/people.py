"""The people of a draft, one at a time."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts_requests import clock, workflow
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.forms.person import PersonForm
from accounts_requests.models import AccountRequest, Document, Office, Registrant
from accounts_requests.registrants import check_batch, person_data
from accounts_requests.states import Act, DocumentKind

from .support import actor, add_errors, find_request, page
from .workspace import frame, guard


@dataclass(frozen=True, kw_only=True)
class Line:
    """One person of the list and what the rules say about the Formulir today.

    ``form`` is the Formulir as it was rendered for paraf, None before that.
    """

    person: Registrant
    errors: list[str]
    warnings: list[str]
    form: Document | None


@page
def people(request: HttpRequest, number: str) -> HttpResponse:
    """Part 2 of a draft: the list; ``?tersimpan=<key>`` forgets typed words that were accepted."""
    case = find_request(number)
    guard(Act.EDIT, case, actor(request))
    lines = judged(case)
    context = {
        **frame(request, case, here="people"),
        "lines": lines,
        "troubled": troubled(lines),
        "saved": request.GET.get("tersimpan", ""),
    }
    return render(request, "drafting/people.html", context)


@page
def person_add(request: HttpRequest, number: str) -> HttpResponse:
    """One more Formulir; afterwards the list, or the next empty one."""
    case = find_request(number)
    user = actor(request)
    guard(Act.ADD_REGISTRANT, case, user)
    keep = f"personel-{number}-baru"
    form = person_form(request, case)
    if request.method == "POST" and form.is_valid():
        try:
            person = workflow.add_registrant(case, actor=user, person=form.person())
        except InvalidInput as error:
            add_errors(form, error)
        else:
            messages.success(request, f"{person.full_name} ditambahkan.")
            onward = "person_add" if "lanjut" in request.POST else "people"
            return redirect(f"{reverse(onward, args=[number])}?tersimpan={keep}")
    context = {
        **frame(request, case, here="person_add"),
        "form": form,
        "person": None,
        "keep": keep,
        "saved": request.GET.get("tersimpan", ""),
    }
    return render(request, "drafting/person.html", context)


@page
def person_edit(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """One Formulir of the draft again."""
    case = find_request(number)
    user = actor(request)
    guard(Act.EDIT_REGISTRANT, case, user)
    person = (
        _same_person(request, case, position)
        if request.method == "POST"
        else find_person(case, position)
    )
    keep = f"personel-{number}-{person.pk}"
    form = person_form(request, case, person)
    if request.method == "POST" and form.is_valid():
        try:
            workflow.edit_registrant(
                person, actor=user, person=form.person(), seen=request.POST.get("seen", "")
            )
        except InvalidInput as error:
            add_errors(form, error)
        else:
            messages.success(request, f"Formulir {form.person().full_name} disimpan.")
            return redirect(f"{reverse('people', args=[number])}?tersimpan={keep}")
    context = {
        **frame(request, case, here="person_edit"),
        "form": form,
        "person": person,
        "seen": workflow.mark_of(person_data(person)),
        "keep": keep,
        "saved": "",
    }
    return render(request, "drafting/person.html", context)


@page
@require_POST
def person_remove(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """Take one person out of the draft; the page named the row, not only its place."""
    case = find_request(number)
    user = actor(request)
    guard(Act.REMOVE_REGISTRANT, case, user)
    person = _same_person(request, case, position)
    workflow.remove_registrant(person, actor=user)
    messages.success(request, f"{person.full_name} dihapus dari konsep.")
    return redirect("people", number)


def _same_person(request: HttpRequest, case: AccountRequest, position: int) -> Registrant:
    """Whom the page was about: the list may have moved up since. Raises NotAllowedNow."""
    person = case.registrants.filter(position_in_list=position).first()
    if person is None or str(person.pk) != request.POST.get("pk", str(person.pk)):
        raise NotAllowedNow(
            "Daftar personel sudah berubah sejak halaman ini dibuka, sehingga tidak ada yang "
            "dihapus atau diubah. Muat ulang daftarnya, lalu periksa kembali."
        )
    return person


def find_person(case: AccountRequest, position: int) -> Registrant:
    """The person at that place of the list, or a 404 page."""
    return get_object_or_404(case.registrants.all(), position_in_list=position)


def person_form(
    request: HttpRequest, case: AccountRequest, person: Registrant | None = None
) -> PersonForm:
    """The Formulir of ``person``, or an empty one; bound to what was posted."""
    today = clock.today()
    return PersonForm(
        request.POST if request.method == "POST" else None,
        request=case,
        office=Office.current(),
        today=today,
        registrant=person,
        initial={} if person else {"statement_date": today},
    )


def judged(case: AccountRequest) -> list[Line]:
    """Everybody in the draft with what the rules say today, in order."""
    rows = list(case.registrants.order_by("position_in_list"))
    found = check_batch(
        [person_data(row) for row in rows],
        office=Office.current(),
        decree_valid_until=case.valid_until,
        today=clock.today(),
        request=case,
    )
    forms = current_forms(case) if case.people_locked_at else {}
    return [
        Line(
            person=row,
            form=forms.get(row.pk),
            errors=[text for texts in findings.errors.values() for text in texts],
            warnings=[text for texts in findings.warnings.values() for text in texts],
        )
        for row, findings in zip(rows, found, strict=True)
    ]


def current_forms(case: AccountRequest) -> dict[int | None, Document]:
    """The Formulir in force, by the key of the person whose it is."""
    forms = case.documents.filter(kind=DocumentKind.FORM, superseded_at__isnull=True)
    return {form.registrant_id: form for form in forms}


def troubled(lines: list[Line]) -> int:
    """How many of them break a rule."""
    return sum(bool(line.errors) for line in lines)
