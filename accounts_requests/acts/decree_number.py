"""The secretariat's number of an SK and its date: unique, not to come, not before the receipt."""

import datetime as dt

from django.db import IntegrityError, transaction

from accounts_requests import clock, words
from accounts_requests.decree_data import check_decree_date
from accounts_requests.exceptions import InvalidInput
from accounts_requests.models import AccountRequest, User
from accounts_requests.person_data import clean_text
from accounts_requests.repeats import refuse_repeated
from accounts_requests.states import Act, CaseState, Stage

from .gate import acting, mark_of, require_unchanged
from .signing import let_go
from .stages import next_stage


def set_decree_number(
    request: AccountRequest, *, actor: User, number: str, date: dt.date | None, seen: str = ""
) -> None:
    """Enter the secretariat's number (and the date); ends the stage "nomor" when it is on.

    ``seen`` is ``number_mark`` of the case that the page showed.
    """
    with acting(Act.SET_NUMBER, request, actor=actor) as case:
        if seen and seen != number_mark(case.request):
            if (case.request.decree_number, case.request.decree_date) == (clean_text(number), date):
                refuse_repeated(Act.SET_NUMBER, case.request, actor)
            require_unchanged(_shown(case.request), seen)
        sent_with = (case.request.decree_number, case.request.decree_date)
        case.request.decree_number = clean_text(number)
        case.request.decree_date = date
        require_issue_data(case.request, complete=False)
        save_decree_number(case.request)
        if case.request.stage == Stage.NUMBER:
            next_stage(case)
        case.changes = {
            "decree_number": case.request.decree_number,
            "decree_date": str(date or ""),
        }
        if sent_with != (case.request.decree_number, date):
            let_go(case, because="Nomor atau tanggal SK diubah setelah Konsep dikirim.")
        case.summary = f"Nomor SK dicatat: {case.request.decree_number}."


def number_mark(request: AccountRequest) -> str:
    """The mark of what the page of the number shows; the page carries it."""
    return mark_of(_shown(request))


def require_issue_data(request: AccountRequest, *, complete: bool) -> None:
    """The number, and the date (needed when ``complete``): neither to come nor before the receipt.

    Raises InvalidInput (number, date).
    """
    errors: dict[str, list[str]] = {}
    if not request.decree_number:
        errors["number"] = ["Isi nomor SK yang diberikan tata usaha."]
    if request.decree_date is None:
        if complete:
            errors["date"] = ["Isi tanggal SK."]
    elif request.decree_date > clock.today():
        errors["date"] = [
            (
                f"Tanggal SK {words.long_date(request.decree_date)} belum tiba. "
                "Isi tanggal hari ini atau sebelumnya."
            )
        ]
    elif sentences := check_decree_date(
        request.decree_date, request.received_at, today=clock.today()
    ):
        errors["date"] = sentences
    if errors:
        raise InvalidInput(errors)


def save_decree_number(request: AccountRequest) -> None:
    """Save a case whose number may clash: InvalidInput names the case that has it.

    What was issued keeps its number, cancelled or not.
    """
    clash = (
        AccountRequest.objects.filter(decree_number__iexact=request.decree_number)
        .exclude(pk=request.pk)
        .exclude(state=CaseState.CANCELLED, issued_at__isnull=True)
        .first()
        if request.decree_number
        else None
    )
    sentence = "Nomor SK ini telah digunakan pada permohonan lain."
    if clash is not None:
        sentence = (
            f"Nomor SK ini telah digunakan pada permohonan {clash.number}. Isian Anda tersimpan "
            "pada formulir ini. Silakan perbaiki nomor SK, lalu simpan kembali."
        )
        raise InvalidInput({"decree_number": [sentence], "number": [sentence]})
    try:
        with transaction.atomic():
            request.save()
    except IntegrityError as error:
        if "decree_number" not in str(error):
            raise
        raise InvalidInput({"decree_number": [sentence], "number": [sentence]}) from error


def _shown(request: AccountRequest) -> tuple[object, ...]:
    """The number, the date, and the stage that entering them may end."""
    return (request.decree_number, request.decree_date, request.stage)
