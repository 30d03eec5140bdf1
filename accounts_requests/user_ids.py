"""User ids in SPSE: the office's rule for them, a proposal from a name, and who has them already.

The rule is a setting of the office (`Office.user_id_pattern`); by default 4–30 of `[a-z0-9._]`.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Final

from django.db.models.functions import Lower

from accounts_requests.models import Account, AccountRequest, Office, Registrant
from accounts_requests.states import OPEN_STATES, CaseState

LONGEST: Final = 30
"""What the registers hold (the domain's upper limit), whatever the office's rule allows."""
SHORTEST: Final = 4

# What a rule may be made of: characters, classes and \d or \w, each with a repetition. Without
# groups and with few repetitions no user id keeps the matching busy, whatever the office types.
_RULE_PART: Final = re.compile(
    r"(?P<what>\[\^?(?:\\[-.dw]|[A-Za-z0-9@_.-])+\]|\\[-.dw]|[A-Za-z0-9@_.-])"
    r"(?P<often>[?*+]|\{\d{1,2}(?:,\d{0,2})?\})?"
)
MAX_REPETITIONS: Final = 4
"""Repetitions of no fixed number in a rule: the time grows with the length to their power."""

_USUAL_RULE: Final = re.compile(r"\[a-z0-9\\?\._\]\{(\d+),(\d+)\}")


def check_user_id(
    user_id: str, *, office: Office | None = None, title: str = "User id"
) -> list[str]:
    """Sentences about a user id that is missing or not one under the office's rule; [] when it is.

    `office` is the current one by default; `title` is how the sentences name the field.
    """
    office = office or Office.current()
    if not user_id:
        return [f"{title} wajib diisi."]
    if len(user_id) > LONGEST:
        return [f"{title} paling panjang {LONGEST} karakter. Persingkat user id ini."]
    if not is_rule(office.user_id_pattern):
        sentence = (
            f"{title} tidak dapat diperiksa karena aturan user id pada data kantor tidak dapat "
            "dibaca. Hubungi Pengelola Aplikasi."
        )
        return [sentence]
    if re.fullmatch(office.user_id_pattern, user_id):
        return []
    return [f"{title} “{user_id}” tidak sesuai aturan: {rule_words(office)}."]


def is_rule(pattern: str) -> bool:
    """Whether ``pattern`` can be a rule: readable, and quick for every user id."""
    position, repetitions = 0, 0
    while position < len(pattern):
        part = _RULE_PART.match(pattern, position)
        if part is None:
            return False
        repetitions += part["often"] is not None and not part["often"][1:-1].isdecimal()
        position = part.end()
    if "--" in pattern:  # which Python reserves for a meaning to come
        return False
    try:
        re.compile(pattern)
    except (re.error, OverflowError):
        return False
    return bool(pattern) and repetitions <= MAX_REPETITIONS


def rule_words(office: Office) -> str:
    """The office's rule in words, for help texts and sentences; no full stop."""
    usual = _USUAL_RULE.fullmatch(office.user_id_pattern)
    if usual:
        return (
            f"gunakan {usual[1]} sampai dengan {usual[2]} karakter dari huruf kecil, angka, "
            "titik, dan garis bawah"
        )
    return f"gunakan pola {office.user_id_pattern}"


def propose_user_id(full_name: str, taken: Collection[str]) -> str:
    """`budi.santoso` for "Budi Agus Santoso", with a number where that one is taken.

    Fits the default rule (4–30 of `[a-z0-9._]`) for any name, and differs from every one of
    `taken`, letter case aside.
    """
    ascii_name = unicodedata.normalize("NFKD", full_name).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’`-]", "", ascii_name.lower()))
    stem = ".".join(dict.fromkeys([words[0], words[-1]])) if words else "pengguna"
    if len(stem) < SHORTEST:
        stem = f"{stem}.spse"
    used = {user_id.casefold() for user_id in taken}
    proposal, number = stem[:LONGEST].rstrip("."), 1
    while proposal in used:
        number += 1
        ending = str(number)
        proposal = f"{stem[: LONGEST - len(ending)].rstrip('.')}{ending}"
    return proposal


def user_ids_in_use(ids: Iterable[str], *, outside: AccountRequest | None = None) -> set[str]:
    """Which of `ids` other cases hold already, in lower case.

    Counts the accounts of every case that was not cancelled and the proposals of open cases.
    `outside` leaves one case (the one being worked on) out of account. Two queries.
    """
    wanted = {user_id.lower() for user_id in ids if user_id}
    if not wanted:
        return set()
    accounts = Account.objects.exclude(registrant__request__state=CaseState.CANCELLED)
    proposals = Registrant.objects.filter(request__state__in=OPEN_STATES)
    if outside is not None:
        accounts = accounts.exclude(registrant__request=outside)
        proposals = proposals.exclude(request=outside)
    held = accounts.annotate(held=Lower("user_id")).filter(held__in=wanted)
    proposed = proposals.annotate(held=Lower("proposed_user_id")).filter(held__in=wanted)
    return {
        *held.values_list("held", flat=True),
        *proposed.values_list("held", flat=True),
    }
