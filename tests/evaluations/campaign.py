"""A year of work on a small evaluation, for tests of review and sealing. Plain functions, step by step."""

from decimal import Decimal

from django.db import models
from django.utils import timezone

from evaluations import moves
from evaluations.form import contents as c
from evaluations.inspection import inspect
from evaluations.models import Evaluation, SealedVersion, Submission
from evaluations.permissions import Access
from evaluations.records.load import load
from evaluations.sealed.sealing import seal
from evaluations.years.rows import rows_of_year
from tests import factories
from tokku.fields import FigureField
from tokku.figures import Figure

AUTHORS = ("神奈川県", "横浜市", "川崎市")


def contents(**values) -> c.Contents:
    """Fiscal 2023 with a row of each kind by each municipality."""
    target = factories.numeric_target(
        years=tuple(
            c.YearFigures(
                year=year,
                target=Figure.of(10),
                by_municipality=tuple((name, Figure.of(4)) for name in AUTHORS)
                if year == 2022
                else (),
            )
            for year in range(2022, 2027)
        )
    )
    return factories.contents(
        indicators=(c.Indicator(number=1, name="経済効果", targets=(target,)),),
        approaches=(
            c.Approach(
                narrative="解決策",
                achievements=tuple(
                    c.Achievement(
                        level="main",
                        heading=f"{name}の取組",
                        text=f"{name}の成果",
                        municipality=name,
                    )
                    for name in AUTHORS
                ),
            ),
        ),
        national_supports=tuple(
            c.NationalSupport(
                kind="fiscal",
                name=f"{name}の補助",
                outline=f"{name}の概要",
                usage=f"{name}の活用",
                municipality=name,
            )
            for name in AUTHORS
        ),
        schemes=tuple(
            c.Scheme(
                category="fiscal",
                name=f"{name}の制度",
                outline=f"{name}の制度概要",
                result=f"{name}の制度実績",
                municipalities=(name,),
            )
            for name in AUTHORS
        ),
        regional_texts=tuple(
            c.RegionalText(kind="narrative", text=f"{name}の独自取組", municipality=name)
            for name in AUTHORS
        ),
        **values,
    )


def open_year(by, **values) -> Evaluation:
    evaluation = factories.evaluation(contents(**values))
    moves.move(evaluation, "open", by=by)
    return evaluation


def items_of(evaluation, municipality=None):
    """The items of one municipality's rows, or of all."""
    return rows_of_year(evaluation).items(municipality)


def missing_items(evaluation, municipality=None):
    return rows_of_year(evaluation).missing(municipality)


def fill(evaluation, municipality=None) -> None:
    """Fill all blank required items, of one municipality or of all."""
    for item in missing_items(evaluation, municipality):
        setattr(item.row, item.field, an_answer(item))
        item.row.save()


def an_answer(item):
    """A valid value for the field of the item."""
    match item.row._meta.get_field(item.field):
        case FigureField():
            return Figure.of(5)
        case models.DecimalField() | models.PositiveSmallIntegerField():
            return Decimal(5)
        case models.BooleanField():
            return True
    return f"{item.label}の文"


def submission(evaluation, name="川崎市") -> Submission:
    return Submission.objects.get(evaluation=evaluation, municipality__name=name)


def hand_in(evaluation, by) -> Submission:
    fill(evaluation, by.municipality_id)
    handed_in = submission(evaluation, by.municipality.name)
    moves.move(handed_in, "submit", by=by)
    return handed_in


def officials() -> list:
    names = {"神奈川県": "kanagawa-1", "横浜市": "yokohama-1", "川崎市": "kawasaki-1"}
    return [factories.user(username, of=name) for name, username in names.items()]


def set_aside(evaluation, by) -> None:
    """Set aside all findings that block sealing."""
    for finding in inspect(Access(by, evaluation)).blocking_findings:
        finding.set_aside(evaluation, reason="確認した", by=by)


def approved_year(by, **values) -> Evaluation:
    """A year filled in, handed in and approved, with blocking findings set aside."""
    evaluation = open_year(by, **values)
    fill(evaluation)
    for official in officials():
        moves.move(hand_in(evaluation, official), "approve", by=by)
    evaluation = Evaluation.objects.get(pk=evaluation.pk)
    set_aside(evaluation, by)
    return evaluation


def sealed_year(by, **values) -> Evaluation:
    evaluation = approved_year(by, **values)
    moves.move(evaluation, "seal", by=by, reason="部長決裁")
    return evaluation


def sealed_as_it_is(evaluation, by, reason="試験") -> SealedVersion:
    """Seal the evaluation in its current state, without checking that it is complete."""
    findings = inspect(Access(by, evaluation)).as_data()
    return seal(evaluation, load(evaluation), findings, by=by, reason=reason)


def put(subject, state, by) -> None:
    """Put the subject into a state without a move."""
    values = {"state": state}
    if isinstance(subject, Submission):
        handed_in = state in ("submitted", "approved", "returned")
        values["submitted_at"] = timezone.now() if handed_in else None
        values["submitted_by"] = by if handed_in else None
    type(subject).objects.filter(pk=subject.pk).update(**values)
    subject.refresh_from_db()
