"""Figures as pictures, and the page that explains a computed figure."""

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
from evaluations.views.common import says_broken_seals, visible_evaluation
from supports.models import SchemeCategory
from tokku.japanese import era_year

SCHEMES_A_PAGE = 40


@require_safe
@says_broken_seals
def figures(request, zone, fiscal_year):
    """Every numeric target and indicator at a glance, and the schemes by category."""
    access, told = _told(request, zone, fiscal_year)
    indicators = [
        (indicator, told.progress(indicator.number, fiscal_year), list(found))
        for indicator, found in groupby(target_series(told), key=lambda one: one.indicator)
    ]
    context = _context(access, told) | {
        "indicators": [
            (indicator, progress, found, geometry.weights(found) if len(found) > 1 else None)
            for indicator, progress, found in indicators
        ],
        "categories": scheme_series(access, told),
    }
    return render(request, "evaluations/figures/figures.html", context)


@require_safe
@says_broken_seals
def figure(request, zone, fiscal_year, key):
    """A numeric target (1-2), an indicator (1) or a category of schemes (fiscal)."""
    access, told = _told(request, zone, fiscal_year)
    if key in SchemeCategory.values:
        return _category(request, access, told, key)
    named = _key(key)
    if isinstance(named, int):
        return _explanation(request, access, told, named, fiscal_year)
    found = list(target_series(told))
    place = next((n for n, one in enumerate(found) if one.key == named), None)
    if place is None:
        raise Http404
    course = found[place]
    context = _context(access, told) | {
        "course": course,
        "previous": found[place - 1] if place else None,
        "next": found[place + 1] if place + 1 < len(found) else None,
        "yearly": geometry.yearly(course),
        "lines": geometry.cumulative(course) if course.is_cumulative else geometry.level(course),
    }
    return render(request, "evaluations/figures/target.html", context)


@require_safe
@says_broken_seals
def figure_explanation(request, zone, fiscal_year, key, year):
    """How the figures of a numeric target in one year came about."""
    access, told = _told(request, zone, fiscal_year)
    return _explanation(request, access, told, _key(key), year)


def _told(request, zone, fiscal_year):
    access = Access(request.user, visible_evaluation(request.user, zone, fiscal_year))
    return access, visible_figures(access)


def _context(access, told):
    return {"evaluation": access.evaluation, "hidden": told.hidden, "version": told.version}


def _key(key):
    """The key of a numeric target, or the number of an indicator; 404 when it is neither."""
    match = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", key)
    if not match:
        raise Http404
    number = int(match[1])
    return TargetKey(number, int(match[2])) if match[2] else number


def _explanation(request, access, told, of, year):
    contents = told.contents
    if isinstance(of, int):
        subject = next((one for one in contents.indicators if one.number == of), None)
        if subject is None or year != contents.fiscal_year:
            raise Http404
        explanation, number = explain_indicator(access, told, subject), f"評価指標（{of}）"
    else:
        course = next((one for one in target_series(told) if one.key == of), None)
        if course is None or year not in contents.plan.years or year > contents.fiscal_year:
            raise Http404
        subject = course.target
        explanation, number = explain_target(access, told, of, year), f"数値目標{course.number}"
    context = _context(access, told) | {
        "key": of,
        "number": number,
        "name": subject.name,
        "is_indicator": isinstance(of, int),
        "year": year,
        "explanation": explanation,
    }
    return render(request, "evaluations/figures/explanation.html", context)


def _category(request, access, told, key):
    course = next(one for one in scheme_series(access, told) if one.category == key)
    page = Paginator(course.schemes, SCHEMES_A_PAGE).get_page(request.GET.get("page"))
    context = _context(access, told) | {
        "course": course,
        "chart": geometry.counts(
            [(era_year(year), count, text) for year, count, text in course.by_year]
        ),
        "page": page,
        "schemes": [
            (one, [(year, one.results.get(year)) for year in course.years])
            for one in page.object_list
        ],
    }
    return render(request, "evaluations/figures/schemes.html", context)
