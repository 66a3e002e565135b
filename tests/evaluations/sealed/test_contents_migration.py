"""The migration that adds contents (data) to versions sealed before it, with the rules of the day of sealing."""

import hashlib
from dataclasses import replace
from decimal import Decimal
from importlib import import_module

import pytest
from django.db.migrations.loader import MigrationLoader

from evaluations.form import contents as c
from evaluations.models import NumericTarget, Plan, SealedVersion
from evaluations.sealed.sealing import BrokenSeal, read_contents
from tests import factories
from tests.evaluations import campaign

MIGRATION = "0009_contents_of_sealed_versions"


@pytest.fixture(scope="module")
def apps_then():
    """The models of the migration; the graph of migrations needs no database."""
    loader = MigrationLoader(None)
    return loader.project_state(("evaluations", MIGRATION)).apps


@pytest.fixture
def fill(apps_then):
    def fill():
        import_module(f"evaluations.migrations.{MIGRATION}").fill(apps_then, None)

    return fill


def clear_contents(*versions):
    """Put the versions into the state before the migration."""
    rows = SealedVersion.objects.filter(pk__in=[version.pk for version in versions])
    rows.update(contents="", contents_sha256="")


def seal(by, **values):
    evaluation = factories.evaluation(factories.contents(**values))
    return campaign.sealed_as_it_is(evaluation, by)


def of_indicators(*targets):
    return (c.Indicator(number=1, name="効果", targets=targets),)


IMPROVED = factories.numeric_target(
    1,
    formula="improvement",
    aggregation="once",
    baseline=Decimal("4.5"),
    baseline_year=2020,
    decimals=1,
)
LEVEL = factories.numeric_target(
    2, nature="level", formula="less_is_better", baseline=Decimal(20), baseline_year=2019
)
UNDEFINED = factories.numeric_target(
    3, years=tuple(c.YearFigures(year=year, actual=Decimal(3)) for year in range(2022, 2027))
)


def test_contents_are_those_of_the_document_with_the_rules_at_sealing(secretariat, fill):
    version = seal(secretariat, indicators=of_indicators(IMPROVED, LEVEL, UNDEFINED))
    sealed = read_contents(version)
    clear_contents(version)
    # What is changed after the moment of sealing does not count.
    for target in NumericTarget.objects.order_by("number"):
        target.formula, target.aggregation = "ratio", "sum"
        target.number = {1: 21, 2: 22, 3: 1}[target.number]
        target.baseline, target.baseline_year = Decimal(1), 2001
        target.save()
    indicator = target.indicator
    later_rules = {"formula": "less_is_better", "aggregation": "once"}
    for number in (2, 3):
        NumericTarget(
            indicator=indicator, number=number, name="後の目標", unit="件", total=1, **later_rules
        ).save()
    indicator.number = 7
    indicator.save()
    plan = Plan.objects.get()
    plan.term = 9
    plan.save()
    fill()
    version.refresh_from_db()
    filled = read_contents(version)
    assert filled.contents.printed() == sealed.contents.printed()
    assert filled.contents.plan.term == sealed.contents.plan.term != 9
    assert sorted(filled.progress, key=str) == sorted(sealed.progress, key=str)
    assert {line.percent for line in sealed.progress} > {None}
    for sealed_target, filled_target in zip(
        sealed.contents.indicators[0].targets, filled.contents.indicators[0].targets, strict=True
    ):
        assert replace(filled_target, years=()) == replace(sealed_target, years=())
    assert version.contents_sha256 == hashlib.sha256(version.contents.encode()).hexdigest()


def test_rules_without_a_history_are_the_current_ones_and_printed_values_stay(secretariat, fill):
    version = seal(secretariat, indicators=of_indicators(IMPROVED, LEVEL))
    clear_contents(version)
    for model in (Plan, NumericTarget, NumericTarget.indicator.field.related_model):
        model.history.all().delete()
    NumericTarget.objects.filter(number=2).update(baseline=1, baseline_year=2001, decimals=3)
    fill()
    version.refresh_from_db()
    target, level = read_contents(version).contents.indicators[0].targets
    assert (target.formula, target.aggregation, target.baseline) == ("improvement", "once", 4.5)
    assert (level.baseline, level.baseline_year, level.decimals) == (20, 2019, 0)
    assert read_contents(version).contents.plan.term == Plan.objects.get().term


def test_target_that_was_deleted_since_has_the_rules_at_sealing(secretariat, fill):
    version = seal(secretariat, indicators=of_indicators(IMPROVED))
    clear_contents(version)
    NumericTarget.objects.get().delete()
    fill()
    version.refresh_from_db()
    (target,) = read_contents(version).contents.indicators[0].targets
    assert target.formula == "improvement"


def test_unreadable_version_stays_without_contents_and_is_reported(secretariat, fill, capsys):
    empty = seal(secretariat, indicators=())
    tampered = campaign.sealed_as_it_is(empty.evaluation, secretariat)
    good = seal(secretariat, fiscal_year=2022, indicators=of_indicators(IMPROVED))
    clear_contents(empty, tampered, good)
    SealedVersion.objects.filter(pk=tampered.pk).update(sha256="0" * 64)
    fill()
    for version in (empty, tampered, good):
        version.refresh_from_db()
    assert (empty.contents, tampered.contents) == ("", "")
    assert read_contents(good)
    with pytest.raises(BrokenSeal, match="令和5年度 第1版は、データとして読み取れません。"):
        read_contents(empty)
    lines = [line for line in capsys.readouterr().out.splitlines() if line]
    assert len(lines) == 2
    assert "令和5年度 第1版は、データとして読み取れません。評価指標が一つもありません。" in lines[0]
    assert "第2版は、データとして読み取れません。" in lines[1]
    assert "SHA-256 が一致しません" in lines[1]


def test_existing_contents_are_kept(secretariat, fill):
    version = seal(secretariat)
    kept = version.contents
    fill()
    version.refresh_from_db()
    assert version.contents == kept
