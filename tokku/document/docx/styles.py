"""What paragraphs of a Word file are, by its styles and lists."""

import re
import unicodedata
from dataclasses import dataclass, replace

from docx.oxml.ns import qn
from lxml import etree

from tokku.document.docx.elements import find, value
from tokku.document.tree import CellRole, ListItem, Note, Paragraph

# Styles are known by name: Word and LibreOffice keep names, not identifiers. Those of styles.xml.
_BLOCKS = {"項目": ListItem, "注": Note}
_ROLES = {
    "表の見出し": CellRole.HEADER,
    "表の列見出し": CellRole.HEADER,
    "表の数値": CellRole.FIGURE,
}
# 「見出し 1」, "heading 1", also where a copy of the style has words behind it.
_HEADING = re.compile(r"(?:見出し|heading) ?([1-9])(?!\d)")
_TITLE = ("title", "表題")
# Styles based on each other; Word allows 11. A forged file may have them in a circle.
_DEEPEST = 20
_CONTENTS = re.compile(r"(?:目次|toc|contents) ?\d(?!\d)")


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """What a paragraph is meant to be."""

    level: int = 0  # of a heading, 1 to 9; 0 is none
    block: type[Paragraph] | type[ListItem] | type[Note] = Paragraph
    role: CellRole = CellRole.TEXT
    in_contents: bool = False  # a line of a table of contents
    number: str = ""  # the format of its automatic number, such as "bullet" or "decimal"


class Styles:
    def __init__(self, styles: etree._Element, numbering: etree._Element | None) -> None:
        of_paragraphs = [
            style for style in styles.iter(qn("w:style")) if style.get(qn("w:type")) == "paragraph"
        ]
        self._styles = {style.get(qn("w:styleId")): style for style in of_paragraphs}
        self._default = next(
            (
                s.get(qn("w:styleId"))
                for s in of_paragraphs
                if s.get(qn("w:default")) in ("1", "true")
            ),
            None,
        )
        self._formats = {} if numbering is None else _list_formats(numbering)
        self._paragraph_styles: dict[str | None, ParagraphStyle] = {}

    def of_paragraph(self, paragraph: etree._Element) -> ParagraphStyle:
        properties = find(paragraph, "pPr")
        style_id = value(properties, "pStyle")
        if style_id not in self._styles:
            style_id = self._default
        if style_id not in self._paragraph_styles:
            self._paragraph_styles[style_id] = self._resolved(style_id)
        return self._with_properties(self._paragraph_styles[style_id], properties)

    def _resolved(self, style_id: str | None) -> ParagraphStyle:
        """A style together with the styles on which it is based."""
        chain: list[etree._Element] = []
        while (element := self._styles.get(style_id)) is not None and len(chain) < _DEEPEST:
            chain.append(element)
            style_id = value(element, "basedOn")
        resolved = ParagraphStyle()
        for element in reversed(chain):
            resolved = self._with_properties(resolved, find(element, "pPr"))
            name = " ".join(
                unicodedata.normalize("NFKC", value(element, "name") or "").lower().split()
            )
            if name in _BLOCKS:
                resolved = replace(resolved, block=_BLOCKS[name])
            elif name in _ROLES:
                resolved = replace(resolved, role=_ROLES[name])
            elif match := _HEADING.match(name):
                resolved = replace(resolved, level=int(match[1]))
            elif name in _TITLE:
                resolved = replace(resolved, level=1)
            elif _CONTENTS.match(name):
                resolved = replace(resolved, in_contents=True)
        return resolved

    def _with_properties(
        self, style: ParagraphStyle, properties: etree._Element | None
    ) -> ParagraphStyle:
        """`style` as changed by the properties (w:pPr) of another style or of a paragraph."""
        if properties is None:
            return style
        if (outline := value(properties, "outlineLvl")) is not None:
            level = int(outline) + 1
            style = replace(style, level=level if 1 <= level <= 9 else 0)
        if (list_properties := find(properties, "numPr")) is not None:
            place = value(list_properties, "numId"), value(list_properties, "ilvl") or "0"
            style = replace(style, number=self._formats.get(place, ""))
        return style


def _list_formats(numbering: etree._Element) -> dict[tuple[str | None, str | None], str]:
    """By list and level, the format of the numbers that are printed."""
    levels = {
        abstract.get(qn("w:abstractNumId")): {
            level.get(qn("w:ilvl")): value(level, "numFmt") or "decimal"
            for level in abstract.iter(qn("w:lvl"))
        }
        for abstract in numbering.iter(qn("w:abstractNum"))
    }
    return {
        (number.get(qn("w:numId")), level): number_format
        for number in numbering.iter(qn("w:num"))
        for level, number_format in levels.get(value(number, "abstractNumId"), {}).items()
        if number_format != "none"
    }
