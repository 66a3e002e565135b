"""The region's own schemes (別紙3) over the years: how many of each category, and the results of each."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from evaluations.charts.visible_figures import VisibleFigures
from evaluations.form.contents import Contents
from evaluations.keys import RecordKey
from evaluations.models import Evaluation
from evaluations.permissions import Access
from evaluations.records.load import load_for
from evaluations.sealed.open_data import newest_versions
from evaluations.sealed.sealing import read_contents
from evaluations.workflow import SEALED
from evaluations.years.rows import rows_of_years
from supports.models import SchemeCategory
from tokku.japanese import fiscal_year_name, fold


@dataclass
class SchemeSeries:
    """One scheme, with its result of each year that has reported it."""

    name: str
    municipalities: str
    results: dict[int, str] = field(default_factory=dict)


@dataclass
class CategorySeries:
    category: SchemeCategory
    years: tuple[int, ...]
    schemes: list[SchemeSeries]
    partial: frozenset[int]  # years whose count leaves out schemes that others have not handed in

    @property
    def counts(self) -> list[int]:
        return [sum(year in scheme.results for scheme in self.schemes) for year in self.years]

    @property
    def by_year(self) -> list[tuple[int, int, str]]:
        """Year, count, and the count as text: 3件, or 3件以上 in a partial year."""
        return [
            (year, count, f"{count:,}件" + ("以上" if year in self.partial else ""))
            for year, count in zip(self.years, self.counts, strict=True)
        ]

    @property
    def summary(self) -> str:
        return "、".join(f"{fiscal_year_name(year)}{text}" for year, _, text in self.by_year)


def scheme_series(access: Access, visible_figures: VisibleFigures) -> list[CategorySeries]:
    """Every category in the order of the form, over the plan's years up to the evaluated one.

    Of a sealed year the sealed contents; of others without what other municipalities have not handed in.
    """
    year = access.evaluation.fiscal_year
    contents = _earlier_contents(access) | {year: visible_figures.contents}
    series_by_category: dict[str, dict[tuple, SchemeSeries]] = defaultdict(dict)
    for fiscal_year, year_contents in sorted(contents.items(), reverse=True):
        occurrences: Counter[tuple] = Counter()
        for scheme in year_contents.schemes:
            identity = scheme.category, fold(scheme.name), frozenset(scheme.bodies)
            occurrences[identity] += 1  # Several of one name in a year are different schemes.
            series = series_by_category[scheme.category].setdefault(
                (*identity, occurrences[identity]),
                SchemeSeries(scheme.name, "、".join(scheme.bodies)),
            )
            series.results[fiscal_year] = scheme.result
    years = tuple(sorted(contents))
    return [
        CategorySeries(
            category,
            years,
            list(series_by_category[category].values()),
            frozenset(
                fiscal_year
                for fiscal_year in years
                if contents[fiscal_year].omits(RecordKey("scheme", category))
            ),
        )
        for category in SchemeCategory
    ]


def _earlier_contents(access: Access) -> dict[int, Contents]:
    """The contents of the years before; sealed ones are read with one query."""
    evaluation = access.evaluation
    earlier = Evaluation.objects.visible_to(access.user).filter(
        zone=evaluation.zone_id,
        edition__plan=evaluation.plan,
        fiscal_year__lt=evaluation.fiscal_year,
    )
    versions = newest_versions(evaluation.zone).filter(
        evaluation__in=earlier.filter(state__in=SEALED).values("pk")
    )
    contents = {
        version.evaluation.fiscal_year: read_contents(version).contents for version in versions
    }
    unsealed = list(earlier.exclude(state__in=SEALED).select_related("zone", "edition__plan"))
    for year in rows_of_years(unsealed).values() if unsealed else ():
        earlier_access = Access(access.user, year.evaluation)
        earlier_access.year = year
        contents[year.evaluation.fiscal_year] = load_for(earlier_access).contents
    return contents
