"""Arithmetic of the form: Decimal in, Decimal out. No queries, no models.

Ratios are exact fractions inside and are rounded half up (四捨五入) once, when they leave.
A figure that was not entered is None and never 0. A result is None where a figure it needs was
not entered yet. It is printed as — where there is none: UNDEFINED without a target, with a target
of 0 or in a year without a survey, PENDING where the actual is not known yet (未集計).
"""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Final, NamedTuple

from tokku.japanese import round_half_up


class Formula(StrEnum):
    """How a numeric target's 進捗度 follows from its figures."""

    RATIO = "ratio"
    IMPROVEMENT = "improvement"
    LESS_IS_BETTER = "less_is_better"
    DIFFERENCE = "difference"

    @property
    def label(self) -> str:
        return {
            Formula.RATIO: "実績値 ÷ 目標値",
            Formula.IMPROVEMENT: "（実績値 − 基準値）÷（目標値 − 基準値）",
            Formula.LESS_IS_BETTER: "目標値 ÷ 実績値（小さいほど良い）",
            Formula.DIFFERENCE: "1 ＋（実績値 − 目標値）÷ 目標値の絶対値（目標差。負になり得る目標）",
        }[self]


class Undefined:
    """The progress where there is none, which is printed as —."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


UNDEFINED: Final = Undefined("UNDEFINED")  # there can be none
PENDING: Final = Undefined("PENDING")  # there will be one

Progress = Decimal | Undefined | None


class Figures(NamedTuple):
    """The figures from which the progress of a numeric target in a year is computed, in the target's unit.

    `without_actual` is the progress where there is an answer in place of an actual.
    """

    target: Decimal | None
    actual: Decimal | None
    formula: Formula = Formula.RATIO
    baseline: Decimal | None = None
    weight: Decimal | None = None  # 寄与度, in any scale
    without_actual: Undefined | None = None


def target_progress(figures: Figures, decimals: int = 0) -> Progress:
    """進捗度 of a numeric target in a year, in percent (FORM 別紙1)."""
    return _rounded(_percent(figures), decimals)


def indicator_progress(targets: Sequence[Figures], decimals: int = 0) -> Progress:
    """進捗度 of an indicator: the mean of its targets', by weight over the sum of the weights (FORM 3①).

    Targets that can have no progress do not count. Without any weight all count alike; None
    where only some of several targets have a weight, for a weight not entered is not 0.
    """
    counting = counted(targets)
    if not counting:
        return UNDEFINED
    percents = [_percent(figures) for figures, _ in counting]
    weights = [weight for _, weight in counting]
    if None in percents or None in weights:
        return None
    if PENDING in percents:
        return PENDING
    if not (total := sum(map(Fraction, weights))):
        return UNDEFINED
    return _rounded(
        sum(percent * Fraction(weight) for percent, weight in zip(percents, weights, strict=True))
        / total,
        decimals,
    )


def counted(targets: Sequence[Figures]) -> list[tuple[Figures, Decimal | None]]:
    """The targets that count for their indicator, each with the weight by which it does."""
    counting = [figures for figures in targets if _percent(figures) is not UNDEFINED]
    if len(counting) == 1 or all(figures.weight is None for figures in counting):
        return [(figures, Decimal(1)) for figures in counting]
    return [(figures, figures.weight) for figures in counting]


def rest_of(total: Decimal, reached: Decimal) -> Decimal:
    """What is still missing to the total; 0 when it is reached."""
    return max(total - reached, Decimal(0))


def needed_a_year(rest: Decimal, years: int, decimals: int = 0) -> Decimal:
    """What each of the remaining `years` (1 at least) has to bring of the rest.

    Rounded up, because the total would be missed by what is rounded off.
    """
    scale = 10**decimals
    return round_half_up(Fraction(ceil(Fraction(rest) / years * scale), scale), decimals)


def _percent(figures: Figures) -> Fraction | Undefined | None:
    target, actual = figures.target, figures.actual
    if not target:
        return UNDEFINED
    if actual is None:
        return figures.without_actual
    match figures.formula:
        case Formula.RATIO:
            part, whole = Fraction(actual), Fraction(target)
        case Formula.IMPROVEMENT:
            if figures.baseline is None:
                return None
            baseline = Fraction(figures.baseline)
            part, whole = Fraction(actual) - baseline, Fraction(target) - baseline
        case Formula.LESS_IS_BETTER:
            part, whole = Fraction(target), Fraction(actual)
        case Formula.DIFFERENCE:
            whole = abs(Fraction(target))
            part = whole + Fraction(actual) - Fraction(target)
    if target < 0 and figures.formula in (Formula.RATIO, Formula.LESS_IS_BETTER):
        return UNDEFINED  # of two negative figures, a multiple of the target would be far from it
    return UNDEFINED if whole == 0 else part / whole * 100


def _rounded(percent: Fraction | Undefined | None, decimals: int) -> Progress:
    return round_half_up(percent, decimals) if isinstance(percent, Fraction) else percent
