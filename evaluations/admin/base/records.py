"""The admin of a record, with its revision and history."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, render
from simple_history.admin import SimpleHistoryAdmin

from evaluations.admin.base.forms import AdminRecordForm
from evaluations.admin.base.rules import Ruled
from tokku.accounts.models import User
from tokku.differences import difference
from tokku.records import value_of
from tokku.values import display, is_same


class RecordAdmin(Ruled, SimpleHistoryAdmin):
    """The admin of a model with a revision and a history."""

    form = AdminRecordForm

    def get_fieldsets(self, request, obj=None):
        sets = [(name, {**options}) for name, options in super().get_fieldsets(request, obj)]
        name, options = sets[0]
        fields = [name for name in options["fields"] if name != "seen_revision"]
        if not obj or self.has_change_permission(request, obj):
            fields.append("seen_revision")
        return [(name, options | {"fields": fields}), *sets[1:]]

    # The history, in Japanese and read-only

    def history_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, unquote(object_id))
        if refusal := self.why_not_read_history(request, row):
            raise PermissionDenied(refusal)
        versions = self._versions(row)
        paginator = Paginator(versions, self.history_list_per_page)
        page = paginator.get_page(request.GET.get(PAGE_VAR))
        page_versions = list(page.object_list)
        # The version before the oldest of this page, to compare that with.
        previous = list(versions[page.end_index() : page.end_index() + 1])
        for version, older in zip(page_versions, [*page_versions[1:], *previous], strict=False):
            version.changes = self._changes(older, version)
        return self._render_history(
            request,
            row,
            self.object_history_template,
            extra_context,
            title="変更の履歴",
            versions=page_versions,
            page_obj=page,
            page_range=paginator.get_elided_page_range(page.number),
            page_var=PAGE_VAR,
            object_history_list_template=self.object_history_list_template,
        )

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """Show a version, read-only."""
        row = self.get_object(request, unquote(object_id))
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if refusal := self.why_not_read_history(request, row):
            raise PermissionDenied(refusal)
        if not version_id.isdecimal():
            raise Http404
        version = get_object_or_404(self._versions(row), history_id=version_id)
        return self._render_history(
            request,
            row,
            self.object_history_form_template,
            extra_context,
            title="変更の履歴",
            version=version,
            values=[
                (field.verbose_name, _shown(field, version)) for field in self._recorded_fields()
            ],
        )

    def _versions(self, row):
        return row.history.select_related("history_user").order_by("-history_date", "-history_id")

    def _recorded_fields(self) -> list[models.Field]:
        fields = [*self.opts.fields, *self.opts.many_to_many]
        recorded = {field.name for field in self.model.history.model._history_m2m_fields} | {
            field.name for field in self.model.history.model.tracked_fields
        }
        return [f for f in fields if f.editable and f.name in recorded - {"id", "revision"}]

    def _changes(self, older, newer) -> list[dict[str, Any]]:
        changes = []
        for field in self._recorded_fields():
            old, new = value_of(older, field.name), value_of(newer, field.name)
            if not is_same(old, new):
                is_rewritten = isinstance(field, models.TextField) and old and new
                changes.append(
                    {
                        "field": field.verbose_name,
                        "old": _shown(field, older),
                        "new": _shown(field, newer),
                        "parts": difference(old, new).parts if is_rewritten else (),
                    }
                )
        return changes

    def _render_history(self, request, row, template, extra_context, **context):
        request.current_app = self.admin_site.name
        context |= {
            **self.admin_site.each_context(request),
            "object": row,
            "original": row,
            "opts": self.opts,
            "subtitle": str(row),
            **(extra_context or {}),
        }
        return render(request, template, context)


def _shown(field: models.Field, version: models.Model) -> str:
    """What a version has in a field, a person by the name of then."""
    value = value_of(version, field.name)
    if isinstance(value, User):
        return value.name_at(version.history_date)
    return display(field, value)
