"""What may not happen to the archive's own records, part of ``guarded_tables``."""

from accounts_requests.models import (
    ArchiveDescription,
    ArchiveMove,
    DestructionDecision,
    DestructionItem,
    DestructionMinutes,
    DestructionProposal,
)
from accounts_requests.rail import NEVER, Rail

ARCHIVE_RAILS: tuple[Rail, ...] = (
    Rail(
        model=ArchiveDescription,
        name="data kearsipan",
        updates=NEVER,
        unique=((("request_id", "version"), ""),),
    ),
    Rail(
        model=ArchiveMove,
        name="pemindahan berkas",
        updates=NEVER,
        unique=((("request_id", "kind"), ""),),
    ),
    Rail(
        model=DestructionProposal,
        name="usul musnah",
        updates=NEVER,
        unique=((("number",), ""),),
    ),
    Rail(
        model=DestructionItem,
        name="berkas yang diusulkan musnah",
        updates=NEVER,
        unique=((("proposal_id", "request_id"), ""),),
    ),
    Rail(
        model=DestructionDecision,
        name="keputusan usul musnah",
        updates=NEVER,
        unique=((("proposal_id",), ""),),
    ),
    Rail(model=DestructionMinutes, name="isi berita acara", updates=NEVER),
)
