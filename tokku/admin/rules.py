"""The admin of a model under the rules of evaluations.permissions.

Django's own permissions, staff and superusers count for nothing here. A `why_not_…` returns the sentence
that refuses, or "".
"""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404

from evaluations.forms import NUMBERS
from evaluations.models import Evaluation, Zone
from evaluations.permissions import SEALED, why_not_manage, why_not_use_admin
from tokku.admin.reach import lock


class Ruled(admin.ModelAdmin):
    """The admin of a model under the rules of evaluations.permissions. Plan-side: the secretariat edits.

    `zone_path` leads to the zone, by which the rows that a person sees are limited.
    """

    zone_path = ""
    fixed: Collection[str] = ()  # the fields that cannot change once there is a row
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    formfield_overrides = {kind: {"form_class": form} for kind, form in NUMBERS.items()}

    # Who may do what

    def why_not_see(self, request) -> str:
        return why_not_use_admin(request.user)

    def why_not_add(self, request) -> str:
        return why_not_manage(request.user)

    def why_not_change(self, request, row=None) -> str:
        return why_not_manage(request.user)

    def why_not_delete(self, request, row=None) -> str:
        return self.why_not_change(request, row)

    def why_not_read_history(self, request, row) -> str:
        return ""

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
        """What speaks against saving a row with these relations, typed or imported.

        Each is the field that it stands beside, if any, and the sentence.
        """
        return []

    def lock_before_adding(self, request, row) -> None:
        """A row that is not there yet has a say in nothing."""

    # Which rows

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if self.zone_path:
            zones = Zone.objects.visible_to(request.user)
            rows = rows.filter(**{f"{self.zone_path}__in": zones.values("pk")})
        return rows

    def choices(self, request, field, row=None) -> models.QuerySet | None:
        """The rows that a person may choose in a field; None for any."""
        remote = self.admin_site._registry.get(field.remote_field.model)
        if remote is None:
            return None
        return remote.get_queryset(request)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        choices = self.choices(request, db_field, getattr(request, "admin_row", None))
        if choices is not None:
            kwargs.setdefault("queryset", choices)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        choices = self.choices(request, db_field, getattr(request, "admin_row", None))
        if choices is not None:
            kwargs.setdefault("queryset", choices)
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(self.fixed if obj else ())]

    def get_form(self, request, obj=None, change=False, **kwargs):
        request.admin_row = obj
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"model_admin": self, "request": request})

    # One address, one answer: strangers' rows are not there; what is refused says why

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise Http404

    def get_object(self, request, object_id, from_field=None):
        row = super().get_object(request, object_id, from_field)
        if row is None:
            raise Http404
        return row

    def lock(self, request, *rows) -> None:
        lock(request, (evaluation for row in rows for evaluation in self.evaluations_of(row)))

    def evaluations_of(self, row) -> Iterable[Evaluation]:
        """The evaluations that the row has a say in."""
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
        context["refusal"] = self.why_not_change(request, obj) if obj else ""
        doing = "追加" if add else "内容" if context["refusal"] else "変更"
        context["title"] = f"{self.opts.verbose_name}の{doing}"
        return super().render_change_form(request, context, add, change, form_url, obj)

    def changelist_view(self, request, extra_context=None):
        title = {"title": self.opts.verbose_name_plural}
        return super().changelist_view(request, title | (extra_context or {}))

    def save_model(self, request, obj, form, change):
        """Pressing save without a change makes no revision."""
        if not change or form.changed_data:
            super().save_model(request, obj, form, change)

    def _delete_view(self, request, object_id, extra_context):
        row = self.get_object(request, unquote(object_id))
        if request.method == "POST":
            self.lock(request, row)
            row = self.get_object(request, unquote(object_id))
        if refusal := self.why_not_delete(request, row):
            raise PermissionDenied(refusal)
        return super()._delete_view(request, object_id, extra_context)

    def delete_queryset(self, request, queryset):
        for row in queryset:
            row.delete()


class ReadOnly(Ruled):
    """Rows that come about by an act, and that nobody writes by hand."""

    why_read_only = "この記録は、画面での操作によってだけ作られます。"

    def why_not_add(self, request):
        return self.why_read_only

    def why_not_change(self, request, row=None):
        return self.why_read_only
