"""Laws of the form: what is composed reads back as the same, through every format."""

from decimal import Decimal

import pytest
from hypothesis import given, settings

from evaluations.form import compose, interpret, part3_progress
from evaluations.form import contents as c
from evaluations.form.printed_figures import percent
from tests import factories
from tests.evaluations import strategies
from tests.examples import share
from tokku.document import json, text

MANY = settings(max_examples=share(150), deadline=None)


@MANY
@given(strategies.contents())
def test_interpreting_what_was_composed_gives_the_same_contents(contents):
    interpretation = interpret(compose(contents))

    assert interpretation.contents == contents.printed()
    assert interpretation.notices == []
    assert interpretation.unplaced == []


@MANY
@given(strategies.contents())
def test_text_and_json_carry_the_whole_evaluation(contents):
    document = compose(contents)

    for media in (text, json):
        written = media.write(document)
        again = interpret(media.read(written)).contents
        assert again == contents.printed()


@MANY
@given(strategies.contents())
def test_what_was_read_composes_to_the_same_words(contents):
    """Progress is left out: its formula is not printed."""
    document = compose(contents.printed())
    assert compose(interpret(document).contents) == document


def test_figures_finer_than_their_print_are_read_as_printed():
    years = (c.YearFigures(year=2023, target=Decimal("10.44"), actual=Decimal("-8.56")),)
    target = factories.numeric_target(years=years, total=Decimal("99.99"), decimals=1)
    contents = factories.contents(
        plan=c.Plan(first_year=2023, last_year=2023),
        indicators=(c.Indicator(number=1, name="指標", targets=(target,)),),
    )
    assert interpret(compose(contents)).contents == contents.printed()
    printed = contents.printed().target(c.TargetKey(1, 1))
    assert (printed.total, printed.of_year(2023).actual) == (Decimal(100), Decimal("-8.6"))


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
