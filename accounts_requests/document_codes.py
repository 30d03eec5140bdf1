"""The short code of a paper: what its foot prints, its QR code carries and people type.

100 of the random bits of the paper's public id, in Crockford's base 32 (no I, L, O, U), as five
groups of four. Nothing is stored for it: the code is the id, shortened, and finds it again as a
range of ids.
"""

import re
import uuid
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 20
_GROUP: Final = 4
# What people read or type instead: of these the alphabet has only the digit.
_ALIKE: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN: Final = re.compile(r"[\s\-–—_.]+")
# Of the 32 digits of a random UUID: 12 random ones, the version, 3 random ones, the variant (with
# two random bits, which are left out), 15 random ones. The code holds the first 25 of those 30.
_VERSION: Final = "4"
_VARIANTS: Final = "89ab"
_LEFT_OUT: Final = 5


def code_of(public_id: uuid.UUID) -> str:
    """``7QK3-M9ZD-…``: the code of the paper with this id, a random one (version 4)."""
    digits = public_id.hex
    number = int(digits[:12] + digits[13:16] + digits[17 : 32 - _LEFT_OUT], 16)
    letters = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))
    return "-".join(letters[at : at + _GROUP] for at in range(0, LENGTH, _GROUP))


def read(typed: str) -> str | None:
    """The code that somebody typed, as it is printed; None for what no paper can carry.

    Small letters, spaces, hyphens, and O, I, L for the digits they look like are all read. So is
    a whole id, 32 hexadecimal digits, as older papers print it.
    """
    bare = _BETWEEN.sub("", typed.strip()).upper()
    if re.fullmatch(r"[0-9A-F]{32}", bare):
        return code_of(uuid.UUID(bare))
    letters = bare.translate(_ALIKE)
    if len(letters) != LENGTH or not set(letters) <= set(ALPHABET):
        return None
    return "-".join(letters[at : at + _GROUP] for at in range(0, LENGTH, _GROUP))


def ids_of(code: str) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """The ranges, both ends included, in which the id of the paper with this ``code`` lies.

    ``code`` is as ``read`` gives it. One range for each variant: two of its bits are not told.
    """
    number = 0
    for letter in code.replace("-", ""):
        number = number << 5 | ALPHABET.index(letter)
    digits = f"{number:025x}"
    start, middle, end = digits[:12], digits[12:15], digits[15:]
    return [
        (
            uuid.UUID(f"{start}{_VERSION}{middle}{variant}{end}{'0' * _LEFT_OUT}"),
            uuid.UUID(f"{start}{_VERSION}{middle}{variant}{end}{'f' * _LEFT_OUT}"),
        )
        for variant in _VARIANTS
    ]
