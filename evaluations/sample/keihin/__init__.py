"""京浜臨海部ライフイノベーション国際戦略総合特区: as long as a real evaluation, in three fiscal years.

Names and figures are those of its published evaluation; every text is the sample's own.
2022 and 2023 are complete, 2024 is being filled in.
"""

from evaluations.form.contents import Contents
from evaluations.sample.keihin import year2022, year2023, year2024
from evaluations.sample.keihin.schemes import schemes
from evaluations.sample.keihin.supports import measures
from evaluations.sample.keihin.targets import indicators
from evaluations.sample.keihin.zone import MUNICIPALITIES, PLAN, ZONE, approaches

__all__ = ["MUNICIPALITIES", "evaluations"]

_YEARS = {2022: year2022, 2023: year2023, 2024: year2024}


def evaluations() -> dict[int, Contents]:
    """Each fiscal year's evaluation; later actuals are blank in it."""
    return {fiscal_year: _evaluation(fiscal_year) for fiscal_year in _YEARS}


def _evaluation(fiscal_year: int) -> Contents:
    year = _YEARS[fiscal_year]
    actuals = {past: _YEARS[past].ACTUALS for past in _YEARS if past <= fiscal_year}
    return Contents(
        fiscal_year=fiscal_year,
        zone=ZONE,
        plan=PLAN,
        texts=year.TEXTS,
        indicators=indicators(actuals, year.ASSESSMENTS),
        approaches=approaches(fiscal_year, year.ACHIEVEMENTS),
        measures=measures(used=year.MEASURES_USED),
        national_supports=year.NATIONAL_SUPPORTS,
        schemes=schemes(year.SCHEME_RESULTS),
        regional_texts=year.REGIONAL_TEXTS,
    )
