"""Forms for the rows that people fill in, and for new ones."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from evaluations import catalogue
from evaluations.catalogue import words
from evaluations.entry.instructions import instruction, list_id
from evaluations.form.printed_figures import number_of
from evaluations.models import Achievement, Approach, Correction, Evaluation, NumericTarget
from evaluations.permissions import Access
from evaluations.workflow import DOUBLE_CLICK_TIME
from supports.models import (
    NationalSupport,
    RegulatoryMeasure,
    RegulatoryMeasureKind,
    SchemeResult,
)
from tokku.accounts.models import Municipality, Role, User
from tokku.japanese import (
    fiscal_year_name,
    is_finer,
    number,
    parse_number,
    plain,
    why_finer,
    why_no_number,
)
from tokku.records import Record, in_order, text_of, value_of
from tokku.revision_form import RevisionBoundField, RevisionForm
from tokku.revisions import Conflict

# The two fields of a relation to targets. They are one answer: all targets, or the chosen ones.
ALL_TARGETS, TARGETS = "all_targets", "targets"
OWNERS = "municipalities"


class NumberFormField(forms.DecimalField):
    """A number as officials type it. Understands １，２３４ and △5; a blank is None."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value):
        typed = super().to_python(_plain_number(value))
        if typed is not None and is_finer(typed, self.decimal_places):
            raise ValidationError(f"「{value}」は{why_finer(self.decimal_places)}")
        return typed

    def prepare_value(self, value):
        return value if value is None or isinstance(value, str) else number(value)


class CountFormField(forms.IntegerField):
    """A whole number, read in the same spellings."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def to_python(self, value):
        return super().to_python(_plain_number(value))


def _plain_number(value: Any) -> str | None:
    """A typed number in plain ASCII digits without trailing zeros; None for a blank.

    Raises ValidationError for what is no number.
    """
    if value is None or not str(value).strip():
        return None
    try:
        return plain(parse_number(str(value)))
    except ValueError:
        raise ValidationError(f"「{value}」は{why_no_number(str(value))}") from None


NUMBERS = {models.DecimalField: NumberFormField, models.PositiveSmallIntegerField: CountFormField}


def numbered(targets: Collection[NumericTarget]) -> dict[str, str]:
    """All targets of an edition by their keys, with their numbers in the form: （1）－② 研修等の参加者数（人）."""
    of_indicator = Counter(target.indicator_id for target in targets)
    return {
        str(target.pk): f"{number_of(target.place, of_indicator[target.indicator_id])}　{target}"
        for target in targets
    }


class TargetsFormField(forms.MultipleChoiceField):
    """A choice among `rows`, which are already loaded. Its value is a tuple of targets."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, rows: Iterable[NumericTarget], **kwargs: Any):
        self.rows = {str(row.pk): row for row in rows}
        super().__init__(
            choices=[*numbered(self.rows.values()).items()],
            required=False,
            **kwargs,
        )
        self.error_messages["invalid_choice"] = "選べないものが含まれています。選び直してください。"

    def prepare_value(self, value):
        return [str(getattr(target, "pk", target)) for target in value or ()]

    def clean(self, value):
        return in_order(self.rows[key] for key in set(super().clean(value)))


class EntryBoundField(RevisionBoundField):
    """A bound field whose aria-describedby also names the instruction that the page shows once for the whole list."""

    @property
    def aria_describedby(self):
        list_instruction_id = list_id(type(self.form.instance), self.name)
        return " ".join(filter(None, [list_instruction_id, super().aria_describedby]))


@dataclass(frozen=True)
class TypedAnswer:
    """The stored and the typed text of one answer, with the conflict and the errors that keep it from being saved."""

    stored: str
    typed: str
    conflict: Conflict | None
    field_errors: list[str]


class RecordForm(RevisionForm):
    """The form of one row; the names of its inputs begin with the row's key."""

    bound_field_class = EntryBoundField

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        instance: Record,
        targets: Iterable[NumericTarget] = (),
        **kwargs: Any,
    ):
        # A row may be saved half filled in; what is required is checked when it is handed in.
        kwargs = {"use_required_attribute": False} | kwargs
        super().__init__(data, instance=instance, prefix=instance.key, **kwargs)
        if "targets" in self.fields:
            label = self.fields["targets"].label
            self.fields["targets"] = TargetsFormField(targets, label=label)
        for name, field in self.fields.items():
            field.help_text = instruction(instance, name)
        _set_required_messages(self)

    def offer_owners(self, access: Access, authors: Iterable[Municipality]) -> None:
        """Let the person share the row among these authors and its present owners, as far as they may."""
        self.access = access
        owners = {author.pk: author for author in (*authors, *self.row.municipalities.all())}
        field = self.fields[OWNERS]
        field.widget = forms.CheckboxSelectMultiple()
        field.queryset = Municipality.objects.filter(pk__in=owners)
        field.choices = [(pk, str(owner)) for pk, owner in owners.items()]
        field.help_text = "共同の事業は、関係する作成主体を全て選びます。"

    def _post_clean(self):
        super()._post_clean()
        if OWNERS in self.changed_data and OWNERS in self.cleaned_data:
            new_owners = {owner.pk for owner in self.cleaned_data[OWNERS]}
            if refusal := self.access.why_not_share(self.row.owner_ids, new_owners):
                self.add_error(OWNERS, refusal)

    def typed_answer(self, names: Sequence[str]) -> TypedAnswer:
        """The answer that these fields give together: a single field, or the two of a relation to targets."""
        stored, typed = (
            words.ALL_TARGETS
            if ALL_TARGETS in names and text_for(ALL_TARGETS)
            else text_for(names[-1])
            for text_for in (self._stored_text, self._typed_text)
        )
        conflict = next((self.conflicts[name] for name in names if name in self.conflicts), None)
        field_errors = [error for name in names for error in self.field_errors(name)]
        conflict_shown = conflict and replace(conflict, typed=typed)
        return TypedAnswer(stored, typed, conflict_shown, field_errors)

    def _stored_text(self, name: str) -> str:
        return text_of(self.row, name, self.stored[name])

    def _typed_text(self, name: str) -> str:
        """The typed value as people read it; the raw input where it is not valid."""
        if name in self.unchanged_fields:
            return self._stored_text(name)
        sent_value = self[name].data
        try:
            value = self.as_stored(name, self.fields[name].clean(sent_value))
        except ValidationError:
            return "、".join(sent_value) if isinstance(sent_value, list) else str(sent_value)
        return text_of(self.row, name, value)


def form_for(
    row: Record,
    data: Mapping[str, Any] | None = None,
    fields: Iterable[str] = (),
    targets: Iterable[NumericTarget] = (),
) -> RecordForm:
    """The form of a row with these fields, by default all its entry fields. `targets` are the choices of a relation."""
    fields = fields or row.asked_fields
    numbers = {
        name: field_class
        for name in fields
        for model_field, field_class in NUMBERS.items()
        if isinstance(row._meta.get_field(name), model_field)
    }
    form_class = forms.modelform_factory(
        type(row), form=RecordForm, fields=fields, field_classes=numbers
    )
    return form_class(data, instance=row, targets=targets)


class NewRowForm(forms.ModelForm):
    """Adds a row to the list below `parents` (rows by field name). An unchanged form adds nothing.

    A row added by an official belongs to their municipality; the secretariat chooses the owner.
    """

    group_fields: tuple[str, ...] = ()  # each value of these fields has an order of its own

    def __init__(
        self, data=None, *, user: User, evaluation: Evaluation, prefix: str, **parents: Any
    ):
        is_sent = any(name.startswith(f"{prefix}-") for name in data or ())
        super().__init__(
            data if is_sent else None,
            prefix=prefix,
            empty_permitted=True,
            use_required_attribute=False,
        )
        _set_required_messages(self)
        self.user = user
        self.evaluation = evaluation
        self.parents = parents or {"evaluation": evaluation}
        self.own_municipality = user.municipality if user.role == Role.OFFICIAL else None
        if self.own_municipality:
            self.fields.pop("municipality", None)
        elif "municipality" in self.fields:
            self.fields["municipality"].queryset = evaluation.authors

    def offer(self, authors: Iterable[Municipality]) -> None:
        """Show these authors as choices, which are already loaded; the field looks up what is chosen."""
        choices = [(author.pk, str(author)) for author in authors]
        if "municipality" in self.fields:
            self.fields["municipality"].choices = [("", "特区全体"), *choices]
        if "municipalities" in self.fields:
            self.fields["municipalities"].choices = choices

    def create(self) -> Record:
        """Create the row at the end of its list."""
        row = self.save(commit=False)
        for name, value in self.parents.items():
            setattr(row, name, value)
        if self.own_municipality:
            row.municipality = self.own_municipality
        row.position = self.position_for(row)
        row.save()
        self.save_m2m()
        return row

    def position_for(self, row: Record) -> int:
        parts = {name: getattr(row, name) for name in self.group_fields}
        return next_position(type(row).objects.filter(**self.parents, **parts))

    @property
    def is_open(self) -> bool:
        """Whether the page shows the form unfolded, because something was typed."""
        return self.is_bound and self.has_changed()

    @property
    def was_just_added(self) -> bool:
        """Whether the same person added an identical row a moment ago, as a double click does."""
        since = timezone.now() - DOUBLE_CLICK_TIME
        added = self._meta.model.history.filter(
            history_type="+", history_user=self.user, history_date__gte=since
        )
        rows = self._rows_with_typed_fields().filter(pk__in=added.values("id"))
        return any(self.is_as_typed(row) for row in rows)

    @property
    def is_stored(self) -> bool:
        """Whether an identical row of the same owner exists, whoever added it."""
        return any(self.is_as_typed(row) for row in self._rows_with_typed_fields())

    def _rows_with_typed_fields(self) -> models.QuerySet:
        """The rows whose columns equal what was typed; relations are not compared."""
        model = self._meta.model
        recorded = {field.name for field in model._meta.fields}
        values = (
            self.parents
            | self.cleaned_data
            | ({"municipality": self.own_municipality} if self.own_municipality else {})
        )
        return model.objects.filter(**{k: v for k, v in values.items() if k in recorded})

    def is_as_typed(self, row: Record) -> bool:
        """Whether the relations of the row equal what was typed."""
        related = [field.name for field in row._meta.many_to_many if field.name in self.fields]
        return all(value_of(row, name) == in_order(self.cleaned_data[name]) for name in related)


class NewAchievement(NewRowForm):
    class Meta:
        model = Achievement
        fields = ["level", "heading", "text", "municipality"]

    def position_for(self, row):
        """The position of the municipality's last entry, so that an entry (・) stays below its heading (○)."""
        siblings = Achievement.objects.filter(**self.parents, municipality=row.municipality)
        last_sibling = siblings.order_by("position", "pk").last()
        return last_sibling.position if last_sibling else super().position_for(row)


class NewCorrection(NewRowForm):
    """Another value of a figure of an earlier year. Corrections have no order; each figure is corrected once."""

    class Meta:
        model = Correction
        fields = ["target", "fiscal_year", "municipality", "value", "reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, data=None, *, targets: Iterable[NumericTarget], **kwargs):
        super().__init__(data, **kwargs)
        self.instance.evaluation = self.evaluation
        self.instance.municipality = self.own_municipality
        targets = {str(row.pk): row for row in targets}
        self.fields["target"] = self._choice("target", targets, numbered(targets.values()))
        years = {str(year): year for year in reversed(self.evaluation.earlier_years)}
        names = {key: fiscal_year_name(year) for key, year in years.items()}
        self.fields["fiscal_year"] = self._choice("fiscal_year", years, names)
        self.fields["reason"].required = True
        for name in ("value", "reason"):
            self.fields[name].help_text = catalogue.CORRECTION[name].instruction
        _set_required_messages(self)

    def _choice(
        self, name: str, values: Mapping[str, Any], labels: Mapping[str, str]
    ) -> forms.TypedChoiceField:
        return forms.TypedChoiceField(
            label=self.fields[name].label,
            choices=[("", "選んでください"), *labels.items()],
            coerce=values.get,
        )

    def _get_validation_exclusions(self):
        # A figure is corrected once, but telling just the same again is no error.
        given = set() if self.is_stored else {"evaluation", "municipality"}
        return super()._get_validation_exclusions() - given

    def create(self):
        """The correction; the stored one where somebody has told just the same."""
        if same := self._rows_with_typed_fields().first():
            return same
        return self.save()


class NewNationalSupport(NewRowForm):
    group_fields = ("kind",)

    class Meta:
        model = NationalSupport
        fields = ["kind", "name", "outline", "usage", "municipality"]


class NewRowWithTargets(NewRowForm):
    """Adds a row that is related to targets, which are already loaded."""

    def __init__(self, data=None, *, targets: Iterable[NumericTarget], **kwargs):
        super().__init__(data, **kwargs)
        label = self._meta.model._meta.get_field("targets").verbose_name
        self.fields["targets"] = TargetsFormField(targets, label=label)

    def create(self):
        row = super().create()
        row.targets.set(self.cleaned_data["targets"])
        return row


class NewMeasure(NewRowWithTargets):
    """A new measure. Which of its other fields it has depends on its kind."""

    group_fields = ("kind",)

    class Meta:
        model = RegulatoryMeasure
        fields = ["kind", "name", "details", "all_targets", "used", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if kinds := catalogue.MEASURE[name].kinds:
                field.help_text = f"{'、'.join(_places_of(kinds))}に記載します。"

    def clean(self):
        super().clean()
        kind = self.cleaned_data.get("kind")
        for name, value in [*self.cleaned_data.items()]:
            if kind and value and not catalogue.MEASURE[name].is_of(kind):
                label = RegulatoryMeasureKind(kind).label
                self.add_error(name, f"「{label}」には、この欄はありません。")


def _places_of(kinds: Iterable[str]) -> dict[str, None]:
    """The places in brackets behind the labels of these kinds, in order: 本文4①、別紙2."""
    labels = (RegulatoryMeasureKind(kind).label for kind in kinds)
    return dict.fromkeys(label.rpartition("（")[2].rstrip("）") for label in labels)


class NewApproach(NewRowWithTargets):
    class Meta:
        model = Approach
        fields = ["narrative"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["narrative"].required = True


class NewScheme(NewRowWithTargets):
    class Meta:
        model = SchemeResult
        fields = [
            "category",
            "name",
            "municipalities",
            "other_bodies",
            "outline",
            "all_targets",
            "result",
        ]
        widgets = {"municipalities": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["municipalities"].queryset = self.evaluation.authors
        self.fields["municipalities"].help_text = "共同の事業は、関係する作成主体を全て選びます。"
        if self.own_municipality:
            self.initial["municipalities"] = [self.own_municipality]

    def clean_municipalities(self):
        municipalities = self.cleaned_data["municipalities"]
        if self.own_municipality and self.own_municipality not in municipalities:
            raise ValidationError(f"{self.own_municipality}を含めてください。")
        owners = {municipality.pk for municipality in municipalities}
        if refusal := Access(self.user, self.evaluation).why_not_share((), owners):
            raise ValidationError(refusal)
        return municipalities


def _set_required_messages(form: forms.ModelForm) -> None:
    for field in form.fields.values():
        verb = "選んで" if hasattr(field, "choices") else "入力して"
        field.error_messages["required"] = f"{field.label}を{verb}ください。"


def next_position(rows: models.QuerySet) -> int:
    """The position after the last row of a list."""
    return (rows.aggregate(last=models.Max("position"))["last"] or 0) + 1
