"""Declaring the file of a draft complete, where the office reads step 1 as beginning with that."""

from accounts_requests import policies, step_limits, timers, words
from accounts_requests.models import AccountRequest, User
from accounts_requests.states import Act

from .gate import Acting, acting


def declare_complete(request: AccountRequest, *, actor: User) -> None:
    """*Berkas lengkap*: the time of step 1 begins now, under a reading that has it so.

    Raises NotAllowedNow where the case's reading counts from the receipt, AlreadyDone the second
    time.
    """
    with acting(Act.DECLARE_COMPLETE, request, actor=actor) as case:
        policies.check_can_declare_complete(case.request, actor)
        _begin(case)
        case.summary = "Berkas dinyatakan lengkap; waktu langkah 1 mulai dihitung."


def complete_at_the_latest(case: Acting) -> None:
    """The concept goes for paraf: its file is complete, whoever forgot to say so. Caller saves."""
    if not step_limits.starts_when_complete(case.request) or case.request.complete_at is not None:
        return
    _begin(case)
    case.request.notes.create(
        at=case.at,
        by=case.actor,
        text=f"Berkas dianggap lengkap saat paraf diajukan, {words.instant(case.at)}.",
    )
    case.changes["complete_at"] = case.at.isoformat()


def _begin(case: Acting) -> None:
    case.request.complete_at = case.at
    timers.start_counting(case.run(), case.at)
