"""What I may see, and where each year stands."""

from django.db.models import Prefetch
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluations.models import Evaluation, Submission, Zone, ZoneMunicipality


@require_safe
def home(request):
    submissions = Submission.objects.select_related("municipality").order_by("municipality__code")
    zones = Zone.objects.visible_to(request.user).prefetch_related(
        Prefetch("zonemunicipality_set", ZoneMunicipality.objects.select_related("municipality")),
        Prefetch("evaluation_set", Evaluation.objects.visible_to(request.user)),
        Prefetch("evaluation_set__submission_set", submissions),
    )
    return render(request, "evaluations/home.html", {"zones": zones})
