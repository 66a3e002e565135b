"""Tools for reading a form: its outline by headings, and a report of what could not be understood."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from evaluations.catalogue.structure import Field, in_year
from evaluations.catalogue.structure import FormHeading as Words
from evaluations.keys import TargetKey
from tokku.document.tree import Block, Heading, Paragraph, Row, Table
from tokku.japanese import fold, fold_but_numbers, without_spaces_in_numbers

T = TypeVar("T")


# As many problems as a person reads at once.
MOST_SENTENCES = 50


class ReadingProblem(NamedTuple):
    """A sentence for the person who imports a file, with the line of the file that it is about."""

    line: int | None
    sentence: str

    def __str__(self) -> str:
        return f"{self.line}行目：{self.sentence}" if self.line else self.sentence

    def place(self, places: Sequence[str]) -> str:
        """The name of the line in a file without line numbers, such as Word: `places[line - 1]`; "" without one."""
        return places[self.line - 1] if self.line and self.line <= len(places) else ""

    def placed(self, places: Sequence[str]) -> "ReadingProblem":
        place = self.place(places)
        return ReadingProblem(None, f"{place}：{self.sentence}") if place else self


class UnreadableForm(ValueError):
    """The document is not an evaluation that can be imported. Its problems say why."""

    def __init__(self, problems: Iterable[ReadingProblem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.line or 0)
        sentences = list(map(str, self.problems[:MOST_SENTENCES]))
        if len(self.problems) > MOST_SENTENCES:
            sentences.append(f"ほか{len(self.problems) - MOST_SENTENCES}件")
        super().__init__("\n".join(sentences))


@dataclass
class ReadingReport:
    """Collects the problems of a document, so that a person sees all of them at once.

    `year` and `kind` are the fiscal year and the kind of zone of the form that is read; its words depend on them.
    """

    year: int
    kind: str
    # Whether the document was converted from print, which leaves spaces between digits.
    is_converted: bool = False
    # Names of authors that are not parted, whatever stands in them.
    known_authors: Collection[str] = ()
    errors: list[ReadingProblem] = field(default_factory=list)
    # Imported all the same, but to be checked by a person.
    notices: list[ReadingProblem] = field(default_factory=list)
    unplaced: list[ReadingProblem] = field(default_factory=list)
    # The line that names each municipality first; `store` checks which are registered.
    municipality_lines: dict[str, int | None] = field(default_factory=dict)
    # The line that refers to each numeric target first, outside 3① and 別紙1.
    key_lines: dict[TargetKey, int | None] = field(default_factory=dict)

    def words(self, heading: Words) -> str:
        """The heading as the form that is read prints it."""
        return heading.of(self.year, self.kind)

    def refer(self, line: int | None, keys: tuple[TargetKey, ...]) -> tuple[TargetKey, ...]:
        """Note the line of references to targets, and return the keys."""
        for key in keys:
            self.key_lines.setdefault(key, line)
        return keys

    def municipalities(self, line: int | None, names: Iterable[str]) -> tuple[str, ...]:
        """Note the line of the names, and return them stripped and without empty ones."""
        stripped = tuple(name for name in map(str.strip, names) if name)
        for name in stripped:
            self.municipality_lines.setdefault(name, line)
        return stripped

    def error(self, line: int | None, sentence: str) -> None:
        self.errors.append(ReadingProblem(line, sentence))

    def notice(self, line: int | None, sentence: str) -> None:
        self.notices.append(ReadingProblem(line, sentence))

    def attempt(self, line: int | None, parse: Callable[[str], T], text: str, otherwise: T) -> T:
        """parse(text); when it raises ValueError, report an error at `line` and return `otherwise`."""
        try:
            return parse(text)
        except ValueError as error:
            self.error(line, str(error))
            return otherwise

    def fold(self, text: str) -> str:
        """Fold a text that contains a number: spaces between digits are dropped in a converted document only."""
        return fold(text) if self.is_converted else fold_but_numbers(text)

    def figure(self, text: str) -> str:
        """A printed figure with its unit, without spaces that a conversion left in it."""
        return without_spaces_in_numbers(text) if self.is_converted else text

    def unplaced_figure(self, line: int | None, sentence: str) -> None:
        """Leave a figure to a person; nothing is put in its place."""
        self.unplaced.append(ReadingProblem(line, sentence))

    def unplace(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            if isinstance(block, Table):
                for row in block.rows:
                    self.unplace_row(row)
            else:
                self.unplace_text(block.line, block.text)

    def unplace_row(self, row: Row) -> None:
        self.unplace_text(row.line, " ".join(cell.text for cell in row.cells if cell.text))

    def unplace_text(self, line: int | None, text: str) -> None:
        if text:
            sentence = f"評価書のどこにも当てはまりません：{text}"
            self.unplaced.append(ReadingProblem(line, sentence.replace("\n", " ")))


@dataclass
class Node:
    """A heading with the blocks below it, up to the next heading of its level or above."""

    heading: Heading | None
    is_absent: bool = field(default=False, kw_only=True)  # the form of the year does not have it
    blocks: list[Block] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.heading.text if self.heading else ""

    @property
    def line(self) -> int | None:
        return self.heading.line if self.heading else None

    def take(self, label: Words, report: ReadingReport, *, and_more: bool = False) -> "Node":
        """Take out the child with this heading; report an error when the form of the year has it and it is missing.

        `and_more` accepts a heading with more words after it.
        """
        if self.is_absent or not label.is_in(report.year):
            return Node(None, is_absent=True)
        words = report.words(label)
        for child in self.children:
            text = fold(child.text)
            if text == fold(words) or (and_more and text.startswith(fold(words))):
                self.children.remove(child)
                return child
        report.error(self.line, f"「{words}」がありません。途中で切れたファイルではありませんか。")
        return Node(None)

    def take_text(self, label: Words, report: ReadingReport) -> str:
        """Take out the heading and return the text below it; other blocks there are reported as unplaced."""
        node = self.take(label, report)
        text = node.take_prose()
        report.unplace(node.leftovers())
        return text

    def take_texts(self, fields: Iterable[Field], report: ReadingReport) -> dict[str, str]:
        """Take out the texts of the fields that have a heading in the form of the year, by field name."""
        return {
            field.name: self.take_text(heading, report)
            for field in in_year(fields, report.year)
            for heading in field.headings
        }

    def take_prose(self) -> str:
        """Take out all blocks of text directly below, and return their lines."""
        lines = [block.text for block in self.blocks if not isinstance(block, Table)]
        self.blocks = [block for block in self.blocks if isinstance(block, Table)]
        return "\n".join(lines)

    def take_paragraph(self) -> Paragraph | None:
        """Take out the first block below if it is a paragraph; else None."""
        if self.blocks and isinstance(self.blocks[0], Paragraph):
            return self.blocks.pop(0)
        return None

    def take_table(self, report: ReadingReport) -> Table | None:
        for block in self.blocks:
            if isinstance(block, Table):
                self.blocks.remove(block)
                return block
        report.error(
            self.line, f"「{self.text}」の表がありません。途中で切れたファイルではありませんか。"
        )
        return None

    def leftovers(self) -> Iterable[Block]:
        """All blocks and headings below that have not been taken out."""
        yield from self.blocks
        for child in self.children:
            if child.heading:
                yield child.heading
            yield from child.leftovers()


def outline(blocks: Iterable[Block]) -> Node:
    """The tree of headings in `blocks`, below a root node without a heading."""
    root = Node(None)
    path = [root]
    for block in blocks:
        if isinstance(block, Heading):
            while len(path) > 1 and path[-1].heading and path[-1].heading.level >= block.level:
                path.pop()
            node = Node(block)
            path[-1].children.append(node)
            path.append(node)
        else:
            path[-1].blocks.append(block)
    return root
