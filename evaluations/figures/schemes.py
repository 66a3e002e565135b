"""The region's own schemes (別紙3) over the years: how many of each kind, and what each brought."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from evaluations.figures.said import Said
from evaluations.form.contents import Contents
from evaluations.keys import RecordKey
from evaluations.models import Evaluation
from evaluations.open_data import newest_versions
from evaluations.permissions import Reach
from evaluations.sealing import read_contents
from evaluations.workflow import SEALED
from supports.models import SchemeCategory, SchemeResult
from tokku.japanese import fiscal_year_name, fold


@dataclass
class SchemeCourse:
    """One scheme, with its result of each year that has reported it."""

    name: str
    municipalities: str
    results: dict[int, str] = field(default_factory=dict)


@dataclass
class CategoryCourse:
    category: SchemeCategory
    years: tuple[int, ...]
    schemes: list[SchemeCourse]
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


class Reported(NamedTuple):
    """The schemes of a year: category, name, municipalities and result; and the categories that lack some."""

    schemes: list[tuple[str, str, tuple[str, ...], str]]
    partial: set[str]


def scheme_courses(reach: Reach, said: Said) -> list[CategoryCourse]:
    """Every category in the order of the form, over the plan's years up to the evaluated one.

    Each year as it is sealed, or without what others have not handed in.
    """
    year = reach.evaluation.fiscal_year
    reported = _earlier(reach) | {year: _of(said.contents)}
    courses: dict[str, dict[tuple, SchemeCourse]] = defaultdict(dict)
    for then, (schemes, _) in sorted(reported.items(), reverse=True):
        seen: Counter[tuple] = Counter()
        for category, name, municipalities, result in schemes:
            same = category, fold(name), frozenset(municipalities)
            seen[same] += 1  # A year may have several of one name, which are schemes of their own.
            course = courses[category].setdefault(
                (*same, seen[same]), SchemeCourse(name, "、".join(municipalities))
            )
            course.results[then] = result
    years = tuple(sorted(reported))
    return [
        CategoryCourse(
            category,
            years,
            list(courses[category].values()),
            frozenset(then for then in years if category in reported[then].partial),
        )
        for category in SchemeCategory
    ]


def _earlier(reach: Reach) -> dict[int, Reported]:
    """What the years before have reported; sealed ones are read with one query."""
    evaluation = reach.evaluation
    before = Evaluation.objects.visible_to(reach.user).filter(
        zone=evaluation.zone_id, plan=evaluation.plan_id, fiscal_year__lt=evaluation.fiscal_year
    )
    versions = newest_versions(evaluation.zone).filter(
        evaluation__in=before.filter(state__in=SEALED).values("pk")
    )
    found = {one.evaluation.fiscal_year: _of(read_contents(one).contents) for one in versions}
    for one in before.exclude(state__in=SEALED):
        found[one.fiscal_year] = _in_work(Reach(reach.user, one))
    return found


def _in_work(reach: Reach) -> Reported:
    found = Reported([], set())
    for row in SchemeResult.objects.of_years([reach.evaluation]):
        if row.owner_ids and row.owner_ids <= reach.hidden:
            found.partial.add(row.scheme.category)
            continue
        municipalities = tuple(str(one) for one in row.scheme.municipalities.all())
        found.schemes.append((row.scheme.category, row.scheme.name, municipalities, row.result))
    return found


def _of(contents: Contents) -> Reported:
    return Reported(
        [(one.category, one.name, one.municipalities, one.result) for one in contents.schemes],
        {category for category in SchemeCategory if contents.omits(RecordKey("scheme", category))},
    )
