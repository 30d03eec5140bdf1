"""Papers that were given up are handed to the worker again, by whoever mended the cause."""

import datetime as dt

from django.db import transaction

from accounts_requests import clock, keeping, permissions
from accounts_requests.models import Document, User
from accounts_requests.states import DocumentState


def retry(actor: User | None) -> int:
    """Owe every failed paper once more, with all its attempts; returns how many, 0 changes nothing.

    ``actor`` is Pengelola Aplikasi (NotPermitted for others), or None for whoever installs the
    application (``manage.py retry_papers``). Safe to repeat: of two presses one finds them.
    """
    if actor is not None:
        permissions.require_keeper(actor)
    with transaction.atomic():
        count = owe_again(clock.now())
        if count:
            keeping.record(
                actor,
                label="dokumen yang gagal disiapkan",
                summary=f"{count} dokumen yang gagal disiapkan diserahkan kembali kepada pekerja.",
                changes={"papers": count},
            )
    return count


def owe_again(at: dt.datetime) -> int:
    """Owe the papers that were given up once more, with all their attempts; returns how many.

    For a person who has mended what stood in the way (a template, a font, a full disk).
    """
    return Document.objects.filter(state=DocumentState.FAILED, superseded_at__isnull=True).update(
        state=DocumentState.OWED, attempts=0, next_attempt_at=at
    )
