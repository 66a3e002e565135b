"""Laws of the form: what is composed reads back as the same, through every format."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings

from evaluations.form import compose, interpret, part3_progress
from evaluations.form import contents as c
from evaluations.form.printed_figures import percent
from tests import factories
from tests.evaluations import strategies
from tests.evaluations.strategies import as_stated
from tests.examples import share
from tokku.document import json, text
from tokku.figures import Figure

MANY = settings(max_examples=share(150), deadline=None)


# What no form prints follows from its figures: by which formula it computes, and whether they are running totals.
INFERRED = re.compile("この算式で取り込みます|初めからの累計として取り込みます")


@MANY
@given(strategies.contents())
def test_interpreting_what_was_composed_gives_the_same_contents(contents):
    interpretation = interpret(compose(contents))

    assert as_stated(interpretation.contents) == as_stated(contents.printed())
    assert [
        str(notice) for notice in interpretation.notices if not INFERRED.search(str(notice))
    ] == []
    assert interpretation.unplaced == []


@MANY
@given(strategies.contents())
def test_text_and_json_carry_the_whole_evaluation(contents):
    document = compose(contents)

    for media in (text, json):
        written = media.write(document)
        again = interpret(media.read(written)).contents
        assert as_stated(again) == as_stated(contents.printed())


@MANY
@given(strategies.contents())
def test_what_was_read_composes_to_the_same_words(contents):
    document = compose(contents)
    assert compose(interpret(document).contents) == document


@pytest.mark.parametrize(
    ("actuals", "progress", "formula"),
    [
        ([0], "0%", "ratio"),
        ([0], "—", "less_is_better"),
        ([0, 5], "—\t 200%", "less_is_better"),
        # By hand, for a reason that no formula has:
        ([0, 5], "—\t 50%", "ratio"),
        ([20, 5], "—\t 200%", "less_is_better"),
    ],
)
def test_a_dash_chooses_among_the_formulas_that_the_numbers_leave(actuals, progress, formula):
    years = tuple(
        c.YearFigures(year=year, target=Figure.of(10), actual=Figure.of(actual))
        for year, actual in enumerate(actuals, 2017)
    )
    target = factories.numeric_target(years=years)
    contents = factories.contents(
        fiscal_year=years[-1].year,
        plan=c.Plan(first_year=2017, last_year=years[-1].year),
        indicators=(c.Indicator(number=1, name="指標", targets=(target,)),),
    )
    written, count = re.subn(
        r"(進捗度\(%\)\t ).+", rf"\g<1>{progress}", text.write(compose(contents))
    )
    assert count == 1
    [[target]] = [i.targets for i in interpret(text.read(written)).contents.indicators]
    assert target.formula == formula


@pytest.mark.parametrize(
    ("evaluated", "printed"),
    [
        (2018, ["平成29", "平成30", "平成31", "平成32", "平成33"]),
        (2019, ["平成29", "平成30", "令和元", "令和2", "令和3"]),
    ],
)
def test_years_are_named_by_the_eras_that_had_begun(evaluated, printed):
    years = range(2017, 2022)
    target = factories.numeric_target(years=tuple(c.YearFigures(year=year) for year in years))
    level = replace(
        factories.numeric_target(2), years=target.years, nature="level", baseline=Figure.of(7)
    )
    level = replace(level, baseline_year=2016)
    contents = factories.contents(
        fiscal_year=evaluated,
        plan=c.Plan(first_year=2017, last_year=2021),
        indicators=(c.Indicator(number=1, name="指標", targets=(target, level)),),
    )
    written = text.write(compose(contents))
    assert "\t ".join(f"{year}年度" for year in printed) in written
    assert f"5年間（{printed[0]}～{printed[-1]}年度）累計：" in written
    assert f"（平成28年度）→50件（{printed[-1]}年度）" in written
    assert as_stated(interpret(text.read(written)).contents) == as_stated(contents.printed())


def test_figures_finer_than_their_print_are_read_as_printed():
    years = (c.YearFigures(year=2023, target=Figure.of("10.44"), actual=Figure.of("-8.56")),)
    target = factories.numeric_target(years=years, total=Figure.of("99.99"), decimals=1)
    contents = factories.contents(
        plan=c.Plan(first_year=2023, last_year=2023),
        indicators=(c.Indicator(number=1, name="指標", targets=(target,)),),
    )
    assert interpret(compose(contents)).contents == contents.printed()
    printed = contents.printed().target(c.TargetKey(1, 1))
    assert (printed.total, printed.of_year(2023).actual) == (
        Figure.of("100.0"),
        Figure.of("-8.6"),
    )


@MANY
@given(strategies.contents())
def test_progress_is_found_where_a_line_prints_it(contents):
    year = contents.fiscal_year
    computed = {
        f"indicator/{indicator.number}": indicator.progress(year)
        for indicator in contents.indicators
    }
    computed |= {
        f"target/{key}/{year}": target.progress(year) for key, _, target in contents.targets()
    }
    for block in part3_progress.compose(contents):
        if block.source and block.source.record in computed:
            shown = percent(computed[block.source.record])
            start = block.text.rindex(f"進捗度 {shown}")
            span = (start, start + len(f"進捗度 {shown}")) if shown else None
            assert part3_progress.progress_span(block.text) == span


@pytest.mark.parametrize(
    "name",
    ["指標【進捗度 50%】", "指標、進捗度 50%", "指標【進捗度 50", "指標、進捗度 50%、寄与度 3"],
)
def test_name_that_reads_like_a_progress_is_not_taken_for_one(name):
    assert part3_progress.progress_span(f"評価指標（1）：{name}【進捗度 】") is None
    text = f"評価指標（1）：{name}【進捗度 129%】"
    start, end = part3_progress.progress_span(text)
    assert (text[start:end], text[end:]) == ("進捗度 129%", "】")
