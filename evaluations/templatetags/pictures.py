"""Small pictures of figures for rows of tables, as SVG without script."""

from decimal import Decimal

from django import template

from evaluations.charts import geometry
from evaluations.charts.schemes import CategorySeries
from evaluations.charts.series import TargetSeries

register = template.Library()


@register.inclusion_tag("evaluations/figures/_small.html")
def small_picture(course: TargetSeries) -> dict:
    """A numeric target over the years, for a row of a table: bars are actuals, lines above them targets.

    `{% load pictures %}` and `{% small_picture course %}`, with a course of `evaluations.charts.series.courses`
    (`target_series(visible_figures(access))` gives all of an evaluation). The page links to figures.css. The picture tells screen
    readers what it shows; it carries no ids, so that it may stand on a page any number of times.
    """
    years = [(one.target, one.actual) for one in course.years]
    return {"chart": geometry.small(years), "summary": course.summary}


@register.inclusion_tag("evaluations/figures/_small.html")
def small_counts(course: CategorySeries) -> dict:
    """The number of schemes of a category over the years, as `small_picture`."""
    return {
        "chart": geometry.small(
            [(None, Decimal(count) if count else None) for count in course.counts]
        ),
        "summary": course.summary,
    }
