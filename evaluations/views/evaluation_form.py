"""The form as a page and for print."""

from typing import NamedTuple

from django.db.models import Max, Min, Q
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluations.addresses import page_address
from evaluations.checks import Level
from evaluations.form import compose
from evaluations.inspection import by_level, inspect_page
from evaluations.models import Evaluation, SealedVersion
from evaluations.permissions import Access, why_not_read_findings
from evaluations.records.load import Behind, LoadedContents, load_for
from evaluations.sealed.media import Edition, part_of, zone_name
from evaluations.sealed.sealing import read_sealed, standing_version
from evaluations.views.common import as_html, reports_broken_seals, visible_evaluation
from evaluations.views.form_links import combined, edit_links, explanations, finding_marks
from evaluations.workflow import SEALED
from evaluations.years.kept import kept
from tokku.accounts.models import Municipality, User
from tokku.document import html


@require_safe
@reports_broken_seals
def evaluation_form(request, zone, fiscal_year):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    if evaluation.state in SEALED:
        shown = shown_form(Access(request.user, evaluation))
    else:
        shown = kept_form(request.user, evaluation)
    context = {
        "evaluation": evaluation,
        "neighbours": _neighbours(request.user, evaluation),
        "may_read_findings": not why_not_read_findings(request.user, evaluation),
        **shown._asdict(),
    }
    return render(request, "evaluations/evaluation_form.html", context)


class ShownForm(NamedTuple):
    """What the page of the form shows one person of a year's rows, or of its sealed version."""

    zone_name: str
    mark: str
    anchors: list[html.Anchor]
    document: str  # HTML
    finding_counts: list[tuple[Level, int]]
    hidden: list[str]  # the municipalities whose drafts are left out
    version: SealedVersion | None


def kept_form(user: User, evaluation: Evaluation) -> ShownForm:
    def compute(evaluations):
        for loaded_again in evaluations:
            loaded_again.zone.is_known_of(user)
        return {evaluation.pk: shown_form(Access(user, evaluation)) for evaluation in evaluations}

    return kept("form", [evaluation], compute, viewer=user)[evaluation.pk]


def shown_form(access: Access) -> ShownForm:
    shown = visible_document(access)
    document = shown.edition.document
    findings = _open_findings(access, shown)
    checks = page_address(access.evaluation, "checks")
    beside = combined(finding_marks(findings, checks), edit_links(shown.rows, access), explanations)
    return ShownForm(
        zone_name=zone_name(document),
        mark=shown.edition.mark,
        anchors=[anchor for anchor in html.anchors(document) if anchor.level > 1],
        document=as_html(document, beside),
        finding_counts=by_level(findings),
        hidden=[*map(str, shown.hidden)],
        version=shown.edition.version,
    )


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
        "document": as_html(document),
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
    part = part_of(loaded.contents, {*map(access.year.name_of, access.hidden_authors)})
    edition = Edition(evaluation, compose(loaded.contents), part=part)
    return VisibleDocument(edition, access.hidden_authors, loaded)


def _open_findings(access, shown):
    """The findings in the document that are not set aside; none for people who may not read findings."""
    if shown.loaded is None or why_not_read_findings(access.user, access.evaluation):
        return []
    return inspect_page(access, shown.loaded).open_findings


def _neighbours(user, evaluation):
    """The nearest fiscal years before and after with an evaluation of the zone, or None."""
    others = Evaluation.objects.visible_to(user).filter(zone=evaluation.zone)
    return others.aggregate(
        previous=Max("fiscal_year", filter=Q(fiscal_year__lt=evaluation.fiscal_year)),
        next=Min("fiscal_year", filter=Q(fiscal_year__gt=evaluation.fiscal_year)),
    )
