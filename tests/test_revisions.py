"""The merge of two people's saves, field by field: its table, and its laws."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokku.revisions import (
    CHOOSE,
    SAVED_AGAIN,
    SAVED_FIRST,
    STORED,
    TYPED,
    Conflict,
    ConflictChoice,
    MergedField,
    MissingValue,
    merge,
)
from tokku.values import is_same


@dataclass(frozen=True)
class Row:
    pk: int


# Few of each kind, so that two people often say the same.
VALUES = [
    [None, "", "前", "同僚", "私", "一行目\n二行目"],
    [None, Decimal(0), Decimal("1"), Decimal("1.0"), Decimal("-2.5")],
    [None, False, True],
    [(), (Row(1),), (Row(1), Row(2)), (Row(2), Row(1)), (Row(3),)],
]


@st.composite
def meetings(draw):
    """What was seen, stored and typed, and what was chosen, if anything, of which versions."""
    values = st.sampled_from(draw(st.sampled_from(VALUES)))
    seen = draw(values | st.just(MissingValue.UNKNOWN))
    typed = draw(values | st.just(MissingValue.UNREADABLE))
    choice = draw(
        st.none() | st.builds(ConflictChoice, values, st.sampled_from([TYPED, STORED, "", "both"]))
    )
    return seen, draw(values), typed, choice


@pytest.mark.parametrize(
    ("seen", "stored", "typed", "choice", "expected"),
    [
        # Changed by nobody, by one person, by both.
        ("前", "前", "前", None, MergedField("前")),
        ("前", "前", "私", None, MergedField("私")),
        ("前", "同僚", "前", None, MergedField("同僚")),
        ("前", "同僚", "同僚", None, MergedField("同僚")),
        ("前", "同僚", "私", None, MergedField("私", SAVED_FIRST)),
        # Blank is a value that one can change to, and is not zero.
        ("前", "", "私", None, MergedField("私", SAVED_FIRST)),
        ("前", "同僚", "", None, MergedField("", SAVED_FIRST)),
        (None, "", "私", None, MergedField("私")),
        (None, Decimal(0), Decimal(5), None, MergedField(Decimal(5), SAVED_FIRST)),
        (Decimal("1.0"), Decimal("1.00"), Decimal(5), None, MergedField(Decimal(5))),
        ((Row(1), Row(2)), (Row(2), Row(1)), (Row(3),), None, MergedField((Row(3),))),
        # With an unknown seen value or an unreadable typed one, the field never counts as left alone.
        (MissingValue.UNKNOWN, "前", "前", None, MergedField("前")),
        (MissingValue.UNKNOWN, "前", "私", None, MergedField("私", SAVED_FIRST)),
        ("前", "前", MissingValue.UNREADABLE, None, MergedField(MissingValue.UNREADABLE)),
        (
            "前",
            "同僚",
            MissingValue.UNREADABLE,
            None,
            MergedField(MissingValue.UNREADABLE, SAVED_FIRST),
        ),
        (
            MissingValue.UNKNOWN,
            "前",
            MissingValue.UNREADABLE,
            None,
            MergedField(MissingValue.UNREADABLE, SAVED_FIRST),
        ),
        # A choice counts between the versions that were shown, whatever was seen before.
        ("前", "同僚", "私", ConflictChoice("同僚", TYPED), MergedField("私", chosen=TYPED)),
        ("前", "同僚", "私", ConflictChoice("同僚", STORED), MergedField("同僚", chosen=STORED)),
        ("前", "同僚", "前", ConflictChoice("同僚", TYPED), MergedField("前", chosen=TYPED)),
        ("同僚", "同僚", "私", ConflictChoice("同僚", STORED), MergedField("同僚", chosen=STORED)),
        ("前", "同僚", "私", ConflictChoice("同僚", ""), MergedField("私", CHOOSE)),
        ("前", "同僚", "私", ConflictChoice("同僚", "both"), MergedField("私", CHOOSE)),
        ("前", "更に", "私", ConflictChoice("同僚", TYPED), MergedField("私", SAVED_AGAIN)),
        ("前", "更に", "私", ConflictChoice("同僚", ""), MergedField("私", SAVED_AGAIN)),
        ("前", "私", "私", ConflictChoice("同僚", STORED), MergedField("私")),
        (
            "前",
            "同僚",
            MissingValue.UNREADABLE,
            ConflictChoice("同僚", STORED),
            MergedField("同僚", chosen=STORED),
        ),
    ],
)
def test_merge_of_a_field(seen, stored, typed, choice, expected):
    merged = merge(seen, stored, typed, choice)
    assert merged == expected
    assert merged.is_contested == (merged != MergedField(merged.value))


@given(meetings())
def test_nothing_typed_is_lost_unless_it_was_left_alone_or_given_up(meeting):
    seen, _, typed, choice = meeting
    merged = merge(*meeting)
    is_left_alone = not choice and is_same(typed, seen)
    assert is_same(merged.value, typed) or is_left_alone or merged.chosen == STORED


@given(meetings())
def test_nothing_stored_is_written_over_that_was_not_seen(meeting):
    seen, stored, _, choice = meeting
    merged = merge(*meeting)
    has_seen = is_same(choice.shown, stored) if choice else is_same(seen, stored)
    assert merged.sentence or has_seen or is_same(merged.value, stored)


@given(meetings())
def test_merge_does_not_depend_on_who_saves_first(meeting):
    seen, stored, typed, _ = meeting
    merged, swapped = merge(seen, stored, typed), merge(seen, typed, stored)
    assert merged.sentence == swapped.sentence
    assert merged.sentence or is_same(merged.value, swapped.value)


@given(meetings())
def test_merging_again_after_saving_changes_nothing(meeting):
    """The same values sent again after saving change nothing and ask nothing."""
    seen, stored, _, choice = meeting
    merged = merge(*meeting)
    if not merged.sentence:
        assert merge(seen, merged.value, merged.value, choice) == MergedField(merged.value)
        assert is_same(merge(stored, stored, merged.value).value, merged.value)


@given(meetings())
def test_only_different_changes_of_both_are_contested(meeting):
    seen, stored, typed, choice = meeting
    merged = merge(*meeting)
    assert not (merged.sentence and merged.chosen)
    have_both_changed = not (is_same(typed, seen) or is_same(stored, seen))
    assert merged.is_contested == (
        not is_same(typed, stored) and (choice is not None or have_both_changed)
    )


@pytest.mark.parametrize(
    ("sentence", "is_unseen"),
    [(SAVED_FIRST, True), (SAVED_AGAIN, True), (CHOOSE, False), ("", False)],
)
def test_a_version_that_was_shown_is_no_news(sentence, is_unseen):
    assert Conflict("", "", None, 1, sentence=sentence).is_unseen is is_unseen
