"""Comparisons with another year and with targets: more, less, as much, so many times as much."""

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
    figures_said,
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
_SAME = re.compile(
    rf"{_YEAR}(?:の?実績値?)?(?:と|に比べて?|から)?、?(?P<exact>ほぼ)?(?P<same>同数|同額|同じ(?!よう)|横ばい|同程度|同水準|並み)"
)
_ENDS = r"(?=[。、)])"
_UP = rf"(?:増加(?:した|し、|して|となった|となり|である|であり|{_ENDS})|増え(?:た|、|て|る結果)|伸び(?:た|、|て)|増(?:とな|である|であり|の|{_ENDS})|上回(?:った|り|って|る結果|る実績)|多(?:かった|く、|い実績))"
_DOWN = rf"(?:減少(?:した|し、|して|となった|となり|である|であり|{_ENDS})|減(?:った|り、|って|とな|である|であり|の|{_ENDS})|下回(?:った|り|って|る結果|る実績)|少な(?:かった|く、|い実績)|落ち込(?:んだ|み、)|縮小(?:した|し、))"
_LEVEL = r"(?:横ばい(?:で|と|だ|に))"
_WAY = re.compile(rf"(?P<up>{_UP})|(?P<down>{_DOWN})|(?P<level>{_LEVEL})")
# 8件に増えた names what it came to.
_TO = re.compile(r"(?:に|へと?|まで)、?(?:増|減|伸び|上が|下が|拡大|縮小|回復)")
_BETWEEN = re.compile(r"[^、。\d\n]{0,20}?(?=" + _WAY.pattern.replace("?P<", "?P<_") + ")")


@check("前年度からの増減の数", Level.BLOCKING)
def change_by(picture: Picture) -> Iterator[Finding]:
    """前年度から2件増えた: the difference of the actuals of two years."""
    for statement, match in _comparisons(picture):
        quantity = statement.quantity_at(match.end())
        way = quantity and _WAY.match(statement.text, _after(statement, quantity))
        to = quantity and _TO.match(statement.text, quantity.end)
        if not to and (not way or way["level"]):
            continue
        year, base = _years(statement, match)
        for key in statement.targets(match.start()) if year and base else ():
            target = picture.contents.target(key)
            one, unit = scale(target)
            change = _change(target, year, base)
            if change is None or not same_unit(quantity.unit, unit):
                continue
            if not _is_subject(statement, match, target):
                continue
            if not _was(statement, match, target, base):
                if to and agrees(quantity, target.figures(year).actual * one):
                    yield _wrong_base(statement, match, key, base)
                continue
            right = target.figures(year).actual if to else change if way["up"] else -change
            if agrees(quantity, right * one, approximate=is_approximate(statement.text, quantity)):
                continue
            end = (to or way).end()
            yield change_by.finding(
                statement.passage,
                f"{fiscal_year_name(base)}からの増減が、{_actuals(picture, key, base, year)}"
                f"から計算した{_signed(change, target)}と合いません。{WHICH}",
                words=statement.words(match.start(), end),
                found=statement.words(quantity.start, end),
                expected=figure(right, target) if to else _signed(change, target),
            )


def _wrong_base(statement: Statement, match: re.Match[str], key: TargetKey, base: int) -> Finding:
    """前年度の7件から8件に増えた, where 8件 is right and 7件 is not."""
    target = statement.picture.contents.target(key)
    right = figure(target.figures(base).actual, target)
    return change_by.finding(
        statement.passage,
        f"{fiscal_year_name(base)}の実績値は{right}です。{WHICH}",
        words=statement.words(*match.span()),
        found=statement.words(*match.span("was")),
        expected=right,
    )


def _was(statement: Statement, match: re.Match[str], target: NumericTarget, base: int) -> bool:
    """Whether 前年度の6件から gives the target's actual; with another number it is another count."""
    was = match["was"] and statement.quantity_at(match.start("was"))
    return not was or agrees(was, target.figures(base).actual * scale(target)[0])


def _after(statement: Statement, quantity: Quantity) -> int:
    """Where the verb stands: 2件増えた, 13,239人の減となった, 2件ほど増えた."""
    return re.compile(r"(?:ほど|程度|余り?)?の?").match(statement.text, quantity.end).end()


@check("前年度との増減の向き", Level.CAUTION)
def change_way(picture: Picture) -> Iterator[Finding]:
    """前年度に比べて増加した, 減少した, 横ばいであった: against the actuals of two years."""
    for statement, match in _comparisons(picture):
        way = _way(statement, match.end())
        if not way:
            continue
        year, base = _years(statement, match)
        for key in statement.targets(match.start()) if year and base else ():
            target = picture.contents.target(key)
            change = _change(target, year, base)
            if change is None or not _is_subject(statement, match, target, way.start()):
                continue
            if not _was(statement, match, target, base):
                continue
            if way["level"]:
                right = _is_level(change, target, base)
            else:
                right = change > 0 if way["up"] else change < 0
            if not right:
                yield _wrong_way(statement, match.start(), way.end(), key, base, year)
    for statement in statements(picture, "年"):
        for match in _SAME.finditer(statement.text):
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
                    yield _wrong_way(statement, match.start(), match.end(), key, base, year)


def _way(statement: Statement, place: int) -> re.Match[str] | None:
    if statement.quantity_at(place):
        return None
    between = _BETWEEN.match(statement.text, place)
    return _WAY.match(statement.text, between.end()) if between else None


def _wrong_way(
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
    """Where a text compares with another year."""
    for statement in statements(picture, "年"):
        for match in _BASE.finditer(statement.text):
            if is_denied(statement.text, match.end()):
                continue
            yield statement, match


def _years(statement: Statement, match: re.Match[str]) -> tuple[int | None, int | None]:
    """The year that a text speaks of, and the one that it compares with."""
    year = statement.year(match.start())
    named = next(year_mentions(match["year"]), None)
    if named and named.offset is None:
        return year, named.fiscal_year
    return year, year and year - 1


def _is_subject(
    statement: Statement, match: re.Match[str], target: NumericTarget, verb: int = 0
) -> bool:
    """Whether what is compared can be the target: neither before nor after is another count named."""
    return statement.is_about(match.start(), target) and (
        verb <= match.end() or statement.is_about(verb, target)
    )


def _change(target: NumericTarget, year: int, base: int) -> Decimal | None:
    now, before = target.figures(year).actual, target.figures(base).actual
    return None if now is None or before is None else now - before


def _is_level(change: Decimal, target: NumericTarget, base: int) -> bool:
    return abs(change) * 10 <= abs(target.figures(base).actual)


def _actuals(picture: Picture, key: TargetKey, base: int, year: int) -> str:
    target = picture.contents.target(key)
    before, now = (figure(target.figures(y).actual, target) for y in (base, year))
    return (
        f"{fiscal_year_name(base)}の実績値{before}、{fiscal_year_name(year)}の"
        + figures_said(picture, key, year).split("の目標値")[0]
        + f"の実績値{now}"
    )


def _signed(change: Decimal, target: NumericTarget) -> str:
    if not change:
        return "増減なし"
    return figure(abs(change), target) + ("増" if change > 0 else "減")
