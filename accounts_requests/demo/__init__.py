"""Example people and example cases in every state, made through the workflow at moved times.

A story that has begun is never told again, so running it twice adds nothing. Times are counted in
working minutes before now, so that some cases are in time, some urgent and some late on whatever
day the demonstration is started. Everybody here is plainly an example, and so is every sign-in:
production refuses to start with them.
"""

import datetime as dt

from accounts_requests import clock
from accounts_requests.models import AccountRequest, Office

from .people import PASSWORD, SignIn, make_staff, sign_ins
from .stories import STORIES
from .story import Story

__all__ = ["PASSWORD", "SignIn", "fill", "sign_ins"]


def fill() -> int:
    """Make the example people and cases that are missing; returns how many cases were made."""
    staff = make_staff()
    if not AccountRequest.objects.filter(is_demo=True).exists():
        # Older than the oldest example, so that each of their papers can be checked by its code.
        since = clock.today() - dt.timedelta(days=120)
        Office.objects.filter(is_demo=True).update(verification_since=since)
    made = 0
    for seed, (title, tell) in enumerate(STORIES.items(), start=1):
        if AccountRequest.objects.filter(is_demo=True, subject=title).exists():
            continue
        tell(Story(staff, title, seed))
        made += 1
    return made
