"""The lines of a PDF as they stand on its pages, for tests of where pages break."""

import subprocess
from dataclasses import dataclass
from xml.etree import ElementTree as ET

HTML = "{http://www.w3.org/1999/xhtml}"
SAME_LINE = 3.0
"""Points between the middles of two words of one line, at the most: sizes differ within it."""


@dataclass(frozen=True)
class Line:
    """Words beside each other; edges in points from the upper left corner of the page."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Sheet:
    """One page: its size in points and its lines from the top down."""

    width: float
    height: float
    lines: list[Line]

    def texts(self) -> list[str]:
        """What the lines say, page numbers and feet among them."""
        return [line.text for line in self.lines]


def sheets_of(pdf: bytes) -> list[Sheet]:
    """The pages of ``pdf``, read back from the positions of its words."""
    told = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True
    )
    pages = ET.fromstring(told.stdout).iter(f"{HTML}page")  # noqa: S314  of our own papers
    return [
        Sheet(float(page.attrib["width"]), float(page.attrib["height"]), _lines(page))
        for page in pages
    ]


def _lines(page: ET.Element) -> list[Line]:
    words = sorted(map(_word, page.iter(f"{HTML}word")), key=_middle)
    rows: list[list[Line]] = []
    for word in words:
        if rows and _middle(word) - _middle(rows[-1][-1]) < SAME_LINE:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [
        Line(
            " ".join(word.text for word in sorted(row, key=lambda word: word.left)),
            min(word.left for word in row),
            max(word.right for word in row),
            min(word.top for word in row),
            max(word.bottom for word in row),
        )
        for row in rows
    ]


def _word(word: ET.Element) -> Line:
    edges = (float(word.attrib[edge]) for edge in ("xMin", "xMax", "yMin", "yMax"))
    return Line(word.text or "", *edges)


def _middle(line: Line) -> float:
    return (line.top + line.bottom) / 2
