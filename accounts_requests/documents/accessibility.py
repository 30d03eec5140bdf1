"""What WeasyPrint leaves out of a tagged PDF/A-3a so that it is a PDF/UA-1 as well.

WeasyPrint writes one variant at a time. The objects of the file are mended before they are
written, which costs nothing; opening the finished file once more would cost as much as a short
paper takes to set.
"""

from typing import Any

from . import table_tags

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


def finish(document: Any, pdf: Any) -> None:
    """Make a PDF/UA-1 of a tagged PDF/A-3a before it is written: WeasyPrint's ``finisher``.

    ``pdf`` is a pydyf.PDF made of ``document``, changed in place: it claims PDF/UA-1, and its
    tables are tagged as ``table_tags`` tells.
    """
    _claim(pdf)
    table_tags.mend(document, pdf)


def _claim(pdf: Any) -> None:
    for item in pdf.objects:
        if getattr(item, "extra", {}).get("Type") == "/Metadata":
            [packet] = item.stream
            head, end, tail = packet.partition(_END)
            item.stream = [head + _CLAIM + end + tail]
