"""Home: the person's tasks, the progress of each municipality, and links to other years.

An administrator finds what zones still need, and the way to the records that administrators keep.
"""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluations.models import Zone
from evaluations.notices.first_steps import first_steps, first_steps_of
from evaluations.notices.tasks import tasks_of
from evaluations.notices.years_at_hand import zone_years_of
from evaluations.permissions import why_not_administer

# Those who see all zones of the country have them in pages.
ZONES_A_PAGE = 10


@require_safe
def home(request):
    if not why_not_administer(request.user):
        context = {"tasks": list(first_steps()), "names_zones": True}
        return render(request, "evaluations/home_of_administrator.html", context)
    paginator = Paginator(Zone.objects.visible_to(request.user), ZONES_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    zones = zone_years_of(request.user, page.object_list)
    context = {
        "zones": zones,
        "tasks": [*tasks_of(request.user, zones), *first_steps_of(request.user, zones)],
        "names_zones": paginator.count > 1,
        "page": page,
        "page_range": list(paginator.get_elided_page_range(page.number)),
    }
    return render(request, "evaluations/home.html", context)
