"""Sealed versions: which there are, each as it was, and what differs between two."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from evaluations.sealed.media import zone_name
from evaluations.sealed.sealing import read_sealed
from evaluations.views.common import says_broken_seals, visible_evaluation
from tokku.differences import document_differences
from tokku.document import html


@require_safe
def versions(request, zone, fiscal_year):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    found = list(
        evaluation.sealedversion_set.select_related("sealed_by").defer(
            "document", "contents", "findings"
        )
    )
    numbers = [str(version.number) for version in found]
    chosen = [request.GET.get(name, "") for name in ("from", "to")]
    if all(number in numbers for number in chosen) and chosen[0] != chosen[1]:
        return redirect("evaluations:version-differences", zone, fiscal_year, *chosen)
    context = {
        "evaluation": evaluation,
        "versions": found,
        "same": any(chosen) and chosen[0] == chosen[1],
    }
    return render(request, "evaluations/versions/versions.html", context)


@require_safe
@says_broken_seals
def version(request, zone, fiscal_year, number):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    found = _version(evaluation, number)
    document = read_sealed(found)
    context = {
        "evaluation": evaluation,
        "version": found,
        "zone_name": zone_name(document),
        "anchors": [anchor for anchor in html.anchors(document) if anchor.level > 1],
        "document": mark_safe(html.write(document)),
    }
    return render(request, "evaluations/versions/version.html", context)


@require_safe
@says_broken_seals
def version_differences(request, zone, fiscal_year, old, new):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    before, after = _version(evaluation, old), _version(evaluation, new)
    documents = read_sealed(before), read_sealed(after)
    found = document_differences(*documents)
    context = {
        "evaluation": evaluation,
        "old": before,
        "new": after,
        "zone_name": zone_name(documents[1]),
        "parts": found,
        "count": sum(part.is_change for part in found),
    }
    return render(request, "evaluations/versions/differences.html", context)


def _version(evaluation, number):
    found = evaluation.sealedversion_set.select_related("sealed_by").filter(number=number).first()
    if found is None:
        raise Http404
    # For its name in a sentence, without another query.
    found.evaluation = evaluation
    return found
