"""The second press of a button: two people at once, a double click, a browser that asked again.

One press counts. Whoever comes second is told who was first, when, and what came of it; nothing is
done and nothing is recorded.
"""

from accounts_requests import audit, clock, words
from accounts_requests.exceptions import AlreadyDone
from accounts_requests.models import AccountRequest, AuditEntry, User
from accounts_requests.states import Act


def refuse_repeated(
    act: Act, request: AccountRequest, actor: User, *, label: str = "", what: str = "Langkah ini"
) -> None:
    """Raise AlreadyDone when ``act`` was taken on the case (on its object ``label``, where given).

    Call it where the record shows that nothing is left to do; ``what`` begins the sentence.
    """
    entry = audit.last_act(request, [act], label=label)
    if entry is not None:
        raise AlreadyDone(told(entry, actor, what=what))


def told(entry: AuditEntry, actor: User, *, what: str = "Langkah ini") -> str:
    """The sentence for ``actor`` about what ``entry`` records."""
    who = "Anda sendiri" if entry.actor_id == actor.pk else entry.actor_name
    when = words.short_instant(entry.at, now=clock.now())
    return (
        f"{what} telah diselesaikan oleh {who} {when}: {entry.summary} "
        "Anda tidak perlu mengulanginya."
    )
