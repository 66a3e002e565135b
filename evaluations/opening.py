"""The rows that people fill in over a year, made when its evaluation opens."""

from evaluations.models import Actual, Evaluation, NumericTarget, Submission, TargetAssessment
from evaluations.models.targets import Aggregation
from supports.models import RegionalText, RegionalTextKind
from tokku.accounts.models import Municipality


def prepare_rows(evaluation: Evaluation) -> None:
    """A submission and a part of 6 for each author, an assessment and actuals for each target.

    Rows that are there already stay as they are.
    """
    authors = list(
        Municipality.objects.filter(zonemunicipality__zone=evaluation.zone).order_by(
            "zonemunicipality__position"
        )
    )
    for author in authors:
        Submission.objects.get_or_create(evaluation=evaluation, municipality=author)
    for target in NumericTarget.objects.filter(indicator__plan=evaluation.plan):
        TargetAssessment.objects.get_or_create(evaluation=evaluation, target=target)
        _prepare_actuals(evaluation, target, authors)
    parts = RegionalText.objects.filter(evaluation=evaluation, kind=RegionalTextKind.NARRATIVE)
    if not parts.exists():
        for position, author in enumerate([None, *authors], 1):
            RegionalText.objects.create(
                evaluation=evaluation,
                kind=RegionalTextKind.NARRATIVE,
                position=position,
                municipality=author,
            )
    for kind in (RegionalTextKind.ORGANISATION, RegionalTextKind.PRIVATE):
        RegionalText.objects.get_or_create(evaluation=evaluation, kind=kind)


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
