"""The evaluation of the next year from this one's: drafted and listed first, then saved in one transaction.

The catalogue says for each field whether it is carried over. Permissions are not checked here.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models, transaction

from evaluations import catalogue
from evaluations.catalogue.structure import Carryover
from evaluations.models import (
    Evaluation,
    NumericTarget,
    Plan,
    PlanEdition,
    YearlyTarget,
    Zone,
)
from evaluations.models.row import EntryRow
from evaluations.workflow import SEALED
from evaluations.years.rows import rows_of_year
from tokku.accounts.models import Municipality, Role, User
from tokku.fields import ProseField
from tokku.japanese import fiscal_year_name
from tokku.records import Record


class CannotOpenYear(ValueError):
    """Why the evaluation of the next year cannot be created, as a Japanese sentence."""


class PlanIsOver(CannotOpenYear):
    """No plan covers the next year; `new_term` drafts one."""


@dataclass
class Draft:
    """An unsaved row, and the rows of its many-to-many relations by field name."""

    row: Record
    related: dict[str, list[Record]] = field(default_factory=dict)

    @property
    def owner_ids(self) -> frozenset[int]:
        """The owners that the row will have; an unsaved row has no relations yet."""
        if "municipalities" in self.related:
            return frozenset(owner.pk for owner in self.related["municipalities"])
        return self.row.owner_ids


@dataclass(frozen=True)
class DraftedKind:
    """The names of the rows of one kind, and what becomes of their fields, as texts."""

    label: str
    rows: list[str]
    fates: list[tuple[str, str]]


def last_evaluation(zone: Zone, fiscal_year: int) -> Evaluation:
    """The evaluation of the year before. Raises CannotOpenYear without one."""
    evaluations = Evaluation.objects.filter(zone=zone, fiscal_year=fiscal_year - 1)
    last = evaluations.select_related("zone", "edition__plan").first()
    if last is None:
        raise CannotOpenYear(
            f"前年度（{fiscal_year_name(fiscal_year - 1)}）の評価書がないため、用意できません。"
            "最初の年度の評価書は、管理画面で作成するか、公表された評価書を読み込みます。"
        )
    return last


def following_edition(last: Evaluation) -> PlanEdition | None:
    """The edition of the plan that holds in the year after `last`; None when no plan covers that year."""
    return PlanEdition.objects.holding_in(last.zone, last.fiscal_year + 1)


class NextYear:
    """The draft of the evaluation of the year after `last`. Reads only; `save` creates it.

    `new_term` also drafts the plan of the next term. Raises CannotOpenYear when the year has an evaluation or,
    with `new_term`, a plan already; PlanIsOver when it has no plan otherwise.
    """

    def __init__(self, last: Evaluation, *, new_term: bool = False) -> None:
        self.last = last
        self.fiscal_year = last.fiscal_year + 1
        if Evaluation.objects.filter(zone=last.zone_id, fiscal_year=self.fiscal_year).exists():
            raise CannotOpenYear(f"{self.name}の評価書は既にあります。")
        self.edition = following_edition(last)
        self.is_new_term = new_term
        self.drafts: list[Draft] = []
        # From rows of this year to those that take their place in the next: targets of its plan, and drafts.
        self._new: dict[Record, Record] = {}
        targets = list(NumericTarget.objects.of_edition(last.edition))
        if new_term:
            self._draft_plan(targets)
        elif self.edition is None:
            raise PlanIsOver(
                f"{self.name}は、{last.plan}の期間に含まれません。次の期の計画が必要です。"
            )
        else:
            self._new |= self._going_on(targets)
        self._new[last.edition] = self.edition
        self.dropped = [target for target in targets if target not in self._new]
        self.evaluation = self._draft_evaluation()

    @property
    def name(self) -> str:
        return fiscal_year_name(self.fiscal_year)

    @property
    def plan(self) -> Plan:
        return self.edition.plan

    def _going_on(self, targets: list[NumericTarget]) -> dict[Record, Record]:
        """Each target with what it is in the next year's edition: the same thread, in another plan the same names."""

        def same(target: NumericTarget) -> Any:
            return target.thread if self.plan == self.last.plan else target.identity

        new = {same(target): target for target in NumericTarget.objects.of_edition(self.edition)}
        return {target: new[same(target)] for target in targets if same(target) in new}

    # Drafting

    def _draft_plan(self, targets: list[NumericTarget]) -> None:
        """Draft the next term's plan, as long as the last, with its indicators and targets."""
        if self.edition:
            raise CannotOpenYear(f"{self.name}を含む{self.plan}が、既に登録されています。")
        plans = list(Plan.objects.filter(zone=self.last.zone_id))
        if later := [plan for plan in plans if plan.first_year > self.fiscal_year]:
            raise CannotOpenYear(
                f"{self.name}より後の{later[0]}が登録されています。計画の期間を確かめてください。"
            )
        last_plan = self.last.plan
        plan = self._add(
            last_plan,
            term=1 + max(plan.term for plan in plans),
            first_year=self.fiscal_year,
            last_year=self.fiscal_year + len(last_plan.years) - 1,
        )
        self.edition = self._add(self.last.edition, plan=plan, first_year=self.fiscal_year)
        for indicator in self.last.edition.indicator_set.order_by("number"):
            self._new[indicator] = self._add(indicator, edition=self.edition)
        for target in targets:
            new_target = self._new[target] = self._add(
                target, indicator=self._new[target.indicator]
            )
            for year in self.plan.years:
                self.drafts.append(Draft(YearlyTarget(target=new_target, fiscal_year=year)))

    def _draft_evaluation(self) -> Evaluation:
        """Draft the rows that continue; a row comes after those that it refers to."""
        for row in rows_of_year(self.last).rows:
            # Rows of a dropped target are dropped with it.
            if row.row_kind.goes_on and getattr(row, "target", None) not in self.dropped:
                self._new[row] = self._add(row, **self._new_values(row))
        return self._new[self.last]

    def _new_values(self, row: EntryRow) -> dict[str, Any]:
        """The values that are not copied: the year, and the relations to rows drafted before."""
        values: dict[str, Any] = {}
        for name in row.row_kind.with_fate(Carryover.MADE):
            if row._meta.get_field(name).many_to_one:
                values[name] = self._new[getattr(row, name)]
            elif name == "fiscal_year":
                values[name] = self.fiscal_year
        return values

    def _add(self, source: Record, **values: Any) -> Any:
        """Draft a new row from last year's, field by field as the catalogue says."""
        row_kind, kind, related = catalogue.kind_of(source), type(source), {}
        row = kind(**values)
        for name in row_kind.with_fate(
            Carryover.CARRIED, new_term=self.is_new_term, year=self.fiscal_year
        ):
            field = kind._meta.get_field(name)
            if field.many_to_many:
                related[name] = [
                    self._new.get(related_row, related_row)
                    for related_row in getattr(source, name).all()
                    if related_row not in self.dropped
                ]
            elif field.many_to_one:
                value = getattr(source, name)
                setattr(row, name, self._new.get(value, value))
            else:
                setattr(row, name, getattr(source, name))
        for name in row_kind.with_fate(Carryover.RENAMED, year=self.fiscal_year):
            setattr(row, name, self._renamed(getattr(source, name), kind._meta.get_field(name)))
        for name in row_kind.with_fate(Carryover.RESULT, year=self.fiscal_year):
            setattr(row, name, getattr(source, name.removeprefix("previous_")))
        self.drafts.append(Draft(row, related))
        return row

    def _renamed(self, text: str, kind: models.CharField) -> str:
        """令和5年度における… becomes 令和6年度における…, unless that is longer than the field allows."""
        renamed = with_year_renamed(text, self.fiscal_year)
        return renamed if len(renamed) <= kind.max_length else text

    # Listing

    def kinds(self) -> Iterator[DraftedKind]:
        """The rows that `save` creates, kind by kind in the order of the form."""
        rows: dict[str, list[Record]] = {}
        for draft in self.drafts:
            rows.setdefault(draft.row._meta.label_lower, []).append(draft.row)
        # The plan and its rows come first.
        for name in sorted(rows, key=lambda name: catalogue.KINDS[name].goes_on):
            kind = type(rows[name][0])
            yield DraftedKind(
                _label(kind),
                list(map(_row_name, rows[name])),
                _described_fates(kind, self.fiscal_year, is_new=True),
            )

    def kinds_at_opening(self) -> Iterator[DraftedKind]:
        """The kinds of rows that are created when entry opens."""
        for row_kind in catalogue.KINDS.values():
            if row_kind.with_fate(Carryover.MADE) and not row_kind.goes_on:
                kind = apps.get_model(row_kind.model)
                yield DraftedKind(
                    _label(kind), [], _described_fates(kind, self.fiscal_year, is_new=False)
                )

    def notices(self) -> list[str]:
        """What a person should check, as sentences."""
        return [
            *self._about_last_year(),
            *self._about_plan(),
            *self._about_people(),
            *self._about_texts_naming_last_year(),
        ]

    def _about_last_year(self) -> Iterator[str]:
        last = fiscal_year_name(self.last.fiscal_year)
        if self.last.state not in SEALED:
            yield (
                f"{last}の評価書は、まだ確定していません（{self.last.get_state_display()}）。"
                "この後に変わる内容は、引き継ぎません。"
            )
        if self.last.score is None and not self.last.remarks:
            yield (
                f"{last}の評価結果（評価点、専門家所見）は、まだ入力されていません。"
                "入力の開始後に入力しても、本文2④に入ります。"
            )

    def _about_plan(self) -> Iterator[str]:
        if self.is_new_term:
            yield (
                f"{self.plan}の概要、目標、評価指標と数値目標は、前の期から写した下書きです。"
                "管理画面で改め、年度ごとの目標値を入力してから、入力を開始してください。"
            )
            return
        for target in self.dropped:
            yield f"数値目標「{target}」は{self.plan}にないため、別紙1の文と関連を引き継ぎません。"
        entered = YearlyTarget.objects.filter(
            target__indicator__edition=self.edition,
            fiscal_year=self.fiscal_year,
            value__isnull=False,
        )
        without = NumericTarget.objects.of_edition(self.edition).exclude(
            pk__in=entered.values("target")
        )
        for target in without:
            yield f"数値目標「{target}」の{self.name}の目標値が、まだ入力されていません。"

    def _about_people(self) -> Iterator[str]:
        officials = User.objects.filter(
            role=Role.OFFICIAL, is_active=True, membership__zone=self.last.zone
        )
        authors = self.last.zone.authors_in(self.fiscal_year)
        without_official = authors.exclude(pk__in=officials.values("municipality"))
        for author in without_official:
            yield f"{author}には、ログインできる担当者がいません。"
        row_counts = Counter(owner for draft in self.drafts for owner in draft.owner_ids)
        former = Municipality.objects.filter(pk__in=row_counts).exclude(pk__in=authors.values("pk"))
        for municipality in former.order_by("code"):
            yield (
                f"{municipality}は{self.name}の作成主体にありませんが、{municipality}の行を{row_counts[municipality.pk]}件引き継ぎます。"
                "引き継いだ後に、残すかどうか確かめてください。"
            )

    def _about_texts_naming_last_year(self) -> Iterator[str]:
        """Notices of texts that are carried over unchanged and name the year before."""
        pattern = _year_pattern(self.last.fiscal_year)
        for draft in self.drafts:
            for name in catalogue.kind_of(draft.row).with_fate(
                Carryover.CARRIED, year=self.fiscal_year
            ):
                model_field = draft.row._meta.get_field(name)
                if isinstance(model_field, ProseField) and pattern.search(getattr(draft.row, name)):
                    yield (
                        f"{_row_name(draft.row)}の「{model_field.verbose_name}」に、"
                        f"{fiscal_year_name(self.last.fiscal_year)}とあります。"
                        "引き継いだ後に、直す必要がないか確かめてください。"
                    )

    # Saving

    @transaction.atomic
    def save(self, *, by: User | None = None) -> Evaluation:
        """Save all drafts. Each history says from which year they come and who saved them."""
        reason = f"{fiscal_year_name(self.last.fiscal_year)}の評価書から引継ぎ"
        for draft in self.drafts:
            draft.row._change_reason = reason
            if by:
                draft.row._history_user = by
            draft.row.save()
            for name, related in draft.related.items():
                if related:
                    getattr(draft.row, name).set(related)
        return self.evaluation


def row_counts(evaluation: Evaluation) -> Counter[str]:
    """The number of rows of each kind that an evaluation has, by label."""
    return Counter(_label(type(row)) for row in rows_of_year(evaluation).rows)


def _year_pattern(fiscal_year: int) -> re.Pattern[str]:
    """Matches 令和5年度 with digits of half or full width."""
    name = fiscal_year_name(fiscal_year)
    return re.compile("".join(f"[{c}{chr(ord(c) + 0xFEE0)}]" if c.isdigit() else c for c in name))


def with_year_renamed(text: str, fiscal_year: int) -> str:
    """A text of the year before with its year renamed: 令和5年度 becomes 令和6年度."""
    return _year_pattern(fiscal_year - 1).sub(fiscal_year_name(fiscal_year), text)


def _label(kind: type[models.Model]) -> str:
    return str(kind._meta.verbose_name)


def _row_name(row: Record) -> str:
    """The label of a row that is filled in; the name of a row of the plan."""
    return row.label if isinstance(row, EntryRow) else str(row)


def _described_fates(kind: type[models.Model], year: int, *, is_new: bool) -> list[tuple[str, str]]:
    """Each fate with the names of its fields, without those that the year itself determines (MADE).

    `is_new` is for rows of a plan that is drafted for a new term.
    """
    row_kind = catalogue.kind_of(kind)
    fates = {
        fate: row_kind.with_fate(fate, new_term=is_new, year=year)
        for fate in Carryover
        if fate is not Carryover.MADE
    }
    return [
        (fate.value, "".join(f"「{kind._meta.get_field(name).verbose_name}」" for name in names))
        for fate, names in fates.items()
        if names
    ]
