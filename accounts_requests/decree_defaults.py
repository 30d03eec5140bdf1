"""The texts that a new SK starts with: sensible words that its drafter then edits."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from accounts_requests.models import Office, SopRevision

FILE: Final = Path(__file__).parent / "data" / "decree_defaults.toml"


@dataclass(frozen=True)
class DecreeTexts:
    """Prefilled texts of an SK; those of several items hold one item a line."""

    subject: str
    considerations: str
    legal_bases: str
    noted: str
    copies_to: str


def defaults(office: Office, revision: SopRevision) -> DecreeTexts:
    """The texts of ``data/decree_defaults.toml`` with this office's names in them."""
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    names = {"lpse": office.lpse_name, "target": office.target_name, "sop": revision.number}

    def items(name: str) -> str:
        return "\n".join(item.format(**names) for item in content[name])

    return DecreeTexts(
        subject=content["subject"].format(**names),
        considerations=items("considerations"),
        legal_bases=items("legal_bases"),
        noted=items("noted"),
        copies_to=items("copies_to"),
    )
