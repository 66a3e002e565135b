"""Writing: python-docx makes the package, the elements of the text are written here in the order of their schema."""

import datetime
import zipfile
from functools import cache
from io import BytesIO
from itertools import pairwise
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

from tokku.document.docx.package import BASE
from tokku.document.tree import (
    Block,
    Cell,
    Document,
    Heading,
    Item,
    Note,
    Orientation,
    Paragraph,
    Role,
    Table,
)

# The oldest that a zip file can hold: nothing in the file tells when it was made.
_EPOCH = datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)

_STYLES = {Paragraph: "BodyText", Item: "Item", Note: "Note"}
_CELL_STYLES = {Role.TEXT: "CellText", Role.HEADER: "CellLabel", Role.FIGURE: "CellFigure"}

# In twentieths of a point. A4; margins as in the print from the browser.
_TWIPS_PER_MM = 1440 / 25.4
_PAGES = {
    Orientation.PORTRAIT: (210, 297, {"top": 20, "right": 22, "bottom": 20, "left": 22}),
    Orientation.LANDSCAPE: (297, 210, {"top": 16, "right": 15, "bottom": 15, "left": 15}),
}
_EDGE = 8  # from the edge of the sheet to the running head and foot


def write(
    document: Document, *, title: str, header: str = "", footer: str = "", base: str = ""
) -> bytes:
    """The Word file. The same arguments give the same bytes.

    `header` and `footer` are lines that run on every page, beside the page numbers. `base` travels
    along unseen, for whoever reads the file again to tell what changed in between.
    """
    word = docx.Document(BytesIO(_template()))
    word.core_properties.title = title[:255]  # As long as python-docx and Word allow.
    body = parse_xml(f"<w:body {nsdecls('w')}>{_sections(document)}</w:body>")
    word.element.body[:] = body[:]
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


# The text


def _sections(document: Document) -> str:
    parts = []
    for section in document.sections:
        page = _page(section.orientation)
        # The properties of a section stand in its last paragraph, those of the last at the very end.
        end = "" if section is document.sections[-1] else page
        previous = None
        for block, following in pairwise((*section.blocks, None)):
            if isinstance(block, Table):
                parts.append(_table(block, _width(section.orientation)))
                # Word joins tables that touch, and a section ends in a paragraph.
                if following is None or isinstance(following, Table):
                    parts.append(_paragraph("Separator", "", "" if following else end))
            else:
                style = _style(block, previous)
                parts.append(_paragraph(style, block.text, "" if following else end))
            previous = block
    return "".join(parts) + page


def _page(orientation: Orientation) -> str:
    width, height, margins = _PAGES[orientation]
    sides = "".join(f' w:{side}="{_twips(mm)}"' for side, mm in margins.items())
    return (
        f'<w:sectPr><w:type w:val="nextPage"/><w:pgSz w:w="{_twips(width)}" w:h="{_twips(height)}"'
        f' w:orient="{orientation.value}"/>'
        f'<w:pgMar{sides} w:header="{_twips(_EDGE)}" w:footer="{_twips(_EDGE)}" w:gutter="0"/>'
        "</w:sectPr>"
    )


def _width(orientation: Orientation) -> int:
    """Of the text between the margins."""
    width, _, margins = _PAGES[orientation]
    return _twips(width - margins["left"] - margins["right"])


def _twips(millimetres: int) -> int:
    return round(millimetres * _TWIPS_PER_MM)


def _style(block: Block, previous: Block | None) -> str:
    if isinstance(block, Heading):
        return f"Heading{block.level}"
    if isinstance(block, Paragraph) and isinstance(previous, Heading) and previous.level == 1:
        return "BelowTitle"
    return _STYLES[type(block)]


def _paragraph(style: str, text: str, properties: str = "") -> str:
    run = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{run}</w:p>'


def _table(table: Table, width: int) -> str:
    grid = table.grid()
    relative = table.widths or (1,) * len(grid[0])
    widths = [max(1, width * part // sum(relative)) for part in relative]
    columns = "".join(f'<w:gridCol w:w="{column}"/>' for column in widths)
    parts = [
        f'<w:tbl><w:tblPr><w:tblStyle w:val="FormTable"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0000"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>"
    ]
    for r, places in enumerate(grid):
        in_head = r < table.header_rows
        head = "<w:tblHeader/>" if in_head else ""
        parts.append(f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>")
        for c, place in enumerate(places):
            if place.column == c:
                across = sum(widths[c : c + place.cell.colspan])
                parts.append(_cell(place.cell, across, in_head, is_continued=place.row < r))
        parts.append("</w:tr>")
    return "".join(parts) + "</w:tbl>"


def _cell(cell: Cell, width: int, in_head: bool, is_continued: bool) -> str:
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    if cell.colspan > 1:
        properties += f'<w:gridSpan w:val="{cell.colspan}"/>'
    if cell.rowspan > 1:
        properties += "<w:vMerge/>" if is_continued else '<w:vMerge w:val="restart"/>'
    if cell.role is Role.HEADER:
        properties += '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>'
    style = "ColumnLabel" if in_head else _CELL_STYLES[cell.role]
    lines = [""] if is_continued else cell.text.split("\n")
    paragraphs = "".join(_paragraph(style, line) for line in lines)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraphs}</w:tc>"
