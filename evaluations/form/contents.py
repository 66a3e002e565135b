"""The contents of one evaluation as immutable values, from which the form is composed.

Fields have the names of the models' fields, so that `evaluations.records` copies between the two by name.
A municipality is given by its name, a numeric target by its `TargetKey`. Texts are clean lines (tree.py).
The form does not print a field made with `unprinted`, so it cannot be read back from a form.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from evaluations import catalogue
from evaluations.keys import RecordKey, TargetKey
from evaluations.progress import (
    PENDING,
    UNDEFINED,
    Figures,
    Formula,
    Progress,
    indicator_progress,
    target_progress,
)
from tokku.figures import Figure


def unprinted(default: Any) -> Any:
    return field(default=default, metadata={"printed": False})


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    kind: str  # ZoneKind
    name: str
    designated_on: date
    certified_on: date
    last_certified_on: date | None = None
    municipalities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    first_year: int
    last_year: int
    overview: str = ""
    goal: str = ""
    term: int | None = unprinted(None)

    @property
    def years(self) -> range:
        return range(self.first_year, self.last_year + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationTexts:
    """The texts and counts that the body of an evaluation prints, and the result that is returned for it."""

    previous_score: str | None = None  # as announced: 3.95, Ａ (scores.py)
    previous_remarks: str = ""
    response_to_previous: str = ""
    considerations: str = ""
    weight_rationale: str = ""
    pathway: str = ""
    no_measures_reason: str = ""
    fiscal_support_count: int | None = None
    no_fiscal_support_reason: str = ""
    tax_support_count: int | None = None
    loan_support_count: int | None = None
    overall: str = ""
    # The result of this evaluation, which the next year's prints.
    score: str | None = unprinted(None)
    remarks: str = unprinted("")


def number_of(figure: Figure | None) -> Decimal | None:
    """The number of a figure, to compute with; None where there is none."""
    return figure.number if figure else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What this evaluation tells of an earlier year's figure: a municipality's, or the zone's as a whole (None)."""

    value: Figure
    before: Figure | None = None
    municipality: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearFigures:
    """A numeric target's figures in one year; `actual` is the zone's, corrections included.

    `before` is what it was before those that this evaluation tells; None where there was none, or it is the same.
    """

    year: int
    target: Figure | None = None
    actual: Figure | None = None
    before: Figure | None = None
    corrections: tuple[Correction, ...] = unprinted(())
    by_municipality: tuple[tuple[str, Figure | None], ...] = unprinted(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The texts on one numeric target: 《定性的評価》 of 3① and the five of 別紙1."""

    qualitative: str = ""
    alternative: str = ""
    strategy: str = ""
    target_basis: str = ""
    self_assessment: str = ""
    external_factors: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumericTarget:
    number: int
    name: str
    unit: str
    total: Figure
    nature: str = "flow"  # Nature
    total_in_man: bool = False
    decimals: int = 0
    weight: Decimal | None = None
    baseline: Figure | None = None  # printed for a level only, with what follows
    baseline_year: int | None = None
    baseline_time: str = ""
    goal_year: int | None = None
    goal_time: str = ""
    formula: str = unprinted(Formula.RATIO.value)
    aggregation: str = unprinted("sum")
    years: tuple[YearFigures, ...] = ()  # one for each year of the plan
    assessment: Assessment = Assessment()

    def of_year(self, year: int) -> YearFigures:
        """The figures of `year`; all blank outside the years of the plan."""
        blank = YearFigures(year=year)
        return next((figures for figures in self.years if figures.year == year), blank)

    def in_year_alone(self, year: int) -> Figure | None:
        """What was reached in `year`: of running totals what came to the last one; None where that is not known."""
        actual, before = self.of_year(year).actual, self.of_year(year - 1)
        if self.nature != "running" or before not in self.years or number_of(actual) is None:
            return actual
        if number_of(before.actual) is None or actual.bound or before.actual.bound:
            return None
        return replace(
            actual,
            digits=Figure.of(actual.number - before.actual.number).digits,
            about=actual.about or before.actual.about,
            status=actual.status or before.actual.status,
        )

    def figures(self, year: int) -> Figures:
        """The figures from which the progress of `year` is computed."""
        of_year = self.of_year(year)
        without_actual = None
        if of_year.actual and of_year.actual.answer:
            without_actual = PENDING if of_year.actual.is_not_yet else UNDEFINED
        return Figures(
            number_of(of_year.target),
            number_of(of_year.actual),
            Formula(self.formula),
            number_of(self.baseline),
            self.weight,
            without_actual,
        )

    def progress(self, year: int) -> Progress:
        return target_progress(self.figures(year))


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    number: int
    name: str
    targets: tuple[NumericTarget, ...]

    def progress(self, year: int) -> Progress:
        """The indicator's progress in the evaluated year; targets assessed in words do not count."""
        return indicator_progress(
            [target.figures(year) for target in self.targets if not target.assessment.qualitative]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Achievement:
    level: str  # AchievementLevel
    heading: str
    text: str = ""
    municipality: str | None = unprinted(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approach:
    targets: tuple[TargetKey, ...] = ()
    narrative: str = ""
    result_label: str = ""
    achievements: tuple[Achievement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """関連する数値目標: all of them, a list, or none."""

    all_targets: bool = False
    targets: tuple[TargetKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    kind: str  # RegulatoryMeasureKind; what each kind prints differs, see `printed_fields`
    name: str
    details: str = ""
    relation: Relation = Relation()
    used: bool | None = None
    note: str = ""
    ministry: str = ""
    ministry_effect: str = ""
    ministry_follow_up: str = ""
    ministry_remarks: str = ""

    @property
    def printed_fields(self) -> frozenset[str]:
        """The fields that the form prints for a measure of its kind besides the name.

        関連する数値目標 is `relation` here and two fields of the model.
        """
        printed = {f.name for f in catalogue.MEASURE.fields if f.kinds and f.is_of(self.kind)}
        related = printed & {"all_targets", "targets"}
        return frozenset((printed - related) | ({"relation"} if related else set()))


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalSupport:
    kind: str  # NationalSupportKind
    name: str
    outline: str = ""
    usage: str = ""
    municipality: str | None = unprinted(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A support scheme as the year reports it."""

    category: str  # SchemeCategory
    name: str
    municipalities: tuple[str, ...] = ()
    other_bodies: str = ""  # words on others than the authors, printed after their names
    outline: str = ""
    relation: Relation = Relation()
    result: str = ""

    @property
    def bodies(self) -> tuple[str, ...]:
        """Whose scheme it is, as the form names them."""
        return (*self.municipalities, *filter(None, [self.other_bodies]))


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionalText:
    kind: str  # RegionalTextKind
    text: str
    municipality: str | None = unprinted(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """A whole evaluation. Rows of one kind stand together, in the order of the form."""

    fiscal_year: int
    zone: Zone
    plan: Plan
    texts: EvaluationTexts = EvaluationTexts()
    indicators: tuple[Indicator, ...] = ()
    approaches: tuple[Approach, ...] = ()
    measures: tuple[Measure, ...] = ()
    national_supports: tuple[NationalSupport, ...] = ()
    schemes: tuple[Scheme, ...] = ()
    regional_texts: tuple[RegionalText, ...] = ()
    # Lists and figures from which other municipalities' unsubmitted rows are left out, as texts of record keys. A list
    # is named without the number of a row: achievement/1, scheme/fiscal, target/1-2/2023.
    omitted: tuple[str, ...] = unprinted(())

    def omits(self, place: RecordKey) -> bool:
        """Whether something is left out of the list or figure `place`."""
        return str(place) in self.omitted

    def targets(self) -> Iterator[tuple[TargetKey, Indicator, NumericTarget]]:
        for indicator in self.indicators:
            for target in indicator.targets:
                yield TargetKey(indicator.number, target.number), indicator, target

    def target(self, key: TargetKey) -> NumericTarget:
        return next(target for target_key, _, target in self.targets() if target_key == key)

    def regional_text(self, kind: str) -> str:
        """The texts of one kind as the form prints them, one after another."""
        return "\n".join(
            part.text for part in self.regional_texts if part.kind == kind and part.text
        )

    def printed(self) -> "Contents":
        """The contents as they can be read back from the form: without what it does not print."""
        shown = _without_unprinted(self, self.fiscal_year)
        merged = tuple(
            RegionalText(kind=kind, text=text)
            for kind in dict.fromkeys(part.kind for part in self.regional_texts)
            if (text := self.regional_text(kind))
        )
        return replace(
            shown, regional_texts=merged, measures=tuple(map(_printed_measure, shown.measures))
        )


def _without_unprinted(value: Any, year: int) -> Any:
    """A copy without fields that no form prints or that the form of the year does not have."""
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return tuple(_without_unprinted(part, year) for part in value)
    if not is_dataclass(value):
        return value
    kind = _KINDS.get(type(value))
    kept = {
        f.name: _without_unprinted(getattr(value, f.name), year)
        for f in fields(value)
        if f.metadata.get("printed", True)
        and not (kind and f.name in kind and not kind[f.name].is_in(year))
    }
    shown = type(value)(**kept)
    return _printed_target(shown) if isinstance(shown, NumericTarget) else shown


def _printed_target(target: NumericTarget) -> NumericTarget:
    """A copy with figures rounded to the target's decimals, and with a baseline for a level only.

    Its decimals are those that are seen: the most of any figure.
    """

    def printed(value: Figure | None) -> Figure | None:
        return value and value.rounded(target.decimals)

    level = {}
    if target.nature != "level":
        level = {"baseline": None, "baseline_year": None, "baseline_time": ""}
        level |= {"goal_year": None, "goal_time": ""}
    shown = replace(
        target,
        total=printed(target.total),
        **({"baseline": printed(target.baseline)} | level),
        years=tuple(
            replace(
                figures,
                target=printed(figures.target),
                actual=printed(figures.actual),
                before=printed(figures.before),
            )
            for figures in target.years
        ),
    )
    of_years = (
        value
        for figures in shown.years
        for value in (figures.target, figures.actual, figures.before)
    )
    stated = (value for value in (shown.total, shown.baseline, *of_years) if value)
    return replace(shown, decimals=max(value.decimals for value in stated))


# The kinds of rows of the catalogue that these are loaded from.
_KINDS = {
    Plan: catalogue.PLAN_EDITION,
    EvaluationTexts: catalogue.EVALUATION,
    Assessment: catalogue.ASSESSMENT,
    Approach: catalogue.APPROACH,
    Achievement: catalogue.ACHIEVEMENT,
    Measure: catalogue.MEASURE,
    NationalSupport: catalogue.NATIONAL_SUPPORT,
    Scheme: catalogue.SCHEME_RESULT,
}


def _printed_measure(measure: Measure) -> Measure:
    kept = {name: getattr(measure, name) for name in measure.printed_fields}
    return Measure(kind=measure.kind, name=measure.name, **kept)
