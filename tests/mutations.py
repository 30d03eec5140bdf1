"""Damage, made up by a seeded chance: to files, and to what is typed into forms."""

import io
import random
import zipfile
from collections.abc import Callable
from typing import Final

Chance = random.Random


def seeded(*seed: object) -> Chance:
    """A chance of one's own: the same damage each time."""
    return random.Random(":".join(map(str, seed)))  # noqa: S311  nothing here is a secret


# -- files ---------------------------------------------------------------------------------------


def _cut(data: bytearray, chance: Chance) -> None:
    del data[chance.randrange(len(data) + 1) :]


def _flip(data: bytearray, chance: Chance) -> None:
    for _ in range(chance.choice([1, 2, 8, 64])):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _overwrite(data: bytearray, chance: Chance) -> None:
    start = chance.randrange(len(data))
    length = chance.choice([1, 4, 16, 300])
    filler = chance.choice([b"\x00", b"\xff", b"9", b"A", b"<", b"\n"])
    data[start : start + length] = filler * len(data[start : start + length])


def _leave_out(data: bytearray, chance: Chance) -> None:
    start = chance.randrange(len(data))
    del data[start : start + chance.choice([1, 2, 50, 1000])]


def _repeat(data: bytearray, chance: Chance) -> None:
    start = chance.randrange(len(data))
    data[start:start] = data[start : start + chance.choice([1, 20, 500])] * chance.choice([1, 30])


def _insert(data: bytearray, chance: Chance) -> None:
    start = chance.randrange(len(data))
    data[start:start] = chance.randbytes(chance.choice([1, 16, 700]))


def _exchange(data: bytearray, chance: Chance) -> None:
    one, other = sorted(chance.randrange(len(data)) for _ in range(2))
    data[:] = data[one:other] + data[:one] + data[other:]


def _number(data: bytearray, chance: Chance) -> None:
    """Another number where one stands: sizes, counts, places."""
    digits = [at for at, byte in enumerate(data) if 48 <= byte <= 57]
    if digits:
        at = chance.choice(digits)
        data[at : at + 1] = chance.choice([b"0", b"-1", b"4294967296", b"99999999999999999999"])


_WAYS: Final[tuple[Callable[[bytearray, Chance], None], ...]] = (
    _cut,
    _flip,
    _overwrite,
    _leave_out,
    _repeat,
    _insert,
    _exchange,
    _number,
)


def damaged(data: bytes, chance: Chance) -> bytes:
    """The bytes after one to three accidents."""
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 3])):
        if changed:
            chance.choice(_WAYS)(changed, chance)
    return bytes(changed)


def damaged_inside(data: bytes, chance: Chance) -> bytes:
    """A sound package (XLSX) one of whose parts is damaged, missing, doubled or of another name."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as sound,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as changed,
    ):
        names = sound.namelist()
        victim, accident = chance.choice(names), chance.choice(["damage"] * 6 + ["miss", "rename"])
        for name in names:
            content = sound.read(name)
            if name == victim and accident == "miss":
                continue
            if name == victim and accident == "damage":
                content = damaged(content, chance)
            label = f"{name}.x" if name == victim and accident == "rename" else name
            changed.writestr(label, content)
    return buffer.getvalue()


# -- forms ---------------------------------------------------------------------------------------

ODD: Final = (
    "",
    " ",
    "\t\n",
    "\x00",
    "a\x00b",
    "\ud800",
    "\udfff\ud800",
    "😀" * 50,
    "a" * 300,
    "b" * 20_001,
    "\n".join("c" for _ in range(300)),
    "\u202e\u200b\ufeff",
    "e\u0301" * 60,
    "0",
    "-1",
    "00000000000000000000000",
    "99999999999999999999999999",
    "9223372036854775808",
    "1e400",
    "NaN",
    "½",
    "٣",
    "true",
    "on",
    "None",
    "[]",
    "{}",
    "0000-00-00",
    "9999-12-31",
    "10000-01-01",
    "0001-01-01T00:00",
    "2026-02-30",
    "2026-07-06T25:61",
    "31/12/2026",
    "2026-07-06T09:00:00+99:99",
    "a@b",
    "a@b.c\r\nBcc: d@e.f",
    '"a b"@example.com',
    "a@" + "b" * 250 + ".com",
    "+62812",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "{{ 7 * 7 }}{% load a %}",
    "../../etc/passwd",
    "%00%ff",
    "https://evil.example/",
    "draft",
    "archived",
    "ya",
    "tidak",
)


def odd(chance: Chance) -> str:
    """Something that nobody means to type."""
    if chance.random() < 0.1:
        return "".join(chr(chance.choice([9, 32, 65, 0x301, 0x627, 0x1F600])) for _ in range(20))
    return chance.choice(ODD)


def mistyped(
    typed: dict[str, str], names: list[str], others: list[str], chance: Chance
) -> list[tuple[str, str]]:
    """What a form was to send, with fields wrong, missing, doubled, exchanged or added.

    ``names`` are fields that the form may have besides; ``others`` are values from elsewhere, such
    as ids of rows that belong to somebody else.
    """
    sent = list(typed.items())
    for _ in range(chance.choice([1, 1, 2, 4])):
        way = chance.randrange(6)
        at = chance.randrange(len(sent)) if sent else -1
        if way == 0 and sent:
            sent[at] = (sent[at][0], odd(chance))
        elif way == 1 and sent:
            sent[at] = (sent[at][0], chance.choice(others) if others else odd(chance))
        elif way == 2 and sent:
            del sent[at]
        elif way == 3 and sent:
            sent.append((sent[at][0], odd(chance)))
        elif way == 4 and len(sent) > 1:
            other = chance.randrange(len(sent))
            (one, first), (two, second) = sent[at], sent[other]
            sent[at], sent[other] = (one, second), (two, first)
        else:
            name = chance.choice(names) if names else "x"
            sent.append((name, odd(chance)))
    return sent
