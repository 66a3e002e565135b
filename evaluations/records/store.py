"""From contents to the rows of the database: `store` makes an evaluation say what they say."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import transaction

from evaluations import models as m
from evaluations.catalogue.structure import ZONE_KINDS
from evaluations.form import contents as c
from evaluations.form.outline import Problem, UnreadableForm
from evaluations.form.plan_term import plan_term
from evaluations.keys import TargetKey
from evaluations.permissions import why_closed
from evaluations.records.recognition import Question, Recognition, RecognitionAnswers
from evaluations.records.row_writer import RowWriter, StoredChanges, stated_values
from evaluations.records.store_figures import FigureWriter
from evaluations.records.store_lists import ListWriter
from evaluations.years.rows_at_opening import prepare_open_years
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
    answers: RecognitionAnswers | None = None,
) -> tuple[m.Evaluation, StoredChanges]:
    """Make the evaluation of this zone and year say what `contents` says, all or nothing.

    What the form does not print stays as it is where `contents` leaves it open, and a blank never
    replaces a figure. A year that others follow changes nothing that they share with it, and no
    figure of a sealed year changes; both are noted. `lines` tells where in a file a municipality was
    named. Raises UnreadableForm when the contents do not fit the records, and Unanswered when only a
    person can tell whether two names are of one target or scheme: `answers` say so then.
    """
    with transaction.atomic():
        writer = _Writer(contents, slug, reason, lines or {}, answers or RecognitionAnswers())
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
        answers: RecognitionAnswers,
    ) -> None:
        self.contents = contents
        self.slug = slug
        year = contents.fiscal_year
        others = list(m.Evaluation.objects.filter(zone__slug=slug).exclude(fiscal_year=year))
        self.is_last = all(other.fiscal_year < year for other in others)
        self.rows = RowWriter(reason, keeps=() if self.is_last else SHARED)
        self.sameness = Recognition(answers)
        self.municipalities = self._find_municipalities(lines)
        authors = [self.municipalities[name] for name in contents.zone.municipalities]
        self.figures = FigureWriter(self.rows, year, others, self.municipalities, authors)
        self.targets: dict[TargetKey, m.NumericTarget] = {}

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
            {"plan": plan} | stated_values(self.contents.texts),
        )
        self._write_indicators(evaluation, plan)
        lists = ListWriter(self.rows, self.municipalities, self.targets, self.sameness)
        lists.write(evaluation, self.contents)
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
            zone, m.Zone, {"slug": slug}, stated_values(stated, without=["municipalities"])
        )
        members = {
            member.municipality.name: member
            for member in zone.zonemunicipality_set.select_related("municipality")
        }
        for position, name in enumerate(stated.municipalities, 1):
            member = members.pop(name, None)
            self.rows.save(
                member,
                m.ZoneMunicipality,
                {"zone": zone, "municipality": self.municipalities[name]},
                {"position": position},
            )
            if member is None:
                prepare_open_years(zone)
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
        values = stated_values(stated)
        if plan is None and "term" not in values:
            values["term"] = plan_term(self.contents, [one.term for one in plans])
            self.rows.changes.notices.append(
                f"様式に計画の期がないため、第{values['term']}期計画として登録しました。"
            )
        return self.rows.save(plan, m.Plan, {"zone": zone}, values)

    # Targets and figures

    def _write_indicators(self, evaluation: m.Evaluation, plan: m.Plan) -> None:
        rows = plan.indicator_set.all()
        for stated, row in self._recognised(rows, self.contents.indicators, "評価指標（{}）"):
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
        rows, what = indicator.numerictarget_set.all(), f"数値目標（{stated.number}-{{}}）"
        for wanted, row in self._recognised(rows, stated.targets, what):
            key = TargetKey(stated.number, wanted.number)
            values = stated_values(wanted)
            if wanted.nature == "flow" and wanted.baseline is None:
                # Not printed for a flow, so the document leaves it open.
                del values["baseline"], values["baseline_year"]
            target = self.rows.save(
                row, m.NumericTarget, {"indicator": indicator, "number": wanted.number}, values
            )
            if row is None:
                prepare_open_years(evaluation.zone)
            self.targets[key] = target
            self.figures.write(target, wanted)
            self.rows.save(
                m.TargetAssessment.objects.filter(evaluation=evaluation, target=target).first(),
                m.TargetAssessment,
                {"evaluation": evaluation, "target": target},
                stated_values(wanted.assessment),
            )

    def _recognised(
        self, rows: Iterable[Any], stated: Iterable[Any], what: str
    ) -> Iterator[tuple[Any, Any]]:
        """What is stated, each with the row of its number or None. `what` they are has a place for the number."""
        known = {row.number: row for row in rows}
        for number in sorted(known.keys() - {one.number for one in stated}):
            self._miss(what.format(number))
        for one in stated:
            row = known.get(one.number)
            self._recognise(what.format(one.number), row, one.name)
            yield one, row

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


def _misfit(sentence: str) -> UnreadableForm:
    return UnreadableForm([Problem(None, sentence)])
