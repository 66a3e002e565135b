"""The region's own schemes (別紙3) over the years: how many of each kind, and what each brought."""

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
    partial: frozenset[int]  # the years of which there are more that others have not handed in

    @property
    def counts(self) -> list[int]:
        return [sum(year in one.results for one in self.schemes) for year in self.years]

    @property
    def by_year(self) -> list[tuple[int, int, str]]:
        """Year, count, and what is said of it: 3件, or 3件以上 where it is not all."""
        return [
            (year, count, f"{count:,}件" + ("以上" if year in self.partial else ""))
            for year, count in zip(self.years, self.counts, strict=True)
        ]

    @property
    def summary(self) -> str:
        return "、".join(f"{fiscal_year_name(year)}{text}" for year, _, text in self.by_year)


def scheme_series(access: Access, said: VisibleFigures) -> list[CategorySeries]:
    """Every category in the order of the form, over the plan's years up to the evaluated one.

    Each year as it is sealed, or without what others have not handed in.
    """
    year = access.evaluation.fiscal_year
    contents = _earlier(access) | {year: said.contents}
    courses: dict[str, dict[tuple, SchemeSeries]] = defaultdict(dict)
    for then, of_year in sorted(contents.items(), reverse=True):
        seen: Counter[tuple] = Counter()
        for scheme in of_year.schemes:
            same = scheme.category, fold(scheme.name), frozenset(scheme.municipalities)
            seen[same] += 1  # A year may have several of one name, which are schemes of their own.
            course = courses[scheme.category].setdefault(
                (*same, seen[same]), SchemeSeries(scheme.name, "、".join(scheme.municipalities))
            )
            course.results[then] = scheme.result
    years = tuple(sorted(contents))
    return [
        CategorySeries(
            category,
            years,
            list(courses[category].values()),
            frozenset(
                then for then in years if contents[then].omits(RecordKey("scheme", category))
            ),
        )
        for category in SchemeCategory
    ]


def _earlier(access: Access) -> dict[int, Contents]:
    """What the years before say; sealed ones are read with one query."""
    evaluation = access.evaluation
    before = Evaluation.objects.visible_to(access.user).filter(
        zone=evaluation.zone_id, plan=evaluation.plan_id, fiscal_year__lt=evaluation.fiscal_year
    )
    versions = newest_versions(evaluation.zone).filter(
        evaluation__in=before.filter(state__in=SEALED).values("pk")
    )
    contents = {one.evaluation.fiscal_year: read_contents(one).contents for one in versions}
    in_work = list(before.exclude(state__in=SEALED).select_related("zone", "plan"))
    for year in rows_of_years(in_work).values() if in_work else ():
        then = Access(access.user, year.evaluation)
        then.year = year
        contents[year.evaluation.fiscal_year] = load_for(then).contents
    return contents
