"""Figures of numeric targets as texts state them: targets, actuals, progress, totals."""

import re
from collections.abc import Iterator
from decimal import Decimal

from evaluations.checks.mentions import Quantity, YearMention, year_mentions
from evaluations.checks.picture import Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.checks.statements.bounds import is_far_off, may_say
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
from tokku.japanese import fiscal_year_name, number

YEAR = r"(?:(?:令和|平成) ?(?:元|\d{1,2}) ?年度|[前昨]年度|本年度|今年度)"
_YEARS = rf"{YEAR}の(?:実績値?|進捗[度率]|達成率)?[の(]?{APPROXIMATELY}?"
_LABEL = re.compile(
    r"(?P<label>目標値?|実績値?|進捗[度率]|達成率)(?:として設定した値|として)?"
    rf"(?:(?:は|が|も|の|で|:|には)?、?[(「]?|は、?(?P<year>{YEAR})[のはが])(?:合計|合わせて)?{APPROXIMATELY}?(?=\d)"
)
# 実績値は、前年度の61件を上回る64件: the figure after the comparison is the year's, the one in it the earlier year's.
_COMPARED_LABEL = re.compile(
    r"(?P<label>実績値?|進捗[度率]|達成率)[はが]、?(?P<year>)"
    rf"{_YEARS}[\d,.]{{1,15}}[^\d、。]{{1,5}}を(?:[上下]回(?:る|り|って)|超え(?:る|て)?)、?{APPROXIMATELY}?(?=\d)"
)
_YEAR_BEFORE = re.compile(rf"{_YEARS}$")
# 認定実績 and 売上目標 are figures of something else; 年度目標値 and 当該年度実績値 are not.
_OF_SOMETHING = re.compile(r"[一-龥ァ-ヴー](?<![度各は])$")
_OWNER = re.compile(rf"(?:(?:^|[、。(「\s])|{YEAR}|全体|本特区|当特区|当該|この|その)の$")
_CUMULATIVE = re.compile(r"累計|年間|総数|期間")
_NAMED = re.compile(
    rf"」?(?P<label>)(?:(?:は|が|も)、?|\()(?:{YEAR}[はにで]?、?)?{APPROXIMATELY}?(?=\d)"
)
_INTENDED = re.compile(
    r"[^、。\n]{0,4}?(?:以上|以下|以内)?(?:を目標|を目指|を目途|とする|とした|と設定|を設定|を見込|の予定|を予定|を想定)"
    r"|の?(?:増|減|伸|上回|下回|多|少|うち|目標)|[ず]つ|を[上下]回"
)
# 実績値は20億円増加した states the change, not the value.
_CHANGED = re.compile(
    r"(?:ほど|程度|余り?|以上)?(?:の|も|分)?、?(?:増(?!資|築|設)|減|伸び|上積|上昇|低下|改善|拡大|縮小|落ち込|少な|多)"
)
_TARGET_COMPARED = re.compile(
    rf"目標(?:値|数|額)?(?:を|に(?:対し)?て?は?|と比(?:べ|較し)て|より)、?(?:大きく|大幅に|僅かに|わずかに)?{APPROXIMATELY}?(?=\d)"
)
_DIRECTION = re.compile(
    r"(?:も|ほど)?、?(?P<up>上回(?=った|り|って|る[結実])|超え(?=た|て|る[結実]|、)|超過(?=した|し[、て]))"
    r"|(?:も|ほど|には|)?、?(?P<down>下回(?=った|り|って|る[結実])|届か(?=なか|ず)|及ば(?=なか|ず)|不足(?=した|し[、て])|足り(?=なか|ず|ない))"
)
WHICH = "文と別紙1のどちらが正しいか確かめ、誤っている方を直してください。"


@check("文中の目標値・実績値", Level.BLOCKING)
def labelled_figure(picture: Picture) -> Iterator[Finding]:
    """目標値（10件）に対し、実績値（8件）、進捗度80% against the figures of 別紙1."""
    for statement, match, quantity, key, year in _labelled(picture):
        target = picture.contents.target(key)
        compared = _is_compared(statement, match, year)
        if expected := _figure_if_wrong(
            statement, quantity, target, match["label"], year, compared
        ):
            yield _figure_finding(labelled_figure, statement, match, quantity, key, year, expected)


@check("実績値・進捗度の桁違いの疑い", Level.CAUTION)
def far_bound(picture: Picture) -> Iterator[Finding]:
    """実績値は20億円を超えた where it is 168億円: true, but 20 may lack a digit."""
    for statement, match, quantity, key, year in _labelled(picture):
        value, unit, printed = _labelled_value(picture.contents.target(key), match["label"], year)
        if (
            value is not None
            and not match["label"].startswith("目標")
            and same_unit(quantity.unit, unit)
            and not _is_compared(statement, match, year)
            and may_say(statement.text, quantity, value)
            and is_far_off(statement.text, quantity, value)
        ):
            yield far_bound.finding(
                statement.passage,
                f"文の{match['label']}が、{fiscal_year_name(year)}の{printed}から大きく離れています。"
                "桁や単位に誤りがないか確かめてください。",
                words=statement.words(match.start(), quantity.end),
                found=statement.words(quantity.start, quantity.end),
                expected=printed,
            )


def _labelled(
    picture: Picture,
) -> Iterator[tuple[Statement, re.Match[str], Quantity, TargetKey, int]]:
    """Every figure that a text gives after its label (実績値は8件), with its target and year."""
    for statement in statements(picture, "目標", "実績", "進捗", "達成率"):
        for match in (*_LABEL.finditer(statement.text), *_COMPARED_LABEL.finditer(statement.text)):
            quantity = statement.quantity_at(match.end())
            if not quantity or not _is_of_zone(statement, match):
                continue
            if _CHANGED.match(statement.text, quantity.end):
                continue
            compared_year = _compared_year(statement, match)
            year = (
                statement.fiscal_year(compared_year) if compared_year else statement.year_of(match)
            )
            for key in statement.targets(match.start()) if year else ():
                if statement.is_about(match.start(), picture.contents.target(key)):
                    yield statement, match, quantity, key, year


def _compared_year(statement: Statement, match: re.Match[str]) -> YearMention | None:
    """The year before a figure that another one is compared with: 前年度の61件, 令和4年度の実績値61件."""
    words = _YEAR_BEFORE.search(statement.text, max(match.start() - 12, 0), match.end())
    return next(year_mentions(words[0])) if words else None


def _is_compared(statement: Statement, match: re.Match[str], year: int) -> bool:
    return year < statement.picture.year and _compared_year(statement, match) is not None


def _is_of_zone(statement: Statement, match: re.Match[str]) -> bool:
    """Whether a label means the zone's figure: not 交付実績, 横浜市の実績 or a figure of several years."""
    before = statement.text[max(match.start() - 12, 0) : match.start()]
    if _CUMULATIVE.search(before) or _OF_SOMETHING.search(before):
        return False
    if not before.endswith("の"):
        return True
    mention = statement.mention_before(match.start())
    return bool(_OWNER.search(before)) or bool(mention and mention.end == match.start() - 1)


def _figure_if_wrong(
    statement: Statement,
    quantity: Quantity,
    target: NumericTarget,
    label: str,
    year: int,
    compared: bool = False,
) -> str:
    """The figure as the form prints it, where the text states another one; "" where that agrees or is unknown."""
    value, unit, printed = _labelled_value(target, label, year)
    if value is None or not same_unit(quantity.unit, unit):
        return ""
    if label.startswith("目標"):
        # 目標値の10件を下回った states the target itself.
        approximate = is_approximate(statement.text, quantity)
        accepted = (value, target.total.number * scale(target)[0])
        is_right = any(
            agrees(quantity, accepted_value, approximate=approximate) for accepted_value in accepted
        )
    else:
        is_right = may_say(statement.text, quantity, value, compared=compared)
    return "" if is_right else printed


def _labelled_value(
    target: NumericTarget, label: str, year: int
) -> tuple[Decimal | None, str, str]:
    """The figure that a label means: its value in the unit of sentences, that unit, and the printed figure."""
    if label.startswith(("進捗", "達成率")):
        progress = target.progress(year)
        is_known = isinstance(progress, Decimal)
        return (progress, "%", f"{number(progress, 0)}%") if is_known else (None, "%", "")
    factor, unit = scale(target)
    figures = target.figures(year)
    value = figures.target if label.startswith("目標") else figures.actual
    return None if value is None else value * factor, unit, figure(value, target)


def _figure_finding(failed_check, statement, match, quantity, key, year, expected) -> Finding:
    return failed_check.finding(
        statement.passage,
        f"文の{match['label'] or '数値'}が、{fiscal_year_name(year)}の{figures_text(statement.picture, key, year)}"
        f"と合いません。{WHICH}",
        words=statement.words(match.start(), quantity.end),
        found=statement.words(quantity.start, quantity.end),
        expected=expected,
    )


@check("数値目標の名に続く実績", Level.CAUTION)
def named_figure(picture: Picture) -> Iterator[Finding]:
    """新規事業化件数は8件: a number right after a target's name must be its actual or its target value."""
    for statement in statements(picture, *(name for name in picture.target_names)):
        if statement.passage.source.field in ("strategy", "target_basis"):
            continue
        for mention in statement.mentions:
            match = _NAMED.match(statement.text, mention.end)
            quantity = match and statement.quantity_at(match.end())
            if not mention.key or not quantity or _INTENDED.match(statement.text, quantity.end):
                continue
            year = statement.year_of_quantity(quantity)
            target = picture.contents.target(mention.key)
            if not year or mention.key not in statement.targets(match.end()):
                continue
            expected = _figure_if_wrong(statement, quantity, target, "実績値", year)
            if expected and _figure_if_wrong(statement, quantity, target, "目標値", year):
                yield _figure_finding(
                    named_figure, statement, match, quantity, mention.key, year, expected
                )


@check("評価指標の進捗度", Level.BLOCKING)
def indicator_progress(picture: Picture) -> Iterator[Finding]:
    """評価指標（1）の進捗度は129%, or 進捗度は（1）が129%、（2）が100%, against 3①."""
    progress = {
        indicator.number: indicator.progress(picture.year)
        for indicator in picture.contents.indicators
    }
    for statement in statements(picture, "評価指標"):
        if "進捗" not in statement.text:
            continue
        for match in _INDICATOR.finditer(statement.text):
            quantity = statement.quantity_at(match.end())
            value = progress.get(int(match["number"]))
            if (
                not quantity
                or quantity.unit != "%"
                or not isinstance(value, Decimal)
                or may_say(statement.text, quantity, value)
                or statement.year(match.start()) != picture.year
            ):
                continue
            yield indicator_progress.finding(
                statement.passage,
                f"評価指標（{match['number']}）の進捗度が、3①の{number(value, 0)}%と違います。"
                "3①に合わせて直してください。",
                words=statement.words(match.start(), quantity.end),
                found=statement.words(quantity.start, quantity.end),
                expected=f"{number(value, 0)}%",
            )


_INDICATOR = re.compile(
    r"\((?P<number>\d{1,3})\)(?:の|における)?(?:進捗[度率])?(?:については?|は|が|:)?、?[(「]?(?:進捗[度率](?:は|が)?)?(?=\d)"
)


@check("目標値との差", Level.BLOCKING)
def excess(picture: Picture) -> Iterator[Finding]:
    """目標値を52億円上回った against the difference of actual and target."""
    for statement in statements(picture, "目標"):
        for match in _TARGET_COMPARED.finditer(statement.text):
            quantity = statement.quantity_at(match.end())
            direction = quantity and _DIRECTION.match(statement.text, quantity.end)
            year = statement.year(match.start())
            if not direction or not year or is_denied(statement.text, direction.start()):
                continue
            for key in statement.targets(match.start()):
                target = picture.contents.target(key)
                figures = target.figures(year)
                factor, unit = scale(target)
                if None in (figures.target, figures.actual) or not same_unit(quantity.unit, unit):
                    continue
                difference = figures.actual - figures.target
                stated = difference if direction["up"] else -difference
                approximate = is_approximate(statement.text, quantity)
                if agrees(quantity, stated * factor, approximate=approximate):
                    continue
                # 目標値の10件に届かなかった states the target itself.
                if (
                    direction["down"]
                    and agrees(quantity, figures.target * factor)
                    and difference < 0
                ):
                    continue
                yield excess.finding(
                    statement.passage,
                    f"目標値との差が、{fiscal_year_name(year)}の{figures_text(picture, key, year)}から計算した"
                    f"{figure(abs(difference), target)}の{'超過' if difference > 0 else '不足'}と合いません。{WHICH}",
                    words=statement.words(match.start(), direction.end()),
                    found=statement.words(quantity.start, quantity.end),
                    expected=figure(abs(difference), target),
                )
