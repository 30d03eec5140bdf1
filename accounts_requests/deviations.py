"""Recording departures from the mutu baku (Peringatan 2 of the SOP), in its three aspects.

Each function is idempotent: the same finding about the same object is recorded once. Nothing here
changes or removes a deviation. What passes a limit is ``lateness``'s.
"""

import datetime as dt
from collections.abc import Sequence

from accounts_requests import time_shares, words
from accounts_requests.limit_terms import LimitUnit
from accounts_requests.models import (
    Account,
    Attestation,
    Bounce,
    Deviation,
    DeviationShare,
    Office,
    StepRun,
    User,
)
from accounts_requests.models.deviation import LIMIT_PASSED
from accounts_requests.states import AccountState, Aspect

# So many people of a list are named by their number; the rest is counted.
MOST_NAMED = 20


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


def unmet(attestation: Attestation, *, at: dt.datetime) -> Deviation | None:
    """A kelengkapan that the executor could not attest: aspect perlengkapan."""
    if attestation.met:
        return None
    return record(
        attestation.step_run,
        key=f"unmet:{attestation.pk}",
        aspect=Aspect.EQUIPMENT,
        rule="unmet_requirement",
        norm=attestation.requirement.text,
        actual="Tidak terpenuhi menurut pelaksana",
        difference="kelengkapan tidak terpenuhi",
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
    return record(
        run,
        key=f"differ:{run.pk}:{account.pk}:{account.registered_email.lower()}",
        aspect=Aspect.EQUIPMENT,
        rule="data_differ",
        norm="Data yang dimasukkan pada aplikasi SPSE berdasarkan data dalam Formulir",
        actual=f"Personel nomor {registrant.position_in_list}: " + "; ".join(differences),
        difference=f"{len(differences)} perbedaan dengan Formulir",
        account=account,
        explanation=account.difference,
        at=at,
    )


def account_missing(run: StepRun, account: Account, *, at: dt.datetime) -> Deviation | None:
    """Step 3 ends without this person's account: aspect output."""
    if account.state not in (AccountState.REFUSED, AccountState.POSTPONED):
        return None
    return record(
        run,
        key=f"missing:{account.pk}",
        aspect=Aspect.OUTPUT,
        rule="account_missing",
        norm=run.step.output,
        actual=f"Personel nomor {account.registrant.position_in_list}: "
        f"{AccountState(account.state).label.lower()}",
        difference="akun tidak ada di SPSE",
        account=account,
        explanation=account.reason,
        at=at,
    )


def not_accepted(
    run: StepRun, account: Account, *, message_pk: int, actual: str, at: dt.datetime
) -> Deviation:
    """A message was refused, or nobody knows whether it arrived: aspect output."""
    return record(
        run,
        key=f"message:{message_pk}",
        aspect=Aspect.OUTPUT,
        rule="message_not_accepted",
        norm=run.step.output,
        actual=f"Personel nomor {account.registrant.position_in_list}: {actual}",
        difference="belum terbukti sampai kepada server e-mail penerima",
        account=account,
        at=at,
    )


def came_back(bounce: Bounce, run: StepRun, *, at: dt.datetime) -> Deviation:
    """A message that the server had accepted came back: its person was not reached. Output."""
    position = bounce.account.registrant.position_in_list
    settled = bounce.message.settled_at
    accepted = f"diterima server {words.instant(settled)}, " if settled else ""
    return record(
        run,
        key=f"bounce:{bounce.message_id}",
        aspect=Aspect.OUTPUT,
        rule="message_came_back",
        norm=run.step.output,
        actual=f"Personel nomor {position}: e-mail {accepted}kembali "
        f"{words.instant(bounce.returned_at)}",
        difference="tidak sampai kepada personel",
        account=bounce.account,
        at=at,
    )


def delivered_otherwise(run: StepRun, account: Account, *, at: dt.datetime) -> Deviation:
    """The account reached its person another way than by e-mail, or not at all: output."""
    handed = account.state == AccountState.HANDED_OVER
    return record(
        run,
        key=f"otherwise:{account.pk}",
        aspect=Aspect.OUTPUT,
        rule="handed_over" if handed else "not_delivered",
        norm=run.step.output,
        actual=f"Personel nomor {account.registrant.position_in_list}: "
        f"{AccountState(account.state).label.lower()}",
        difference="bukan melalui e-mail" if handed else "tidak disampaikan kepada personel",
        account=account,
        explanation=account.hand_over_note if handed else account.reason,
        at=at,
    )


def link_not_opened(run: StepRun, account: Account, *, link_pk: int, at: dt.datetime) -> Deviation:
    """The one-time link ended unopened: the person never got the password, step 4's output."""
    return record(
        run,
        key=f"link:{link_pk}",
        aspect=Aspect.OUTPUT,
        rule="link_not_opened",
        norm=run.step.output,
        actual=f"Personel nomor {account.registrant.position_in_list}: tautan password kedaluwarsa "
        "tanpa dibuka",
        difference="password tidak diperoleh personel",
        account=account,
        at=at,
    )


def record(
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
    """Record one, once: ``key`` tells the same finding about the same object.

    ``responsible`` as the check has it, else ``responsible_for`` the run; only a limit that passed
    may name nobody. Where several people held a step that is over, their shares are kept with it.
    """
    known = Deviation.objects.filter(key=key).first()
    if known is not None:
        return known
    if responsible is None and rule != LIMIT_PASSED:
        responsible = responsible_for(run)
    found = Deviation.objects.create(  # the case is locked, and the key is unique
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
        responsible=responsible,
        explanation=explanation,
        recorded_at=at,
        trial_until=_trial_until(at),
    )
    if rule != LIMIT_PASSED:
        share_out(found, run, at=at)
    return found


def share_out(found: Deviation, run: StepRun, *, at: dt.datetime) -> None:
    """Keep what each of several people held of the step until ``at`` (or its end)."""
    shares = time_shares.of(run, at)
    parts: dict[User, list[int]] = {}
    for share in shares.holders if shares else ():
        part = parts.setdefault(share.person, [0, 0])
        part[0] += share.seconds
        part[1] += share.after_due
    if len(parts) < 2:  # one alone has it all
        return
    DeviationShare.objects.bulk_create(
        DeviationShare(
            deviation=found,
            request=run.request,
            person=person,
            seconds=seconds,
            after_due=after_due,
            at=at,
        )
        for person, (seconds, after_due) in parts.items()
    )


def scans_missing(run: StepRun, positions: Sequence[int], *, at: dt.datetime) -> Deviation:
    """The file is archived without the scan of some people's Formulir, where the office calls that
    a deviation: output (the archived file is not whole).
    """
    return record(
        run,
        key=f"scans:{run.pk}",
        aspect=Aspect.OUTPUT,
        rule="scans_missing",
        norm=run.step.output,
        actual=scans_missing_words(positions),
        difference=f"{len(positions)} hasil pindai tidak ada",
        at=at,
    )


def scans_missing_words(positions: Sequence[int]) -> str:
    """The sentence on a file without the scans of the people at ``positions`` of the list."""
    named = ", ".join(str(position) for position in positions[:MOST_NAMED])
    more = ", dan seterusnya" if len(positions) > MOST_NAMED else ""
    return f"Berkas diarsipkan tanpa hasil pindai Formulir personel nomor {named}{more}"


def _trial_until(at: dt.datetime) -> dt.date | None:
    """The end of the office's trial period while it lasts: then it is recorded, and not judged."""
    until = Office.current().trial_until
    return until if until is not None and at.astimezone(words.ZONE).date() <= until else None
