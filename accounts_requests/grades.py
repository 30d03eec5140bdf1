"""Pangkat and golongan: the list in `data/grades.toml`, which an office may edit.

PNS and CPNS have golongan I/a to IV/e, each with its pangkat; PPPK have I to XVII and no pangkat
(domain: the Formulir).
"""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from accounts_requests.states import Employment

LIST_FILE: Final = Path(__file__).parent / "data" / "grades.toml"

_CIVIL: Final = re.compile(r"(i{1,3}|iv)[\s/.\-]*([a-e])", re.IGNORECASE)


@cache
def civil_grades() -> dict[str, str]:
    """Golongan of PNS and CPNS with the pangkat of each, in order."""
    return {str(grade): str(rank) for grade, rank in _content()["asn"].items()}


@cache
def contract_grades() -> tuple[str, ...]:
    """Golongan of PPPK, lowest first."""
    return tuple(str(grade) for grade in _content()["pppk"]["grades"])


def grades_for(employment: str) -> tuple[str, ...]:
    """What may be chosen for a status kepegawaian; nothing for Non-ASN and unknown ones."""
    if employment in {Employment.PNS, Employment.CPNS}:
        return tuple(civil_grades())
    if employment == Employment.PPPK:
        return contract_grades()
    return ()


def all_grades() -> tuple[str, ...]:
    """Every golongan of the list, for choices that do not know the status yet."""
    return (*civil_grades(), *contract_grades())


def normalise_grade(value: str, employment: str) -> str:
    """`III/d` for `iii d`, `IIId` or `III.D`; for PPPK `IX` for `ix` or `9`; else unchanged."""
    if employment == Employment.PPPK:
        if value.isascii() and value.isdigit() and 1 <= int(value) <= len(contract_grades()):
            return contract_grades()[int(value) - 1]
        return value.upper()
    match = _CIVIL.fullmatch(value)
    return f"{match[1].upper()}/{match[2].lower()}" if match else value


def same_rank(typed: str, expected: str) -> bool:
    """Whether two pangkat are the same words, `Tk. I` being `Tingkat I`."""
    return _rank_words(typed) == _rank_words(expected)


def _rank_words(rank: str) -> str:
    words = re.sub(r"\btk\b\.?", "tingkat", rank.casefold())
    return " ".join(re.sub(r"[^a-z0-9]+", " ", words).replace("tingkat 1", "tingkat i").split())


def _content() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(LIST_FILE.read_text(encoding="utf-8"))
