"""The picture that checks look at: the contents of one evaluation, their document, and last year's contents.

Immutable. What several checks need is computed here once, on first use.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

from django.utils.functional import cached_property

from evaluations import catalogue
from evaluations.checks.mentions import (
    Quantity,
    Sentence,
    YearMention,
    quantities,
    same_width,
    sentences,
    year_mentions,
)
from evaluations.form import compose
from evaluations.form.contents import Contents
from evaluations.form.targets import PrintedFigure
from evaluations.form.values_by_source import ValuesBySource, name_of, values_by_source
from evaluations.keys import RecordKey, TargetKey
from tokku.document.tree import Document, Heading, ListItem, Source, Table

# The fields that people write in words: kind of record and field.
PROSE = catalogue.fields_where(lambda field: field.is_prose)


@dataclass(frozen=True)
class Passage:
    """A block or cell of the document that has a source; `number` counts them, in the document's order."""

    number: int
    source: Source
    text: str
    is_heading: bool = False

    @cached_property
    def record(self) -> RecordKey:
        return RecordKey.parse(self.source.record)

    @property
    def kind(self) -> str:
        """The kind of its record: assessment, scheme …"""
        return self.record.source

    @property
    def key(self) -> tuple[str, str]:
        """Kind of record and field, as the catalogue names them."""
        return self.kind, self.source.field

    @property
    def is_prose(self) -> bool:
        return self.key in PROSE

    @property
    def target(self) -> TargetKey | None:
        """The numeric target that it belongs to by its place in the form (3①, 別紙1)."""
        return self.record.target

    @cached_property
    def flat(self) -> str:
        """The text with digits, letters and marks in half width, at the same positions."""
        return same_width(self.text)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(sentences(self.flat))

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        return tuple(quantities(self.flat))

    @cached_property
    def years(self) -> tuple[YearMention, ...]:
        return tuple(year_mentions(self.flat))

    def words(self, start: int, end: int) -> str:
        return self.text[start:end]

    def around(self, start: int, end: int) -> str:
        """The words with two letters on each side, so that people find a single mark or letter in the text."""
        return self.text[max(0, start - 2) : end + 2]


@dataclass(frozen=True)
class Picture:
    """One evaluation as it stands now, whole or as far as one person may see it.

    `hidden` names the municipalities whose unfinished work is left out. `printed` has the computed figures
    that were printed in the file from which the contents were read.
    """

    contents: Contents
    last_year: Contents | None = None
    hidden: frozenset[str] = frozenset()
    printed: tuple[PrintedFigure, ...] = field(default=(), kw_only=True)

    @cached_property
    def document(self) -> Document:
        """The document of the contents, without the notes on parts left out, which nobody wrote."""
        return compose(replace(self.contents, omitted=()))

    @property
    def year(self) -> int:
        return self.contents.fiscal_year

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """All blocks and cells of the document that have a source, also blank ones."""
        return tuple(_passages(self.document))

    @cached_property
    def prose(self) -> tuple[Passage, ...]:
        """The passages that people wrote in words, without blank ones."""
        return tuple(passage for passage in self.passages if passage.is_prose and passage.text)

    @cached_property
    def texts(self) -> tuple[tuple[Passage, ...], ...]:
        """The prose grouped by field: the paragraphs of one text together."""
        by_field = groupby(self.prose, key=lambda passage: passage.source)
        return tuple(tuple(passages) for _, passages in by_field)

    @cached_property
    def prose_without_remarks(self) -> tuple[Passage, ...]:
        """The prose without the remarks on last year's evaluation, which refer to that document."""
        return tuple(
            passage for passage in self.prose if passage.source.field != "previous_remarks"
        )

    @cached_property
    def letters(self) -> frozenset[str]:
        """The distinct letters of all passages."""
        return frozenset().union(*(passage.text for passage in self.passages))

    def passages_of(self, record: RecordKey, field: str) -> tuple[Passage, ...]:
        """The passages that print a field, one for each paragraph; none for a blank text outside tables."""
        return self._by_source.get((record, field), ())

    def place_of(self, record: RecordKey, field: str) -> Passage | Source:
        """The place of a finding about a whole field: its first passage, or its source where nothing is printed."""
        passages = self.passages_of(record, field)
        return passages[0] if passages else record.field(field)

    @cached_property
    def _by_source(self) -> dict[tuple[RecordKey, str], tuple[Passage, ...]]:
        by_source: dict[tuple[RecordKey, str], list[Passage]] = {}
        for passage in self.passages:
            by_source.setdefault((passage.record, passage.source.field), []).append(passage)
        return {key: tuple(passages) for key, passages in by_source.items()}

    @cached_property
    def target_names(self) -> dict[str, TargetKey]:
        """Numeric targets by what texts call them: the whole name, or the end of it if no other target shares it.

        特区関連事業による投資額 is also called 投資額.
        """
        names: dict[str, TargetKey | None] = {}
        for key, _, target in self.contents.targets():
            for name in {*_name_forms(same_width(target.name))}:
                names[name] = None if name in names else key
        return {name: key for name, key in names.items() if key}

    def targets_in(self, text: str) -> list[tuple[int, int, TargetKey]]:
        """Start, end and key of each numeric target named in `text` (flat); longer names take precedence."""
        if not self.target_names:
            return []
        return [
            (*match.span(), self.target_names[match[0]])
            for match in self._target_name.finditer(text)
        ]

    @cached_property
    def _target_name(self) -> re.Pattern[str]:
        names = sorted(self.target_names, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, names)))

    @cached_property
    def values_last_year(self) -> ValuesBySource:
        return values_by_source(self.last_year) if self.last_year else {}

    def text_last_year(self, record: RecordKey, field: str) -> str:
        """The text of the same field a year before, "" if there is none. Records of a list are matched by name."""
        if not self.last_year:
            return ""
        record_last_year: RecordKey | None = record
        if record.list and record.source != "approach":
            name = name_of(record, self._values.get(record, {}))
            record_last_year = self._records_last_year.get((record.list, name))
        return str(self.values_last_year.get(record_last_year, {}).get(field) or "")

    @cached_property
    def _records_last_year(self) -> dict[tuple[RecordKey | None, str], RecordKey]:
        """Last year's records by list and name; the first where two have the same name."""
        records: dict[tuple[RecordKey | None, str], RecordKey] = {}
        for record, values in self.values_last_year.items():
            records.setdefault((record.list, name_of(record, values)), record)
        return records

    @cached_property
    def _values(self) -> ValuesBySource:
        return values_by_source(self.contents)


def _passages(document: Document) -> Iterator[Passage]:
    number = 0
    for block in document.blocks:
        if isinstance(block, Table):
            lines = [(cell, False) for row in block.rows for cell in row.cells]
        else:
            lines = [(block, isinstance(block, Heading | ListItem))]
        for line, is_heading in lines:
            if line.source:
                yield Passage(number, line.source, line.text, is_heading)
                number += 1


def _name_forms(name: str) -> Iterator[str]:
    yield name
    for particle in ("による", "における", "に関する", "の"):
        before, separator, rest = name.partition(particle)
        if separator and before and len(rest) >= 3:
            yield rest
