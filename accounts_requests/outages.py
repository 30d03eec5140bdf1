"""The register of outages (*gangguan*): noticed by the machine, or declared by a person.

An outage excuses nobody by itself; it explains. Nothing of it is changed once it is on record but
its end, which is added once. What is learnt later is a further entry of the audit trail.

Three ways in:

* silence: no worker has left a sign of life for SILENT_AFTER (``note_silence``, asked by each
  worker before its first beat and after a pause);
* mail: no message got beyond the mail server's door (``follow_mail``, at each sweep);
* a person's word (``declare``), closed by a person's word (``close``).
"""

import datetime as dt
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts_requests import audit, clock, health, permissions, words
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.models import AuditEntry, Message, Outage, User, WorkerHeartbeat
from accounts_requests.outbox import BACK_OFF_MINUTES
from accounts_requests.states import Act, MessageState, SmtpStage

SILENT_AFTER: Final = health.STOPPED_AFTER
"""Without a beat of any worker for this long the application was away, as every page says then."""

SHORTEST_EXPLANATION: Final = 10
"""Characters below which an explanation explains nothing to whoever reads it in two years."""


# -- noticed by the machine ------------------------------------------------------------------------


def note_silence(at: dt.datetime) -> Outage | None:
    """Record that no worker was at work until ``at`` (UTC); None where one was.

    The gap runs from the last beat of all workers. To be asked before the caller's own beat is
    written, in the same transaction: afterwards the gap cannot be seen any more. Of several
    workers that start at once all find the same beginning, which is unique, so one row is made.
    A clock that is put forward looks the same; a person can say so in an explanation.
    """
    seen = WorkerHeartbeat.objects.filter(beat_at__lte=at + health.CLOCKS_MAY_DIFFER)
    last: dt.datetime | None = seen.aggregate(last=Max("beat_at"))["last"]
    if last is None or at - last <= SILENT_AFTER:
        return None
    outage, _ = Outage.objects.get_or_create(
        subject=Outage.Subject.APPLICATION,
        source=Outage.Source.HEARTBEAT,
        since=last,
        defaults={"until": at, "recorded_at": at},
    )
    return outage


def follow_mail(at: dt.datetime) -> Outage | None:
    """Open or end the outage of the mail server as the messages tell it at ``at`` (UTC).

    It begins with the first retry that did not get beyond the server's greeting, encryption and
    sign-in (which says nothing about the message), and ends with the next message that the server
    accepts; a single failure may be a moment's trouble. Safe to repeat, and for several workers at
    once. Returns the outage that was opened or ended; None where nothing changed.
    """
    going_on = Outage.objects.filter(
        subject=Outage.Subject.MAIL, source=Outage.Source.MAIL_LOG, until__isnull=True
    ).first()
    if going_on is not None:
        return _end_with_next_mail(going_on)
    since = _unreachable_since()
    if since is None:
        return None
    try:
        with transaction.atomic():
            return Outage.objects.create(
                subject=Outage.Subject.MAIL,
                source=Outage.Source.MAIL_LOG,
                since=since,
                recorded_at=at,
            )
    except IntegrityError:  # another worker has just recorded it
        return None


def _end_with_next_mail(outage: Outage) -> Outage | None:
    until = _accepted_after(outage.since)
    if until is None:
        return None
    # Only from no end: of two workers one writes it, and both found the same message.
    if not Outage.objects.filter(pk=outage.pk, until__isnull=True).update(until=until):
        return None
    outage.until = until
    return outage


def _accepted_after(since: dt.datetime) -> dt.datetime | None:
    """When the mail server first accepted a message later than ``since``."""
    accepted = Message.objects.filter(state=MessageState.ACCEPTED, settled_at__gt=since)
    first = accepted.order_by("settled_at").first()
    return first.settled_at if first is not None else None


def _unreachable_since() -> dt.datetime | None:
    """The first of the failed retries since the last accepted message; None where there is none.

    A row tells of its last attempt only, so nothing is said about the ones before.
    """
    latest = Message.objects.filter(state=MessageState.ACCEPTED).order_by("-settled_at").first()
    accepted = latest.settled_at if latest is not None else None
    waiting = Message.objects.filter(
        state=MessageState.QUEUED, stage=SmtpStage.CONNECT, attempts__gt=1
    ).values_list("next_attempt_at", "attempts")
    failed = (
        due - dt.timedelta(minutes=BACK_OFF_MINUTES[attempts - 1])
        for due, attempts in waiting
        if due is not None
    )
    return min((at for at in failed if accepted is None or at > accepted), default=None)


# -- declared by people ----------------------------------------------------------------------------


@transaction.atomic
def declare(
    *,
    actor: User,
    subject: str,
    since: dt.datetime,
    until: dt.datetime | None,
    explanation: str,
) -> Outage:
    """Put an outage on record by a person's word; ``until`` is None while it goes on (UTC).

    Raises NotPermitted, and InvalidInput with sentences by field.
    """
    role = permissions.require_outage_declarer(actor)
    at = clock.now()
    explanation = explanation.strip()
    errors: dict[str, list[str]] = {}
    if subject not in Outage.Subject.values:
        errors["subject"] = ["Pilih apa yang terganggu dari daftar."]
    if since > at:
        errors["since"] = [f"Waktu mulai belum tiba: sekarang {words.instant(at)}."]
    if sentences := _faults_of_end(until, since, at):
        errors["until"] = sentences
    if sentences := _faults_of_explanation(explanation):
        errors["explanation"] = sentences
    if errors:
        raise InvalidInput(errors)
    outage, is_new = Outage.objects.get_or_create(
        subject=subject,
        source=Outage.Source.DECLARED,
        since=since,
        defaults={
            "until": until,
            "explanation": explanation,
            "declared_by": actor,
            "recorded_at": at,
        },
    )
    if not is_new:
        sentence = (
            "Gangguan yang sama dengan waktu mulai yang sama sudah tercatat. Buka catatan itu, "
            "lalu akhiri atau tambahkan penjelasannya di sana."
        )
        raise InvalidInput({"since": [sentence]})
    end = f" sampai {words.instant(until)}" if until else ", belum berakhir"
    _on_record(
        outage,
        actor,
        at=at,
        role=permissions.title_of(role, actor),
        summary=f"Gangguan “{outage.get_subject_display()}” dinyatakan sejak "
        f"{words.instant(since)}{end}. Keterangan: {explanation}",
        changes={
            "subject": subject,
            "since": since.astimezone(dt.UTC).isoformat(),
            "until": until.astimezone(dt.UTC).isoformat() if until else "",
        },
    )
    return outage


@transaction.atomic
def close(outage: Outage, *, actor: User, until: dt.datetime) -> Outage:
    """End a declared outage that goes on, at ``until`` (UTC). Returns it as it is then.

    Raises NotPermitted, NotAllowedNow for one that has ended or that the machine follows, and
    InvalidInput.
    """
    role = permissions.require_outage_declarer(actor)
    at = clock.now()
    fresh = Outage.objects.select_for_update(of=("self",)).get(pk=outage.pk)
    if fresh.until is not None:
        raise NotAllowedNow(
            f"Gangguan ini sudah berakhir pada {words.instant(fresh.until)}. Anda tidak perlu "
            "mengulanginya; bila waktunya perlu diluruskan, tambahkan penjelasan."
        )
    if fresh.source != Outage.Source.DECLARED:
        raise NotAllowedNow(
            "Gangguan ini terlihat dari pengiriman e-mail dan berakhir dengan sendirinya saat "
            "server e-mail menerima pesan berikutnya."
        )
    if sentences := _faults_of_end(until, fresh.since, at):
        raise InvalidInput({"until": sentences})
    fresh.until = until
    fresh.save(update_fields=["until"])
    _on_record(
        fresh,
        actor,
        at=at,
        role=permissions.title_of(role, actor),
        summary=f"Gangguan “{fresh.get_subject_display()}” dinyatakan berakhir "
        f"{words.instant(until)}.",
        changes={"until": until.astimezone(dt.UTC).isoformat()},
    )
    return fresh


@transaction.atomic
def explain(outage: Outage, *, actor: User, explanation: str) -> AuditEntry:
    """Add what was learnt about an outage, noticed or declared, as an entry of the trail.

    Raises NotPermitted and InvalidInput.
    """
    role = permissions.require_outage_declarer(actor)
    explanation = explanation.strip()
    if sentences := _faults_of_explanation(explanation):
        raise InvalidInput({"explanation": sentences})
    return _on_record(
        outage,
        actor,
        at=clock.now(),
        role=permissions.title_of(role, actor),
        summary=f"Penjelasan ditambahkan: {explanation}",
        changes={},
    )


def label_of(outage: Outage) -> str:
    """How the trail names an outage as the object of an act."""
    return f"gangguan {outage.pk}"


def history_of(outage: Outage) -> list[AuditEntry]:
    """What people did about the outage, oldest first."""
    entries = AuditEntry.objects.filter(
        act=Act.DECLARE_OUTAGE, request__isnull=True, object_label=label_of(outage)
    )
    return list(entries.order_by("sequence"))


def _on_record(
    outage: Outage,
    actor: User,
    *,
    at: dt.datetime,
    role: str,
    summary: str,
    changes: dict[str, str],
) -> AuditEntry:
    return audit.record(
        Act.DECLARE_OUTAGE,
        actor=actor,
        at=at,
        role=role,
        label=label_of(outage),
        summary=summary,
        changes=changes,
    )


def _faults_of_end(until: dt.datetime | None, since: dt.datetime, at: dt.datetime) -> list[str]:
    if until is None:
        return []
    if until < since:
        return [f"Waktu berakhir mendahului waktu mulai, yaitu {words.instant(since)}."]
    if until > at:
        now = words.instant(at)
        return [
            f"Waktu berakhir belum tiba: sekarang {now}. Bila masih berlangsung, kosongkan dahulu."
        ]
    return []


def _faults_of_explanation(explanation: str) -> list[str]:
    if len(explanation) >= SHORTEST_EXPLANATION:
        return []
    return [f"Tuliskan sedikitnya {SHORTEST_EXPLANATION} karakter, agar dapat dipahami kemudian."]
