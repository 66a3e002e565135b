"""From contents to the rows of the database: `store` makes an evaluation say what they say."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import Field, fields
from typing import Any

from django.db import models, transaction

from evaluations import models as m
from evaluations.form import contents as c
from evaluations.form.labels import ZONE_KINDS
from evaluations.form.reading import Problem, UnreadableForm
from evaluations.form.records import REGIONAL_KINDS, copied
from evaluations.form.rows import Changes, RowWriter
from evaluations.form.sameness import Answers, Question, Sameness, recognise_schemes
from evaluations.form.store_figures import FigureWriter
from evaluations.form.term import plan_term
from evaluations.permissions import why_closed
from supports import models as s
from tokku.accounts.models import Municipality
from tokku.japanese import fiscal_year_name, fold

# What the years of a zone have in common.
SHARED = (m.Zone, m.ZoneMunicipality, m.Plan, m.Indicator, m.NumericTarget, s.Scheme)


def store(
    contents: c.Contents,
    slug: str,
    *,
    reason: str,
    lines: Mapping[str, int | None] | None = None,
    answers: Answers | None = None,
) -> tuple[m.Evaluation, Changes]:
    """Make the evaluation of this zone and year say what `contents` says, all or nothing.

    What the form does not print stays as it is where `contents` leaves it open, and a blank never
    replaces a figure. A year that others follow changes nothing that they share with it, and no
    figure of a sealed year changes; both are noted. `lines` tells where in a file a municipality was
    named. Raises UnreadableForm when the contents do not fit the records, and Unanswered when only a
    person can tell whether two names are of one target or scheme: `answers` say so then.
    """
    with transaction.atomic():
        writer = _Writer(contents, slug, reason, lines or {}, answers or Answers())
        evaluation = writer.write()
        writer.sameness.settle()
        return evaluation, writer.rows.changes


class _Writer:
    def __init__(
        self,
        contents: c.Contents,
        slug: str,
        reason: str,
        lines: Mapping[str, int | None],
        answers: Answers,
    ) -> None:
        self.contents = contents
        self.slug = slug
        year = contents.fiscal_year
        others = list(m.Evaluation.objects.filter(zone__slug=slug).exclude(fiscal_year=year))
        self.is_last = all(other.fiscal_year < year for other in others)
        self.rows = RowWriter(reason, keeps=() if self.is_last else SHARED)
        self.sameness = Sameness(answers)
        self.municipalities = self._find_municipalities(lines)
        authors = [self.municipalities[name] for name in contents.zone.municipalities]
        self.figures = FigureWriter(self.rows, year, others, self.municipalities, authors)
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
        if plan is None and "term" not in values:
            values["term"] = plan_term(self.contents, plans)
            self.rows.changes.notices.append(
                f"様式に計画の期がないため、第{values['term']}期計画として登録しました。"
            )
        return self.rows.save(plan, m.Plan, {"zone": zone}, values)

    # Targets and figures

    def _write_indicators(self, evaluation: m.Evaluation, plan: m.Plan) -> None:
        known = {indicator.number: indicator for indicator in plan.indicator_set.all()}
        stated_numbers = {indicator.number for indicator in self.contents.indicators}
        for number in sorted(known.keys() - stated_numbers):
            self._miss(f"評価指標（{number}）")
        for stated in self.contents.indicators:
            row = known.get(stated.number)
            self._recognise(f"評価指標（{stated.number}）", row, stated.name)
            indicator = self.rows.save(
                row,
                m.Indicator,
                {"plan": plan, "number": stated.number},
                {"name": stated.name},
            )
            self._write_targets(evaluation, indicator, stated)

    def _write_targets(
        self, evaluation: m.Evaluation, indicator: m.Indicator, stated: c.Indicator
    ) -> None:
        known = {target.number: target for target in indicator.numerictarget_set.all()}
        for number in sorted(known.keys() - {target.number for target in stated.targets}):
            self._miss(f"数値目標（{stated.number}-{number}）")
        for wanted in stated.targets:
            key = c.TargetKey(stated.number, wanted.number)
            row = known.get(wanted.number)
            self._recognise(f"数値目標（{key}）", row, wanted.name)
            values = _stated(wanted)
            if wanted.nature == "flow" and wanted.baseline is None:
                # Not printed for a flow, so the document leaves it open.
                del values["baseline"], values["baseline_year"]
            target = self.rows.save(
                row, m.NumericTarget, {"indicator": indicator, "number": wanted.number}, values
            )
            self.targets[key] = target
            self.figures.write(target, wanted)
            self.rows.save(
                m.TargetAssessment.objects.filter(evaluation=evaluation, target=target).first(),
                m.TargetAssessment,
                {"evaluation": evaluation, "target": target},
                _stated(wanted.assessment),
            )

    def _miss(self, what: str) -> None:
        """An earlier year may not have had yet what came to the plan later; the newest has all."""
        if self.is_last:
            raise _misfit(f"計画にある{what}が文書にありません。")
        self.rows.changes.notices.append(
            f"計画にある{what}が文書にありません。後の年度に加わったものとして、登録を残しました。"
        )

    def _recognise(self, what: str, row: m.Indicator | m.NumericTarget | None, name: str) -> None:
        """A number names one thing in a plan; under another name a person says whether it is that."""
        if row is None or fold(row.name) == fold(name):
            return
        if self.sameness.ask(Question(what, row.name, name)) is False:
            raise _misfit(
                f"{what}は「{row.name}」として登録されているため、別の「{name}」を同じ番号で読み込めません。"
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
        known = self._recognise_schemes(evaluation.zone)
        wanted = []
        for stated, row in zip(self.contents.schemes, known, strict=True):
            scheme = self.rows.save(
                row,
                s.Scheme,
                {"zone": evaluation.zone},
                {"category": stated.category, "name": stated.name},
                {"municipalities": [self.municipalities[name] for name in stated.municipalities]},
            )
            values, relations = self._with_relation(stated)
            values = {name: values[name] for name in ("outline", "result", "all_targets")}
            wanted.append((scheme.pk, values | {"scheme": scheme}, relations))
        self._write_list(
            s.SchemeResult, {"evaluation": evaluation}, wanted, lambda row: row.scheme_id
        )

    def _recognise_schemes(self, zone: m.Zone) -> list[s.Scheme | None]:
        """The stored scheme of each that the document names; None for a new one."""
        schemes = zone.scheme_set.order_by("pk").prefetch_related("municipalities")
        free = {
            one: frozenset(author.name for author in one.municipalities.all()) for one in schemes
        }
        return recognise_schemes(self.contents.schemes, free, self.sameness)

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
