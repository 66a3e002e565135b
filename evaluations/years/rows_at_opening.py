"""The rows that people fill in over a year, made when its evaluation opens."""

from evaluations.models import (
    Actual,
    Evaluation,
    NumericTarget,
    Submission,
    TargetAssessment,
    Zone,
)
from evaluations.models.targets import Aggregation
from evaluations.workflow import EvaluationState
from supports.models import RegionalText, RegionalTextKind
from tokku.accounts.models import Municipality


def prepare_rows(evaluation: Evaluation) -> None:
    """A submission and a part of 6 for each author, an assessment and actuals for each target.

    Rows that are there already stay as they are. A blank 2④ says what came back for the year before.
    """
    _copy_result_forward(evaluation, evaluation.last_year)
    authors = list(evaluation.zone.authors)
    for author in authors:
        Submission.objects.get_or_create(evaluation=evaluation, municipality=author)
    for target in NumericTarget.objects.of_plan(evaluation.plan_id):
        TargetAssessment.objects.get_or_create(evaluation=evaluation, target=target)
        _prepare_actuals(evaluation, target, authors)
    _prepare_narratives(evaluation, authors)
    for kind in (RegionalTextKind.ORGANISATION, RegionalTextKind.PRIVATE):
        if not RegionalText.objects.filter(evaluation=evaluation, kind=kind).exists():
            RegionalText.objects.create(evaluation=evaluation, kind=kind)


def copy_results_forward(last: Evaluation) -> None:
    """What an evaluation got goes to 2④ of the next year's, where that says nothing yet."""
    following = Evaluation.objects.filter(
        zone=last.zone_id, fiscal_year=last.fiscal_year + 1, state=EvaluationState.OPEN
    )
    for evaluation in following:
        _copy_result_forward(evaluation, last)


def _copy_result_forward(evaluation: Evaluation, last: Evaluation | None) -> None:
    is_open = evaluation.previous_score is None and not evaluation.previous_remarks
    if is_open and last and (last.score is not None or last.remarks):
        evaluation.previous_score, evaluation.previous_remarks = last.score, last.remarks
        evaluation.save(update_fields=["previous_score", "previous_remarks"])


def prepare_open_years(zone: Zone) -> None:
    """The rows of what has come to a zone, an author or a target, in the years that are being filled in."""
    for evaluation in Evaluation.objects.filter(zone=zone, state=EvaluationState.OPEN):
        prepare_rows(evaluation)


def _prepare_narratives(evaluation: Evaluation, authors: list[Municipality]) -> None:
    """The joint part of 6 and each author's; where it was taken over as one text, that is all of it."""
    known = {
        row.municipality_id: row.position
        for row in RegionalText.objects.filter(
            evaluation=evaluation, kind=RegionalTextKind.NARRATIVE
        )
    }
    if known and set(known) == {None}:
        return
    last = max(known.values(), default=0)
    for author in [None, *authors]:
        if (author and author.pk) not in known:
            last += 1
            RegionalText.objects.create(
                evaluation=evaluation,
                kind=RegionalTextKind.NARRATIVE,
                position=last,
                municipality=author,
            )


def _prepare_actuals(
    evaluation: Evaluation, target: NumericTarget, authors: list[Municipality]
) -> None:
    of_year = {"target": target, "fiscal_year": evaluation.fiscal_year}
    known = set(Actual.objects.filter(**of_year).values_list("municipality_id", flat=True))
    if None in known or (known and target.aggregation == Aggregation.ONCE):
        return
    wanted = [None] if target.aggregation == Aggregation.ONCE else authors
    for municipality in wanted:
        if not municipality or municipality.pk not in known:
            Actual.objects.create(**of_year, municipality=municipality)
