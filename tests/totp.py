"""The codes of an authenticator, computed as RFC 6238 says."""

import base64
import datetime as dt
import hmac
import struct

PERIOD = 30  # seconds


def code(secret: str, at: dt.datetime) -> str:
    """The six digits that an authenticator with this secret (base32) shows at ``at``."""
    counter = struct.pack(">Q", int(at.timestamp()) // PERIOD)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    start = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"
