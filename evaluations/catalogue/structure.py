"""Types of the catalogue: values by fiscal year, headings, fields and kinds of rows.

Fiscal years are numbers (2023 is 令和5年度). The catalogue imports nothing but itself: models, pages, documents,
checks and files use it, never the other way round.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from evaluations.catalogue import words

T = TypeVar("T")

ZONE_KINDS = {"international": "国際戦略", "regional": "地域活性化"}
NEWEST = 9999  # stands for the fiscal year of the newest edition, where there is no year to go by
# Placeholder in a heading for the kind of zone.
KIND_OF_ZONE = "〔種別〕"


@dataclass(frozen=True)
class ByYear(Generic[T]):
    """A value that differs between editions of the form: pairs of first fiscal year and value, in order of years.

    The first value also holds before its year.
    """

    values: tuple[tuple[int, T], ...]

    def of(self, year: int) -> T:
        values_so_far = [value for since, value in self.values if since <= year]
        return values_so_far[-1] if values_so_far else self.values[0][1]


def value_in(value: T | ByYear[T], year: int) -> T:
    """The value in a fiscal year. A value that is not a ByYear is the same in all years."""
    return value.of(year) if isinstance(value, ByYear) else value


@dataclass(frozen=True, kw_only=True, eq=False)
class FiscalYears:
    """Something that the form has from fiscal year `since` to `until`, both included. None is no bound."""

    since: int | None = None
    until: int | None = None

    def is_in(self, year: int) -> bool:
        """Whether the form of a fiscal year has it."""
        return (self.since or year) <= year <= (self.until or year)


@dataclass(frozen=True, eq=False)
class FormHeading(FiscalYears):
    """The fixed words above a part of the form, or in a cell of their own, to the letter.

    `within` is the heading above, or the paper (本文, 別紙1). `level` is the level of the heading in the document; 0 for
    words in a cell or a line, and where the list around decides the level.
    """

    words: str | ByYear[str] = ""
    number: str | ByYear[str] = ""
    within: "FormHeading | str" = "本文"
    level: int = 0

    def of(self, year: int, kind: str = "") -> str:
        """The heading as the form of a fiscal year prints it for a kind of zone: ④ 前年度の評価結果"""
        text = " ".join(filter(None, (value_in(self.number, year), value_in(self.words, year))))
        return text.replace(KIND_OF_ZONE, ZONE_KINDS[kind]) if kind else text

    @property
    def newest(self) -> str:
        """The heading as the newest edition prints it, for pages without a year."""
        return self.of(NEWEST)

    @property
    def paper(self) -> str:
        return self.within if isinstance(self.within, str) else self.within.paper

    def place(self, year: int) -> str:
        """The place as people name it: 本文2④, 別紙1."""
        within = self.within if isinstance(self.within, str) else self.within.place(year)
        return within + value_in(self.number, year)


class Carryover(Enum):
    """What becomes of a field in the next year's evaluation. The values are texts for people."""

    CARRIED = "引き継ぐ"
    RENAMED = "年度の名前を新しい年度に改めて引き継ぐ"
    RESULT = "前年度に返ってきた評価結果を入れる"
    BESIDE = "空欄にし、入力画面で前年度の内容を横に示す"
    EMPTIED = "空欄にする"
    MADE = "新しい年度に合わせて決める"
    STANDS = "年度によらず、そのまま使う"
    LEFT = "前年度に残す"


class Narration(Enum):
    """What a text is about, for checks of the years in it. Fields without one may look back and ahead."""

    RESULT = "the result of the evaluated year"
    DONE = "what was done in the evaluated year"
    YEAR = "the evaluated year otherwise"
    STANDING = "what was set before the year, or by others"


class Excuse(Enum):
    """A reason why a required field needs no answer: something else answers it."""

    ASSESSED_IN_WORDS = "the target has a 《定性的評価》"
    REPORTED_ONCE = "another municipality has reported the zone's figure"
    HEADS_ENTRIES = "the achievement (○) is a heading of entries (・)"
    HAS_MEASURES = "4①②③ has an entry"
    HAS_FISCAL_SUPPORT = "5① has an entry"
    HAS_SCHEMES = "the municipality has a scheme in 別紙3"
    HAS_NATIONAL_SUPPORTS = "the municipality has an entry in 5"


@dataclass(frozen=True, kw_only=True, eq=False)
class Field(FiscalYears):
    """A field of a kind of row. Models, contents and sources of documents all use its `name`.

    `heading` and `instruction` are for all rows, or given by the row's own kind. In an instruction {heading} stands
    for the heading, {place} for its place (本文2⑤), {within} for the place of the heading above it (本文2).
    """

    name: str
    next_year: Carryover
    new_term: Carryover | None = None  # when the plan of a new term is drafted, if that differs
    heading: FormHeading | Mapping[str, FormHeading] | None = None  # its own
    printed_in: FormHeading | None = (
        None  # the part of the form, where it has no heading of its own
    )
    instruction: str | Mapping[str, str] = ""
    is_entered: bool = False  # officials and secretariat fill it in
    is_required: bool = False  # nothing is handed in or sealed while it is blank
    excuses: tuple[Excuse, ...] = ()
    is_prose: bool = False  # written in words, which checks read
    is_in_sentences: bool = False  # in whole sentences; other prose may be a name or a note
    narration: Narration | None = None
    is_of_year: bool = False  # a check reports last year's text that was left unchanged
    # Whether 該当なし is an answer; in rows of the named kinds only, where kinds are named.
    may_be_not_applicable: bool | tuple[str, ...] = False
    kinds: tuple[str, ...] = ()  # the kinds of rows that print it; empty for all
    # The name of its line in the workbook for entry; never reused for another field of the kind.
    code: str = ""

    def is_in(self, year: int) -> bool:
        return super().is_in(year) and all(heading.is_in(year) for heading in self.headings)

    @property
    def headings(self) -> list[FormHeading]:
        """Its own headings, those of all kinds of rows."""
        if isinstance(self.heading, Mapping):
            return list(self.heading.values())
        return [self.heading] if self.heading else []

    def is_of(self, kind: str) -> bool:
        """Whether a row of this kind (RegulatoryMeasureKind) prints it."""
        return not self.kinds or kind in self.kinds

    def takes_not_applicable(self, kind: str) -> bool:
        """Whether the form accepts 該当なし as the answer in a row of this kind (RegionalTextKind)."""
        answer = self.may_be_not_applicable
        return kind in answer if isinstance(answer, tuple) else answer

    def instruction_in(self, year: int, kind: str = "") -> str:
        """The instruction in the form of a fiscal year, for a row of this kind."""
        text, own_heading = (
            entry.get(kind) if isinstance(entry, Mapping) else entry
            for entry in (self.instruction, self.heading)
        )
        part = own_heading or self.printed_in or FormHeading()
        above = part.within if isinstance(part.within, FormHeading) else part
        return (text or "").format(
            heading=part.of(year), place=part.place(year), within=above.place(year)
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class RowKind:
    """A kind of row: a model, its fields, and how its rows are shown, named and carried over."""

    model: str  # the label of the model: evaluations.targetassessment
    fields: tuple[Field, ...]  # all but `id` and `revision`, in the order of entry
    source: str = (
        ""  # the name of its records in sources of documents; "" where no document prints them
    )
    page: str = ""  # the entry page that shows its rows (PAGES); "" where none does
    named_by: str = ""  # the field by which people tell apart the rows of a list of the form
    is_listed: bool = False  # people add and remove its rows
    # Whether the next year's rows are copied from this year's; others are made when entry opens.
    goes_on: bool = False
    evaluation: str = ""  # the lookup from a row to its evaluation: approach__evaluation
    speaks_of_figures: bool = False  # its texts are about the figures of the zone's targets
    # Its lists are long, so a page shows the instructions once for all rows.
    is_explained_once: bool = False

    def __getitem__(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)

    def __contains__(self, name: str) -> bool:
        return any(field.name == name for field in self.fields)

    @property
    def model_name(self) -> str:
        return self.model.partition(".")[2]

    @property
    def is_ordered(self) -> bool:
        """Whether people put the rows of its list in order."""
        return self.is_listed and "position" in self

    @property
    def entered(self) -> tuple[str, ...]:
        """The names of the fields that are filled in, in order, of all years."""
        return tuple(field.name for field in self.fields if field.is_entered)

    def fields_of(self, year: int) -> Iterator[Field]:
        """The fields that the form of a fiscal year has."""
        return in_year(self.fields, year)

    def with_fate(
        self, *fates: Carryover, new_term: bool = False, year: int | None = None
    ) -> tuple[str, ...]:
        """The names of the fields with one of these fates when the next year is drafted, or a new term.

        `year` is the year that is drafted; without it, fields of all years are considered.
        """
        return tuple(
            field.name
            for field in (self.fields if year is None else self.fields_of(year))
            if ((new_term and field.new_term) or field.next_year) in fates
        )


def in_year(fields: Iterable[Field], year: int) -> Iterator[Field]:
    """The fields that the form of a fiscal year has."""
    return (field for field in fields if field.is_in(year))


def text(name: str, next_year: Carryover, *, is_in_sentences: bool = True, **more) -> Field:
    """A field that people fill in with text."""
    return Field(
        name=name,
        next_year=next_year,
        is_entered=True,
        is_prose=True,
        is_in_sentences=is_in_sentences,
        **more,
    )


def related_targets(printed_in: FormHeading, **more) -> tuple[Field, Field]:
    """The two fields of 関連する数値目標: all targets, or a choice."""
    answers = (("all_targets", words.CHOOSE_ALL), ("targets", words.CHOOSE_TARGETS))
    return tuple(
        Field(
            name=name,
            next_year=Carryover.CARRIED,
            printed_in=printed_in,
            instruction=instruction,
            is_entered=True,
            **more,
        )
        for name, instruction in answers
    )


def not_entered(
    fate: Carryover, names: str, new_term: Carryover | None = None
) -> tuple[Field, ...]:
    """Fields that nobody fills in on entry pages, all of one fate. `names` are separated by blanks."""
    return tuple(Field(name=name, next_year=fate, new_term=new_term) for name in names.split())
