"""Entry: what is still missing, and the pages on which a year's figures and texts are typed in.

An official finds their municipality's rows here, the secretariat every row, by the same rules.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from evaluations.form.contents import Contents, NumericTarget
from evaluations.form.figures import figure, percent, target_number
from evaluations.form.records import load
from evaluations.forms import (
    FigureFormField,
    NewAchievement,
    NewNationalSupport,
    NewRowForm,
    NewScheme,
    RecordForm,
    form_for,
)
from evaluations.items import (
    FIELDS,
    PARTS,
    Item,
    anchor,
    entry_address,
    entry_rows,
    identity,
    missing_items,
    part_of,
    row_items,
    row_key,
    row_label,
)
from evaluations.models import (
    Achievement,
    Actual,
    Approach,
    Evaluation,
    Remark,
    Submission,
    TargetAssessment,
)
from evaluations.models.targets import Aggregation
from evaluations.permissions import Reach, why_not_move
from evaluations.progress import Figures, Formula, target_progress, zone_actual
from evaluations.views.common import visible_evaluation
from evaluations.workflow import EvaluationState
from supports.models import (
    NationalSupport,
    NationalSupportKind,
    RegionalText,
    RegulatoryMeasure,
    Scheme,
    SchemeCategory,
    SchemeResult,
)
from tokku.accounts.middleware import forget_typed, keeps_typed, kept_typed
from tokku.accounts.models import Role
from tokku.document.tree import clean_lines
from tokku.records import Record

TITLES = {"actuals": "実績値", "texts": "文章", "supports": "支援措置"}
LATER = "全自治体の入力後に計算"
REMOVABLE = (Achievement, NationalSupport, SchemeResult)


# What one person fills in


@dataclass
class EntryField:
    """A field of a row as an entry page shows it; `bound` is None where it can only be read."""

    item: Item
    bound: Any = None
    previous: str = ""
    conflict: Any = None
    remarks: list[Remark] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return anchor(row_key(self.item.row), self.item.field)

    @property
    def is_prose(self) -> bool:
        return self.item.row._meta.get_field(self.item.field).get_internal_type() == "TextField"

    @property
    def characters(self) -> int:
        """As clean lines, without their ends."""
        text = self.bound.value() if self.bound else self.item.text
        return len(clean_lines(str(text or "")).replace("\n", ""))


@dataclass
class Entry:
    """A row as an entry page shows it; `form` is None where it can only be read."""

    row: Record
    items: list[Item]
    form: RecordForm | None
    desk: "Desk"

    @property
    def key(self) -> str:
        return row_key(self.row)

    @property
    def label(self) -> str:
        return row_label(self.row)

    @cached_property
    def fields(self) -> list[EntryField]:
        before = self.desk.before(self.row)
        return [
            EntryField(
                item,
                bound=self.form[item.field] if self.form else None,
                previous=before.get(item.field, ""),
                conflict=self.form.conflicts.get(item.field) if self.form else None,
                remarks=self.desk.remarks.get((self.key, item.field), []),
            )
            for item in self.items
        ]

    @property
    def remarks(self) -> list[Remark]:
        """On the row as a whole."""
        return self.desk.remarks.get((self.key, ""), [])

    @property
    def removal(self) -> str:
        """Where the row can be taken out, or ""."""
        return self.desk.removal(self.row) if self.form and isinstance(self.row, REMOVABLE) else ""


class Desk:
    """What one person fills in in one evaluation, and why they may not. PermissionDenied for readers."""

    def __init__(self, user, evaluation: Evaluation) -> None:
        self.user = user
        self.evaluation = evaluation
        self.reach = Reach(user, evaluation)
        self.is_official = user.role == Role.OFFICIAL
        self.why = self.reach.why_not_edit([user.municipality_id] if self.is_official else ())
        if user.role not in (Role.OFFICIAL, Role.SECRETARIAT):
            raise PermissionDenied(self.why)

    @cached_property
    def all_rows(self) -> list[Record]:
        return entry_rows(self.evaluation)

    @cached_property
    def rows(self) -> list[Record]:
        return [row for row in self.all_rows if self.is_mine(row)]

    def is_mine(self, row: Record) -> bool:
        return not self.is_official or self.user.municipality_id in row.owner_ids

    def part(self, part: str) -> list[Record]:
        return [row for row in self.rows if isinstance(row, PARTS[part])]

    def entries(self, part: str, data: Mapping[str, Any] | None = None) -> list[Entry]:
        """The rows of a page; those that `data` names are bound to it."""
        entries = []
        for row in self.part(part):
            items = list(row_items(row))
            form = None
            if not self.reach.why_not_edit(row.owner_ids):
                sent = data is not None and f"{row_key(row)}-revision" in data
                form = form_for(row, data if sent else None)
            entries.append(Entry(row, items, form, self))
        return entries

    def adders(self, part: str, data: Mapping[str, Any] | None = None) -> list[NewRowForm]:
        """The forms of a page that add rows."""
        if self.why:
            return []
        of = {"user": self.user, "evaluation": self.evaluation}
        if part == "texts":
            approaches = [row for row in self.all_rows if isinstance(row, Approach)]
            return [NewAchievement(data, approach=approach, **of) for approach in approaches]
        return [NewScheme(data, **of), NewNationalSupport(data, **of)] if part == "supports" else []

    @cached_property
    def _previous(self) -> dict[Any, Record]:
        previous = (
            Evaluation.objects.filter(
                zone=self.evaluation.zone_id, fiscal_year=self.evaluation.fiscal_year - 1
            )
            .select_related("zone", "plan")
            .first()
        )
        found: dict[Any, Record] = {}
        for row in entry_rows(previous) if previous else ():
            if self.is_mine(row):
                found.setdefault(identity(row), row)
        return found

    def before(self, row: Record) -> dict[str, str]:
        """What the same row said in the year before, field by field. The grid has its own columns."""
        if isinstance(row, Actual):
            return {}
        previous = self._previous.get(identity(row))
        return {item.field: item.text for item in row_items(previous)} if previous else {}

    @cached_property
    def remarks(self) -> dict[tuple[str, str], list[Remark]]:
        """Those that are not answered yet, by row and field."""
        open_remarks = (
            Remark.objects.visible_to(self.user)
            .open()
            .filter(submission__evaluation=self.evaluation)
        )
        found: dict[tuple[str, str], list[Remark]] = {}
        for remark in open_remarks.select_related("written_by", "submission__municipality"):
            found.setdefault((remark.record, remark.field), []).append(remark)
        return found

    def removal(self, row: Record) -> str:
        return reverse("evaluations:entry-remove", args=[*address(self.evaluation), row_key(row)])


def address(evaluation: Evaluation) -> list[Any]:
    return [evaluation.zone.slug, evaluation.fiscal_year]


# Overview and hand-in


@dataclass
class Part:
    """How far one entry page is filled in."""

    title: str
    url: str
    required: int
    filled: int
    optional: int

    @property
    def missing(self) -> int:
        return self.required - self.filled


@require_safe
def entry(request, zone, fiscal_year):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    return _overview(request, Desk(request.user, evaluation))


@require_POST
def entry_submit(request, zone, fiscal_year):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    desk = Desk(request.user, evaluation)
    if not desk.is_official:
        raise PermissionDenied("提出は、自治体の担当者が行います。")
    try:
        _submission(desk).move("submit", by=request.user)
    except PermissionDenied as refusal:
        evaluation.refresh_from_db()
        return _overview(request, Desk(request.user, evaluation), refusal=str(refusal))
    messages.success(request, f"{request.user.municipality}の入力を提出しました。")
    return redirect("evaluations:entry", *address(evaluation))


def _submission(desk: Desk) -> Submission:
    """The official's own; made with its first move where the zone has gained a municipality since."""
    of = {"evaluation": desk.evaluation, "municipality": desk.user.municipality}
    found = Submission.objects.filter(**of).select_related("municipality", "submitted_by").first()
    submission = found or Submission(**of)
    submission.evaluation = desk.evaluation
    if not found and desk.evaluation.state == EvaluationState.OPEN:
        submission.save()
    return submission


def _overview(request, desk: Desk, refusal: str = ""):
    evaluation = desk.evaluation
    items = [item for row in desk.rows for item in row_items(row)]
    missing = missing_items(items)
    submission, why_not_submit = None, ""
    if desk.is_official:
        submission = evaluation.submission_set.filter(
            municipality=request.user.municipality_id
        ).select_related("municipality", "submitted_by").first() or Submission(
            evaluation=evaluation, municipality=request.user.municipality
        )
        submission.evaluation = evaluation
        why_not_submit = why_not_move(request.user, submission, "submit")
        if not why_not_submit and missing:
            why_not_submit = f"まだ入力されていない欄が{len(missing)}件あるため、提出できません。"
        if not why_not_submit and submission.pk:
            why_not_submit = submission.why_not_answered()
    context = {
        "evaluation": evaluation,
        "desk": desk,
        "submission": submission,
        "parts": [_part(evaluation, part, items, missing) for part in PARTS],
        "missing": [
            (
                row_label(row),
                [
                    (item.label, entry_address(evaluation, row_key(row), item.field))
                    for item in found
                ],
            )
            for row, found in groupby(missing, key=lambda item: item.row)
        ],
        "missing_count": len(missing),
        "remarks": list(_remarks(desk)),
        "why_not_submit": why_not_submit,
        "refusal": refusal,
    }
    return render(
        request, "evaluations/entry/overview.html", context, status=403 if refusal else 200
    )


def _part(evaluation: Evaluation, part: str, items: list[Item], missing: list[Item]) -> Part:
    own = [item for item in items if part_of(type(item.row)) == part]
    lacking = [item for item in missing if part_of(type(item.row)) == part]
    filled = sum(item.is_required and bool(item.text) for item in own)
    return Part(
        TITLES[part],
        reverse(f"evaluations:entry-{part}", args=address(evaluation)),
        filled + len(lacking),
        filled,
        sum(not item.is_required and bool(item.text) for item in own),
    )


def _remarks(desk: Desk) -> Iterator[dict[str, Any]]:
    rows = {row_key(row): row for row in desk.rows}
    for (key, name), remarks in desk.remarks.items():
        row = rows.get(key)
        label = row_label(row) if row else "（削除された欄）"
        if row and name in FIELDS[type(row)]:
            label += f" {row._meta.get_field(name).verbose_name}"
        for remark in remarks:
            yield {
                "remark": remark,
                "label": label,
                "answer": reverse("evaluations:remarks", args=address(desk.evaluation))
                + f"#remark-{remark.pk}",
                "url": entry_address(desk.evaluation, key, name) if row else "",
            }


# The pages


@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def entry_actuals(request, zone, fiscal_year):
    return _page(request, zone, fiscal_year, "actuals")


@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def entry_texts(request, zone, fiscal_year):
    return _page(request, zone, fiscal_year, "texts")


@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def entry_supports(request, zone, fiscal_year):
    return _page(request, zone, fiscal_year, "supports")


def _page(request, zone, fiscal_year, part):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    if request.method == "POST":
        return _save(request, evaluation, part)
    desk = Desk(request.user, evaluation)
    kept = kept_typed(request)
    if kept is not None and desk.why:
        forget_typed(request)
        return _refused(request, desk, part, kept)
    entries, adders = desk.entries(part, kept), desk.adders(part, kept)
    lost = []
    if kept is not None:
        for form in [*(entry.form for entry in entries), *adders]:
            form.is_valid()
        lost = _lost(desk, part, kept)
    return _show(request, desk, part, entries, adders, kept=kept is not None, lost=lost)


def _save(request, evaluation: Evaluation, part: str):
    """Save what can be saved, and show the rest again as it was typed."""
    data = request.POST
    if data.get("action") == "discard":
        forget_typed(request)
        return redirect(request.path)
    with transaction.atomic():
        desk = Desk(request.user, Evaluation.objects.locked(evaluation.pk))
        if desk.why:
            forget_typed(request)
            return _refused(request, desk, part, data)
        entries, adders = desk.entries(part, data), desk.adders(part, data)
        failed, saved = 0, 0
        for one in entries:
            if not one.form or not one.form.is_bound:
                continue
            if not one.form.is_valid():
                failed += 1
                continue
            if one.form.has_changed():
                one.form.save()
                saved += 1
            one.items, one.form = list(row_items(one.row)), form_for(one.row)
        for adder in adders:
            if not adder.is_bound or not adder.has_changed():
                continue
            if adder.is_valid():
                adder.create()
                saved += 1
            else:
                failed += 1
        lost = _lost(desk, part, data)
        if not failed and not lost:
            url = _act(desk, part, data.get("action", "")) or request.path
    forget_typed(request)
    if not failed and not lost:
        at = timezone.localtime()
        messages.success(request, f"保存しました（{at.hour}時{at.minute:02}分）。")
        return redirect(url)
    if saved:
        # A new row among those that are there, its form empty again.
        desk = Desk(request.user, desk.evaluation)
        again = {one.key: one.form for one in entries if one.form and one.form.errors}
        entries = desk.entries(part)
        for one in entries:
            one.form = again.get(one.key, one.form)
        fresh = desk.adders(part)
        adders = [old if old.errors else new for old, new in zip(adders, fresh, strict=True)]
    notice = f"{saved}件を保存しました。" if saved else ""
    notice += f"{failed + len(lost)}件は保存していません。"
    if data.get("action"):
        notice += "選んだ操作は行っていません。誤りを直してから、もう一度操作してください。"
    return _show(request, desk, part, entries, adders, notice=notice, lost=lost)


def _act(desk: Desk, part: str, action: str) -> str:
    """What the button asked for beside saving. The address to go on to, or ""."""
    verb, _, key = action.partition(":")
    rows = {row_key(row): row for row in desk.part(part)}
    row = rows.get(key)
    if verb == "resume" and part == "supports":
        scheme = next((one for one in _unreported(desk) if str(one.pk) == key), None)
        if scheme is None:
            raise Http404
        return entry_address(desk.evaluation, row_key(_resume(desk, scheme)))
    if not action:
        return ""
    if not isinstance(row, REMOVABLE) or verb not in ("up", "down", "remove"):
        raise Http404
    if verb == "remove":
        return desk.removal(row)
    _reorder(desk, row, -1 if verb == "up" else 1)
    return entry_address(desk.evaluation, key)


def _group(row: Record) -> Any:
    """The list of the form within which a row has its place."""
    match row:
        case Achievement():
            return Achievement, row.approach_id
        case NationalSupport():
            return NationalSupport, row.kind
        case SchemeResult():
            return SchemeResult, row.scheme.category
    return None


def _reorder(desk: Desk, row: Record, step: int) -> None:
    """Move a row among the person's own of its list; others' rows stay where they are."""
    rows = [other for other in desk.rows if _group(other) == _group(row)]
    place = rows.index(row)
    if not 0 <= place + step < len(rows):
        return
    positions = sorted(other.position for other in rows)
    rows[place], rows[place + step] = rows[place + step], rows[place]
    last = 0
    for other, position in zip(rows, positions, strict=True):
        last = max(position, last + 1)
        if other.position != last:
            other.position = last
            other.save(update_fields=["position"])


def _unreported(desk: Desk) -> list[Scheme]:
    """The person's schemes that this year's evaluation does not report."""
    schemes = (
        Scheme.objects.filter(zone=desk.evaluation.zone_id)
        .exclude(schemeresult__evaluation=desk.evaluation)
        .prefetch_related("municipalities")
        .order_by("pk")
    )
    return [scheme for scheme in schemes if desk.is_mine(scheme)]


def _resume(desk: Desk, scheme: Scheme) -> SchemeResult:
    """Report a scheme again, with the outline and the relation that it had last."""
    last = (
        scheme.schemeresult_set.filter(evaluation__fiscal_year__lt=desk.evaluation.fiscal_year)
        .order_by("-evaluation__fiscal_year")
        .first()
    )
    position = max(
        (row.position for row in desk.all_rows if isinstance(row, SchemeResult)), default=0
    )
    result = SchemeResult(
        scheme=scheme,
        evaluation=desk.evaluation,
        position=position + 1,
        outline=last.outline if last else "",
        all_targets=last.all_targets if last else False,
    )
    result.save()
    if last:
        result.targets.set(last.targets.all())
    return result


def _show(request, desk: Desk, part: str, entries, adders, *, notice="", kept=False, lost=()):
    context = {
        "evaluation": desk.evaluation,
        "desk": desk,
        "part": part,
        "body_template": f"evaluations/entry/_{part}.html",
        "title": TITLES[part],
        "parts": [
            (name, title, reverse(f"evaluations:entry-{name}", args=address(desk.evaluation)))
            for name, title in TITLES.items()
        ],
        "notice": notice,
        "kept": kept,
        "lost": lost,
        "has_errors": bool(notice),
        "problems": _problems(entries, adders),
    }
    builders = {"actuals": _actuals_context, "texts": _texts_context, "supports": _supports_context}
    context |= builders[part](desk, entries, adders)
    return render(request, "evaluations/entry/page.html", context)


def _problems(entries: list[Entry], adders: list[NewRowForm]) -> list[tuple[str, str]]:
    """What is not saved yet, and where."""
    found = []
    forms = [(one.label, one.key, one.form) for one in entries if one.form]
    forms += [("追加しようとした行", "", form) for form in adders]
    for label, row, form in forms:
        for name in form.errors if form.is_bound else ():
            known = name in form.fields
            where = (form[name].id_for_label or f"{form[name].auto_id}-choices") if known else row
            found.append((f"{label} {form.fields[name].label if known else ''}".strip(), where))
    return found


# Actuals


@dataclass
class Line:
    """A line of the grid: one actual, between last year's figures and its progress."""

    entry: Entry
    target: NumericTarget
    contents: Contents
    with_target: bool = True

    @property
    def year(self) -> int:
        return self.contents.fiscal_year

    def _of(self, year: int):
        return next((one for one in self.target.years if one.year == year), None)

    @property
    def unit(self) -> str:
        return self.target.unit

    @property
    def last_target(self) -> str:
        last = self._of(self.year - 1)
        return figure(last.target, self.target) if last else ""

    @property
    def last_zone(self) -> str:
        last = self._of(self.year - 1)
        return figure(last.actual, self.target) if last else ""

    @property
    def last_own(self) -> str:
        last, municipality = self._of(self.year - 1), self.entry.row.municipality
        if not last or not municipality:
            return ""
        return figure(dict(last.by_municipality).get(municipality.name), self.target)

    @property
    def this_target(self) -> str:
        this = self._of(self.year)
        return figure(this.target, self.target) if this else ""

    @property
    def progress(self) -> str:
        this = self._of(self.year)
        return progress_text(self.target, self.year, this.actual if this else None)


def progress_text(target: NumericTarget, year: int, actual) -> str:
    """The progress of the zone if its actual were this."""
    figures = target.figures(year)
    progress = target_progress(
        Figures(figures.target, actual, Formula(target.formula), target.baseline, target.weight)
    )
    return percent(progress) or LATER


def _targets(contents: Contents) -> dict[tuple[int, int], tuple[str, NumericTarget]]:
    return {
        (key.indicator, key.number): (target_number(indicator, target), target)
        for key, indicator, target in contents.targets()
    }


def _actuals_context(desk: Desk, entries: list[Entry], adders) -> dict[str, Any]:
    contents = load(desk.evaluation, desk.reach.hidden)
    targets = _targets(contents)
    groups = []
    for target_row, found in groupby(entries, key=lambda one: one.row.target):
        number, target = targets[target_row.indicator.number, target_row.number]
        groups.append(
            {
                "number": number,
                "name": target_row.name,
                "indicator": target_row.indicator.name,
                "unit": target_row.unit,
                "formula": Formula(target_row.formula).label,
                "lines": [Line(one, target, contents) for one in found],
            }
        )
    return {"groups": groups, "later": LATER}


@require_GET
def entry_progress(request, zone, fiscal_year):
    """The progress that figures give that are still being typed: {"progress": "80%"}.

    `row` and `value`, once for each row of one target that the page shows.
    """
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    desk = Desk(request.user, evaluation)
    rows = {row_key(row): row for row in desk.part("actuals")}
    field = FigureFormField(max_digits=18, decimal_places=4, required=False)
    typed: dict[Actual, Any] = {}
    for key, value in zip(request.GET.getlist("row"), request.GET.getlist("value"), strict=False):
        if key not in rows:
            raise Http404
        try:
            typed[rows[key]] = field.clean(value)
        except ValidationError:
            return JsonResponse({"progress": ""})
    if len({row.target_id for row in typed}) != 1:
        raise Http404
    contents = load(evaluation, desk.reach.hidden)
    numeric = next(iter(typed)).target
    _, target = _targets(contents)[numeric.indicator.number, numeric.number]
    actual = _zone_actual_with(typed, target, contents)
    return JsonResponse({"progress": progress_text(target, fiscal_year, actual)})


def _zone_actual_with(typed: dict[Actual, Any], target: NumericTarget, contents: Contents):
    """The zone's actual if these rows said what was typed."""
    this = next((one for one in target.years if one.year == contents.fiscal_year), None)
    names = {row.municipality.name: value for row, value in typed.items() if row.municipality}
    if len(names) < len(typed):
        return next(value for row, value in typed.items() if not row.municipality)
    stored = dict(this.by_municipality if this else ())
    if target.aggregation == Aggregation.ONCE:
        return next((one for one in (stored | names).values() if one is not None), None)
    return zone_actual((dict.fromkeys(contents.zone.municipalities) | stored | names).values())


# Texts


def _texts_context(desk: Desk, entries: list[Entry], adders) -> dict[str, Any]:
    """The sections of the page, in the order of the form."""
    adder_of = {adder.approach.pk: adder for adder in adders}

    def of(*kinds):
        return [one for one in entries if isinstance(one.row, kinds)]

    approaches = [
        {
            "row": row,
            "label": row_label(row),
            "narrative": next((one for one in of(Approach) if one.row == row), None),
            "achievements": [one for one in of(Achievement) if one.row.approach_id == row.pk],
            "adder": adder_of.get(row.pk),
        }
        for row in desk.all_rows
        if isinstance(row, Approach)
    ]
    return {
        "body": of(Evaluation),
        "assessments": of(TargetAssessment),
        "approaches": approaches if not desk.why or of(Approach, Achievement) else [],
        "measures": of(RegulatoryMeasure),
        "no_measures": not desk.is_official and not of(RegulatoryMeasure),
        "reason": anchor(row_key(desk.evaluation), "no_measures_reason"),
        "regional": of(RegionalText),
    }


# Support schemes


def _supports_context(desk: Desk, entries: list[Entry], adders) -> dict[str, Any]:
    def grouped(kinds, kind_of, rows):
        return [(label, [one for one in rows if kind_of(one.row) == kind]) for kind, label in kinds]

    schemes = [one for one in entries if isinstance(one.row, SchemeResult)]
    national = [one for one in entries if isinstance(one.row, NationalSupport)]
    reasons = anchor(row_key(desk.evaluation), "no_fiscal_support_reason")
    return {
        "schemes": grouped(SchemeCategory.choices, lambda row: row.scheme.category, schemes),
        "national": grouped(NationalSupportKind.choices, lambda row: row.kind, national),
        "unreported": [] if desk.why else _unreported(desk),
        "new_scheme": adders[0] if adders else None,
        "new_national": adders[1] if adders else None,
        "reason_url": reverse("evaluations:entry-texts", args=address(desk.evaluation))
        + f"#{reasons}",
    }


# Taking a row out


@require_http_methods(["GET", "HEAD", "POST"])
def entry_remove(request, zone, fiscal_year, key):
    """Says what will be gone and what stays, and takes the row out of this year's evaluation."""
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    with transaction.atomic():
        if request.method == "POST":
            evaluation = Evaluation.objects.locked(evaluation.pk)
        desk = Desk(request.user, evaluation)
        row = next((one for one in desk.rows if row_key(one) == key), None)
        if not isinstance(row, REMOVABLE):
            raise Http404
        if why := desk.reach.why_not_edit(row.owner_ids):
            raise PermissionDenied(why)
        back = reverse(f"evaluations:entry-{part_of(type(row))}", args=address(evaluation))
        changed = False
        if request.method == "POST":
            changed = request.POST.get("revision") != str(row.revision)
            if not changed:
                label = row_label(row)
                row.delete()
                messages.success(request, f"{label}を、この年度の評価書から削除しました。")
                return redirect(back)
    context = {
        "evaluation": evaluation,
        "row": row,
        "label": row_label(row),
        "items": [item for item in row_items(row) if item.text],
        "is_scheme": isinstance(row, SchemeResult),
        "is_joint": len(row.owner_ids) > 1,
        "back": f"{back}#{key}",
        "changed": changed,
    }
    return render(request, "evaluations/entry/remove.html", context)


# Nothing typed is lost

_NAME = re.compile(r"([a-z]+\.[a-z]+/\d+)-([a-z_]+)")
_NEW = re.compile(r"(?:new-achievement-\d+|new-national-support|new-scheme)-([a-z_]+)")
_NEW_TEXTS = {
    "heading": "見出し",
    "name": "名称",
    "text": "内容",
    "outline": "概要",
    "usage": "活用状況",
}


def _typed(desk: Desk, part: str, data: Mapping[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """Label and text of what was typed and is not stored, and whether its row is still there."""
    rows = {row_key(row): row for row in desk.part(part)}
    fields = {kind._meta.label_lower: (kind, FIELDS[kind]) for kind in PARTS[part]}
    for name, value in data.items():
        if not value.strip():
            continue
        if match := _NEW.fullmatch(name):
            if match[1] in _NEW_TEXTS:
                yield f"追加しようとした行の{_NEW_TEXTS[match[1]]}", value, True
            continue
        match = _NAME.fullmatch(name)
        kind, names = fields.get(match[1].split("/")[0], (None, ())) if match else (None, ())
        if not kind or match[2] not in names:
            continue
        row = rows.get(match[1])
        label = kind._meta.get_field(match[2]).verbose_name
        if row is None:
            yield f"{kind._meta.verbose_name}　{label}", value, False
        elif clean_lines(value) != _stored(row, match[2]):
            yield f"{row_label(row)}　{label}", value, True


def _stored(row: Record, name: str) -> str:
    """What the field's input says while nobody types in it."""
    return str(form_for(row)[name].value() or "")


def _lost(desk: Desk, part: str, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was typed into rows that are not there any more."""
    return [(label, text) for label, text, there in _typed(desk, part, data) if not there]


def _refused(request, desk: Desk, part: str, data: Mapping[str, Any]):
    """Why nothing can be saved, with everything that was typed, to be copied."""
    context = {
        "evaluation": desk.evaluation,
        "why": desk.why,
        "title": TITLES[part],
        "typed": [(label, text) for label, text, _ in _typed(desk, part, data)],
        "back": reverse(f"evaluations:entry-{part}", args=address(desk.evaluation)),
    }
    return render(request, "evaluations/entry/refused.html", context, status=403)
