"""Records and contents: what was stored is loaded again, and the cost does not grow."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from evaluations import sample
from evaluations.form import compose
from evaluations.form.contents import (
    Achievement,
    Approach,
    Indicator,
    Measure,
    RegionalText,
    Relation,
    Scheme,
    TargetKey,
    YearFigures,
)
from evaluations.form.records import load
from evaluations.form.store import store
from evaluations.models import Actual, Evaluation, YearlyTarget, Zone
from supports.models import Scheme as SchemeRow
from tests import factories
from tests.evaluations import strategies
from tokku.document import json
from tokku.japanese import katakana

pytestmark = pytest.mark.django_db


def stored(contents, slug="keihin"):
    return load(factories.evaluation(contents, slug))


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(strategies.contents())
def test_records_give_back_what_was_stored(db, contents):
    again = stored(contents, slug=f"zone-{Zone.objects.count()}")

    assert again.printed() == contents.printed()
    assert json.write(compose(again)) == json.write(compose(contents))


def test_the_sample_is_stored_whole():
    for code, name in sample.MUNICIPALITIES:
        factories.Municipality.objects.create(code=code, name=name)
    for year, contents in sample.evaluations().items():
        assert stored(contents).printed() == contents.printed(), year


def test_a_later_year_does_not_change_what_an_earlier_one_prints():
    for code, name in sample.MUNICIPALITIES:
        factories.Municipality.objects.create(code=code, name=name)
    years = sample.evaluations()
    evaluations = {
        year: store(years[year], "keihin", reason="試験")[0] for year in (2022, 2023, 2024)
    }

    for year, evaluation in evaluations.items():
        assert load(evaluation).printed() == years[year].printed()


# The zone's figure


def by_municipality(values, aggregation):
    figures = tuple(
        YearFigures(
            year=year,
            target=Decimal(10),
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
        ({"神奈川県": Decimal(1), "横浜市": Decimal(2), "川崎市": Decimal(0)}, "sum", 3),
        ({"神奈川県": Decimal(1), "横浜市": Decimal(2)}, "sum", None),
        ({"神奈川県": Decimal(1), "横浜市": Decimal(2), "川崎市": None}, "sum", None),
        ({}, "sum", None),
        ({"横浜市": Decimal(7)}, "once", 7),
        ({"横浜市": Decimal(0)}, "once", 0),
        ({"横浜市": None}, "once", None),
    ],
)
def test_the_zones_actual_is_known_once_all_who_report_have_entered_theirs(
    values, aggregation, expected
):
    assert by_municipality(values, aggregation) == expected


def test_municipal_figures_are_kept_when_a_document_gives_only_their_sum():
    figures = [("神奈川県", Decimal(5)), ("横浜市", Decimal(2)), ("川崎市", Decimal(1))]
    years = tuple(
        replace(one, by_municipality=tuple(figures)) if one.year == 2023 else one
        for one in factories.numeric_target().years
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


def test_municipal_figures_with_another_sum_are_kept_and_told():
    figures = (("神奈川県", Decimal(5)), ("横浜市", Decimal(2)), ("川崎市", Decimal(2)))
    years = tuple(
        replace(one, by_municipality=figures) if one.year == 2023 else one
        for one in factories.numeric_target().years
    )
    target = factories.numeric_target(years=years)
    contents = factories.contents(
        indicators=(Indicator(number=1, name="経済効果", targets=(target,)),)
    )
    factories.evaluation(contents)

    _, changes = store(contents.printed(), "keihin", reason="試験")

    assert not changes
    assert "実績値 8 は、登録されている自治体ごとの実績値と合いません" in changes.notices[0]


# Storing again


def test_what_the_form_does_not_print_stays_as_it_is():
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


# Cost


def large():
    """20 municipalities, 40 targets, 200 schemes."""
    names = tuple(f"第{katakana(n)}市" for n in range(1, 21))
    for n, name in enumerate(names, 1):
        factories.Municipality.objects.create(name=name, code=f"{n:06}")
    figures = tuple(
        YearFigures(
            year=year,
            target=Decimal(20),
            by_municipality=tuple((name, Decimal(1)) for name in names) if year <= 2023 else (),
        )
        for year in range(2022, 2027)
    )
    indicators = tuple(
        Indicator(
            number=i,
            name=f"指標{i}",
            targets=tuple(factories.numeric_target(t, years=figures) for t in range(1, 5)),
        )
        for i in range(1, 11)
    )
    contents = factories.contents()
    return replace(
        contents,
        zone=replace(contents.zone, name="大きな特区", municipalities=names),
        indicators=indicators,
        schemes=tuple(
            Scheme(
                category="fiscal",
                name=f"支援{n}",
                municipalities=(names[n % 20], names[0]) if n % 20 else (names[0],),
                relation=Relation(targets=(TargetKey(1 + n % 10, 1),)),
            )
            for n in range(200)
        ),
    )


def queries_of(act):
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def test_loading_costs_the_same_however_many_rows_there_are():
    small = factories.evaluation(
        factories.contents(
            approaches=(Approach(targets=(TargetKey(1, 1),)),),
            measures=(Measure(kind="feasible", name="措置"),),
            schemes=(Scheme(category="fiscal", name="支援", municipalities=("川崎市",)),),
        )
    )
    big = store(replace(large(), approaches=(Approach(targets=(TargetKey(1, 1),)),),
                        measures=(Measure(kind="feasible", name="措置"),)), "large", reason="試験")[0]  # fmt: skip
    fresh = Evaluation.objects.select_related("zone", "plan")

    costs = [queries_of(lambda pk=row.pk: load(fresh.get(pk=pk))) for row in (small, big)]

    assert costs[0] == costs[1]
    assert len(load(big).schemes) == 200
    assert load(big).target(TargetKey(10, 4)).figures(2023).actual == 20
