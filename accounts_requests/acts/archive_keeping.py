"""What is recorded of an archived file: its data in a further version, and where it went.

The file itself never changes. A change of its data after archiving is a *catatan*, not a deviation.
"""

import datetime as dt
from dataclasses import asdict, replace

from accounts_requests import archive_rules as rules
from accounts_requests import archive_standing as standings
from accounts_requests import clock, words
from accounts_requests.archive_rules import FileData, MoveData, Standing
from accounts_requests.exceptions import InvalidInput
from accounts_requests.models import (
    AccountRequest,
    ArchiveDescription,
    ArchiveMove,
    Media,
    Office,
    User,
)
from accounts_requests.states import Act

from .gate import Acting, acting, mark_of, require_unchanged, required_reason


def file_mark(data: FileData) -> str:
    """A mark of a file's data, which the form carries."""
    return mark_of(sorted(asdict(data).items()))


def describe_file(
    request: AccountRequest, *, actor: User, data: FileData, reason: str, seen: str = ""
) -> ArchiveDescription:
    """Write the file's data anew, as their next version.

    ``seen`` is ``file_mark`` of what the form showed. The trail tells which fields changed, the
    catatan from what to what. Raises InvalidInput, NotPermitted, NotAllowedNow.
    """
    rules.check_data(data)
    with acting(Act.DESCRIBE_FILE, request, actor=actor) as case:
        before = _standing(case.request)
        rules.check_can_describe(case.request, before)
        require_unchanged(sorted(asdict(before.data).items()), seen)
        reason = required_reason(reason, "perubahan data kearsipan")
        changed = rules.differences(before.data, data)
        if not changed:
            raise InvalidInput("Tidak ada yang berbeda dari data kearsipan yang tersimpan.")
        description = _write(case, data, reason=reason)
        told = "; ".join(
            f"{rules.LABELS[name]} dari {rules.said(name, before.data)} menjadi "
            f"{rules.said(name, data)}"
            for name in changed
        )
        _note(case, f"Data kearsipan berkas {case.request.archive_number} diubah: {told}. {reason}")
        case.changes["version"] = description.version
        case.changes["fields"] = changed
        case.summary = (
            f"Data kearsipan berkas {case.request.archive_number} diubah "
            f"({', '.join(rules.LABELS[name].lower() for name in changed)})."
        )
    return description


def move_file(request: AccountRequest, *, actor: User, data: MoveData) -> ArchiveMove:
    """Record that the file went to inactive storage, or to an archive office.

    Its place becomes the file's place, as the next version of its data. Raises InvalidInput,
    NotPermitted, NotAllowedNow.
    """
    with acting(Act.MOVE_FILE, request, actor=actor) as case:
        before = _standing(case.request)
        rules.check_move(case.request, before, data, today=clock.today())
        kind = ArchiveMove.Kind(data.kind)
        move = ArchiveMove.objects.create(
            request=case.request,
            kind=kind,
            moved_on=data.moved_on,
            place=data.place.strip(),
            received_by=data.received_by.strip(),
            paper_number=data.paper_number.strip(),
            note=data.note.strip(),
            by=actor,
            at=case.recorded_at,
        )
        said = f"{kind.label} dengan berita acara nomor {move.paper_number}"
        _write(case, replace(before.data, location=move.place, rack="", box=""), reason=said)
        _note(
            case,
            f"{said}: berkas {case.request.archive_number} berada di {move.place} sejak "
            f"{words.long_date(move.moved_on)}, diterima oleh {move.received_by}.",
        )
        case.changes["kind"] = str(kind)
        case.changes["moved_on"] = move.moved_on.isoformat()
        case.summary = (
            f"{kind.label}: berkas {case.request.archive_number}, "
            f"{words.long_date(move.moved_on)}, berita acara nomor {move.paper_number}."
        )
    return move


def first_description(case: Acting, *, location: str, rack: str, box: str) -> None:
    """The data that archiving itself leaves: the office's settings of the day, and the place."""
    data = standings.office_data(case.request, Office.current())
    on_paper = bool(location.strip() or rack.strip() or box.strip())
    data = replace(
        data,
        location=location.strip(),
        rack=rack.strip(),
        box=box.strip(),
        media=Media.BOTH if on_paper else Media.ELECTRONIC,
    )
    _write(case, data, reason="")


def _standing(request: AccountRequest) -> Standing:
    cases = standings.with_records(AccountRequest.objects.filter(pk=request.pk))
    return standings.standing(cases.get(), Office.current())


def _write(case: Acting, data: FileData, *, reason: str) -> ArchiveDescription:
    last = case.request.archive_descriptions.order_by("-version").first()
    archived_at: dt.datetime | None = case.request.archived_at
    days = standings.retention_of(data, archived_at or case.at)
    return ArchiveDescription.objects.create(
        request=case.request,
        # Data that the office's settings told of until now were nobody's version.
        version=last.version + 1 if last else 1,
        active_until=days.active_until,
        inactive_until=days.inactive_until,
        reason=reason[:500],
        by=case.actor,
        at=case.recorded_at,
        **asdict(data),
    )


def _note(case: Acting, text: str) -> None:
    case.request.notes.create(at=case.recorded_at, by=case.actor, text=text)
