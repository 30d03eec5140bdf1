"""The Formulir: one per person, frozen and printed before paraf. It never holds a password.

It bears a number of its own and no reference to the SK: it is signed before the SK exists.
"""

import datetime as dt

from accounts_requests import credentials, words
from accounts_requests.identity_numbers import format_nip, mask_nik
from accounts_requests.models import Office, Registrant
from accounts_requests.states import AccountKind, Employment, RequestKind

from .paper import Draft, file_name, office_context

TEMPLATE = "documents/form.html"


def number_of(registrant: Registrant) -> str:
    """The Formulir's own number: the one that the office typed, else one made of the case's."""
    return (
        registrant.form_number or f"F-{registrant.position_in_list:03}/{registrant.request.number}"
    )


def draft(registrant: Registrant, *, at: dt.datetime) -> Draft:
    """The Formulir of ``registrant``; ``at`` is the instant at which it was frozen."""
    office = Office.current()
    kind = AccountKind(registrant.account_kind)
    chosen_kinds = [AccountKind(name) for name in office.account_kinds]
    if kind not in chosen_kinds:
        chosen_kinds.append(kind)
    context = {
        **office_context(office),
        "person": registrant,
        "number": number_of(registrant),
        "kinds": [(choice.label, choice == kind) for choice in chosen_kinds],
        "kinds_title": "/".join(choice.label for choice in chosen_kinds),
        "request_kind": RequestKind(registrant.request_kind).label,
        "employments": [(choice.label, choice == registrant.employment) for choice in Employment],
        "nip": format_nip(registrant.nip),
        "nik": mask_nik(credentials.decrypt_field(registrant.nik)) if registrant.nik else "",
        "nip_label": "NI PPPK" if registrant.employment == Employment.PPPK else "NIP",
        "valid_until": (
            words.long_date(registrant.valid_until)
            if registrant.valid_until
            else "Sesuai dengan masa berlaku dalam SK"
        ),
        "statement_date": words.long_date(registrant.statement_date),
        "frozen_at": words.instant(at),
    }
    title = f"Formulir {registrant.position_in_list}: {registrant.full_name} ({kind.label})"
    name = file_name(f"Formulir-{registrant.position_in_list:03}", registrant.full_name, kind.label)
    return Draft(TEMPLATE, context, title, name)
