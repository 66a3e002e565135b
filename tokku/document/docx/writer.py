"""Write a Word file: the package with its styles, head, foot and the data that it carries; `body` writes the text."""

import datetime
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tokku.document.docx.body import sections
from tokku.document.docx.package import BASE
from tokku.document.tree import Document

# The oldest that a zip file can hold: nothing in the file tells when it was made.
_EPOCH = datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)


def write(
    document: Document, *, title: str, header: str = "", footer: str = "", base: str = ""
) -> bytes:
    """The Word file. The same arguments give the same bytes.

    `header` and `footer` are lines that run on every page, beside the page numbers. `base` travels
    along unseen, for whoever reads the file again to tell what changed in between.
    """
    word = docx.Document(BytesIO(_template()))
    word.core_properties.title = title[:255]  # As long as python-docx and Word allow.
    body = parse_xml(f"<w:body {nsdecls('w')}>{sections(document)}</w:body>")
    word.element.replace(word.element.body, body)  # Child by child takes seconds for large tables.
    if header:
        word.sections[0].header.paragraphs[0].text = header
    _number_pages(word, footer)
    if base:
        _carry(word, base)
    return _packed(word)


# The package


@cache
def _template() -> bytes:
    """An empty file with the styles of this module and nothing of python-docx's own."""
    word = docx.Document()
    _keep(word.part.package.rels, RT.OFFICE_DOCUMENT, RT.CORE_PROPERTIES)
    _keep(word.part.rels, RT.STYLES, RT.SETTINGS, RT.FONT_TABLE, RT.THEME)
    for element, name in (
        (word.styles.element, "styles.xml"),
        (word.settings.element, "settings.xml"),
    ):
        element[:] = parse_xml((Path(__file__).parent / name).read_bytes())[:]
    properties = word.core_properties
    properties.author = properties.comments = ""
    properties.language = "ja-JP"
    properties.created = properties.modified = _EPOCH
    return _packed(word)


def _keep(rels, *types: str) -> None:
    for name in [name for name, rel in rels.items() if rel.reltype not in types]:
        del rels[name]


def _carry(word: WordDocument, base: str) -> None:
    """`base` as a custom XML part, which Word and LibreOffice keep and never show."""
    package = word.part.package
    properties = Part(
        PackURI("/customXml/itemProps1.xml"),
        CT.OFC_CUSTOM_XML_PROPERTIES,
        (
            '<ds:datastoreItem ds:itemID="{B5F0A1E2-6C1D-4E57-9C57-70C7D0C0B001}"'
            ' xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml">'
            f'<ds:schemaRefs><ds:schemaRef ds:uri="{BASE}"/></ds:schemaRefs></ds:datastoreItem>'
        ).encode(),
        package,
    )
    item = Part(
        PackURI("/customXml/item1.xml"),
        CT.XML,
        f'<base xmlns="{BASE}">{escape(base)}</base>'.encode(),
        package,
    )
    item.relate_to(properties, RT.CUSTOM_XML_PROPS)
    word.part.relate_to(item, RT.CUSTOM_XML)


def _packed(word: WordDocument) -> bytes:
    """The saved file with the dates of its parts taken out."""
    saved, packed = BytesIO(), BytesIO()
    word.save(saved)
    with zipfile.ZipFile(saved) as parts, zipfile.ZipFile(packed, "w") as archive:
        for part in parts.infolist():
            member = zipfile.ZipInfo(part.filename, _EPOCH.timetuple()[:6])
            archive.writestr(member, parts.read(part), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _number_pages(word: WordDocument, footer: str) -> None:
    """The number of the page and of all pages as fields, above the caller's line."""
    numbers = word.sections[0].footer.paragraphs[0]
    for field in ("PAGE", " / ", "NUMPAGES"):
        if field.isupper():
            numbers._p.append(
                parse_xml(
                    f'<w:fldSimple {nsdecls("w")} w:instr=" {field} ">'
                    "<w:r><w:t>1</w:t></w:r></w:fldSimple>"
                )
            )
        else:
            numbers.add_run(field)
    if footer:
        word.sections[0].footer.add_paragraph(footer, "footer")
