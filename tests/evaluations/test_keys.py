"""Keys are told from their text, and say the same text again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations import catalogue
from evaluations.keys import ItemKey, RecordKey, RowKey, TargetKey

NUMBERS = st.integers(1, 10**17)
SOURCES = st.sampled_from(sorted({kind.source for kind in catalogue.KINDS.values()} - {""}))
ROWS = st.builds(RowKey, st.sampled_from(sorted(catalogue.KINDS)), NUMBERS)
PLACES = st.one_of(
    SOURCES.map(RecordKey),
    st.tuples(SOURCES, st.sampled_from(["1-2", "3", "tax", "narrative"])).map(
        lambda parts: RecordKey(*parts)
    ),
    st.tuples(SOURCES, st.sampled_from(["1-2", "3", "tax"]), NUMBERS).map(
        lambda parts: RecordKey(*parts)
    ),
)


@given(PLACES)
def test_a_place_in_the_form_is_told_from_its_text(key):
    assert RecordKey.parse(str(key)) == key


@given(ROWS, st.sampled_from(["", "result", "all_targets"]))
def test_a_row_and_its_field_are_told_from_their_text(row, field):
    assert RowKey.parse(str(row)) == row
    assert ItemKey.parse(str(ItemKey(row, field))) == (row, field)


@pytest.mark.parametrize("text", ["", "/", "target/", "a/b/c", "a/b/1/2", "target//3", "a/b/01"])
def test_what_names_no_place_is_refused(text):
    with pytest.raises(ValueError, match="no place"):
        RecordKey.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "supports.scheme",
        "supports.scheme/",
        "supports.scheme/x",
        "supports.scheme/-1",
        "supports.scheme/1/2",
        "supports.scheme/01",
        "supports.scheme/１",
        "auth.group/1",
        "supports.scheme/" + "9" * 19,
    ],
)
def test_what_names_no_row_is_none(text):
    assert RowKey.parse(text) is None


@pytest.mark.parametrize(
    ("text", "of", "year"),
    [
        ("target/1-2", None, None),
        ("target/1-2/2023", None, 2023),
        ("approach/3", "approach", None),
        ("achievement/3/1", "achievement/3", None),
        ("scheme/tax/2", "scheme/tax", None),
        ("zone", None, None),
    ],
)
def test_a_place_knows_its_list_and_its_year(text, of, year):
    key = RecordKey.parse(text)
    assert (key.list and str(key.list), key.year) == (of, year)


def test_a_place_knows_its_target():
    assert RecordKey.parse("assessment/2-10").target == TargetKey(2, 10)
