"""Step 3: the list of people with what became of each, one person at a time, the kelengkapan."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control

from accounts_requests import account_policies, clock, credentials, forecasts, workflow
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.forms.account import AccountForm
from accounts_requests.forms.attestations import AttestationsForm
from accounts_requests.identity_numbers import format_nip
from accounts_requests.models import Account, AccountRequest, Document, Office, Registrant, User
from accounts_requests.states import STEP3_OUTCOMES, AccountState, Act, Employment
from accounts_requests.words import long_date

from .execution import (
    accounts_of,
    attestation_pairs,
    find_account,
    forms_of,
    frame,
    guard,
    requirements,
    running_step,
    say_on_form,
)
from .support import actor, add_errors, find_request, page


@dataclass(frozen=True, kw_only=True)
class Line:
    """One person in the list of step 3, with the Formulir as it is stored (or owed)."""

    account: Account
    person: Registrant
    form: Document | None
    is_pending: bool
    email_differs: bool


@dataclass(frozen=True, kw_only=True)
class Value:
    """One value of the Formulir: as it is read, and as it is copied into SPSE."""

    label: str
    shown: str
    copied: str


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a person stands in the list, and the way on; positions are None where there is none.

    ``next_pending`` is whom "Simpan dan personel berikutnya" leads to.
    """

    index: int
    total: int
    done: int
    before: int | None
    after: int | None
    next_pending: int | None


@page
def accounts(request: HttpRequest, number: str) -> HttpResponse:
    """Step 3 as a whole: who is done, who is next; at the end the kelengkapan close it."""
    case = find_request(number)
    user = actor(request)
    guard(Act.RECORD_ACCOUNTS, case, user)
    run = running_step(case)
    asked = requirements(run)
    form = AttestationsForm(request.POST if request.method == "POST" else None, requirements=asked)
    if request.method == "POST" and form.is_valid():
        try:
            workflow.record_accounts(case, actor=user, answers=form.answers())
        except InvalidInput as error:
            add_errors(form, error)
        except NotAllowedNow as error:
            say_on_form(form, error, Act.RECORD_ACCOUNTS, case, user)
        else:
            messages.success(
                request, "Langkah 3 selesai. Periksa pesan kepada tiap personel, lalu kirim."
            )
            return redirect("send", case.number)
    rows = accounts_of(case)
    papers = forms_of(case)
    pending = [account for account in rows if account.state not in STEP3_OUTCOMES]
    context = frame(request, case, run) | {
        "lines": [_line(account, papers) for account in rows],
        "total": len(rows),
        "done": len(rows) - len(pending),
        "left": len(pending),
        "next_position": pending[0].registrant.position_in_list if pending else None,
        "form": form,
        "pairs": attestation_pairs(form, asked),
        "requirements": asked,
        "forecast": "" if pending else forecasts.before(Act.RECORD_ACCOUNTS, case, clock.now()),
    }
    return render(request, "executing/accounts.html", context)


@cache_control(no_store=True, private=True)
@page
def account_entry(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """One person: the Formulir's values on the left, what was entered into SPSE on the right."""
    case = find_request(number)
    user = actor(request)
    guard(Act.RECORD_ACCOUNT, case, user)
    account = find_account(case, position)
    office = Office.current()
    form = AccountForm(
        request.POST if request.method == "POST" else None, account=account, office=office
    )
    place = _place(case, position)
    if request.method == "POST" and form.is_valid():
        try:
            _record(account, form, user, request.POST.get("seen", ""))
        except InvalidInput as error:
            add_errors(form, error)
        except NotAllowedNow as error:
            say_on_form(form, error, Act.RECORD_ACCOUNT, case, user)
        else:
            messages.success(request, _recorded(account.registrant, form.chosen(), place))
            if place.next_pending is not None:
                return redirect("account_entry", case.number, place.next_pending)
            return redirect("accounts", case.number)
    values = _values(account.registrant)
    has_password = credentials.has_live(account)
    context = frame(request, case, running_step(case)) | {
        "account": account,
        "person": account.registrant,
        "revocation": account_policies.revocation_of(account),
        "paper": forms_of(case).get(account.registrant_id),
        "values": values,
        "all_values": "\n".join(f"{value.label}: {value.copied}" for value in values),
        "place": place,
        "seen": workflow.outcome_mark(account),
        "has_password": has_password,
        "password_mark": workflow.password_mark(account),
        "password_gone_at": None if has_password else credentials.destroyed_at(account),
        "is_recorded": account.state in STEP3_OUTCOMES,
        **_outcome_forms(form, account, office),
    }
    return render(request, "executing/account_entry.html", context)


def _record(account: Account, form: AccountForm, user: User, seen: str) -> None:
    """Carry the form's outcome to the gate; ``seen`` is the mark that the page carried."""
    data = form.cleaned_data
    match form.chosen():
        case AccountState.CREATED:
            workflow.record_created(
                account,
                actor=user,
                user_id=data["user_id"],
                registered_email=data["registered_email"],
                matches_form=data["matches_form"],
                difference=data["difference"],
                seen=seen,
            )
        case AccountState.REFUSED:
            workflow.record_refused(account, actor=user, reason=data["reason"], seen=seen)
        case _:
            workflow.record_postponed(account, actor=user, reason=data["reason"], seen=seen)


def _outcome_forms(form: AccountForm, account: Account, office: Office) -> dict[str, AccountForm]:
    """The same form once for each of its three places on the page; the posted one keeps its errors.

    Each place has ids of its own.
    """
    places = {
        AccountState.CREATED: "created",
        AccountState.REFUSED: "refused",
        AccountState.POSTPONED: "postponed",
    }
    posted = form.data.get("outcome", "") if form.is_bound else ""
    if form.is_bound and posted not in places:
        posted = AccountState.CREATED
    found = {}
    for state, name in places.items():
        if posted == state:
            form.auto_id = f"{name}_%s"
            found[f"{name}_form"] = form
        else:
            reason = account.reason if account.state == state else ""
            found[f"{name}_form"] = AccountForm(
                account=account, office=office, auto_id=f"{name}_%s", initial={"reason": reason}
            )
    return found


def _recorded(person: Registrant, outcome: str, place: Place) -> str:
    """What the next page says about the person before."""
    word = {
        AccountState.CREATED: "tercatat dibuat di SPSE",
        AccountState.REFUSED: "tercatat tidak dapat dibuat",
        AccountState.POSTPONED: "tercatat ditunda",
    }[AccountState(outcome)]
    said = f"Akun {person.titled_name} {word}."
    if place.next_pending is None:
        return f"{said} Semua personel sudah mempunyai hasil; jawab kelengkapan langkah 3."
    return said


def _line(account: Account, papers: dict[int, Document]) -> Line:
    person = account.registrant
    return Line(
        account=account,
        person=person,
        form=papers.get(person.pk),
        is_pending=account.state not in STEP3_OUTCOMES,
        email_differs=account.state == AccountState.CREATED
        and account.registered_email.lower() != person.email.lower(),
    )


def _place(case: AccountRequest, position: int) -> Place:
    rows: Sequence[tuple[int, str]] = list(
        Account.objects.filter(registrant__request=case)
        .order_by("registrant__position_in_list")
        .values_list("registrant__position_in_list", "state")
    )
    listed = [found for found, _state in rows]
    index = listed.index(position)
    pending = [found for found, state in rows if state not in STEP3_OUTCOMES and found != position]
    following = [found for found in pending if found > position]
    return Place(
        index=index + 1,
        total=len(listed),
        done=sum(state in STEP3_OUTCOMES for _found, state in rows),
        before=listed[index - 1] if index else None,
        after=listed[index + 1] if index + 1 < len(listed) else None,
        next_pending=next(iter(following or pending), None),
    )


def _values(person: Registrant) -> list[Value]:
    """The Formulir in the order in which SPSE asks; blank fields are left out."""
    number_label = "NI PPPK" if person.employment == Employment.PPPK else "NIP"
    plain = [
        ("Jenis akun", person.get_account_kind_display()),
        ("Nama lengkap", person.full_name),
        ("Nama dengan gelar", person.titled_name if person.titled_name != person.full_name else ""),
        (number_label, person.nip),
        ("E-mail", person.email),
        ("Nomor ponsel", person.mobile),
        ("Pangkat/golongan", person.rank_and_grade),
        ("Jabatan", person.position),
        ("Unit kerja", person.work_unit),
        ("K/L/PD", person.agency),
        ("Alamat kantor", person.office_address),
        ("Berlaku s.d.", long_date(person.valid_until) if person.valid_until else ""),
    ]
    return [
        Value(
            label=label,
            shown=format_nip(text) if label == number_label else text,
            copied=text,
        )
        for label, text in plain
        if text
    ]
