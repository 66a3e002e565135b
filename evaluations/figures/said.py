"""The figures of an evaluation as one person may see them: what its records say, or what was sealed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from evaluations.form import contents as c
from evaluations.form.contents import Contents, TargetKey
from evaluations.form.figures import percent
from evaluations.form.records import load_for
from evaluations.models import Evaluation, NumericTarget, SealedVersion
from evaluations.permissions import Reach
from evaluations.sealing import interpret_sealed, standing_version
from tokku.accounts.models import Municipality


@dataclass(frozen=True)
class Said:
    """Contents without what others have not handed in, or those of a sealed version with what it printed."""

    contents: Contents
    hidden: tuple[Municipality, ...] = ()
    version: SealedVersion | None = None
    printed: Mapping[tuple[TargetKey | int, int], str] = field(default_factory=dict)

    def progress(self, of: TargetKey | int, year: int) -> str:
        """The 進捗度 that the form prints of a target or, by its number, of an indicator: 145%, — or blank."""
        if self.version:
            return self.printed.get((of, year), "")
        if year > self.contents.fiscal_year:
            return ""
        if isinstance(of, TargetKey):
            return percent(self.contents.target(of).progress(year))
        indicator = next(one for one in self.contents.indicators if one.number == of)
        return percent(indicator.progress(year))


def said(reach: Reach) -> Said:
    """BrokenSeal when a sealed version is not what was sealed."""
    if version := standing_version(reach.evaluation):
        read = interpret_sealed(version)
        contents = _with_rules(read.contents, reach.evaluation, version.sealed_at)
        printed = {(one.key, one.year): one.text for one in read.printed}
        return Said(contents, version=version, printed=printed)
    hidden = tuple(Municipality.objects.filter(pk__in=reach.hidden)) if reach.hidden else ()
    return Said(load_for(reach).contents, hidden)


def _with_rules(contents: Contents, evaluation: Evaluation, moment: datetime) -> Contents:
    """With the rules of computing that a form does not print, as they were at the moment."""
    past = NumericTarget.history.filter(
        indicator__plan=evaluation.plan_id, history_date__lte=moment
    ).select_related("indicator")
    last = {row.id: row for row in past.order_by("history_date", "history_id")}.values()
    rules = {TargetKey(row.indicator.number, row.number): row for row in last}

    def with_rules(key: TargetKey, target: c.NumericTarget) -> c.NumericTarget:
        if not (row := rules.get(key)):
            return target
        baseline = target.baseline if target.baseline is not None else row.baseline
        return replace(target, formula=row.formula, aggregation=row.aggregation, baseline=baseline)

    return replace(
        contents,
        indicators=tuple(
            replace(
                one,
                targets=tuple(
                    with_rules(TargetKey(one.number, target.number), target)
                    for target in one.targets
                ),
            )
            for one in contents.indicators
        ),
    )
