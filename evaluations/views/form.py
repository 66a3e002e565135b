"""The form as a page and as a print."""

from typing import NamedTuple

from django.db.models import Max, Min, Q
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from evaluations.form import compose
from evaluations.form.records import load_for
from evaluations.media import zone_name
from evaluations.models import Evaluation, SealedVersion
from evaluations.permissions import Reach
from evaluations.sealing import read_sealed, standing_version
from evaluations.views.common import says_broken_seals, visible_evaluation
from evaluations.views.links import with_edit_links
from tokku.accounts.models import Municipality
from tokku.document import html
from tokku.document.tree import Document
from tokku.records import Record


@require_safe
@says_broken_seals
def evaluation_form(request, zone, fiscal_year):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    reach = Reach(request.user, evaluation)
    document, hidden, version, rows = visible_document(reach)
    written = with_edit_links(html.write(document), rows, reach)
    context = {
        "evaluation": evaluation,
        "zone_name": zone_name(document),
        "neighbours": _neighbours(request.user, evaluation),
        "anchors": [anchor for anchor in html.anchors(document) if anchor.level > 1],
        "document": mark_safe(written),
        "hidden": hidden,
        "version": version,
    }
    return render(request, "evaluations/evaluation_form.html", context)


@require_safe
@says_broken_seals
def evaluation_print(request, zone, fiscal_year):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    document, hidden, *_ = visible_document(Reach(request.user, evaluation))
    context = {
        "evaluation": evaluation,
        "zone_name": zone_name(document),
        "document": mark_safe(html.write(document)),
        "hidden": hidden,
    }
    return render(request, "evaluations/evaluation_print.html", context)


class Shown(NamedTuple):
    """A document as one person may see it: whose drafts it leaves out, or which sealed version it is.

    `rows` are those behind it, by the records that its sources name; a sealed one has none.
    """

    document: Document
    hidden: list[Municipality]
    version: SealedVersion | None
    rows: dict[str, list[Record]]


def visible_document(reach):
    """A sealed evaluation shows its sealed version, whatever has happened to the records since."""
    evaluation = reach.evaluation
    if version := standing_version(evaluation):
        return Shown(read_sealed(version), [], version, {})
    hidden = list(Municipality.objects.filter(pk__in=reach.hidden)) if reach.hidden else []
    contents, rows = load_for(reach)
    return Shown(compose(contents), hidden, None, rows)


def _neighbours(user, evaluation):
    """The years before and after that the zone has an evaluation of, or None."""
    others = Evaluation.objects.visible_to(user).filter(zone=evaluation.zone)
    return others.aggregate(
        previous=Max("fiscal_year", filter=Q(fiscal_year__lt=evaluation.fiscal_year)),
        next=Min("fiscal_year", filter=Q(fiscal_year__gt=evaluation.fiscal_year)),
    )
