"""The log of a year: every move of the evaluation and of its submissions."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluations.models import StatusChange
from evaluations.permissions import may_read_reason
from evaluations.views.common import visible_evaluation


@require_safe
def log(request, zone, fiscal_year):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    changes = list(StatusChange.objects.for_log(evaluation))
    for change in changes:
        if not may_read_reason(request.user, change):
            change.reason = ""
    context = {"evaluation": evaluation, "log": changes}
    return render(request, "evaluations/review/log.html", context)
