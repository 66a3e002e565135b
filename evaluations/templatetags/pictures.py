"""Small pictures of figures for rows of tables, as SVG without script."""

from decimal import Decimal

from django import template

from evaluations.charts import geometry
from evaluations.charts.schemes import CategorySeries
from evaluations.charts.series import TargetSeries

register = template.Library()


@register.inclusion_tag("evaluations/figures/_small.html")
def small_picture(series: TargetSeries) -> dict:
    """A numeric target over the years, for a row of a table: bars are actuals, lines above them targets.

    `{% load pictures %}` and `{% small_picture series %}`; `target_series(visible_figures(access))` gives the series of
    an evaluation. The page links to figures.css. The picture has a text for screen readers and no ids, so a page may
    show any number of them.
    """
    years = [(year.target, year.actual) for year in series.years]
    return {"chart": geometry.small_chart(years), "summary": series.summary}


@register.inclusion_tag("evaluations/figures/_small.html")
def small_counts(series: CategorySeries) -> dict:
    """The number of schemes of a category over the years, as `small_picture`."""
    return {
        "chart": geometry.small_chart(
            [(None, Decimal(count) if count else None) for count in series.counts]
        ),
        "summary": series.summary,
    }
