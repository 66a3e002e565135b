"""What the views share."""

from django.shortcuts import get_object_or_404

from evaluations.models import Evaluation


def visible_evaluation(user, zone, fiscal_year):
    """The evaluation at this address, 404 for those who may not see it."""
    evaluations = Evaluation.objects.visible_to(user).select_related("zone", "plan")
    return get_object_or_404(evaluations, zone__slug=zone, fiscal_year=fiscal_year)
