"""A table that runs over several pages is one table to whoever listens: its head is read once.

WeasyPrint tags page by page: what goes on overleaf becomes a table of its own with the head read
out again, and under a head of two rows it names the wrong heads for a cell. Both are mended in
the objects of the file before it is written.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from typing import Any

_CELLS = ("/TH", "/TD")


def mend(document: Any, pdf: Any) -> None:
    """Join what belongs together in the tags of ``pdf``; say which heads speak for which cell.

    ``document`` is the weasyprint.Document that ``pdf`` (a pydyf.PDF, changed in place) was made
    of. What hangs on no branch of the tree afterwards (heads that come again, page numbers) is
    marked as an artifact in the pages.
    """
    tags = {item.reference: item for item in pdf.objects if hasattr(item, "get")}
    tables = [tag for tag in tags.values() if tag.get("S") == "/Table"]
    _join(tables, tags, _origins(document))
    for table in tables:
        _name_heads(table, tags)
    _leave_out(pdf, tags)


def kids_of(tag: Any, tags: dict[Any, Any]) -> Iterator[Any]:
    """The tags directly below ``tag``; ``tags`` are the file's by their references."""
    return (tags[kid] for kid in tag["K"] if kid in tags)


# -- one table ------------------------------------------------------------------------------------


def _origins(document: Any) -> dict[bytes, tuple[Any, Any]]:
    """The HTML elements, table and cell, that each tag of a cell was made of."""
    found: dict[bytes, tuple[Any, Any]] = {}

    def walk(box: Any, table: Any) -> None:
        if box.element_tag == "table":
            table = box.element
        if (tag := getattr(box, "mark", None)) is not None:
            found[tag.reference] = (table, box.element)
        for child in getattr(box, "children", ()):
            walk(getattr(child, "_box", child), table)  # what stands absolutely has a placeholder

    for page in document.pages:
        walk(page._page_box, None)  # noqa: SLF001  no other way leads to the boxes
    return found


def _join(tables: list[Any], tags: dict[Any, Any], origins: dict[bytes, tuple[Any, Any]]) -> None:
    """Let the first part of each table have the rows of all its parts."""
    first: dict[int, Any] = {}
    for table in list(tables):
        cell = next((cell for _part, row in _rows(table, tags) for cell in _cells(row, tags)), None)
        if cell is None or cell.reference not in origins:
            continue
        whole = first.setdefault(id(origins[cell.reference][0]), table)
        if whole is not table:
            _append(whole, table, tags, origins)
            tags[table["P"]]["K"].remove(table.reference)
            tables.remove(table)


def _append(
    whole: Any, part: Any, tags: dict[Any, Any], origins: dict[bytes, tuple[Any, Any]]
) -> None:
    body = [each for each in kids_of(whole, tags) if each["S"] == "/TBody"][-1]
    for group, row in _rows(part, tags):
        if group["S"] == "/THead":
            continue
        last = list(_cells(list(kids_of(body, tags))[-1], tags))
        cells = list(_cells(row, tags))
        if [origins.get(cell.reference) for cell in cells] == [
            origins.get(cell.reference) for cell in last
        ]:
            for former, cell in zip(last, cells, strict=True):  # a row cut by the page's end
                _adopt(former, cell, tags)
        else:
            row["P"] = body.reference
            body["K"].append(row.reference)


def _adopt(former: Any, cell: Any, tags: dict[Any, Any]) -> None:
    for kid in kids_of(cell, tags):
        kid["P"] = former.reference
    former["K"].extend(cell["K"])


# -- heads ----------------------------------------------------------------------------------------


def _rows(table: Any, tags: dict[Any, Any]) -> Iterator[tuple[Any, Any]]:
    return (
        (part, row)
        for part in kids_of(table, tags)
        for row in kids_of(part, tags)
        if row["S"] == "/TR"
    )


def _cells(row: Any, tags: dict[Any, Any]) -> Iterator[Any]:
    return (cell for cell in kids_of(row, tags) if cell["S"] in _CELLS)


def _name_heads(table: Any, tags: dict[Any, Any]) -> None:
    """Within the table's head a TH is its column's, elsewhere its row's; a TD names its own."""
    taken: set[tuple[int, int]] = set()
    of_columns: defaultdict[int, list[Any]] = defaultdict(list)
    of_rows: defaultdict[int, list[Any]] = defaultdict(list)
    cells: list[tuple[Any, range, range]] = []
    for number, (part, row) in enumerate(_rows(table, tags)):
        column = 0
        for cell in _cells(row, tags):
            while (number, column) in taken:
                column += 1
            attributes = cell["A"]
            lines = range(number, number + attributes.get("RowSpan", 1))
            columns = range(column, column + attributes.get("ColSpan", 1))
            taken.update(product(lines, columns))
            if cell["S"] == "/TD":
                cells.append((cell, lines, columns))
                continue
            in_head = part["S"] == "/THead"
            attributes["Scope"] = "/Column" if in_head else "/Row"
            for place in columns if in_head else lines:
                (of_columns if in_head else of_rows)[place].append(cell["ID"])
    for cell, lines, columns in cells:
        heads = [head for line in lines for head in of_rows[line]]
        heads += [head for column in columns for head in of_columns[column]]
        cell["A"].pop("Headers", None)
        if heads:
            cell["A"]["Headers"] = type(cell["K"])(dict.fromkeys(heads))  # an array as PDF has it


# -- what nobody hears ----------------------------------------------------------------------------


def _leave_out(pdf: Any, tags: dict[Any, Any]) -> None:
    root = tags[pdf.catalog["StructTreeRoot"]]
    heard: set[tuple[bytes, int]] = set()
    waiting = [tags[reference] for reference in root["K"]]
    while waiting:
        tag = waiting.pop()
        if "K" in tag:
            heard.update((tag["Pg"], kid) for kid in tag["K"] if isinstance(kid, int))
            waiting.extend(kids_of(tag, tags))
    by_page = tags[root["ParentTree"]]["Nums"]
    of_page = dict(zip(by_page[::2], by_page[1::2], strict=True))
    streams = {item.reference: item for item in pdf.objects if hasattr(item, "stream")}
    for number, page in enumerate(pdf.page_references):
        unheard = {
            mcid for mcid in range(len(of_page.get(number, ()))) if (page, mcid) not in heard
        }
        for mcid in unheard:
            of_page[number][mcid] = "null"
        contents = streams[tags[page]["Contents"]]
        contents.stream = list(_with_artifacts(contents.stream, unheard))


def _with_artifacts(stream: list[Any], unheard: set[int]) -> Iterator[Any]:
    """The operators of a page, with the marked contents ``unheard`` as artifacts."""
    skipping = False
    for operator, following in zip(stream, [*stream[1:], None], strict=True):
        if isinstance(following, dict) and following.get("MCID") in unheard:
            yield "/Artifact"
        elif isinstance(operator, dict) and operator.get("MCID") in unheard:
            skipping = True
        elif skipping:
            skipping = False
            yield b"BMC"
        else:
            yield operator
