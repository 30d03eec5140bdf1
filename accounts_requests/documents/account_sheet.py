"""Lembar Pembuatan Akun: what step 3 brought about in SPSE. It never holds a password."""

import datetime as dt

from accounts_requests import words
from accounts_requests.identity_numbers import format_nip
from accounts_requests.models import Account, AccountRequest, Attestation, Office
from accounts_requests.states import WITHOUT_ACCOUNT, AccountKind, AccountState

from .decree import described
from .paper import Draft, file_name, office_context

TEMPLATE = "documents/account_sheet.html"


def draft(request: AccountRequest, *, at: dt.datetime, code: str) -> Draft:
    """The sheet of the case's accounts as step 3 closed at ``at``.

    A message may be under way by the time it is rendered: an account that exists is told as
    created, whatever has become of its e-mail since.
    """
    office = Office.current()
    accounts = list(
        Account.objects.filter(registrant__request=request)
        .select_related("registrant", "recorded_by")
        .order_by("registrant__position_in_list")
    )
    created = [account for account in accounts if account.state not in WITHOUT_ACCOUNT]
    attestations = Attestation.objects.filter(
        step_run__request=request, step_run__step__number=3
    ).select_related("requirement", "by", "step_run")
    latest = max((item.step_run.attempt for item in attestations), default=0)
    context = {
        **office_context(office),
        "case": request,
        "decree": described(request),
        "rows": [_row(account) for account in accounts],
        "created": len(created),
        "total": len(accounts),
        "attestations": [item for item in attestations if item.step_run.attempt == latest],
        "holder": request.assignee,
        "holder_nip": format_nip(request.assignee.nip) if request.assignee else "",
        "closed_at": words.instant(request.accounts_created_at or at),
        "place_and_date": f"{office.city}, {words.long_date(at.astimezone(words.ZONE).date())}",
        "code": code,
    }
    return Draft(
        TEMPLATE,
        context,
        f"Lembar Pembuatan Akun ({request.reference})",
        file_name("Lembar-Pembuatan-Akun", request.decree_number or request.number),
    )


def _row(account: Account) -> dict[str, object]:
    registrant = account.registrant
    exists = account.state not in WITHOUT_ACCOUNT
    if exists:
        outcome = "Dibuat di SPSE" if account.user_id else AccountState(account.state).label
        remark = account.difference
    else:
        outcome, remark = AccountState(account.state).label, account.reason
    return {
        "number": registrant.position_in_list,
        "name": registrant.titled_name,
        "kind": AccountKind(registrant.account_kind).label,
        "user_id": account.user_id or "—",
        "email": account.registered_email or "—",
        "outcome": outcome,
        "remark": remark,
        "at": f"{account.recorded_at.astimezone(words.ZONE):%d-%m-%Y %H.%M}"
        if account.recorded_at
        else "—",
        "by": account.recorded_by.titled_name if account.recorded_by else "—",
    }
