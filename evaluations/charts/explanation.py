"""How a computed figure of the form came about: the calculation, what was entered for it, and by whom."""

from dataclasses import dataclass

from evaluations.charts.calculation import (
    Calculation,
    actual_calculation,
    indicator_calculation,
    target_calculation,
)
from evaluations.charts.inputs import CorrectionTold, Input, Inputs
from evaluations.charts.visible_figures import VisibleFigures
from evaluations.form.contents import Indicator
from evaluations.form.printed_figures import percent, target_number
from evaluations.keys import TargetKey
from evaluations.permissions import Access
from evaluations.progress import Progress

IN_WORDS = "定性的評価のため、含めません。"
CONTRADICTS = (
    "確定版に印字された値は、記録に残る算式で計算した値と一致しません。"
    "確定版の値は、確定した時のままです。"
)


@dataclass(frozen=True)
class WeightedTarget:
    """A numeric target that goes into its indicator's progress."""

    key: TargetKey
    name: str
    progress: str


@dataclass(frozen=True)
class Explanation:
    calculations: tuple[Calculation, ...]
    inputs: list[Input]
    notice: str = ""
    parts: tuple[WeightedTarget, ...] = ()
    corrections: tuple[CorrectionTold, ...] = ()


def explain_target(
    access: Access, visible_figures: VisibleFigures, key: TargetKey, year: int
) -> Explanation:
    """The zone's actual and the progress of a numeric target in a year."""
    target = visible_figures.contents.target(key)
    inputs = Inputs(access, visible_figures)
    actuals = inputs.actuals(key, target, year)
    progress = target_calculation(visible_figures, key, year)
    return Explanation(
        (
            actual_calculation(visible_figures, key, year, [actual.value for actual in actuals]),
            progress,
        ),
        [*inputs.of_plan(key, target, year), *actuals],
        _contradiction_notice(visible_figures, progress, target.progress(year)),
        corrections=tuple(inputs.corrections(key, target, year)),
    )


def explain_indicator(
    access: Access, visible_figures: VisibleFigures, indicator: Indicator
) -> Explanation:
    """The progress of an indicator in the evaluated year."""
    year = visible_figures.contents.fiscal_year
    progress = indicator_calculation(visible_figures, indicator)
    keys = [TargetKey(indicator.number, target.number) for target in indicator.targets]
    parts = tuple(
        WeightedTarget(
            key,
            f"数値目標{target_number(indicator, target)} {target.name}",
            IN_WORDS if target.assessment.qualitative else visible_figures.progress(key, year),
        )
        for key, target in zip(keys, indicator.targets, strict=True)
    )
    notice = _contradiction_notice(visible_figures, progress, indicator.progress(year))
    return Explanation(
        (progress,), Inputs(access, visible_figures).weights(indicator), notice, parts
    )


def _contradiction_notice(
    visible_figures: VisibleFigures, calculation: Calculation, computed: Progress
) -> str:
    """A notice when a sealed figure differs from the computed one; else ""."""
    agrees = not visible_figures.version or calculation.result == percent(computed)
    return "" if agrees else CONTRADICTS
