"""Where backups go, how many are kept, and who can read them: a part of the settings."""

from pathlib import Path

import environ
import pyrage
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()

# The nightly backup goes here; none is made without it. Never created by the application: a share
# that is not mounted must not become a directory on the local disk.
_backup_dir: str = _env.str("BACKUP_DIR", default="").strip()
BACKUP_DIR: Path | None = Path(_backup_dir).resolve() if _backup_dir else None
BACKUP_KEEP: int = max(1, _env.int("BACKUP_KEEP", default=30))
# age's public keys: what reads a backup is kept elsewhere.
BACKUP_RECIPIENTS: list[str] = [
    recipient.strip()
    for recipient in _env.list("BACKUP_RECIPIENTS", default=[])
    if recipient.strip()
]
for _number, _recipient in enumerate(BACKUP_RECIPIENTS, start=1):
    try:
        pyrage.x25519.Recipient.from_str(_recipient)
    except pyrage.RecipientError as error:
        raise ImproperlyConfigured(
            f"Kunci ke-{_number} pada BACKUP_RECIPIENTS bukan kunci publik age (age1…). Kunci "
            "rahasia (AGE-SECRET-KEY-…) tidak boleh berada di server ini."
        ) from error
