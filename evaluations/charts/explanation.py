"""How a computed figure of the form came about: the calculation, what was entered for it, and by whom."""

from dataclasses import dataclass

from evaluations.charts.calculation import Calculation, of_actual, of_indicator, of_target
from evaluations.charts.inputs import Input, Inputs
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


def explain_target(access: Access, said: VisibleFigures, key: TargetKey, year: int) -> Explanation:
    """The zone's actual and the progress of a numeric target in a year."""
    target = said.contents.target(key)
    inputs = Inputs(access, said)
    actuals = inputs.actuals(key, target, year)
    progress = of_target(said, key, year)
    return Explanation(
        (of_actual(said, key, year, [one.value for one in actuals]), progress),
        [*inputs.of_plan(key, target, year), *actuals],
        _notice(said, progress, target.progress(year)),
    )


def explain_indicator(access: Access, said: VisibleFigures, indicator: Indicator) -> Explanation:
    """The progress of an indicator in the evaluated year."""
    year = said.contents.fiscal_year
    progress = of_indicator(said, indicator)
    keys = [TargetKey(indicator.number, target.number) for target in indicator.targets]
    parts = tuple(
        WeightedTarget(
            key,
            f"数値目標{target_number(indicator, target)} {target.name}",
            IN_WORDS if target.assessment.qualitative else said.progress(key, year),
        )
        for key, target in zip(keys, indicator.targets, strict=True)
    )
    notice = _notice(said, progress, indicator.progress(year))
    return Explanation((progress,), Inputs(access, said).weights(indicator), notice, parts)


def _notice(said: VisibleFigures, calculation: Calculation, computed: Progress) -> str:
    """That a sealed figure does not follow from what is told here."""
    agrees = not said.version or calculation.result == percent(computed)
    return "" if agrees else CONTRADICTS
