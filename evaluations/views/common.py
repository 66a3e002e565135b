"""What the views share."""

from functools import wraps

from django.shortcuts import get_object_or_404, render

from evaluations.models import Evaluation
from evaluations.sealing import BrokenSeal


def visible_evaluation(user, zone, fiscal_year):
    """The evaluation at this address, 404 for those who may not see it."""
    evaluations = Evaluation.objects.visible_to(user).select_related("zone", "plan")
    return get_object_or_404(evaluations, zone__slug=zone, fiscal_year=fiscal_year)


def says_broken_seals(view):
    """The view, saying so where a sealed version is not what was sealed, instead of showing it."""

    @wraps(view)
    def safe_view(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except BrokenSeal as broken:
            context = {"sentence": broken}
            return render(request, "evaluations/versions/broken.html", context, status=500)

    return safe_view
