"""The admin of zones: their authors, and the names that they had."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q, QuerySet

from evaluations.admin.base.inlines import OfferedRows, RuledInline
from evaluations.admin.base.records import RecordAdmin
from evaluations.models import Evaluation, PlanEdition, Submission, Zone, ZoneMunicipality
from evaluations.permissions import (
    municipalities_of,
    why_not_keep_zone,
    why_not_keep_zones,
    why_not_use_admin,
    zones_kept_by,
)
from evaluations.workflow import SEALED
from evaluations.years.authors import keep_names
from evaluations.years.editions import begin_edition, why_not_begin
from evaluations.years.rows_at_opening import prepare_open_years
from tokku.accounts.local_governments import local_governments
from tokku.accounts.models import AmbiguousName, Municipality, User, one_named
from tokku.japanese import fiscal_year_name


def last_sealed_year(zone: Zone) -> int | None:
    sealed = zone.evaluation_set.filter(state__in=SEALED)
    return sealed.aggregate(last=Max("fiscal_year"))["last"]


def keep_name(zone: Zone, name: str, by: User) -> None:
    """Let years that are sealed, or were, have this name when the zone gets another; later ones have the new one."""
    were_sealed = zone.evaluation_set.filter(
        Q(state__in=SEALED) | Q(sealedversion__isnull=False)
    ).values("pk")
    for edition in PlanEdition.objects.filter(zone_name="", evaluation__in=were_sealed).distinct():
        sealed = edition.evaluation_set.filter(pk__in=were_sealed)
        following = 1 + sealed.aggregate(last=Max("fiscal_year"))["last"]
        if following in edition.plan.years and not why_not_begin(edition, following):
            begin_edition(edition, following, by=by)
        edition.zone_name = name
        edition.save()


# Rows in which to type them; more can be added.
AUTHORS_OF_A_NEW_ZONE = 6


class Authors(OfferedRows):
    """The 作成主体. One with a submission cannot be removed, since an evaluation needs its authors."""

    def offered(self):
        if self.instance.pk:
            return [{"position": self._last_position() + 1}]
        return [{"position": position + 1} for position in range(AUTHORS_OF_A_NEW_ZONE)]

    def _last_position(self):
        return max((author.position for author in self.get_queryset()), default=0)

    def add_fields(self, form, index):
        if index is None:
            form.initial["position"] = self.offered()[-1]["position"] + 1
        super().add_fields(form, index)

    def clean(self):
        super().clean()
        self._leave_sealed_years()
        for form in self.initial_forms:
            chosen = form.cleaned_data.get("municipality")
            is_another = chosen and chosen.pk != form.initial["municipality"]
            if form in self.deleted_forms or is_another:
                submissions = Submission.objects.filter(
                    evaluation__zone=self.instance, municipality=form.initial["municipality"]
                )
                if submission := submissions.select_related("municipality").first():
                    raise ValidationError(
                        f"{submission.municipality}は、評価書の提出の記録があるため、作成主体から外せません。"
                        "作成主体でなくなったときは、最後の年度を入力してください。"
                    )

    def _leave_sealed_years(self):
        """Who is an author of a sealed year stays one, and nobody joins it."""
        if not self.instance.pk:
            return
        sealed = self.instance.evaluation_set.filter(state__in=SEALED)
        for form in self.forms:
            author = form.instance
            years = {name: form.initial.get(name) for name in ("first_year", "last_year")}
            if not {*years} & {*form.changed_data}:
                continue
            before = ZoneMunicipality(**years) if author.pk else None
            for evaluation in sealed:
                was_in = bool(before and before.is_in(evaluation.fiscal_year))
                if author.is_in(evaluation.fiscal_year) != was_in:
                    raise ValidationError(
                        f"{fiscal_year_name(evaluation.fiscal_year)}の評価書は{evaluation.get_state_display()}のため、"
                        "その年度の作成主体は変更できません。"
                    )


class MunicipalityField(forms.CharField):
    """A body by its name: one that the person sees, or any of the nation, which is registered by choosing it."""

    widget = forms.TextInput(
        attrs={"class": "vTextField", "list": "local-governments", "autocomplete": "off"}
    )
    seen: QuerySet[Municipality] = Municipality.objects.none()
    current: Municipality | None = None

    def prepare_value(self, value):
        if isinstance(value, int):
            return str(Municipality.objects.get(pk=value))
        return value

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value):
        text = super().clean(value)
        if self.current and text in (self.current.name, self.current.full_name):
            return self.current
        try:
            municipality = one_named(text, self.seen)
        except AmbiguousName as ambiguous:
            raise ValidationError(str(ambiguous)) from None
        if municipality:
            return municipality
        if governments := local_governments().named(text):
            return Municipality.objects.register(governments[0])
        raise ValidationError(
            f"「{text}」は、全国の都道府県と市区町村の一覧にありません。名称を確かめてください。"
            "組合、大学、企業などは、システム管理者が「自治体・団体」に登録して、作成主体に加えます。"
        )


class AuthorForm(forms.ModelForm):
    request = None

    municipality = MunicipalityField(label="自治体・団体", max_length=60)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if field := self.fields.get("municipality"):  # not where authors are only shown
            field.seen = municipalities_of(self.request.user)
            field.current = self.instance.municipality if self.instance.pk else None


class ZoneMunicipalityInline(RuledInline):
    model = ZoneMunicipality
    form = AuthorForm
    formset = Authors
    template = "admin/evaluations/authors.html"
    can_delete = True
    fields = ["municipality", "printed_name", "position", "is_lead", "first_year", "last_year"]
    show_change_link = False


@admin.register(Zone)
class ZoneAdmin(RecordAdmin):
    zone_path = "pk"
    list_display = ["name", "kind", "slug", "designated_on", "certified_on"]
    search_fields = ["name", "slug"]
    inlines = [ZoneMunicipalityInline]
    view_on_site = False

    def why_not_see(self, request):
        return why_not_use_admin(request.user)

    def why_not_add(self, request):
        return why_not_keep_zone(request.user)

    def why_not_change(self, request, row=None):
        if row is None:
            return why_not_keep_zones(request.user)
        return why_not_keep_zone(request.user, row)

    def why_not_delete(self, request, row=None):
        return why_not_keep_zone(request.user)

    def zones_of(self, user):
        return zones_kept_by(user)

    def evaluations_of(self, row):
        return Evaluation.objects.filter(zone=row).only("pk")

    def _changeform_view(self, request, object_id, form_url, extra_context):
        """Without a municipality that was registered for an author, if the form is refused."""
        response = super()._changeform_view(request, object_id, form_url, extra_context)
        if request.method == "POST" and "errors" in (getattr(response, "context_data", None) or ()):
            transaction.set_rollback(True)
        return response

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["local_governments"] = local_governments()
        context["registered"] = municipalities_of(request.user).filter(code=None)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request, obj, form, change):
        """Sealed years keep the name that they have: the editions of the plan by which they go."""
        super().save_model(request, obj, form, change)
        if change and "name" in form.changed_data:
            keep_name(obj, form.initial["name"], by=request.user)

    def save_formset(self, request, form, formset, change):
        """A new author takes part from the first year that is not sealed, unless another is given."""
        if formset.model is ZoneMunicipality and (sealed_year := last_sealed_year(form.instance)):
            for author in formset.save(commit=False):
                if not author.pk and not author.first_year:
                    author.first_year = sealed_year + 1
        if formset.model is ZoneMunicipality:
            for author_form in formset.initial_forms:
                if "printed_name" in author_form.changed_data:
                    author = author_form.instance
                    keep_names(author, ZoneMunicipality.objects.get(pk=author.pk))
        super().save_formset(request, form, formset, change)
        if formset.model is ZoneMunicipality and formset.changed_objects:
            prepare_open_years(form.instance)  # One may take part in them now.

    def after_adding(self, request, row):
        """A new author gets its rows in the open years."""
        if isinstance(row, ZoneMunicipality):
            prepare_open_years(row.zone)
