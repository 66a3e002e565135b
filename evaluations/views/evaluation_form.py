"""The form as a page and for print."""

from typing import NamedTuple

from django.db.models import Max, Min, Q
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from evaluations.addresses import page_address
from evaluations.form import compose
from evaluations.inspection import by_level, inspect_loaded
from evaluations.models import Evaluation
from evaluations.permissions import Access, why_not_read_findings
from evaluations.records.load import Behind, LoadedContents, load_for
from evaluations.sealed.media import Edition, part_of, zone_name
from evaluations.sealed.sealing import read_sealed, standing_version
from evaluations.views.common import reports_broken_seals, visible_evaluation
from evaluations.views.form_links import combined, edit_links, explanations, finding_marks
from tokku.accounts.models import Municipality
from tokku.document import html


@require_safe
@reports_broken_seals
def evaluation_form(request, zone, fiscal_year):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    access = Access(request.user, evaluation)
    shown = visible_document(access)
    document = shown.edition.document
    findings = _open_findings(access, shown)
    checks = page_address(evaluation, "checks")
    beside = combined(finding_marks(findings, checks), edit_links(shown.rows, access), explanations)
    context = {
        "evaluation": evaluation,
        "zone_name": zone_name(document),
        "mark": shown.edition.mark,
        "neighbours": _neighbours(request.user, evaluation),
        "anchors": [anchor for anchor in html.anchors(document) if anchor.level > 1],
        "document": mark_safe(html.write(document, beside=beside)),
        "finding_counts": by_level(findings),
        "may_read_findings": not why_not_read_findings(request.user, evaluation),
        "hidden": shown.hidden,
        "version": shown.edition.version,
    }
    return render(request, "evaluations/evaluation_form.html", context)


@require_safe
@reports_broken_seals
def evaluation_print(request, zone, fiscal_year):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    shown = visible_document(Access(request.user, evaluation))
    document = shown.edition.document
    context = {
        "evaluation": evaluation,
        "zone_name": zone_name(document),
        "mark": shown.edition.mark,
        "document": mark_safe(html.write(document)),
        "hidden": shown.hidden,
    }
    return render(request, "evaluations/evaluation_print.html", context)


class VisibleDocument(NamedTuple):
    """A document as one person may see it, and the municipalities whose drafts it leaves out."""

    edition: Edition
    hidden: list[Municipality]
    loaded: LoadedContents | None  # what it was composed from; None for a sealed version

    @property
    def rows(self) -> Behind:
        """The rows behind it, by the records that its sources name; empty for a sealed version."""
        return self.loaded.rows if self.loaded else {}


def visible_document(access):
    """The sealed version of a sealed evaluation, whatever its records say now; otherwise composed from the records."""
    evaluation = access.evaluation
    if version := standing_version(evaluation):
        return VisibleDocument(Edition(evaluation, read_sealed(version), version), [], None)
    loaded = load_for(access)
    part = part_of(loaded.contents, {author.name for author in access.hidden_authors})
    edition = Edition(evaluation, compose(loaded.contents), part=part)
    return VisibleDocument(edition, access.hidden_authors, loaded)


def _open_findings(access, shown):
    """The findings in the document that are not set aside; none for people who may not read findings."""
    if shown.loaded is None or why_not_read_findings(access.user, access.evaluation):
        return []
    return inspect_loaded(access, shown.loaded).open_findings


def _neighbours(user, evaluation):
    """The nearest fiscal years before and after with an evaluation of the zone, or None."""
    others = Evaluation.objects.visible_to(user).filter(zone=evaluation.zone)
    return others.aggregate(
        previous=Max("fiscal_year", filter=Q(fiscal_year__lt=evaluation.fiscal_year)),
        next=Min("fiscal_year", filter=Q(fiscal_year__gt=evaluation.fiscal_year)),
    )
