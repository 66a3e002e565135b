"""Numbers that differ between two places which state the same thing."""

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from evaluations.checks.mentions import Quantity
from evaluations.checks.picture import Passage, Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.checks.statements.subjects import is_approximate, same_unit, scale
from evaluations.form.contents import Achievement, NumericTarget, number_of
from evaluations.form.printed_figures import figure
from evaluations.keys import RecordKey, TargetKey
from tokku.japanese import fiscal_year_name

_CLAUSE = re.compile(r"[^、。\n]+")
# Not those of years and days, nor the number of a target.
_DIGITS = re.compile(r"(?<![\d.,和成])\d[\d,]{0,12}(?:\.\d{1,3})?(?!\d|[.,]\d|\)| ?[年月日期号])")
# In letters. A shorter clause may be about different things: 参加者は30名であった.
_SHORTEST, _LONGEST = 12, 300
_MOST_VARIANTS = 4
_CHANGE = re.compile(r"(?:ほど|程度)?の?(?P<up>増|多|伸)|(?:ほど|程度)?の?(?P<down>減|少)")
_FROM_LAST_YEAR = re.compile(r"(?:前年度|昨年度)(?:から|に比べて?|と比べて?|より|比で?)、?$")
_CONNECTIVE = re.compile(r"(?:では|は|が|で|:|、)?(?:延べ)?$")

Place = tuple[Passage, tuple[int, int]]


@check("同じ文の数の食い違い", Level.CAUTION, needs_all_municipalities=True)
def said_differently(picture: Picture) -> Iterator[Finding]:
    """Clauses of two parts of the form that differ in a number alone: 治験は206件 and 治験は260件."""
    clauses: dict[str, dict[tuple[str, str], dict[tuple[str, ...], Place]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for passage in picture.prose:
        for match in _CLAUSE.finditer(passage.flat):
            numbers = tuple(_DIGITS.findall(match[0]))
            frame = _DIGITS.sub("#", match[0])
            if numbers and len(frame) >= _SHORTEST and len(frame) < _LONGEST:
                # Rows of one kind repeat a clause about different things, so they count as one place.
                clauses[frame][passage.key].setdefault(numbers, (passage, match.span()))
    for frame, kinds in clauses.items():
        # Many numbers in one kind of place mean that the clause is about different things.
        if len(kinds) > 1 and all(len(variants) <= _MOST_VARIANTS for variants in kinds.values()):
            yield from _contradictions(frame, kinds)


def _contradictions(
    frame: str, kinds: dict[tuple[str, str], dict[tuple[str, ...], Place]]
) -> Iterator[Finding]:
    """A finding for numbers that no other kind of place has, while others have numbers that this one lacks."""
    for kind, variants in kinds.items():
        elsewhere = {
            numbers
            for other_kind, other_variants in kinds.items()
            if other_kind != kind
            for numbers in other_variants
        }
        others = sorted(elsewhere - variants.keys())
        for numbers, (passage, (start, end)) in variants.items():
            if numbers in elsewhere or not others:
                continue
            other_sentence = _with_numbers(frame, others[0])
            yield said_differently.finding(
                passage,
                f"同じ文が別の箇所では「{other_sentence}」となっています。どちらが正しいか確かめ、数をそろえてください。",
                words=passage.words(start, end),
                found="、".join(numbers),
                expected="、".join(others[0]),
            )


def _with_numbers(frame: str, numbers: tuple[str, ...]) -> str:
    parts = frame.split("#")
    return "".join(part + number for part, number in zip(parts, (*numbers, ""), strict=False))


@check("取組と自己評価の数", Level.CAUTION, needs_all_municipalities=True)
def achievement_and_assessment(picture: Picture) -> Iterator[Finding]:
    """The count under a heading of 3④ against the one that 別紙1 gives after that name: がんセンター40件."""
    for passage, achievement, key in _achievements(picture):
        name = re.sub(r"^[○・\s]+", "", achievement.heading)
        if len(name) < 4:
            continue
        _, unit = scale(picture.contents.target(key))
        counts = [quantity for quantity in passage.quantities if _is_count(passage, quantity, unit)]
        assessed = [
            quantity.value
            for assessment in picture.passages_of(RecordKey("assessment", key), "self_assessment")
            for quantity in assessment.quantities
            if same_unit(quantity.unit, unit) and _is_right_after(assessment, quantity, name)
        ]
        if not counts or not assessed or {quantity.value for quantity in counts} & {*assessed}:
            continue
        yield achievement_and_assessment.finding(
            passage,
            f"別紙1の自己評価では、{name}は{assessed[0]}{unit}となっています。どちらが正しいか確かめ、数をそろえてください。",
            words=passage.words(counts[0].start, counts[0].end),
            found=passage.words(counts[0].start, counts[0].end),
            expected=f"{assessed[0]}{unit}",
        )


def _is_right_after(passage: Passage, quantity: Quantity, name: str) -> bool:
    """Whether `quantity` directly follows `name`, joined by a particle at most."""
    before = passage.flat[max(quantity.start - len(name) - 6, 0) : quantity.start]
    return name in before and bool(_CONNECTIVE.fullmatch(before[before.rindex(name) + len(name) :]))


def _is_count(passage: Passage, quantity: Quantity, unit: str) -> bool:
    """Whether `quantity` counts in `unit` and is no change (2件増)."""
    return same_unit(quantity.unit, unit) and not _CHANGE.match(passage.flat, quantity.end)


@check("取組の件数と自治体の実績", Level.CAUTION)
def municipal_change(picture: Picture) -> Iterator[Finding]:
    """40件であり、前年度から2件増えた in 3④ against the municipality's own actuals of two years."""
    for passage, achievement, key in _achievements(picture):
        target = picture.contents.target(key)
        actual, previous_actual = (
            _municipal_actual(target, year, achievement.municipality)
            for year in (picture.year, picture.year - 1)
        )
        if actual is None or previous_actual is None:
            continue
        factor, unit = scale(target)
        for count, increase in zip(passage.quantities, passage.quantities[1:], strict=False):
            direction = _CHANGE.match(passage.flat, increase.end)
            between = passage.flat[count.end : increase.start]
            if not direction or not _FROM_LAST_YEAR.search(between) or len(between) > 30:
                continue
            if not same_unit(count.unit, unit) or not same_unit(increase.unit, unit):
                continue
            change = increase.value if direction["up"] else -increase.value
            if is_approximate(passage.flat, increase) or (actual * factor == count.value) == (
                count.value - change == previous_actual * factor
            ):
                continue
            yield municipal_change.finding(
                passage,
                f"{achievement.municipality}の実績値は、{fiscal_year_name(picture.year - 1)}が{figure(previous_actual, target)}、"
                f"{fiscal_year_name(picture.year)}が{figure(actual, target)}です。件数と増減を確かめて直してください。",
                words=passage.words(count.start, direction.end()),
                found=passage.words(count.start, direction.end()),
                expected=f"{figure(previous_actual, target)}から{figure(actual, target)}",
            )


def _municipal_actual(target: NumericTarget, year: int, name: str | None) -> Decimal | None:
    figures = next((figures for figures in target.years if figures.year == year), None)
    return number_of(dict(figures.by_municipality).get(name)) if figures else None


def _achievements(picture: Picture) -> Iterator[tuple[Passage, Achievement, TargetKey]]:
    """The texts of achievements, with the key of the target, under approaches that serve a single target."""
    for n, approach in enumerate(picture.contents.approaches, 1):
        if len(approach.targets) != 1:
            continue
        for place, achievement in enumerate(approach.achievements, 1):
            for passage in picture.passages_of(RecordKey("achievement", n, place), "text"):
                yield passage, achievement, approach.targets[0]
