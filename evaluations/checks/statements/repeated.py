"""The same thing said in two places, with different numbers."""

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from evaluations.checks.mentions import Quantity
from evaluations.checks.picture import Passage, Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.checks.statements.subjects import is_approximate, same_unit, scale
from evaluations.form.contents import Achievement, NumericTarget
from evaluations.form.printed_figures import figure
from evaluations.keys import RecordKey, TargetKey
from tokku.japanese import fiscal_year_name

_CLAUSE = re.compile(r"[^、。\n]+")
# Not of years and days, nor the number of a target.
_DIGITS = re.compile(r"(?<![\d.,和成])\d[\d,]{0,12}(?:\.\d{1,3})?(?!\d|[.,]\d|\)| ?[年月日期号])")
# A clause shorter than that is said of many things: 参加者は30名であった.
_TELLING, _LONGEST = 12, 300
_SEVERAL = 4
_CHANGE = re.compile(r"(?:ほど|程度)?の?(?P<up>増|多|伸)|(?:ほど|程度)?の?(?P<down>減|少)")
_FROM_LAST_YEAR = re.compile(r"(?:前年度|昨年度)(?:から|に比べて?|と比べて?|より|比で?)、?$")
_ONLY = re.compile(r"(?:では|は|が|で|:|、)?(?:延べ)?$")

Place = tuple[Passage, tuple[int, int]]


@check("同じ文の数の食い違い", Level.CAUTION, needs_all=True)
def said_differently(picture: Picture) -> Iterator[Finding]:
    """The same clause in two parts of the form, but for a number in it: 治験は206件 and 治験は260件."""
    said: dict[str, dict[tuple[str, str], dict[tuple[str, ...], Place]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for passage in picture.prose:
        for match in _CLAUSE.finditer(passage.flat):
            numbers = tuple(_DIGITS.findall(match[0]))
            frame = _DIGITS.sub("#", match[0])
            if numbers and len(frame) >= _TELLING and len(frame) < _LONGEST:
                # Rows and siblings say the like of different things, so they count as one place.
                said[frame][passage.key].setdefault(numbers, (passage, match.span()))
    for frame, kinds in said.items():
        # Where one says it with ever other numbers, they are of different things.
        if len(kinds) > 1 and all(len(of_kind) <= _SEVERAL for of_kind in kinds.values()):
            yield from _differing(frame, kinds)


def _differing(
    frame: str, kinds: dict[tuple[str, str], dict[tuple[str, ...], Place]]
) -> Iterator[Finding]:
    """What no other place says, while another says what this one does not."""
    for kind, here in kinds.items():
        elsewhere = {numbers for other, of in kinds.items() if other != kind for numbers in of}
        others = sorted(elsewhere - here.keys())
        for numbers, (passage, (start, end)) in here.items():
            if numbers in elsewhere or not others:
                continue
            other = _filled(frame, others[0])
            yield said_differently.finding(
                passage,
                f"同じ文が別の箇所では「{other}」となっています。どちらが正しいか確かめ、数をそろえてください。",
                words=passage.words(start, end),
                found="、".join(numbers),
                expected="、".join(others[0]),
            )


def _filled(frame: str, numbers: tuple[str, ...]) -> str:
    parts = frame.split("#")
    return "".join(part + number for part, number in zip(parts, (*numbers, ""), strict=False))


@check("取組と自己評価の数", Level.CAUTION, needs_all=True)
def achievement_and_assessment(picture: Picture) -> Iterator[Finding]:
    """別紙1 says がんセンター40件 of what 3④ has under that heading with another number."""
    for passage, achievement, key in _achievements(picture):
        name = re.sub(r"^[○・\s]+", "", achievement.heading)
        if len(name) < 4:
            continue
        _, unit = scale(picture.contents.target(key))
        counts = [one for one in passage.quantities if _is_count(passage, one, unit)]
        said = [
            quantity.value
            for other in picture.passages_of(RecordKey("assessment", key), "self_assessment")
            for quantity in other.quantities
            if same_unit(quantity.unit, unit) and _is_right_after(other, quantity, name)
        ]
        if not counts or not said or {one.value for one in counts} & {*said}:
            continue
        yield achievement_and_assessment.finding(
            passage,
            f"別紙1の自己評価では、{name}は{said[0]}{unit}となっています。どちらが正しいか確かめ、数をそろえてください。",
            words=passage.words(counts[0].start, counts[0].end),
            found=passage.words(counts[0].start, counts[0].end),
            expected=f"{said[0]}{unit}",
        )


def _is_right_after(passage: Passage, quantity: Quantity, name: str) -> bool:
    before = passage.flat[max(quantity.start - len(name) - 6, 0) : quantity.start]
    return name in before and bool(_ONLY.fullmatch(before[before.rindex(name) + len(name) :]))


def _is_count(passage: Passage, quantity: Quantity, unit: str) -> bool:
    return same_unit(quantity.unit, unit) and not _CHANGE.match(passage.flat, quantity.end)


@check("取組の件数と自治体の実績", Level.CAUTION)
def municipal_change(picture: Picture) -> Iterator[Finding]:
    """40件であり、前年度から2件増えた in 3④, against the municipality's own actuals of two years."""
    for passage, achievement, key in _achievements(picture):
        target = picture.contents.target(key)
        now, before = (
            _of_municipality(target, year, achievement.municipality)
            for year in (picture.year, picture.year - 1)
        )
        if now is None or before is None:
            continue
        one, unit = scale(target)
        for count, by in zip(passage.quantities, passage.quantities[1:], strict=False):
            way = _CHANGE.match(passage.flat, by.end)
            between = passage.flat[count.end : by.start]
            if not way or not _FROM_LAST_YEAR.search(between) or len(between) > 30:
                continue
            if not same_unit(count.unit, unit) or not same_unit(by.unit, unit):
                continue
            change = by.value if way["up"] else -by.value
            if is_approximate(passage.flat, by) or (now * one == count.value) == (
                count.value - change == before * one
            ):
                continue
            yield municipal_change.finding(
                passage,
                f"{achievement.municipality}の実績値は、{fiscal_year_name(picture.year - 1)}が{figure(before, target)}、"
                f"{fiscal_year_name(picture.year)}が{figure(now, target)}です。件数と増減を確かめて直してください。",
                words=passage.words(count.start, way.end()),
                found=passage.words(count.start, way.end()),
                expected=f"{figure(before, target)}から{figure(now, target)}",
            )


def _of_municipality(target: NumericTarget, year: int, name: str | None) -> Decimal | None:
    figures = next((figures for figures in target.years if figures.year == year), None)
    return dict(figures.by_municipality).get(name) if figures else None


def _achievements(picture: Picture) -> Iterator[tuple[Passage, Achievement, TargetKey]]:
    """The texts of achievements under approaches that serve one target."""
    for n, approach in enumerate(picture.contents.approaches, 1):
        if len(approach.targets) != 1:
            continue
        for place, achievement in enumerate(approach.achievements, 1):
            for passage in picture.passages_of(RecordKey("achievement", n, place), "text"):
                yield passage, achievement, approach.targets[0]
