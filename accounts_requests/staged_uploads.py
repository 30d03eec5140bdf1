"""Files that have come in but are not accepted yet: kept, so that an error loses nothing.

Each person has at most one waiting file for a purpose on a case (None: on none); a newer one takes
its place, and it goes once it is accepted or thrown away: it holds personal data that nothing else
needs.
"""

import datetime as dt
from typing import Final

from django.db import transaction

from accounts_requests import clock
from accounts_requests.models import AccountRequest, StagedUpload, User
from accounts_requests.uploads import Upload

PEOPLE: Final = "people"
"""A list of people (XLSX) that is to be taken into a draft."""
SIGNED_DECREE: Final = "signed_decree"
"""An SK that came back signed, between the look at its signatures and its issue."""
LATE_EVIDENCE: Final = "late_evidence"
"""What shows when an SK was issued, while the signed SK of a late entry is looked at."""
TRUST_ANCHORS: Final = "trust_anchors"
"""Certificates (of no case) that were read and are not put into use yet."""
_HELD: Final = "held."
HELD_FOR: Final = dt.timedelta(days=7)
"""How long a file waits for a form that nobody sends again."""


def held(page: str, field: str) -> str:
    """The purpose of a file that waits because something else on its form was wrong."""
    return f"{_HELD}{page}.{field}"


def stage(
    request: AccountRequest | None, *, owner: User, purpose: str, upload: Upload, media_type: str
) -> StagedUpload:
    """Keep ``upload`` for ``owner``; the caller has had its content checked (``uploads``).

    ``request`` is None where the page is about no single case; so everywhere here.
    """
    with transaction.atomic():
        discard(request, owner=owner, purpose=purpose)
        return StagedUpload.objects.create(
            request=request,
            owner=owner,
            purpose=purpose,
            file_name=upload.name_for(media_type),
            media_type=media_type,
            data=upload.data,
            created_at=clock.now(),
        )


def waiting(request: AccountRequest | None, *, owner: User, purpose: str) -> StagedUpload | None:
    """The file that waits for ``owner`` on the case, or None."""
    return StagedUpload.objects.filter(request=request, owner=owner, purpose=purpose).first()


def take(staged: StagedUpload) -> bool:
    """Let go of ``staged``, which is being accepted; False when it is gone already.

    Part of the caller's transaction: of two who take it one gets it, and a rollback keeps it.
    """
    count, _ = StagedUpload.objects.filter(pk=staged.pk).delete()
    return bool(count)


def discard(request: AccountRequest | None, *, owner: User, purpose: str) -> None:
    """Let go of what waits; nothing happens when nothing does."""
    StagedUpload.objects.filter(request=request, owner=owner, purpose=purpose).delete()


def forget_held(at: dt.datetime) -> int:
    """Let go of what has waited for a form for longer than HELD_FOR; returns how many."""
    count, _ = StagedUpload.objects.filter(
        purpose__startswith=_HELD, created_at__lte=at - HELD_FOR
    ).delete()
    return count
