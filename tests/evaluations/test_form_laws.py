"""Laws of the form: what is composed reads back as the same, through every format."""

from hypothesis import given, settings

from evaluations.form import compose, interpret
from tests.evaluations import strategies
from tokku.document import json, text

MANY = settings(max_examples=150, deadline=None)


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
