"""Keeping the Lembar Penafsiran: draft, compare, approve, withdraw; each on the audit trail.

Drafted by Kepala LPSE or Pengelola Aplikasi from the sheet in force, approved by Kepala Biro as the
pengesah, in force from a date that is not in the past. A case keeps the sheet under which it began.
One draft at a time for each revision of the SOP; the row of the revision is the lock.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from accounts_requests import (
    audit,
    clock,
    permissions,
    reading_content,
    reading_notes,
    words,
)
from accounts_requests.exceptions import AlreadyDone, InvalidInput, NotAllowedNow, NotPermitted
from accounts_requests.models import AuditEntry, Reading, SopRevision, User
from accounts_requests.reading_content import Difference, Norm
from accounts_requests.roles import Role
from accounts_requests.states import Act

SHORTEST_REASON: Final = 10
"""Characters below which a reason explains nothing to whoever reads it in two years."""

# Who holds both may approve what they drafted: the office has one head for both.
_ONE_HEAD: Final = frozenset({Role.KEPALA_LPSE, Role.KEPALA_BIRO})


def in_force(on: dt.date | None = None) -> Reading | None:
    """The sheet in force on the office-zone date ``on`` (today) for the SOP of that day."""
    day = on or clock.today()
    revision = SopRevision.in_force(day)
    return Reading.in_force(revision, on=day) if revision is not None else None


def draft_in_hand() -> Reading | None:
    """The draft for the SOP of today, or None."""
    revision = SopRevision.in_force(clock.today())
    drafts = Reading.objects.select_related("revision", "drafted_by")
    return drafts.filter(revision=revision, state=Reading.State.DRAFT).first()


def norms_of(reading: Reading) -> list[Norm]:
    """What the SOP itself says of the steps that ``reading`` reads. One query."""
    return reading_content.norms_of(reading.revision.steps.order_by("number"))


def differences(reading: Reading, base: Reading | None) -> list[Difference]:
    """The choices that ``reading`` makes otherwise than ``base``; none without one."""
    if base is None:
        return []
    return reading_content.compare(base.content, reading.content, norms_of(reading))


def mark_of(reading: Reading) -> str:
    """The mark of a draft as a page shows it: what is approved is what was read."""
    return _digest({"content": reading.content, "reason": reading.reason})[:16]


def content_digest(reading: Reading) -> str:
    """The SHA-256 (hex) of what a sheet says; the entry of its approval holds the same."""
    return _digest(reading.content)


@transaction.atomic
def begin_draft(*, actor: User) -> Reading:
    """A draft from the sheet in force. The draft that exists already, where there is one.

    Raises NotPermitted, and NotAllowedNow while no sheet is in force.
    """
    role = permissions.require_reading_drafter(actor)
    base = in_force()
    if base is None:
        raise NotAllowedNow(
            "Belum ada Lembar Penafsiran yang berlaku, sehingga tidak ada yang dapat disalin. "
            "Minta pemasang aplikasi memeriksa data SOP."
        )
    _lock(base.revision_id)
    if (draft := draft_in_hand()) is not None:
        return draft
    at = clock.now()
    number = (Reading.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    reading = Reading.objects.create(
        revision=base.revision,
        number=number,
        content=base.content,
        drafted_by=actor,
        drafted_at=at,
    )
    _record(reading, Act.DRAFT_READING, actor, role, at, f"{reading} disusun dari {base}.")
    return reading


@transaction.atomic
def edit_draft(
    reading: Reading, *, actor: User, choices: Mapping[str, Any], reason: str, seen: str
) -> Reading:
    """Other ``choices`` (by the keys of ``reading_content``) and the reason of a draft.

    ``seen`` is ``mark_of`` the draft as the page showed it. Raises InvalidInput, NotPermitted, and
    NotAllowedNow for what is no draft any more or was changed by somebody else meanwhile.
    """
    role = permissions.require_reading_drafter(actor)
    draft = _locked_draft(reading, seen)
    norms = norms_of(draft)
    content = reading_content.chosen(draft.content, choices, norms)
    if errors := reading_content.check(content, norms):
        raise InvalidInput(errors)
    changed = reading_content.compare(draft.content, content, norms)
    draft.content = reading_notes.following(content, norms)
    draft.reason = reason.strip()
    draft.drafted_by, draft.drafted_at = actor, clock.now()
    draft.save()
    _record(
        draft,
        Act.DRAFT_READING,
        actor,
        role,
        draft.drafted_at,
        f"Konsep {draft} disimpan.",
        {"parts": [_sentence(difference) for difference in changed]},
    )
    return draft


@transaction.atomic
def approve(reading: Reading, *, actor: User, in_force_from: dt.date, seen: str) -> Reading:
    """The pengesah approves the draft as ``seen``; it counts for cases begun from that date on.

    Nobody approves their own draft, unless they head the LPSE and the Biro alike (appointments are
    office data). Raises InvalidInput (in_force_from, reason), NotPermitted, NotAllowedNow,
    AlreadyDone.
    """
    role = permissions.require_approver(actor)
    draft = _locked_draft(reading, seen)
    _require_another_drafter(draft, actor)
    changes = differences(draft, Reading.in_force(draft.revision, on=in_force_from))
    if errors := _hindrances(draft, in_force_from, changes):
        raise InvalidInput(errors)
    draft.state = Reading.State.APPROVED
    draft.in_force_from = in_force_from
    draft.approved_by, draft.approved_at = actor, clock.now()
    draft.save()
    _record(
        draft,
        Act.APPROVE_READING,
        actor,
        role,
        draft.approved_at,
        f"{draft} disahkan, berlaku sejak {words.long_date(in_force_from)}. Alasan: {draft.reason}",
        {
            "in_force_from": in_force_from.isoformat(),
            "parts": [_sentence(difference) for difference in changes],
            "sha256": content_digest(draft),
        },
    )
    return draft


@transaction.atomic
def withdraw(reading: Reading, *, actor: User, reason: str) -> Reading:
    """A draft, or an approved sheet that is not in force yet, is withdrawn with a reason.

    A draft by whoever may draft or approve it, an approved sheet by the pengesah. What is or was in
    force stays for ever. Raises InvalidInput (reason), NotPermitted, NotAllowedNow, AlreadyDone.
    """
    _lock(reading.revision_id)
    fresh = Reading.objects.select_for_update().get(pk=reading.pk)
    if fresh.state == Reading.State.DRAFT and permissions.drafts_readings(actor.current_roles()):
        role = permissions.require_reading_drafter(actor)
    else:
        role = permissions.require_approver(actor)
    if fresh.state == Reading.State.WITHDRAWN:
        raise AlreadyDone(_over(fresh))
    if fresh.in_force_from is not None and fresh.in_force_from <= clock.today():
        raise NotAllowedNow(
            f"{fresh} sudah berlaku, sehingga tidak dapat ditarik: permohonan yang memakainya "
            "merujuk kepadanya. Susun lembar baru bila penafsirannya harus berubah."
        )
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        sentence = f"Tuliskan alasan penarikan, sedikitnya {SHORTEST_REASON} karakter."
        raise InvalidInput({"reason": [sentence]})
    fresh.state = Reading.State.WITHDRAWN
    fresh.withdrawn_by, fresh.withdrawn_at = actor, clock.now()
    fresh.withdrawal_reason = reason
    fresh.save()
    summary = f"{fresh} ditarik sebelum berlaku. Alasan: {reason}"
    _record(fresh, Act.WITHDRAW_READING, actor, role, fresh.withdrawn_at, summary)
    return fresh


def _locked_draft(reading: Reading, seen: str) -> Reading:
    """The draft again, locked. Raises AlreadyDone or NotAllowedNow unless it is as it was seen."""
    _lock(reading.revision_id)
    fresh = Reading.objects.select_related("revision").get(pk=reading.pk)
    if fresh.state != Reading.State.DRAFT:
        raise AlreadyDone(_over(fresh))
    if seen != mark_of(fresh):
        raise NotAllowedNow(
            f"Konsep {fresh} diubah oleh orang lain sejak halaman ini Anda buka, sehingga belum "
            "ada yang disimpan atau disahkan. Muat ulang halamannya, lalu periksa kembali."
        )
    return fresh


def _hindrances(
    draft: Reading, in_force_from: dt.date, changes: list[Difference]
) -> dict[str, list[str]]:
    """Why the draft cannot be approved from that date on, by field."""
    errors: dict[str, list[str]] = {}
    if in_force_from < clock.today():
        sentence = (
            "Tanggal berlaku sudah lewat. Pilih hari ini atau sesudahnya: permohonan yang sudah "
            "dimulai tetap memakai lembarnya sendiri."
        )
        errors["in_force_from"] = [sentence]
    general = [
        text
        for texts in reading_content.check(draft.content, norms_of(draft)).values()
        for text in texts
    ]
    if len(draft.reason) < SHORTEST_REASON:
        general.append(
            f"Alasan konsep ini belum ditulis (sedikitnya {SHORTEST_REASON} karakter). Minta "
            "penyusunnya melengkapi."
        )
    if not changes:
        general.append(
            "Konsep ini tidak mengubah satu pun pilihan pada lembar yang berlaku pada tanggal itu."
        )
    return errors | ({"": general} if general else {})


def _require_another_drafter(draft: Reading, actor: User) -> None:
    wrote = AuditEntry.objects.filter(
        act=Act.DRAFT_READING, object_label=str(draft), actor=actor
    ).exists()
    if wrote and not actor.current_roles() >= _ONE_HEAD:
        raise NotPermitted(
            f"Anda ikut menyusun konsep {draft}, sehingga tidak dapat mengesahkannya sendiri. "
            "Minta Kepala Biro (atau Plt./Plh.) yang tidak menyusunnya."
        )


def _over(reading: Reading) -> str:
    """What has become of a sheet that is no draft any more."""
    if reading.state == Reading.State.WITHDRAWN:
        verb, by, at = "ditarik", reading.withdrawn_by, reading.withdrawn_at
    else:
        verb, by, at = "disahkan", reading.approved_by, reading.approved_at
    who = f" oleh {by.titled_name}" if by is not None else ""
    when = f" {words.short_instant(at, now=clock.now())}" if at is not None else ""
    return f"{reading} telah {verb}{who}{when}. Anda tidak perlu mengulanginya."


def _lock(revision_pk: int) -> None:
    """Whoever writes sheets of the revision waits for whoever does so now."""
    SopRevision.objects.select_for_update().only("pk").get(pk=revision_pk)


def _sentence(difference: Difference) -> str:
    return (
        f"Langkah {difference.step}, {difference.subject.lower()}: {difference.before} menjadi "
        f"{difference.after}"
    )


def _digest(value: Mapping[str, Any]) -> str:
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _record(  # noqa: PLR0917  what an entry is made of
    reading: Reading,
    act: Act,
    actor: User,
    role: Role,
    at: dt.datetime,
    summary: str,
    changes: Mapping[str, Any] | None = None,
) -> None:
    audit.record(
        act,
        actor=actor,
        at=at,
        role=permissions.title_of(role, actor),
        label=str(reading),
        summary=summary,
        changes=changes,
    )
