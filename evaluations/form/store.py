"""From contents to the rows of the database: `store` makes an evaluation say what they say."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import Field, fields
from decimal import Decimal
from typing import Any

from django.db import models, transaction

from evaluations import models as m
from evaluations.form import contents as c
from evaluations.form.labels import ZONE_KINDS
from evaluations.form.reading import Problem, UnreadableForm
from evaluations.form.records import REGIONAL_KINDS, copied, stored_zone_actual
from evaluations.form.rows import Changes, RowWriter
from evaluations.permissions import why_closed
from supports import models as s
from tokku.accounts.models import Municipality
from tokku.japanese import fiscal_year_name, fold, number

# What the years of a zone have in common.
SHARED = (m.Zone, m.ZoneMunicipality, m.Plan, m.Indicator, m.NumericTarget, s.Scheme)


def store(
    contents: c.Contents, slug: str, *, reason: str, lines: Mapping[str, int | None] | None = None
) -> tuple[m.Evaluation, Changes]:
    """Make the evaluation of this zone and year say what `contents` says, all or nothing.

    What the form does not print stays as it is where `contents` leaves it open, and a blank never
    replaces a figure. A year that others follow changes nothing that they share with it, and no
    figure of a sealed year changes; both are noted. `lines` tells where in a file a municipality was named. Raises
    UnreadableForm when the contents do not fit the records.
    """
    with transaction.atomic():
        writer = _Writer(contents, slug, reason, lines or {})
        evaluation = writer.write()
        return evaluation, writer.rows.changes


class _Writer:
    def __init__(
        self, contents: c.Contents, slug: str, reason: str, lines: Mapping[str, int | None]
    ) -> None:
        self.contents = contents
        self.slug = slug
        others = m.Evaluation.objects.filter(zone__slug=slug).exclude(
            fiscal_year=contents.fiscal_year
        )
        self.sealed_years = {one.fiscal_year for one in others if why_closed(one)}
        is_last = not others.filter(fiscal_year__gt=contents.fiscal_year).exists()
        self.rows = RowWriter(reason, keeps=() if is_last else SHARED)
        self.municipalities = self._find_municipalities(lines)
        self.targets: dict[c.TargetKey, m.NumericTarget] = {}

    def _find_municipalities(self, lines: Mapping[str, int | None]) -> dict[str, Municipality]:
        found = {municipality.name: municipality for municipality in Municipality.objects.all()}
        named = [*self.contents.zone.municipalities]
        named += [name for scheme in self.contents.schemes for name in scheme.municipalities]
        if unknown := [name for name in dict.fromkeys(named) if name not in found]:
            raise UnreadableForm(
                Problem(
                    lines.get(name),
                    f"自治体「{name}」は登録されていません。名称を確かめるか、管理画面で登録してください。",
                )
                for name in unknown
            )
        return found

    def write(self) -> m.Evaluation:
        zone = self._write_zone()
        plan = self._write_plan(zone)
        evaluation = m.Evaluation.objects.filter(
            zone=zone, fiscal_year=self.contents.fiscal_year
        ).first()
        if evaluation and (closed := why_closed(evaluation)):
            raise _misfit(closed)
        evaluation = self.rows.save(
            evaluation,
            m.Evaluation,
            {"zone": zone, "fiscal_year": self.contents.fiscal_year},
            {"plan": plan} | _stated(self.contents.texts),
        )
        self._write_indicators(evaluation, plan)
        self._write_approaches(evaluation)
        self._write_measures(evaluation)
        self._write_national_supports(evaluation)
        self._write_schemes(evaluation)
        self._write_regional_texts(evaluation)
        return evaluation

    def _write_zone(self) -> m.Zone:
        stated, slug = self.contents.zone, self.slug
        zone = m.Zone.objects.filter(slug=slug).first()
        if zone and (zone.kind, fold(zone.name)) != (stated.kind, fold(stated.name)):
            raise _misfit(
                f"文書の特区「{stated.name}」（{ZONE_KINDS[stated.kind]}）は、"
                f"{slug} として登録されている「{zone.name}」（{zone.get_kind_display()}）と違います。"
            )
        if zone is None and (same := m.Zone.objects.filter(name=stated.name).first()):
            raise _misfit(
                f"特区「{same}」は {same.slug} として登録されています。{slug} ではなく {same.slug} を指定してください。"
            )
        zone = self.rows.save(
            zone, m.Zone, {"slug": slug}, _stated(stated, without=["municipalities"])
        )
        members = {
            member.municipality.name: member
            for member in zone.zonemunicipality_set.select_related("municipality")
        }
        for position, name in enumerate(stated.municipalities, 1):
            self.rows.save(
                members.pop(name, None),
                m.ZoneMunicipality,
                {"zone": zone, "municipality": self.municipalities[name]},
                {"position": position},
            )
        for name in members:
            # Who takes part decides who may see and enter; that is for the secretariat to change.
            self.rows.changes.notices.append(
                f"作成主体の{name}が文書にありません。登録は残しました。"
            )
        return zone

    def _write_plan(self, zone: m.Zone) -> m.Plan:
        stated = self.contents.plan
        plans = list(zone.plan_set.all())
        years = {"first_year": stated.first_year, "last_year": stated.last_year}
        plan = next(
            (p for p in plans if (p.first_year, p.last_year) == tuple(years.values())), None
        )
        for other in plans:
            if other is not plan and set(other.years) & set(stated.years):
                raise _misfit(
                    f"文書の計画期間（{fiscal_year_name(stated.first_year)}から"
                    f"{fiscal_year_name(stated.last_year)}まで）が、登録されている{other}と重なります。"
                )
        values = _stated(stated)
        if plan is None:
            values.setdefault("term", 1 + max((p.term for p in plans), default=0))
        return self.rows.save(plan, m.Plan, {"zone": zone}, values)

    # Targets and figures

    def _write_indicators(self, evaluation: m.Evaluation, plan: m.Plan) -> None:
        known = {indicator.number: indicator for indicator in plan.indicator_set.all()}
        missing = known.keys() - {indicator.number for indicator in self.contents.indicators}
        if missing:
            raise _misfit(f"計画にある評価指標（{min(missing)}）が文書にありません。")
        for stated in self.contents.indicators:
            indicator = self.rows.save(
                known.get(stated.number),
                m.Indicator,
                {"plan": plan, "number": stated.number},
                {"name": stated.name},
            )
            self._write_targets(evaluation, indicator, stated)

    def _write_targets(
        self, evaluation: m.Evaluation, indicator: m.Indicator, stated: c.Indicator
    ) -> None:
        known = {target.number: target for target in indicator.numerictarget_set.all()}
        missing = known.keys() - {target.number for target in stated.targets}
        if missing:
            raise _misfit(
                f"計画にある数値目標（{stated.number}-{min(missing)}）が文書にありません。"
            )
        for wanted in stated.targets:
            values = _stated(wanted)
            if wanted.nature == "flow" and wanted.baseline is None:
                # Not printed for a flow, so the document leaves it open.
                del values["baseline"], values["baseline_year"]
            target = self.rows.save(
                known.get(wanted.number),
                m.NumericTarget,
                {"indicator": indicator, "number": wanted.number},
                values,
            )
            self.targets[c.TargetKey(stated.number, wanted.number)] = target
            self._write_figures(target, wanted)
            self.rows.save(
                m.TargetAssessment.objects.filter(evaluation=evaluation, target=target).first(),
                m.TargetAssessment,
                {"evaluation": evaluation, "target": target},
                _stated(wanted.assessment),
            )

    def _write_figures(self, target: m.NumericTarget, stated: c.NumericTarget) -> None:
        yearly = {row.fiscal_year: row for row in target.yearlytarget_set.all()}
        actuals: dict[int, list[m.Actual]] = defaultdict(list)
        for row in target.actual_set.all():
            actuals[row.fiscal_year].append(row)
        for figures in stated.years:
            row = yearly.get(figures.year)
            if figures.year in self.sealed_years:
                self._compare_sealed(target, figures, row, actuals[figures.year])
                continue
            self._write_figure(
                row, m.YearlyTarget, {"target": target, "fiscal_year": figures.year}, figures.target
            )
            if figures.year <= self.contents.fiscal_year:
                self._write_actuals(target, figures, actuals[figures.year])

    def _compare_sealed(
        self,
        target: m.NumericTarget,
        figures: c.YearFigures,
        yearly: m.YearlyTarget | None,
        actuals: list[m.Actual],
    ) -> None:
        """Figures of a sealed year stay; what the document says otherwise is told."""
        pairs = (
            ("目標値", figures.target, yearly and yearly.value),
            ("実績値", figures.actual, stored_zone_actual(target, actuals, self._authors())),
        )
        for label, stated, stored in pairs:
            if stated is not None and stated != stored:
                shown = "空" if stored is None else number(stored)
                self.rows.changes.notices.append(
                    f"{target}：{fiscal_year_name(figures.year)}の{label} {number(stated)} は、"
                    f"確定した値（{shown}）と違います。確定した値を残しました。"
                )

    def _authors(self) -> list[Municipality]:
        return [self.municipalities[name] for name in self.contents.zone.municipalities]

    def _write_actuals(
        self, target: m.NumericTarget, figures: c.YearFigures, known: list[m.Actual]
    ) -> None:
        of_year = {"target": target, "fiscal_year": figures.year}
        by_name = {row.municipality and row.municipality.name: row for row in known}
        if figures.by_municipality:
            for name, value in figures.by_municipality:
                municipality = self.municipalities[name]
                self._write_figure(
                    by_name.get(name), m.Actual, of_year | {"municipality": municipality}, value
                )
        elif known and None not in by_name:
            stored = stored_zone_actual(target, known, self._authors())
            if figures.actual is not None and figures.actual != stored:
                self.rows.changes.notices.append(
                    f"{target}：{fiscal_year_name(figures.year)}の実績値 {number(figures.actual)} は、"
                    "登録されている自治体ごとの実績値と合いません。自治体ごとの実績値を残しました。"
                )
        else:
            self._write_figure(
                by_name.get(None), m.Actual, of_year | {"municipality": None}, figures.actual
            )

    def _write_figure(
        self, row: Any, model: type[models.Model], key: dict[str, Any], value: Decimal | None
    ) -> None:
        """Set a figure; a blank leaves the one that is stored, and says so."""
        if value is not None:
            self.rows.save(row, model, key, {"value": value})
        elif row is not None and row.value is not None:
            self.rows.changes.notices.append(
                f"{row}：文書では空ですが、登録されている {number(row.value)} を残しました。"
            )

    # Lists

    def _write_approaches(self, evaluation: m.Evaluation) -> None:
        known = list(evaluation.approach_set.order_by("position", "pk"))
        for place, stated in enumerate(self.contents.approaches):
            approach = self.rows.save(
                known[place] if place < len(known) else None,
                m.Approach,
                {"evaluation": evaluation},
                _stated(stated) | {"position": place + 1},
                {"targets": [self.targets[key] for key in stated.targets]},
            )
            self._write_list(
                m.Achievement,
                {"approach": approach},
                [
                    (fold(done.heading), self._with_municipality(done), {})
                    for done in stated.achievements
                ],
                lambda row: fold(row.heading),
            )
        self.rows.delete(known[len(self.contents.approaches) :])

    def _write_measures(self, evaluation: m.Evaluation) -> None:
        self._write_list(
            s.RegulatoryMeasure,
            {"evaluation": evaluation},
            [
                ((one.kind, fold(one.name)), *self._with_relation(one))
                for one in self.contents.measures
            ],
            lambda row: (row.kind, fold(row.name)),
        )

    def _write_national_supports(self, evaluation: m.Evaluation) -> None:
        self._write_list(
            s.NationalSupport,
            {"evaluation": evaluation},
            [
                ((one.kind, fold(one.name)), self._with_municipality(one), {})
                for one in self.contents.national_supports
            ],
            lambda row: (row.kind, fold(row.name)),
        )

    def _write_schemes(self, evaluation: m.Evaluation) -> None:
        known = defaultdict(list)
        for scheme in evaluation.zone.scheme_set.order_by("pk").prefetch_related("municipalities"):
            known[scheme.category, fold(scheme.name)].append(scheme)
        wanted = []
        for stated in self.contents.schemes:
            municipalities = [self.municipalities[name] for name in stated.municipalities]
            same_name = known[stated.category, fold(stated.name)]
            # Two municipalities may run schemes of the same name.
            same_name.sort(
                key=lambda scheme: set(scheme.municipalities.all()) != set(municipalities)
            )
            scheme = self.rows.save(
                same_name.pop(0) if same_name else None,
                s.Scheme,
                {"zone": evaluation.zone},
                {"category": stated.category, "name": stated.name},
                {"municipalities": municipalities},
            )
            values, relations = self._with_relation(stated)
            values = {name: values[name] for name in ("outline", "result", "all_targets")}
            wanted.append((scheme.pk, values | {"scheme": scheme}, relations))
        self._write_list(
            s.SchemeResult, {"evaluation": evaluation}, wanted, lambda row: row.scheme_id
        )

    def _write_regional_texts(self, evaluation: m.Evaluation) -> None:
        """A text read from a form has no parts; parts that say the same are left as they are."""
        known = s.RegionalText.objects.for_form(evaluation)
        wanted: list[tuple[Any, dict[str, Any], dict[str, Any]]] = []
        for kind in REGIONAL_KINDS:
            stored = [row for row in known if row.kind == kind]
            stated = [part for part in self.contents.regional_texts if part.kind == kind]
            if len(stated) == 1 and "\n".join(row.text for row in stored) == stated[0].text:
                parts = [(row.text, row.municipality) for row in stored]
            else:
                parts = [
                    (part.text, self.municipalities.get(part.municipality or "")) for part in stated
                ]
            wanted += [
                ((kind, text), {"kind": kind, "text": text, "municipality": municipality}, {})
                for text, municipality in parts
            ]
        self._write_list(
            s.RegionalText, {"evaluation": evaluation}, wanted, lambda row: (row.kind, row.text)
        )

    def _write_list(
        self,
        model: type[models.Model],
        owner: dict[str, Any],
        wanted: list[tuple[Any, dict[str, Any], dict[str, list[Any]]]],
        identity: Callable[[Any], Any],
    ) -> None:
        """Make the owner's rows those of `wanted`: (identity, values, relations), in this order."""
        known = defaultdict(list)
        for row in model.objects.filter(**owner).order_by("position", "pk"):
            known[identity(row)].append(row)
        for position, (key, values, relations) in enumerate(wanted, 1):
            row = known[key].pop(0) if known[key] else None
            self.rows.save(row, model, owner, values | {"position": position}, relations)
        self.rows.delete([row for rows in known.values() for row in rows])

    def _with_municipality(self, stated: Any) -> dict[str, Any]:
        values = _stated(stated)
        if stated.municipality:
            values["municipality"] = self.municipalities[stated.municipality]
        return values

    def _with_relation(self, stated: Any) -> tuple[dict[str, Any], dict[str, list[Any]]]:
        values = _stated(stated) | {"all_targets": stated.relation.all_targets}
        return values, {"targets": [self.targets[key] for key in stated.relation.targets]}


def _stated(part: Any, *, without: Iterable[str] = ()) -> dict[str, Any]:
    """The values to write, without what is not printed and was left open."""
    return {
        f.name: value
        for f in fields(part)
        if f.name in copied(type(part), without=without)
        and ((value := getattr(part, f.name)) != f.default or _is_printed(part, f))
    }


def _is_printed(part: Any, f: Field) -> bool:
    if isinstance(part, c.Measure):
        return f.name in part.printed_fields
    return f.metadata.get("printed", True)


def _misfit(sentence: str) -> UnreadableForm:
    return UnreadableForm([Problem(None, sentence)])
