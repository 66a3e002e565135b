"""How the form prints figures, years and the numbers of targets, and how they are parsed.

Parsers raise ValueError with a Japanese sentence.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from evaluations.catalogue.words import ALL_TARGETS, NONE
from evaluations.form.contents import Contents, Indicator, NumericTarget, Plan, Relation
from evaluations.keys import TargetKey
from evaluations.progress import UNDEFINED, Progress
from tokku.japanese import (
    DASH,
    circled,
    era_year,
    fiscal_year_name,
    fold,
    has_invisible_character,
    hint_on_unreadable,
    loose,
    number,
    parse_number,
)

MAN = 10_000

# Units are prose (㎡), so only the digits are folded.
_FIGURE = re.compile(r"\s*([△▲−－-]?\s*\d[\d,，]*(?:[.．]\d+)?)\s*([^\d\s.,．，].*?)?\s*")
_LEVEL = re.compile(
    r"(?:(?P<baseline>[^→]+?)(?:[（(](?P<baseline_year>[^（()）→]*)[）)])?)?\s*→\s*"
    r"(?P<total>[^→]+?)(?:[（(](?P<year>[^（()）→]*)[）)])?"
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


def figure(value: Decimal | None, target: NumericTarget) -> str:
    """116億円; blank when it was not entered."""
    return "" if value is None else number(value, target.decimals) + target.unit


def parse_figure(text: str) -> tuple[Decimal | None, str]:
    """The value and the unit of 116億円; (None, "") for a blank or —."""
    if fold(text) in ("", fold(NONE)):
        return None, ""
    match = _FIGURE.fullmatch(text[:_LONGEST])
    if not match or has_invisible_character(text):
        raise ValueError(f"数値として読み取れません：{text[:_LONGEST]}{hint_on_unreadable(text)}")
    return parse_number(match[1]), match[2] or ""


def percent(value: Progress) -> str:
    """129%; — where progress is undefined, blank where a figure is missing."""
    if value is UNDEFINED:
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
        return number(target.total / MAN) + "万" + target.unit
    return figure(target.total, target)


def level_total(target: NumericTarget, plan: Plan) -> str:
    """7%（平成22年度）→17%（平成28年度）, without the first half where there is no baseline."""
    goal = f"{figure(target.total, target)}（{fiscal_year_name(plan.last_year)}）"
    if target.baseline is None or target.baseline_year is None:
        return f"→{goal}"
    return f"{figure(target.baseline, target)}（{fiscal_year_name(target.baseline_year)}）→{goal}"


class LevelTotal(NamedTuple):
    """The parts of 7%（平成22年度）→17%（平成28年度）, as printed; "" where there is none."""

    baseline: str
    baseline_year: str
    total: str
    year: str


def parse_level_total(text: str) -> LevelTotal | None:
    """None when `text` is not of that form."""
    match = _LEVEL.fullmatch(text[:_LONGEST].strip())
    return LevelTotal(**match.groupdict("")) if match else None


def cumulative_years(plan: Plan) -> str:
    """5年間（令和4～令和8年度）累計："""
    years = f"{era_year(plan.first_year)}～{era_year(plan.last_year)}年度"
    return f"{len(plan.years)}年間（{years}）累計："


# Numbers of targets


def target_number(indicator: Indicator, target: NumericTarget, *, wide: bool = True) -> str:
    """（1）－① in the body, (1)－① in annexes; without －① when the indicator has one target only."""
    number = f"（{indicator.number}）" if wide else f"({indicator.number})"
    return number if _is_only(indicator, target) else f"{number}－{circled(target.number)}"


def _is_only(indicator: Indicator, target: NumericTarget) -> bool:
    return len(indicator.targets) == 1 and target.number == 1


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
