"""The region's own schemes (別紙3) over the years: how many of each kind, and what each brought."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from evaluations.figures.said import Said
from evaluations.form.contents import Contents
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

    @property
    def counts(self) -> list[int]:
        return [sum(year in one.results for one in self.schemes) for year in self.years]

    @property
    def by_year(self) -> list[tuple[int, int]]:
        return list(zip(self.years, self.counts, strict=True))

    @property
    def summary(self) -> str:
        return "、".join(f"{fiscal_year_name(year)}{count}件" for year, count in self.by_year)


# Category, name, municipalities and result of a scheme.
Reported = list[tuple[str, str, tuple[str, ...], str]]


def scheme_courses(reach: Reach, said: Said) -> list[CategoryCourse]:
    """Every category in the order of the form, over the plan's years up to the evaluated one.

    Each year as it is sealed, or without what others have not handed in.
    """
    year = reach.evaluation.fiscal_year
    reported = _earlier(reach) | {year: _of(said.contents)}
    courses: dict[str, dict[tuple, SchemeCourse]] = defaultdict(dict)
    for then, schemes in sorted(reported.items(), reverse=True):
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
        CategoryCourse(category, years, list(courses[category].values()))
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
    rows = (
        SchemeResult.objects.for_form(reach.evaluation)
        .select_related("scheme")
        .prefetch_related("scheme__municipalities")
    )
    return [
        (
            row.scheme.category,
            row.scheme.name,
            tuple(str(one) for one in row.scheme.municipalities.all()),
            row.result,
        )
        for row in rows
        if not row.owner_ids or row.owner_ids - reach.hidden
    ]


def _of(contents: Contents) -> Reported:
    return [(one.category, one.name, one.municipalities, one.result) for one in contents.schemes]
