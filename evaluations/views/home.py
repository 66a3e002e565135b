"""Home: the person's tasks, the progress of each municipality, and links to other years."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluations.models import Zone
from evaluations.notices.tasks import tasks_of
from evaluations.notices.years_at_hand import zone_years_of

# Those who see all zones of the country have them in pages.
ZONES_A_PAGE = 10


@require_safe
def home(request):
    paginator = Paginator(Zone.objects.visible_to(request.user), ZONES_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    zones = zone_years_of(request.user, page.object_list)
    context = {
        "zones": zones,
        "tasks": tasks_of(request.user, zones),
        "page": page,
        "page_range": list(paginator.get_elided_page_range(page.number)),
    }
    return render(request, "evaluations/home.html", context)
