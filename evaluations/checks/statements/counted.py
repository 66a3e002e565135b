"""How many targets were reached, as texts count them: 6つのうち5つ, 全て."""

import re
from collections.abc import Iterator
from decimal import Decimal

from evaluations.checks.mentions import quantities
from evaluations.checks.picture import Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.checks.statements.reached import (
    BELOW,
    COUNT,
    EXCEEDED,
    GOAL,
    HOW,
    MISSED,
    REACHED,
    is_false,
    is_reached,
)
from evaluations.checks.statements.subjects import Statement, statements
from evaluations.form.printed_figures import target_number
from evaluations.keys import TargetKey
from tokku.japanese import fiscal_year_name

_PART_REACHED = re.compile(
    rf"(?P<count>{COUNT})(?:の(?:数値)?目標|の項目|の指標|の評価指標)?(?:において|について|で|が|は|も|の|を)?は?、?{HOW}"
    rf"(?:{GOAL}(?:を|に|が|は|には)?{HOW})?"
    rf"(?:(?P<missed>{MISSED})|(?P<below>{BELOW})|(?P<reached>{REACHED})|(?P<exceeded>{EXCEEDED}))"
)
_TOTAL_COUNT = re.compile(
    rf"(?:(?P<count>{COUNT})の(?P<what>数値目標|評価指標)|(?P<what2>数値目標|評価指標)(?P<count2>{COUNT}))"
)
_OF_WHAT = re.compile(
    rf"(?:(?P<what>数値目標|評価指標)|(?P<count>{COUNT})(?P<of>の目標)?)(?:のうち|の内|の中で?|中)、?[^。]{{0,60}}?$"
)
_AMONG = re.compile(r"(?:のうち|の内|の中で?|中)、?")
_WITHOUT = re.compile(r"[」)]?(?:を除|以外)")
_ALL_REACHED = re.compile(
    rf"(?:全て|すべて|全|いずれ)の?(?:\d{{1,2}}つ?の?)?(?P<what>(?:数値)?目標値?|評価指標|指標|項目)(?:において|について|で|が|を|は|も|に)?は?、?(?:{GOAL}(?:を|に))?(?:{REACHED}|{EXCEEDED})"
    rf"|(?P<what2>数値目標|評価指標)(?:を|は|が)、?(?:全て|すべて|いずれも|全項目で)(?:で|の項目で)?(?:{GOAL}(?:を|に))?(?:{REACHED}|{EXCEEDED})"
)


@check("達成を述べる数値目標の数", Level.BLOCKING)
def number_of_targets(picture: Picture) -> Iterator[Finding]:
    """6つの数値目標のうち against the number of targets in all, or of the indicator that the text names."""
    total = sum(1 for _ in picture.contents.targets())
    indicator_calculation = {
        indicator.number: len(indicator.targets) for indicator in picture.contents.indicators
    }
    for statement in statements(picture, "数値目標", "評価指標"):
        for match in _TOTAL_COUNT.finditer(statement.text):
            kind = match["what"] or match["what2"]
            count = _count_value(match["count"] or match["count2"])
            accepted = [total if kind == "数値目標" else len(indicator_calculation)]
            if kind == "数値目標":
                accepted.append(
                    indicator_calculation.get(statement.indicator(match.start()), total)
                )
            if count is None or count in accepted or not _AMONG.match(statement.text, match.end()):
                continue
            yield number_of_targets.finding(
                statement.passage,
                f"{kind}の数が、3①にある{accepted[0]}つと違います。数えて直してください。",
                words=statement.words(*match.span()),
                found=statement.words(*match.span()),
                expected=f"{accepted[0]}つ",
            )


@check("達成した目標の数", Level.BLOCKING)
def targets_reached(picture: Picture) -> Iterator[Finding]:
    """6つの数値目標のうち5項目で目標を達成した against how many targets or indicators were reached."""
    for statement in statements(picture, "目標", "指標"):
        for match in _PART_REACHED.finditer(statement.text):
            kind, of_all = _counted_kind(statement, match)
            year = statement.year(match.start())
            count = _count_value(match["count"])
            if not kind or not year or count is None:
                continue
            indicator = None if of_all else statement.indicator(match.start())
            reached = _reached(picture, kind, year, indicator)
            if not reached:
                continue
            missed = bool(match["missed"] or match["below"])
            accepted = [sum(1 for value in reached.values() if value != missed)]
            if match["exceeded"] and kind == "数値目標":
                accepted.append(_number_exceeded(picture, year, indicator))
            if count not in accepted:
                yield targets_reached.finding(
                    statement.passage,
                    f"{fiscal_year_name(year)}の実績値では、{'達していない' if missed else '目標に達した'}"
                    f"{kind}は{accepted[0]}つです。3①の進捗度を確かめ、数を直してください。",
                    words=statement.words(*match.span()),
                    found=statement.words(*match.span("count")),
                    expected=f"{accepted[0]}つ",
                )
            elif kind == "数値目標" and not missed:
                yield from _exclusion_findings(statement, match, reached)


def _counted_kind(statement: Statement, match: re.Match[str]) -> tuple[str, bool]:
    """What is counted, 数値目標 or 評価指標 ("" where unclear), and whether it is counted of the whole zone's."""
    before = statement.text[max(match.start() - 90, 0) : match.start()]
    totals = [total for total in _TOTAL_COUNT.finditer(before) if _AMONG.match(before, total.end())]
    if totals:
        kind = totals[-1]["what"] or totals[-1]["what2"]
        count = _count_value(totals[-1]["count"] or totals[-1]["count2"])
        return kind, kind == "評価指標" or count == sum(
            1 for _ in statement.picture.contents.targets()
        )
    counted = re.search("の(数値目標|評価指標)", match[0])
    if counted:
        return counted[1], False
    among = _OF_WHAT.search(before)
    if not among or among["what"]:
        return (among["what"] if among else ""), False
    all_of_them = _count_value(among["count"]) == sum(
        1 for _ in statement.picture.contents.targets()
    )
    is_of_targets = among["of"] or "目標" in match[0]
    return ("数値目標" if all_of_them and is_of_targets else ""), all_of_them


def _reached(
    picture: Picture, kind: str, year: int, indicator: int | None
) -> dict[TargetKey | int, bool]:
    """Whether each target or indicator was reached in a year; empty while one of them has no figures.

    `indicator` limits targets to those of one indicator. Keys are target keys, or numbers of indicators.
    """
    if kind == "評価指標":
        progress = {
            indicator.number: indicator.progress(year) for indicator in picture.contents.indicators
        }
        reached = {
            number: value >= 100 if isinstance(value, Decimal) else None
            for number, value in progress.items()
        }
    else:
        reached = {
            key: None if target.assessment.qualitative else is_reached(target, year)
            for key, _, target in picture.contents.targets()
            if indicator in (None, key.indicator)
        }
    return {} if None in reached.values() else reached


def _number_exceeded(picture: Picture, year: int, indicator: int | None) -> int:
    """How many targets were exceeded, not merely reached."""
    return sum(
        not is_false("exceeded", target, year)
        for key, _, target in picture.contents.targets()
        if indicator in (None, key.indicator)
    )


def _exclusion_findings(
    statement: Statement, match: re.Match[str], reached: dict[TargetKey, bool]
) -> Iterator[Finding]:
    """A finding for each target that 6つのうちAを除く5つ excludes although it was reached."""
    for mention in statement.mentions_before(match.start(), 3):
        if mention.start < match.start() - 60 or not reached.get(mention.key):
            continue
        if _WITHOUT.match(statement.text, mention.end):
            others = "、".join(
                f"数値目標{target_number(indicator, target)}"
                for key, indicator, target in statement.picture.contents.targets()
                if not reached.get(key, True)
            )
            yield targets_reached.finding(
                statement.passage,
                "目標に達しなかったものとして挙げられていますが、実績値は目標値に達しています。"
                f"達していないのは{others}です。どちらかを直してください。",
                words=statement.words(mention.start, mention.end),
                found=statement.words(mention.start, mention.end),
                expected=others,
            )


@check("全ての目標の達成", Level.BLOCKING)
def all_reached(picture: Picture) -> Iterator[Finding]:
    """全ての数値目標を達成した although one was missed."""
    for statement in statements(picture, "目標", "指標", "項目"):
        for match in _ALL_REACHED.finditer(statement.text):
            year = statement.year(match.start())
            before = statement.text[max(match.start() - 12, 0) : match.start()]
            if not year or statement.passage.target or re.search(r"除|以外|うち", before):
                continue
            indicator_number = statement.indicator(match.start())
            if "指標" in (match["what"] or match["what2"]):
                missed = [
                    f"評価指標（{number}）"
                    for number, reached in _reached(picture, "評価指標", year, None).items()
                    if not reached
                ]
            else:
                missed = [
                    f"数値目標{target_number(indicator, target)}"
                    for key, indicator, target in picture.contents.targets()
                    if indicator_number in (None, key.indicator)
                    and is_false("reached", target, year)
                ]
            if missed:
                yield all_reached.finding(
                    statement.passage,
                    f"全ての目標に達したとする文ですが、{'、'.join(missed)}は目標値に達していません。"
                    "実績値を確かめ、文を直してください。",
                    words=statement.words(*match.span()),
                    found=statement.words(*match.span()),
                    expected="、".join(missed) + "は未達",
                )


def _count_value(count: str) -> int | None:
    """The number in 6つ, 五つ or 6指標."""
    digits = re.match(r"\d{1,2}", count)
    if digits:
        return int(digits[0])
    quantity = next(quantities(count[0] + "つ"), None)
    return int(quantity.value) if quantity else None
