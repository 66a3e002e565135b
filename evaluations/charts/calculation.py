"""How a figure that the form prints is computed: the formula, its figures in it, rounding and result. No queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from evaluations.catalogue import annex1_targets as labels
from evaluations.charts.visible_figures import VisibleFigures
from evaluations.form.contents import Indicator
from evaluations.form.printed_figures import figure, percent, weight
from evaluations.keys import TargetKey
from evaluations.models.targets import Aggregation
from evaluations.progress import (
    PENDING,
    Formula,
    Progress,
    counted,
    indicator_progress,
    target_progress,
)
from tokku.figures import Figure, total_of
from tokku.japanese import fiscal_year_name, number

# The text of each formula; WORDS or figures go into the places.
FORMULAS = {
    Formula.RATIO: "{actual} ÷ {target} × 100",
    Formula.IMPROVEMENT: "（{actual} − {baseline}）÷（{target} − {baseline}）× 100",
    Formula.LESS_IS_BETTER: "{target} ÷ {actual} × 100",
    Formula.DIFFERENCE: "100 ＋（{actual} − {target}）÷｜{target}｜× 100",
}
WORDS = {"actual": "実績値", "target": "目標値", "baseline": "基準値"}
ROUNDING = "小数点以下を四捨五入します。計算の途中では丸めません。"
NO_RESULT = (
    "目標値がない、目標値が0又は負である、0で割ることになる、又は調査のない年度であるため、計算できません。"
    "評価書には「—」と記載します。"
)
PENDING_ACTUAL = "実績値がまだ分からないため、計算していません。評価書には「—」と記載します。"
NOT_YET = (
    "まだ入力されていない、又は表示できない値があるため、計算していません。評価書では空欄です。"
)
# Decimals of a percentage before rounding. It is computed again with three times as many to see whether it is exact.
UNROUNDED_DECIMALS = 4


@dataclass(frozen=True)
class Calculation:
    """`filled` is the formula with its figures, `exact` its value before rounding; or `why_not` says why there is none."""

    title: str
    clause: str  # where the form prints the result
    formula: str
    result: str
    filled: str = ""
    exact: str = ""
    rounding: str = ""
    why_not: str = ""


def actual_calculation(
    visible_figures: VisibleFigures, key: TargetKey, year: int, parts: Sequence[Figure | None]
) -> Calculation:
    """The zone's actual, from the reported `parts` that this person sees."""
    target = visible_figures.contents.target(key)
    actual = target.of_year(year).actual
    filled = rounding = ""
    if target.aggregation == Aggregation.ONCE:
        formula = "特区全体の値として一度だけ入力された値"
    elif len(parts) > 1:
        formula = "各自治体の実績値の合計"
        if actual is not None and total_of(parts) == actual:
            filled = " ＋ ".join(figure(part, target) for part in parts)
            rounding = "合計は丸めません。"
    else:
        formula = "入力された値"
    return Calculation(
        f"特区の実績値（{fiscal_year_name(year)}）",
        f"本文3①、別紙1「{labels.ACTUAL_VALUE.of(visible_figures.contents.fiscal_year)}」",
        formula,
        figure(actual, target),
        filled,
        rounding=rounding,
        why_not=NOT_YET if actual is None else "",
    )


def target_calculation(visible_figures: VisibleFigures, key: TargetKey, year: int) -> Calculation:
    """進捗度 of a numeric target in a year (FORM 別紙1)."""
    target = visible_figures.contents.target(key)
    figures, stated = target.figures(year), target.of_year(year)
    formula = FORMULAS[figures.formula]
    filled = formula.format(
        actual=figure(stated.actual, target),
        target=figure(stated.target, target),
        baseline=figure(target.baseline, target),
    )
    return _of_percentage(
        f"数値目標の進捗度（{fiscal_year_name(year)}）",
        f"本文3①、別紙1「{labels.PROGRESS.of(visible_figures.contents.fiscal_year)}」",
        formula.format(**WORDS),
        visible_figures.progress(key, year),
        filled,
        [
            target_progress(figures, decimals)
            for decimals in (UNROUNDED_DECIMALS, 3 * UNROUNDED_DECIMALS)
        ],
    )


def indicator_calculation(visible_figures: VisibleFigures, indicator: Indicator) -> Calculation:
    """進捗度 of an indicator in the evaluated year (FORM 3①)."""
    year = visible_figures.contents.fiscal_year
    figures = [
        target.figures(year) for target in indicator.targets if not target.assessment.qualitative
    ]
    counting = counted(figures)
    percents = [
        _exact(target_progress(year_figures, UNROUNDED_DECIMALS)) for year_figures, _ in counting
    ]
    weights = [weight(share) or "未入力" for _, share in counting]
    if len(counting) == 1:
        formula, filled = "数値目標が一つのため、その進捗度", percents[0]
    elif all(year_figures.weight is None for year_figures, _ in counting):
        formula = "各数値目標の進捗度の合計 ÷ 数値目標の数"
        filled = f"（{' ＋ '.join(percents)}）÷ {len(counting)}"
    else:
        formula = "（各数値目標の進捗度 × 寄与度）の合計 ÷ 寄与度の合計"
        products = (
            f"{progress} × {share}" for progress, share in zip(percents, weights, strict=True)
        )
        filled = f"（{' ＋ '.join(products)}）÷（{' ＋ '.join(weights)}）"
    return _of_percentage(
        f"評価指標の進捗度（{fiscal_year_name(year)}）",
        "本文3①",
        formula,
        visible_figures.progress(indicator.number, year),
        filled,
        [
            indicator_progress(figures, decimals)
            for decimals in (UNROUNDED_DECIMALS, 3 * UNROUNDED_DECIMALS)
        ],
    )


def _of_percentage(
    title: str, clause: str, formula: str, result: str, filled: str, values: Sequence[Progress]
) -> Calculation:
    """`values`: the percentage with UNROUNDED_DECIMALS, and with three times as many."""
    formula = f"進捗度（%）＝ {formula}"
    value, finer = values
    if not isinstance(value, Decimal):
        why_not = PENDING_ACTUAL if value is PENDING else NO_RESULT if percent(value) else NOT_YET
        return Calculation(title, clause, formula, result, why_not=why_not)
    exact = ("" if value == finer else "約") + number(value) + "%"
    return Calculation(title, clause, formula, result, filled, exact, ROUNDING)


def _exact(value: Progress) -> str:
    return number(value) if isinstance(value, Decimal) else "未入力"
