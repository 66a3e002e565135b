"""Sealed evaluations as data: promised columns, exact figures, and nothing of the records."""

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO

import pytest

from evaluations.form import contents as c
from evaluations.models import Evaluation, NumericTarget, SealedVersion, Zone
from evaluations.sample import evaluations
from evaluations.sealed.open_data import TABLES, as_csv, as_json, rows
from evaluations.sealed.sealing import BrokenSeal, read_sealed
from tests import factories
from tests.evaluations import campaign
from tests.worlds import world
from tokku.figures import Figure

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

KEY = ["zone", "fiscal_year", "version"]
# Promised to readers: columns may be added, but none of these is renamed or removed.
COLUMNS = {
    "figures": [
        *KEY,
        "indicator_number",
        "indicator_name",
        "target_number",
        "target_name",
        "unit",
        "nature",
        "total",
        "baseline",
        "baseline_year",
        "weight",
        "year",
        "target_value",
        "actual_value",
        "progress",
        "actual_as_stated",
    ],
    "indicators": [*KEY, "indicator_number", "indicator_name", "progress"],
    "schemes": [
        *KEY,
        "position",
        "category",
        "category_name",
        "name",
        "municipalities",
        "outline",
        "related_targets",
        "result",
    ],
    "results": [
        *KEY,
        "zone_name",
        "municipalities",
        "sealed_on",
        "sha256",
        "previous_score",
        "fiscal_support_count",
        "tax_support_count",
        "loan_support_count",
        "overall",
        "previous_grade",
    ],
}
BY_NAME = {table.name: table for table in TABLES}


def sealed(contents, by):
    evaluation = factories.evaluation(contents)
    campaign.sealed_as_it_is(evaluation, by)
    campaign.put(evaluation, "final", by)
    return evaluation


@world
def sample(secretariat):
    return [sealed(evaluations()[year], secretariat) for year in (2022, 2023)]


def records(name):
    """The rows of a table as a reader of CSV has them."""
    written = as_csv(BY_NAME[name], Zone.objects.get()).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(written, newline="")))


def test_columns_are_the_promised_ones():
    assert {table.name: table.names for table in TABLES} == COLUMNS


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_row_has_a_value_for_every_column_and_every_column_a_meaning(sample, table):
    table_rows = rows(table, Zone.objects.get())
    assert table_rows
    assert {len(row) for row in table_rows} == {len(table.columns)}
    assert all(column.meaning and column.kind for column in table.columns)


def test_every_column_has_the_value_of_its_name(secretariat):
    """By a row of each table with a different value in every column."""
    years = tuple(
        c.YearFigures(
            year=year, target=Figure.of(10), actual=Figure.of(8) if year == 2023 else None
        )
        for year in range(2022, 2027)
    )
    level = factories.numeric_target(
        2,
        name="普及率",
        unit="％",
        nature="level",
        total=Figure.of(17),
        baseline=Figure.of(7),
        baseline_year=2010,
        weight=Decimal(40),
        years=years,
    )
    targets = (factories.numeric_target(1, weight=Decimal(60)), level)
    contents = factories.contents(
        texts=c.EvaluationTexts(
            previous_score="4.5",
            fiscal_support_count=1,
            tax_support_count=2,
            loan_support_count=3,
            overall="総合評価",
        ),
        indicators=(c.Indicator(number=1, name="指標", targets=targets),),
        schemes=(
            c.Scheme(
                category="tax",
                name="減税",
                municipalities=("川崎市",),
                outline="概要",
                relation=c.Relation(all_targets=True),
                result="実績",
            ),
        ),
    )
    sealed(contents, secretariat)
    # In Japan it is the first of August.
    SealedVersion.objects.update(sealed_at=datetime(2024, 7, 31, 20, tzinfo=UTC))
    version = SealedVersion.objects.get()

    key = {"zone": "keihin", "fiscal_year": "2023", "version": "1"}
    indicator = {"indicator_number": "1", "indicator_name": "指標"}
    (figures,) = (
        row for row in records("figures") if (row["target_number"], row["year"]) == ("2", "2023")
    )
    assert figures == key | indicator | {
        "target_number": "2",
        "target_name": "普及率",
        "unit": "％",
        "nature": "level",
        "total": "17",
        "baseline": "7",
        "baseline_year": "2010",
        "weight": "40",
        "year": "2023",
        "target_value": "10",
        "actual_value": "8",
        "progress": "80",
        "actual_as_stated": "8",
    }
    assert records("indicators") == [key | indicator | {"progress": "80"}]
    assert records("schemes") == [
        key
        | {
            "position": "1",
            "category": "tax",
            "category_name": "税制支援措置",
            "name": "減税",
            "municipalities": "川崎市",
            "outline": "概要",
            "related_targets": "全て",
            "result": "実績",
        }
    ]
    assert records("results") == [
        key
        | {
            "zone_name": "京浜臨海部ライフイノベーション国際戦略総合特区",
            "municipalities": "神奈川県、横浜市、川崎市",
            "sealed_on": "2024-08-01",
            "sha256": version.sha256,
            "previous_score": "4.5",
            "fiscal_support_count": "1",
            "tax_support_count": "2",
            "loan_support_count": "3",
            "overall": "総合評価",
            "previous_grade": "",
        }
    ]


@pytest.mark.parametrize(
    ("score", "points", "grade"),
    [(None, None, ""), ("4.50", 4.5, ""), ("3.95", 3.95, ""), ("Ａ", None, "Ａ")],
)
def test_points_are_a_number_and_letters_a_text(secretariat, score, points, grade):
    contents = factories.contents(texts=c.EvaluationTexts(previous_score=score))
    sealed(contents, secretariat)
    zone = Evaluation.objects.get().zone
    (row,) = json.loads(as_json(BY_NAME["results"], zone))["rows"]
    assert (row["previous_score"], row["previous_grade"]) == (points, grade)


def test_figures_are_those_of_the_form(sample):
    figures = {
        (row["fiscal_year"], row["indicator_number"], row["target_number"], row["year"]): (
            row["target_value"],
            row["actual_value"],
            row["progress"],
        )
        for row in records("figures")
    }
    assert len(figures) == 2 * 6 * 5
    assert figures["2023", "1", "1", "2023"] == ("116", "168", "145")
    assert figures["2023", "1", "3", "2022"] == ("49000", "83442", "170")
    assert figures["2023", "4", "1", "2024"] == ("10", "", "")
    # What 2023 reached was not known yet when 2022 was sealed.
    assert figures["2022", "1", "1", "2023"] == ("116", "", "")


def test_progress_of_indicators_is_the_printed_one(sample):
    percents = [row["progress"] for row in records("indicators") if row["fiscal_year"] == "2023"]
    assert percents == ["129", "100", "107", "80"]


def test_schemes_are_those_of_annex_3(sample):
    scheme_rows = [row for row in records("schemes") if row["fiscal_year"] == "2023"]
    schemes = evaluations()[2023].schemes
    assert [(row["name"], row["result"]) for row in scheme_rows] == [
        (scheme.name, scheme.result) for scheme in schemes
    ]


@pytest.mark.parametrize(
    ("relation", "numbers"),
    [
        (c.Relation(all_targets=True), "全て"),
        (c.Relation(targets=(c.TargetKey(1, 1), c.TargetKey(1, 2))), "1-1、1-2"),
        (c.Relation(), ""),
    ],
)
def test_related_targets_are_listed_by_number(secretariat, relation, numbers):
    targets = (factories.numeric_target(1), factories.numeric_target(2))
    contents = factories.contents(
        indicators=(c.Indicator(number=1, name="指標", targets=targets),),
        schemes=(
            c.Scheme(
                category="fiscal",
                name="事業",
                relation=relation,
                municipalities=("川崎市", "横浜市"),
            ),
        ),
    )
    sealed(contents, secretariat)
    (row,) = records("schemes")
    assert (row["related_targets"], row["municipalities"]) == (numbers, "横浜市、川崎市")


def test_results_describe_the_sealed_version(sample):
    newest, older = records("results")
    assert (newest["fiscal_year"], older["fiscal_year"]) == ("2023", "2022")
    assert newest["sha256"] == sample[1].sealedversion_set.get().sha256
    assert (newest["previous_score"], newest["tax_support_count"]) == ("4.5", "2")


def test_records_that_change_after_sealing_do_not_show(sample):
    before = [as_json(table, Zone.objects.get()) for table in TABLES]
    zone = Zone.objects.get()
    zone.name = "別の名称"
    zone.save()
    for target in NumericTarget.objects.all():
        target.name, target.total = "別の目標", Decimal(1)
        target.save()
    assert [as_json(table, Zone.objects.get()) for table in TABLES] == before


def test_only_the_newest_version_of_a_year_is_published(sample, secretariat):
    evaluation = Evaluation.objects.get(fiscal_year=2023)
    evaluation.overall = "改めた総合評価"
    evaluation.save()
    campaign.sealed_as_it_is(evaluation, secretariat, reason="訂正")
    newest = records("results")[0]
    assert (newest["version"], newest["overall"]) == ("2", "改めた総合評価")
    assert len(records("results")) == 2


def test_draft_is_not_published(secretariat):
    factories.evaluation(evaluations()[2023])
    assert records("results") == []
    assert json.loads(as_json(BY_NAME["figures"], Zone.objects.get()))["rows"] == []


EXACT = ["0.1", "1234567.8901", "-5.25", "99999999999", "0"]


@pytest.mark.parametrize("value", EXACT)
def test_figures_are_exact_and_stay_figures(secretariat, value):
    years = tuple(
        c.YearFigures(
            year=year, target=Figure.of(10), actual=Figure.of(value) if year == 2023 else None
        )
        for year in range(2022, 2027)
    )
    target = factories.numeric_target(years=years, decimals=4)
    contents = factories.contents(
        indicators=(c.Indicator(number=1, name="指標", targets=(target,)),)
    )
    sealed(contents, secretariat)
    (row,) = (row for row in records("figures") if row["year"] == "2023")
    assert row["actual_value"] == value
    text = as_json(BY_NAME["figures"], Zone.objects.get()).decode()
    assert f'"actual_value": {value},' in text


def test_blank_is_blank_and_0_is_0(secretariat):
    sealed(factories.contents(texts=c.EvaluationTexts(tax_support_count=0)), secretariat)
    (row,) = records("results")
    assert (row["tax_support_count"], row["loan_support_count"]) == ("0", "")
    (json_row,) = json.loads(as_json(BY_NAME["results"], Zone.objects.get()))["rows"]
    assert (json_row["tax_support_count"], json_row["loan_support_count"]) == (0, None)
    assert json_row["overall"] == ""


@pytest.mark.parametrize("text", ["=1+1", "+81-3", "-1", "@SUM(A1)", "＝1+1"])
def test_text_like_a_formula_stays_text_in_csv(secretariat, text):
    scheme = c.Scheme(category="fiscal", name="事業", outline=text, municipalities=("川崎市",))
    sealed(factories.contents(schemes=(scheme,)), secretariat)
    (row,) = records("schemes")
    assert row["outline"] == f"'{text}"
    (json_row,) = json.loads(as_json(BY_NAME["schemes"], Zone.objects.get()))["rows"]
    assert json_row["outline"] == text


def test_csv_opens_in_excel(sample):
    written = as_csv(BY_NAME["results"], Zone.objects.get())
    assert written.startswith(b"\xef\xbb\xbf")


def test_other_zones_are_left_out(sample, secretariat):
    other = replace(factories.contents(), zone=replace(factories.contents().zone, name="別の特区"))
    campaign.sealed_as_it_is(factories.evaluation(other, slug="other"), secretariat)
    assert {row[0] for row in rows(TABLES[0], Zone.objects.get(slug="keihin"))} == {"keihin"}
    assert {row[0] for row in rows(TABLES[0], Zone.objects.get(slug="other"))} == {"other"}


def test_document_that_was_tampered_with_is_not_published(sample):
    version = sample[0].sealedversion_set.get()
    version.document = version.document.replace("216", "217")
    version.save()
    with pytest.raises(BrokenSeal, match="SHA-256"):
        rows(TABLES[0], Zone.objects.get())


def test_contents_that_were_tampered_with_are_not_published(sample):
    version = sample[0].sealedversion_set.get()
    version.contents = version.contents.replace("216", "217")
    version.save()
    with pytest.raises(BrokenSeal, match="令和4年度 第1版は.*SHA-256"):
        rows(TABLES[0], Zone.objects.get())


def test_version_without_contents_is_refused_as_unreadable(sample):
    version = sample[0].sealedversion_set.get()
    version.contents = version.contents_sha256 = ""
    version.save()
    assert read_sealed(version)
    with pytest.raises(BrokenSeal, match="令和4年度 第1版は、データとして読み取れません。"):
        rows(TABLES[0], Zone.objects.get())


def test_figures_have_the_digits_that_are_printed(secretariat):
    years = (c.YearFigures(year=2023, target=Figure.of("10.4"), actual=Figure.of("8.5")),)
    target = factories.numeric_target(
        years=years,
        total=Figure.of("50.5"),
        formula="improvement",
        baseline=Figure.of(2),
        baseline_year=2020,
    )
    contents = factories.contents(
        plan=c.Plan(first_year=2023, last_year=2023),
        indicators=(c.Indicator(number=1, name="指標", targets=(target,)),),
    )
    sealed(contents, secretariat)
    (row,) = records("figures")
    names = ("total", "target_value", "actual_value", "baseline", "baseline_year")
    assert [row[name] for name in names] == ["51", "10", "9", "", ""]


def test_queries_do_not_grow_with_the_years(sample, django_assert_num_queries):
    zone = Zone.objects.get()
    with django_assert_num_queries(1):
        rows(TABLES[0], zone)
