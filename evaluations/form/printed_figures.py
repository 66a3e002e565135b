"""How the form prints figures, years and the numbers of targets, and how they are parsed.

Parsers raise ValueError with a Japanese sentence.
"""

import re
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from evaluations.catalogue.words import ALL_TARGETS, NONE
from evaluations.form.contents import Contents, Indicator, NumericTarget, Plan, Relation
from evaluations.keys import TargetKey
from evaluations.progress import Progress, Undefined
from tokku.figures import Figure
from tokku.japanese import (
    DASH,
    circled,
    era_year,
    fiscal_year_name,
    fold,
    loose,
    number,
    parse_era_year,
    parse_number,
    plain,
)

MAN = 10_000

_LEVEL = re.compile(
    r"(?:(?P<baseline>[^→]+?)(?:[（(](?P<baseline_time>[^（()）→]*)[）)])?)?\s*→\s*"
    r"(?P<total>[^→]+?)(?:[（(](?P<time>[^（()）→]*)[）)])?"
)
# A half of a level may begin with its time: 令和3年度 7%.
_TIME_IN_FRONT = re.compile(
    r"\s*((?:令和|平成|昭和|[RrＲHhＨ]|(?:19|20)\d\d)\s*(?:元|[\d０-９]*)\s*年?度?(?:[\d０-９]{1,2}月)?末?(?:時点|現在)?)[\s:：]+(.+)"
)
_TIME = re.compile(
    r"(?P<year>(?:令和|平成|昭和|[RHS])(?:元|\d{1,2})|(?:19|20)\d\d)(?:年度?)?"
    r"(?:(?P<month>\d{1,2})月(?:\d{1,2}日)?)?(?:末|初め?|当初|時点|現在|頃|実績|平均|調査|値)*"
)
# A number after the dash may be one circled digit, or what a conversion made of it.
_KEY = re.compile(
    loose("数値目標(") + r"\s*(\d{1,3})\s*[）)](?:[ 　]*" + DASH + r"[ 　]*([①-⑳㉑-㊿]|\d{1,3}))?"
)
_MORE_KEYS = re.compile(r"[、，,・及び\s]*")
_SHORT_KEY = re.compile(
    r"[（(]\s*(\d{1,3})\s*[）)](?:[ 　]*" + DASH + r"[ 　]*([①-⑳㉑-㊿]|\d{1,3}))?"
)
# In letters; no figure is longer. The limit keeps backtracking expressions fast.
_LONGEST = 300


# Figures with their units


def figure(value: Figure | Decimal | None, target: NumericTarget) -> str:
    """116億円, with the digits that it was stated with, but no more than the target has. Blank for None."""
    return "" if value is None else Figure.of(value).printed(target.unit, target.decimals)


def parse_figure(text: str) -> Figure | None:
    """The figure of 116億円, with its unit; None for a blank or —."""
    if fold(text) in ("", fold(NONE)):
        return None
    try:
        return Figure.parse(text)
    except ValueError as error:
        raise ValueError(f"「{text[:_LONGEST]}」は{error}") from None


def percent(value: Progress) -> str:
    """129%; — where there is no progress, blank where a figure is missing."""
    if isinstance(value, Undefined):
        return NONE
    return "" if value is None else number(value, 0) + "%"


def parse_percent(text: str) -> Decimal | None:
    """145 for 145%; None for a blank or —."""
    printed = fold(text).rstrip("%")
    return None if printed in ("", fold(NONE)) else parse_number(printed)


def weight(value: Decimal | None) -> str:
    """33, with the digits that it was entered with; blank when there is none."""
    return "" if value is None else number(value)


def decimals_of(text: str) -> int:
    """How many decimals a printed figure has."""
    match = re.search(r"\.(\d+)", fold(text))
    return len(match[1]) if match else 0


# Totals


def cumulative_total(target: NumericTarget) -> str:
    """580億円, or 24.5万人 where the plan says so (FORM 3①)."""
    if target.total_in_man:
        man = Figure.of(Decimal(plain(target.total.number / MAN)))
        return replace(target.total, digits=man.digits).printed("万" + target.unit)
    return figure(target.total, target)


def level_total(target: NumericTarget, plan: Plan, written_in: int) -> str:
    """7%（平成22年度）→17%（平成28年度）, without the first half where there is no baseline."""
    goal_time = target.goal_time or fiscal_year_name(target.goal_year or plan.last_year, written_in)
    goal = f"{figure(target.total, target)}（{goal_time}）"
    if target.baseline is None or target.baseline_year is None:
        return f"→{goal}"
    baseline_time = target.baseline_time or fiscal_year_name(target.baseline_year, written_in)
    return f"{figure(target.baseline, target)}（{baseline_time}）→{goal}"


class LevelTotal(NamedTuple):
    """The parts of 7%（平成22年度）→17%（平成28年度）, as printed; "" where there is none."""

    baseline: str
    baseline_time: str
    total: str
    time: str


def parse_level_total(text: str) -> LevelTotal | None:
    """None when `text` is not of that form."""
    match = _LEVEL.fullmatch(text[:_LONGEST].strip())
    if not match:
        return None
    parts = match.groupdict("")
    for half, time in (("baseline", "baseline_time"), ("total", "time")):
        if not parts[time] and (in_front := _TIME_IN_FRONT.fullmatch(parts[half])):
            parts[time], parts[half] = in_front.groups()
    return LevelTotal(**parts)


def parse_time(text: str) -> int:
    """The fiscal year in which lies what 令和3年度末, 令和3年 or 令和4年3月末 names. ValueError when it names none.

    A year that is named without 年度 and without a month stands for itself.
    """
    match = _TIME.fullmatch(fold(text))
    try:
        if not match:
            raise ValueError(text)
        year = int(match["year"]) if match["year"].isdecimal() else parse_era_year(match["year"])
    except ValueError:
        raise ValueError(f"年度として読み取れません：{text}") from None
    return year - 1 if match["month"] and int(match["month"]) < 4 else year


def cumulative_years(plan: Plan, written_in: int) -> str:
    """5年間（令和4～令和8年度）累計："""
    years = f"{era_year(plan.first_year, written_in)}～{era_year(plan.last_year, written_in)}年度"
    return f"{len(plan.years)}年間（{years}）累計："


# Numbers of targets


def target_number(indicator: Indicator, target: NumericTarget, *, wide: bool = True) -> str:
    """（1）－① in the body, (1)－① in annexes; without －① when the indicator has one target only."""
    key = TargetKey(indicator.number, target.number)
    return number_of(key, len(indicator.targets), wide=wide)


def number_of(key: TargetKey, of_indicator: int, *, wide: bool = True) -> str:
    """As `target_number`, by how many targets the indicator has."""
    number = f"（{key.indicator}）" if wide else f"({key.indicator})"
    is_only = of_indicator == key.number == 1
    return number if is_only else f"{number}－{circled(key.number)}"


def target_numbers(keys: tuple[TargetKey, ...], contents: Contents, *, wide: bool = True) -> str:
    """数値目標（1）－①、数値目標（2）"""
    names = {
        key: "数値目標" + target_number(indicator, target, wide=wide)
        for key, indicator, target in contents.targets()
    }
    return "、".join(names[key] for key in keys)


def parse_target_key(text: str) -> TargetKey | None:
    """The key that `text` begins with; None when it begins with none."""
    match = _KEY.match(text)
    return _key(match) if match else None


def parse_target_keys(text: str) -> tuple[TargetKey, ...]:
    """The keys in 数値目標（1）－①、数値目標（2）. ValueError when there is anything else."""
    keys: list[TargetKey] = []
    position = 0
    while position < len(text):
        # 数値目標(2)、(4) leaves the words out of the second.
        match = _KEY.match(text, position) or (_SHORT_KEY.match(text, position) if keys else None)
        if not match:
            raise ValueError(f"数値目標の番号として読み取れません：{text[:_LONGEST]}")
        keys.append(_key(match))
        position = _MORE_KEYS.match(text, match.end()).end()
    return tuple(keys)


def _key(match: re.Match[str]) -> TargetKey:
    return TargetKey(int(match[1]), int(fold(match[2])) if match[2] else 1)


def relation(related: Relation, contents: Contents) -> str:
    """関連する数値目標: 全て, a list, or — (別紙2, 別紙3)."""
    if related.all_targets:
        return ALL_TARGETS
    return target_numbers(related.targets, contents, wide=False) or NONE


def parse_relation(text: str) -> Relation:
    folded = fold(text)
    if folded == ALL_TARGETS:
        return Relation(all_targets=True)
    if folded in ("", fold(NONE)):
        return Relation()
    return Relation(targets=parse_target_keys(text))
