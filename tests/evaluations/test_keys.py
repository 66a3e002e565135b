"""Keys are parsed from their text, and give the same text again."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations import catalogue
from evaluations.keys import ItemKey, RecordKey, RowKey, TargetKey
from tokku.document.tree import Source

NUMBERS = st.integers(1, 10**17)
SOURCES = st.sampled_from(sorted({kind.source for kind in catalogue.KINDS.values()} - {""}))
ROWS = st.builds(RowKey, st.sampled_from(sorted(catalogue.KINDS)), NUMBERS)
TARGETS = st.builds(TargetKey, NUMBERS, NUMBERS)
OWNERS = st.one_of(TARGETS, NUMBERS, st.sampled_from(["tax", "narrative"]))
PLACES = st.one_of(
    SOURCES.map(RecordKey),
    st.builds(RecordKey, SOURCES, OWNERS, st.none() | NUMBERS),
)


@given(PLACES)
def test_record_key_is_parsed_from_its_text(key):
    assert RecordKey.parse(str(key)) == key


@given(ROWS, st.sampled_from(["", "result", "all_targets"]))
def test_row_and_item_keys_are_parsed_from_their_text(row, field):
    assert RowKey.parse(str(row)) == row
    assert ItemKey.parse(str(ItemKey(row, field))) == (row, field)


@given(TARGETS)
def test_target_key_is_parsed_from_its_text(key):
    assert TargetKey.parse(str(key)) == key


@pytest.mark.parametrize(
    "text", ["", "1", "1-", "-1", "1-2-3", "1--2", "01-2", "0-1", "1-２", "a-b"]
)
def test_text_that_is_no_target_key_is_refused(text):
    with pytest.raises(ValueError, match="no numeric target"):
        TargetKey.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "target/",
        "a/b/c",
        "a/b/1/2",
        "target//3",
        "a/b/01",
        "a/01",
        "a/１",
        "a/b/-1",
    ],
)
def test_text_that_is_no_record_key_is_refused(text):
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
def test_text_that_is_no_row_key_gives_none(text):
    assert RowKey.parse(text) is None


@pytest.mark.parametrize(
    ("text", "list_key", "year"),
    [
        ("target/1-2", None, None),
        ("target/1-2/2023", None, 2023),
        ("indicator/3", None, None),
        ("approach/3", "approach", None),
        ("achievement/3/1", "achievement/3", None),
        ("scheme/tax/2", "scheme/tax", None),
        ("regional_text/narrative/2", None, None),  # people tell them apart by nothing
        ("zone", None, None),
    ],
)
def test_a_place_knows_its_list_and_its_year(text, list_key, year):
    key = RecordKey.parse(text)
    assert (key.list and str(key.list), key.year) == (list_key, year)


@pytest.mark.parametrize(
    ("text", "target", "place"),
    [
        ("assessment/2-10", TargetKey(2, 10), "2-10"),
        ("target/2-10/2023", TargetKey(2, 10), "2-10/2023"),
        ("approach/3", None, "3"),
        ("scheme/tax/2", None, "tax/2"),
        ("zone", None, ""),
    ],
)
def test_a_place_knows_its_target_and_what_follows_its_kind(text, target, place):
    key = RecordKey.parse(text)
    assert (key.target, key.place) == (target, place)


def test_a_field_of_a_place_is_where_printed_words_come_from():
    key = RecordKey("target", TargetKey(1, 2), 2023)
    assert key.field("actual") == Source("target/1-2/2023", "actual")


# No other module builds or parses these texts

ROOT = Path(__file__).resolve().parents[2]
# Modules that still do; in form_links.py it is the address of a page.
EXCUSED = {"evaluations/keys.py", "evaluations/models/review.py", "evaluations/views/form_links.py"}
BEGINNINGS = tuple(f"{kind.source}/" for kind in catalogue.KINDS.values() if kind.source)
TAKING_APART = {"split", "rsplit", "partition", "rpartition"}


def handles_keys(node: ast.AST) -> bool:
    """Whether an expression builds the text of a key or takes one apart: "scheme/…", f"{…}/…", ….split("/")."""
    match node:
        case ast.Constant(value=str(text)):
            return text.startswith(BEGINNINGS)
        case ast.JoinedStr(values=[ast.FormattedValue(), ast.Constant(value=str(text)), *_]):
            return text.startswith("/")
        case ast.Call(func=ast.Attribute(attr=name), args=[ast.Constant(value="/"), *_]):
            return name in TAKING_APART
    return False


def test_only_the_module_of_keys_builds_and_parses_them():
    places = [
        f"{path}:{node.lineno}"
        for source in ("evaluations", "supports", "tokku")
        for file in sorted((ROOT / source).rglob("*.py"))
        if (path := str(file.relative_to(ROOT))) not in EXCUSED and file.parent.name != "migrations"
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if handles_keys(node)
    ]
    assert places == []


@pytest.mark.parametrize(
    ("expression", "is_handling"),
    [
        ('f"scheme/{category}/{n}"', True),
        ('"regional_text/narrative"', True),
        ('f"{record}/{n}"', True),
        ('record.split("/")', True),
        ('key.rpartition("/")[2]', True),
        ('record.startswith("target/")', True),
        ('"scheme"', False),
        ('f"evaluations/{template}.txt"', False),
        ('text.split("\\n")', False),
    ],
)
def test_expressions_that_handle_keys_are_recognised(expression, is_handling):
    assert any(map(handles_keys, ast.walk(ast.parse(expression)))) == is_handling
