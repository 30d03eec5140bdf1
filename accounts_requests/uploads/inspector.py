"""Looks into a foreign PDF or picture, in a process of its own that cannot use much.

Run by its path, with the kind (``PDF``, ``JPEG``, ``PNG``; ``PDF-TEXT`` reads a PDF's words) and
the limits as JSON for arguments and the bytes on standard input; it writes one JSON object and
imports nothing of the application. A parser that is led astray dies here, without the web server's
memory, time, files or secrets.
"""

import io
import json
import re
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

# What a paper is made of never acts by itself: these are the actions of a PDF that run a script or
# a program, send data away, or open another file.
_ACTIONS: Final = {
    "/JavaScript": "script",
    "/Launch": "program",
    "/ImportData": "program",
    "/SubmitForm": "program",
    "/GoToR": "program",
    "/GoToE": "program",
    "/RichMediaExecute": "script",
}
_HEX: Final = r"[0-9A-Fa-f]+"
# The glyphs of a password whose names are not their letters.
_NAMED: Final = {
    "zero": "0",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "hyphen": "-",
}


def confine(memory: int, seconds: int) -> None:
    """Bound this process: bytes of address space, seconds of work, no file, no core dump."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def look_into_pdf(data: bytes, limits: dict[str, int]) -> dict[str, Any]:
    """What is found: ``verdict``, and the ``pages`` of one that opens.

    Verdicts: intact, damaged, encrypted, too-much, script, program, attachment.
    """
    import pikepdf  # noqa: PLC0415  a picture does not wait for it, and it must be confined

    try:
        # No recovery: what a repair leaves out would be missing from the archive.
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as pdf:
            verdict = "encrypted" if pdf.is_encrypted else _judge(pdf, limits)
            # The parser calls it damage, or passes over it, when it is refused memory.
            if _most_memory() > limits["memory"] // 3:
                return {"verdict": "too-much"}
            return {"verdict": verdict, "pages": len(pdf.pages)}
    except MemoryError:
        verdict = "too-much"
    except Exception as error:  # noqa: BLE001  whatever a parser says of foreign bytes
        locked = isinstance(error, pikepdf.PasswordError) or "encrypt" in str(error)
        swollen = _most_memory() > limits["memory"] // 3
        verdict = "encrypted" if locked else "too-much" if swollen else "damaged"
    return {"verdict": verdict}


def _most_memory() -> int:
    """Bytes that this process held at its largest (``ru_maxrss`` counts its parent's as well)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def _judge(pdf: Any, limits: dict[str, int]) -> str:
    """The verdict on a file that opens. Raises what the parser raises."""
    if len(pdf.pages) > limits["pages"]:
        return "intact"  # so many are refused by their number
    for page in pdf.pages:
        _ = page.mediabox
    if len(pdf.objects) > limits["objects"]:
        return "too-much"
    return next(_acting(pdf), "intact")


def _acting(pdf: Any) -> Iterator[str]:
    """The verdict on everything in the file that does more than lie there."""
    import pikepdf  # noqa: PLC0415  as above

    waiting = list(pdf.objects)
    while waiting:
        found = waiting.pop()
        if isinstance(found, pikepdf.Array):
            waiting += [each for each in found if _is_direct_container(each)]
        elif isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
            yield from _verdicts(found)
            waiting += [each for _, each in found.items() if _is_direct_container(each)]


def _verdicts(found: Any) -> Iterator[str]:
    action = str(found.get("/S", ""))
    if action in _ACTIONS:
        yield _ACTIONS[action]
    if action == "/Rendition" and "/JS" in found:
        yield "script"
    # An XFA form is a program in XML; a 3D picture may bring a script.
    if ("/XFA" in found and "/Fields" in found) or "/OnInstantiate" in found:
        yield "script"
    if "/EF" in found and ("/F" in found or "/UF" in found):
        yield "attachment"


def _is_direct_container(found: Any) -> bool:
    """Others are in the list of objects themselves: so a circle is not walked for ever."""
    import pikepdf  # noqa: PLC0415  as above

    return isinstance(found, pikepdf.Array | pikepdf.Dictionary) and not found.is_indirect


def look_at_picture(data: bytes, kind: str, limits: dict[str, int]) -> dict[str, Any]:
    """What is found: ``verdict`` (intact, damaged, too-much) and the ``width`` and ``height``."""
    from PIL import Image  # noqa: PLC0415  a PDF does not wait for it, and it must be confined

    too_much = {"verdict": "too-much"}
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as image:
            width, height = image.size
            if width * height > limits["pixels"]:
                return too_much
            image.verify()
        with Image.open(io.BytesIO(data), formats=[kind]) as image:
            # To the end: a cut-off one opens well. A JPEG is decoded at an eighth of its size,
            # which is enough to meet every byte.
            image.draft("L", (width // 8, height // 8))
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        return too_much
    except Exception:  # noqa: BLE001  whatever a decoder says of foreign bytes, they are damaged
        return {"verdict": "damaged"}
    return {"verdict": "intact", "width": width, "height": height}


def read_words(data: bytes, limits: dict[str, int]) -> dict[str, Any]:
    """``verdict`` (read, too-much) and the ``text`` of a PDF that opens.

    That is everything which can be selected and copied although a box may be drawn over it, and
    what is written beside the pages: remarks, form fields, properties. Words of one line stand
    together as they are drawn; letters without a known meaning are left out.
    """
    import pikepdf  # noqa: PLC0415  it must be confined

    found: list[str] = []
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as pdf:
            for each in pdf.objects:
                if isinstance(each, pikepdf.Stream) and _is_drawn(each):
                    found += _drawn(each)
                elif isinstance(each, pikepdf.Stream) and each.get("/Type") == "/Metadata":
                    found.append(each.read_bytes().decode("utf-8", "replace"))
                found += _written(each)
            for page in pdf.pages:
                found += _drawn(page.obj)
    except MemoryError:
        return {"verdict": "too-much"}
    except Exception:  # noqa: BLE001  whatever a parser says of foreign bytes
        return {"verdict": "too-much"}
    text = "\n".join(found)
    return (
        {"verdict": "read", "text": text}
        if len(text) <= limits["text"]
        else {"verdict": "too-much"}
    )


def _is_drawn(stream: Any) -> bool:
    """A form: what a page, a remark or a field draws besides the page's own contents."""
    return str(stream.get("/Subtype", "")) == "/Form"


def _written(found: Any) -> Iterator[str]:
    """Every string of an object, those of the objects that stand in it directly included."""
    import pikepdf  # noqa: PLC0415  as above

    waiting = [found]
    while waiting:
        each = waiting.pop()
        if isinstance(each, pikepdf.String):
            yield str(each)
        elif isinstance(each, pikepdf.Array):
            waiting += [one for one in each if _holds_words(one)]
        elif isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            waiting += [one for _, one in each.items() if _holds_words(one)]


def _holds_words(found: Any) -> bool:
    import pikepdf  # noqa: PLC0415  as above

    return isinstance(found, pikepdf.String) or _is_direct_container(found)


def _drawn(source: Any) -> list[str]:
    """The text of a page or a form, a line for each piece that is placed by itself."""
    import pikepdf  # noqa: PLC0415  as above

    fonts = source.get("/Resources", pikepdf.Dictionary()).get("/Font", pikepdf.Dictionary())
    readers: dict[str, _Font] = {}
    font = _Font(pikepdf.Dictionary())
    lines = [""]
    for each in pikepdf.parse_content_stream(source):
        if isinstance(each, pikepdf.ContentStreamInlineImage):
            continue
        operator = str(each.operator)
        if operator == "Tf":
            name = str(each.operands[0])
            if name not in readers:
                readers[name] = _Font(fonts.get(name, pikepdf.Dictionary()))
            font = readers[name]
        elif operator in {"Tj", "'", '"'}:
            lines[-1] += font.read(bytes(each.operands[-1]))
        elif operator == "TJ":
            pieces = [one for one in each.operands[0] if isinstance(one, pikepdf.String)]
            lines[-1] += "".join(font.read(bytes(one)) for one in pieces)
        elif operator in {"BDC", "DP"}:  # what a reader aloud says instead of what is drawn
            lines += _written(each.operands[-1])
        elif operator in {"ET", "T*"}:
            lines.append("")
    return lines


class _Font:
    """How the bytes that a font draws are read."""

    def __init__(self, font: Any) -> None:
        self.width = 2 if str(font.get("/Subtype", "")) == "/Type0" else 1
        self.letters: dict[int, str] = {}
        if self.width == 1:
            self.letters = {code: chr(code) for code in range(32, 256)}
            self._differ(font.get("/Encoding"))
        if "/ToUnicode" in font:
            self._map(font.ToUnicode.read_bytes().decode("latin-1"))

    def read(self, drawn: bytes) -> str:
        """The letters that these bytes stand for."""
        codes = (
            int.from_bytes(drawn[start : start + self.width], "big")
            for start in range(0, len(drawn), self.width)
        )
        return "".join(self.letters.get(code, "") for code in codes)

    def _differ(self, encoding: Any) -> None:
        """Take over what the encoding says of single codes, by the names of letters."""
        import pikepdf  # noqa: PLC0415  as above

        if not isinstance(encoding, pikepdf.Dictionary) or "/Differences" not in encoding:
            return
        code = 0
        for each in encoding.Differences:
            if isinstance(each, pikepdf.Name):
                name = str(each)[1:]
                self.letters[code] = _NAMED.get(name, name if len(name) == 1 else " ")
                code += 1
            else:
                code = int(each)

    def _map(self, table: str) -> None:
        """Read a ToUnicode table: single codes, and ranges of them."""
        for body in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
            for code, letters in re.findall(rf"<({_HEX})>\s*<({_HEX})>", body):
                self.letters[int(code, 16)] = _letters(letters)
        for body in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
            ranges = rf"<({_HEX})>\s*<({_HEX})>\s*(?:<({_HEX})>|\[([^\]]*)\])"
            for first, last, start, each in re.findall(ranges, body):
                codes = range(int(first, 16), min(int(last, 16), 0xFFFF) + 1)
                if start:
                    base = _letters(start)
                    for step, code in enumerate(codes):
                        self.letters[code] = base[:-1] + chr((ord(base[-1:] or " ") + step) % 65536)
                else:
                    found = re.findall(rf"<({_HEX})>", each)
                    self.letters |= dict(zip(codes, map(_letters, found), strict=False))


def _letters(digits: str) -> str:
    padded = digits.zfill(-(-len(digits) // 4) * 4)
    return bytes.fromhex(padded).decode("utf-16-be", "replace")


def main() -> None:
    """Read, look, answer."""
    kind, limits = sys.argv[1], json.loads(sys.argv[2])
    confine(limits["memory"], limits["seconds"])
    data = sys.stdin.buffer.read()
    if kind == "PDF":
        look = look_into_pdf(data, limits)
    elif kind == "PDF-TEXT":
        look = read_words(data, limits)
    else:
        look = look_at_picture(data, kind, limits)
    sys.stdout.write(json.dumps(look))


if __name__ == "__main__":
    main()
