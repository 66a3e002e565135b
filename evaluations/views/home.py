"""Home: the person's tasks, the progress of each municipality, and links to other years."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluations.notices.tasks import tasks_of
from evaluations.notices.years_at_hand import zone_years_of


@require_safe
def home(request):
    zones = zone_years_of(request.user)
    context = {"zones": zones, "tasks": tasks_of(request.user, zones)}
    return render(request, "evaluations/home.html", context)
