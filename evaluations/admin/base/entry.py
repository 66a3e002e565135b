"""The admin of what is filled in for an evaluation."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.admin.utils import flatten_fieldsets
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from evaluations import catalogue
from evaluations.addresses import page_address
from evaluations.admin.base.access import (
    access_of,
    lock,
    open_evaluations,
    unseen_evaluations,
)
from evaluations.admin.base.records import RecordAdmin
from evaluations.catalogue.structure import NEWEST, Field, FormHeading
from evaluations.form.printed_figures import number_of
from evaluations.models import Evaluation
from evaluations.permissions import municipalities_of, why_not_manage, why_not_read_versions
from supports.models import Scheme, SchemeResult
from tokku.accounts.models import Municipality, Role
from tokku.records import value_of
from tokku.values import is_rows


class NumberedTargets(forms.ModelMultipleChoiceField):
    """A choice of numeric targets of whole editions, labelled with their numbers in the form."""

    @cached_property
    def _of_indicator(self) -> Counter[int]:
        return Counter(self.queryset.order_by().values_list("indicator", flat=True))

    def label_from_instance(self, target):
        number = number_of(target.place, self._of_indicator[target.indicator_id])
        return f"{number}　{target}"


class EntryAdmin(RecordAdmin):
    """The admin of rows of an evaluation, which their owners may edit.

    `owner_path` leads to the municipalities that own a row; without one, rows are the zone's as a whole.
    """

    owner_path = ""
    no_municipality_label = "特区全体"
    fixed = ("evaluation",)

    def evaluation_of(self, row) -> Evaluation | None:
        return getattr(row, "evaluation", None)  # a new row may have none yet

    def evaluations_of(self, row):
        evaluation = self.evaluation_of(row)
        return [evaluation] if evaluation else []

    def of_evaluation(self, evaluation: Evaluation) -> Q:
        return Q(**{catalogue.kind_of(self.model).evaluation: evaluation})

    def owners_of(self, request) -> frozenset[int]:
        """The owners of rows that the person would enter."""
        municipality = request.user.municipality_id if request.user.role == Role.OFFICIAL else None
        return frozenset({municipality} if municipality and self.owner_path else ())

    def editable(self, request, row=None) -> list[Evaluation]:
        """The evaluations in which the person may enter rows of this kind; that of the row, if one is given."""
        if row and (evaluation := self.evaluation_of(row)):
            return [evaluation]
        owners = self.owners_of(request)
        return [
            evaluation
            for evaluation in open_evaluations(request)
            if not access_of(request, evaluation).why_not_edit(owners)
        ]

    # Which fields

    def year_of(self, row) -> int:
        """The fiscal year whose form the page of a row follows."""
        evaluation = row and self.evaluation_of(row)
        return evaluation.fiscal_year if evaluation else NEWEST

    def get_fields(self, request, obj=None):
        """The fields in the form of the year: first those of `fields`, then the others in the order of the catalogue."""
        names = (field.name for field in catalogue.kind_of(self.model).fields)
        ordered_names = dict.fromkeys((*(self.fields or ()), *names))
        excluded = self.exclude or ()
        return in_form(
            self.model, [name for name in ordered_names if name not in excluded], self.year_of(obj)
        )

    def title_over(self, field: Field) -> FormHeading | str | None:
        """The title above the field; a FormHeading is shown with its place in the form."""
        return None

    def get_fieldsets(self, request, obj=None):
        kind, year = catalogue.kind_of(self.model), self.year_of(obj)
        sets = defaultdict(list)
        for name in flatten_fieldsets(super().get_fieldsets(request, obj)):
            title = self.title_over(kind[name]) if name in kind else None
            sets[title.place(year) if isinstance(title, FormHeading) else title].append(name)
        return [(title, {"fields": names}) for title, names in sets.items()]

    def get_form(self, request, obj=None, change=False, **kwargs):
        texts = help_texts(self.model, self.year_of(obj), getattr(obj, "kind", ""))
        return super().get_form(request, obj, change=change, help_texts=texts, **kwargs)

    # Who may do what

    def why_not_add(self, request):
        if self.editable(request):
            return ""
        owners = self.owners_of(request)
        reasons = [
            access_of(request, evaluation).why_not_edit(owners)
            for evaluation in open_evaluations(request)
        ]
        return next(iter(reasons), "入力中の評価書がありません。")

    def why_not_change(self, request, row=None):
        if row is None:
            return self.why_not_add(request)
        evaluation = self.evaluation_of(row)
        if evaluation is None:
            return why_not_manage(request.user)
        return access_of(request, evaluation).why_not_edit(row.owner_ids)

    def why_not_read_history(self, request, row):
        return why_not_read_versions(request.user, [row.owner_ids, *self._former_owners(row)])

    def _former_owners(self, row) -> Iterable[frozenset[int]]:
        """The owners of each version of the row."""
        *path, owner_field = self.owner_path.split("__")
        for step in path:
            row = getattr(row, step)
        for version in row.history.all() if owner_field else ():
            owners = value_of(version, owner_field)
            yield _primary_keys(owners if is_rows(owners) else filter(None, [owners]))

    def lock_before_adding(self, request, row):
        lock(request, self.evaluations_of(row))

    def refusals(self, request, row, cleaned):
        evaluation = self.evaluation_of(row)
        if evaluation is None:
            if refusal := why_not_manage(request.user):
                yield None, refusal
            return
        # The new owners count too: a row cannot be given away.
        owners = (
            row.owner_ids
            if "municipalities" not in cleaned
            else _primary_keys(cleaned["municipalities"])
        )
        if refusal := access_of(request, evaluation).why_not_edit(owners):
            yield None, refusal
        yield from self.misfits(request, evaluation, cleaned)

    def misfits(self, request, evaluation, cleaned):
        """Refusals of relations to another zone or plan than the evaluation's."""
        targets = [*cleaned.get("targets", [])]
        if cleaned.get("target"):
            targets.append(cleaned["target"])
        if any(target.indicator.edition_id != evaluation.edition_id for target in targets):
            field = "targets" if "targets" in cleaned else "target"
            yield field, "この評価書の計画にない数値目標は選べません。"
        scheme = cleaned.get("scheme")
        if scheme and scheme.zone_id != evaluation.zone_id:
            yield "scheme", "別の特区の支援措置は選べません。"
        chosen = [*cleaned.get("municipalities", [])]
        if cleaned.get("municipality"):
            chosen.append(cleaned["municipality"])
        if _primary_keys(chosen) - access_of(request, evaluation).authors:
            field = "municipalities" if "municipalities" in cleaned else "municipality"
            yield field, "この特区の作成主体でないものは選べません。"

    # Which rows

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        for evaluation in unseen_evaluations(request):
            of_year = self.model._default_manager.filter(self.of_evaluation(evaluation)).order_by()
            rows = rows.exclude(pk__in=of_year.values("pk"))
        for evaluation in open_evaluations(request) if self.owner_path else ():
            if hidden := access_of(request, evaluation).hidden:
                rows = rows.exclude(pk__in=self._hidden_rows(evaluation, hidden).values("pk"))
        return rows

    def _hidden_rows(self, evaluation, hidden):
        year_rows = self.model._default_manager.filter(self.of_evaluation(evaluation)).order_by()
        others = Municipality.objects.exclude(pk__in=hidden)
        shared = year_rows.filter(**{f"{self.owner_path}__in": others})
        return year_rows.filter(**{f"{self.owner_path}__in": hidden}).exclude(
            pk__in=shared.values("pk")
        )

    def choices(self, request, field, row=None):
        evaluations = self.editable(request, row)
        rows = super().choices(request, field, row)
        is_official = request.user.role == Role.OFFICIAL
        match field.name:
            case "evaluation":
                return rows.filter(pk__in=[evaluation.pk for evaluation in evaluations])
            case "approach":
                return rows.filter(evaluation__in=evaluations)
            case "target" | "targets":
                editions = [evaluation.edition_id for evaluation in evaluations]
                return rows.filter(indicator__edition__in=editions).select_related("indicator")
            case "scheme":
                zones = [evaluation.zone_id for evaluation in evaluations]
                rows = Scheme.objects.filter(zone__in=zones)
                if is_official:
                    owned = SchemeResult.objects.filter(municipalities=request.user.municipality)
                    rows = rows.filter(pk__in=owned.values("scheme"))
                return rows.prefetch_related("schemeresult_set__evaluation")
            case "municipality" if is_official:
                return Municipality.objects.filter(pk=request.user.municipality_id)
            case "municipality" | "municipalities":
                rows = municipalities_of(request.user)
                evaluation = row and self.evaluation_of(row)
                return (
                    rows.filter(zonemunicipality__zone=evaluation.zone_id) if evaluation else rows
                )
        return rows

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "targets":
            kwargs["form_class"] = NumberedTargets
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        evaluations = self.editable(request)
        if len(evaluations) == 1:
            initial.setdefault("evaluation", evaluations[0].pk)
            initial.setdefault("fiscal_year", evaluations[0].fiscal_year)
        municipality = request.user.municipality_id
        if request.user.role == Role.OFFICIAL and municipality:
            initial.setdefault("municipality", municipality)
            initial.setdefault("municipalities", [municipality])
        return initial

    def get_view_on_site_url(self, obj=None):
        evaluation = obj and obj.pk and self.evaluation_of(obj)
        return form_page(evaluation) if evaluation else None


def in_form(model: type[models.Model], names: Iterable[Any], year: int) -> list[Any]:
    """The names without those fields of the model that are not in the form of a fiscal year."""
    kind = catalogue.kind_of(model)
    return [name for name in names if name not in kind or kind[name].is_in(year)]


def help_texts(model: type[models.Model], year: int, kind_of_row: str = "") -> dict[str, str]:
    """The instruction in the form of a fiscal year for each field, shown for read-only fields too."""
    kind = catalogue.kind_of(model)
    return {name: kind[name].instruction_in(year, kind_of_row) for name in kind.entered}


def _primary_keys(rows: Iterable[models.Model]) -> frozenset[int]:
    return frozenset(row.pk for row in rows)


def form_page(evaluation: Evaluation) -> str:
    return page_address(evaluation, "evaluation-form")
