"""The people of a draft: rows of the Formulir, one by one or from a sheet; and mending later."""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Sequence

from accounts_requests import audit, clock, credentials, papers, policies, uploads, words
from accounts_requests.account_policies import check_can_mend
from accounts_requests.exceptions import AlreadyDone, InvalidInput, NotAllowedNow
from accounts_requests.models import AccountRequest, Document, Office, Registrant, User
from accounts_requests.models.registrant import DECREE_FIELDS
from accounts_requests.registrants import (
    MAX_PEOPLE,
    Findings,
    PersonData,
    check_batch,
    normalise,
    person_data,
)
from accounts_requests.repeats import refuse_repeated
from accounts_requests.states import Act, DocumentKind, DocumentState
from accounts_requests.uploads import Upload

from .gate import Acting, acting, fresh_registrant, mark_of, require_unchanged, required_reason


@dataclasses.dataclass(frozen=True)
class DecreeCorrection:
    """A *ralat* of an issued SK: its own document, number and date."""

    number: str
    date: dt.date
    upload: Upload


def add_registrant(request: AccountRequest, *, actor: User, person: PersonData) -> Registrant:
    """Add one person to a draft. Raises InvalidInput with the fields' sentences."""
    with acting(Act.ADD_REGISTRANT, request, actor=actor) as case:
        others = _people(case.request)
        if len(others) >= MAX_PEOPLE:
            raise InvalidInput(f"Satu permohonan memuat paling banyak {MAX_PEOPLE} personel.")
        person = normalise(person)
        _require_valid(case, [*others.values(), person], person)
        registrant = Registrant(
            request=case.request,
            position_in_list=max(others, default=0) + 1,
        )
        _fill(registrant, person)
        registrant.save()
        case.label = f"Personel nomor {registrant.position_in_list}"
        case.summary = f"{case.label} ditambahkan."
        return registrant


def edit_registrant(
    registrant: Registrant, *, actor: User, person: PersonData, seen: str = ""
) -> None:
    """Change one person of a draft; ``seen`` is ``mark_of`` the person data that was shown."""
    with acting(Act.EDIT_REGISTRANT, registrant.request, actor=actor) as case:
        fresh = fresh_registrant(registrant, case.request)
        stored = person_data(fresh)
        if seen and seen != mark_of(stored) and stored == normalise(person):
            refuse_repeated(
                Act.EDIT_REGISTRANT,
                case.request,
                actor,
                label=f"Personel nomor {fresh.position_in_list}",
                what="Perubahan ini",
            )
        require_unchanged(stored, seen)
        _change(case, fresh, person)
        case.summary = f"{case.label} diubah."


def remove_registrant(registrant: Registrant, *, actor: User) -> None:
    """Take one person out of a draft; the others move up."""
    with acting(Act.REMOVE_REGISTRANT, registrant.request, actor=actor) as case:
        fresh = fresh_registrant(registrant, case.request)
        _let_go_of_papers(fresh, case.at)
        position = fresh.position_in_list
        fresh.delete()
        for later in case.request.registrants.filter(position_in_list__gt=position).order_by(
            "position_in_list"
        ):
            later.position_in_list -= 1
            later.save(update_fields=["position_in_list"])
        case.label = f"Personel nomor {position}"
        case.summary = f"{case.label} dihapus dari konsep."


def import_registrants(
    request: AccountRequest, *, actor: User, people: Sequence[PersonData], replace: bool
) -> int:
    """Take the people of a sheet into a draft, all or none; returns how many were taken.

    ``replace``: the draft's people are replaced; otherwise the sheet's follow them.
    """
    with acting(Act.IMPORT_REGISTRANTS, request, actor=actor) as case:
        if not people:
            raise InvalidInput("Berkas tidak memuat satu pun personel.")
        if replace:
            for row in case.request.registrants.all():
                _let_go_of_papers(row, case.at)
            case.request.registrants.all().delete()
        existing = _people(case.request)
        incoming = [normalise(person) for person in people]
        together = [*existing.values(), *incoming]
        if len(together) > MAX_PEOPLE:
            raise InvalidInput(
                f"Satu permohonan memuat paling banyak {MAX_PEOPLE} personel; "
                f"berkas ini membuatnya {len(together)}. Tidak ada yang disimpan."
            )
        findings = _findings(case, together)
        sentences = [
            f"Personel ke-{index + 1 - len(existing)}: {sentence}"
            for index, finding in enumerate(findings)
            if index >= len(existing)
            for texts in finding.errors.values()
            for sentence in texts
        ]
        if sentences:
            raise InvalidInput({"": sentences})
        start = max(existing, default=0)
        for offset, person in enumerate(incoming, start=1):
            registrant = Registrant(request=case.request, position_in_list=start + offset)
            _fill(registrant, person)
            registrant.save()
        case.summary = f"{len(incoming)} personel diambil dari berkas XLSX."
        return len(incoming)


def attach_scan(
    request: AccountRequest,
    *,
    actor: User,
    upload: Upload,
    title: str,
    registrant: Registrant | None = None,
) -> Document:
    """Attach a scan (PDF, JPEG, PNG) to the case or to one person."""
    media_type = uploads.check_scan(upload)
    with acting(Act.ATTACH, request, actor=actor) as case:
        person = fresh_registrant(registrant, case.request) if registrant else None
        _refuse_same_scan(case, upload, person)
        document = papers.store_upload(
            case.request,
            DocumentKind.SCAN,
            upload,
            media_type,
            at=case.at,
            by=actor,
            registrant=person,
            title=title.strip() or "Hasil pindai",
        )
        case.label = f"Personel nomor {person.position_in_list}" if person else ""
        case.changes = {"sha256": document.sha256}
        case.summary = "Hasil pindai dilampirkan."
        return document


def detach_scan(document: Document, *, actor: User) -> None:
    """Take a scan off a draft. The bytes stay, superseded: nothing is hard-deleted."""
    with acting(Act.DETACH, document.request, actor=actor) as case:
        detached = case.request.documents.filter(
            pk=document.pk, kind=DocumentKind.SCAN, superseded_at__isnull=True
        ).update(superseded_at=case.at)
        if not detached:
            raise AlreadyDone("Lampiran ini sudah dilepas. Anda tidak perlu mengulanginya.")
        case.summary = "Lampiran dilepas dari konsep."


def mend_registrant(
    registrant: Registrant,
    *,
    actor: User,
    person: PersonData,
    reason: str,
    correction: DecreeCorrection | None = None,
) -> None:
    """Mend a Formulir after the SK was issued (usually after a return), with a reason.

    An issued SK is never edited: where a field of its Lampiran changes, the *ralat* that corrects
    the SK must come along. The Formulir is rendered anew; the former version is kept.
    """
    reason = required_reason(reason, "perbaikan")
    media_type = uploads.check_scan(correction.upload) if correction else ""
    with acting(Act.MEND_REGISTRANT, registrant.request, actor=actor) as case:
        fresh = fresh_registrant(registrant, case.request)
        check_can_mend(fresh)
        changed = _change(case, fresh, person)
        if not changed:
            refuse_repeated(Act.MEND_REGISTRANT, case.request, actor, label=case.label)
            raise InvalidInput("Tidak ada data yang berubah.")
        if correction is None and set(changed) & set(DECREE_FIELDS):
            raise InvalidInput(
                {
                    "correction_number": [
                        (
                            "Data yang tercantum dalam Lampiran SK berubah, sedangkan SK yang "
                            "sudah terbit tidak boleh diubah. Lampirkan ralat SK beserta nomor "
                            "dan tanggalnya."
                        )
                    ]
                }
            )
        if correction is not None:
            _require_decree_in_force(case.request)
            ralat = papers.store_upload(
                case.request,
                DocumentKind.DECREE_CORRECTION,
                correction.upload,
                media_type,
                at=case.at,
                by=actor,
                registrant=fresh,
                title=f"Ralat SK nomor {correction.number}",
                number=correction.number,
                dated=correction.date,
                concerns=[fresh.position_in_list],
            )
            case.changes["sha256"] = ralat.sha256
        papers.owe(
            case.request,
            DocumentKind.FORM,
            at=case.at,
            by=actor,
            registrant=fresh,
            number=fresh.form_number,
        )
        case.request.notes.create(
            at=case.at, by=actor, text=f"Formulir {case.label.lower()} diperbaiki: {reason}"
        )
        case.summary = f"Formulir {case.label.lower()} diperbaiki dengan alasan: {reason}"


def _require_decree_in_force(request: AccountRequest) -> None:
    """A ralat needs an SK that is in force. Raises InvalidInput (correction_number)."""
    try:
        policies.check_not_revoked(request)
    except NotAllowedNow as error:
        raise InvalidInput({"correction_number": [str(error)]}) from error


def _refuse_same_scan(case: Acting, upload: Upload, person: Registrant | None) -> None:
    """Raise AlreadyDone when the same bytes are attached to the same person (or the case)."""
    same = (
        case.request.documents.filter(
            kind=DocumentKind.SCAN,
            registrant=person,
            superseded_at__isnull=True,
            sha256=hashlib.sha256(upload.data).hexdigest(),
        )
        .select_related("created_by")
        .first()
    )
    if same is None:
        return
    who = "Anda sendiri" if same.created_by == case.actor else str(same.created_by)
    when = words.short_instant(same.created_at, now=case.at)
    raise AlreadyDone(
        f"Berkas dengan isi yang sama telah dilampirkan oleh {who} {when}, dengan judul "
        f"“{same.title}”. Anda tidak perlu mengulanginya."
    )


def papers_stored(request: AccountRequest) -> bool:
    """Are all Formulir of the case rendered?"""
    return (
        not request.documents.filter(kind=DocumentKind.FORM, superseded_at__isnull=True)
        .exclude(state=DocumentState.STORED)
        .exists()
    )


def _people(request: AccountRequest) -> dict[int, PersonData]:
    return {
        row.position_in_list: person_data(row)
        for row in request.registrants.order_by("position_in_list")
    }


def _let_go_of_papers(registrant: Registrant, at: dt.datetime) -> None:
    """The papers of who leaves the draft stay with the case; those in force end at ``at``."""
    registrant.documents.filter(superseded_at__isnull=True).update(superseded_at=at)
    registrant.documents.update(registrant=None)


def _change(case: Acting, registrant: Registrant, person: PersonData) -> list[str]:
    """Validate and store ``person`` on the row; returns the names of the fields that changed."""
    person = normalise(person)
    others = _people(case.request)
    old = others[registrant.position_in_list]
    others[registrant.position_in_list] = person
    _require_valid(case, list(others.values()), person)
    changed = [
        field.name
        for field in dataclasses.fields(PersonData)
        if getattr(old, field.name) != getattr(person, field.name)
    ]
    _fill(registrant, person)
    registrant.save()
    case.label = f"Personel nomor {registrant.position_in_list}"
    case.changes = {name: audit.hashed(getattr(person, name)) for name in changed}
    return changed


def _findings(case: Acting, people: Sequence[PersonData]) -> list[Findings]:
    return check_batch(
        people,
        office=Office.current(),
        decree_valid_until=case.request.valid_until,
        today=clock.today(),
        request=case.request,
    )


def _require_valid(case: Acting, people: Sequence[PersonData], person: PersonData) -> None:
    index = next(i for i, other in enumerate(people) if other is person)
    errors = _findings(case, people)[index].errors
    if errors:
        raise InvalidInput(errors)


def _fill(registrant: Registrant, person: PersonData) -> None:
    """Store ``person`` on the row. An empty NIK leaves a stored one as it is."""
    for field in dataclasses.fields(PersonData):
        if field.name != "nik":
            setattr(registrant, field.name, getattr(person, field.name))
    if person.nik:
        registrant.nik = credentials.encrypt_field(person.nik)
