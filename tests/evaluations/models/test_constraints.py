"""Constraints of the stored data, and their Japanese error messages."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from evaluations.models import (
    Actual,
    Correction,
    Draft,
    Evaluation,
    Indicator,
    Membership,
    NumericTarget,
    Plan,
    PlanEdition,
    Remark,
    Reminder,
    ResultPart,
    SealedFile,
    SealedVersion,
    Submission,
    TargetAssessment,
    Waiver,
    YearlyTarget,
    Zone,
    ZoneMunicipality,
)
from supports.models import NationalSupport, RegulatoryMeasure, Scheme, SchemeResult
from tests import factories
from tokku.accounts.models import Municipality, User
from tokku.records import Record

pytestmark = pytest.mark.postgres

JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")
MODELS = [
    model
    for label in ("evaluations", "supports", "accounts")
    for model in apps.get_app_config(label).get_models()
    if not model.__name__.startswith("Historical") and not model._meta.auto_created
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_officials_read_japanese(model):
    assert JAPANESE.search(str(model._meta.verbose_name))
    for field in model._meta.fields:
        technical = field.primary_key or field.name in ("sha256", "password")
        assert technical or JAPANESE.search(str(field.verbose_name)), field
    for constraint in model._meta.constraints:
        assert JAPANESE.search(constraint.violation_error_message), constraint.name


@pytest.mark.parametrize(
    "model", [m for m in MODELS if issubclass(m, Record)], ids=lambda model: model.__name__
)
def test_every_record_that_people_edit_has_a_history(model):
    assert hasattr(model, "history")
    if model.__name__ in ("Zone", "Evaluation", "NumericTarget"):
        assert model.history.model._meta.get_field("history_change_reason")


def test_each_save_makes_a_revision_and_keeps_the_old_value(evaluation):
    evaluation.overall = "一度目"
    evaluation.save()
    evaluation.overall = "二度目"
    evaluation.save(update_fields=["overall"])

    evaluation.refresh_from_db()
    assert evaluation.revision == 3
    assert [old.overall for old in evaluation.history.order_by("revision")] == [
        "",
        "一度目",
        "二度目",
    ]


# Rows that are refused, by name: a function that makes the row, and a part of the error message.


def target():
    return NumericTarget.objects.get()


def numeric_target(**values):
    values = {"number": 9, "name": "目標", "unit": "件", "total": 1} | values
    return NumericTarget(indicator=Indicator.objects.get(), **values)


def official():
    return User.objects.first() or factories.user("kawasaki")


WAIVER = {"check_name": "wording.brackets", "row": "plan", "field": "goal", "digest": "0" * 64}
REFUSED = {
    "a zone called like a page": (
        lambda e: Zone(
            slug="admin",
            kind="regional",
            name="特区",
            designated_on=date(2011, 1, 1),
            certified_on=date(2012, 1, 1),
        ),
        "選べません",
    ),
    "a certification before the designation": (
        lambda e: Zone(
            slug="x",
            kind="regional",
            name="特区",
            designated_on=date(2012, 1, 1),
            certified_on=date(2011, 1, 1),
        ),
        "指定日以後",
    ),
    "a designation long ago": (
        lambda e: Zone(
            slug="x",
            kind="regional",
            name="特区",
            designated_on=date(1890, 1, 1),
            certified_on=date(2012, 1, 1),
        ),
        "平成以後",
    ),
    "an author that leaves before it joins": (
        lambda e: ZoneMunicipality(
            zone=e.zone,
            municipality=factories.municipality("札幌市"),
            first_year=2024,
            last_year=2023,
        ),
        "加わった年度以後",
    ),
    "an edition twice a year": (
        lambda e: PlanEdition(plan=e.plan, first_year=2022),
        "同じ年度からの版",
    ),
    "a municipality twice in a zone": (
        lambda e: ZoneMunicipality(zone=e.zone, municipality=factories.municipality("川崎市")),
        "既に作成主体",
    ),
    "a term twice": (
        lambda e: Plan(zone=e.zone, term=1, first_year=2030, last_year=2031),
        "同じ期の計画",
    ),
    "a plan that ends before it begins": (
        lambda e: Plan(zone=e.zone, term=2, first_year=2031, last_year=2030),
        "最初の年度以後",
    ),
    "a plan in years of an era": (
        lambda e: Plan(zone=e.zone, term=2, first_year=4, last_year=8),
        "西暦で入力",
    ),
    "a plan of a century": (
        lambda e: Plan(zone=e.zone, term=2, first_year=2030, last_year=2099),
        "10年度まで",
    ),
    "a target's number without a circled digit": (lambda e: numeric_target(number=51), "㊿"),
    "an indicator's number twice": (
        lambda e: Indicator(edition=e.edition, number=1, name="指標"),
        "同じ番号の評価指標",
    ),
    "a target's number twice": (lambda e: numeric_target(number=1), "同じ番号の数値目標"),
    "a negative weight": (lambda e: numeric_target(weight=Decimal(-1)), "0 以上"),
    "five decimals": (lambda e: numeric_target(decimals=5), "4桁まで"),
    "a baseline without its year": (lambda e: numeric_target(baseline=1), "両方とも"),
    "improvement without a baseline": (
        lambda e: numeric_target(formula="improvement"),
        "基準値が必要です",
    ),
    "a level in 万": (
        lambda e: numeric_target(nature="level", total_in_man=True),
        "累計の目標だけです",
    ),
    "a yearly target twice": (
        lambda e: YearlyTarget(target=target(), fiscal_year=2022, value=1),
        "既にあります",
    ),
    "the zone's actual twice": (
        lambda e: Actual(target=target(), fiscal_year=2022, value=1),
        "特区全体の実績値は既にあります",
    ),
    "an evaluation twice a year": (
        lambda e: Evaluation(zone=e.zone, edition=e.edition, fiscal_year=2023),
        "この年度の評価書は既に",
    ),
    "a part of a result twice": (
        lambda e: ResultPart(evaluation=e, name="地域の評価", score="4.0"),
        "同じ名称の内訳が既にあります",
    ),
    "an assessment twice": (
        lambda e: TargetAssessment(evaluation=e, target=target()),
        "評価は既にあります",
    ),
    "a municipality's submission twice": (
        lambda e: Submission(evaluation=e, municipality=factories.municipality("横浜市")),
        "提出は既にあります",
    ),
    "a hand-in without date": (
        lambda e: Submission(
            evaluation=e, municipality=factories.municipality(), state="submitted"
        ),
        "提出日時が必要です",
    ),
    "a hand-in without person": (
        lambda e: Submission(
            evaluation=e, municipality=factories.municipality(), submitted_at=timezone.now()
        ),
        "両方とも必要です",
    ),
    "an answer without person": (
        lambda e: Remark(
            submission=Submission.objects.create(
                evaluation=e, municipality=factories.municipality()
            ),
            record="evaluation",
            text="指摘",
            answer="回答",
            written_by=official(),
        ),
        "回答日時と回答者が必要です",
    ),
    "a sealed version's number twice": (
        lambda e: SealedVersion(
            evaluation=e, number=1, document="{}", sha256="0", sealed_by=official()
        ),
        "同じ番号の確定版",
    ),
    "contents of a sealed version without their sum": (
        lambda e: SealedVersion(
            evaluation=e, number=2, document="{}", sha256="0", contents="{}", sealed_by=official()
        ),
        "SHA-256 が必要です",
    ),
    "a file of a sealed version twice": (
        lambda e: SealedFile(
            version=e.sealedversion_set.get(), format="pdf", content=b"2", sha256="0"
        ),
        "既にあります",
    ),
    "a finding set aside twice": (
        lambda e: Waiver(**WAIVER, evaluation=e, reason="もう一度", set_aside_by=official()),
        "既に確認済み",
    ),
    "a correction of the zone's figure twice": (
        lambda e: Correction(evaluation=e, target=target(), fiscal_year=2022, value=2),
        "修正は、この評価書に既にあります",
    ),
    "a person reminded twice on a day": (
        lambda e: Reminder(person=official(), day=date(2026, 6, 1)),
        "既にあります",
    ),
    "two drafts of a row": (
        lambda e: Draft(user=official(), evaluation=e, row="new-scheme", data={"name": ["別"]}),
        "既にあります",
    ),
    "a project called 該当なし": (
        lambda e: NationalSupport(evaluation=e, kind="tax", name="該当なし"),
        "空のままに",
    ),
    "a measure called 該当なし": (
        lambda e: RegulatoryMeasure(evaluation=e, kind="feasible", name="該当なし"),
        "空のままに",
    ),
    "a scheme called 該当なし": (
        lambda e: SchemeResult(evaluation=e, category="fiscal", name="該当なし"),
        "空のままに",
    ),
    "a scheme twice": (
        lambda e: SchemeResult(
            evaluation=e, scheme=Scheme.objects.get(), category="tax", name="他"
        ),
        "評価書に既にあります",
    ),
    "a second lead author": (
        lambda e: ZoneMunicipality(
            zone=e.zone, municipality=factories.municipality("札幌市"), is_lead=True
        ),
        "特区ごとに1つ",
    ),
    "a membership twice": (
        lambda e: Membership(zone=e.zone, user=official()),
        "既にこの特区に入って",
    ),
    "a superuser who is no administrator": (
        lambda e: User(username="y", name="y", role="reader", password="y", is_superuser=True),
        "システム管理者が登録",
    ),
    "a city without a code": (
        lambda e: Municipality(kind="municipality", name="見附市"),
        "コードが必要です",
    ),
    "a company with a code": (
        lambda e: Municipality(kind="company", name="株式会社みなと運営", code="152111"),
        "コードはありません",
    ),
    "a company twice": (
        lambda e: Municipality(kind="university", name="みなと公社"),
        "既に登録されています",
    ),
    "an official without municipality": (
        lambda e: User(username="x", name="x", role="official", password="x"),
        "所属自治体を指定",
    ),
}


@pytest.fixture
def with_rows(evaluation):
    SchemeResult.objects.create(evaluation=evaluation, category="fiscal", name="支援")
    Submission.objects.create(evaluation=evaluation, municipality=factories.municipality("横浜市"))
    ResultPart.objects.create(evaluation=evaluation, name="地域の評価", score="3.5")
    version = SealedVersion.objects.create(
        evaluation=evaluation, number=1, document="{}", sha256="0", sealed_by=official()
    )
    SealedFile.objects.create(version=version, format="pdf", content=b"1", sha256="0")
    Waiver.objects.create(**WAIVER, evaluation=evaluation, reason="理由", set_aside_by=official())
    Draft.objects.create(user=official(), evaluation=evaluation, row="new-scheme", data={})
    Reminder.objects.create(person=official(), day=date(2026, 6, 1))
    Correction.objects.create(evaluation=evaluation, target=target(), fiscal_year=2022, value=1)
    Membership.objects.get_or_create(zone=evaluation.zone, user=official())
    Municipality.objects.create(kind="company", name="みなと公社")
    return evaluation


@pytest.mark.parametrize("case", REFUSED)
def test_invalid_row_is_refused_by_forms_with_a_sentence_and_by_the_database(with_rows, case):
    make_row, sentence = REFUSED[case]
    row = make_row(with_rows)

    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert sentence in " ".join(refusal.value.messages)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Model.save(row)


def test_every_constraint_has_a_case_here():
    all_constraints = {
        constraint.name for model in MODELS for constraint in model._meta.constraints
    }
    # The same rules on other fields. Django itself makes the user name unique.
    twins = {
        "actual_once_a_year_by_municipality",
        "correction_once_an_evaluation_by_municipality",
    }
    assert len(all_constraints - twins) == len(REFUSED)


def test_a_year_has_either_the_zones_actual_or_the_municipalities(evaluation):
    row = Actual(
        target=target(), fiscal_year=2022, municipality=factories.municipality(), value=Decimal(1)
    )
    with pytest.raises(ValidationError, match="両方を入力することはできません"):
        row.full_clean()


def test_an_evaluation_lies_within_its_plan(evaluation):
    with pytest.raises(ValidationError, match="計画の期間に含まれる年度"):
        Evaluation(zone=evaluation.zone, fiscal_year=2030).full_clean()


def test_an_edition_lies_within_its_plan_and_is_certified_after_it(evaluation):
    with pytest.raises(ValidationError, match="計画の期間に含まれる年度"):
        PlanEdition(plan=evaluation.plan, first_year=2030).full_clean()
    with pytest.raises(ValidationError, match="計画の認定日以後の日"):
        PlanEdition(
            plan=evaluation.plan, first_year=2024, certified_on=date(2012, 3, 8)
        ).full_clean()


def test_text_is_stored_clean(evaluation):
    evaluation.overall = "\u3000一行目\t\r\n\r\n二行目\x00  "
    evaluation.save()

    assert evaluation.overall == "一行目\n二行目"
