"""The admin site, and what the admin of every record has in common.

Who may do what comes from evaluations.permissions alone: Django's own permissions, staff and superusers
count for nothing here. A `why_not_…` returns the sentence that refuses, or "".
"""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected as delete_confirmed
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import models, transaction
from django.db.models import Q
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from simple_history.admin import SimpleHistoryAdmin
from simple_history.utils import get_m2m_reverse_field_name

from evaluations.differences import difference
from evaluations.forms import NUMBERS
from evaluations.models import Evaluation, Zone, ZoneMunicipality
from evaluations.permissions import SEALED, Reach, why_not_manage, why_not_use_admin
from tokku.accounts.models import Municipality, Role
from tokku.japanese import fiscal_year_name, number

# The index, by the work that people do.
GROUPS = {
    "年度の評価書": [
        "evaluation",
        "actual",
        "targetassessment",
        "approach",
        "achievement",
        "regulatorymeasure",
        "nationalsupport",
        "regionaltext",
        "scheme",
        "schemeresult",
    ],
    "提出と確認": ["submission", "remark", "statuschange", "sealedversion"],
    "特区と計画": ["zone", "plan", "indicator", "numerictarget", "yearlytarget"],
    "自治体と利用者": ["municipality", "user"],
}


# The site


class Autocomplete(AutocompleteJsonView):
    """Offers what the field of the asking form offers, to those who may fill in that form."""

    def has_perm(self, request, obj=None):
        source = self.admin_site._registry.get(self.source_field.model)
        if source is None:  # edited inside its parent's form, which is the secretariat's
            return not why_not_manage(request.user)
        return source.has_add_permission(request) or source.has_change_permission(request)

    def get_queryset(self):
        rows = super().get_queryset()
        source = self.admin_site._registry.get(self.source_field.model)
        choices = source and source.choices(self.request, self.source_field)
        return rows if choices is None else rows.filter(pk__in=choices.order_by().values("pk"))


@admin.action(permissions=["delete"], description="選択した行を削除する")
def delete_selected(modeladmin, request, queryset):
    """Django's own, under the lock and the rules of each row."""
    with transaction.atomic():
        if request.POST.get("post"):
            modeladmin.lock(request, *queryset)
        if refusals := {
            reason for row in queryset.all() if (reason := modeladmin.why_not_delete(request, row))
        }:
            for reason in sorted(refusals):
                modeladmin.message_user(request, reason, messages.ERROR)
            return None
        return delete_confirmed(modeladmin, request, queryset)


class Site(admin.AdminSite):
    site_header = "特区評価書"
    site_title = "特区評価書の管理"
    index_title = "管理画面"
    empty_value_display = "―"
    enable_nav_sidebar = False  # lists of figures need the width

    def __init__(self, name="admin"):
        super().__init__(name)
        self._actions = {"delete_selected": delete_selected}

    def has_permission(self, request):
        return request.user.is_authenticated and not why_not_use_admin(request.user)

    def admin_view(self, view, cacheable=False):
        guarded = super().admin_view(view, cacheable)

        def inner(request, *args, **kwargs):
            if request.user.is_authenticated and (refusal := why_not_use_admin(request.user)):
                raise PermissionDenied(refusal)
            return guarded(request, *args, **kwargs)

        inner.__dict__.update(guarded.__dict__)
        return inner

    def login(self, request, extra_context=None):
        """There is one page to sign in."""
        there = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse('sign-in')}?{urlencode({'next': there})}")

    login.login_required = False

    def password_change(self, request, extra_context=None):
        return redirect("password-change")

    def autocomplete_view(self, request):
        return Autocomplete.as_view(admin_site=self)(request)

    def get_app_list(self, request, app_label=None):
        if app_label:
            return super().get_app_list(request, app_label)
        known = {
            model["object_name"].lower(): model
            for app in self._build_app_dict(request).values()
            for model in app["models"]
        }
        return [
            {
                "name": group,
                "app_label": f"group-{place}",
                "app_url": reverse("admin:index"),
                "has_module_perms": True,
                "models": models_of_group,
            }
            for place, (group, names) in enumerate(GROUPS.items(), 1)
            if (models_of_group := [known[name] for name in names if name in known])
        ]


# What people read of a value


def display(field: models.Field, value: Any) -> str:
    """What a field's value says, as people read it. Rows of a relation are given as rows."""
    if value is None or value == "" or value == []:
        return "（空）"
    if isinstance(value, list | models.QuerySet):
        return "、".join(map(str, value)) or "（空）"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(field, models.DecimalField):
        return number(value)
    if isinstance(field, models.DateTimeField):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    return str(value)


def value_of(row: models.Model, field: models.Field) -> Any:
    """The value of a field, with rows for relations; of a record or of a version in its history."""
    if not isinstance(field, models.ManyToManyField):
        return getattr(row, field.name)
    related = getattr(row, field.name).all()
    if hasattr(row, "history_id"):  # in a history, a relation is kept as rows of its own
        name = get_m2m_reverse_field_name(field)
        return [getattr(one, name) for one in related.select_related(name)]
    return list(related)


# Forms


class SeenRevision(forms.IntegerField):
    """The revision that a person has before them."""

    widget = forms.HiddenInput

    def has_changed(self, initial, data):
        return False


class AdminRecordForm(forms.ModelForm):
    """The form of a record in the admin.

    Where somebody else has saved in between, what the two changed in different fields is merged; where they
    changed the same field, nothing is saved, both values are shown, and what was typed is kept.
    """

    seen_revision = SeenRevision(required=False)
    model_admin: "Ruled | None" = None
    request: Any = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen_revision"] = self.instance.revision
        self.merged: set[str] = set()
        self.stored = {}
        if self.is_bound and self.instance.pk:
            # Validation writes what was typed into the instance.
            self.stored = {
                name: value_of(self.instance, self.instance._meta.get_field(name))
                for name in self.fields
                if name in self._recorded
            }

    @property
    def _recorded(self) -> set[str]:
        options = self._meta.model._meta
        fields = [*options.fields, *options.many_to_many]
        return {field.name for field in fields if not field.primary_key}

    @property
    def changed_data(self):
        """What differs from what is stored: not what a text area makes of line ends, nor what was merged."""
        cleaned = getattr(self, "cleaned_data", {})
        return [
            name
            for name in super().changed_data
            if name not in self.merged
            and not (name in self.stored and same(cleaned.get(name, self), self.stored[name]))
        ]

    def clean(self):
        cleaned = super().clean()
        cleaned = self.cleaned_data if cleaned is None else cleaned
        for name in self._recorded & cleaned.keys():
            field = self._meta.model._meta.get_field(name)
            if isinstance(field, models.CharField | models.TextField):
                cleaned[name] = field.to_python(cleaned[name])
        revision = cleaned.pop("seen_revision", None)
        if self.instance.pk and revision is None:
            raise ValidationError("保存する前に、画面を開き直してください。")
        if self.instance.pk and revision != self.instance.revision:
            self._merge(cleaned, revision)
        return cleaned

    def _merge(self, cleaned: dict[str, Any], revision: int) -> None:
        seen = self.instance.history.filter(revision=revision).first()
        conflicts = {}
        self.data = self.data.copy()
        for name, stored in self.stored.items():
            if name not in cleaned:
                continue
            field = self.instance._meta.get_field(name)
            typed = cleaned[name]
            base = value_of(seen, field) if seen else None
            if seen and same(typed, base):
                cleaned[name] = stored
                if not same(typed, stored):
                    self.merged.add(name)
                    self._retype(name, stored)
            elif same(typed, stored) or (seen and same(stored, base)):
                continue
            else:
                conflicts[name] = (display(field, stored), display(field, _listed(typed)))
        who = self._latest()
        for name, (stored_text, typed_text) in conflicts.items():
            self.add_error(
                name,
                f"{who}が先に保存しました。保存されている内容は「{stored_text}」、あなたの入力は「{typed_text}」です。"
                "あなたの入力を残すときは、もう一度保存してください。",
            )
        self.data[self.add_prefix("seen_revision")] = str(self.instance.revision)

    def _retype(self, name: str, stored: Any) -> None:
        """Show what is stored where only the other person has changed the field."""
        bound = self[name]
        value = stored
        if isinstance(stored, models.Model):
            value = stored.pk
        if isinstance(stored, list):
            self.data.setlist(bound.html_name, [str(row.pk) for row in stored])
            return
        value = bound.field.prepare_value(value)
        if value is None or value is False:
            self.data.pop(bound.html_name, None)
        else:
            self.data[bound.html_name] = str(value)

    def _latest(self) -> str:
        latest = self.instance.history.select_related("history_user").first()
        if not latest:
            return "ほかの人"
        at = timezone.localtime(latest.history_date)
        return f"{latest.history_user or 'ほかの人'}（{at.month}月{at.day}日{at:%H:%M}）"

    def _post_clean(self):
        super()._post_clean()
        if self.model_admin and not self._errors:
            for field, reason in self.model_admin.refusals(self.request, self):
                self.add_error(field, reason)


def same(one: Any, other: Any) -> bool:
    if isinstance(_listed(one), list):
        return {row.pk for row in _listed(one)} == {row.pk for row in _listed(other) or []}
    return one == other or (one in (None, "") and other in (None, ""))


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, models.QuerySet) else value


# Lists

BEGINNING = 40  # characters of a text in a list


@admin.display(description="年度", ordering="fiscal_year")
def year(row):
    return fiscal_year_name(row.fiscal_year)


@admin.display(description="年度", ordering="evaluation__fiscal_year")
def year_of_evaluation(row):
    return fiscal_year_name(row.evaluation.fiscal_year)


def beginning(name: str, label: str):
    """A column with how a text begins."""

    @admin.display(description=label)
    def column(row):
        text = getattr(row, name).replace("\n", " ")
        return text[:BEGINNING] + "…" if len(text) > BEGINNING else text

    column.__name__ = f"beginning_of_{name}"
    return column


def person(name: str, label: str):
    """A person, by name and without a link to the account."""

    @admin.display(description=label, ordering=name)
    def column(row):
        return getattr(row, name) and str(getattr(row, name))

    column.__name__ = f"name_of_{name}"
    return column


@admin.display(description="字数")
def length(row):
    return len(row.text)


class VisibleFilter(admin.RelatedFieldListFilter):
    """Offers only the rows that the person may see."""

    def field_choices(self, field, request, model_admin):
        remote = model_admin.admin_site._registry.get(field.remote_field.model)
        rows = remote.get_queryset(request) if remote else field.remote_field.model._default_manager
        if field.remote_field.model is Municipality:
            rows = municipalities_of(request)
        return [(row.pk, str(row)) for row in rows.all()]


class YearFilter(admin.SimpleListFilter):
    """The fiscal years that there are evaluations of."""

    title = "年度"
    parameter_name = "fiscal_year"
    path = "evaluation__fiscal_year"

    def lookups(self, request, model_admin):
        evaluations = Evaluation.objects.visible_to(request.user).order_by("-fiscal_year")
        years = evaluations.values_list("fiscal_year", flat=True).distinct()
        return [(year, fiscal_year_name(year)) for year in years]

    def queryset(self, request, queryset):
        value = self.value()
        return queryset.filter(**{self.path: value}) if value and value.isdecimal() else queryset


def year_filter(path: str) -> type[YearFilter]:
    return type("YearFilter", (YearFilter,), {"path": path})


# Rules


def municipalities_of(request) -> models.QuerySet:
    """The municipalities that make up the zones that a person sees."""
    zones = Zone.objects.visible_to(request.user)
    members = ZoneMunicipality.objects.filter(zone__in=zones.values("pk"))
    return Municipality.objects.filter(pk__in=members.values("municipality"))


def open_evaluations(request) -> list[Evaluation]:
    """Those that a person sees and that are not sealed."""
    if not hasattr(request, "_open_evaluations"):
        request._open_evaluations = list(
            Evaluation.objects.visible_to(request.user)
            .exclude(state__in=SEALED)
            .select_related("zone", "plan")
        )
    return request._open_evaluations


def reach_of(request, evaluation: Evaluation) -> Reach:
    """What the person may do in the evaluation; asked once in a request, and again under the lock."""
    if not hasattr(request, "_reaches"):
        request._reaches = {}
    if evaluation.pk not in request._reaches:
        request._reaches[evaluation.pk] = Reach(request.user, evaluation)
    return request._reaches[evaluation.pk]


def lock(request, evaluations: Iterable[Evaluation]) -> None:
    """Wait for everyone else who edits, hands in or seals; what was asked before is forgotten."""
    for pk in sorted({evaluation.pk for evaluation in evaluations}):
        locked = Evaluation.objects.locked(pk)
        if not hasattr(request, "_reaches"):
            request._reaches = {}
        request._reaches[pk] = Reach(request.user, locked)


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

    def refusals(self, request, form) -> Iterable[tuple[str | None, str]]:
        """What speaks against saving a valid form: the field it stands beside, and the sentence."""
        return []

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


class RecordAdmin(Ruled, SimpleHistoryAdmin):
    """The admin of a record: it has a revision and a history."""

    form = AdminRecordForm

    def get_fieldsets(self, request, obj=None):
        sets = [(name, {**options}) for name, options in super().get_fieldsets(request, obj)]
        name, options = sets[0]
        fields = [name for name in options["fields"] if name != "seen_revision"]
        if not obj or self.has_change_permission(request, obj):
            fields.append("seen_revision")
        return [(name, options | {"fields": fields}), *sets[1:]]

    # The history, in Japanese and for reading only

    def history_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, unquote(object_id))
        if refusal := self.why_not_read_history(request, row):
            raise PermissionDenied(refusal)
        versions = self._versions(row)
        paginator = Paginator(versions, self.history_list_per_page)
        page = paginator.get_page(request.GET.get(PAGE_VAR))
        shown = list(page.object_list)
        # The one before the last shown, for its differences.
        before = list(versions[page.end_index() : page.end_index() + 1])
        for version, older in zip(shown, [*shown[1:], *before], strict=False):
            version.changes = self._changes(older, version)
        return self._history(
            request,
            row,
            self.object_history_template,
            extra_context,
            title="変更の履歴",
            versions=shown,
            page_obj=page,
            page_range=paginator.get_elided_page_range(page.number),
            page_var=PAGE_VAR,
            object_history_list_template=self.object_history_list_template,
        )

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """A version as it was. Nothing can be saved from here."""
        row = self.get_object(request, unquote(object_id))
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if refusal := self.why_not_read_history(request, row):
            raise PermissionDenied(refusal)
        if not version_id.isdecimal():
            raise Http404
        version = get_object_or_404(self._versions(row), history_id=version_id)
        return self._history(
            request,
            row,
            self.object_history_form_template,
            extra_context,
            title="変更の履歴",
            version=version,
            values=[
                (field.verbose_name, display(field, value_of(version, field)))
                for field in self._recorded()
            ],
        )

    def _versions(self, row):
        return row.history.select_related("history_user").order_by("-history_date", "-history_id")

    def _recorded(self) -> list[models.Field]:
        fields = [*self.opts.fields, *self.opts.many_to_many]
        recorded = {field.name for field in self.model.history.model._history_m2m_fields} | {
            field.name for field in self.model.history.model.tracked_fields
        }
        return [field for field in fields if field.name in recorded - {"id", "revision"}]

    def _changes(self, older, newer) -> list[dict[str, Any]]:
        changes = []
        for field in self._recorded():
            old, new = value_of(older, field), value_of(newer, field)
            if not same(old, new):
                is_rewritten = isinstance(field, models.TextField) and old and new
                changes.append(
                    {
                        "field": field.verbose_name,
                        "old": display(field, old),
                        "new": display(field, new),
                        "parts": difference(old, new).parts if is_rewritten else (),
                    }
                )
        return changes

    def _history(self, request, row, template, extra_context, **context):
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


class EntryAdmin(RecordAdmin):
    """The admin of what is filled in for an evaluation: whose row it is decides who may edit it.

    `evaluation_path` leads to the evaluation, `owner_path` to the municipalities whose row it is;
    without one the row is the zone's as a whole.
    """

    evaluation_path = "evaluation"
    owner_path = ""
    fixed = ("evaluation",)

    def evaluation_of(self, row) -> Evaluation | None:
        evaluation = row
        for name in self.evaluation_path.split("__"):
            evaluation = getattr(evaluation, name)
        return evaluation

    def evaluations_of(self, row):
        evaluation = self.evaluation_of(row)
        return [evaluation] if evaluation else []

    def of_evaluation(self, evaluation: Evaluation) -> Q:
        return Q(**{self.evaluation_path: evaluation})

    def owners_of(self, request) -> frozenset[int]:
        """Whose rows the person would enter."""
        own = request.user.municipality_id if request.user.role == Role.OFFICIAL else None
        return frozenset({own} if own and self.owner_path else ())

    def editable(self, request, row=None) -> list[Evaluation]:
        """The evaluations in which the person may enter rows of this kind; that of the row, if one is given."""
        if row and (evaluation := self.evaluation_of(row)):
            return [evaluation]
        owners = self.owners_of(request)
        return [
            evaluation
            for evaluation in open_evaluations(request)
            if not reach_of(request, evaluation).why_not_edit(owners)
        ]

    # Who may do what

    def why_not_add(self, request):
        if self.editable(request):
            return ""
        owners = self.owners_of(request)
        reasons = [reach_of(request, one).why_not_edit(owners) for one in open_evaluations(request)]
        return next(iter(reasons), "入力中の評価書がありません。")

    def why_not_change(self, request, row=None):
        if row is None:
            return self.why_not_add(request)
        evaluation = self.evaluation_of(row)
        if evaluation is None:
            return why_not_manage(request.user)
        return reach_of(request, evaluation).why_not_edit(row.owner_ids)

    def why_not_read_history(self, request, row):
        """What another municipality wrote before it handed in stays its own."""
        user = request.user
        if user.role == Role.SECRETARIAT or not row.owner_ids:
            return ""
        if user.municipality_id in row.owner_ids:
            return ""
        return "他の自治体の行の履歴は、その自治体の担当者と取りまとめ担当だけが見られます。"

    def refusals(self, request, form):
        row = form.instance
        evaluation = self.evaluation_of(row)
        if evaluation is None:
            if refusal := why_not_manage(request.user):
                yield None, refusal
            return
        if row._state.adding:
            lock(request, [evaluation])
        # Also the owners that it is to have: a row is not given away.
        owners = self.owners_typed(form)
        if refusal := reach_of(request, evaluation).why_not_edit(owners):
            yield None, refusal
        yield from self.misfits(evaluation, form)

    def owners_typed(self, form) -> frozenset[int]:
        if "municipalities" in form.cleaned_data:
            return frozenset(one.pk for one in form.cleaned_data["municipalities"])
        return form.instance.owner_ids

    def misfits(self, evaluation, form):
        """What belongs to another zone or plan than the evaluation's."""
        cleaned = form.cleaned_data
        targets = [*cleaned.get("targets", [])]
        if cleaned.get("target"):
            targets.append(cleaned["target"])
        if any(target.indicator.plan_id != evaluation.plan_id for target in targets):
            field = "targets" if "targets" in cleaned else "target"
            yield field, "この評価書の計画にない数値目標は選べません。"
        scheme = cleaned.get("scheme")
        if scheme and scheme.zone_id != evaluation.zone_id:
            yield "scheme", "別の特区の支援措置は選べません。"
        chosen = [*cleaned.get("municipalities", [])]
        if cleaned.get("municipality"):
            chosen.append(cleaned["municipality"])
        authors = set(evaluation.zone.municipalities.values_list("pk", flat=True))
        if any(one.pk not in authors for one in chosen):
            field = "municipalities" if "municipalities" in cleaned else "municipality"
            yield field, "この特区の作成主体でない自治体は選べません。"

    # Which rows

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        for evaluation in open_evaluations(request) if self.owner_path else ():
            if hidden := reach_of(request, evaluation).hidden:
                rows = rows.exclude(pk__in=self._concealed(evaluation, hidden).values("pk"))
        return rows

    def _concealed(self, evaluation, hidden):
        of_year = self.model._default_manager.filter(self.of_evaluation(evaluation)).order_by()
        others = Municipality.objects.exclude(pk__in=hidden)
        shared = of_year.filter(**{f"{self.owner_path}__in": others})
        return of_year.filter(**{f"{self.owner_path}__in": hidden}).exclude(
            pk__in=shared.values("pk")
        )

    def choices(self, request, field, row=None):
        evaluations = self.editable(request, row)
        rows = super().choices(request, field, row)
        is_official = request.user.role == Role.OFFICIAL
        match field.name:
            case "evaluation":
                return rows.filter(pk__in=[one.pk for one in evaluations])
            case "approach":
                return rows.filter(evaluation__in=evaluations)
            case "target" | "targets":
                plans = [one.plan_id for one in evaluations]
                return rows.filter(indicator__plan__in=plans).select_related("indicator")
            case "scheme":
                rows = rows.filter(zone__in=[one.zone_id for one in evaluations])
                return (
                    rows.filter(municipalities=request.user.municipality) if is_official else rows
                )
            case "municipality" if is_official:
                return Municipality.objects.filter(pk=request.user.municipality_id)
            case "municipality" | "municipalities":
                return municipalities_of(request)
        return rows

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        evaluations = self.editable(request)
        if len(evaluations) == 1:
            initial.setdefault("evaluation", evaluations[0].pk)
            initial.setdefault("fiscal_year", evaluations[0].fiscal_year)
        own = request.user.municipality_id
        if request.user.role == Role.OFFICIAL and own:
            initial.setdefault("municipality", own)
            initial.setdefault("municipalities", [own])
        return initial

    def get_view_on_site_url(self, obj=None):
        evaluation = obj and obj.pk and self.evaluation_of(obj)
        return form_page(evaluation) if evaluation else None


def form_page(evaluation: Evaluation) -> str:
    address = [evaluation.zone.slug, evaluation.fiscal_year]
    return reverse("evaluations:evaluation-form", args=address)


class ReadOnly(Ruled):
    """Rows that come about by an act, and that nobody writes by hand."""

    why_read_only = "この記録は、画面での操作によってだけ作られます。"

    def why_not_add(self, request):
        return self.why_read_only

    def why_not_change(self, request, row=None):
        return self.why_read_only


# Inside the form of a parent


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
