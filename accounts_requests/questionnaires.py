"""The evaluation questionnaire of PermenPANRB 35/2012 as the office's own, by version.

Version 0 is the State's list of seven questions (``data/monitoring.toml``). Pengelola Aplikasi
drafts the next version and takes it into use; a judgement keeps the questions as they were asked,
so no former version is ever changed.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet

from accounts_requests import audit, clock, permissions
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.models import Office, Questionnaire, User
from accounts_requests.states import Act

MOST = 20
LONGEST = 200
LONGEST_REASON = 250


@dataclass(frozen=True, kw_only=True)
class Questions:
    """The questions of one version, in their order."""

    number: int
    texts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What a draft makes of the version in use."""

    added: Sequence[str]
    retired: Sequence[str]
    is_reordered: bool

    @property
    def are_any(self) -> bool:
        """Whether anything would be different."""
        return bool(self.added or self.retired or self.is_reordered)


@cache
def standard() -> Questions:
    """The State's own list, version 0."""
    path = Path(__file__).parent / "data" / "monitoring.toml"
    texts = tomllib.loads(path.read_text(encoding="utf-8"))["questions"]
    return Questions(number=0, texts=tuple(texts))


def in_use() -> Questions:
    """The questions that are asked today. One query."""
    latest = adopted().first()
    if latest is None:
        return standard()
    return Questions(number=latest.number, texts=tuple(latest.questions))


def adopted() -> "QuerySet[Questionnaire]":
    """Every version that was taken into use, the latest first."""
    rows = Questionnaire.objects.filter(adopted_at__isnull=False)
    return rows.select_related("adopted_by").order_by("-number")


def draft() -> Questionnaire | None:
    """The version that is being drafted, if one is."""
    return Questionnaire.objects.filter(adopted_at__isnull=True).first()


def changes_of(found: Questionnaire) -> Changes:
    """What ``found``, a draft, changes of the version in use."""
    before, after = in_use().texts, tuple(found.questions)
    stayed = [text for text in before if text in after]
    return Changes(
        added=[text for text in after if text not in before],
        retired=[text for text in before if text not in after],
        is_reordered=stayed != [text for text in after if text in before],
    )


def edit(texts: Sequence[str], *, actor: User) -> Questionnaire:
    """Keep ``texts`` (in their order, empty ones left out) as the draft; audited.

    Raises NotPermitted, InvalidInput.
    """
    role = permissions.require_keeper(actor)
    wanted = [line for text in texts if (line := " ".join(text.split()))]
    _require_sense(wanted)
    at = clock.now()
    with transaction.atomic():
        Office.objects.select_for_update().get(pk=1)  # two keepers at once: one after the other
        found = draft() or Questionnaire(number=in_use().number + 1)
        found.questions = wanted
        found.drafted_by = actor
        found.changed_at = at
        found.save()
        audit.record(
            Act.EDIT_QUESTIONNAIRE,
            actor=actor,
            at=at,
            role=permissions.title_of(role, actor),
            label=str(found),
            summary=f"Konsep kuesioner evaluasi versi {found.number} disimpan.",
            changes={"questions": len(wanted)},
        )
    return found


def adopt(number: int, *, reason: str, actor: User) -> Questionnaire:
    """Take the draft ``number`` into use: from now on its questions are asked; audited and sealed.

    Raises NotPermitted, InvalidInput (``reason``), NotAllowedNow where it is no draft any more or
    changes nothing.
    """
    role = permissions.require_keeper(actor)
    told = " ".join(reason.split())
    if not told:
        raise InvalidInput({"reason": ["Tuliskan alasan perubahan."]})
    at = clock.now()
    with transaction.atomic():
        Office.objects.select_for_update().get(pk=1)
        found = draft()
        if found is None or found.number != number:
            raise NotAllowedNow(
                f"Kuesioner versi {number} bukan konsep lagi: sudah diberlakukan oleh orang lain."
            )
        if not changes_of(found).are_any:
            raise NotAllowedNow(
                "Konsep ini sama dengan kuesioner yang berlaku. Ubah dahulu pertanyaannya."
            )
        found.reason = told[:LONGEST_REASON]
        found.adopted_by = actor
        found.adopted_at = at
        found.save()
        audit.record(
            Act.ADOPT_QUESTIONNAIRE,
            actor=actor,
            at=at,
            role=permissions.title_of(role, actor),
            label=str(found),
            summary=f"Kuesioner evaluasi versi {found.number} diberlakukan.",
            changes={"questions": len(found.questions)},
            rows=[found],
        )
    return found


def _require_sense(texts: Sequence[str]) -> None:
    if not texts:
        raise InvalidInput("Kuesioner memerlukan sekurang-kurangnya satu pertanyaan.")
    if len(texts) > MOST:
        raise InvalidInput(f"Kuesioner memuat paling banyak {MOST} pertanyaan.")
    folded = [text.casefold() for text in texts]
    twice = next((text for text in texts if folded.count(text.casefold()) > 1), "")
    if twice:
        raise InvalidInput(f"Pertanyaan ini tertulis dua kali: {twice}. Hapus salah satunya.")
    if any(len(text) > LONGEST for text in texts):
        raise InvalidInput(f"Satu pertanyaan paling panjang {LONGEST} huruf.")
