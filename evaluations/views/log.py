"""The log of a year: every move of the evaluation and of its submissions."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluations.models import StatusChange
from evaluations.views.common import visible_evaluation


@require_safe
def log(request, zone, fiscal_year):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    context = {"evaluation": evaluation, "log": StatusChange.objects.for_log(evaluation)}
    return render(request, "evaluations/review/log.html", context)
