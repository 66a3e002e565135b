"""Comparisons with another year: by how much the actual changed, and whether it grew, fell or stayed level."""

import re
from collections.abc import Iterator
from decimal import Decimal

from evaluations.checks.mentions import Quantity, year_mentions
from evaluations.checks.picture import Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.checks.statements.stated_figures import WHICH
from evaluations.checks.statements.subjects import (
    APPROXIMATELY,
    Statement,
    agrees,
    figures_text,
    is_approximate,
    is_denied,
    same_unit,
    scale,
    statements,
)
from evaluations.form.contents import NumericTarget
from evaluations.form.printed_figures import figure
from evaluations.keys import TargetKey
from tokku.japanese import fiscal_year_name

_YEAR = r"(?P<year>前年度|昨年度|前年|昨年|(?:令和|平成) ?(?:元|\d{1,2}) ?年度)"
_BASE = re.compile(
    rf"{_YEAR}(?:の?実績(?:値)?)?(?:の|\()?(?P<was>[\d,.]{{1,15}}[^\d、。はがをから)]{{1,4}})?\)?"
    r"(?:から|に(?:比べて?|比較して|対して?)|と(?:比べて?|比較して|比較すると)|より|比で?|を)(?:も|は)?、?"
    rf"(?:実績値?[はがも]、?)?(?:更に|さらに|大きく|大幅に)?{APPROXIMATELY}?"
)
_UNCHANGED = re.compile(
    rf"{_YEAR}(?:の?実績値?)?(?:と|に比べて?|から)?、?(?P<exact>ほぼ)?(?P<same>同数|同額|同じ(?!よう)|横ばい|同程度|同水準|並み)"
)
_CLAUSE_END = r"(?=[。、)])"
_UP = rf"(?:増加(?:した|し、|して|となった|となり|である|であり|{_CLAUSE_END})|増え(?:た|、|て|る結果)|伸び(?:た|、|て)|増(?:とな|である|であり|の|{_CLAUSE_END})|上回(?:った|り|って|る結果|る実績)|多(?:かった|く、|い実績))"
_DOWN = rf"(?:減少(?:した|し、|して|となった|となり|である|であり|{_CLAUSE_END})|減(?:った|り、|って|とな|である|であり|の|{_CLAUSE_END})|下回(?:った|り|って|る結果|る実績)|少な(?:かった|く、|い実績)|落ち込(?:んだ|み、)|縮小(?:した|し、))"
_LEVEL = r"(?:横ばい(?:で|と|だ|に))"
_DIRECTION = re.compile(rf"(?P<up>{_UP})|(?P<down>{_DOWN})|(?P<level>{_LEVEL})")
# 8件に増えた states the new value, not the change.
_TO_RESULT = re.compile(r"(?:に|へと?|まで)、?(?:増|減|伸び|上が|下が|拡大|縮小|回復)")
_BETWEEN = re.compile(r"[^、。\d\n]{0,20}?(?=" + _DIRECTION.pattern.replace("?P<", "?P<_") + ")")


@check("前年度からの増減の数", Level.BLOCKING)
def change_by(picture: Picture) -> Iterator[Finding]:
    """前年度から2件増えた against the difference of the actuals of two years."""
    for statement, match in _comparisons(picture):
        quantity = statement.quantity_at(match.end())
        direction = quantity and _DIRECTION.match(statement.text, _verb_start(statement, quantity))
        result_match = quantity and _TO_RESULT.match(statement.text, quantity.end)
        if not result_match and (not direction or direction["level"]):
            continue
        year, base = _years(statement, match)
        for key in statement.targets(match.start()) if year and base else ():
            target = picture.contents.target(key)
            factor, unit = scale(target)
            change = _change(target, year, base)
            if change is None or not same_unit(quantity.unit, unit):
                continue
            if not _is_subject(statement, match, target):
                continue
            if not _agrees_with_base(statement, match, target, base):
                if result_match and agrees(quantity, target.figures(year).actual * factor):
                    yield _base_finding(statement, match, key, base)
                continue
            expected = (
                target.figures(year).actual
                if result_match
                else change
                if direction["up"]
                else -change
            )
            if agrees(
                quantity, expected * factor, approximate=is_approximate(statement.text, quantity)
            ):
                continue
            end = (result_match or direction).end()
            yield change_by.finding(
                statement.passage,
                f"{fiscal_year_name(base)}からの増減が、{_actuals(picture, key, base, year)}"
                f"から計算した{_signed(change, target)}と合いません。{WHICH}",
                words=statement.words(match.start(), end),
                found=statement.words(quantity.start, end),
                expected=figure(expected, target) if result_match else _signed(change, target),
            )


def _base_finding(statement: Statement, match: re.Match[str], key: TargetKey, base: int) -> Finding:
    """The finding for 前年度の7件から8件に増えた where 8件 is right and 7件 is not."""
    target = statement.picture.contents.target(key)
    expected = figure(target.figures(base).actual, target)
    return change_by.finding(
        statement.passage,
        f"{fiscal_year_name(base)}の実績値は{expected}です。{WHICH}",
        words=statement.words(*match.span()),
        found=statement.words(*match.span("was")),
        expected=expected,
    )


def _agrees_with_base(
    statement: Statement, match: re.Match[str], target: NumericTarget, base: int
) -> bool:
    """Whether 6件 of 前年度の6件から, if given, is the target's actual; otherwise the text counts something else."""
    base_quantity = match["was"] and statement.quantity_at(match.start("was"))
    return not base_quantity or agrees(
        base_quantity, target.figures(base).actual * scale(target)[0]
    )


def _verb_start(statement: Statement, quantity: Quantity) -> int:
    """Where the verb after a quantity starts: 2件増えた, 13,239人の減となった, 2件ほど増えた."""
    return re.compile(r"(?:ほど|程度|余り?)?の?").match(statement.text, quantity.end).end()


@check("前年度との増減の向き", Level.CAUTION)
def change_way(picture: Picture) -> Iterator[Finding]:
    """前年度に比べて増加した, 減少した, 横ばいであった: against the actuals of two years."""
    for statement, match in _comparisons(picture):
        direction = _direction(statement, match.end())
        if not direction:
            continue
        year, base = _years(statement, match)
        for key in statement.targets(match.start()) if year and base else ():
            target = picture.contents.target(key)
            change = _change(target, year, base)
            if change is None or not _is_subject(statement, match, target, direction.start()):
                continue
            if not _agrees_with_base(statement, match, target, base):
                continue
            if direction["level"]:
                agrees_with_change = _is_level(change, target, base)
            else:
                agrees_with_change = change > 0 if direction["up"] else change < 0
            if not agrees_with_change:
                yield _direction_finding(statement, match.start(), direction.end(), key, base, year)
    for statement in statements(picture, "年"):
        for match in _UNCHANGED.finditer(statement.text):
            year, base = _years(statement, match)
            for key in statement.targets(match.start()) if year and base else ():
                target = picture.contents.target(key)
                change = _change(target, year, base)
                if change is None or not _is_subject(statement, match, target):
                    continue
                exact = match["same"].startswith("同") and match["same"][1] in "数額じ"
                if change and (not _is_level(change, target, base) or exact):
                    if exact and match["exact"] and _is_level(change, target, base):
                        continue
                    yield _direction_finding(statement, match.start(), match.end(), key, base, year)


def _direction(statement: Statement, place: int) -> re.Match[str] | None:
    if statement.quantity_at(place):
        return None
    between = _BETWEEN.match(statement.text, place)
    return _DIRECTION.match(statement.text, between.end()) if between else None


def _direction_finding(
    statement: Statement, start: int, end: int, key: TargetKey, base: int, year: int
) -> Finding:
    picture = statement.picture
    change = _change(picture.contents.target(key), year, base)
    signed = _signed(change, picture.contents.target(key))
    return change_way.finding(
        statement.passage,
        f"{fiscal_year_name(base)}との比較が、{_actuals(picture, key, base, year)}（{signed}）と合いません。"
        "数値目標の実績の話であれば文を直し、別の数の話であれば何の数か分かるように書いてください。",
        words=statement.words(start, end),
        found=statement.words(start, end),
        expected=signed,
    )


def _comparisons(picture: Picture) -> Iterator[tuple[Statement, re.Match[str]]]:
    """Every place where a text compares with another year, unless the clause is denied."""
    for statement in statements(picture, "年"):
        for match in _BASE.finditer(statement.text):
            if is_denied(statement.text, match.end()):
                continue
            yield statement, match


def _years(statement: Statement, match: re.Match[str]) -> tuple[int | None, int | None]:
    """The year that a text speaks of and the year that it compares with; None where uncertain."""
    year = statement.year(match.start())
    named = next(year_mentions(match["year"]), None)
    if named and named.offset is None:
        return year, named.fiscal_year
    return year, year and year - 1


def _is_subject(
    statement: Statement, match: re.Match[str], target: NumericTarget, verb_start: int = 0
) -> bool:
    """Whether the comparison can be about the target: no other count is its subject, nor that of the verb."""
    return statement.is_about(match.start(), target) and (
        verb_start <= match.end() or statement.is_about(verb_start, target)
    )


def _change(target: NumericTarget, year: int, base: int) -> Decimal | None:
    actual, base_actual = target.figures(year).actual, target.figures(base).actual
    return None if actual is None or base_actual is None else actual - base_actual


def _is_level(change: Decimal, target: NumericTarget, base: int) -> bool:
    """Whether a change counts as 横ばい: by a tenth at most."""
    return abs(change) * 10 <= abs(target.figures(base).actual)


def _actuals(picture: Picture, key: TargetKey, base: int, year: int) -> str:
    target = picture.contents.target(key)
    base_actual, actual = (
        figure(target.figures(fiscal_year).actual, target) for fiscal_year in (base, year)
    )
    return (
        f"{fiscal_year_name(base)}の実績値{base_actual}、{fiscal_year_name(year)}の"
        + figures_text(picture, key, year).split("の目標値")[0]
        + f"の実績値{actual}"
    )


def _signed(change: Decimal, target: NumericTarget) -> str:
    if not change:
        return "増減なし"
    return figure(abs(change), target) + ("増" if change > 0 else "減")
