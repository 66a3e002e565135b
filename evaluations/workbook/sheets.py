"""The sheets of the workbook: which rows and columns each has, which cells are filled in, and what adds rows.

A line goes by its code, which names its row by what people know of it; so lines may be sorted, and columns moved.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import QueryDict

from evaluations.desk import REMOVABLE, Desk
from evaluations.form.contents import TargetKey
from evaluations.form.figures import target_number
from evaluations.form.records import load_for
from evaluations.forms import (
    NewAchievement,
    NewApproach,
    NewMeasure,
    NewNationalSupport,
    NewRowForm,
    NewScheme,
    authors,
)
from evaluations.items import FIELDS, fields_of, row_key, row_label
from evaluations.models import (
    Achievement,
    Actual,
    Approach,
    Evaluation,
    Submission,
    TargetAssessment,
)
from evaluations.models.evaluation import AchievementLevel
from evaluations.workbook.answers import (
    ALL_TARGETS,
    TARGETS,
    WHOLE,
    Answer,
    Targets,
    answer_of,
    choice,
    municipalities,
    municipality,
)
from supports.models import (
    NationalSupport,
    RegionalText,
    RegulatoryMeasure,
    Scheme,
    SchemeResult,
)
from tokku.japanese import fiscal_year_name
from tokku.records import Record
from tokku.spreadsheets.entry_book import Column
from tokku.spreadsheets.sheet import DELETION

CODE = "行の番号"
THIS_YEAR, LAST_YEAR = "本年度の内容", "前年度の内容"
NEW, PREFIX = "追加", "new"  # of a line that adds a row: its code, and the names in its form
NEW_LINES = 10
OWNERS = ("自治体", "自治体名")  # the columns that say whose a new row is

NARROW, NAME, PROSE = 12, 26, 44


@dataclass
class Line:
    """A line of a sheet: what is fixed in it, and the answers to rows that it takes.

    `id` names its first row and, where a line is one field, that field.
    """

    code: str
    id: str
    label: str
    fixed: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, tuple[Record, Answer]] = field(default_factory=dict)
    removable: Record | None = None

    @property
    def rows(self) -> list[Record]:
        return list({row_key(row): row for row, _ in self.answers.values()}.values())


@dataclass(frozen=True)
class Adder:
    """What a line that adds a row is asked for, and the form that adds it, from what was typed."""

    answers: dict[str, Answer]
    form: Callable[[dict[str, list[str]]], NewRowForm]
    required: tuple[str, ...] = ()  # the columns that the form would not miss


@dataclass(frozen=True)
class Page:
    """A sheet: `columns` in their order."""

    title: str
    columns: tuple[Column, ...]
    lines: list[Line]
    adder: Adder | None = None

    @cached_property
    def read(self) -> list[str]:
        """The columns that are read, beside that of the code."""
        names = {name for line in self.lines for name in line.answers}
        names |= set(self.adder.answers) if self.adder else set()
        names |= {DELETION} if any(line.removable for line in self.lines) else set()
        return [column.name for column in self.columns if column.name in names]


def pages(desk: Desk) -> list[Page]:
    """The sheets of what a person fills in, in the order of the form, without those that would be blank."""
    sheets = _Sheets(desk)
    made = [
        sheets.figures(),
        sheets.body(),
        sheets.assessments(),
        sheets.approaches(),
        sheets.achievements(),
        sheets.measures(),
        sheets.national_supports(),
        sheets.schemes(),
        sheets.regional_texts(),
        sheets.not_applicable(),
    ]
    return [page for page in made if page.lines or page.adder]


class _Sheets:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.counts: Counter[str] = Counter()
        self.added = {type(adder) for part in ("texts", "supports") for adder in desk.adders(part)}

    @cached_property
    def contents(self):
        return load_for(self.desk.reach).contents

    @cached_property
    def numbers(self) -> dict[TargetKey, str]:
        return {
            key: target_number(indicator, target)
            for key, indicator, target in self.contents.targets()
        }

    @cached_property
    def targets(self) -> Targets:
        return Targets(self.desk.targets, self.numbers)

    @cached_property
    def authors(self) -> list[Any]:
        return list(authors(self.desk.evaluation))

    def rows(self, kind: type[Record]) -> list[Any]:
        return [row for row in self.desk.rows if isinstance(row, kind)]

    def number(self, row: Any) -> str:
        return self.numbers[TargetKey(row.target.indicator.number, row.target.number)]

    def code(self, *parts: Any) -> str:
        """What people know the row of, with its place among those of which that is the same."""
        known = " ".join(str(part) for part in parts)
        self.counts[known] += 1
        return f"{known} {self.counts[known]}"

    def line(self, code: str, *rows: Record, **fixed: Any) -> Line:
        """A line of all the answers that the rows are asked for, and of last year's beside."""
        line = Line(code, row_key(rows[0]), row_label(rows[0]), fixed)
        for row in rows:
            before = self.desk.before(row)
            asked = [name for name in fields_of(row) if name != ALL_TARGETS]
            for name in asked:
                answer = self.answer(type(row), name)
                line.answers[answer.column] = row, answer
                line.fixed[f"前年度の{answer.column}"] = before.get(name, "")
        removable = [row for row in rows if isinstance(row, REMOVABLE)]
        line.removable = removable[0] if removable else None
        return line

    def answer(self, kind: type[Record], name: str) -> Answer:
        if name == TARGETS:
            return self.targets.answer(kind, has_all=kind is not Approach)
        return answer_of(kind, name)

    def field_lines(
        self, row: Record, codes: Iterable[str], last_year: bool = True, **fixed: Any
    ) -> Iterator[Line]:
        """A line for each field of a row."""
        before = self.desk.before(row) if last_year else {}
        for code, name in zip(codes, fields_of(row), strict=False):
            answer = answer_of(type(row), name, THIS_YEAR)
            label = row._meta.get_field(name).verbose_name
            yield Line(
                code,
                f"{row_key(row)}#{name}",
                f"{row_label(row)}　{label}",
                fixed | {"項目": label, LAST_YEAR: before.get(name, "")},
                {THIS_YEAR: (row, answer)},
            )

    def adder(self, kind: type[NewRowForm], answers: Iterable[Answer], **of: Any) -> Adder | None:
        """For those who may add such rows. `of` is what the form is told."""
        if kind not in self.added:
            return None
        by_column = {answer.column: answer for answer in answers}
        given = {"user": self.desk.user, "evaluation": self.desk.evaluation, "prefix": PREFIX}

        def form(typed: dict[str, list[str]]) -> NewRowForm:
            return kind(_query(typed), **given, **{name: value() for name, value in of.items()})

        required = tuple(name for name in OWNERS if name in by_column)
        return Adder(by_column, form, required)

    # The sheets

    def figures(self) -> Page:
        """A column for each year of the plan, as officials keep it; only this year's actuals are filled in."""
        year = self.desk.evaluation.fiscal_year
        names = {one: fiscal_year_name(one) for one in self.contents.plan.years}
        rows: dict[TargetKey, list[Actual]] = {}
        for row in self.rows(Actual):
            key = TargetKey(row.target.indicator.number, row.target.number)
            rows.setdefault(key, []).append(row)
        lines = []
        for key, indicator, target in self.contents.targets():
            shown = {
                "評価指標": indicator.name,
                "数値目標": target.name,
                "単位": target.unit,
                "decimals": target.decimals,
            }
            of_years = {one.year: one for one in target.years}
            number = self.numbers[key]

            def fixed(what, whose, values, shown=shown):
                return shown | {"区分": what, "自治体": whose} | values

            targets = {names[y]: one.target for y, one in of_years.items()}
            lines.append(Line(f"{number} 目標値", "", number, fixed("目標値", "", targets)))
            zone = {names[y]: one.actual for y, one in of_years.items()}
            own = [row for row in rows.get(key, []) if row.municipality]
            for row in own:
                values = {
                    names[y]: dict(one.by_municipality).get(row.municipality.name)
                    for y, one in of_years.items()
                }
                lines.append(self._actual(row, number, names[year], fixed, values))
            whole = next((row for row in rows.get(key, []) if not row.municipality), None)
            if whole:
                lines.append(self._actual(whole, number, names[year], fixed, zone))
            else:
                values = zone | {names[year]: None}
                code = f"{number} {WHOLE}"
                lines.append(Line(code, "", number, fixed("実績値", WHOLE, values)))
        columns = (
            Column(CODE, 20),
            Column("評価指標", NAME),
            Column("数値目標", NAME),
            Column("単位", 8),
            Column("区分", 9),
            Column("自治体", 13),
            *(Column(name, 12) for name in names.values()),
            Column("出典・備考", NAME),
        )
        return Page("数値", columns, lines)

    def _actual(self, row, number, this_year, fixed, values) -> Line:
        whose = str(row.municipality or WHOLE)
        answers = [answer_of(Actual, "value", this_year), answer_of(Actual, "note")]
        return Line(
            f"{number} {whose}",
            row_key(row),
            row_label(row),
            fixed("実績値", whose, values),
            {answer.column: (row, answer) for answer in answers},
        )

    def body(self) -> Page:
        lines = [
            line
            for row in self.rows(Evaluation)
            for line in self.field_lines(row, (f"本文 {n}" for n in _counted(Evaluation)))
        ]
        columns = (Column(CODE, NARROW), Column("項目", NAME), *_YEARS)
        return Page("本文", columns, lines)

    def assessments(self) -> Page:
        lines = [
            line
            for row in self.rows(TargetAssessment)
            for line in self.field_lines(
                row,
                (f"{self.number(row)} {n}" for n in _counted(TargetAssessment)),
                数値目標=row.target.name,
            )
        ]
        columns = (Column(CODE, NARROW), Column("数値目標", NAME), Column("項目", NAME), *_YEARS)
        return Page("別紙1", columns, lines)

    def approaches(self) -> Page:
        lines = [self.line(self.code("解決策"), row) for row in self.rows(Approach)]
        narrative, targets = (self.answer(Approach, name) for name in ("narrative", TARGETS))
        columns = (
            Column(CODE, NARROW),
            Column(targets.column, 24),
            Column(f"前年度の{narrative.column}", PROSE),
            Column(narrative.column, PROSE),
            Column("成果の見出し", NAME),
            _DELETION,
        )
        adder = self.adder(NewApproach, [narrative, targets], targets=lambda: self.desk.targets)
        return Page("解決策", columns, lines, adder)

    def achievements(self) -> Page:
        approaches = [row for row in self.desk.all_rows if isinstance(row, Approach)]
        names = {row.pk: f"解決策{n}" for n, row in enumerate(approaches, 1)}
        lines = [
            self.line(
                self.code(names[row.approach_id], row.municipality or WHOLE),
                row,
                解決策=names[row.approach_id],
                自治体=str(row.municipality or WHOLE),
                段階=row.get_level_display(),
            )
            for row in self.rows(Achievement)
        ]
        heading, text = (self.answer(Achievement, name) for name in ("heading", "text"))
        level = choice("段階", "level", Achievement._meta.get_field("level").flatchoices)
        which = choice("解決策", "approach", ((pk, name) for pk, name in names.items()))
        columns = (
            Column(CODE, 22),
            Column(which.column, NARROW),
            Column("自治体", 13),
            Column(level.column, 16),
            Column(heading.column, NAME),
            Column(f"前年度の{text.column}", PROSE),
            Column(text.column, PROSE),
            _DELETION,
        )
        asked = [which, level, heading, text, *self._whose()]
        if NewAchievement not in self.added:
            return Page("取組・成果", columns, lines)
        of = {str(row.pk): row for row in approaches}

        def form(typed):
            chosen = of[typed["approach"][0]]
            return NewAchievement(
                _query({"level": [AchievementLevel.MAIN]} | typed),
                user=self.desk.user,
                evaluation=self.desk.evaluation,
                prefix=PREFIX,
                approach=chosen,
            )

        by_column = {answer.column: answer for answer in asked}
        required = (which.column, *(name for name in OWNERS if name in by_column))
        adder = Adder(by_column, form, required)
        return Page("取組・成果", columns, lines, adder)

    def measures(self) -> Page:
        lines = [
            self.line(self.code(_short(row)), row, 種類=row.get_kind_display())
            for row in self.rows(RegulatoryMeasure)
        ]
        names = ("name", TARGETS, "used", "details", "note")
        name, targets, used, details, note = (self.answer(RegulatoryMeasure, one) for one in names)
        kind = choice("種類", "kind", RegulatoryMeasure._meta.get_field("kind").flatchoices)
        columns = (
            Column(CODE, 22),
            Column(kind.column, 24),
            Column(name.column, NAME),
            Column(targets.column, 24),
            Column(used.column, NARROW),
            Column(f"前年度の{details.column}", PROSE),
            Column(details.column, PROSE),
            Column(note.column, NAME),
            _DELETION,
        )
        adder = self.adder(NewMeasure, [kind, name, targets, used, details, note])
        return Page("規制の特例措置", columns, lines, adder)

    def national_supports(self) -> Page:
        lines = [
            self.line(
                self.code(row.get_kind_display(), row.municipality or WHOLE),
                row,
                種類=row.get_kind_display(),
                自治体=str(row.municipality or WHOLE),
            )
            for row in self.rows(NationalSupport)
        ]
        names = ("name", "outline", "usage")
        name, outline, usage = (self.answer(NationalSupport, one) for one in names)
        kind = choice("種類", "kind", NationalSupport._meta.get_field("kind").flatchoices)
        columns = (
            Column(CODE, 22),
            Column(kind.column, NARROW),
            Column("自治体", 13),
            Column(name.column, NAME),
            Column(outline.column, PROSE),
            Column(f"前年度の{usage.column}", PROSE),
            Column(usage.column, PROSE),
            _DELETION,
        )
        adder = self.adder(NewNationalSupport, [kind, name, outline, usage, *self._whose()])
        return Page("国の支援", columns, lines, adder)

    def schemes(self) -> Page:
        lines = []
        for row in self.rows(SchemeResult):
            owners = "・".join(one.name for one in self.authors if one.pk in row.scheme.owner_ids)
            code = self.code(row.scheme.get_category_display(), owners or WHOLE)
            lines.append(self.line(code, row, row.scheme, 自治体名=owners or WHOLE))
        category, name = (self.answer(Scheme, one) for one in ("category", "name"))
        names = ("outline", TARGETS, "result")
        outline, targets, result = (self.answer(SchemeResult, one) for one in names)
        whose = municipalities(self.authors, OWNERS[1])
        columns = (
            Column(CODE, 22),
            Column(category.column, 22),
            Column(name.column, NAME),
            Column(whose.column, 16),
            Column(outline.column, 32),
            Column(targets.column, 24),
            Column(f"前年度の{result.column}", PROSE),
            Column(result.column, PROSE),
            _DELETION,
        )
        adder = self.adder(
            NewScheme,
            [category, name, whose, outline, targets, result],
            targets=lambda: self.desk.targets,
        )
        return Page("地域の支援措置", columns, lines, adder)

    def regional_texts(self) -> Page:
        lines = [
            self.line(
                self.code(_short(row), row.municipality or "共同"),
                row,
                種類=row.get_kind_display(),
                自治体=str(row.municipality or "共同"),
            )
            for row in self.rows(RegionalText)
        ]
        text = self.answer(RegionalText, "text").column
        columns = (
            Column(CODE, 22),
            Column("種類", 24),
            Column("自治体", 13),
            Column(f"前年度の{text}", PROSE),
            Column(text, PROSE),
        )
        return Page("地域の取組", columns, lines)

    def not_applicable(self) -> Page:
        lines = [
            line
            for row in self.rows(Submission)
            for line in self.field_lines(
                row,
                [f"{row.municipality} {name}" for name in map(_SHORT.get, fields_of(row))],
                last_year=False,
                自治体=str(row.municipality),
            )
        ]
        columns = (
            Column(CODE, 24),
            Column("自治体", 13),
            Column("項目", 60),
            Column(THIS_YEAR, 16),
        )
        return Page("該当なしの回答", columns, lines)

    def _whose(self) -> list[Answer]:
        """An official's new row is their own municipality's."""
        return [] if self.desk.is_official else [municipality(self.authors)]


_YEARS = (Column(LAST_YEAR, 60), Column(THIS_YEAR, 60))
_DELETION = Column(DELETION, 9)
_SHORT = {"no_schemes": "支援措置", "no_national_supports": "国の支援"}


def _short(row: Any) -> str:
    """The kind of a row without what stands in brackets."""
    return row.get_kind_display().split("（")[0]


def _counted(kind: type[Record]) -> range:
    return range(1, len(FIELDS[kind]) + 1)


def _query(typed: dict[str, list[str]]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(f"{PREFIX}-{name}", values)
    return data
