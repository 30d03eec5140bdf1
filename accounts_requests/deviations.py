"""Recording departures from the mutu baku (Peringatan 2 of the SOP), in its three aspects.

Each function is idempotent: the same finding about the same object is recorded once. Nothing here
changes or removes a deviation.
"""

import datetime as dt

from accounts_requests import words
from accounts_requests.models import (
    Account,
    Attestation,
    Deviation,
    Office,
    StepRun,
    User,
)
from accounts_requests.states import AccountState, Aspect, LimitUnit


def responsible_for(run: StepRun) -> User:
    """Who answers for the run: its last holder, else who finished it, else Kepala LPSE's signer.

    The SOP's steps 1 and 2 are Kepala LPSE's; 3 to 5 belong to the Admin PPE who holds the task.
    """
    holding = run.holdings.order_by("-since", "-id").select_related("person").first()
    if holding is not None:
        return holding.person
    if run.finished_by is not None:
        return run.finished_by
    return run.request.assignee or run.request.created_by


def limit_words(run: StepRun) -> str:
    """The norm as the SOP prints it, with the unit in which the office reads it."""
    printed = run.step.printed_limit or "—"
    if run.limit_amount is None:
        return printed
    return f"{printed} (dibaca: {run.limit_amount} {LimitUnit(run.limit_unit).label})"


def late(run: StepRun, *, at: dt.datetime) -> Deviation | None:
    """A finished run that passed its limit: aspect waktu. None when it was in time."""
    if not run.late_seconds or run.due_at is None or run.finished_at is None:
        return None
    return _record(
        run,
        key=f"late:{run.pk}",
        aspect=Aspect.TIME,
        rule="late_finish",
        norm=limit_words(run),
        actual=f"{_end_words(run, run.finished_at)}, tenggat {words.instant(run.due_at)}",
        difference=f"terlambat {words.duration(run.late_seconds)}",
        late_seconds=run.late_seconds,
        at=at,
    )


def _end_words(run: StepRun, finished_at: dt.datetime) -> str:
    """When the step ended; first the instant that the deadline was compared with, where it is
    another one under the office's reading.
    """
    if run.measured_until is None:
        return f"Selesai {words.instant(finished_at)}"
    measured = words.instant(run.measured_until)
    return f"Diukur sampai {measured}, selesai {words.instant(finished_at)}"


def unmet(attestation: Attestation, *, at: dt.datetime) -> Deviation | None:
    """A kelengkapan that the executor could not attest: aspect perlengkapan."""
    if attestation.met:
        return None
    return _record(
        attestation.step_run,
        key=f"unmet:{attestation.pk}",
        aspect=Aspect.EQUIPMENT,
        rule="unmet_requirement",
        norm=attestation.requirement.text,
        actual="Tidak terpenuhi menurut pelaksana",
        explanation=attestation.explanation,
        responsible=attestation.by,
        attestation=attestation,
        at=at,
    )


def data_differ(run: StepRun, account: Account, *, at: dt.datetime) -> Deviation | None:
    """Data entered in SPSE differ from the Formulir (kelengkapan 1 of step 3): perlengkapan."""
    registrant = account.registrant
    differences = []
    if account.registered_email.lower() != registrant.email.lower():
        differences.append("alamat e-mail yang terdaftar di SPSE bukan alamat pada Formulir")
    if not account.matches_form:
        differences.append(account.difference or "data yang dimasukkan berbeda")
    if not differences:
        return None
    return _record(
        run,
        key=f"differ:{run.pk}:{account.pk}:{account.registered_email.lower()}",
        aspect=Aspect.EQUIPMENT,
        rule="data_differ",
        norm="Data yang dimasukkan pada aplikasi SPSE berdasarkan data dalam Formulir",
        actual=f"Personel nomor {registrant.position_in_list}: " + "; ".join(differences),
        account=account,
        explanation=account.difference,
        at=at,
    )


def account_missing(run: StepRun, account: Account, *, at: dt.datetime) -> Deviation | None:
    """Step 3 ends without this person's account: aspect output."""
    if account.state not in (AccountState.REFUSED, AccountState.POSTPONED):
        return None
    return _record(
        run,
        key=f"missing:{account.pk}",
        aspect=Aspect.OUTPUT,
        rule="account_missing",
        norm=run.step.output,
        actual=f"Personel nomor {account.registrant.position_in_list}: "
        f"{AccountState(account.state).label.lower()}",
        account=account,
        explanation=account.reason,
        at=at,
    )


def not_accepted(
    run: StepRun, account: Account, *, message_pk: int, actual: str, at: dt.datetime
) -> Deviation:
    """A message was refused, or nobody knows whether it arrived: aspect output."""
    return _record(
        run,
        key=f"message:{message_pk}",
        aspect=Aspect.OUTPUT,
        rule="message_not_accepted",
        norm=run.step.output,
        actual=f"Personel nomor {account.registrant.position_in_list}: {actual}",
        account=account,
        at=at,
    )


def delivered_otherwise(run: StepRun, account: Account, *, at: dt.datetime) -> Deviation:
    """The account reached its person another way than by e-mail, or not at all: output."""
    handed = account.state == AccountState.HANDED_OVER
    return _record(
        run,
        key=f"otherwise:{account.pk}",
        aspect=Aspect.OUTPUT,
        rule="handed_over" if handed else "not_delivered",
        norm=run.step.output,
        actual=f"Personel nomor {account.registrant.position_in_list}: "
        f"{AccountState(account.state).label.lower()}",
        account=account,
        explanation=account.hand_over_note if handed else account.reason,
        at=at,
    )


def link_not_opened(run: StepRun, account: Account, *, link_pk: int, at: dt.datetime) -> Deviation:
    """The one-time link ended unopened: the person never got the password, step 4's output."""
    return _record(
        run,
        key=f"link:{link_pk}",
        aspect=Aspect.OUTPUT,
        rule="link_not_opened",
        norm=run.step.output,
        actual=f"Personel nomor {account.registrant.position_in_list}: tautan password kedaluwarsa "
        "tanpa dibuka",
        account=account,
        at=at,
    )


def _record(
    run: StepRun,
    *,
    key: str,
    aspect: Aspect,
    rule: str,
    norm: str,
    actual: str,
    at: dt.datetime,
    difference: str = "",
    late_seconds: int = 0,
    explanation: str = "",
    account: Account | None = None,
    attestation: Attestation | None = None,
    responsible: User | None = None,
) -> Deviation:
    known = Deviation.objects.filter(key=key).first()
    return known or Deviation.objects.create(  # the case is locked, and the key is unique
        key=key,
        request=run.request,
        step_run=run,
        account=account,
        attestation=attestation,
        aspect=aspect,
        rule=rule,
        norm=norm,
        actual=actual,
        difference=difference,
        late_seconds=late_seconds,
        responsible=responsible or responsible_for(run),
        explanation=explanation,
        recorded_at=at,
        trial_until=_trial_until(at),
    )


def _trial_until(at: dt.datetime) -> dt.date | None:
    """The end of the office's trial period while it lasts: then it is recorded, and not judged."""
    until = Office.current().trial_until
    return until if until is not None and at.astimezone(words.ZONE).date() <= until else None
