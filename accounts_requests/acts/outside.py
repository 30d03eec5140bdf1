"""Step 4 while the mail server is away: Admin PPE has mailed an account from another mailbox.

The output of the step exists and is proven, so it is no deviation but a catatan. What the system
can check of the proof it checks; what a picture shows, the person answers for.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress

from django.views.decorators.debug import sensitive_variables

from accounts_requests import (
    account_policies,
    audit,
    credentials,
    outbox,
    papers,
    password_links,
    uploads,
    words,
)
from accounts_requests.exceptions import InvalidInput, NotAllowedNow, SecretUnavailable
from accounts_requests.models import Account, AccountRequest, Credential, StepRun, User
from accounts_requests.person_rules import check_email
from accounts_requests.states import (
    STEP4_NEEDS_A_PERSON,
    UNSENT_MESSAGES,
    AccountState,
    Act,
    DocumentKind,
)
from accounts_requests.uploads import Readable, Upload

from .gate import Acting, acting, fresh_account, required_reason, sending_run
from .passwords import person_label
from .sending import complete_if_settled

# The accounts whose mail is owed still: it waits in the queue, or did not go through.
MAY_BE_SENT_OUTSIDE = (AccountState.QUEUED, *STEP4_NEEDS_A_PERSON)

WITHDRAWN = "Ditarik, karena informasi akun ini sudah dikirim dari luar sistem."
BEING_SENT = (
    "Pesan kepada personel ini sedang dikirim oleh sistem, sehingga belum dapat dicatat sebagai "
    "dikirim dari luar. Tunggu jawaban server e-mail beberapa saat, lalu ulangi bila masih perlu; "
    "isian Anda tidak hilang."
)
STILL_READABLE = (
    "Password masih terbaca pada berkas bukti, walaupun mungkin tampak hitam: teksnya masih dapat "
    "dipilih dan disalin. Berkas ini tidak disimpan. Buat tangkapan layar yang passwordnya ditutup "
    "pada gambarnya, simpan sebagai JPEG atau PNG, lalu unggah kembali."
)
TYPED = "Isian ini memuat password. Hapus passwordnya; yang diketik tidak disimpan."
NOT_CONFIRMED = "Periksa berkas bukti, lalu nyatakan bahwa passwordnya sudah dihitamkan."


@sensitive_variables()
def record_sent_outside(
    account: Account,
    *,
    actor: User,
    sent_at: dt.datetime,
    mailbox: str,
    reason: str,
    proof: Upload,
    blacked_out: bool,
) -> None:
    """User id and password went to the person's address from ``mailbox`` at ``sent_at`` (UTC).

    ``proof`` shows the mail with the password made unreadable, which ``blacked_out`` confirms. The
    message that waits is withdrawn: from here on the worker cannot send it. The password is
    destroyed. Step 4 may end with this act, at the time of its recording.

    Raises InvalidInput by field (``sent_at``, ``mailbox``, ``reason``, ``proof``, ``blacked_out``),
    NotPermitted, and NotAllowedNow, also while a worker is sending the message just now.
    """
    reason = required_reason(reason, "pengiriman dari luar sistem")
    mailbox = mailbox.strip()
    media_type, readable = _examined(proof)
    with acting(
        Act.SENT_OUTSIDE, account.registrant.request, actor=actor, about=person_label(account)
    ) as case:
        fresh = fresh_account(account, case.request)
        account_policies.check_account_state(fresh, MAY_BE_SENT_OUTSIDE, Act.SENT_OUTSIDE, actor)
        errors = _faults_of_time(sent_at, sending_run(case.request), case.at)
        if sentences := check_email(mailbox, title="Kotak surat"):
            errors["mailbox"] = sentences
        if not blacked_out:
            errors["blacked_out"] = [NOT_CONFIRMED]
        for password in _live_passwords(case.request):
            if readable.shows(password, separator=credentials.SEPARATOR):
                errors["proof"] = [STILL_READABLE]
            for name, typed in (("reason", reason), ("mailbox", mailbox)):
                if any(part in typed for part in password.split(credentials.SEPARATOR)):
                    errors[name] = [TYPED]
        if errors:
            raise InvalidInput(errors)
        _withdraw(fresh, case.at)
        fresh.record_sent_outside(mailbox=mailbox, sent_at=sent_at, reason=reason)
        fresh.save()
        _leave_on_record(case, fresh, proof, media_type)
        password_links.revoke(fresh, at=case.at)
        credentials.destroy(fresh, at=case.at)
        complete_if_settled(case.request, at=case.at, by_machine=False)


def _examined(proof: Upload) -> tuple[str, Readable]:
    """The proof's media type and what can be read in it. Raises InvalidInput for the field."""
    try:
        media_type = uploads.check_scan(proof)
        return media_type, Readable(proof, media_type)
    except InvalidInput as error:
        raise InvalidInput({"proof": error.errors[""]}) from error


def _faults_of_time(sent_at: dt.datetime, run: StepRun, at: dt.datetime) -> dict[str, list[str]]:
    """People tell time to the minute: the minute in which step 4 began counts as after it."""
    begun = (run.started_at or run.offered_at).replace(second=0, microsecond=0)
    if sent_at > at:
        sentence = f"Waktu pengiriman belum tiba: sekarang {words.instant(at)}."
    elif sent_at < begun:
        sentence = f"Waktu pengiriman mendahului langkah 4, yang dimulai {words.instant(begun)}."
    else:
        return {}
    return {"sent_at": [sentence]}


@sensitive_variables()
def _live_passwords(request: AccountRequest) -> Iterator[str]:
    """Every password of the case that lives and can be read: a proof must show none of them."""
    live = Credential.objects.filter(destroyed_at__isnull=True)
    for account in Account.objects.filter(registrant__request=request, credentials__in=live):
        with suppress(SecretUnavailable):  # without its key nothing can be compared
            yield credentials.reveal(account)


def _withdraw(account: Account, at: dt.datetime) -> None:
    """Take the waiting message back. Raises NotAllowedNow when a worker has claimed it."""
    message = account.messages.filter(state__in=UNSENT_MESSAGES).first()
    if message is not None and not outbox.withdraw(message, at, because=WITHDRAWN):
        raise NotAllowedNow(BEING_SENT)


def _leave_on_record(case: Acting, account: Account, proof: Upload, media_type: str) -> None:
    """The proof among the papers, the catatan, and what the trail tells."""
    person = account.registrant
    shown = papers.store_upload(
        case.request,
        DocumentKind.OUTSIDE_PROOF,
        proof,
        media_type,
        at=case.at,
        by=case.actor,
        registrant=person,
        title=f"Bukti e-mail dari luar sistem, personel nomor {person.position_in_list}",
    )
    sent = words.instant(account.delivered_at) if account.delivered_at else ""
    told = f"E-mail personel nomor {person.position_in_list} dikirim dari luar sistem pada {sent}"
    case.request.notes.create(
        at=case.at,
        by=case.actor,
        text=f"{told}, dari kotak surat {account.sent_from}. Alasan: {account.reason}",
    )
    case.label = person_label(account)
    case.summary = f"{told}{audit.REASON}{account.reason}"
    case.changes |= {
        "sha256": shown.sha256,
        "sent_at": sent,
        "sent_from": audit.hashed(account.sent_from),
    }
