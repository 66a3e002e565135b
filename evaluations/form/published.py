"""Restores the structure of a published evaluation that was converted to text from its printed pages.

The conversion gives lines and tables without structure and with noise (FORM.md, last section). Headings are
recognised by their labels, paragraphs and tables that a page end cut in two are joined, and spaces left by line
ends are removed. No text is dropped.
"""

import re
from collections.abc import Iterator

from evaluations import catalogue
from evaluations.catalogue import (
    annex1_targets,
    part2_plan,
    part3_approaches,
    part3_progress,
    part4_measures,
    part5_national,
    part6_regional,
)
from evaluations.catalogue.structure import ZONE_KINDS, value_in
from evaluations.catalogue.structure import FormHeading as Words
from evaluations.catalogue.words import NOT_APPLICABLE
from evaluations.form.outline import ReadingReport
from evaluations.form.part1_name import read_title
from evaluations.form.part4_measures import ENTRY
from evaluations.form.tables import is_header
from tokku.document.tree import (
    Block,
    Cell,
    Document,
    Heading,
    ListItem,
    Note,
    Orientation,
    Paragraph,
    Row,
    Section,
    Table,
    clean_lines,
)
from tokku.japanese import fold

INDICATORS, APPROACHES = part3_progress.INDICATORS, part3_approaches.APPROACHES
ACHIEVEMENTS, PREVIOUS_RESULT = part3_approaches.ACHIEVEMENTS, part2_plan.PREVIOUS_RESULT
MEASURES, ADJUSTMENT_FUNDS = part4_measures.MEASURES, part5_national.ADJUSTMENT_FUNDS
ANNEX_1 = annex1_targets.ANNEX
# The headings of the body and of the annexes that can be recognised by their words alone. Those of the tables of 別紙3
# are as short as その他, and are recognised by their position.
_IN_BODY = [
    heading for heading in catalogue.headings() if heading.level and heading.paper == "本文"
]
_IN_ANNEXES = [
    heading
    for heading in catalogue.headings()
    if heading.level and heading.paper != "本文" and heading.level <= part6_regional.EFFORTS.level
]
_COLUMNS = (*part4_measures.COLUMNS.values(), *part6_regional.COLUMNS.values())

# Level, beginning and heading above of the headings that begin with fixed words or a mark.
_PATTERNS: list[tuple[int, re.Pattern[str], Words]] = [
    (4, re.compile(r"評価指標\(\d+\):"), INDICATORS),
    (5, re.compile(r"数値目標\(\d+\)(-\d+)?:"), INDICATORS),
    (4, re.compile(r"[ア-ン]解決策\d+(数値目標|$)"), APPROACHES),
    (4, re.compile(r"[ア-ン]解決策\d+(数値目標|$)"), ACHIEVEMENTS),
    (6, re.compile(r"[○〇◯]"), ACHIEVEMENTS),
]

_SENTENCE_END = re.compile(r"[。！？：」』）)】》＞>]$")
_JAPANESE = r"[\u3040-\u30ff\u3400-\u9fff]"
_LATIN = r"[0-9A-Za-z.]"
_SPACE_BETWEEN_SCRIPTS = re.compile(
    f"(?<={_JAPANESE}) +(?={_LATIN})|(?<={_LATIN}) +(?={_JAPANESE})"
)
# Not before an arrow to a figure, which belongs to the total of a level.
_LOST_LINE_BREAK = re.compile(r"(?<=。) | (?=[・●○◎※＜<*＊])| (?=→(?!\s*[\d０-９]))")
_CHECK_BOX = re.compile(r"<input\b[^<>]*>")
_LIST_ITEM = re.compile(r"[・○〇◯●◎■□※*＊①-⑳]|[（(]\d+[）)]|[ア-ン][ 　.．]")
# Text that a page carries beside the form: its number, or the name of the annex.
_PAGE_MARK = re.compile(r"-?\d{1,3}-?|別紙\d")
# The most lines that a page end or a narrow column cuts a heading into.
_MOST_PIECES = 4


def regular(document: Document, report: ReadingReport) -> Document:
    """The document with its structure restored; one that has headings is returned unchanged.

    Page numbers and the like, which are no part of the form, are reported as unplaced.
    """
    if isinstance(next(document.blocks), Heading):
        return document
    report.is_converted = True
    return Document(tuple(_sections(_Restorer(report).blocks(document), report)))


def _sections(blocks: Iterator[Block], report: ReadingReport) -> Iterator[Section]:
    """The body, then a landscape section for every annex heading."""
    orientation, gathered = Orientation.PORTRAIT, []
    headings = (ANNEX_1, part4_measures.ANNEX, part6_regional.ANNEX)
    annexes = {fold(report.words(heading)) for heading in headings}
    for block in blocks:
        if isinstance(block, Heading) and fold(block.text) in annexes:
            if gathered:
                yield Section(tuple(gathered), orientation)
            orientation, gathered = Orientation.LANDSCAPE, []
        gathered.append(block)
    yield Section(tuple(gathered), orientation)


class _Restorer:
    """Goes through the lines once and keeps the last fixed heading passed (`heading_above`)."""

    def __init__(self, report: ReadingReport) -> None:
        self.report = report
        self.heading_above: Words | None = None
        self.in_annexes = False
        self.scheme_titles = {
            fold(report.words(title))
            for title in part6_regional.TABLES.values()
            if title not in part6_regional.GROUPS
        }
        self.count_labels = tuple(
            fold(report.words(heading)) for heading in part5_national.COUNTS.values()
        )
        self.support_labels = {
            fold(report.words(heading))
            for heading in (part5_national.OUTLINE, *part5_national.USAGE.values())
        }
        self.restored: list[Block] = []
        self.pending_rows: list[Row] = []

    def blocks(self, document: Document) -> Iterator[Block]:
        blocks = list(document.blocks)
        place = 0
        while place < len(blocks):
            block = blocks[place]
            if isinstance(block, Table):
                self._add_table(block)
                place += 1
                continue
            text, pieces = self._whole_heading(blocks[place : place + _MOST_PIECES])
            place += pieces
            if self.restored and _PAGE_MARK.fullmatch(fold(text)):
                self.report.unplace_text(block.line, text)
                continue
            self._finish_table()
            self._add_line(_without_list_mark(text), block.line)
        self._finish_table()
        return iter(self.restored)

    def _whole_heading(self, blocks: list[Block]) -> tuple[str, int]:
        """The first line, joined with following ones where only together they are a fixed heading, and their number."""
        text = ""
        for pieces, block in enumerate(blocks, 1):
            if isinstance(block, Table):
                break
            text += block.text
            if self._is_whole_heading(text):
                return text, pieces
        return blocks[0].text, 1

    def _is_whole_heading(self, text: str) -> bool:
        folded = fold(text)
        if not self.restored:
            return read_title(text) is not None
        if self.heading_above is INDICATORS and folded.startswith("【当該年度目標値"):
            return folded.endswith("】")
        wanted = _IN_ANNEXES if self.in_annexes else [*_IN_BODY, ANNEX_1]
        return any(folded in self._spellings(heading) for heading in wanted)

    def _spellings(self, heading: Words) -> set[str]:
        """The heading folded, for both kinds of zone: it may have been copied from the form of the other kind."""
        if not heading.is_in(self.report.year):
            return set()
        return {fold(heading.of(self.report.year, kind)) for kind in ZONE_KINDS}

    def _add_line(self, text: str, line: int | None) -> None:
        folded = fold(text)
        if not self.restored:
            # Taken as the title; `interpret` checks whether it is one.
            self.restored.append(Heading(text, level=1, line=line))
        elif level := self._level(text, folded):
            self.restored.append(Heading(text, level=level, line=line))
        elif self._completes_heading(folded):
            heading = self.restored[-1]
            self.restored[-1] = Heading(heading.text + text, level=heading.level, line=heading.line)
        elif self._continues(text):
            last_block = self.restored[-1]
            self.restored[-1] = type(last_block)(
                _without_script_spaces(last_block.text + text), line=last_block.line
            )
        elif folded.startswith("※") and self.in_annexes:
            self.restored.append(Note(text, line=line))
        elif self._is_item(text):
            self.restored.append(ListItem(_without_script_spaces(text), line=line))
        else:
            self.restored.append(Paragraph(_without_script_spaces(text), line=line))

    def _level(self, text: str, folded: str) -> int | None:
        for heading in _IN_ANNEXES if self.in_annexes else _IN_BODY:
            if folded in self._spellings(heading):
                self.heading_above = heading
                return heading.level
        if folded == fold(self.report.words(ANNEX_1)):
            self.in_annexes = True
            self.heading_above = ANNEX_1
            return 2
        if self.in_annexes:
            in_group = self.heading_above in part6_regional.GROUPS
            return 4 if in_group and folded in self.scheme_titles else None
        for level, pattern, under in _PATTERNS:
            if under is self.heading_above and pattern.match(folded):
                if under is ACHIEVEMENTS and level == 4:
                    self.heading_above = APPROACHES
                return level
        return self._level_in_lists(text, folded)

    def _level_in_lists(self, text: str, folded: str) -> int | None:
        """Headings of 4 and 5, whose depth depends on the list they are in."""
        if folded.startswith(self.count_labels):
            self.heading_above = part5_national.PART
            return 3
        in_funds = self.heading_above is ADJUSTMENT_FUNDS
        if in_funds or self.heading_above in (part5_national.PART, *MEASURES.values()):
            if ENTRY.match(text):
                return 5 if in_funds else 4
            if folded in self.support_labels:
                return 6 if in_funds else 5
        return None

    def _completes_heading(self, folded: str) -> bool:
        """Whether the line continues an indicator's or a target's name, or is its 【進捗度】."""
        return (
            self.heading_above is INDICATORS
            and isinstance(self.restored[-1], Heading)
            and self.restored[-1].level in (4, 5)
            and not re.match(
                r"【当該年度|\d+年間\(|[《≪]|.*→|約?\d[\d,.]*[^\d\s()]{1,10}\([^()]*累計\)$", folded
            )
        )

    def _continues(self, text: str) -> bool:
        """Whether the line continues a sentence that a page end cut."""
        last_block = self.restored[-1]
        if (
            not isinstance(last_block, Paragraph | ListItem)
            or self.in_annexes
            or _LIST_ITEM.match(text)
        ):
            return False
        if (
            self.heading_above in (INDICATORS, part2_plan.DATES)
            or fold(last_block.text) == NOT_APPLICABLE
        ):
            return False
        if self.heading_above is PREVIOUS_RESULT and not isinstance(last_block, ListItem):
            return False
        if isinstance(last_block, ListItem) and self.heading_above is ACHIEVEMENTS:
            return False
        if self.heading_above is ACHIEVEMENTS and isinstance(self.restored[-2], Heading):
            # The result line is complete when it ends in a count.
            is_result_line = self.restored[-2].level == 5
            if is_result_line and re.search(r"[：:]\s*[\d,，]*\D{0,8}$", last_block.text):
                return False
        return not _SENTENCE_END.search(last_block.text)

    def _is_item(self, text: str) -> bool:
        if self.heading_above is PREVIOUS_RESULT:
            return text.startswith("・")
        # A sub-heading among achievements; a line that ends with 。 is a sentence that starts with a mark.
        return (
            self.heading_above is ACHIEVEMENTS and text.startswith("・") and not text.endswith("。")
        )

    # Tables

    def _add_table(self, table: Table) -> None:
        for row in table.rows:
            row = Row(tuple(_restored_cell(cell) for cell in row.cells), line=row.line)
            title, *others = row.cells
            if not any(cell.text for cell in row.cells):
                continue
            if self.heading_above is not ANNEX_1 and self._is_title(title, others):
                self._finish_table()
                self.restored.append(Heading(title.text, level=4, line=row.line))
                continue
            if any(is_header(row, value_in(columns, self.report.year)) for columns in _COLUMNS):
                if self.pending_rows and _has_same_texts(row, self.pending_rows[0]):
                    continue  # The header repeated on the next page.
                self._finish_table()
            self.pending_rows.append(row)

    def _is_title(self, first: Cell, others: list[Cell]) -> bool:
        return fold(first.text) in self.scheme_titles and not any(cell.text for cell in others)

    def _finish_table(self) -> None:
        """Add the pending rows as a table. A table ends where text or another table begins, not at a page end."""
        if self.pending_rows:
            self.restored.append(_rectangle(self.pending_rows))
            self.pending_rows = []


def _has_same_texts(row: Row, other_row: Row) -> bool:
    return [fold(cell.text) for cell in row.cells] == [fold(cell.text) for cell in other_row.cells]


def _rectangle(rows: list[Row]) -> Table:
    """A table of rows of different lengths; the last cell of a short row spans the remaining columns."""
    rows = [Row((*row.cells[:-1], Cell(row.cells[-1].text)), line=row.line) for row in rows]
    columns = max(len(row.cells) for row in rows)
    return Table(
        tuple(
            Row(
                (*row.cells[:-1], Cell(row.cells[-1].text, colspan=columns - len(row.cells) + 1)),
                line=row.line,
            )
            for row in rows
        )
    )


def _without_list_mark(text: str) -> str:
    return re.sub(r"^- (?=・)", "", text)


def _restored_cell(cell: Cell) -> Cell:
    """The cell with check boxes as ■ and □, and with the line breaks that the conversion turned into spaces."""
    text = _CHECK_BOX.sub(lambda match: "■" if "checked" in match[0] else "□", cell.text)
    text = " ".join(text.replace("☐", "□").split())
    return Cell(clean_lines(_LOST_LINE_BREAK.sub("\n", text)))


def _without_script_spaces(text: str) -> str:
    """The text without the spaces that the conversion inserted between Japanese and Latin letters."""
    return _SPACE_BETWEEN_SCRIPTS.sub("", text)
