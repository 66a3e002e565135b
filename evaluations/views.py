"""The pages of evaluations, one function per address."""

from django.db.models import Max, Min, Prefetch, Q
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from evaluations.form import compose
from evaluations.form.records import load
from evaluations.models import Evaluation, Submission, Zone, ZoneMunicipality
from tokku.document import html


@require_safe
def home(request):
    submissions = Submission.objects.select_related("municipality").order_by("municipality__code")
    zones = Zone.objects.visible_to(request.user).prefetch_related(
        Prefetch("zonemunicipality_set", ZoneMunicipality.objects.select_related("municipality")),
        Prefetch("evaluation_set", Evaluation.objects.visible_to(request.user)),
        Prefetch("evaluation_set__submission_set", submissions),
    )
    return render(request, "evaluations/home.html", {"zones": zones})


@require_safe
def evaluation_form(request, zone, fiscal_year):
    evaluation = _visible_evaluation(request.user, zone, fiscal_year)
    document = compose(load(evaluation))
    context = {
        "evaluation": evaluation,
        "neighbours": _neighbours(request.user, evaluation),
        "anchors": [anchor for anchor in html.anchors(document) if anchor.level > 1],
        "document": mark_safe(html.write(document)),
    }
    return render(request, "evaluations/evaluation_form.html", context)


@require_safe
def evaluation_print(request, zone, fiscal_year):
    evaluation = _visible_evaluation(request.user, zone, fiscal_year)
    document = mark_safe(html.write(compose(load(evaluation))))
    context = {"evaluation": evaluation, "document": document}
    return render(request, "evaluations/evaluation_print.html", context)


def _visible_evaluation(user, zone, fiscal_year):
    evaluations = Evaluation.objects.visible_to(user).select_related("zone", "plan")
    return get_object_or_404(evaluations, zone__slug=zone, fiscal_year=fiscal_year)


def _neighbours(user, evaluation):
    """The years before and after that the zone has an evaluation of, or None."""
    others = Evaluation.objects.visible_to(user).filter(zone=evaluation.zone)
    return others.aggregate(
        previous=Max("fiscal_year", filter=Q(fiscal_year__lt=evaluation.fiscal_year)),
        next=Min("fiscal_year", filter=Q(fiscal_year__gt=evaluation.fiscal_year)),
    )
