"""Pages of charts, and the page that explains how a figure was computed.

Their addresses and templates are called figures: a page is about figures of the evaluation, of which the charts
(`evaluations.charts`) are the drawing.
"""

import re
from itertools import groupby

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluations.charts import geometry
from evaluations.charts.explanation import explain_indicator, explain_target
from evaluations.charts.schemes import scheme_series
from evaluations.charts.series import target_series
from evaluations.charts.visible_figures import visible_figures
from evaluations.keys import TargetKey
from evaluations.permissions import Access
from evaluations.views.common import reports_broken_seals, visible_evaluation
from supports.models import SchemeCategory
from tokku.japanese import era_year

SCHEMES_A_PAGE = 40


@require_safe
@reports_broken_seals
def figures(request, zone, fiscal_year):
    """All numeric targets and indicators on one page, and the schemes by category."""
    access, visible_values = _visible_figures(request, zone, fiscal_year)
    indicators = [
        (
            indicator,
            visible_values.progress(indicator.number, fiscal_year),
            list(series_of_indicator),
        )
        for indicator, series_of_indicator in groupby(
            target_series(visible_values), key=lambda series: series.indicator
        )
    ]
    context = _context(access, visible_values) | {
        "indicators": [
            (
                indicator,
                progress,
                series_of_indicator,
                geometry.weight_chart(series_of_indicator)
                if len(series_of_indicator) > 1
                else None,
            )
            for indicator, progress, series_of_indicator in indicators
        ],
        "categories": scheme_series(access, visible_values),
    }
    return render(request, "evaluations/figures/figures.html", context)


@require_safe
@reports_broken_seals
def figure(request, zone, fiscal_year, key):
    """The page of a numeric target (1-2), an indicator (1) or a category of schemes (fiscal)."""
    access, visible_values = _visible_figures(request, zone, fiscal_year)
    if key in SchemeCategory.values:
        return _category(request, access, visible_values, key)
    subject_key = _key(key)
    if isinstance(subject_key, int):
        return _explanation(request, access, visible_values, subject_key, fiscal_year)
    all_series = list(target_series(visible_values))
    place = next((n for n, series in enumerate(all_series) if series.key == subject_key), None)
    if place is None:
        raise Http404
    series = all_series[place]
    context = _context(access, visible_values) | {
        "series": series,
        "previous": all_series[place - 1] if place else None,
        "next": all_series[place + 1] if place + 1 < len(all_series) else None,
        "yearly": geometry.yearly_chart(series),
        "lines": geometry.cumulative_chart(series)
        if series.is_cumulative
        else geometry.level_chart(series),
    }
    return render(request, "evaluations/figures/target.html", context)


@require_safe
@reports_broken_seals
def figure_explanation(request, zone, fiscal_year, key, year):
    """How the figures of a numeric target, or of an indicator, in one year were computed."""
    access, visible_values = _visible_figures(request, zone, fiscal_year)
    return _explanation(request, access, visible_values, _key(key), year)


def _visible_figures(request, zone, fiscal_year):
    access = Access(request.user, visible_evaluation(request.user, zone, fiscal_year))
    return access, visible_figures(access)


def _context(access, visible_values):
    return {
        "evaluation": access.evaluation,
        "hidden": visible_values.hidden,
        "version": visible_values.version,
    }


def _key(key):
    """The key of a numeric target, or the number of an indicator; 404 when it is neither."""
    match = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", key)
    if not match:
        raise Http404
    number = int(match[1])
    return TargetKey(number, int(match[2])) if match[2] else number


def _explanation(request, access, visible_values, subject_key, year):
    contents = visible_values.contents
    if isinstance(subject_key, int):
        subject = next(
            (indicator for indicator in contents.indicators if indicator.number == subject_key),
            None,
        )
        if subject is None or year != contents.fiscal_year:
            raise Http404
        explanation, number = (
            explain_indicator(access, visible_values, subject),
            f"評価指標（{subject_key}）",
        )
    else:
        series = next(
            (series for series in target_series(visible_values) if series.key == subject_key), None
        )
        if series is None or year not in contents.plan.years or year > contents.fiscal_year:
            raise Http404
        subject = series.target
        explanation, number = (
            explain_target(access, visible_values, subject_key, year),
            f"数値目標{series.number}",
        )
    context = _context(access, visible_values) | {
        "key": subject_key,
        "number": number,
        "name": subject.name,
        "is_indicator": isinstance(subject_key, int),
        "year": year,
        "explanation": explanation,
    }
    return render(request, "evaluations/figures/explanation.html", context)


def _category(request, access, visible_values, key):
    series = next(
        series for series in scheme_series(access, visible_values) if series.category == key
    )
    page = Paginator(series.schemes, SCHEMES_A_PAGE).get_page(request.GET.get("page"))
    context = _context(access, visible_values) | {
        "series": series,
        "chart": geometry.count_chart(
            [(era_year(year), count, text) for year, count, text in series.by_year]
        ),
        "page": page,
        "schemes": [
            (scheme, [(year, scheme.results.get(year)) for year in series.years])
            for scheme in page.object_list
        ],
    }
    return render(request, "evaluations/figures/schemes.html", context)
