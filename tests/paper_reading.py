"""What a screen reader makes of a paper: its text, its tables and its pictures, tag by tag."""

import io
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field

import pikepdf

BLOCKS = {"Caption", "Div", "Figure", "H1", "H2", "H3", "LI", "P", "TR"}
CELLS = ("TH", "TD")


@dataclass
class Tag:
    """One tag with what is below it, in order: texts and tags."""

    name: str
    inside: list["Tag | str"] = field(default_factory=list)

    def all(self, name: str) -> Iterator["Tag"]:
        """Every tag ``name`` below this one, in reading order."""
        for each in self.inside:
            if isinstance(each, Tag):
                if each.name == name:
                    yield each
                yield from each.all(name)

    def own(self, name: str) -> Iterator["Tag"]:
        """The tags ``name`` of this table or part, not those of a table within it."""
        for each in self.inside:
            if isinstance(each, Tag) and each.name == name:
                yield each
            elif isinstance(each, Tag) and each.name != "Table":
                yield from each.own(name)

    def texts(self) -> Iterator[str]:
        for each in self.inside:
            if isinstance(each, str):
                yield each
            else:
                yield from each.texts()

    def has_blocks(self) -> bool:
        """Is anything below it a line of its own?"""
        return any(next(self.all(name), None) for name in BLOCKS)

    def text(self) -> str:
        """All of its text in one line."""
        return joined(self.texts())

    def rows(self) -> list[list[str]]:
        """Of a table or a part of one: the text of each cell of each row."""
        return [
            [cell.text() for cell in row.inside if isinstance(cell, Tag) and cell.name in CELLS]
            for row in self.own("TR")
        ]


def read(paper: bytes) -> Tag:
    """The tree of tags of a PDF; a picture's text is what is said in its place."""
    told = subprocess.run(
        ["pdfinfo", "-struct-text", "-"], input=paper, capture_output=True, check=True
    )
    pictures = _alternatives(paper)
    root = Tag("Document")
    open_tags = [(-1, root)]
    for line in told.stdout.decode().splitlines():
        depth, said = len(line) - len(line.lstrip()), line.strip()
        if not said or said.startswith("/"):  # an attribute
            continue
        while open_tags[-1][0] >= depth:
            open_tags.pop()
        if said.startswith('"'):
            open_tags[-1][1].inside.append(said[1:].removesuffix('"'))
            continue
        tag = Tag(re.split(r"[ :]", said)[0])
        open_tags[-1][1].inside.append(tag)
        if tag.name == "Figure":  # what is drawn in it is not read
            tag.inside.append(f"[Gambar: {next(pictures)}]")
            tag = Tag("drawing")
        open_tags.append((depth, tag))
    return root


def aloud(paper: Tag) -> str:
    """The text from the first word to the last, one line for each block and row of a table."""
    lines: list[list[str]] = [[]]

    def walk(tag: Tag) -> None:
        for each in tag.inside:
            if isinstance(each, str):
                lines[-1].append(each)
                continue
            alone = each.name in BLOCKS or (each.name in CELLS and each.has_blocks())
            if alone:
                lines.append([])
            walk(each)
            if alone and tag.name not in CELLS:
                lines.append([])

    walk(paper)
    return "".join(f"{line}\n" for line in map(joined, lines) if line)


def tables(paper: Tag) -> list[list[list[str]]]:
    """Every table that has a head, in reading order: the rows of its body."""
    return [
        [row for body in table.own("TBody") for row in body.rows()]
        for table in paper.all("Table")
        if next(table.own("THead"), None)
    ]


def particulars(paper: Tag) -> list[list[str]]:
    """Every particular (*Nama : …*): its label and its text."""
    rows = [row for table in paper.all("Table") for row in table.rows()]
    return [[row[0], row[2]] for row in rows if len(row) == 3 and row[1] == ":"]


def joined(pieces: Iterator[str] | list[str]) -> str:
    """Lines of a text as one: a line that ends in "-" or "/" goes on within its word."""
    text = ""
    for piece in pieces:
        in_word = text[-1:] in ("-", "/") and text[-2:-1] != " "
        glued = in_word or not text or piece[:1] in ",.;:)"
        text += piece if glued else f" {piece}"
    return " ".join(text.split())


def _alternatives(paper: bytes) -> Iterator[str]:
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        found = []

        def walk(tag: pikepdf.Object) -> None:
            if tag.get("/S") == "/Figure":
                found.append(str(tag.Alt))
            for kid in tag.get("/K", []):
                if isinstance(kid, pikepdf.Dictionary):
                    walk(kid)

        for top in pdf.Root.StructTreeRoot.K:
            walk(top)
        yield from found
