"""Kepala LPSE's order to Admin PPE (step 2): a Surat Perintah, or a Nota Dinas."""

import datetime as dt

from num2words import num2words

from accounts_requests import words
from accounts_requests.identity_numbers import format_nip
from accounts_requests.models import AccountRequest, Appointment, Document, Office, Registrant, User
from accounts_requests.roles import Role
from accounts_requests.states import AccountKind, DocumentKind

from .check_mark import check_mark
from .decree import described
from .paper import (
    DOTS,
    Draft,
    Signatory,
    appointed,
    enumerated,
    file_name,
    kinds_of,
    office_context,
    with_capacity,
)

LETTER_TEMPLATE = "documents/order.html"
MEMO_TEMPLATE = "documents/order_memo.html"


def draft(
    kind: DocumentKind,
    request: AccountRequest,
    *,
    at: dt.datetime,
    code: str,
    document: Document | None,
    signer: User | None = None,
) -> Draft:
    """The order of ``request`` given at ``at``; whoever made ``document`` signs it.

    ``signer`` signs where there is no such row yet.
    """
    office = Office.current()
    on = document.dated if document and document.dated else at.astimezone(words.ZONE).date()
    people = list(request.registrants.order_by("position_in_list"))
    kinds = kinds_of(person.account_kind for person in people)
    signer = document.created_by if document else signer
    context = {
        **office_context(office),
        "number": request.order_number or DOTS,
        "dated": words.long_date(on),
        "decree": described(request),
        "note": request.order_note,
        "kinds": enumerated([kind.label for kind in kinds]),
        "count": _counted(len(people), "orang"),
        "counts": _counts(people, kinds),
        "forms": _counted(len(people), "Formulir"),
        "executors": _executors(request, on),
        "signatory": _signatory(request, signer, on),
        "approved_at": _approved(request, at),
        "code": code,
        "check": check_mark(office, code, at.astimezone(words.ZONE).date()) if code else None,
        "limits": _limits(request),
    }
    if kind == DocumentKind.ORDER_MEMO:
        title, name, template = "Nota Dinas perintah pembuatan akun", "Nota-Dinas", MEMO_TEMPLATE
    else:
        title, name, template = "Surat Perintah pembuatan akun", "Surat-Perintah", LETTER_TEMPLATE
    return Draft(
        template,
        context,
        f"{title} ({request.reference})",
        file_name(name, request.order_number or request.number),
    )


def _approved(request: AccountRequest, at: dt.datetime) -> str:
    """When the order was approved here; an order that was entered later tells both instants."""
    given = request.ordered_at
    if given is None or given >= at:
        return words.instant(at)
    return f"{words.instant(at)} (pencatatan susulan; perintah diberikan {words.instant(given)})"


def _counted(count: int, noun: str) -> str:
    """``12 (dua belas) orang``."""
    return f"{count} ({num2words(count, lang='id')}) {noun}"


def _counts(people: list[Registrant], kinds: list[AccountKind]) -> str:
    amounts = [
        f"{sum(person.account_kind == kind for person in people)} {kind.label}" for kind in kinds
    ]
    return enumerated(amounts)


def _executors(request: AccountRequest, on: dt.date) -> list[dict[str, str]]:
    """Whom the order names: who holds the task, else every Admin PPE of that day."""
    if request.assignee is not None:
        users = [request.assignee]
    else:
        users = [
            held.person
            for held in Appointment.objects.in_force(on)
            .filter(role=Role.ADMIN_PPE, person__is_active=True)
            .select_related("person")
            .order_by("person__full_name")
        ]
    return [
        {
            "name": user.titled_name,
            "rank": user.rank,
            "nip": format_nip(user.nip),
            "position": user.position or "Admin PPE",
        }
        for user in dict.fromkeys(users)
    ]


def _signatory(request: AccountRequest, signer: User | None, on: dt.date) -> Signatory:
    if signer is None:
        return Signatory(
            (f"{request.signer_title},",),
            request.signer_name,
            request.signer_rank,
            format_nip(request.signer_nip),
        )
    title = with_capacity("Kepala LPSE", appointed(signer, Role.KEPALA_LPSE, on))
    return Signatory((f"{title},",), signer.titled_name, signer.rank, format_nip(signer.nip))


def _limits(request: AccountRequest) -> list[str]:
    """``membuat akun 60 Menit``, in the words of the revision that the case follows."""
    steps = request.sop_revision.steps.filter(number__gte=3).exclude(printed_limit="")
    return [f"{step.short_name.lower()} {step.printed_limit}" for step in steps]
