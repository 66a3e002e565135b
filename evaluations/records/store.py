"""Storing contents: `store` writes an evaluation's contents into the rows of the database."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import transaction

from evaluations import models as m
from evaluations.catalogue.structure import ZONE_KINDS
from evaluations.form import contents as c
from evaluations.form.outline import ReadingProblem, UnreadableForm
from evaluations.form.plan_term import plan_term
from evaluations.keys import TargetKey
from evaluations.permissions import why_closed
from evaluations.records.authors import NamedBodies
from evaluations.records.recognition import Question, Recognition, RecognitionAnswers
from evaluations.records.row_writer import RowWriter, StoredChanges, stated_values
from evaluations.records.store_figures import FigureWriter
from evaluations.records.store_lists import ListWriter
from evaluations.years.editions import edition_of_its_own, says_the_same
from evaluations.years.rows_at_opening import prepare_open_years
from tokku.japanese import fiscal_year_name, fold

# Models whose rows all years of a zone share.
SHARED = (m.Zone, m.ZoneMunicipality, m.Plan)


def store(
    contents: c.Contents,
    slug: str,
    *,
    reason: str,
    lines: Mapping[str, int | None] | None = None,
    answers: RecognitionAnswers | None = None,
    takes_corrections: bool = False,
) -> tuple[m.Evaluation, StoredChanges]:
    """Write `contents` as the evaluation of its year of the zone, all or nothing.

    Fields that the form does not print keep their value where `contents` has the default, and a blank never replaces a
    figure. A year that is not the newest does not change rows that other years share, and figures of sealed years do
    not change; both are noted. `lines` gives the line of a file that names each municipality. Raises UnreadableForm
    when the contents do not fit the records, and UnansweredQuestions when only a person can tell whether two names are
    of the same target or scheme; `answers` has the answers. `takes_corrections`: a figure of an earlier year that is kept
    against the document is told as a correction in this evaluation.
    """
    answers = answers or RecognitionAnswers()
    with transaction.atomic():
        parts = contents, slug, reason, lines or {}, answers
        writer = _Writer(*parts, takes_corrections=takes_corrections)
        evaluation = writer.write()
        writer.recognition.raise_if_unanswered()
        is_without_need = writer.has_needless_edition
        transaction.set_rollback(is_without_need)
    if is_without_need:
        with transaction.atomic():
            writer = _Writer(*parts, takes_corrections=takes_corrections, edition_of_its_own=False)
            evaluation = writer.write()
    return evaluation, writer.rows.changes


class _Writer:
    def __init__(
        self,
        contents: c.Contents,
        slug: str,
        reason: str,
        lines: Mapping[str, int | None],
        answers: RecognitionAnswers,
        *,
        edition_of_its_own: bool = True,
        takes_corrections: bool = False,
    ) -> None:
        self.contents = contents
        self.edition_of_its_own = edition_of_its_own
        self.editions: tuple[m.PlanEdition, ...] = ()  # the one that others go by, and the year's
        self.slug = slug
        year = contents.fiscal_year
        other_evaluations = list(
            m.Evaluation.objects.filter(zone__slug=slug).exclude(fiscal_year=year)
        )
        other_years = sorted(evaluation.fiscal_year for evaluation in other_evaluations)
        self._other_years = (
            [other for other in other_years if other < year],
            [other for other in other_years if other > year],
        )
        self.is_newest = not self._other_years[1]
        self.is_new = not m.Evaluation.objects.filter(zone__slug=slug, fiscal_year=year).exists()
        self.rows = RowWriter(reason, kept_models=() if self.is_newest else SHARED)
        self.recognition = Recognition(answers)
        is_new_zone = not m.Zone.objects.filter(slug=slug).exists()
        self.municipalities = NamedBodies(contents, slug, lines, is_new_zone=is_new_zone)
        for body in self.municipalities.registered:
            self.rows.changes.notices.append(
                f"作成主体の{body}を、{body.get_kind_display()}として登録しました。"
            )
        authors = [self.municipalities[name] for name in contents.zone.municipalities]
        self.figures = FigureWriter(
            self.rows,
            year,
            other_evaluations,
            self.municipalities,
            authors,
            takes_corrections=takes_corrections,
        )
        self.targets: dict[TargetKey, m.NumericTarget] = {}

    def write(self) -> m.Evaluation:
        zone = self._write_zone()
        plan = self._write_plan(zone)
        evaluation = m.Evaluation.objects.filter(
            zone=zone, fiscal_year=self.contents.fiscal_year
        ).first()
        if evaluation and (reason := why_closed(evaluation)):
            raise _misfit(reason)
        edition = self._write_edition(plan, evaluation)
        if evaluation:
            evaluation.refresh_from_db()  # may go by another edition now
        evaluation = self.rows.save(
            evaluation,
            m.Evaluation,
            {"zone": zone, "fiscal_year": self.contents.fiscal_year},
            {"edition": edition} | stated_values(self.contents.texts),
        )
        self._write_indicators(evaluation, edition)
        lists = ListWriter(self.rows, self.municipalities, self.targets, self.recognition)
        lists.write(evaluation, self.contents)
        return evaluation

    def _write_zone(self) -> m.Zone:
        document_zone, slug = self.contents.zone, self.slug
        zone = m.Zone.objects.filter(slug=slug).first()
        year = self.contents.fiscal_year
        plan = zone and zone.plan_set.filter(first_year__lte=year, last_year__gte=year).last()
        edition = plan and plan.edition_of(year)
        name = zone and ((edition and edition.zone_name) or zone.name)
        if zone and (zone.kind, fold(name)) != (document_zone.kind, fold(document_zone.name)):
            raise _misfit(
                f"文書の特区「{document_zone.name}」（{ZONE_KINDS[document_zone.kind]}）は、"
                f"{slug} として登録されている「{name}」（{zone.get_kind_display()}）と違います。"
            )
        if zone is None and (
            same_name_zone := m.Zone.objects.filter(name=document_zone.name).first()
        ):
            raise _misfit(
                f"特区「{same_name_zone}」は {same_name_zone.slug} として登録されています。{slug} ではなく {same_name_zone.slug} を指定してください。"
            )
        is_new = zone is None
        zone = self.rows.save(
            zone,
            m.Zone,
            {"slug": slug},
            stated_values(
                document_zone,
                without=["municipalities", "last_certified_on"]
                + ([] if zone is None else ["name"]),
            ),
        )
        members = {
            member.municipality_id: member
            for member in zone.zonemunicipality_set.select_related("municipality")
        }
        for position, name in enumerate(document_zone.municipalities, 1):
            municipality = self.municipalities[name]
            member = members.pop(municipality.pk, None)
            values = {"position": position} | ({"is_lead": position == 1} if is_new else {})
            if member is None:
                values |= self._years_of_new_author()
            stored = self.rows.save(
                member,
                m.ZoneMunicipality,
                {"zone": zone, "municipality": municipality},
                values,
            )
            self._keep_printed_name(stored, name)
            if member is None:
                prepare_open_years(zone)
            elif not stored.is_in(year):
                self._set_years(stored, self._years_with_this_one(stored))
        for member in members.values():
            self._leave_out_author(member)
        return zone

    # The authors of the year. What is not told by a document is in which years without one they took part.

    def _years_of_new_author(self) -> dict[str, int | None]:
        earlier, later = self._other_years
        return {
            "first_year": self.contents.fiscal_year if earlier else None,
            "last_year": later[0] - 1 if later else None,
        }

    def _years_with_this_one(self, member: m.ZoneMunicipality) -> dict[str, int | None]:
        year = self.contents.fiscal_year
        if member.first_year and year < member.first_year:
            return {"first_year": year}
        return {"last_year": None if self.is_newest else year}

    def _keep_printed_name(self, member: m.ZoneMunicipality, name: str) -> None:
        """Let the form of this year, and of later ones without another, print the name as the document does."""
        year = self.contents.fiscal_year
        if fold(name) == fold(member.name_in(year)):
            return
        earlier, later = self._other_years
        names = {other: member.name_in(other) for other in (*earlier, *later)}
        now = member.printed_name or member.municipality.name
        member.set_names(names | ({year: name} if later else {}), now if later else name)
        member.save()
        self.rows.changes.updated.append(
            f"作成主体「{member}」：{fiscal_year_name(year)}の評価書での名称 {name}"
        )

    def _leave_out_author(self, member: m.ZoneMunicipality) -> None:
        """An author that a new newest or oldest year lacks has left before, or joined after it."""
        earlier, later = self._other_years
        if not member.is_in(self.contents.fiscal_year):
            return
        if self.is_new and bool(earlier) != bool(later):
            self._set_years(
                member, {"last_year": earlier[-1]} if earlier else {"first_year": later[0]}
            )
        else:
            self.rows.changes.notices.append(
                f"作成主体の{member}が文書にありません。登録は残しました。"
            )

    def _set_years(self, member: m.ZoneMunicipality, years: dict[str, int | None]) -> None:
        for name, year in years.items():
            setattr(member, name, year)
            label = member._meta.get_field(name).verbose_name
            self.rows.changes.updated.append(
                f"作成主体「{member}」：{label} {fiscal_year_name(year) if year else '（空）'}"
            )
        member.save()

    def _write_plan(self, zone: m.Zone) -> m.Plan:
        document_plan = self.contents.plan
        plans = list(zone.plan_set.all())
        years = {"first_year": document_plan.first_year, "last_year": document_plan.last_year}
        plan = next(
            (p for p in plans if (p.first_year, p.last_year) == tuple(years.values())), None
        )
        for other in plans:
            if other is not plan and set(other.years) & set(document_plan.years):
                raise _misfit(
                    f"文書の計画期間（{fiscal_year_name(document_plan.first_year)}から"
                    f"{fiscal_year_name(document_plan.last_year)}まで）が、登録されている{other}と重なります。"
                )
        values = stated_values(document_plan, without=["overview", "goal"])
        if plan is None and "term" not in values:
            values["term"] = self._term_between(plans)
            self.rows.changes.notices.append(
                f"様式に計画の期がないため、第{values['term']}期計画として登録しました。"
            )
        return self.rows.save(plan, m.Plan, {"zone": zone}, values)

    def _term_between(self, plans: list[m.Plan]) -> int:
        """The term of a new plan. Plans of later years whose term it takes move on."""
        year = self.contents.plan.first_year
        earlier = max((plan.term for plan in plans if plan.first_year < year), default=0)
        later = sorted(
            (plan for plan in plans if plan.first_year > year), key=lambda plan: -plan.term
        )
        term = plan_term(self.contents, earlier=earlier, later=later[-1].term if later else None)
        if later and later[-1].term <= term:
            for plan in later:
                name = str(plan)
                plan.term += term + 1 - later[-1].term
                plan._change_reason = self.rows.reason
                plan.save()
                self.rows.changes.updated.append(f"{name}：{plan}")
        return term

    def _write_edition(self, plan: m.Plan, evaluation: m.Evaluation | None) -> m.PlanEdition:
        """The edition that the document has, by which no other year goes while it is written."""
        year = self.contents.fiscal_year
        edition = evaluation.edition if evaluation else plan.edition_of(year)
        if edition and self.edition_of_its_own:
            shared, edition = edition, edition_of_its_own(edition, year, reason=self.rows.reason)
            self.editions = (shared, edition)
            self.figures.target_values_are_copies = shared != edition
        document_plan = self.contents.plan
        return self.rows.save(
            edition,
            m.PlanEdition,
            {"plan": plan, "first_year": plan.first_year},
            {
                "overview": document_plan.overview,
                "goal": document_plan.goal,
                "certified_on": self.contents.zone.last_certified_on,
            },
        )

    @property
    def has_needless_edition(self) -> bool:
        """Whether the year was given an edition that says the same as the one that other years go by."""
        match self.editions:
            case (shared, own) if shared != own:
                return says_the_same(shared, own)
        return False

    # Targets and figures

    def _write_indicators(self, evaluation: m.Evaluation, edition: m.PlanEdition) -> None:
        rows = edition.indicator_set.all()
        for document_indicator, row in self._recognised(
            rows, self.contents.indicators, "評価指標（{}）"
        ):
            indicator = self.rows.save(
                row,
                m.Indicator,
                {"edition": edition, "number": document_indicator.number},
                {"name": document_indicator.name},
            )
            self._write_targets(evaluation, indicator, document_indicator)

    def _write_targets(
        self, evaluation: m.Evaluation, indicator: m.Indicator, document_indicator: c.Indicator
    ) -> None:
        rows, label = (
            indicator.numerictarget_set.all(),
            f"数値目標（{document_indicator.number}-{{}}）",
        )
        for document_target, row in self._recognised(rows, document_indicator.targets, label):
            key = TargetKey(document_indicator.number, document_target.number)
            values = stated_values(document_target)
            if document_target.nature != "level" and document_target.baseline is None:
                # Printed for a level only, so the document leaves it open.
                for name in (
                    "baseline",
                    "baseline_year",
                    "baseline_time",
                    "goal_year",
                    "goal_time",
                ):
                    values.pop(name, None)
            if row:
                self._keep_unprinted(row, document_target, values)
            target = self.rows.save(
                row,
                m.NumericTarget,
                {"indicator": indicator, "number": document_target.number},
                values,
            )
            if row is None:
                prepare_open_years(evaluation.zone)
            self.targets[key] = target
            self.figures.write(evaluation, target, document_target)
            self.rows.save(
                m.TargetAssessment.objects.filter(evaluation=evaluation, target=target).first(),
                m.TargetAssessment,
                {"evaluation": evaluation, "target": target},
                stated_values(document_target.assessment),
            )

    def _keep_unprinted(
        self, row: m.NumericTarget, document_target: c.NumericTarget, values: dict[str, Any]
    ) -> None:
        """Keep what a document does not print, and only suggests by its figures."""
        values["decimals"] = max(row.decimals, document_target.decimals)
        if values.pop("formula", row.formula) != row.formula:
            self.rows.changes.notices.append(
                f"{row}：進捗度の算式は、登録されている「{row.get_formula_display()}」のままにしました。"
            )
        if {row.nature, document_target.nature} == {"flow", "running"}:
            del values["nature"]

    def _recognised(
        self, rows: Iterable[Any], parts: Iterable[Any], label: str
    ) -> Iterator[tuple[Any, Any]]:
        """Each part with the row of its number, or None. `label` has a placeholder for the number."""
        rows_by_number = {row.number: row for row in rows}
        for number in sorted(rows_by_number.keys() - {part.number for part in parts}):
            self._leave_out(label.format(number), rows_by_number[number])
        for part in parts:
            row = rows_by_number.get(part.number)
            yield part, self._recognised_row(label.format(part.number), row, part.name)

    def _leave_out(self, label: str, row: m.Indicator | m.NumericTarget) -> None:
        """Leave out of the year's edition what its document lacks. Raises when the year has it already."""
        if not self.is_new:
            raise _misfit(f"計画にある{label}が文書にありません。")
        self._drop(row)
        self.rows.changes.notices.append(
            f"他の年度の計画にある{label}が文書にありません。"
            f"{fiscal_year_name(self.contents.fiscal_year)}の計画にはないものとしました。"
        )

    def _recognised_row(
        self, label: str, row: m.Indicator | m.NumericTarget | None, name: str
    ) -> m.Indicator | m.NumericTarget | None:
        """The row, if a number with another name is still the same thing; None when a person has said no."""
        if row is None or fold(row.name) == fold(name):
            return row
        if self.recognition.ask(Question(label, row.name, name)) is not False:
            return row
        if not self.is_new:
            raise _misfit(
                f"{label}は「{row.name}」として登録されているため、別の「{name}」を同じ番号で読み込めません。"
            )
        self._drop(row)
        return None

    def _drop(self, row: m.Indicator | m.NumericTarget) -> None:
        """Delete a row of the year's edition. Figures that other years print stay, with the target that these go by."""
        of_row = {"indicator": row} if isinstance(row, m.Indicator) else {"pk": row.pk}
        others = {
            target.thread: target
            for shared in self.editions[:1]
            for target in m.NumericTarget.objects.of_edition(shared)
        }
        for actual in m.Actual.objects.filter(
            target__in=m.NumericTarget.objects.filter(**of_row)
        ).select_related("target"):
            if other := others.get(actual.target.thread):
                actual.target = other
                actual._change_reason = self.rows.reason
                actual.save()
        row.delete()


def _misfit(sentence: str) -> UnreadableForm:
    return UnreadableForm([ReadingProblem(None, sentence)])
