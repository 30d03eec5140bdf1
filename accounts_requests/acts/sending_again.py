"""Step 4 for one account whose message did not go as it should: once more, another way, or never.

Sending again is possible long afterwards too, when the case is archived (``after_archiving``).
"""

from accounts_requests import (
    account_policies,
    audit,
    credentials,
    deviations,
    outbox,
    papers,
    password_links,
    uploads,
)
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.models import Account, User
from accounts_requests.person_rules import check_email
from accounts_requests.states import (
    STEP4_NEEDS_A_PERSON,
    STEP4_SETTLED,
    AccountState,
    Act,
    DocumentKind,
    MessageKind,
)
from accounts_requests.uploads import Upload

from .after_archiving import is_archived, leave_note, owe_proof
from .gate import Acting, acting, fresh_account, required_reason, sending_run
from .passwords import password_mark, person_label
from .sending import CHANGE_FIRST, complete_if_settled

MADE_AGAIN = (
    "Password baru dibuat lagi sesudah halaman ini Anda buka, sehingga belum ada yang dikirim. "
    "Pastikan password yang terbaru itu yang ada di SPSE (tekan “tampilkan” untuk melihatnya), "
    "lalu kirim ulang."
)


def resend(
    account: Account,
    *,
    actor: User,
    address: str,
    reason: str,
    had_signed_in: bool,
    changed_in_spse: bool,
    seen: str = "",
) -> None:
    """Queue a further message after a failed or uncertain one, with a new password.

    Also after one that came back or carried a link, whatever became of the link: then the account
    stays accepted, step 4 keeps its times, and the proof of sending is made anew. When the case is
    archived, to whomever it named: the account is queued once more, the case and its steps stay,
    and the answer joins the file as a numbered addition.

    ``seen`` is ``password_mark`` of the account as the page showed it: what a newer password has
    replaced is not sent for it. The new password (``new_password``) and the address must both have
    been set in SPSE first: Admin PPE confirms it. A mail is never sent again by itself.
    """
    reason = required_reason(reason, "pengiriman ulang")
    address = address.strip()
    with acting(Act.RESEND, account.registrant.request, actor=actor) as case:
        fresh = fresh_account(account, case.request)
        account_policies.check_can_send_again(fresh, Act.RESEND, actor)
        errors: dict[str, list[str]] = {}
        if sentences := check_email(address):
            errors["address"] = sentences
        if not changed_in_spse:
            errors["changed_in_spse"] = [CHANGE_FIRST]
        elif seen and seen != password_mark(fresh):
            errors["changed_in_spse"] = [MADE_AGAIN]
        if errors:
            raise InvalidInput(errors)
        last = fresh.messages.filter(kind=MessageKind.CREDENTIALS).latest("pk")
        live = fresh.credentials.filter(destroyed_at__isnull=True).first()
        if live is None or last.settled_at is None or live.created_at <= last.settled_at:
            raise NotAllowedNow(
                "Pengiriman ulang memerlukan password baru. Tekan “Buat password baru”, masukkan "
                "ke SPSE, lalu kirim ulang."
            )
        known = (fresh.registered_email.lower(), fresh.registrant.email.lower())
        fresh.registered_email = address
        if is_archived(case.request) and fresh.state in STEP4_SETTLED:
            fresh.queue_after_archiving()
        elif fresh.state != AccountState.ACCEPTED:
            fresh.queue()
        fresh.save()
        password_links.revoke(fresh, at=case.at)
        outbox.queue_credentials(fresh, by=actor, at=case.at)
        case.label = person_label(fresh)
        if is_archived(case.request):
            leave_note(case, f"akun {case.label.lower()} dikirim ulang. Alasan: {reason}")
        else:
            if address.lower() not in known:  # a difference of step 3 is on record already
                deviations.data_differ(sending_run(case.request), fresh, at=case.at)
            owe_proof(fresh, case.request, at=case.at, by=actor)
        case.changes = {
            "registered_email": audit.hashed(address),
            "had_signed_in": had_signed_in,
        }
        case.summary = f"E-mail {case.label.lower()} dikirim ulang{audit.REASON}{reason}"


def hand_over(account: Account, *, actor: User, note: str, proof: Upload | None = None) -> None:
    """The person received the account another way: ``note`` says how, ``proof`` shows it."""
    note = required_reason(note, "cara penyerahan")
    media_type = uploads.check_scan(proof) if proof else ""
    with acting(
        Act.HAND_OVER, account.registrant.request, actor=actor, about=person_label(account)
    ) as case:
        fresh = fresh_account(account, case.request)
        account_policies.check_account_state(fresh, STEP4_NEEDS_A_PERSON, Act.HAND_OVER, actor)
        fresh.hand_over(note=note)
        fresh.delivered_at = fresh.delivered_at or case.at
        fresh.save()
        if proof is not None:
            shown = papers.store_upload(
                case.request,
                DocumentKind.HAND_OVER_PROOF,
                proof,
                media_type,
                at=case.at,
                by=actor,
                registrant=fresh.registrant,
                title=f"Bukti penyerahan personel nomor {fresh.registrant.position_in_list}",
            )
            case.changes["sha256"] = shown.sha256
        password_links.revoke(fresh, at=case.at)
        credentials.destroy(fresh, at=case.at)
        case.label = person_label(fresh)
        case.summary = f"Akun {case.label.lower()} diserahkan dengan cara lain."
        _decided(case, fresh, f"akun {case.label.lower()} diserahkan dengan cara lain: {note}")


def give_up(account: Account, *, actor: User, reason: str) -> None:
    """The account could not be handed to its person, with a reason."""
    reason = required_reason(reason, "mengapa akun tidak dapat diserahkan")
    with acting(
        Act.NOT_DELIVERED, account.registrant.request, actor=actor, about=person_label(account)
    ) as case:
        fresh = fresh_account(account, case.request)
        account_policies.check_account_state(fresh, STEP4_NEEDS_A_PERSON, Act.NOT_DELIVERED, actor)
        fresh.give_up(reason=reason)
        fresh.save()
        password_links.revoke(fresh, at=case.at)
        credentials.destroy(fresh, at=case.at)
        case.label = person_label(fresh)
        case.summary = f"Akun {case.label.lower()} dicatat tidak dapat diserahkan."
        _decided(case, fresh, f"akun {case.label.lower()} tidak dapat diserahkan: {reason}")


def _decided(case: Acting, account: Account, said: str) -> None:
    """The account is settled by a person's word: a deviation of step 4, which may end with it.

    After archiving a *catatan* instead (``said``), with an addition to the file.
    """
    if is_archived(case.request):
        leave_note(case, said)
        owe_proof(account, case.request, at=case.at, by=case.actor)
        return
    deviations.delivered_otherwise(case.run(), account, at=case.at)
    complete_if_settled(case.request, at=case.at, by_machine=False)
