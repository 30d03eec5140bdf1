"""A message that the mail server had accepted came back later: put on record, whatever the step.

What the server answered, and the times of step 4, stay as they are; also in an archived case, whose
file it joins as a numbered addition. Its person was not reached: a deviation of the step's output,
or a *catatan* where the message was sent after archiving, beyond the step.
"""

import datetime as dt

from accounts_requests import account_policies, deviations, papers, uploads, words
from accounts_requests.exceptions import InvalidInput
from accounts_requests.models import Account, Bounce, Document, Message, User
from accounts_requests.repeats import refuse_repeated
from accounts_requests.states import Act, CaseState, DocumentKind, MessageKind
from accounts_requests.uploads import ReturnedMail, Upload

from .after_archiving import came_after, leave_note
from .gate import Acting, acting, fresh_account, sending_run
from .passwords import person_label

OF_ANOTHER = (
    "Berkas ini mengembalikan pesan lain: Message-ID di dalamnya bukan Message-ID pesan yang "
    "dipilih. Periksa berkas atau pesannya."
)
NO_PROOF = "Salin isi pesan kembali, atau unggah berkasnya (.eml, PDF, JPEG, atau PNG)."
NOT_CONFIRMED = "Periksa berkas bukti, lalu nyatakan bahwa passwordnya tidak terbaca."


def record_bounce(
    account: Account,
    message_pk: int,
    *,
    actor: User,
    returned_at: dt.datetime | None,
    text: str = "",
    proof: Upload | None = None,
    blacked_out: bool = False,
) -> Bounce:
    """A message to ``account``, accepted by the server, came back at ``returned_at`` (UTC).

    ``text`` is what the returned mail says; ``proof`` the mail itself: of an .eml the text is kept
    and its date proposed (``returned_at`` may then be None), a PDF or picture is kept as it is and
    needs the word that no password can be read in it (``blacked_out``).

    Raises InvalidInput by field (``returned_at``, ``text``, ``proof``, ``blacked_out``),
    NotPermitted, NotAllowedNow, and AlreadyDone for a message that is on record as returned.
    """
    mail, media_type = _examined(proof, blacked_out=blacked_out)
    told = [uploads.without_secrets(text), mail.text if mail else ""]
    kept = "\n\n".join(dict.fromkeys(one for one in told if one))[: uploads.LONGEST_MAIL]
    returned_at = returned_at or (mail.returned_at if mail else None)
    label = person_label(account)
    with acting(Act.RECORD_BOUNCE, account.registrant.request, actor=actor, about=label) as case:
        fresh = fresh_account(account, case.request)
        found = fresh.messages.filter(pk=message_pk, kind=MessageKind.CREDENTIALS).first()
        if Bounce.objects.filter(message=found).exists():
            refuse_repeated(Act.RECORD_BOUNCE, case.request, actor, label=label)
        found = account_policies.accepted_message(found)
        if mail and mail.message_ids and found.message_id not in mail.message_ids:
            raise InvalidInput({"proof": [OF_ANOTHER]})
        _check(found, case, returned_at, kept, has_picture=bool(media_type))
        stored = _stored(case, fresh, proof, media_type) if proof and media_type else None
        bounce = Bounce.objects.create(
            message=found,
            account=fresh,
            request=case.request,
            returned_at=returned_at or case.at,
            text=kept,
            proof=stored,
            source_sha256=uploads.sha256(proof) if proof and mail else "",
            recorded_by=actor,
            at=case.at,
        )
        if came_after(case.request, found):
            leave_note(case, f"e-mail {label.lower()} yang dikirim ulang kembali.")
        else:
            deviations.came_back(bounce, sending_run(case.request), at=case.at)
        if case.request.state == CaseState.EMAIL_SENT:
            papers.owe(case.request, DocumentKind.MAIL_PROOF, at=case.at, by=actor)
        if case.request.state == CaseState.ARCHIVED:
            papers.owe(
                case.request,
                DocumentKind.BOUNCE_SHEET,
                at=case.at,
                by=actor,
                registrant=fresh.registrant,
            )
        case.label = label
        when = words.instant(bounce.returned_at)
        case.summary = f"E-mail {label.lower()} kembali pada {when}."
        case.changes = {"message_id": found.message_id, "source_sha256": bounce.source_sha256} | (
            {"sha256": stored.sha256} if stored else {}
        )
    return bounce


def _examined(proof: Upload | None, *, blacked_out: bool) -> tuple[ReturnedMail | None, str]:
    """The returned mail, or the media type of a picture of it. Raises InvalidInput by field."""
    if proof is None:
        return None, ""
    try:
        if not uploads.is_mail(proof):
            media_type = uploads.check_scan(proof)
            if not blacked_out:
                raise InvalidInput({"blacked_out": [NOT_CONFIRMED]})
            return None, media_type
        mail = uploads.read_returned(proof)
    except InvalidInput as error:
        if "" not in error.errors:
            raise
        raise InvalidInput({"proof": error.errors[""]}) from error
    return mail, ""


def _check(
    message: Message, case: Acting, returned_at: dt.datetime | None, text: str, *, has_picture: bool
) -> None:
    errors: dict[str, list[str]] = {}
    accepted = message.settled_at
    if returned_at is None:
        errors["returned_at"] = ["Isi waktu pesan itu kembali."]
    elif returned_at > case.at:
        errors["returned_at"] = [f"Waktu kembali belum tiba: sekarang {words.instant(case.at)}."]
    # People tell time to the minute: the minute of the server's answer counts as after it.
    elif accepted is not None and returned_at < accepted.replace(second=0, microsecond=0):
        errors["returned_at"] = [
            f"Waktu kembali mendahului jawaban server e-mail, {words.instant(accepted)}."
        ]
    if not text and not has_picture:
        errors["text"] = [NO_PROOF]
    if errors:
        raise InvalidInput(errors)


def _stored(case: Acting, account: Account, proof: Upload, media_type: str) -> Document:
    position = account.registrant.position_in_list
    return papers.store_upload(
        case.request,
        DocumentKind.BOUNCE_PROOF,
        proof,
        media_type,
        at=case.at,
        by=case.actor,
        registrant=account.registrant,
        title=f"Bukti pesan kembali, personel nomor {position}",
    )
