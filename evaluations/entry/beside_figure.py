"""What is said beside a figure while it is entered: how it changed since last year, and whether that is odd."""

from dataclasses import dataclass
from decimal import Decimal

from evaluations.form.contents import NumericTarget, number_of
from evaluations.form.printed_figures import figure
from tokku.figures import Figure
from tokku.japanese import round_half_up

# A figure this many times last year's, or this fraction, is more often a digit too many or too few than real.
ODD = 5
_TWO_DECIMALS_BELOW = 10


@dataclass(frozen=True)
class BesideFigure:
    """`sentence` is said beside the box; `level` is "error", "caution" or "" ."""

    sentence: str = ""
    level: str = ""


def beside(value: Figure | None, last_year: Figure | None, target: NumericTarget) -> BesideFigure:
    """What is said beside a municipality's value: the change since last year."""
    now, before = number_of(value), number_of(last_year)
    if now is None or before is None or before <= 0 or now < 0:
        return BesideFigure()
    times = now / before
    if now == 0:
        return BesideFigure(f"前年度は{figure(last_year, target)}でした", "caution")
    if times < Decimal("0.01"):
        return BesideFigure(f"前年度の{round_half_up(1 / times):,}分の1です", "caution")
    if times >= ODD or times <= Decimal(1) / ODD:
        return BesideFigure(f"前年度の{_times(times)}倍です", "caution")
    return BesideFigure(f"{_times(times)}倍")


def _times(times: Decimal) -> str:
    """9.40, 0.94: two decimals below 10, one above."""
    decimals = 1 if times >= _TWO_DECIMALS_BELOW else 2
    return f"{round_half_up(times, decimals):,}"
