"""How often one address asked for something public: counted in the cache that all processes share.

For pages without a sign-in. Counts are kept under keyed hashes of the addresses and go by
themselves when their window has passed.
"""

import datetime as dt

from django.core.cache import cache

from accounts_requests import audit


def too_many(what: str, address: str, at: dt.datetime, *, limit: int, window: dt.timedelta) -> bool:
    """Count that ``address`` asked for ``what`` at ``at`` (UTC); True from the ``limit``-th on.

    A window begins with the first question and ends after ``window``; what was asked beyond the
    limit does not prolong it.
    """
    key = f"{what}:{audit.hashed(address)}"
    count, since = cache.get(key) or (0, at)
    if at - since >= window:
        count, since = 0, at
    if count < limit:
        cache.set(key, (count + 1, since), timeout=window.total_seconds())
    return int(count) >= limit
