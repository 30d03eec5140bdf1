"""How often one address asked for something public: counted in the cache that all processes share.

For pages without a sign-in. The IPv6 network of one subscriber counts as one address. Counts are
kept under keyed hashes of the addresses and go by themselves when their window has passed.
"""

import datetime as dt
import ipaddress

from django.core.cache import cache

from accounts_requests import audit


def too_many(what: str, address: str, at: dt.datetime, *, limit: int, window: dt.timedelta) -> bool:
    """Count that ``address`` asked for ``what`` at ``at`` (UTC); True from the ``limit``-th on.

    A window begins with the first question and ends after ``window``; what was asked beyond the
    limit does not prolong it.
    """
    key = f"{what}:{audit.hashed(_asker(address))}"
    count, since = cache.get(key) or (0, at)
    if at - since >= window:
        count, since = 0, at
    if count < limit:
        cache.set(key, (count + 1, since), timeout=window.total_seconds())
    return int(count) >= limit


def _asker(address: str) -> str:
    """Whom the address stands for: of IPv6 the network that one subscriber is given (/64).

    Each has 2**64 addresses of it, of which a limit for each single one would be none.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))
