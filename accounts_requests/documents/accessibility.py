"""What WeasyPrint leaves out of a tagged PDF/A-3a so that it is a PDF/UA-1 as well.

WeasyPrint writes one variant at a time. The objects of the file are mended before they are
written, which costs nothing; opening the finished file once more would cost as much as a short
paper takes to set.
"""

from collections.abc import Iterator
from typing import Any

# PDF/A (ISO 19005-3, 6.6.2.3) allows a property of another schema only where the file itself
# describes the schema; PDF/UA (ISO 14289-1, clause 5) asks for the property.
_CLAIM = b"""\
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" \
xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" \
xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property>\
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""
_END = b"</rdf:RDF>"


def finish(_document: Any, pdf: Any) -> None:
    """Make a PDF/UA-1 of a tagged PDF/A-3a before it is written: WeasyPrint's ``finisher``.

    ``pdf`` is a pydyf.PDF, changed in place: it claims PDF/UA-1, and every head of a table says
    whether it speaks for its row or its column.
    """
    _claim(pdf)
    objects: list[Any] = pdf.objects
    by_reference = {item.reference: item for item in objects if hasattr(item, "get")}
    for table in by_reference.values():
        if table.get("S") == "/Table":
            _scope(table, by_reference)


def _claim(pdf: Any) -> None:
    for item in pdf.objects:
        if getattr(item, "extra", {}).get("Type") == "/Metadata":
            [packet] = item.stream
            head, end, tail = packet.partition(_END)
            item.stream = [head + _CLAIM + end + tail]


def _scope(table: Any, by_reference: dict[Any, Any]) -> None:
    """Within a table's head a TH is its column's, elsewhere its row's."""
    for part in _kids(table, by_reference):
        scope = "/Column" if part["S"] == "/THead" else "/Row"
        for row in _kids(part, by_reference):
            for cell in _kids(row, by_reference):
                if cell["S"] == "/TH":
                    cell["A"]["Scope"] = scope


def _kids(element: Any, by_reference: dict[Any, Any]) -> Iterator[Any]:
    return (by_reference[kid] for kid in element["K"] if kid in by_reference)
