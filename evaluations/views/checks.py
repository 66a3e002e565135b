"""点検: findings by municipality and level; setting a finding aside and withdrawing that."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from evaluations.addresses import page_address
from evaluations.checks import Level
from evaluations.inspection import InspectedFinding, Inspection, inspect, inspect_page
from evaluations.models import Evaluation, Waiver
from evaluations.permissions import Access, why_not_read_findings, why_not_waive
from evaluations.records.load import load_for
from evaluations.sealed.sealing import standing_version
from evaluations.views.common import RefusedInput, visible_evaluation
from evaluations.views.form_links import mark_id
from tokku.accounts.unsent_posts import keeps_unsent

WAIVED = "waived"
WHOLE = "whole"
SECRETARIATS = "secretariats"
# A longer list of all levels has no forms for setting aside, which weigh most; it links to the list of one level.
LONG = 50


class WaiverForm(forms.ModelForm):
    class Meta:
        model = Waiver
        fields = ["reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 2})}
        error_messages = {"reason": {"required": "確認した理由を入力してください。"}}


@dataclass
class FindingLine:
    """A finding as the page shows it. `finding` is its data (`InspectedFinding.as_data`), present or sealed."""

    finding: dict[str, Any]
    anchor: str = ""
    edit_url: str = ""  # the address of its field
    form_url: str = ""  # the address of its block in the form
    waiver: Waiver | None = None
    refusal: str = ""
    is_secretariats: bool = False  # an official reads it, and cannot mend it
    form: WaiverForm | None = None
    in_long_list: bool = False

    @property
    def kind(self) -> str:
        """The value that the list is filtered by: the level, or WAIVED when it is set aside."""
        return WAIVED if self.finding["waived"] else self.finding["level"]

    @property
    def parts(self) -> tuple[str, str, str]:
        """The text before the words in question, the words, and the text after them."""
        words = self.finding["words"]
        return self.finding["text"].partition(words) if words else (self.finding["text"], "", "")

    @property
    def waived_at(self) -> datetime:
        return datetime.fromisoformat(self.finding["waived"]["at"])


@dataclass
class FindingsPart:
    """The findings of one municipality, or those that concern the whole zone or several municipalities."""

    id: str
    title: str
    groups: list[tuple[str, list[FindingLine]]]

    @property
    def count(self) -> int:
        return sum(len(lines) for _, lines in self.groups)


@require_safe
def checks(request, zone, fiscal_year):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    return checks_page(request, evaluation)


def checks_page(request, evaluation, sent_forms=None, refused=None, status=200):
    """`sent_forms` are forms with errors, by the anchor of their finding; `refused` is input that came too late."""
    if refusal := why_not_read_findings(request.user, evaluation):
        raise PermissionDenied(refusal)
    access = Access(request.user, evaluation)
    version, inspection = standing_version(evaluation), inspect_page(access, load_for(access))
    lines = [_line(access, inspected, sent_forms or {}) for inspected in inspection.findings]
    if version:
        lines = [FindingLine(record) for record in version.findings or ()]
    show = request.GET.get("show", "")
    kinds = {**{level.value: level.label for level in Level}, WAIVED: "確認済み"}
    if show not in kinds:
        show = ""
    for line in lines:
        line.in_long_list = not show and len(lines) > LONG
    context = {
        "evaluation": evaluation,
        "version": version,
        "hidden": inspection.hidden,
        "why_without_last_year": inspection.why_without_last_year,
        "has_missing": any(
            inspected.is_missing and not _is_secretariats(access, inspected)
            for inspected in inspection.all_findings
        ),
        "parts": list(
            _parts(evaluation, kinds, [line for line in lines if show in ("", line.kind)])
        ),
        "count": len(lines),
        "is_clear": all(line.kind == WAIVED for line in lines),
        "filters": [
            (kind, label, sum(line.kind == kind for line in lines)) for kind, label in kinds.items()
        ],
        "show": show,
        "why_closed": "" if version else access.why_not_enter,
        "lapsed": [
            (waiver, "" if access.why_not_enter else why_not_waive(access, waiver.owner_ids))
            for waiver in inspection.lapsed
        ],
        "refused": refused,
    }
    return render(request, "evaluations/checks/checks.html", context, status=status)


def _is_secretariats(access: Access, inspected: InspectedFinding) -> bool:
    """Whether an official reads what the secretariat alone can mend."""
    if not access.is_official or inspected.address(access):
        return False
    return not any(access.user.municipality_id in row.owner_ids for row in inspected.rows)


def _line(
    access: Access, inspected: InspectedFinding, sent_forms: dict[str, WaiverForm]
) -> FindingLine:
    evaluation = access.evaluation
    form_address = ""
    if inspected.finding.number is not None and not inspected.waiver:
        form_address = (
            f"{page_address(evaluation, 'evaluation-form')}#{mark_id(inspected.finding.number)}"
        )
    return FindingLine(
        inspected.as_data(),
        anchor=inspected.anchor,
        edit_url=inspected.address(access),
        form_url=form_address,
        waiver=inspected.waiver,
        refusal=why_not_waive(access, inspected.owner_ids),
        is_secretariats=_is_secretariats(access, inspected),
        form=sent_forms.get(inspected.anchor) or WaiverForm(auto_id=f"{inspected.anchor}-%s"),
    )


def _parts(
    evaluation: Evaluation, kinds: dict[str, str], lines: Iterable[FindingLine]
) -> Iterator[FindingsPart]:
    """A part for each author in the order of the zone, then the whole zone; in each the most severe level first.

    For an official, what only the secretariat can mend comes last.
    """
    authors = dict(evaluation.zone.named_authors_in(evaluation.fiscal_year))
    parts = {name: (author.slug, name) for name, author in authors.items()} | {
        WHOLE: (WHOLE, "特区全体と複数の作成主体に関わるもの"),
        SECRETARIATS: (SECRETARIATS, "取りまとめ担当が直すもの"),
    }
    lines_of: dict[str, list[FindingLine]] = {part: [] for part in parts}
    for line in lines:
        names = line.finding["municipalities"]
        of_author = names[0] if len(names) == 1 and names[0] in authors else WHOLE
        lines_of[SECRETARIATS if line.is_secretariats else of_author].append(line)
    for part, part_lines in lines_of.items():
        groups = [
            (label, [line for line in part_lines if line.kind == kind])
            for kind, label in kinds.items()
        ]
        if part_lines:
            yield FindingsPart(*parts[part], [(label, found) for label, found in groups if found])


# Setting a finding aside


@keeps_unsent("点検結果を「確認済みにする」", reason="確認した理由")
@require_POST
def finding_waive(request, zone, fiscal_year):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    anchor = request.POST.get("finding", "")
    form = WaiverForm(request.POST, auto_id=f"{anchor.replace('%', '')}-%s")
    with transaction.atomic():
        evaluation = Evaluation.objects.locked(evaluation.pk)
        access = Access(request.user, evaluation)
        inspected, refusal = None, access.why_not_enter
        if not refusal:
            inspected = _find(inspect(access), anchor)
            refusal = why_not_waive(access, inspected.owner_ids) if inspected else ""
        if inspected and not refusal and not inspected.waiver and form.is_valid():
            inspected.set_aside(evaluation, reason=form.cleaned_data["reason"], by=request.user)
    if refusal:
        refused = RefusedInput(refusal, form)
        return checks_page(request, evaluation, refused=refused, status=403)
    if not inspected:
        sentence = (
            "この点検結果は、内容が変わったため、もうありません。今の点検結果を確かめてください。"
        )
        return checks_page(request, evaluation, refused=RefusedInput(sentence, form), status=404)
    if inspected.waiver and not _is_same(inspected.waiver, form, request.user):
        sentence = f"この点検結果は、{inspected.waiver.set_aside_by.name_at(inspected.waiver.set_aside_at)}が既に確認済みにしています。"
        return checks_page(request, evaluation, refused=RefusedInput(sentence, form), status=409)
    if form.errors:
        return checks_page(request, evaluation, {anchor: form})
    messages.success(request, f"{inspected.place}の点検結果を、確認済みにしました。")
    return redirect(f"{page_address(evaluation, 'checks')}#{anchor}")


def _find(inspection: Inspection, anchor: str) -> InspectedFinding | None:
    return next(
        (inspected for inspected in inspection.findings if inspected.anchor == anchor), None
    )


def _is_same(waiver: Waiver, form: WaiverForm, user) -> bool:
    """Whether this is the same input again, as a double click sends it."""
    return (
        waiver.set_aside_by == user
        and form.is_valid()
        and form.cleaned_data["reason"] == waiver.reason
    )


@require_POST
def waiver_withdraw(request, zone, fiscal_year, pk):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    with transaction.atomic():
        evaluation = Evaluation.objects.locked(evaluation.pk)
        access = Access(request.user, evaluation)
        if refusal := access.why_not_enter:
            raise PermissionDenied(refusal)
        waivers = {waiver.pk: (waiver, owners) for waiver, owners in inspect(access).waivers()}
        if pk not in waivers:
            if not Waiver.history.filter(id=pk, evaluation=evaluation, history_type="-").exists():
                raise Http404
            messages.info(request, "この確認は、既に取り消されています。")
            return redirect(page_address(evaluation, "checks"))
        waiver, owners = waivers[pk]
        if refusal := why_not_waive(access, owners):
            raise PermissionDenied(refusal)
        waiver.delete()
    messages.success(request, f"{waiver.place}の確認を取り消しました。")
    return redirect(page_address(evaluation, "checks"))
