"""Rows inside the form of their parent."""

from django import forms
from django.contrib import admin

from tokku.admin.forms import AdminRecordForm
from tokku.admin.rules import Ruled


class RuledInline(admin.TabularInline):
    """Rows inside their parent's form: who may edit the parent may edit them."""

    extra = 0
    form = AdminRecordForm
    show_change_link = True
    formfield_overrides = Ruled.formfield_overrides

    @property
    def _parent(self) -> Ruled:
        return self.admin_site._registry[self.parent_model]

    def has_view_permission(self, request, obj=None):
        return self._parent.has_view_permission(request, obj)

    def has_add_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        if obj is None or obj.pk is None:
            return self._parent.has_add_permission(request)
        return self._parent.has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)

    def get_queryset(self, request):
        own = self.admin_site._registry.get(self.model)
        return own.get_queryset(request) if own else super().get_queryset(request)

    def get_fields(self, request, obj=None):
        fields = [*super().get_fields(request, obj)]
        if self.form is AdminRecordForm and "seen_revision" not in fields:
            fields.append("seen_revision")
        if not self.has_change_permission(request, obj):
            fields.remove("seen_revision") if "seen_revision" in fields else None
        return fields


class ReadOnlyInline(RuledInline):
    form = forms.ModelForm
    can_delete = False

    def has_change_permission(self, request, obj=None):
        return False
