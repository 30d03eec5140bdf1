"""How sessions lie in the database: encrypted, for a TOTP secret waits there until it is confirmed.

Named in settings.SESSION_SERIALIZER.
"""

import json
from typing import Any

from accounts_requests import credentials


class EncryptedSerializer:
    """JSON under the newest of settings.ENCRYPTION_KEYS.

    A session that no key opens any more counts as none: the person signs in again.
    """

    def dumps(self, data: dict[str, Any]) -> bytes:
        """Return the session's content as bytes that only the keys open."""
        return credentials.encrypt_field(json.dumps(data, separators=(",", ":"))).encode()

    def loads(self, data: bytes) -> dict[str, Any]:
        """Return what ``dumps`` was given. Raises SecretUnavailable when no key opens it."""
        content: dict[str, Any] = json.loads(credentials.decrypt_field(data.decode()))
        return content
