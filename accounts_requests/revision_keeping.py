"""Revisions of the SOP: drafted by Pengelola Aplikasi, compared, and approved by the pengesah.

One revision at a time is on its way, so that each follows the one before it. A draft starts as a
copy of the revision in force; an approved one is in force from its date for new cases, while each
running case keeps the revision and the reading that it began under. What was in force is never
edited again. Every act is on the audit trail, with the SHA-256 of all words where it counts.
"""

import datetime as dt
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from accounts_requests import (
    audit,
    clock,
    permissions,
    reading_content,
    reading_notes,
    reading_succession,
    revision_comparison,
    revision_content,
    revision_standing,
    words,
)
from accounts_requests.exceptions import AlreadyDone, InvalidInput, NotAllowedNow, NotPermitted
from accounts_requests.models import Office, Reading, SopRequirement, SopRevision, User
from accounts_requests.revision_content import SheetWords, StepWords
from accounts_requests.revision_standing import Standing
from accounts_requests.roles import Role
from accounts_requests.states import Act

SHORTEST_REASON: Final = 10
"""Characters below which a reason explains nothing to whoever reads it in two years."""


@transaction.atomic
def begin(*, actor: User) -> SopRevision:
    """Draft the next revision as a copy of the one in force.

    Raises NotPermitted for anybody but Pengelola Aplikasi, and AlreadyDone while another revision
    is on its way.
    """
    role = permissions.require_keeper(actor)
    _one_at_a_time()
    other = revision_standing.on_its_way(clock.today())
    if other is not None:
        raise AlreadyDone(revision_standing.told_on_its_way(other))
    base = SopRevision.in_force(clock.today())
    if base is None:
        raise NotAllowedNow("Belum ada revisi SOP yang berlaku, sehingga belum ada yang direvisi.")
    at = clock.now()
    last = SopRevision.objects.aggregate(last=Max("revision"))["last"]
    draft = SopRevision.objects.create(
        number=base.number,
        revision=last + 1,
        title=base.title,
        content=base.content,
        legal_note=base.legal_note,
        is_draft=True,
        drafted_by=actor,
        drafted_at=at,
    )
    _copy_steps(base, draft)
    _record(
        Act.DRAFT_REVISION,
        draft,
        actor,
        role,
        at=at,
        summary=f"Konsep revisi {draft.revision} disusun dari revisi {base.revision}.",
        changes={"base": base.revision},
    )
    return draft


@transaction.atomic
def save_sheet(revision: SopRevision, sheet: SheetWords, *, actor: User, seen: str) -> bool:
    """Keep what was typed beside the activities.

    ``seen`` is the mark of these words as the typist read them.
    Returns whether anything changed. Raises NotPermitted, NotAllowedNow (no draft any more) and
    InvalidInput by field.
    """
    role, draft = _draft_for(revision, actor)
    stored = revision_content.read(draft).sheet
    _require_seen(stored, seen)
    if errors := revision_content.check_sheet(sheet):
        raise InvalidInput(errors)
    if sheet == stored:
        return False
    revision_content.write_sheet(draft, sheet)
    _record_edit(draft, actor, role, "Naskah di luar aktivitas")
    return True


@transaction.atomic
def save_step(revision: SopRevision, step: StepWords, *, actor: User, seen: str) -> bool:
    """Keep what was typed of one activity. As ``save_sheet``."""
    role, draft = _draft_for(revision, actor)
    stored = revision_content.read(draft).steps[step.number - 1]
    _require_seen(stored, seen)
    if errors := revision_content.check_step(step):
        raise InvalidInput(errors)
    if step == stored:
        return False
    revision_content.write_step(draft, step)
    _record_edit(draft, actor, role, f"Langkah {step.number}")
    return True


@transaction.atomic
def approve(
    revision: SopRevision, *, actor: User, since: dt.date, reason: str, seen: str
) -> Reading:
    """Put the draft in force from ``since`` (office's zone; today or later), with its reading.

    ``seen`` is the mark of what the pengesah read. Returns the reading made for it. Raises
    NotPermitted for anybody but the pengesah, AlreadyDone, and InvalidInput by field.
    """
    role = permissions.require_approver(actor)
    _one_at_a_time()
    draft = _fresh(revision)
    _require_draft(draft)
    content = revision_content.read(draft)
    mark = revision_content.mark_of(content)
    if seen != mark:
        raise InvalidInput(
            "Konsep ini diubah sejak perbandingannya Anda buka, sehingga belum disahkan. Periksa "
            "perbandingan di bawah, lalu sahkan kembali."
        )
    base = revision_standing.before(draft)
    if base is None or base.in_force_from is None:
        raise NotAllowedNow("Belum ada revisi SOP yang berlaku untuk digantikan.")
    changes = revision_comparison.changes_between(base, draft)
    if not changes:
        raise InvalidInput("Konsep ini belum mengubah apa pun, sehingga tidak ada yang disahkan.")
    reason = _reason(reason, "alasan revisi")
    _check_date(since, after=base)
    at = clock.now()
    draft.is_draft = False
    draft.in_force_from = since
    draft.reason = reason
    draft.approved_by = actor
    draft.approved_at = at
    draft.save()
    reading = _next_reading(base, draft, since, actor, at)
    running = base.requests.filter(archived_at=None, cancelled_at=None).count()
    _record(
        Act.APPROVE_REVISION,
        draft,
        actor,
        role,
        at=at,
        summary=f"Revisi {draft.revision} disahkan, berlaku sejak {words.long_date(since)} untuk "
        f"permohonan baru. {running} permohonan yang berjalan tetap memakai revisi "
        f"{base.revision}. Alasan: {reason}",
        changes={
            "in_force_from": since.isoformat(),
            "cells": [change.name for change in changes],
            "sha256": mark,
            "reading": reading.number,
        },
    )
    return reading


@transaction.atomic
def withdraw(revision: SopRevision, *, actor: User, reason: str) -> None:
    """Take back a revision that is not in force yet, with a reason; it stays on record.

    A draft by its keeper or the pengesah, an approved one by the pengesah alone. Raises
    NotPermitted, NotAllowedNow, AlreadyDone, InvalidInput.
    """
    role = _role_to_withdraw(revision, actor)
    _one_at_a_time()
    fresh = _fresh(revision)
    standing = revision_standing.standing_of(fresh, clock.today())
    if standing == Standing.WITHDRAWN:
        raise AlreadyDone(revision_standing.told_withdrawn(fresh))
    if standing in (Standing.IN_FORCE, Standing.FORMER):
        raise NotAllowedNow(
            f"Revisi {fresh.revision} sudah berlaku, sehingga tidak dapat ditarik. Susun revisi "
            "baru untuk mengubahnya."
        )
    if standing == Standing.AWAITED:  # approved since the page was opened, perhaps
        role = permissions.require_approver(actor)
    reason = _reason(reason, "alasan penarikan")
    at = clock.now()
    fresh.withdrawn_by = actor
    fresh.withdrawn_at = at
    fresh.withdrawal_reason = reason
    fresh.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawal_reason"])
    fresh.readings.exclude(state=Reading.State.WITHDRAWN).update(
        state=Reading.State.WITHDRAWN,
        withdrawn_by=actor,
        withdrawn_at=at,
        withdrawal_reason=f"Ditarik bersama revisi {fresh.revision} SOP: {reason}",
    )
    _record(
        Act.WITHDRAW_REVISION,
        fresh,
        actor,
        role,
        at=at,
        summary=f"Revisi {fresh.revision} ditarik sebelum berlaku. Alasan: {reason}",
        changes={"was": standing.value},
    )


def _next_reading(
    base: SopRevision, draft: SopRevision, since: dt.date, actor: User, at: dt.datetime
) -> Reading:
    """The reading of ``base`` on that day, carried over to ``draft``."""
    former = Reading.in_force(base, on=since)
    if former is None:
        raise NotAllowedNow(
            f"Revisi {base.revision} belum mempunyai lembar penafsiran yang berlaku, sehingga "
            "tidak ada yang dapat diteruskan. Sahkan lembar penafsirannya dahulu."
        )
    carried = reading_succession.carried_over(
        former.content,
        revision_content.read(base).steps,
        revision_content.read(draft).steps,
        draft.content["reading"]["note"],
    )
    norms = reading_content.norms_of(draft.steps.order_by("number"))
    return reading_succession.put_in_force(
        draft,
        reading_notes.following(carried, norms),
        since=since,
        at=at,
        drafted_by=draft.drafted_by,
        approved_by=actor,
        reason=f"Diteruskan dari {former} bersama revisi {draft.revision} SOP.",
    )


def _check_date(since: dt.date, *, after: SopRevision) -> None:
    today = clock.today()
    sentence = ""
    if since < today:
        sentence = (
            "Tanggal berlaku tidak boleh di masa lalu: permohonan yang dibuat sejak itu sudah "
            "memakai revisi sebelumnya."
        )
    elif after.in_force_from is not None and since <= after.in_force_from:
        sentence = (
            f"Revisi {after.revision} berlaku sejak {words.long_date(after.in_force_from)}. Dua "
            "revisi tidak dapat berlaku sejak hari yang sama; pilih hari sesudahnya."
        )
    elif since > today + dt.timedelta(days=366):
        sentence = "Tanggal berlaku lebih dari satu tahun ke depan. Periksa kembali tahunnya."
    if sentence:
        raise InvalidInput({"since": [sentence]})


def _reason(reason: str, what: str) -> str:
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise InvalidInput({"reason": [f"Tuliskan {what}, sedikitnya {SHORTEST_REASON} karakter."]})
    return reason


def _copy_steps(base: SopRevision, draft: SopRevision) -> None:
    for step in base.steps.order_by("number").prefetch_related("requirements"):
        requirements = list(step.requirements.all())
        step.pk = None
        step.revision = draft
        step.save(force_insert=True)
        SopRequirement.objects.bulk_create(
            SopRequirement(step=step, position=row.position, text=row.text) for row in requirements
        )


def _draft_for(revision: SopRevision, actor: User) -> tuple[Role, SopRevision]:
    """The draft again, locked, for whoever may type over it."""
    role = permissions.require_keeper(actor)
    _one_at_a_time()
    draft = _fresh(revision)
    _require_draft(draft)
    return role, draft


def _require_seen(stored: SheetWords | StepWords, seen: str) -> None:
    """What is about to be overwritten is what the typist was shown."""
    if seen != revision_content.mark_of(stored):
        raise InvalidInput(
            "Bagian ini diubah sejak halaman ini Anda buka, mungkin pada tab lain, sehingga isian "
            "Anda belum disimpan. Periksa konsepnya pada tab lain, lalu simpan sekali lagi bila "
            "isian di bawah inilah yang benar."
        )


def _require_draft(revision: SopRevision) -> None:
    if revision.withdrawn_at is not None:
        raise AlreadyDone(revision_standing.told_withdrawn(revision))
    if not revision.is_draft:
        raise AlreadyDone(revision_standing.told_approved(revision))


def _role_to_withdraw(revision: SopRevision, actor: User) -> Role:
    if revision.is_draft and permissions.may_keep(actor, actor.current_roles()):
        return Role.PENGELOLA_APLIKASI
    try:
        return permissions.require_approver(actor)
    except NotPermitted as error:
        raise NotPermitted(
            f"Revisi yang sudah disahkan ditarik oleh {Role.KEPALA_BIRO.label}; konsepnya juga "
            f"oleh {Role.PENGELOLA_APLIKASI.label}. Tidak ada yang berubah."
        ) from error


def _one_at_a_time() -> None:
    """Keep every other change of the SOP, and every act on a case, away until this one is done."""
    Office.objects.select_for_update().get(pk=1)


def _fresh(revision: SopRevision) -> SopRevision:
    related = SopRevision.objects.select_related("drafted_by", "approved_by", "withdrawn_by")
    return related.get(pk=revision.pk)


def _record_edit(draft: SopRevision, actor: User, role: Role, what: str) -> None:
    base = revision_standing.before(draft)
    changes = revision_comparison.changes_between(base, draft) if base else []
    _record(
        Act.DRAFT_REVISION,
        draft,
        actor,
        role,
        at=clock.now(),
        summary=f"Konsep revisi {draft.revision}: {what.lower()} diperbarui.",
        changes={
            "cells": [change.name for change in changes],
            "sha256": revision_content.mark_of(revision_content.read(draft)),
        },
    )


def _record(
    act: Act,
    revision: SopRevision,
    actor: User,
    role: Role,
    *,
    at: dt.datetime,
    summary: str,
    changes: dict[str, Any],
) -> None:
    audit.record(
        act,
        actor=actor,
        at=at,
        role=permissions.title_of(role, actor),
        label=revision_standing.label_of(revision),
        summary=summary,
        changes=changes,
    )
