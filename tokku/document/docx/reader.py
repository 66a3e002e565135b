"""Read a Word file as an official, Word or LibreOffice left it.

Whatever a document cannot hold is named in a sentence, with its place.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from tokku.document.docx.elements import (
    DELETED,
    FORMAT_REVISIONS,
    REVISED,
    SILENT,
    WRAPPERS,
    find,
    name_of,
    value,
    whole,
    words,
)
from tokku.document.docx.grid import WordCell, WordRow, assembled
from tokku.document.docx.notices import NoticeKind, Notices
from tokku.document.docx.package import BASE, DAMAGED, UnreadableWordFile, require_safe
from tokku.document.docx.styles import ParagraphStyle, Styles
from tokku.document.tree import (
    MOST_COLUMNS,
    MOST_ROWS,
    Block,
    CellRole,
    Document,
    Heading,
    ListItem,
    Orientation,
    Section,
    Table,
    clean_lines,
)


class WordReading(NamedTuple):
    """What was read from a Word file.

    `base` is what `write` was given, "" where the file has lost it; it comes from the file and may be
    forged. `notices` are sentences on what was not read as it stands. The `line` of a block or row
    counts the paragraphs and rows from the top; `places` names them: `places[line - 1]`.
    """

    document: Document
    base: str
    notices: list[str]
    places: list[str]


def read(content: bytes) -> WordReading:
    """Read a Word file. UnreadableWordFile, in Japanese, when it is none, is not safe or holds nothing."""
    require_safe(content)
    try:
        word = docx.Document(BytesIO(content))
        reader = _Reader(word)
        return WordReading(
            reader.document(), _base(word), reader.notices.sentences(), reader.places
        )
    except UnreadableWordFile:
        raise
    # What python-docx and lxml raise on parts that are missing or are not what they should be.
    except (
        *(OpcError, etree.LxmlError, ValueError, LookupError, TypeError, AttributeError),
        *(AssertionError, RecursionError),
    ) as error:
        raise UnreadableWordFile(DAMAGED) from error


def _base(word: WordDocument) -> str:
    for root in _related(word, RT.CUSTOM_XML):
        if root.tag == f"{{{BASE}}}base":
            return root.text or ""
    return ""


def _related(word: WordDocument, reltype: str) -> Iterator[etree._Element]:
    """The XML of the parts that go with the document, such as its footnotes."""
    for rel in word.part.rels.values():
        if rel.reltype != reltype or rel.is_external:
            continue
        if rel.target_part.partname.endswith(".xml"):  # and so was checked by require_safe
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            yield etree.fromstring(rel.target_part.blob, parser)


_CHARACTERS = {
    **dict.fromkeys(["tab", "ptab"], "\t"),
    **dict.fromkeys(["br", "cr"], "\n"),
    "noBreakHyphen": "\u2011",
    "softHyphen": "\u00ad",
}
_FOOTNOTES = {"footnoteReference": RT.FOOTNOTES, "endnoteReference": RT.ENDNOTES}
_OFF = {"0", "false", "none", "off", "baseline"}
_MARKED = re.compile("[・･○●◎□■◇◆※‐–—-]")


class _Reader:
    def __init__(self, word: WordDocument) -> None:
        self.notices = Notices()
        self.places: list[str] = []
        self._body = word.element.body
        self._styles = Styles(word.styles.element, next(_related(word, RT.NUMBERING), None))
        self._footnotes = {
            (reference, note.get(qn("w:id"))): words(note)
            for reference, reltype in _FOOTNOTES.items()
            for notes in _related(word, reltype)
            for note in notes
        }
        self._paragraphs = self._tables = 0

    def document(self) -> Document:
        sections: list[tuple[etree._Element | None, list[Block]]] = []
        blocks: list[Block] = []
        carried_text = ""  # from a paragraph whose end was deleted
        for name, child in self._children(self._body):
            if name == "p":
                self._paragraphs += 1
                self.places.append(f"段落{self._paragraphs}")
                style, text = self._paragraph(child)
                carried_text += text
                section_end = find(child, "pPr", "sectPr")
                if not self._mark_is_deleted(child) or section_end is not None:
                    blocks += self._lines(style, carried_text)
                    carried_text = ""
                if section_end is not None:
                    sections.append((section_end, blocks))
                    blocks = []
                continue
            blocks += self._lines(ParagraphStyle(), carried_text)
            carried_text = ""
            if name == "tbl":
                blocks += self._table(child)
            else:
                self._note_lost(name, child)
        blocks += self._lines(ParagraphStyle(), carried_text)
        sections.append((find(self._body, "sectPr"), blocks))
        for _ in self._body.iter(*FORMAT_REVISIONS):
            self.notices.note(NoticeKind.FORMAT_REVISION)
        if not any(blocks for _, blocks in sections):
            raise UnreadableWordFile("中身がありません。")
        return Document(tuple(_merged(sections)))

    def _note(self, kind: NoticeKind, text: str = "") -> None:
        self.notices.note(kind, self.places[-1] if self.places else "", text)

    # Elements within an element

    def _children(self, element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
        """Names and elements within an element, as if all tracked changes were accepted; wrappers are entered."""
        for child in element:
            name = name_of(child)
            if name in REVISED:
                self._note(NoticeKind.REVISION)
            if name == "hyperlink" and child.get(qn("r:id")):
                self._note(NoticeKind.LINK)
            if name == "instrText" and "HYPERLINK" in (child.text or ""):
                self._note(NoticeKind.LINK)
            if name in SILENT or name in DELETED:
                continue
            if name == "sdt" and find(child, "sdtPr", "showingPlcHdr") is not None:
                continue  # 「ここをクリックして入力」
            if name in WRAPPERS or name in REVISED:
                yield from self._children(child)
            else:
                yield name, child

    def _note_lost(self, name: str, element: etree._Element) -> None:
        """Note an element that a document cannot hold, with the words in it."""
        if name == "mc:AlternateContent":  # The same twice, for newer and for older programs.
            element = next(iter(element), element)
        lost = words(element)
        if name.startswith("m:"):
            self._note(NoticeKind.EQUATION, lost)
        elif name not in ("drawing", "pict", "object", "mc:AlternateContent"):
            self._note(NoticeKind.UNKNOWN, lost or name)
        elif lost:
            self._note(NoticeKind.TEXT_BOX, lost)
        else:
            self._note(NoticeKind.PICTURE)

    # Paragraphs

    def _paragraph(self, paragraph: etree._Element) -> tuple[ParagraphStyle, str]:
        style = self._styles.of_paragraph(paragraph)
        text = self._text(paragraph)
        if style.number == "bullet" and not style.level and text.strip():
            self._note(NoticeKind.BULLET)
            text = text if _MARKED.match(text) else f"・{text}"
        elif style.number and text.strip():
            self._note(NoticeKind.NUMBER)
        return style, text

    def _mark_is_deleted(self, paragraph: etree._Element) -> bool:
        """Whether the end of the paragraph was deleted, so that it runs on into the next."""
        mark = find(paragraph, "pPr", "rPr")
        names = set() if mark is None else {name_of(child) for child in mark}
        if names & REVISED:
            self._note(NoticeKind.REVISION)
        return bool(names & DELETED)

    def _lines(self, style: ParagraphStyle, text: str) -> Iterator[Block]:
        """The blocks that a paragraph becomes: one, or one for each of its lines."""
        line = len(self.places)
        lines = clean_lines(text).split("\n")
        if lines == [""]:
            return
        if style.in_contents:
            self._note(NoticeKind.CONTENTS)
        elif style.level:
            if style.level > 6:
                self._note(NoticeKind.DEEP_HEADING)
            yield Heading(" ".join(lines), level=min(style.level, 6), line=line)
        else:
            block = ListItem if style.number == "bullet" else style.block
            for text_line in lines:
                yield block(text_line, line=line)

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
                self._note(NoticeKind.COMMENT)
            elif name in ("footnoteReference", "endnoteReference"):
                self._note(
                    NoticeKind.FOOTNOTE, self._footnotes.get((name, child.get(qn("w:id"))), "")
                )
            else:
                self._note_lost(name, child)
        return "".join(parts)

    def _run(self, run: etree._Element) -> str:
        text = self._text(run)
        properties = find(run, "rPr")
        if properties is None or not text:
            return text
        active = {name_of(child) for child in properties if child.get(qn("w:val")) not in _OFF}
        if "vanish" in active:
            self._note(NoticeKind.HIDDEN, text)
            return ""
        if active & {"strike", "dstrike"}:
            self._note(NoticeKind.STRUCK, text)
        if "vertAlign" in active:
            self._note(NoticeKind.RAISED, text)
        return text

    def _symbol(self, symbol: etree._Element) -> str:
        """A character by its code; "", with a notice, for one that only a font of symbols has."""
        character = chr(int(symbol.get(qn("w:char")), 16))
        if "\ue000" <= character <= "\uf8ff":
            self._note(NoticeKind.UNKNOWN, f"{symbol.get(qn('w:font'))}の記号")
            return ""
        return character

    def _ruby(self, ruby: etree._Element) -> str:
        """The characters themselves, without their reading."""
        self._note(NoticeKind.RUBY, words(find(ruby, "rt")))
        return self._text(find(ruby, "rubyBase"))

    # Tables

    def _table(self, element: etree._Element) -> Iterator[Table]:
        """The table, unless all of its rows were deleted."""
        self._tables += 1
        number = self._tables
        rows: list[WordRow] = []
        for name, child in self._children(element):
            if name != "tr":
                self._note_lost(name, child)
                continue
            self.places.append(f"表{number}の{len(rows) + 1}行目")
            if self._is_deleted(child, "trPr", "del"):
                continue
            rows.append(WordRow(list(self._cells(child)), len(self.places), self.places[-1]))
            if len(rows) > MOST_ROWS or rows[-1].columns > MOST_COLUMNS:
                raise UnreadableWordFile(f"表{number}が大きすぎます。")
        if table := assembled(rows, self.notices):
            yield table

    def _cells(self, row: etree._Element) -> Iterator[WordCell]:
        """The cells of a row, with blank ones where it is indented or ends early."""
        properties = find(row, "trPr")
        if before := whole(properties, "gridBefore", 0):
            yield WordCell(colspan=before)
        for name, child in self._children(row):
            if name != "tc":
                self._note_lost(name, child)
            elif not self._is_deleted(child, "tcPr", "cellDel"):
                yield self._cell(child)
        if after := whole(properties, "gridAfter", 0):
            yield WordCell(colspan=after)

    def _cell(self, element: etree._Element) -> WordCell:
        properties = find(element, "tcPr")
        merge = find(properties, "vMerge")
        styles, text = self._cell_text(element)
        return WordCell(
            clean_lines(text),
            styles[0].role if styles else CellRole.TEXT,
            max(1, whole(properties, "gridSpan", 1)),
            is_merged=merge is not None,
            is_continued=merge is not None and merge.get(qn("w:val"), "continue") == "continue",
        )

    def _cell_text(self, element: etree._Element) -> tuple[list[ParagraphStyle], str]:
        """The styles of a cell's paragraphs, and its text, with that of tables within it."""
        styles, parts = [], []
        for name, child in self._children(element):
            if name == "p":
                style, text = self._paragraph(child)
                styles.append(style)
                parts += [text, "" if self._mark_is_deleted(child) else "\n"]
            elif name == "tbl":
                self._note(NoticeKind.NESTED)
                for _, row in self._children(child):
                    for _, cell in self._children(row):
                        parts.append(self._cell_text(cell)[1])
            else:
                self._note_lost(name, child)
        return styles, "".join(parts)

    def _is_deleted(self, element: etree._Element, properties: str, mark: str) -> bool:
        """Whether a row or cell is deleted, once its tracked changes are accepted."""
        element_properties = find(element, properties)
        names = (
            set()
            if element_properties is None
            else {name_of(child) for child in element_properties}
        )
        if names & {"ins", "del", "cellIns", "cellDel", "cellMerge"}:
            self._note(NoticeKind.REVISION)
        return mark in names


def _merged(sections: list[tuple[etree._Element | None, list[Block]]]) -> Iterator[Section]:
    """The sections of a file; one that goes on on the same page is joined to the one before."""
    joined: list[tuple[Orientation, list[Block]]] = []
    for properties, blocks in sections:
        orientation = _orientation(properties)
        goes_on = value(properties, "type") == "continuous"
        if joined and goes_on and joined[-1][0] is orientation:
            joined[-1][1].extend(blocks)
        else:
            joined.append((orientation, list(blocks)))
    for orientation, blocks in joined:
        if blocks:
            yield Section(tuple(blocks), orientation)


def _orientation(properties: etree._Element | None) -> Orientation:
    size = find(properties, "pgSz")
    if size is not None and int(size.get(qn("w:w"), "0")) > int(size.get(qn("w:h"), "0")):
        return Orientation.LANDSCAPE
    return Orientation.PORTRAIT
