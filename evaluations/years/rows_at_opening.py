"""Create the rows that people fill in over a year, when its evaluation opens."""

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
    """Create a submission and a text of 6 for each author, an assessment and actuals for each target.

    Existing rows stay as they are. A blank 2④ gets the result of the year before.
    """
    _copy_result(evaluation, evaluation.last_year)
    authors = list(evaluation.authors)
    for author in authors:
        Submission.objects.get_or_create(evaluation=evaluation, municipality=author)
    for target in NumericTarget.objects.of_edition(evaluation.edition_id):
        TargetAssessment.objects.get_or_create(evaluation=evaluation, target=target)
        _prepare_actuals(evaluation, target, authors)
    _prepare_narratives(evaluation, authors)
    for kind in (RegionalTextKind.ORGANISATION, RegionalTextKind.PRIVATE):
        if not RegionalText.objects.filter(evaluation=evaluation, kind=kind).exists():
            RegionalText.objects.create(evaluation=evaluation, kind=kind)


def copy_results_forward(last: Evaluation) -> None:
    """Copy the result of an evaluation to 2④ of the next year's, if that is open and still blank there."""
    following = Evaluation.objects.filter(
        zone=last.zone_id, fiscal_year=last.fiscal_year + 1, state=EvaluationState.OPEN
    )
    for evaluation in following:
        _copy_result(evaluation, last)


def _copy_result(evaluation: Evaluation, last: Evaluation | None) -> None:
    is_open = evaluation.previous_score is None and not evaluation.previous_remarks
    if is_open and last and (last.score is not None or last.remarks):
        evaluation.previous_score, evaluation.previous_remarks = last.score, last.remarks
        evaluation.save(update_fields=["previous_score", "previous_remarks"])


def prepare_open_years(zone: Zone) -> None:
    """Create the rows for new authors and targets of a zone, in its open years."""
    for evaluation in Evaluation.objects.filter(zone=zone, state=EvaluationState.OPEN):
        prepare_rows(evaluation)


def _prepare_narratives(evaluation: Evaluation, authors: list[Municipality]) -> None:
    """The joint text of 6 and each author's. An imported year may have one joint text alone: nothing is added."""
    positions = {
        row.municipality_id: row.position
        for row in RegionalText.objects.filter(
            evaluation=evaluation, kind=RegionalTextKind.NARRATIVE
        )
    }
    if positions and set(positions) == {None}:
        return
    position = max(positions.values(), default=0)
    for author in [None, *authors]:
        if (author and author.pk) not in positions:
            position += 1
            RegionalText.objects.create(
                evaluation=evaluation,
                kind=RegionalTextKind.NARRATIVE,
                position=position,
                municipality=author,
            )


def _prepare_actuals(
    evaluation: Evaluation, target: NumericTarget, authors: list[Municipality]
) -> None:
    of_year = {"target": target, "fiscal_year": evaluation.fiscal_year}
    reporting = set(Actual.objects.filter(**of_year).values_list("municipality_id", flat=True))
    if None in reporting or (reporting and target.aggregation == Aggregation.ONCE):
        return
    owners = [None] if target.aggregation == Aggregation.ONCE else authors
    for municipality in owners:
        if not municipality or municipality.pk not in reporting:
            Actual.objects.create(**of_year, municipality=municipality)
