"""Inlines: rows inside the form of their parent."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet, _get_foreign_key

from evaluations.admin.base.forms import AdminRecordForm
from evaluations.admin.base.rules import Ruled, TypedFields


class ParentRows(BaseInlineFormSet):
    """Refuses rows that another person has deleted meanwhile, and names each field for screen readers.

    Fields carry an aria-label, since screen readers do not relate them to the headings of the table.
    """

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for field in form.fields.values():
            widget = getattr(field.widget, "widget", field.widget)  # in Django's wrapper
            widget.attrs.setdefault("aria-label", field.label)

    def clean(self):
        super().clean()
        if any(self._pk_field.name in form.errors for form in self.initial_forms):
            raise ValidationError("ほかの人が削除した行があります。画面を開き直してください。")
        if self.instance.pk:
            self._refuse_rows_that_others_have_added()

    def _refuse_rows_that_others_have_added(self):
        """Django's forms do not ask the constraints that name the parent."""
        for form in self.extra_forms:
            if form.has_changed() and form.is_valid() and form not in self.deleted_forms:
                try:
                    form.instance.validate_constraints()
                except ValidationError as refused:
                    form.add_error(None, refused.messages)


class OfferedRows(ParentRows):
    """Blank rows in which what is known of them already stands. One to which nothing is added is not stored."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial_extra = self.offered()
        self.extra = len(self.initial_extra)

    def offered(self) -> list[dict[str, Any]]:
        """The values of each row, by field."""
        raise NotImplementedError

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if index is None or index >= self.initial_form_count():
            # Compared with what was offered, though others may have added rows since.
            for name in {name for values in self.offered() for name in values}:
                form.fields[name].show_hidden_initial = True


class RuledInline(TypedFields, admin.TabularInline):
    """Rows inside their parent's form: whoever may edit the parent may edit them.

    Their own admin validates them. They are deleted on their own page alone, which shows what is deleted with them.
    """

    extra = 0
    form = AdminRecordForm
    formset = ParentRows
    can_delete = False
    show_change_link = True

    @property
    def _parent(self) -> Ruled:
        return self.admin_site._registry[self.parent_model]

    @property
    def _row_admin(self) -> Ruled | None:
        """The admin of the rows on pages of their own, if they have any."""
        return self.admin_site._registry.get(self.model)

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
        return (
            self._row_admin.get_queryset(request)
            if self._row_admin
            else super().get_queryset(request)
        )

    def get_fields(self, request, obj=None):
        fields = [*super().get_fields(request, obj)]
        if self.form is AdminRecordForm and self.has_change_permission(request, obj):
            fields.append("seen_revision")
        return fields

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        attributes = {"model_admin": self._row_admin, "request": request}
        formset.form = type(formset.form.__name__, (formset.form,), attributes)
        return formset

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        admin_rules = self._row_admin or self._parent
        choices = admin_rules.choices(request, db_field, self._row_of(request))
        if choices is not None:
            kwargs.setdefault("queryset", choices)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _row_of(self, request):
        """An unsaved row of the stored parent; None without one."""
        if not request.admin_row:
            return None
        to_parent = _get_foreign_key(self.parent_model, self.model, self.fk_name)
        return self.model(**{to_parent.name: request.admin_row})


class ReadOnlyInline(RuledInline):
    form = forms.ModelForm

    def has_change_permission(self, request, obj=None):
        return False
