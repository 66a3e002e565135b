"""The admin of a model under the rules of evaluations.permissions.

Django's own permissions and staff flag are not used. A `why_not_…` returns the sentence that
refuses, or "".
"""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db import models
from django.db.models.constants import LOOKUP_SEP
from django.db.models.options import Options
from django.http import Http404
from django.shortcuts import redirect
from django.utils.text import capfirst

from evaluations.admin.base.access import lock
from evaluations.admin.base.forms import DayFormField, FiscalYearFormField, RuledForm
from evaluations.entry.forms import NUMBERS
from evaluations.models import Evaluation, Zone
from evaluations.permissions import why_not_manage, why_not_see_content
from evaluations.workflow import SEALED
from tokku.records import YEARS
from tokku.revisions import why_stale
from tokku.values import EMPTY

# Refuses a deletion that includes some rows that may not be deleted.
SOME_ROWS = "変更できない行があります。"


def without_links(rows: list) -> list:
    """The nested list of rows to delete, without rows of automatic many-to-many tables."""
    links = tuple(
        f"{capfirst(model._meta.verbose_name)}: "
        for model in apps.get_models(include_auto_created=True)
        if model._meta.auto_created
    )
    nested = (without_links(row) if isinstance(row, list) else row for row in rows)
    return [row for row in nested if row and not str(row).startswith(links)]


def field_path(options: Options, lookup: str) -> str:
    """The field of a lookup in the address: "zone" for zone__id__exact."""
    path: list[models.Field] = []
    for name in lookup.split(LOOKUP_SEP):
        try:
            field = options.get_field(name)
        except FieldDoesNotExist:
            break
        path.append(field)
        if not field.is_relation:
            break
        options = field.related_model._meta
    if len(path) > 1 and getattr(path[-1], "primary_key", False):
        path.pop()
    return LOOKUP_SEP.join(field.name for field in path)


class TypedFields:
    """The fields of forms, also of rows inside a form: numbers, years and days as officials type them."""

    formfield_overrides = {
        kind: {"form_class": form}
        for kind, form in (NUMBERS | {models.DateField: DayFormField}).items()
    }
    formfield_overrides[models.DecimalField]["error_messages"] = {
        "max_digits": "「%(value)s」は桁が多すぎます。小数を含めて%(max)s桁までです。",
        "max_whole_digits": "「%(value)s」は桁が多すぎます。整数部は%(max)s桁までです。",
    }

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in YEARS:
            kwargs["form_class"] = FiscalYearFormField
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class Ruled(TypedFields, admin.ModelAdmin):
    """The admin of a model under the rules of evaluations.permissions. By default the secretariat edits.

    `zone_path` leads to the zone; a person sees the rows of their zones.
    """

    form = RuledForm
    zone_path = ""
    no_municipality_label = EMPTY  # how the filter names rows without a municipality
    fixed: Collection[str] = ()  # fields that cannot change once the row is stored
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER

    # Who may do what

    def why_not_see(self, request) -> str:
        return why_not_see_content(request.user)

    def why_not_add(self, request) -> str:
        return why_not_manage(request.user)

    def why_not_change(self, request, row=None) -> str:
        return why_not_manage(request.user)

    def why_not_delete(self, request, row=None) -> str:
        return self.why_not_change(request, row)

    def why_not_read_history(self, request, row) -> str:
        return ""

    def why_stale(self, request, row) -> str:
        """Why the row has changed since the page was shown, which carries its revision (admin/_seen.html)."""
        shown_revision = request.POST.get(f"seen-{row.pk}")
        if shown_revision is None or shown_revision == str(getattr(row, "revision", None)):
            return ""
        return why_stale(row)

    def has_module_permission(self, request):
        return not self.why_not_see(request)

    def has_view_permission(self, request, obj=None):
        return not self.why_not_see(request)

    def has_add_permission(self, request):
        return not self.why_not_add(request)

    def has_change_permission(self, request, obj=None):
        return not self.why_not_change(request, obj)

    def has_delete_permission(self, request, obj=None):
        return not self.why_not_delete(request, obj)

    def refusals(self, request, row, cleaned: dict[str, Any]) -> Iterable[tuple[str | None, str]]:
        """Reasons not to save a row with these cleaned values, typed or imported.

        Each is the name of the field to show it beside, if any, and the sentence.
        """
        return []

    def lock_before_adding(self, request, row) -> None:
        """Lock what a new row affects; by default nothing."""

    def after_adding(self, request, row) -> None:
        """Update other tables after a new row is saved; by default nothing.

        For an inline row its own admin is called, or the parent's when it has none.
        """

    # Which rows

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if self.zone_path:
            zones = self.zones_of(request.user).values("pk")
            rows = rows.filter(**{f"{self.zone_path}__in": zones})
        return rows

    def zones_of(self, user) -> models.QuerySet[Zone]:
        """The zones whose rows a person sees here."""
        return Zone.objects.visible_to(user)

    def lookup_allowed(self, lookup, value, request):
        """Allow only the filters of the list and the fields of the form, since relations may lead to hidden rows."""
        filters = [
            list_filter[0] if isinstance(list_filter, tuple) else list_filter
            for list_filter in self.list_filter
        ]
        parameters = [
            list_filter.parameter_name
            for list_filter in filters
            if not isinstance(list_filter, str)
        ]
        form_fields = flatten_fieldsets(self.get_fieldsets(request))
        return lookup in parameters or field_path(self.opts, lookup) in {*filters, *form_fields}

    def choices(self, request, field, row=None) -> models.QuerySet | None:
        """The rows that a person may choose in a field; None for any."""
        remote = self.admin_site._registry.get(field.remote_field.model)
        if remote is None:
            return None
        return remote.get_queryset(request)

    def get_field_queryset(self, db, db_field, request):
        choices = self.choices(request, db_field, getattr(request, "admin_row", None))
        return super().get_field_queryset(db, db_field, request) if choices is None else choices

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(self.fixed if obj else ())]

    def get_form(self, request, obj=None, change=False, **kwargs):
        request.admin_row = obj
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"model_admin": self, "request": request})

    # Responses: 404 for rows that the person does not see, 403 with the reason for what is refused

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise Http404

    def get_object(self, request, object_id, from_field=None):
        row = super().get_object(request, object_id, from_field)
        if row is None:
            raise Http404
        return row

    def lock(self, request, *rows) -> None:
        lock(request, (evaluation for row in rows for evaluation in self.evaluations_of(row)))
        # Also lock the rows themselves, for those that no open evaluation covers.
        keys = sorted(row.pk for row in rows)
        list(self.model._base_manager.select_for_update().filter(pk__in=keys).order_by("pk"))

    def evaluations_of(self, row) -> Iterable[Evaluation]:
        """The evaluations that a change of the row affects."""
        if not self.zone_path:
            return []
        zone = row
        for name in self.zone_path.split("__"):
            zone = zone if name == "pk" else getattr(zone, name)
        return Evaluation.objects.filter(zone=zone).exclude(state__in=SEALED).only("pk")

    def _changeform_view(self, request, object_id, form_url, extra_context):
        row = self.get_object(request, unquote(object_id)) if object_id else None
        if request.method == "POST":
            if row:
                self.lock(request, row)
                row = self.get_object(request, unquote(object_id))
            refusal = self.why_not_change(request, row) if row else self.why_not_add(request)
            if refusal:
                raise PermissionDenied(refusal)
        elif not row and (refusal := self.why_not_add(request)):
            raise PermissionDenied(refusal)
        return super()._changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["why_not_read_history"] = self.why_not_read_history(request, obj) if obj else ""
        context["refusal"] = self.why_not_change(request, obj) if obj else ""
        act = "追加" if add else "内容" if context["refusal"] else "変更"
        context["title"] = f"{self.opts.verbose_name}の{act}"
        return super().render_change_form(request, context, add, change, form_url, obj)

    def changelist_view(self, request, extra_context=None):
        title = {"title": self.opts.verbose_name_plural}
        return super().changelist_view(request, title | (extra_context or {}))

    def save_model(self, request, obj, form, change):
        """Save only if something changed, so that no empty revision is made."""
        if not change or form.changed_data:
            super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if not change:
            self.after_adding(request, form.instance)
        for formset in formsets:
            model_admin = self.admin_site._registry.get(formset.model, self)
            for row in formset.new_objects:
                model_admin.after_adding(request, row)

    def _delete_view(self, request, object_id, extra_context):
        row = self.get_object(request, unquote(object_id))
        if request.method == "POST":
            self.lock(request, row)
            row = self.get_object(request, unquote(object_id))
        if refusal := self.why_not_delete(request, row):
            raise PermissionDenied(refusal)
        if stale := self.why_stale(request, row):
            self.message_user(request, stale, messages.ERROR)
            return redirect(request.get_full_path())
        context = {"title": f"{self.opts.verbose_name}の削除", "subtitle": None, "seen": [row]}
        return super()._delete_view(request, object_id, context | (extra_context or {}))

    def get_deleted_objects(self, objs, request):
        """As Django's, without many-to-many tables; refused models are listed with the reason."""
        rows, counts, lacking, protected = super().get_deleted_objects(objs, request)
        lacking = [
            f"{model_admin.opts.verbose_name}：{model_admin.why_not_delete(request) or SOME_ROWS}"
            for model_admin in self.admin_site._registry.values()
            if model_admin.opts.verbose_name in lacking
        ]
        return without_links(rows), counts, lacking, protected


class ReadOnly(Ruled):
    """Rows that are created by acts of the pages and cannot be edited."""

    why_read_only = "この記録は、画面での操作によってだけ作られ、変更も削除もできません。"

    def why_not_add(self, request):
        return self.why_read_only

    def why_not_change(self, request, row=None):
        return self.why_read_only
