"""Reading: a Word file as an official, Word or LibreOffice left it.

Whatever a document cannot hold is named in a sentence, with its place.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import NamedTuple

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.exceptions import OpcError
from docx.opc.part import Part
from docx.oxml.ns import qn
from lxml import etree

from tokku.document.docx.notices import Kind, Notices
from tokku.document.docx.package import BASE, DAMAGED, UnreadableWordFile, require_safe
from tokku.document.docx.styles import Look, Styles
from tokku.document.tree import (
    MOST_COLUMNS,
    MOST_ROWS,
    Block,
    Cell,
    Document,
    Heading,
    Item,
    Orientation,
    Role,
    Row,
    Section,
    Table,
    clean_lines,
)


class Reading(NamedTuple):
    """A Word file as it was understood.

    `base` is what `write` was given, "" where the file has lost it; it comes from the file and may be
    forged. `notices` are sentences on what was met and not read as it stands. The `line` of a block
    or row counts the paragraphs and rows from the top; `places` names them: `places[line - 1]`.
    """

    document: Document
    base: str
    notices: list[str]
    places: list[str]


def read(content: bytes) -> Reading:
    """Read a Word file. UnreadableWordFile, in Japanese, when it is none, is not safe or holds nothing."""
    require_safe(content)
    try:
        word = docx.Document(BytesIO(content))
        reader = _Reader(word)
        return Reading(reader.document(), _base(word), reader.notices.sentences(), reader.places)
    except UnreadableWordFile:
        raise
    # What python-docx and lxml raise on parts that are missing or are not what they should be.
    except (
        *(OpcError, etree.LxmlError, ValueError, LookupError, TypeError, AttributeError),
        *(AssertionError, RecursionError),
    ) as error:
        raise UnreadableWordFile(DAMAGED) from error


def _base(word: WordDocument) -> str:
    for rel in word.part.rels.values():
        if rel.reltype == RT.CUSTOM_XML and not rel.is_external:
            root = _parse(rel.target_part)
            if root.tag == f"{{{BASE}}}base":
                return root.text or ""
    return ""


def _parse(part: Part) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(part.blob, parser)


# By name, with the prefix of the name space but for Word's own.
_PREFIXES = {
    qn("w:p").removesuffix("p"): "",
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}": "m:",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}": "mc:",
}
_DELETED = {"del", "moveFrom"}
_REVISED = {"ins", "moveTo", *_DELETED}
_FORMAT_REVISIONS = [
    qn(f"w:{name}Change")
    for name in ("pPr", "rPr", "tblPr", "tblGrid", "tblPrEx", "trPr", "tcPr", "sectPr", "numbering")
]
# Stand around what is read.
_WRAPPERS = {"sdt", "sdtContent", "customXml", "smartTag", "hyperlink", "fldSimple", "dir", "bdo"}
# Properties, marks and the inside of fields: no words of the document.
_SILENT = {
    *("pPr", "rPr", "tblPr", "tblGrid", "tblPrEx", "trPr", "tcPr", "sectPr"),
    *("sdtPr", "sdtEndPr", "customXmlPr", "smartTagPr", "rubyPr"),
    *("bookmarkStart", "bookmarkEnd", "proofErr", "permStart", "permEnd", "lastRenderedPageBreak"),
    *("commentRangeStart", "commentRangeEnd", "annotationRef", "fldChar", "delText"),
    *("delInstrText", "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart"),
    *("moveToRangeEnd", "customXmlInsRangeStart", "customXmlInsRangeEnd"),
    *("customXmlDelRangeStart", "customXmlDelRangeEnd", "customXmlMoveFromRangeStart"),
    *("customXmlMoveFromRangeEnd", "customXmlMoveToRangeStart", "customXmlMoveToRangeEnd"),
}
_CHARACTERS = {
    **dict.fromkeys(["tab", "ptab"], "\t"),
    **dict.fromkeys(["br", "cr"], "\n"),
    "noBreakHyphen": "\u2011",
    "softHyphen": "\u00ad",
}
_OFF = {"0", "false", "none", "off", "baseline"}
_MARKED = re.compile("[・･○●◎□■◇◆※‐–—-]")


@dataclass
class _Cell:
    """A cell while its table is being read."""

    text: str = ""
    role: Role = Role.TEXT
    colspan: int = 1
    rowspan: int = 1
    is_merged: bool = False  # with cells below
    is_continued: bool = False  # from the cell above


class _Reader:
    def __init__(self, word: WordDocument) -> None:
        self.notices = Notices()
        self.places: list[str] = []
        self._body = word.element.body
        self._part = word.part
        numbering = self._related(RT.NUMBERING)
        self._styles = Styles(word.styles.element, numbering)
        self._paragraphs = self._tables = 0

    def document(self) -> Document:
        sections: list[tuple[etree._Element | None, list[Block]]] = []
        blocks: list[Block] = []
        carried = ""
        for name, child in self._children(self._body):
            if name == "tbl":
                blocks += self._table(child)
            elif name == "p":
                self._paragraphs += 1
                self._arrive(f"段落{self._paragraphs}")
                look, text = self._paragraph(child)
                text, carried = carried + text, ""
                if self._mark_is_deleted(child):
                    carried = text
                else:
                    blocks += self._lines(look, text)
                if (end := child.find(qn("w:pPr") + "/" + qn("w:sectPr"))) is not None:
                    sections.append((end, blocks))
                    blocks = []
            else:
                self._lose(name, child)
        sections.append((self._body.find(qn("w:sectPr")), blocks))
        for _ in self._body.iter(*_FORMAT_REVISIONS):
            self.notices.note(Kind.FORMAT_REVISION)
        if not any(blocks for _, blocks in sections):
            raise UnreadableWordFile("中身がありません。")
        return Document(tuple(_merged(sections)))

    def _arrive(self, place: str) -> None:
        self.places.append(place)

    def _note(self, kind: Kind, text: str = "") -> None:
        self.notices.note(kind, self.places[-1] if self.places else "", text)

    def _related(self, reltype: str) -> etree._Element | None:
        """The XML of a part that goes with the document, such as its footnotes."""
        for rel in self._part.rels.values():
            if rel.reltype == reltype and not rel.is_external:
                return _parse(rel.target_part)
        return None

    # What stands within what

    def _children(self, element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
        """The elements that count within an element, as if every change had been accepted."""
        for child in element:
            name = _name(child)
            if name in _REVISED:
                self._note(Kind.REVISION)
            if name in ("hyperlink", "instrText"):
                self._note_link(name, child)
            if name in _SILENT or name in _DELETED or name in ("", "instrText"):
                continue
            if (
                name == "sdt"
                and child.find(qn("w:sdtPr") + "/" + qn("w:showingPlcHdr")) is not None
            ):
                continue  # 「ここをクリックして入力」
            if name in _WRAPPERS or name in _REVISED:
                yield from self._children(child)
            else:
                yield name, child

    def _note_link(self, name: str, element: etree._Element) -> None:
        if element.get(qn("r:id")) or (name == "instrText" and "HYPERLINK" in (element.text or "")):
            self._note(Kind.LINK)

    def _lose(self, name: str, element: etree._Element) -> None:
        """Name what has no place in a document, with the words that go with it."""
        if name == "mc:AlternateContent":  # The same twice, for newer and for older programs.
            element = next(iter(element), element)
        words = "".join(element.itertext(qn("w:t"), "{*}t"))
        if name.startswith("m:"):
            self._note(Kind.EQUATION, words)
        elif name not in ("drawing", "pict", "object", "mc:AlternateContent"):
            self._note(Kind.UNKNOWN, words or name)
        elif words:
            self._note(Kind.TEXT_BOX, words)
        else:
            self._note(Kind.PICTURE)

    # Paragraphs

    def _paragraph(self, paragraph: etree._Element) -> tuple[Look, str]:
        look = self._styles.look(paragraph)
        text = self._text(paragraph)
        if look.number == "bullet" and not look.level and text.strip():
            self._note(Kind.BULLET)
            text = text if _MARKED.match(text) else f"・{text}"
        elif look.number and text.strip():
            self._note(Kind.NUMBER)
        return look, text

    def _mark_is_deleted(self, paragraph: etree._Element) -> bool:
        """Whether the end of the paragraph was deleted, so that it runs on into the next."""
        mark = paragraph.find(qn("w:pPr") + "/" + qn("w:rPr"))
        names = set() if mark is None else {_name(child) for child in mark}
        if names & _REVISED:
            self._note(Kind.REVISION)
        return bool(names & _DELETED)

    def _lines(self, look: Look, text: str) -> Iterator[Block]:
        """The blocks that a paragraph becomes: one, or one for each of its lines."""
        line = len(self.places)
        lines = clean_lines(text).split("\n")
        if lines == [""]:
            return
        if look.in_contents:
            self._note(Kind.CONTENTS)
        elif look.level:
            if look.level > 6:
                self._note(Kind.DEEP_HEADING)
            yield Heading(" ".join(lines), level=min(look.level, 6), line=line)
        else:
            block = Item if look.number == "bullet" else look.block
            for one in lines:
                yield block(one, line=line)

    def _text(self, element: etree._Element) -> str:
        parts = []
        for name, child in self._children(element):
            if name == "t":
                parts.append(child.text or "")
            elif name == "r":
                parts.append(self._run(child))
            elif name in _CHARACTERS:
                parts.append(_CHARACTERS[name])
            elif name == "sym":
                parts.append(self._symbol(child))
            elif name == "ruby":
                parts.append(self._ruby(child))
            elif name == "commentReference":
                self._note(Kind.COMMENT)
            elif name in ("footnoteReference", "endnoteReference"):
                self._footnote(name, child)
            else:
                self._lose(name, child)
        return "".join(parts)

    def _run(self, run: etree._Element) -> str:
        text = self._text(run)
        properties = run.find(qn("w:rPr"))
        if properties is None or not text:
            return text
        set_ = {_name(child) for child in properties if child.get(qn("w:val")) not in _OFF}
        if set_ & {"vanish", "webHidden"}:
            self._note(Kind.HIDDEN, text)
            return ""
        if set_ & {"strike", "dstrike"}:
            self._note(Kind.STRUCK, text)
        if "vertAlign" in set_:
            self._note(Kind.RAISED, text)
        return text

    def _symbol(self, symbol: etree._Element) -> str:
        """A character by its code. One that only a font of symbols has is named."""
        character = chr(int(symbol.get(qn("w:char")), 16))
        if "\ue000" <= character <= "\uf8ff":
            self._note(Kind.UNKNOWN, f"{symbol.get(qn('w:font'))}の記号")
            return ""
        return character

    def _ruby(self, ruby: etree._Element) -> str:
        """The characters themselves, without their reading."""
        self._note(Kind.RUBY, "".join(ruby.find(qn("w:rt")).itertext(qn("w:t"))))
        return self._text(ruby.find(qn("w:rubyBase")))

    def _footnote(self, name: str, reference: etree._Element) -> None:
        notes = self._related(RT.FOOTNOTES if name == "footnoteReference" else RT.ENDNOTES)
        texts = [
            "".join(note.itertext(qn("w:t")))
            for note in (notes if notes is not None else ())
            if note.get(qn("w:id")) == reference.get(qn("w:id"))
        ]
        self._note(Kind.FOOTNOTE, "".join(texts))

    # Tables

    def _table(self, element: etree._Element) -> Iterator[Table]:
        """The table, unless nothing is left of it."""
        self._tables += 1
        number = self._tables
        rows: list[tuple[int, list[_Cell]]] = []
        for name, child in self._children(element):
            if name != "tr":
                self._lose(name, child)
                continue
            self._arrive(f"表{number}の{len(rows) + 1}行目")
            if self._is_deleted(child, "trPr", "del"):
                continue
            rows.append((len(self.places), list(self._cells(child))))
            if len(rows) > MOST_ROWS or sum(cell.colspan for cell in rows[-1][1]) > MOST_COLUMNS:
                raise UnreadableWordFile(f"表{number}が大きすぎます。")
        columns = max((sum(cell.colspan for cell in cells) for _, cells in rows), default=0)
        if columns:
            yield self._assembled(rows, columns)

    def _assembled(self, rows: list[tuple[int, list[_Cell]]], columns: int) -> Table:
        above: dict[int, _Cell] = {}
        kept = []
        for line, cells in rows:
            column, merged, own = 0, {}, []
            if missing := columns - sum(cell.colspan for cell in cells):
                self.notices.note(Kind.RAGGED, self.places[line - 1])
                cells = [*cells, _Cell(colspan=missing)]
            for cell in cells:
                upper = above.get(column)
                if cell.is_continued and upper and upper.colspan == cell.colspan:
                    upper.rowspan += 1
                    merged[column] = upper
                    if cell.text:
                        self.notices.note(Kind.COVERED, self.places[line - 1], cell.text)
                else:
                    own.append(cell)
                    if cell.is_merged:
                        merged[column] = cell
                column += cell.colspan
            kept.append((line, own))
            above = merged
        return Table(
            tuple(
                Row(
                    tuple(Cell(cell.text, cell.role, cell.colspan, cell.rowspan) for cell in cells),
                    line=line,
                )
                for line, cells in kept
            )
        )

    def _cells(self, row: etree._Element) -> Iterator[_Cell]:
        """The cells of a row, with blank ones where it is indented or ends early."""
        properties = row.find(qn("w:trPr"))
        if before := _whole(properties, "gridBefore", 0):
            yield _Cell(colspan=before)
        for name, child in self._children(row):
            if name != "tc":
                self._lose(name, child)
            elif not self._is_deleted(child, "tcPr", "cellDel"):
                yield self._cell(child)
        if after := _whole(properties, "gridAfter", 0):
            yield _Cell(colspan=after)

    def _cell(self, element: etree._Element) -> _Cell:
        properties = element.find(qn("w:tcPr"))
        merge = None if properties is None else properties.find(qn("w:vMerge"))
        looks, text = self._cell_text(element)
        return _Cell(
            clean_lines(text),
            looks[0].role if looks else Role.TEXT,
            max(1, _whole(properties, "gridSpan", 1)),
            is_merged=merge is not None,
            is_continued=merge is not None and merge.get(qn("w:val"), "continue") == "continue",
        )

    def _cell_text(self, element: etree._Element) -> tuple[list[Look], str]:
        """What the paragraphs of a cell, and of the cells of tables within, look like and say."""
        looks, parts = [], []
        for name, child in self._children(element):
            if name == "p":
                look, text = self._paragraph(child)
                looks.append(look)
                parts += [text, "" if self._mark_is_deleted(child) else "\n"]
            elif name == "tbl":
                self._note(Kind.NESTED)
                for _, row in self._children(child):
                    for _, cell in self._children(row):
                        parts.append(self._cell_text(cell)[1])
            else:
                self._lose(name, child)
        return looks, "".join(parts)

    def _is_deleted(self, element: etree._Element, properties: str, mark: str) -> bool:
        """Whether a row or cell is gone, once changes are accepted."""
        found = element.find(qn(f"w:{properties}"))
        names = set() if found is None else {_name(child) for child in found}
        if names & {"ins", "del", "cellIns", "cellDel", "cellMerge"}:
            self._note(Kind.REVISION)
        return mark in names


def _merged(sections: list[tuple[etree._Element | None, list[Block]]]) -> Iterator[Section]:
    """The sections of a file, joined where one goes on upon the page of the one before."""
    joined: list[tuple[Orientation, list[Block]]] = []
    for properties, blocks in sections:
        orientation = _orientation(properties)
        kind = None if properties is None else properties.find(qn("w:type"))
        goes_on = kind is not None and kind.get(qn("w:val")) == "continuous"
        if joined and goes_on and joined[-1][0] is orientation:
            joined[-1][1].extend(blocks)
        else:
            joined.append((orientation, list(blocks)))
    for orientation, blocks in joined:
        if blocks:
            yield Section(tuple(blocks), orientation)


def _orientation(properties: etree._Element | None) -> Orientation:
    size = None if properties is None else properties.find(qn("w:pgSz"))
    if size is not None and int(size.get(qn("w:w"), "0")) > int(size.get(qn("w:h"), "0")):
        return Orientation.LANDSCAPE
    return Orientation.PORTRAIT


def _name(element: etree._Element) -> str:
    """The name of an element; "" for comments and processing instructions."""
    if not isinstance(element.tag, str):
        return ""
    space, _, name = element.tag.rpartition("}")
    return _PREFIXES.get(space + "}", f"{space}:") + name


def _whole(properties: etree._Element | None, name: str, otherwise: int) -> int:
    found = None if properties is None else properties.find(qn(f"w:{name}"))
    return otherwise if found is None else int(found.get(qn("w:val"), otherwise))
