"""The form as a page and as a print."""

from django.db.models import Max, Min, Q
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from evaluations.form import compose
from evaluations.form.records import load
from evaluations.models import Evaluation
from evaluations.permissions import SEALED, Reach
from evaluations.sealing import read_sealed
from evaluations.views.common import visible_evaluation
from tokku.accounts.models import Municipality
from tokku.document import html


@require_safe
def evaluation_form(request, zone, fiscal_year):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    document, hidden = visible_document(request.user, evaluation)
    context = {
        "evaluation": evaluation,
        "neighbours": _neighbours(request.user, evaluation),
        "anchors": [anchor for anchor in html.anchors(document) if anchor.level > 1],
        "document": mark_safe(html.write(document)),
        "hidden": Municipality.objects.filter(pk__in=hidden) if hidden else [],
    }
    return render(request, "evaluations/evaluation_form.html", context)


@require_safe
def evaluation_print(request, zone, fiscal_year):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    document, _ = visible_document(request.user, evaluation)
    context = {"evaluation": evaluation, "document": mark_safe(html.write(document))}
    return render(request, "evaluations/evaluation_print.html", context)


def visible_document(user, evaluation):
    """The document as this person may see it, and the municipalities whose drafts it leaves out.

    A sealed evaluation shows its sealed version, whatever has happened to the records since.
    """
    if evaluation.state in SEALED and (version := evaluation.sealedversion_set.first()):
        return read_sealed(version), frozenset()
    hidden = Reach(user, evaluation).hidden
    return compose(load(evaluation, hidden)), hidden


def _neighbours(user, evaluation):
    """The years before and after that the zone has an evaluation of, or None."""
    others = Evaluation.objects.visible_to(user).filter(zone=evaluation.zone)
    return others.aggregate(
        previous=Max("fiscal_year", filter=Q(fiscal_year__lt=evaluation.fiscal_year)),
        next=Min("fiscal_year", filter=Q(fiscal_year__gt=evaluation.fiscal_year)),
    )
