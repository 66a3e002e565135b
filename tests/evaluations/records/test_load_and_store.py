"""Records and contents: what was stored is loaded again, and the cost does not grow."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from evaluations import sample
from evaluations.form import compose
from evaluations.form.contents import (
    Achievement,
    Approach,
    Indicator,
    Measure,
    RegionalText,
    Scheme,
    YearFigures,
)
from evaluations.form.outline import UnreadableForm
from evaluations.keys import TargetKey
from evaluations.models import Actual, Evaluation, NumericTarget, YearlyTarget, Zone
from evaluations.permissions import Access
from evaluations.records.load import load, load_for
from evaluations.records.store import store
from supports.models import Scheme as SchemeRow
from tests import factories
from tests.evaluations import campaign, strategies
from tests.examples import share
from tokku.document import json
from tokku.figures import Figure

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def stored(contents, slug="keihin"):
    return load(factories.evaluation(contents, slug))


@settings(
    max_examples=share(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(strategies.contents())
def test_records_give_back_what_was_stored(db, contents):
    # Examples share a database; each has a zone of its own.
    slug = f"zone-{Zone.objects.count()}"
    contents = replace(contents, zone=replace(contents.zone, name=slug))

    again = stored(contents, slug)

    assert again.printed() == contents.printed()
    assert json.write(compose(again)) == json.write(compose(contents))


@pytest.mark.parametrize("zone", sample.ZONES.values(), ids=sample.ZONES)
def test_the_sample_is_stored_whole(zone):
    for _, name in zone.MUNICIPALITIES:
        factories.municipality(name)
    for year, contents in zone.evaluations().items():
        assert stored(contents).printed() == contents.printed(), year


@pytest.mark.parametrize("zone", sample.ZONES.values(), ids=sample.ZONES)
def test_a_later_year_does_not_change_what_an_earlier_one_prints(zone):
    for _, name in zone.MUNICIPALITIES:
        factories.municipality(name)
    years = zone.evaluations()
    evaluations = {
        year: store(contents, "keihin", reason="試験")[0] for year, contents in years.items()
    }

    for year, evaluation in evaluations.items():
        assert load(evaluation).printed() == years[year].printed()


# The actual of the zone


def by_municipality(values, aggregation):
    figures = tuple(
        YearFigures(
            year=year,
            target=Figure.of(10),
            by_municipality=tuple(values.items()) if year == 2023 else (),
        )
        for year in range(2022, 2027)
    )
    target = factories.numeric_target(years=figures, aggregation=aggregation)
    contents = stored(
        factories.contents(indicators=(Indicator(number=1, name="指標", targets=(target,)),))
    )
    return contents.target(TargetKey(1, 1)).figures(2023).actual


@pytest.mark.parametrize(
    ("values", "aggregation", "expected"),
    [
        ({"神奈川県": Figure.of(1), "横浜市": Figure.of(2), "川崎市": Figure.of(0)}, "sum", 3),
        ({"神奈川県": Figure.of(1), "横浜市": Figure.of(2)}, "sum", None),
        ({"神奈川県": Figure.of(1), "横浜市": Figure.of(2), "川崎市": None}, "sum", None),
        ({}, "sum", None),
        ({"横浜市": Figure.of(7)}, "once", 7),
        ({"横浜市": Figure.of(0)}, "once", 0),
        ({"横浜市": None}, "once", None),
    ],
)
def test_the_zones_actual_is_known_once_all_who_report_have_entered_theirs(
    values, aggregation, expected
):
    assert by_municipality(values, aggregation) == expected


def test_municipal_figures_are_kept_when_a_document_gives_only_their_sum():
    figures = [("神奈川県", Figure.of(5)), ("横浜市", Figure.of(2)), ("川崎市", Figure.of(1))]
    years = tuple(
        replace(year_figures, by_municipality=tuple(figures))
        if year_figures.year == 2023
        else year_figures
        for year_figures in factories.numeric_target().years
    )
    contents = factories.contents(
        indicators=(
            Indicator(number=1, name="経済効果", targets=(factories.numeric_target(years=years),)),
        )
    )
    factories.evaluation(contents)

    _, changes = store(contents.printed(), "keihin", reason="試験")

    assert not changes
    assert changes.notices == []
    assert Actual.objects.filter(fiscal_year=2023, municipality__isnull=True).count() == 0


def test_municipal_figures_with_another_sum_are_kept_and_reported():
    figures = (("神奈川県", Figure.of(5)), ("横浜市", Figure.of(2)), ("川崎市", Figure.of(2)))
    years = tuple(
        replace(year_figures, by_municipality=figures)
        if year_figures.year == 2023
        else year_figures
        for year_figures in factories.numeric_target().years
    )
    target = factories.numeric_target(years=years)
    contents = factories.contents(
        indicators=(Indicator(number=1, name="経済効果", targets=(target,)),)
    )
    factories.evaluation(contents)

    _, changes = store(contents.printed(), "keihin", reason="試験")

    assert not changes
    (sentence,) = changes.contradictions
    assert "実績値は、文書（令和5年度の評価書）では 8、登録では 9（" in sentence
    assert sentence.endswith(" 試験）です。作成主体ごとの実績値を残しました。")


# Storing again


def test_values_that_the_form_does_not_print_stay_as_they_are():
    contents = factories.contents(
        approaches=(
            Approach(
                achievements=(
                    Achievement(level="main", heading="取組", text="一", municipality="横浜市"),
                )
            ),
        ),
        regional_texts=(
            RegionalText(kind="narrative", text="共同の部分"),
            RegionalText(kind="narrative", text="横浜市の部分", municipality="横浜市"),
        ),
    )
    evaluation = factories.evaluation(contents)

    _, changes = store(contents.printed(), "keihin", reason="試験")

    assert not changes
    assert load(evaluation) == replace(contents, plan=replace(contents.plan, term=1))


def test_rows_are_added_removed_and_reordered():
    def named(*names):
        return factories.contents(
            measures=tuple(Measure(kind="feasible", name=name) for name in names),
            schemes=tuple(Scheme(category="fiscal", name=name) for name in names),
        )

    stored(named("甲", "乙", "丙"))
    again = stored(named("丙", "丁", "甲"))

    assert [measure.name for measure in again.measures] == ["丙", "丁", "甲"]
    assert [scheme.name for scheme in again.schemes] == ["丙", "丁", "甲"]
    # A scheme goes on from year to year, whether or not this year reports on it.
    assert SchemeRow.objects.count() == 4


def test_schemes_of_the_same_name_are_told_apart_by_their_municipalities():
    schemes = tuple(
        Scheme(category="fiscal", name="立地補助金", municipalities=(name,), result=name)
        for name in ("横浜市", "川崎市")
    )
    stored(factories.contents(schemes=schemes))
    again = stored(factories.contents(schemes=schemes[::-1]))

    assert again.schemes == schemes[::-1]
    assert SchemeRow.objects.count() == 2


def test_blank_figures_make_no_rows():
    years = tuple(YearFigures(year=year) for year in range(2022, 2027))
    target = factories.numeric_target(years=years)
    stored(factories.contents(indicators=(Indicator(number=1, name="指標", targets=(target,)),)))

    assert not YearlyTarget.objects.exists()
    assert not Actual.objects.exists()


# Several years of one zone


def in_year(year, **values):
    return factories.contents(fiscal_year=year, **values)


def test_an_earlier_year_that_is_stored_later_leaves_the_zone_and_has_its_own_plan():
    later = factories.evaluation(in_year(2023))
    zone = replace(in_year(2022).zone, certified_on=in_year(2022).zone.designated_on)
    plan = replace(in_year(2022).plan, goal="古い目標")

    earlier, changes = store(in_year(2022, zone=zone, plan=plan), "keihin", reason="試験")

    assert load(Evaluation.objects.get(pk=later.pk)).printed() == in_year(2023).printed()
    assert load(earlier).plan.goal == "古い目標"
    (notice,) = changes.notices
    assert "後の年度の評価書にも関わるため" in notice


def test_figures_of_a_sealed_year_stay_and_the_difference_is_reported():
    sealed = factories.evaluation(in_year(2023))
    sealed.state = "final"
    sealed.save()
    years = tuple(
        replace(year_figures, actual=Figure.of(9)) if year_figures.year == 2023 else year_figures
        for year_figures in factories.numeric_target().years
    )
    indicators = (
        Indicator(number=1, name="経済効果", targets=(factories.numeric_target(years=years),)),
    )

    _, changes = store(in_year(2024, indicators=indicators), "keihin", reason="試験")

    assert load(sealed).target(TargetKey(1, 1)).figures(2023).actual == 8
    (sentence,) = changes.contradictions
    assert "令和5年度の実績値は、文書（令和6年度の評価書）では 9、登録では 8（" in sentence
    assert sentence.endswith(
        " 試験）です。確定した値を残しました。実績値の修正として取り込めます。"
    )


def test_an_author_that_the_document_of_a_year_lacks_took_part_until_then():
    factories.evaluation(in_year(2022))
    zone = replace(in_year(2023).zone, municipalities=("神奈川県", "川崎市"))

    _, changes = store(in_year(2023, zone=zone), "keihin", reason="試験")

    assert [author.name for author in Zone.objects.get().authors_in(2022)] == [
        "神奈川県",
        "横浜市",
        "川崎市",
    ]
    assert [author.name for author in Zone.objects.get().authors_in(2023)] == ["神奈川県", "川崎市"]
    assert "作成主体「横浜市」：最後の年度 令和4年度" in changes.updated


def test_a_document_that_is_read_again_removes_no_author():
    factories.evaluation(in_year(2023))
    zone = replace(in_year(2023).zone, municipalities=("神奈川県", "川崎市"))

    _, changes = store(in_year(2023, zone=zone), "keihin", reason="試験")

    assert Zone.objects.get().authors_in(2023).count() == 3
    assert "横浜市が文書にありません" in changes.notices[0]


def test_a_mistyped_zone_makes_no_second_one():
    factories.evaluation(in_year(2022))

    with pytest.raises(UnreadableForm, match="keihin として登録されています"):
        store(in_year(2023), "keihinn", reason="試験")

    assert Zone.objects.count() == 1


def test_a_name_in_another_width_is_the_same_row():
    def named(name):
        return in_year(2023, measures=(Measure(kind="feasible", name=name),))

    factories.evaluation(named("医療機器(手術)の承認"))
    _, changes = store(named("医療機器（手術）の承認"), "keihin", reason="試験")

    assert changes.deleted == []
    assert changes.updated


def test_relation_to_a_target_of_another_plan_is_ignored():
    evaluation = factories.evaluation(
        factories.contents(approaches=(Approach(narrative="解決策"),))
    )
    other = factories.evaluation(
        factories.contents(zone=replace(factories.contents().zone, name="別の特区")), "other"
    )
    before = load(evaluation)
    (approach,) = evaluation.approach_set.all()
    approach.targets.add(NumericTarget.objects.of_edition(other.edition).first())

    assert load(evaluation) == before


def test_targets_of_a_relation_are_in_the_order_of_the_form():
    indicators = tuple(
        Indicator(number=number, name=f"指標{number}", targets=(factories.numeric_target(),))
        for number in (1, 2)
    )
    both = (TargetKey(1, 1), TargetKey(2, 1))
    approach = Approach(narrative="解決策", targets=both)
    evaluation = factories.evaluation(
        factories.contents(indicators=indicators, approaches=(approach,))
    )
    # Now the indicator that was stored first comes second.
    for indicator, number in zip(
        evaluation.edition.indicator_set.order_by("pk"), (3, 1), strict=True
    ):
        indicator.number = number
        indicator.save()

    assert load(evaluation).approaches[0].targets == (TargetKey(1, 1), TargetKey(3, 1))


def test_actuals_of_municipalities_are_in_the_order_of_the_zone():
    evaluation = factories.evaluation(campaign.contents())
    members = list(evaluation.zone.zonemunicipality_set.all())
    for position, member in enumerate(reversed(members), 1):
        member.position = position
        member.save()
    target = load(Evaluation.objects.get(pk=evaluation.pk)).target(TargetKey(1, 1))

    names = [name for name, _ in target.of_year(2022).by_municipality]
    assert names == [member.municipality.name for member in reversed(members)]


def test_hidden_values_are_not_in_the_contents_but_stay_in_the_rows(official, secretariat):
    evaluation = campaign.open_year(secretariat)
    hidden_actual = Actual.objects.get(fiscal_year=2023, municipality__name="横浜市")
    hidden_actual.value = 7
    hidden_actual.save()
    access = Access(official, Evaluation.objects.get(pk=evaluation.pk))

    contents = load_for(access).contents
    assert dict(contents.target(TargetKey(1, 1)).of_year(2023).by_municipality)["横浜市"] is None
    assert access.year.by_key[hidden_actual.key].value == Figure.of(7)
