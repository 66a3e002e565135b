"""The sheets of plans, targets, figures, texts and municipalities."""

import re
from dataclasses import replace
from operator import attrgetter

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from evaluations import catalogue
from evaluations.models import (
    Achievement,
    Actual,
    Approach,
    Correction,
    Evaluation,
    Indicator,
    NumericTarget,
    Plan,
    PlanEdition,
    ResultPart,
    TargetAssessment,
    YearlyTarget,
    Zone,
)
from evaluations.years.authors import keep_former_name
from tokku.accounts.local_governments import local_governments
from tokku.accounts.models import LISTED, AmbiguousName, BodyKind, Municipality, one_named
from tokku.japanese import fiscal_year_name, fold
from tokku.municipality_code import parse_municipality_code
from tokku.spreadsheets.resources import SheetResource, column
from tokku.spreadsheets.sheet import SheetLine, quoted
from tokku.spreadsheets.widgets import (
    BodyKey,
    CountWidget,
    FiscalYearWidget,
    ManyWidget,
    MunicipalityCodeWidget,
    widget_of,
)

NO_EVALUATION = "{}の評価書はありません。"
EDITION = "計画の版（最初の年度）"


# The natural key of the rows of a model, and the relations to load for it.
NATURAL_KEYS = {
    Zone: ((), attrgetter("slug")),
    Municipality: ((), attrgetter("key")),
    Evaluation: (("zone", "edition__plan"), attrgetter("zone.slug", "fiscal_year")),
    Plan: (("zone",), attrgetter("zone.slug", "term")),
    PlanEdition: (("plan__zone",), attrgetter("plan.zone.slug", "plan.term", "first_year")),
    Indicator: (("edition__plan__zone",), attrgetter("edition_id", "number")),
    NumericTarget: (
        ("indicator__edition__plan__zone",),
        attrgetter("indicator.edition_id", "indicator.number", "number"),
    ),
    Approach: (("evaluation__edition__plan",), attrgetter("evaluation_id", "position")),
}
# Relations to the evaluations that decide who may write the rows.
EVALUATIONS = {Zone: ("evaluation_set",), NumericTarget: ("indicator__edition__evaluation_set",)}


class ZoneSheet(SheetResource):
    """Finds the rows that a line refers to by their natural keys, among those that the person sees."""

    def natural_keys(self, model):
        relations, key_of = NATURAL_KEYS[model]
        rows = (
            self.rules.rows(model).select_related(*relations)
            if relations
            else self.rules.rows(model)
        )
        yield from (
            (key_of(row), row) for row in rows.prefetch_related(*EVALUATIONS.get(model, ()))
        )

    def before_import_row(self, row, **kwargs):
        """Put what identifies a body in place of its name."""
        for name, field in self.fields.items():
            if isinstance(field.widget, MunicipalityCodeWidget):
                cell = row.get(field.column_name)
                if isinstance(cell, str) and (key := self._key_of_body(cell, name)):
                    row[field.column_name] = BodyKey(key)
        super().before_import_row(row, **kwargs)

    def _key_of_body(self, text: str, column: str) -> str:
        """ "" when the person sees no such body."""
        if text not in self._keys_of_bodies:
            try:
                body = one_named(text, self._bodies)
            except AmbiguousName as ambiguous:
                raise ValidationError({column: str(ambiguous)}) from None
            self._keys_of_bodies[text] = body.key if body else ""
        return self._keys_of_bodies[text]

    @cached_property
    def _bodies(self) -> list[Municipality]:
        return list(self.rules.rows(Municipality))

    @cached_property
    def _keys_of_bodies(self) -> dict[str, str]:
        return {}

    def zone(self, slug: str) -> Zone:
        return self.find(Zone, slug, "zone_slug", f"「{slug}」という特区はありません。")

    def municipality(self, code: str | None, column: str = "code") -> Municipality | None:
        if code is None:
            return None
        sentence = f"「{code}」という自治体コードはありません。"
        return self.find(Municipality, code, column, sentence)

    def evaluation(self, slug: str, year: int) -> Evaluation:
        self.zone(slug)
        sentence = NO_EVALUATION.format(fiscal_year_name(year))
        return self.find(Evaluation, (slug, year), "fiscal_year", sentence)

    def plan(self, slug: str, term: int) -> Plan:
        self.zone(slug)
        return self.find(Plan, (slug, term), "term", f"第{term}期計画はありません。")

    def edition(self, slug: str, term: int, first_year: int) -> PlanEdition:
        plan = self.plan(slug, term)
        sentence = f"{plan}に、{fiscal_year_name(first_year)}からの版はありません。"
        return self.find(PlanEdition, (slug, term, first_year), "edition_year", sentence)

    def indicator(self, edition: PlanEdition, number: int) -> Indicator:
        sentence = f"{edition}に、評価指標{number}はありません。"
        return self.find(Indicator, (edition.pk, number), "indicator_number", sentence)

    def target(self, edition: PlanEdition, indicator: int, number: int) -> NumericTarget:
        self.indicator(edition, indicator)
        sentence = f"評価指標{indicator}に数値目標{number}はありません。"
        return self.find(NumericTarget, (edition.pk, indicator, number), "number", sentence)

    def chosen(self, name, codes, row):
        if name == "municipalities":
            return [self.municipality(code, name) for code in sorted(codes)]
        return [self._target_of_plan(row.evaluation, code) for code in sorted(codes)]

    def _target_of_plan(self, evaluation: Evaluation, code: str) -> NumericTarget:
        """The target of a code: 1-2 is the second target of the first indicator."""
        match = re.fullmatch(r"(\d{1,4})-(\d{1,4})", code)
        if not match:
            sentence = f"{quoted(code)}は、評価指標と数値目標の番号で入力してください（例：1-2）。"
            raise ValidationError({"targets": sentence})
        key = (evaluation.edition_id, int(match[1]), int(match[2]))
        sentence = f"「{code}」という数値目標は、この計画にありません。"
        return self.find(NumericTarget, key, "targets", sentence)


def with_its_fields(resource: type[ZoneSheet]) -> type[ZoneSheet]:
    """Add a column for each field of the catalogue that the sheet lacks, and put the key columns first."""
    model = resource._meta.model
    field_names = {field.attribute.split("__")[0] for field in resource.fields.values()}
    for catalogue_field in catalogue.kind_of(model).fields:
        field = model._meta.get_field(catalogue_field.name)
        if field.name not in field_names and field.editable and not field.many_to_one:
            widget = TargetsWidget() if field.many_to_many else widget_of(field)
            resource.fields[field.name] = column(field.name, str(field.verbose_name), widget)
    for name in reversed(resource._meta.import_id_fields):
        resource.fields.move_to_end(name, last=False)
    return resource


class TargetsWidget(ManyWidget):
    """Numeric targets as 1-1、1-2."""

    def __init__(self):
        super().__init__(lambda target: str(target.place))


def _code_or_name(text: str) -> str:
    return parse_municipality_code(text) if fold(text).isdecimal() else text


class Municipalities(ManyWidget):
    """The codes of municipalities, and the names of bodies without a code; NOBODY for none, since a key column is never blank."""

    NOBODY = "特区全体"

    def __init__(self):
        super().__init__(lambda municipality: municipality.key, _code_or_name)

    def clean(self, value, row=None, **kwargs):
        return frozenset() if value == self.NOBODY else super().clean(value)

    def render(self, value, obj=None, **kwargs):
        return super().render(value) or self.NOBODY


# Plan


@with_its_fields
class PlanResource(ZoneSheet):
    related = ("zone",)

    zone_slug = column("zone__slug", "特区")

    class Meta:
        model = Plan
        import_id_fields = ["zone_slug", "term"]

    def new_row(self, zone_slug, term):
        return Plan(zone=self.zone(zone_slug), term=term)


@with_its_fields
class PlanEditionResource(ZoneSheet):
    """The texts of editions. A new edition begins on its own page, which copies the one before."""

    related = ("plan__zone",)

    zone_slug = column("plan__zone__slug", "特区")
    term = column("plan__term", "期", CountWidget())
    first_year = column("first_year", EDITION, FiscalYearWidget())

    class Meta:
        model = PlanEdition
        import_id_fields = ["zone_slug", "term", "first_year"]

    def new_row(self, zone_slug, term, first_year):
        return self.edition(zone_slug, term, first_year)


@with_its_fields
class IndicatorResource(ZoneSheet):
    related = ("edition__plan__zone",)
    prefetched = ("edition__evaluation_set",)

    zone_slug = column("edition__plan__zone__slug", "特区")
    term = column("edition__plan__term", "期", CountWidget())
    edition_year = column("edition__first_year", EDITION, FiscalYearWidget())
    number = column("number", "評価指標", CountWidget())

    class Meta:
        model = Indicator
        import_id_fields = ["zone_slug", "term", "edition_year", "number"]

    def new_row(self, zone_slug, term, edition_year, number):
        return Indicator(edition=self.edition(zone_slug, term, edition_year), number=number)


@with_its_fields
class NumericTargetResource(ZoneSheet):
    related = ("indicator__edition__plan__zone",)
    prefetched = ("indicator__edition__evaluation_set",)

    zone_slug = column("indicator__edition__plan__zone__slug", "特区")
    term = column("indicator__edition__plan__term", "期", CountWidget())
    edition_year = column("indicator__edition__first_year", EDITION, FiscalYearWidget())
    indicator_number = column("indicator__number", "評価指標", CountWidget())
    number = column("number", "数値目標", CountWidget())
    indicator_name = column("indicator__name", "評価指標の名称", readonly=True)

    class Meta:
        model = NumericTarget
        import_id_fields = ["zone_slug", "term", "edition_year", "indicator_number", "number"]

    def new_row(self, zone_slug, term, edition_year, indicator_number, number):
        edition = self.edition(zone_slug, term, edition_year)
        return NumericTarget(indicator=self.indicator(edition, indicator_number), number=number)


class OfTarget(ZoneSheet):
    """Figures of a numeric target, year by year."""

    related = ("target__indicator__edition__plan__zone",)
    prefetched = ("target__indicator__edition__evaluation_set",)

    zone_slug = column("target__indicator__edition__plan__zone__slug", "特区")
    term = column("target__indicator__edition__plan__term", "期", CountWidget())
    indicator_number = column("target__indicator__number", "評価指標", CountWidget())
    number = column("target__number", "数値目標", CountWidget())
    fiscal_year = column("fiscal_year", "年度", FiscalYearWidget())

    def plan_of_year(self, slug, term, year) -> Plan:
        """The plan; ValidationError unless it covers the year."""
        plan = self.plan(slug, term)
        if year not in plan.years:
            sentence = f"{fiscal_year_name(year)}は、{plan}の期間にありません。"
            raise ValidationError({"fiscal_year": sentence})
        return plan


@with_its_fields
class YearlyTargetResource(OfTarget):
    edition_year = column("target__indicator__edition__first_year", EDITION, FiscalYearWidget())
    name = column("target__name", "数値目標の名称", readonly=True)
    unit = column("target__unit", "単位", readonly=True)

    class Meta:
        model = YearlyTarget
        import_id_fields = [
            "zone_slug",
            "term",
            "edition_year",
            "indicator_number",
            "number",
            "fiscal_year",
        ]

    def new_row(self, zone_slug, term, edition_year, indicator_number, number, fiscal_year):
        self.plan_of_year(zone_slug, term, fiscal_year)
        edition = self.edition(zone_slug, term, edition_year)
        return YearlyTarget(
            target=self.target(edition, indicator_number, number), fiscal_year=fiscal_year
        )


@with_its_fields
class ActualResource(OfTarget):
    related = (*OfTarget.related, "municipality")

    code = column("municipality__key", "自治体コード", MunicipalityCodeWidget("特区全体"))
    municipality_name = column("municipality__label", "自治体名", readonly=True)
    name = column("target__name", "数値目標の名称", readonly=True)
    unit = column("target__unit", "単位", readonly=True)

    class Meta:
        model = Actual
        import_id_fields = [
            "zone_slug",
            "term",
            "indicator_number",
            "number",
            "fiscal_year",
            "code",
        ]

    def new_row(self, zone_slug, term, indicator_number, number, fiscal_year, code):
        edition = self.plan_of_year(zone_slug, term, fiscal_year).edition_of(fiscal_year)
        return Actual(
            target=self.target(edition, indicator_number, number),
            fiscal_year=fiscal_year,
            municipality=self.municipality(code),
        )

    def refusals_without_parent(self, row):
        evaluations = row.target.indicator.edition.evaluation_set.all()
        if any(evaluation.fiscal_year == row.fiscal_year for evaluation in evaluations):
            return {}
        return {"fiscal_year": NO_EVALUATION.format(fiscal_year_name(row.fiscal_year))}


# Rows of an evaluation


class OfEvaluation(ZoneSheet):
    """Rows of one year's evaluation."""

    related = ("evaluation__zone", "evaluation__edition__plan")

    zone_slug = column("evaluation__zone__slug", "特区")
    fiscal_year = column("evaluation__fiscal_year", "年度", FiscalYearWidget())

    def new_row(self, zone_slug, fiscal_year, **key):
        key["evaluation"] = self.evaluation(zone_slug, fiscal_year)
        if "code" in key:
            key["municipality"] = self.municipality(key.pop("code"))
        return self._meta.model(**key)


class OfOwner(OfEvaluation):
    """Rows of an evaluation that belong to one municipality or to the zone as a whole."""

    related = (*OfEvaluation.related, "municipality")

    code = column("municipality__key", "自治体コード", MunicipalityCodeWidget("特区全体"))
    municipality_name = column("municipality__label", "自治体名", readonly=True)


@with_its_fields
class ResultPartResource(OfEvaluation):
    name = column("name", "内訳の名称")

    class Meta:
        model = ResultPart
        import_id_fields = ["zone_slug", "fiscal_year", "name"]


@with_its_fields
class CorrectionResource(OfOwner):
    related = (*OfOwner.related, "target__indicator")

    indicator_number = column("target__indicator__number", "評価指標", CountWidget())
    number = column("target__number", "数値目標", CountWidget())
    corrected_year = column("fiscal_year", "修正する年度", FiscalYearWidget())
    name = column("target__name", "数値目標の名称", readonly=True)
    unit = column("target__unit", "単位", readonly=True)

    class Meta:
        model = Correction
        import_id_fields = [
            "zone_slug",
            "fiscal_year",
            "indicator_number",
            "number",
            "corrected_year",
            "code",
        ]

    def new_row(self, zone_slug, fiscal_year, indicator_number, number, corrected_year, code):
        evaluation = self.evaluation(zone_slug, fiscal_year)
        return Correction(
            evaluation=evaluation,
            target=self.target(evaluation.edition, indicator_number, number),
            fiscal_year=corrected_year,
            municipality=self.municipality(code),
        )


@with_its_fields
class TargetAssessmentResource(OfEvaluation):
    related = (*OfEvaluation.related, "target__indicator")

    indicator_number = column("target__indicator__number", "評価指標", CountWidget())
    number = column("target__number", "数値目標", CountWidget())
    name = column("target__name", "数値目標の名称", readonly=True)

    class Meta:
        model = TargetAssessment
        import_id_fields = ["zone_slug", "fiscal_year", "indicator_number", "number"]

    def new_row(self, zone_slug, fiscal_year, indicator_number, number):
        evaluation = self.evaluation(zone_slug, fiscal_year)
        target = self.target(evaluation.edition, indicator_number, number)
        return TargetAssessment(evaluation=evaluation, target=target)


@with_its_fields
class ApproachResource(OfEvaluation):
    """The key of an approach is its position in the year (decision 0013)."""

    prefetched = ("targets__indicator",)

    class Meta:
        model = Approach
        import_id_fields = ["zone_slug", "fiscal_year", "position"]


@with_its_fields
class AchievementResource(ZoneSheet):
    """The key of an achievement: its approach, its municipality and its position among theirs (decision 0013)."""

    related = ("approach__evaluation__zone", "approach__evaluation__edition__plan", "municipality")

    zone_slug = column("approach__evaluation__zone__slug", "特区")
    fiscal_year = column("approach__evaluation__fiscal_year", "年度", FiscalYearWidget())
    approach_position = column("approach__position", "解決策", CountWidget())
    code = column("municipality__key", "自治体コード", MunicipalityCodeWidget("特区全体"))
    municipality_name = column("municipality__label", "自治体名", readonly=True)

    class Meta:
        model = Achievement
        import_id_fields = ["zone_slug", "fiscal_year", "approach_position", "code", "position"]

    def new_row(self, zone_slug, fiscal_year, approach_position, code, position):
        evaluation = self.evaluation(zone_slug, fiscal_year)
        approach = self.find(
            Approach,
            (evaluation.pk, approach_position),
            "approach_position",
            f"この評価書に解決策{approach_position}はありません。",
        )
        approach.evaluation = evaluation
        return Achievement(
            approach=approach, municipality=self.municipality(code), position=position
        )


@with_its_fields
class MunicipalityResource(ZoneSheet):
    """Local governments by their codes, which the list of the nation knows, all other bodies by their names."""

    code = column("code", "全国地方公共団体コード", MunicipalityCodeWidget())

    class Meta:
        model = Municipality
        import_id_fields = ["code"]

    def key_of(self, row):
        return (row.key,)

    def import_sheet(self, sheet, **kwargs):
        """A sheet need not have the column of codes."""
        column_name = self.fields["code"].column_name
        if fold(column_name) not in map(fold, sheet.columns):
            lines = tuple(SheetLine(line.number, (*line.cells, "")) for line in sheet.lines)
            sheet = replace(sheet, columns=(*sheet.columns, column_name), lines=lines)
        return super().import_sheet(sheet, **kwargs)

    def before_import_row(self, row, **kwargs):
        code, kind, name = (self.fields[each].column_name for each in ("code", "kind", "name"))
        if row.get(code) == "" and isinstance(row.get(name), str) and row[name]:
            kinds_without = {one.label for one in BodyKind if one not in LISTED}
            if row.get(kind) in kinds_without:
                row[code] = BodyKey(row[name])
            elif key := self._key_of_body(row[name], "name"):
                row[code] = BodyKey(key)
                row[name] = ""  # stays as it is
            elif governments := local_governments().named(row[name]):
                row[code], row[name] = BodyKey(governments[0].code), governments[0].name
        super().before_import_row(row, **kwargs)

    def init_instance(self, row=None):
        new = super().init_instance(row)
        if not new.code:
            self._changes.clear()  # Its name is shown as one.
        return new

    def new_row(self, code):
        if not code.isdecimal():
            return Municipality(name=code)
        return Municipality(code=code, kind=BodyKind.of_code(code))

    def before_save_instance(self, instance, row, **kwargs):
        super().before_save_instance(instance, row, **kwargs)
        stored = Municipality.objects.filter(pk=instance.pk).first()
        self._former_name = stored.name if stored else instance.name

    def after_save_instance(self, instance, row, **kwargs):
        super().after_save_instance(instance, row, **kwargs)
        if self._former_name != instance.name:
            keep_former_name(instance, self._former_name)
