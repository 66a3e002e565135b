"""The next year's evaluation from the last: rows that are made, refusals, and fields that are left to people."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from evaluations import moves
from evaluations.addresses import entry_address
from evaluations.form import compose
from evaluations.form import contents as c
from evaluations.models import (
    Actual,
    Evaluation,
    Indicator,
    NumericTarget,
    Plan,
    TargetAssessment,
    YearlyTarget,
)
from evaluations.records.importing import import_file
from evaluations.records.load import load
from evaluations.sample import evaluations
from evaluations.sealed.media import Edition, as_pdf
from evaluations.sealed.sealing import read_file, read_sealed
from evaluations.workflow import EvaluationState
from evaluations.years.next_year import CannotOpenYear, NextYear, last_evaluation
from supports.models import Scheme
from tests import factories, published
from tests.evaluations import campaign
from tests.evaluations.campaign import items_of
from tests.evaluations.commands.test_import_evaluation import everything
from tests.worlds import world
from tokku.accounts.models import Municipality, User
from tokku.document import html, json, text
from tokku.figures import Figure
from tokku.records import Record

pytestmark = pytest.mark.django_db

# Fields that are new in every year: figures, results and assessments. People type these only.
TYPED_EVERY_YEAR = {
    ("Actual", "value"),
    ("Evaluation", "response_to_previous"),
    ("Evaluation", "no_measures_reason"),
    ("Evaluation", "fiscal_support_count"),
    ("Evaluation", "no_fiscal_support_reason"),
    ("Evaluation", "tax_support_count"),
    ("Evaluation", "loan_support_count"),
    ("Evaluation", "overall"),
    ("TargetAssessment", "self_assessment"),
    ("Achievement", "text"),
    ("RegulatoryMeasure", "details"),
    ("RegulatoryMeasure", "used"),
    ("NationalSupport", "usage"),
    ("SchemeResult", "result"),
    ("RegionalText", "text"),
    ("Submission", "no_schemes"),
    ("Submission", "no_national_supports"),
}


@world
def last():
    return factories.evaluation(evaluations()[2023])


def sealed(last, by):
    campaign.sealed_as_it_is(last, by)
    campaign.put(last, EvaluationState.FINAL, by)
    return last


def opened(last, by):
    evaluation = NextYear(last).save(by=by)
    moves.move(evaluation, "open", by=by)
    return evaluation


def missing_fields(evaluation, title, capsys):
    """The number of blank required items by model and field; also printed."""
    items = items_of(evaluation)
    required = sum(item.is_required for item in items)
    missing = [item for item in items if item.is_missing]
    counts = Counter((type(item.row).__name__, item.field) for item in missing)
    with capsys.disabled():
        print(f"\n{title}: {len(missing)} of {required} required fields to type")
        for (model, field), count in sorted(counts.items()):
            print(f"  {count:3} {model}.{field}")
    return counts


def test_fields_to_type_are_those_that_are_new_every_year(last, secretariat, capsys):
    counts = missing_fields(opened(sealed(last, secretariat), secretariat), "sample 2024", capsys)
    assert counts == {
        ("Actual", "value"): 18,
        ("Evaluation", "response_to_previous"): 1,
        ("Evaluation", "no_measures_reason"): 1,
        ("Evaluation", "fiscal_support_count"): 1,
        ("Evaluation", "no_fiscal_support_reason"): 1,
        ("Evaluation", "tax_support_count"): 1,
        ("Evaluation", "loan_support_count"): 1,
        ("Evaluation", "overall"): 1,
        ("TargetAssessment", "self_assessment"): 6,
        ("Achievement", "text"): 16,
        ("RegulatoryMeasure", "used"): 11,
        ("NationalSupport", "usage"): 3,
        ("SchemeResult", "result"): 25,
        ("RegionalText", "text"): 6,
        ("Submission", "no_national_supports"): 2,
    }
    # The threads of schemes go on: none is made anew.
    assert Scheme.objects.count() == len(evaluations()[2023].schemes)


@published.needed
def test_fields_to_type_after_the_published_year(secretariat, capsys):
    for name in ("神奈川県", "横浜市", "川崎市"):
        factories.municipality(name)
    last = import_file(published.PATH, "keihin").evaluation
    factories.join_zones()
    counts = missing_fields(
        opened(sealed(last, secretariat), secretariat), "published 2024", capsys
    )
    assert counts.keys() <= TYPED_EVERY_YEAR


def test_other_fields_are_carried_over_unchanged(last, secretariat):
    """Zone, plan, past figures, strategies, schemes and approaches are last year's."""
    before = load(last)
    after = load(opened(last, secretariat))
    assert (after.zone, after.plan) == (before.zone, before.plan)
    for old, new in zip(before.targets(), after.targets(), strict=True):
        assert old[2].years[:2] == new[2].years[:2]
        assert old[2].assessment.strategy == new[2].assessment.strategy
    assert [scheme.name for scheme in after.schemes] == [scheme.name for scheme in before.schemes]
    assert [scheme.outline for scheme in after.schemes] == [
        scheme.outline for scheme in before.schemes
    ]
    assert [scheme.relation for scheme in after.schemes] == [
        scheme.relation for scheme in before.schemes
    ]
    assert [approach.narrative for approach in after.approaches] == [
        approach.narrative for approach in before.approaches
    ]
    assert [approach.targets for approach in after.approaches] == [
        approach.targets for approach in before.approaches
    ]


def test_every_field_is_carried_over_or_asked_again():
    """Field by field, so that no assessment of last year is taken for one of the new year."""
    target = factories.numeric_target(
        assessment=c.Assessment(
            qualitative="定性的評価",
            alternative="代替指標",
            strategy="考え方",
            target_basis="根拠",
            self_assessment="自己評価",
            external_factors="外部要因",
        )
    )
    relation = c.Relation(targets=(c.TargetKey(1, 1),))
    specific = c.Measure(
        kind="specific",
        name="特定事業",
        details="本年度の実績",
        relation=relation,
        ministry="厚生労働省",
        ministry_effect="not_recognised",
        ministry_follow_up="review",
        ministry_remarks="所管省の特記事項",
    )
    feasible = c.Measure(
        kind="feasible", name="措置", relation=c.Relation(all_targets=True), used=True, note="備考"
    )
    achievement = c.Achievement(level="sub", heading="見出し", text="成果", municipality="川崎市")
    approach = c.Approach(
        targets=(c.TargetKey(1, 1),),
        narrative="解決策",
        result_label="令和5年度における件数",
        achievements=(achievement,),
    )
    support = c.NationalSupport(
        kind="tax", name="税制", outline="概要", usage="活用状況", municipality="横浜市"
    )
    scheme = c.Scheme(
        category="fiscal",
        name="補助金",
        municipalities=("横浜市", "川崎市"),
        outline="概要",
        relation=relation,
        result="実績",
    )
    contents = factories.contents(
        texts=c.EvaluationTexts(
            previous_score="3.5",
            previous_remarks="前々年度への所見",
            response_to_previous="対応",
            considerations="考慮事項",
            weight_rationale="寄与度の考え方",
            pathway="道筋",
            no_measures_reason="特例の理由",
            fiscal_support_count=1,
            no_fiscal_support_reason="財政の理由",
            tax_support_count=2,
            loan_support_count=3,
            overall="総合評価",
            score="4.5",
            remarks="前年度への所見",
        ),
        indicators=(c.Indicator(number=1, name="経済効果", targets=(target,)),),
        approaches=(approach,),
        measures=(specific, feasible),
        national_supports=(support,),
        schemes=(scheme,),
        regional_texts=(c.RegionalText(kind="narrative", text="独自の取組"),),
    )
    last = factories.evaluation(contents)
    last_contents = load(last)
    Evaluation.objects.update(deadline="2024-07-31", sent_on="2024-08-31", state="sent")
    last.refresh_from_db()

    evaluation = NextYear(last).save()

    asked_again = c.Assessment(alternative="代替指標", strategy="考え方", target_basis="根拠")
    opinion = {"ministry_effect": "", "ministry_follow_up": "", "ministry_remarks": ""}
    assert load(evaluation) == replace(
        last_contents,
        fiscal_year=2024,
        texts=c.EvaluationTexts(
            previous_score="4.5",
            previous_remarks="前年度への所見",
            weight_rationale="寄与度の考え方",
            pathway="道筋",
        ),
        indicators=(
            c.Indicator(
                number=1, name="経済効果", targets=(replace(target, assessment=asked_again),)
            ),
        ),
        approaches=(
            replace(
                approach,
                result_label="令和6年度における件数",
                achievements=(replace(achievement, text=""),),
            ),
        ),
        measures=(
            replace(specific, details="", **opinion),
            replace(feasible, used=None, note=""),
        ),
        national_supports=(replace(support, usage=""),),
        schemes=(replace(scheme, result=""),),
        regional_texts=(),
    )
    assert (evaluation.deadline, evaluation.sent_on) == (None, None)
    assert evaluation.state == EvaluationState.PREPARING


def test_history_names_the_source_year_and_the_person(last, secretariat):
    evaluation = NextYear(last).save(by=secretariat)
    rows = [evaluation, *evaluation.targetassessment_set.all(), *evaluation.approach_set.all()]
    for row in rows:
        for save in row.history.all():
            assert save.history_user == secretariat
            assert save.history_change_reason == "令和5年度の評価書から引継ぎ"


def test_listing_drafts_stores_nothing(last):
    before = everything()
    year = NextYear(last)
    assert [kind.label for kind in year.kinds()][:2] == ["評価書", "数値目標の評価（別紙1）"]
    assert list(year.kinds_at_opening())
    year.notices()
    assert everything() == before


def test_listed_counts_are_those_of_the_stored_rows(last):
    year = NextYear(last)
    listed = {kind.label: len(kind.rows) for kind in year.kinds()}
    existing = Counter(type(row)._meta.verbose_name for row in all_rows())
    year.save()
    now = Counter(type(row)._meta.verbose_name for row in all_rows())
    assert {str(name): count for name, count in (now - existing).items()} == listed


def all_rows():
    return [
        row for model in everything() if issubclass(model, Record) for row in model.objects.all()
    ]


def test_nothing_is_stored_when_a_row_fails(last):
    before = everything()
    year = NextYear(last)
    year.drafts[-1].row.evaluation = None  # The last row cannot be stored.
    with pytest.raises(Exception, match="evaluation"):
        year.save()
    assert everything() == before


def test_year_that_exists_is_refused(last):
    NextYear(last).save()
    with pytest.raises(CannotOpenYear, match="令和6年度の評価書は既にあります。"):
        NextYear(last)


def test_year_without_a_previous_evaluation_is_refused(last):
    with pytest.raises(CannotOpenYear, match="前年度（令和6年度）の評価書がない"):
        last_evaluation(last.zone, 2025)


def test_year_outside_the_plan_is_refused(last_of_term):
    with pytest.raises(CannotOpenYear, match="令和9年度は、第3期計画（.*）の期間に含まれません。"):
        NextYear(last_of_term)


def test_missing_result_is_noticed_and_filled_in_at_opening(last, secretariat):
    last.score, last.remarks = None, ""
    last.save()
    assert any("まだ入力されていません" in notice for notice in NextYear(last).notices())
    evaluation = NextYear(last).save()
    last.score = "4.5"
    last.save()
    moves.move(evaluation, "open", by=secretariat)
    evaluation.refresh_from_db()
    assert evaluation.previous_score == "4.5"


def test_text_that_mentions_last_year_is_noticed(last):
    last.pathway = "令和５年度から連携している。"
    last.save()
    assert any("「総合特区として実現" in notice for notice in NextYear(last).notices())


def test_municipality_without_an_official_is_noticed(last, official, other_official):
    """An official who may not sign in any more does not count."""
    other_official.is_active = False
    other_official.save()
    notices = NextYear(last).notices()
    without = [notice for notice in notices if "ログインできる担当者がいません" in notice]
    assert [notice[:3] for notice in without] == ["神奈川", "横浜市"]


def test_rows_of_a_municipality_that_has_left_are_noticed(last):
    last.zone.zonemunicipality_set.get(municipality__name="川崎市").delete()

    year = NextYear(last)

    of_kawasaki = Municipality.objects.get(name="川崎市").pk
    rows = sum(of_kawasaki in draft.owner_ids for draft in year.drafts)
    assert rows > 0
    assert (
        f"川崎市は令和6年度の作成主体にありませんが、川崎市の行を{rows}件引き継ぎます。"
        "引き継いだ後に、残すかどうか確かめてください。"
    ) in year.notices()


def test_missing_yearly_target_is_noticed(last):
    removed, blank, *_ = YearlyTarget.objects.filter(fiscal_year=2024)
    removed.delete()
    blank.value = None
    blank.save()
    assert sum("目標値が、まだ入力" in notice for notice in NextYear(last).notices()) == 2


# Rows that are related to several targets

KEYS = (c.TargetKey(1, 1), c.TargetKey(1, 2), c.TargetKey(2, 1))


def related_to_several(fiscal_year):
    """An evaluation in which each kind of row is related to three targets of two indicators."""
    relation = c.Relation(targets=KEYS)
    return factories.evaluation(
        factories.contents(
            fiscal_year=fiscal_year,
            indicators=(
                c.Indicator(
                    number=1,
                    name="経済効果",
                    targets=(factories.numeric_target(1), factories.numeric_target(2)),
                ),
                c.Indicator(number=2, name="雇用", targets=(factories.numeric_target(1),)),
            ),
            approaches=(c.Approach(targets=KEYS, narrative="解決策"),),
            measures=(c.Measure(kind="specific", name="特例措置", relation=relation),),
            schemes=(c.Scheme(category="fiscal", name="補助金", relation=relation),),
        )
    )


def related(evaluation):
    """The identities of the targets of the evaluation's plan that each row is related to, by kind of row."""
    rows = {
        "approach": evaluation.approach_set.get(),
        "measure": evaluation.regulatorymeasure_set.get(),
        "scheme": evaluation.schemeresult_set.get(),
    }
    return {
        name: {
            target.identity for target in row.targets.filter(indicator__edition=evaluation.edition)
        }
        for name, row in rows.items()
    }


@pytest.mark.parametrize(
    ("fiscal_year", "new_term"), [(2023, False), (2026, True)], ids=["within a term", "new term"]
)
def test_a_row_stays_related_to_all_its_targets(fiscal_year, new_term):
    last = related_to_several(fiscal_year)
    before = related(last)
    assert {len(targets) for targets in before.values()} == {len(KEYS)}

    evaluation = NextYear(last, new_term=new_term).save()

    assert related(evaluation) == before
    assert related(last) == before


def test_a_row_stays_related_to_all_targets_that_a_plan_of_the_admin_keeps():
    """Targets are matched by their names, not their numbers."""
    last = related_to_several(2026)
    plan = factories.plan(last.zone, 2027, 2031, 4)
    for number, name in enumerate(["雇用", "経済効果"], 1):
        indicator = Indicator.objects.create(
            edition=plan.planedition_set.get(), number=number, name=name
        )
        NumericTarget.objects.create(
            indicator=indicator, number=7, name="数値目標その1", unit="件", total=Figure.of(60)
        )

    evaluation = NextYear(last).save()

    kept = {
        target.identity for target in NumericTarget.objects.filter(indicator__edition__plan=plan)
    }
    assert len(kept) == 2
    assert related(evaluation) == {"approach": kept, "measure": kept, "scheme": kept}


# A new term


@pytest.fixture
def last_of_term(last):
    """The evaluation of the last year of the plan, as it would be in 2026."""
    last.fiscal_year = 2026
    last.save()
    return last


def test_new_term_is_drafted_from_the_old(last_of_term):
    year = NextYear(last_of_term, new_term=True)
    evaluation = year.save()
    plan, old = evaluation.plan, last_of_term.plan
    assert (plan.term, plan.first_year, plan.last_year) == (old.term + 1, 2027, 2031)
    edition, old_edition = evaluation.edition, last_of_term.edition
    assert (edition.overview, edition.goal) == (old_edition.overview, old_edition.goal)
    targets = NumericTarget.objects.filter(indicator__edition__plan=plan)
    assert [target.identity for target in targets] == [
        target.identity for target in NumericTarget.objects.filter(indicator__edition__plan=old)
    ]
    figures = YearlyTarget.objects.filter(target__in=targets)
    assert set(figures.values_list("fiscal_year", "value")) == {
        (year, None) for year in range(2027, 2032)
    }
    assert "下書き" in " ".join(year.notices())


def test_everything_of_a_new_term_is_related_to_its_own_targets(last_of_term, secretariat):
    evaluation = NextYear(last_of_term, new_term=True).save()
    moves.move(evaluation, "open", by=secretariat)
    own_targets = set(NumericTarget.objects.filter(indicator__edition=evaluation.edition))
    assert {row.target for row in evaluation.targetassessment_set.all()} == own_targets
    rows = [
        *evaluation.approach_set.all(),
        *evaluation.schemeresult_set.all(),
        *evaluation.regulatorymeasure_set.all(),
    ]
    assert any(row.targets.exists() for row in rows)
    assert all(set(row.targets.all()) <= own_targets for row in rows)
    assert {row.target for row in Actual.objects.filter(fiscal_year=2027)} == own_targets


def test_last_years_text_is_shown_beside_in_a_new_term_too(client, last_of_term, secretariat):
    assessment = last_of_term.targetassessment_set.first()
    assessment.self_assessment = "前の期の自己評価"
    assessment.save()
    evaluation = NextYear(last_of_term, new_term=True).save()
    moves.move(evaluation, "open", by=secretariat)
    client.force_login(secretariat)
    row = evaluation.targetassessment_set.get(target__name=assessment.target.name)
    page = client.get(entry_address(evaluation, row.key)).content.decode()
    assert "前の期の自己評価" in page


def test_plan_made_in_the_admin_is_chosen(last_of_term):
    plan = factories.plan(last_of_term.zone, 2027, 2031, 4)
    last_indicator = Indicator.objects.filter(edition=last_of_term.edition).first()
    indicator = Indicator.objects.create(
        edition=plan.planedition_set.get(), number=1, name=last_indicator.name
    )
    same, dropped = last_indicator.numerictarget_set.all()[:2]
    new = NumericTarget.objects.create(
        indicator=indicator, number=5, name=same.name, unit="億円", total=Figure.of(700)
    )
    year = NextYear(last_of_term)
    evaluation = year.save()
    assert evaluation.plan == plan
    (assessment,) = evaluation.targetassessment_set.all()
    assert assessment.target == new
    assert assessment.strategy == last_of_term.targetassessment_set.get(target=same).strategy
    assert any(dropped.name in notice and "引き継ぎません" in notice for notice in year.notices())


def test_newest_of_two_plans_of_a_year_is_chosen(last):
    plan = factories.plan(last.zone, 2024, 2028, 9)
    assert NextYear(last).save().plan == plan


def test_existing_plan_is_not_drafted_again(last_of_term):
    factories.plan(last_of_term.zone, 2027, 2031, 4)
    with pytest.raises(CannotOpenYear, match="が、既に登録されています。"):
        NextYear(last_of_term, new_term=True)


def test_term_that_would_run_into_a_later_plan_is_refused(last_of_term):
    factories.plan(last_of_term.zone, 2029, 2031, 4)
    with pytest.raises(CannotOpenYear, match="より後の第4期計画"):
        NextYear(last_of_term, new_term=True)


@pytest.mark.full
@pytest.mark.slow
def test_outputs_of_past_years_stay_the_same_to_the_byte(client, settings):
    """Form, PDF and sealed versions of the old term do not change while the next is drafted, changed and filled in."""
    settings.DEBUG = True
    call_command("load_sample", stdout=StringIO())
    secretariat = User.objects.get(username="secretariat")
    plan = Plan.objects.get(zone__slug="keihin")
    plan.last_year = 2024
    plan.save()
    before = outputs_of_past_years(client, secretariat)
    evaluation = NextYear(Evaluation.objects.get(fiscal_year=2024), new_term=True).save()
    moves.move(evaluation, "open", by=secretariat)
    for target in NumericTarget.objects.filter(indicator__edition=evaluation.edition):
        target.name, target.total = f"新しい{target.name}", Decimal(1)
        target.save()
    campaign.fill(evaluation)
    for row in TargetAssessment.objects.filter(evaluation=evaluation):
        row.strategy = "新しい期の考え方"
        row.save()
    assert outputs_of_past_years(client, secretariat) == before


def outputs_of_past_years(client, user):
    """Every output of the years up to 2024, of both zones."""
    client.force_login(user)
    outputs = []
    for evaluation in Evaluation.objects.filter(fiscal_year__lte=2024).order_by(
        "zone", "fiscal_year"
    ):
        document = compose(load(evaluation))
        outputs += [text.write(document), json.write(document), html.write(document)]
        outputs.append(as_pdf(Edition(evaluation, document)))
        for version in evaluation.sealedversion_set.all():
            outputs += [json.write(read_sealed(version)), read_file(version, "pdf")]
            outputs.append(read_file(version, "docx"))
        page = client.get(f"/{evaluation.zone.slug}/{evaluation.fiscal_year}/print/")
        assert page.status_code == 200
        outputs.append(page.content)
    return outputs
