"""A published evaluation, turned into text from its printed pages, as the document it was.

The conversion leaves lines and tables without structure and with noise (FORM.md, last section):
headings are recognised by their labels, paragraphs and tables that a page end cut in two are
joined, and spaces that line ends left are taken out. Nothing is left out.
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
from evaluations.catalogue.structure import ZONE_KINDS, at
from evaluations.catalogue.structure import FormHeading as Words
from evaluations.catalogue.words import NOT_APPLICABLE
from evaluations.form.outline import Report
from evaluations.form.part1_name import read_title
from evaluations.form.part4_measures import ENTRY
from evaluations.form.tables import is_header
from tokku.document.tree import (
    Block,
    Cell,
    Document,
    Heading,
    Item,
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
# The headings of the body and of the annexes that are known by their words alone. Those of the tables of 別紙3 are as
# short as その他, and known by where they stand.
_IN_BODY = [one for one in catalogue.headings() if one.level and one.paper == "本文"]
_IN_ANNEXES = [
    one
    for one in catalogue.headings()
    if one.level and one.paper != "本文" and one.level <= part6_regional.EFFORTS.level
]
_COLUMNS = (*part4_measures.COLUMNS.values(), *part6_regional.COLUMNS.values())

# Headings that begin with words or a mark, by the heading that they stand under.
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
# Not before an arrow to a figure, which is the total of a level.
_LOST_LINE_BREAK = re.compile(r"(?<=。) | (?=[・●○◎※＜<*＊])| (?=→(?!\s*[\d０-９]))")
_CHECK_BOX = re.compile(r"<input\b[^<>]*>")
_LIST_ITEM = re.compile(r"[・○〇◯●◎■□※*＊①-⑳]|[（(]\d+[）)]|[ア-ン][ 　.．]")
# What a page carries beside the form: its number, or which annex it is.
_FURNITURE = re.compile(r"-?\d{1,3}-?|別紙\d")
# How many lines a page end, or a narrow column, cuts a heading into at the most.
_MOST_PIECES = 4


def regular(document: Document, report: Report) -> Document:
    """The document with its structure; one that has headings of its own stays as it is.

    Page numbers and the like, which no page of the form says, are reported as not placed.
    """
    if isinstance(next(document.blocks), Heading):
        return document
    report.is_converted = True
    return Document(tuple(_sections(_Restorer(report).blocks(document), report)))


def _sections(blocks: Iterator[Block], report: Report) -> Iterator[Section]:
    """Body, then a landscape section for every annex heading."""
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
    """Goes through the lines once, knowing the last fixed heading that it has passed."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.under: Words | None = None
        self.in_annexes = False
        self.scheme_titles = {
            fold(report.words(title))
            for title in part6_regional.TABLES.values()
            if title not in part6_regional.GROUPS
        }
        self.counts = tuple(fold(report.words(one)) for one in part5_national.COUNTS.values())
        self.support_parts = {
            fold(report.words(one))
            for one in (part5_national.OUTLINE, *part5_national.USAGE.values())
        }
        self.done: list[Block] = []
        self.rows: list[Row] = []

    def blocks(self, document: Document) -> Iterator[Block]:
        blocks = list(document.blocks)
        place = 0
        while place < len(blocks):
            block = blocks[place]
            if isinstance(block, Table):
                self._table(block)
                place += 1
                continue
            text, pieces = self._whole_heading(blocks[place : place + _MOST_PIECES])
            place += pieces
            if self.done and _FURNITURE.fullmatch(fold(text)):
                self.report.unplace_text(block.line, text)
                continue
            self._finish_table()
            self._line(_without_list_mark(text), block.line)
        self._finish_table()
        return iter(self.done)

    def _whole_heading(self, blocks: list[Block]) -> tuple[str, int]:
        """The first line, with those that follow where only together they are a fixed heading."""
        text = ""
        for pieces, block in enumerate(blocks, 1):
            if isinstance(block, Table):
                break
            text += block.text
            if self._is_whole(text):
                return text, pieces
        return blocks[0].text, 1

    def _is_whole(self, text: str) -> bool:
        folded = fold(text)
        if not self.done:
            return read_title(text) is not None
        if self.under is INDICATORS and folded.startswith("【当該年度目標値"):
            return folded.endswith("】")
        wanted = _IN_ANNEXES if self.in_annexes else [*_IN_BODY, ANNEX_1]
        return any(folded in self._spellings(heading) for heading in wanted)

    def _spellings(self, heading: Words) -> set[str]:
        """A heading may have been copied from the form of the other kind of zone."""
        if not heading.is_in(self.report.year):
            return set()
        return {fold(heading.of(self.report.year, kind)) for kind in ZONE_KINDS}

    def _line(self, text: str, line: int | None) -> None:
        folded = fold(text)
        if not self.done:
            # The title; whether it is one is for the reader of the form to say.
            self.done.append(Heading(text, level=1, line=line))
        elif level := self._level(text, folded):
            self.done.append(Heading(text, level=level, line=line))
        elif self._completes_heading(folded):
            heading = self.done[-1]
            self.done[-1] = Heading(heading.text + text, level=heading.level, line=heading.line)
        elif self._continues(text):
            last = self.done[-1]
            self.done[-1] = type(last)(_close_up(last.text + text), line=last.line)
        elif folded.startswith("※") and self.in_annexes:
            self.done.append(Note(text, line=line))
        elif self._is_item(text):
            self.done.append(Item(_close_up(text), line=line))
        else:
            self.done.append(Paragraph(_close_up(text), line=line))

    def _level(self, text: str, folded: str) -> int | None:
        for heading in _IN_ANNEXES if self.in_annexes else _IN_BODY:
            if folded in self._spellings(heading):
                self.under = heading
                return heading.level
        if folded == fold(self.report.words(ANNEX_1)):
            self.in_annexes = True
            self.under = ANNEX_1
            return 2
        if self.in_annexes:
            in_group = self.under in part6_regional.GROUPS
            return 4 if in_group and folded in self.scheme_titles else None
        for level, pattern, under in _PATTERNS:
            if under is self.under and pattern.match(folded):
                if under is ACHIEVEMENTS and level == 4:
                    self.under = APPROACHES
                return level
        return self._level_in_lists(text, folded)

    def _level_in_lists(self, text: str, folded: str) -> int | None:
        """Headings of 4 and 5, whose depth depends on the list they are in."""
        if folded.startswith(self.counts):
            self.under = part5_national.PART
            return 3
        in_funds = self.under is ADJUSTMENT_FUNDS
        if in_funds or self.under in (part5_national.PART, *MEASURES.values()):
            if ENTRY.match(text):
                return 5 if in_funds else 4
            if folded in self.support_parts:
                return 6 if in_funds else 5
        return None

    def _completes_heading(self, folded: str) -> bool:
        """Whether this line is the rest of an indicator's or a target's name, or its 【進捗度】."""
        return (
            self.under is INDICATORS
            and isinstance(self.done[-1], Heading)
            and self.done[-1].level in (4, 5)
            and not re.match(r"【当該年度|\d+年間\(|[《≪]|.*→", folded)
        )

    def _continues(self, text: str) -> bool:
        """Whether this line goes on with a sentence that a page end cut."""
        last = self.done[-1]
        if not isinstance(last, Paragraph | Item) or self.in_annexes or _LIST_ITEM.match(text):
            return False
        if self.under in (INDICATORS, part2_plan.DATES) or fold(last.text) == NOT_APPLICABLE:
            return False
        if self.under is PREVIOUS_RESULT and not isinstance(last, Item):
            return False
        if isinstance(last, Item) and self.under is ACHIEVEMENTS:
            return False
        if self.under is ACHIEVEMENTS and isinstance(self.done[-2], Heading):
            # The result line is whole when it ends in a count.
            is_result_line = self.done[-2].level == 5
            if is_result_line and re.search(r"[：:]\s*[\d,，]*\D{0,8}$", last.text):
                return False
        return not _SENTENCE_END.search(last.text)

    def _is_item(self, text: str) -> bool:
        if self.under is PREVIOUS_RESULT:
            return text.startswith("・")
        # A sub-heading among achievements; a line that ends in 。 is a sentence with a mark.
        return self.under is ACHIEVEMENTS and text.startswith("・") and not text.endswith("。")

    # Tables

    def _table(self, table: Table) -> None:
        for row in table.rows:
            row = Row(tuple(_restored(cell) for cell in row.cells), line=row.line)
            title, *others = row.cells
            if not any(cell.text for cell in row.cells):
                continue
            if self.under is not ANNEX_1 and self._is_title(title, others):
                self._finish_table()
                self.done.append(Heading(title.text, level=4, line=row.line))
                continue
            if any(is_header(row, at(columns, self.report.year)) for columns in _COLUMNS):
                if self.rows and _says_the_same(row, self.rows[0]):
                    continue  # The header again, on the next page.
                self._finish_table()
            self.rows.append(row)

    def _is_title(self, first: Cell, others: list[Cell]) -> bool:
        return fold(first.text) in self.scheme_titles and not any(cell.text for cell in others)

    def _finish_table(self) -> None:
        """A table ends where text or another table begins, not where a page does."""
        if self.rows:
            self.done.append(_rectangle(self.rows))
            self.rows = []


def _says_the_same(one: Row, other: Row) -> bool:
    return [fold(cell.text) for cell in one.cells] == [fold(cell.text) for cell in other.cells]


def _rectangle(rows: list[Row]) -> Table:
    """A table of rows that may come from tables of other widths; the last cell of a short row reaches on."""
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


def _restored(cell: Cell) -> Cell:
    """The cell with its check boxes, and with line breaks where the conversion made spaces of them."""
    text = _CHECK_BOX.sub(lambda match: "■" if "checked" in match[0] else "□", cell.text)
    text = " ".join(text.replace("☐", "□").split())
    return Cell(clean_lines(_LOST_LINE_BREAK.sub("\n", text)))


def _close_up(text: str) -> str:
    """The text without the spaces that the conversion put between Japanese and Latin letters."""
    return _SPACE_BETWEEN_SCRIPTS.sub("", text)
