"""三浦半島海と里のめぐみ地域活性化総合特区: small, with what the other zone lacks.

The zone, its projects and figures are made up. Its plan has four years, from 平成30 to 令和3. 2018 and
2019 are complete, 2020 is being filled in.
"""

from evaluations.form.contents import Contents
from evaluations.sample.miura import year2018, year2019, year2020
from evaluations.sample.miura.schemes import schemes
from evaluations.sample.miura.targets import indicators
from evaluations.sample.miura.zone import MUNICIPALITIES, PLAN, ZONE, approaches

__all__ = ["MUNICIPALITIES", "evaluations"]

_YEARS = {2018: year2018, 2019: year2019, 2020: year2020}


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
        measures=year.MEASURES,
        national_supports=year.NATIONAL_SUPPORTS,
        schemes=schemes(year.SCHEME_RESULTS),
        regional_texts=year.REGIONAL_TEXTS,
    )
