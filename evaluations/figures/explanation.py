"""How a computed figure of the form follows from what was entered, and who entered it when.

Of a sealed version as it was when it was sealed: its own figures, and the histories of the rows up to then.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from evaluations.figures.said import Said
from evaluations.form.contents import Indicator, NumericTarget, TargetKey
from evaluations.form.figures import figure, percent, target_number, weight
from evaluations.models import Actual, YearlyTarget, ZoneMunicipality
from evaluations.models import NumericTarget as NumericTargetRow
from evaluations.models.targets import Aggregation
from evaluations.permissions import Reach, why_not_read_author
from evaluations.progress import (
    Formula,
    Progress,
    counted,
    indicator_progress,
    target_progress,
    zone_actual,
)
from tokku.japanese import fiscal_year_name, number

# What each formula says, with words or with figures in the places.
FORMULAS = {
    Formula.RATIO: "{actual} ÷ {target} × 100",
    Formula.IMPROVEMENT: "（{actual} − {baseline}）÷（{target} − {baseline}）× 100",
    Formula.LESS_IS_BETTER: "{target} ÷ {actual} × 100",
}
WORDS = {"actual": "実績値", "target": "目標値", "baseline": "基準値"}
ROUNDING = "小数点以下を四捨五入します。計算の途中では丸めません。"
NOT_COMPUTED = {
    "—": "目標値がない、目標値が0である、又は0で割ることになるため、計算できません。評価書には「—」と記載します。",
    "": "まだ入力されていない、又は表示できない値があるため、計算していません。評価書では空欄です。",
}
# More than any figure is printed with.
MANY = 4


@dataclass(frozen=True)
class Input:
    """A figure that was entered. `by` and `at` tell of the save since which it says so, `why_not` why they do not."""

    label: str
    value: str
    by: str = ""
    at: datetime | None = None
    why_not: str = ""


@dataclass(frozen=True)
class Calculation:
    """`filled` is the formula with its figures, `exact` its value before it is rounded; blank where there is none."""

    title: str
    clause: str
    formula: str
    result: str
    filled: str = ""
    exact: str = ""
    rounding: str = ""
    why_not: str = ""


@dataclass(frozen=True)
class Explanation:
    calculations: tuple[Calculation, ...]
    inputs: tuple[Input, ...]
    parts: tuple[
        tuple[TargetKey, str, str, str], ...
    ] = ()  # of an indicator: number, name, progress
    notice: str = ""


@dataclass(frozen=True)
class Save:
    """What a row said at a moment, and the save since which the field said so."""

    row: Any
    since: Any


def last_saves(history: QuerySet, field: str, until: datetime | None) -> Iterator[Save]:
    """For every row that there was at the moment; `until` None is now."""
    if until:
        history = history.filter(history_date__lte=until)
    newest_first = history.select_related("history_user").order_by(
        "id", "-history_date", "-history_id"
    )
    for _, of_row in groupby(newest_first, key=lambda save: save.id):
        last, *earlier = of_row
        if last.history_type == "-":
            continue
        since = last
        for save in earlier:
            if getattr(save, field) != getattr(last, field):
                break
            since = save
        yield Save(last, since)


class Explainer:
    """Explains the figures of one evaluation to one person."""

    def __init__(self, reach: Reach, said: Said) -> None:
        self.reach = reach
        self.said = said
        self.until = said.version.sealed_at if said.version else None

    # A numeric target in a year

    def target(self, key: TargetKey, year: int) -> Explanation:
        target = self.said.contents.target(key)
        figures = target.figures(year)
        row = self._rows().get(key)
        actuals = self._actuals(row, year, figures.actual, target)
        goals = (
            [
                self._input("目標値", figure(save.row.value, target), save, frozenset())
                for save in last_saves(
                    YearlyTarget.history.filter(target_id=row.pk, fiscal_year=year),
                    "value",
                    self.until,
                )
                if save.row.value == figures.target
            ]
            if row
            else []
        ) or [Input("目標値", figure(figures.target, target) or "未設定")]
        inputs = [*goals, *(one for one, _ in actuals)]
        if figures.formula is Formula.IMPROVEMENT:
            inputs.append(self._rule(row, "baseline", "基準値", figure(figures.baseline, target)))
        calculations = (
            self._actual(target, year, actuals),
            self._progress(key, target, year),
        )
        return Explanation(
            calculations, tuple(inputs), notice=self._notice(key, year, calculations[1])
        )

    def _progress(self, key: TargetKey, target: NumericTarget, year: int) -> Calculation:
        figures = target.figures(year)
        values = {
            "actual": figure(figures.actual, target),
            "target": figure(figures.target, target),
            "baseline": figure(figures.baseline, target),
        }
        formula = FORMULAS[figures.formula]
        return self._calculation(
            f"数値目標の進捗度（{fiscal_year_name(year)}）",
            "本文3①、別紙1「進捗度(%)」",
            "進捗度（%）＝ " + formula.format(**WORDS),
            self.said.progress(key, year),
            formula.format(**values),
            target_progress(figures, MANY),
            target_progress(figures, 3 * MANY),
        )

    def _calculation(
        self,
        title: str,
        clause: str,
        formula: str,
        result: str,
        filled: str,
        rounded: Progress,
        finer: Progress,
    ) -> Calculation:
        """`rounded` has many decimals, `finer` more: where they differ, there is no end to them."""
        if not isinstance(rounded, Decimal):
            why_not = NOT_COMPUTED.get(result, "")
            return Calculation(title, clause, formula, result, why_not=why_not)
        about = "" if rounded == finer else "約"
        exact = f"{about}{number(rounded)}%"
        return Calculation(title, clause, formula, result, filled, exact, ROUNDING)

    def _actual(
        self, target: NumericTarget, year: int, inputs: list[tuple[Input, Decimal | None]]
    ) -> Calculation:
        """How the zone's actual comes about."""
        actual = target.figures(year).actual
        title, clause = f"特区の実績値（{fiscal_year_name(year)}）", "本文3①、別紙1「実績値」"
        result = figure(actual, target)
        values = [value for _, value in inputs]
        if len(values) > 1 and target.aggregation == Aggregation.SUM:
            formula = "各自治体の実績値の合計"
            if zone_actual(values) != actual or actual is None:
                return Calculation(
                    title, clause, formula, result, why_not=NOT_COMPUTED.get(result, "")
                )
            filled = " ＋ ".join(figure(value, target) for value in values)
            return Calculation(
                title, clause, formula, result, filled, rounding="合計は丸めません。"
            )
        formula = "入力された値をそのまま記載します。"
        if target.aggregation == Aggregation.ONCE:
            formula = "特区全体の値として一度だけ入力された値を記載します。"
        why_not = "" if result else NOT_COMPUTED[""]
        return Calculation(title, clause, formula, result, why_not=why_not)

    def _actuals(
        self, row: NumericTargetRow | None, year: int, actual: Decimal | None, target: NumericTarget
    ) -> list[tuple[Input, Decimal | None]]:
        """The actuals behind the zone's, in the order of the authors; none where the histories tell of another."""
        if row is None:
            return []
        history = Actual.history.filter(target_id=row.pk, fiscal_year=year)
        saves = list(last_saves(history, "value", self.until))
        names = {
            one.municipality_id: str(one.municipality)
            for one in ZoneMunicipality.objects.filter(
                zone=self.reach.evaluation.zone_id
            ).select_related("municipality")
        }
        order = list(names)
        saves.sort(
            key=lambda one: (
                order.index(one.row.municipality_id)
                if one.row.municipality_id in names
                else len(order)
            )
        )
        found = []
        for save in saves:
            municipality = save.row.municipality_id
            label = f"実績値（{names.get(municipality, '以前の作成主体') if municipality else '特区全体'}）"
            if (municipality, year) in self.reach.unseen_actuals:
                found.append(
                    (Input(label, "", why_not="まだ提出されていないため、表示していません。"), None)
                )
                continue
            owners = frozenset({municipality} if municipality else ())
            value = save.row.value
            found.append((self._input(label, figure(value, target), save, owners), value))
        return found if not self.said.version or _gives(found, actual, target) else []

    # An indicator in the evaluated year

    def indicator(self, indicator: Indicator) -> Explanation:
        year = self.said.contents.fiscal_year
        rows = self._rows()
        in_figures = [one for one in indicator.targets if not one.assessment.qualitative]
        figures = [one.figures(year) for one in in_figures]
        counting = counted(figures)
        weights = [weight(share) for _, share in counting]
        percents = [_many(target_progress(one, MANY)) for one, _ in counting]
        if len(counting) == 1:
            formula, filled = "数値目標が一つのため、その進捗度", percents[0]
        elif all(one.weight is None for one, _ in counting):
            formula = "各数値目標の進捗度の合計 ÷ 数値目標の数"
            filled = f"（{' ＋ '.join(percents)}）÷ {len(counting)}"
        else:
            formula = "（各数値目標の進捗度 × 寄与度）の合計 ÷ 寄与度の合計"
            products = (f"{one} × {share}" for one, share in zip(percents, weights, strict=True))
            filled = f"（{' ＋ '.join(products)}）÷（{' ＋ '.join(weights)}）"
        calculation = self._calculation(
            f"評価指標の進捗度（{fiscal_year_name(year)}）",
            "本文3①",
            f"進捗度（%）＝ {formula}",
            self.said.progress(indicator.number, year),
            filled,
            indicator_progress(figures, MANY),
            indicator_progress(figures, 3 * MANY),
        )
        keys = {one.number: TargetKey(indicator.number, one.number) for one in indicator.targets}
        inputs = [
            self._rule(
                rows.get(keys[one.number]),
                "weight",
                f"寄与度（数値目標{target_number(indicator, one)}）",
                weight(one.weight) + "%",
            )
            for one in in_figures
            if one.weight is not None and len(indicator.targets) > 1
        ]
        parts = tuple(
            (
                keys[one.number],
                f"数値目標{target_number(indicator, one)}",
                one.name,
                "定性的評価のため、含めません。"
                if one.assessment.qualitative
                else self.said.progress(keys[one.number], year),
            )
            for one in indicator.targets
        )
        return Explanation(
            (calculation,),
            tuple(inputs),
            parts,
            self._notice(indicator.number, year, calculation),
        )

    # What they share

    def _rows(self) -> dict[TargetKey, NumericTargetRow]:
        rows = NumericTargetRow.objects.filter(indicator__plan=self.reach.evaluation.plan_id)
        return {
            TargetKey(row.indicator.number, row.number): row
            for row in rows.select_related("indicator")
        }

    def _rule(self, row: NumericTargetRow | None, field: str, label: str, value: str) -> Input:
        """A figure that the plan gives."""
        if row is not None:
            history = NumericTargetRow.history.filter(id=row.pk)
            for save in last_saves(history, field, self.until):
                return self._input(label, value, save, frozenset())
        return Input(label, value)

    def _input(self, label: str, value: str, save: Save, owners: frozenset[int]) -> Input:
        if not value:
            return Input(label, "")
        if why_not := why_not_read_author(self.reach.user, owners):
            return Input(label, value, why_not=why_not)
        person = save.since.history_user
        by = str(person) if person else "記録なし（読み込んだ値など）"
        return Input(label, value, by, save.since.history_date)

    def _notice(self, of: TargetKey | int, year: int, calculation: Calculation) -> str:
        """That a sealed figure does not follow from what is told here: the figure stands."""
        if not self.said.version or not calculation.exact:
            return ""
        contents = self.said.contents
        if isinstance(of, TargetKey):
            computed = percent(contents.target(of).progress(year))
        else:
            indicator = next(one for one in contents.indicators if one.number == of)
            computed = percent(indicator.progress(year))
        if computed == calculation.result:
            return ""
        return (
            "確定版に印字された値は、記録に残る算式で計算した値と一致しません。"
            "確定版の値は、確定した時のままです。"
        )


def _gives(
    inputs: Iterable[tuple[Input, Decimal | None]], actual: Decimal | None, target: NumericTarget
) -> bool:
    values = [value for _, value in inputs]
    if target.aggregation == Aggregation.ONCE or len(values) == 1:
        return actual in values
    return zone_actual(values) == actual


def _many(value: Progress) -> str:
    """A percentage with its decimals, for a formula; where there is none, 未入力."""
    return number(value) if isinstance(value, Decimal) else "未入力"
