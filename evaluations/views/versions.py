"""Sealed versions: the list, each version, and the differences between two."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from evaluations.sealed.media import zone_name
from evaluations.sealed.sealing import read_sealed
from evaluations.views.common import as_html, reports_broken_seals, visible_evaluation
from tokku.differences import document_differences
from tokku.document import html


@require_safe
def versions(request, zone, fiscal_year):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    sealed_versions = list(
        evaluation.sealedversion_set.select_related("sealed_by").defer(
            "document", "contents", "findings"
        )
    )
    numbers = [str(version.number) for version in sealed_versions]
    chosen = [request.GET.get(name, "") for name in ("from", "to")]
    if all(number in numbers for number in chosen) and chosen[0] != chosen[1]:
        return redirect("evaluations:version-differences", zone, fiscal_year, *chosen)
    context = {
        "evaluation": evaluation,
        "versions": sealed_versions,
        "same": any(chosen) and chosen[0] == chosen[1],
    }
    return render(request, "evaluations/versions/versions.html", context)


@require_safe
@reports_broken_seals
def version(request, zone, fiscal_year, number):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    sealed_version = _version(evaluation, number)
    document = read_sealed(sealed_version)
    context = {
        "evaluation": evaluation,
        "version": sealed_version,
        "zone_name": zone_name(document),
        "anchors": [anchor for anchor in html.anchors(document) if anchor.level > 1],
        "document": as_html(document),
    }
    return render(request, "evaluations/versions/version.html", context)


@require_safe
@reports_broken_seals
def version_differences(request, zone, fiscal_year, old, new):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    old_version, new_version = _version(evaluation, old), _version(evaluation, new)
    documents = read_sealed(old_version), read_sealed(new_version)
    differences = document_differences(*documents)
    context = {
        "evaluation": evaluation,
        "old": old_version,
        "new": new_version,
        "zone_name": zone_name(documents[1]),
        "parts": differences,
        "count": sum(part.is_change for part in differences),
    }
    return render(request, "evaluations/versions/differences.html", context)


def _version(evaluation, number):
    sealed_version = (
        evaluation.sealedversion_set.select_related("sealed_by").filter(number=number).first()
    )
    if sealed_version is None:
        raise Http404
    # Its name in sentences needs the evaluation; saves a query.
    sealed_version.evaluation = evaluation
    return sealed_version
