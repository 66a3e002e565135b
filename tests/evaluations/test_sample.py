"""The sample: whole, consistent with the published figures, and in words of its own."""

import re
import unicodedata
from dataclasses import fields, is_dataclass

import pytest

from evaluations import catalogue
from evaluations.checks import Picture, findings
from evaluations.form import compose, interpret
from evaluations.form.contents import number_of
from evaluations.progress import UNDEFINED
from evaluations.sample import MUNICIPALITIES, ZONES
from supports.models import RegulatoryMeasureKind
from tests import published
from tests.evaluations.strategies import as_stated
from tokku.document import text
from tokku.document.tree import clean_lines
from tokku.figures import Figure, total_of

YEARS = {slug: zone.evaluations() for slug, zone in ZONES.items()}
SAMPLE, SMALL = YEARS["keihin"], YEARS["miura"]

# Total, yearly targets, actuals of 2022 and 2023, progress of both, weight (FORM 別紙1).
FIGURES = {
    "1-1": (580, [116] * 5, [216, 168], [186, 145], 33),
    "1-2": (50, [6, 8, 12, 12, 12], [8, 8], [133, 100], 33),
    "1-3": (245_000, [49_000] * 5, [83_442, 70_203], [170, 143], 33),
    "2-1": (30, [6] * 5, [6, 6], [100, 100], None),
    "3-1": (300, [60] * 5, [61, 64], [102, 107], None),
    "4-1": (50, [10] * 5, [6, 8], [60, 80], None),
}
ORGANISATIONS = (
    "神奈川県立がんセンター",
    "神奈川県立保健福祉大学",
    "横浜市立大学附属病院",
    "キングスカイフロント",
)


@pytest.fixture(params=[(slug, year) for slug, years in YEARS.items() for year in years], ids=str)
def contents(request):
    slug, year = request.param
    return YEARS[slug][year]


def strings(value):
    """Every text in contents, wherever it is."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from strings(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings(getattr(value, field.name))


@pytest.mark.parametrize(
    ("slug", "years"), [("keihin", [2022, 2023, 2024]), ("miura", [2018, 2019, 2020])]
)
def test_there_are_three_years_of_each_zone(slug, years):
    evaluations = YEARS[slug]
    assert list(evaluations) == [contents.fiscal_year for contents in evaluations.values()] == years
    assert len({(contents.zone, contents.plan) for contents in evaluations.values()}) == 1
    names = tuple(name for _, name in ZONES[slug].MUNICIPALITIES)
    assert evaluations[years[0]].zone.municipalities == names


def test_the_zones_share_one_author():
    both = {name for _, name in MUNICIPALITIES} & {
        name for _, name in ZONES["miura"].MUNICIPALITIES
    }
    assert both == {"横浜市"}


def test_interpreting_the_composed_form_gives_the_same_contents(contents):
    interpretation = interpret(compose(contents))

    assert as_stated(interpretation.contents) == as_stated(contents.printed())
    assert all("この算式で取り込みます" in str(notice) for notice in interpretation.notices)
    assert interpretation.unplaced == []


def test_the_form_survives_plain_text(contents):
    document = compose(contents)

    assert text.read(text.write(document)) == document


def test_figures_are_those_of_the_published_form():
    for key, _, target in SAMPLE[2023].targets():
        total, targets, actuals, progress, weight = FIGURES[str(key)]
        assert target.total.number == total
        assert [number_of(figures.target) for figures in target.years] == targets
        assert [number_of(figures.actual) for figures in target.years] == [
            *actuals,
            None,
            None,
            None,
        ]
        assert [target.progress(year) for year in (2022, 2023)] == progress
        assert target.weight == weight


def test_progress_of_indicators_is_that_of_the_published_form():
    assert [i.progress(2023) for i in SAMPLE[2023].indicators] == [129, 100, 107, 80]


def test_progress_that_texts_mention_is_the_computed_one(contents):
    year = contents.fiscal_year
    for key, _, target in contents.targets():
        mentioned = re.findall(r"進捗度は(\d+)%", target.assessment.self_assessment)
        assert mentioned in ([], [str(target.progress(year))]), key

    mentioned = re.findall(r"（(\d)）が(\d+)%", contents.texts.overall)
    computed = [
        (str(indicator.number), str(progress))
        for indicator in contents.indicators
        if (progress := indicator.progress(year)) is not UNDEFINED
    ]
    assert mentioned in ([], computed)


def test_actuals_that_texts_mention_are_those_of_the_table(contents):
    for key, _, target in contents.targets():
        mentioned = re.findall(r"実績値は([\d,.]+)", target.assessment.self_assessment)
        actual = target.figures(contents.fiscal_year).actual
        assert mentioned in ([], [f"{actual or 0:,}"]), key


def test_figures_of_municipalities_add_up_to_those_of_the_zone(contents):
    for key, _, target in contents.targets():
        if target.aggregation == "once":
            continue
        for figures in target.years:
            values = [value for _, value in figures.by_municipality]
            names = tuple(name for name, _ in figures.by_municipality)
            assert figures.actual == total_of(values), (key, figures.year)
            assert names == (
                contents.zone.municipalities if figures.year <= contents.fiscal_year else ()
            )


def test_a_past_actual_is_the_same_in_every_later_evaluation():
    for years in YEARS.values():
        first, *_, last = years
        for key, *_ in years[last].targets():
            for year in range(first, last):
                earlier, later = (years[e].target(key).years[year - first] for e in (year, last))
                assert earlier == later


@pytest.mark.parametrize("year", [2022, 2023])
def test_a_past_year_is_complete(year):
    contents = SAMPLE[year]
    field_names = {field.name for field in catalogue.EVALUATION.fields_of(year)}
    texts = [
        getattr(contents.texts, f.name) for f in fields(contents.texts) if f.name in field_names
    ]
    assert "" not in texts
    assert None not in texts
    for _, _, target in contents.targets():
        assert target.assessment.strategy
        assert target.assessment.target_basis
        assert target.assessment.self_assessment
    assert len(contents.approaches) == 3
    assert all(approach.narrative and approach.achievements for approach in contents.approaches)
    assert all(support.outline and support.usage for support in contents.national_supports)
    assert all(scheme.outline and scheme.result for scheme in contents.schemes)
    assert len(contents.measures) == 11
    assert all(measure.used is not None for measure in contents.measures)
    assert {part.kind for part in contents.regional_texts} == {
        "narrative",
        "organisation",
        "private",
    }


@pytest.mark.parametrize("year", [2018, 2019])
def test_small_zone_has_what_the_other_has_not(year):
    """Tests of all parts of the product meet these cases in this sample only."""
    contents = SMALL[year]
    targets = {str(key): target for key, _, target in contents.targets()}
    assert len(contents.plan.years) == 4
    related = [
        *(row.targets for row in contents.approaches),
        *(row.relation.targets for row in contents.measures if "relation" in row.printed_fields),
        *(row.relation.targets for row in contents.schemes[1:]),
    ]
    assert min(map(len, related)) > 1
    assert {row.kind for row in contents.measures} == {*RegulatoryMeasureKind.values}
    assert {len(row.municipalities) for row in contents.schemes} == {1, 2, 3}
    reported_once = {key for key, target in targets.items() if target.aggregation == "once"}
    levels = {key for key, target in targets.items() if target.nature == "level"}
    assert reported_once == {"1-2", "2-2", "3-1", "4-1"}
    assert levels == {"1-2", "2-2", "4-1"}
    assert all(targets[key].baseline and targets[key].baseline_year for key in levels)
    in_words = {key for key, target in targets.items() if target.assessment.qualitative}
    assert in_words == ({"4-1"} if year == 2018 else {"2-2", "4-1"})
    # Visitors were not surveyed in 令和元年度.
    without = [figures.year for figures in targets["2-2"].years if figures.target is None]
    assert without == [2019]


@pytest.mark.parametrize("year", [2018, 2019])
def test_small_zone_is_complete_and_sound(year):
    contents = SMALL[year]
    for _, _, target in contents.targets():
        assessment = target.assessment
        assert assessment.strategy
        assert assessment.target_basis
        assert assessment.self_assessment
        assert (target.figures(year).actual is None) is bool(assessment.qualitative)
    assert all(scheme.outline and scheme.result for scheme in contents.schemes)
    assert findings(Picture(contents, SMALL.get(year - 1))) == []


def test_support_of_2023_is_as_published():
    contents = SAMPLE[2023]
    categories = [scheme.category for scheme in contents.schemes]
    assert {category: categories.count(category) for category in categories} == {
        "fiscal": 12,
        "tax": 1,
        "loan": 3,
        "other_rules": 9,
    }


def test_counts_of_national_support_are_those_of_the_entries(contents):
    for kind in ("fiscal", "tax", "loan"):
        count = getattr(contents.texts, f"{kind}_support_count")
        entries = [entry for entry in contents.national_supports if entry.kind == kind]
        assert count in (None, len(entries))


def test_the_current_year_is_being_filled_in():
    contents = SAMPLE[2024]
    entered = {name: 0 for _, name in MUNICIPALITIES}
    for _, _, target in contents.targets():
        for name, value in target.years[2].by_municipality:
            entered[name] += value is not None

    assert entered == {"神奈川県": 4, "横浜市": 6, "川崎市": 1}
    assert contents.target((3, 1)).years[2].actual == Figure.of(67)
    assert contents.texts.overall == ""
    assert contents.texts.loan_support_count is None
    assert {bool(scheme.result) for scheme in contents.schemes} == {True, False}


def test_the_current_year_of_the_small_zone_is_half_filled():
    contents = SMALL[2020]
    entered = {str(key): target.figures(2020).actual for key, _, target in contents.targets()}
    assert {key for key, actual in entered.items() if actual is not None} == {"1-2"}
    parts = [value for _, value in contents.target((1, 1)).years[2].by_municipality]
    assert parts == [None, Figure.of("5.6"), Figure.of("2.0")]
    assert contents.texts.overall == ""
    assert {bool(scheme.result) for scheme in contents.schemes} == {True, False}


def test_texts_are_clean_and_brackets_match(contents):
    for value in strings(contents):
        assert value == clean_lines(value)
        assert re.search("[０-９Ａ-Ｚａ-ｚ％，．()]", value) is None, value
        for opening, closing in ("（）", "「」", "『』", "【】"):
            assert value.count(opening) == value.count(closing), value


@published.needed
def test_texts_share_no_wording_with_the_published_form(contents):
    whole = bare(published.PATH.read_text("utf-8"))
    names = sorted(set(map(bare, known_names(contents))), key=len, reverse=True)
    anywhere = re.compile("|".join(map(re.escape, names)))

    shared = [
        run
        for value in strings(contents)
        for line in value.split("\n")
        for part in anywhere.split(bare(line))
        for run in runs(part, 18)
        if run in whole
    ]
    assert shared == []


def bare(value):
    return "".join(unicodedata.normalize("NFKC", value).split())


def runs(value, length):
    return (value[start : start + length] for start in range(len(value) - length + 1))


def known_names(contents):
    """Names are facts and are the published ones."""
    yield contents.zone.name
    yield from ORGANISATIONS
    for _, indicator, target in contents.targets():
        yield from (indicator.name, target.name)
    for approach in contents.approaches:
        yield from (achievement.heading for achievement in approach.achievements)
    for named in (*contents.measures, *contents.national_supports, *contents.schemes):
        yield named.name
