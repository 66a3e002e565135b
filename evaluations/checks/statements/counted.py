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

_PART = re.compile(
    rf"(?P<count>{COUNT})(?:の(?:数値)?目標|の項目|の指標|の評価指標)?(?:において|について|で|が|は|も|の|を)?は?、?{HOW}"
    rf"(?:{GOAL}(?:を|に|が|は|には)?{HOW})?"
    rf"(?:(?P<missed>{MISSED})|(?P<below>{BELOW})|(?P<reached>{REACHED})|(?P<exceeded>{EXCEEDED}))"
)
_WHOLE = re.compile(
    rf"(?:(?P<count>{COUNT})の(?P<what>数値目標|評価指標)|(?P<what2>数値目標|評価指標)(?P<count2>{COUNT}))"
)
_OF_WHAT = re.compile(
    rf"(?:(?P<what>数値目標|評価指標)|(?P<count>{COUNT})(?P<of>の目標)?)(?:のうち|の内|の中で?|中)、?[^。]{{0,60}}?$"
)
_AMONG = re.compile(r"(?:のうち|の内|の中で?|中)、?")
_WITHOUT = re.compile(r"[」)]?(?:を除|以外)")
_ALL = re.compile(
    rf"(?:全て|すべて|全|いずれ)の?(?:\d{{1,2}}つ?の?)?(?P<what>(?:数値)?目標値?|評価指標|指標|項目)(?:において|について|で|が|を|は|も|に)?は?、?(?:{GOAL}(?:を|に))?(?:{REACHED}|{EXCEEDED})"
    rf"|(?P<what2>数値目標|評価指標)(?:を|は|が)、?(?:全て|すべて|いずれも|全項目で)(?:で|の項目で)?(?:{GOAL}(?:を|に))?(?:{REACHED}|{EXCEEDED})"
)


@check("達成を述べる数値目標の数", Level.BLOCKING)
def number_of_targets(picture: Picture) -> Iterator[Finding]:
    """6つの数値目標のうち: how many there are, in all or of the indicator that is named."""
    targets = sum(1 for _ in picture.contents.targets())
    of_indicator = {ind.number: len(ind.targets) for ind in picture.contents.indicators}
    for statement in statements(picture, "数値目標", "評価指標"):
        for match in _WHOLE.finditer(statement.text):
            what = match["what"] or match["what2"]
            count = _value(match["count"] or match["count2"])
            right = [targets if what == "数値目標" else len(of_indicator)]
            if what == "数値目標":
                right.append(of_indicator.get(statement.indicator(match.start()), targets))
            if count is None or count in right or not _AMONG.match(statement.text, match.end()):
                continue
            yield number_of_targets.finding(
                statement.passage,
                f"{what}の数が、3①にある{right[0]}つと違います。数えて直してください。",
                words=statement.words(*match.span()),
                found=statement.words(*match.span()),
                expected=f"{right[0]}つ",
            )


@check("達成した目標の数", Level.BLOCKING)
def targets_reached(picture: Picture) -> Iterator[Finding]:
    """6つの数値目標のうち5項目で目標を達成した: how many reached theirs, and which did not."""
    for statement in statements(picture, "目標", "指標"):
        for match in _PART.finditer(statement.text):
            what, of_all = _counted(statement, match)
            year = statement.year(match.start())
            count = _value(match["count"])
            if not what or not year or count is None:
                continue
            indicator = None if of_all else statement.indicator(match.start())
            reached = _reached_of(picture, what, year, indicator)
            if not reached:
                continue
            missed = bool(match["missed"] or match["below"])
            right = [sum(1 for one in reached.values() if one != missed)]
            if match["exceeded"] and what == "数値目標":
                right.append(_exceeded(picture, year, indicator))
            if count not in right:
                yield targets_reached.finding(
                    statement.passage,
                    f"{fiscal_year_name(year)}の実績値では、{'達していない' if missed else '目標に達した'}"
                    f"{what}は{right[0]}つです。3①の進捗度を確かめ、数を直してください。",
                    words=statement.words(*match.span()),
                    found=statement.words(*match.span("count")),
                    expected=f"{right[0]}つ",
                )
            elif what == "数値目標" and not missed:
                yield from _left_out(statement, match, reached)


def _counted(statement: Statement, match: re.Match[str]) -> tuple[str, bool]:
    """数値目標 or 評価指標, whichever is counted, and whether of all: 6つの数値目標のうち5つ."""
    before = statement.text[max(match.start() - 90, 0) : match.start()]
    wholes = [one for one in _WHOLE.finditer(before) if _AMONG.match(before, one.end())]
    if wholes:
        what = wholes[-1]["what"] or wholes[-1]["what2"]
        count = _value(wholes[-1]["count"] or wholes[-1]["count2"])
        return what, what == "評価指標" or count == sum(
            1 for _ in statement.picture.contents.targets()
        )
    counted = re.search("の(数値目標|評価指標)", match[0])
    if counted:
        return counted[1], False
    among = _OF_WHAT.search(before)
    if not among or among["what"]:
        return (among["what"] if among else ""), False
    all_of_them = _value(among["count"]) == sum(1 for _ in statement.picture.contents.targets())
    said = among["of"] or "目標" in match[0]
    return ("数値目標" if all_of_them and said else ""), all_of_them


def _reached_of(
    picture: Picture, what: str, year: int, indicator: int | None
) -> dict[TargetKey | int, bool]:
    """Which reached theirs in a year, of all or of one indicator; none while one has no figures."""
    if what == "評価指標":
        progress = {ind.number: ind.progress(year) for ind in picture.contents.indicators}
        right = {n: p >= 100 if isinstance(p, Decimal) else None for n, p in progress.items()}
    else:
        right = {
            key: None if target.assessment.qualitative else is_reached(target, year)
            for key, _, target in picture.contents.targets()
            if indicator in (None, key.indicator)
        }
    return {} if None in right.values() else right


def _exceeded(picture: Picture, year: int, indicator: int | None) -> int:
    """How many are above their targets; those that just reached them are not."""
    return sum(
        not is_false("exceeded", target, year)
        for key, _, target in picture.contents.targets()
        if indicator in (None, key.indicator)
    )


def _left_out(
    statement: Statement, match: re.Match[str], right: dict[TargetKey, bool]
) -> Iterator[Finding]:
    """6つのうちAを除く5つ: A is the one that did not reach it."""
    for mention in statement.mentions_before(match.start(), 3):
        if mention.start < match.start() - 60 or not right.get(mention.key):
            continue
        if _WITHOUT.match(statement.text, mention.end):
            others = "、".join(
                f"数値目標{target_number(indicator, target)}"
                for key, indicator, target in statement.picture.contents.targets()
                if not right.get(key, True)
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
    """全ての数値目標を達成した, while one did not."""
    for statement in statements(picture, "目標", "指標", "項目"):
        for match in _ALL.finditer(statement.text):
            year = statement.year(match.start())
            before = statement.text[max(match.start() - 12, 0) : match.start()]
            if not year or statement.passage.target or re.search(r"除|以外|うち", before):
                continue
            only = statement.indicator(match.start())
            if "指標" in (match["what"] or match["what2"]):
                missed = [
                    f"評価指標（{number}）"
                    for number, reached in _reached_of(picture, "評価指標", year, None).items()
                    if not reached
                ]
            else:
                missed = [
                    f"数値目標{target_number(indicator, target)}"
                    for key, indicator, target in picture.contents.targets()
                    if only in (None, key.indicator) and is_false("reached", target, year)
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


def _value(count: str) -> int | None:
    """Of 6つ, 五つ, 6指標."""
    digits = re.match(r"\d{1,2}", count)
    if digits:
        return int(digits[0])
    found = next(quantities(count[0] + "つ"), None)
    return int(found.value) if found else None
