"""*Berita acara* of an approved *usul musnah*: which files, why, on which basis, by whom.

Made once, when the pengesah approves, and kept with the decision (``acts.destruction``).
"""

import datetime as dt

from num2words import num2words

from accounts_requests import archive_register, words
from accounts_requests.identity_numbers import format_nip
from accounts_requests.models import (
    AccountRequest,
    AuditChain,
    DestructionProposal,
    Office,
    User,
)

from .paper import Signatory, file_name, listed, office_context
from .renderer import RenderedPdf, render_pdf

TEMPLATE = "documents/destruction_minutes.html"


def render(
    proposal: DestructionProposal,
    *,
    number: str,
    note: str,
    actor: User,
    title: str,
    at: dt.datetime,
) -> RenderedPdf:
    """The minutes of ``proposal`` as ``actor``, styled ``title``, approves it at ``at`` (aware).

    ``number`` is the minutes' own, ``note`` what the pengesah adds. Raises RenderingFailed.
    """
    office = Office.current()
    on = at.astimezone(words.ZONE).date()
    files = AccountRequest.objects.filter(destruction_items__proposal=proposal)
    chain = AuditChain.objects.filter(pk=1).first()
    proposer = proposal.proposed_by
    lines = list(archive_register.every_line(files, office, today=on))
    return render_pdf(
        TEMPLATE,
        {
            **office_context(office),
            "number": number,
            "note": note,
            "proposal": proposal,
            "proposed_at": words.instant(proposal.at),
            "bases": listed(proposal.legal_basis),
            "lines": lines,
            "day_in_words": _in_words(on),
            "numerals": f"{on:%d-%m-%Y}",
            "amount": f"{len(lines)} ({num2words(len(lines), lang='id')})",
            "place_and_date": f"{office.city}, {words.long_date(on)}",
            "approved_at": words.instant(at),
            "signatory": Signatory(
                (f"{title},",), actor.titled_name, actor.rank, format_nip(actor.nip)
            ),
            "proposer": Signatory(
                (f"{proposal.title},",),
                proposer.titled_name,
                proposer.rank,
                format_nip(proposer.nip),
            ),
            "chain_count": chain.count if chain else 0,
            "chain_head": words.grouped(chain.head) if chain else "",
        },
        title=f"Berita Acara Pemusnahan Arsip nomor {number}",
        identifier=f"destruction_minutes:{proposal.number}:{at.isoformat()}",
        created=at,
    )


def _in_words(on: dt.date) -> str:
    """``Senin tanggal lima bulan Januari tahun dua ribu tiga puluh dua``, as minutes say it."""
    day, year = (num2words(number, lang="id") for number in (on.day, on.year))
    month = words.MONTHS[on.month - 1]
    return f"{words.WEEKDAYS[on.weekday()]} tanggal {day} bulan {month} tahun {year}"


def name_of(proposal: DestructionProposal) -> str:
    """The file's name: ``Berita-Acara-Pemusnahan-UM-2032-0001.pdf``."""
    return file_name("Berita-Acara-Pemusnahan", proposal.number)
