"""Sealed contents (data) are read back to the digit, also by code with more or fewer fields."""

import json
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.form import compose, interpret
from evaluations.form import contents as c
from evaluations.form.printed_figures import percent
from evaluations.sample import evaluations
from evaluations.sealed.contents import (
    PrintedProgress,
    SealedContents,
    UnreadableContents,
    read,
    with_progress,
    write,
)
from tests.evaluations import strategies
from tests.examples import share
from tokku.figures import Figure

MANY = settings(max_examples=share(60), deadline=None)
# The sample's fiscal 2023 with a level and a score, written by the first code of format 1. Never change it.
STORED = (Path(__file__).parent / "contents_format_1.json").read_text("utf-8")

SCALARS = {
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    Figure: strategies.figures(4) | strategies.answers,
    c.TargetKey: st.builds(c.TargetKey, st.integers(1, 999), st.integers(1, 50)),
    date: st.dates(),
}


def anything(kind):
    """Values of a type hint; dataclasses have every field filled in, also those that no form prints."""
    if is_dataclass(kind) and kind not in SCALARS:
        hints = get_type_hints(kind)
        return st.builds(kind, **{f.name: anything(hints[f.name]) for f in fields(kind)})
    args = get_args(kind)
    if get_origin(kind) is tuple and args[-1] is Ellipsis:
        return st.lists(anything(args[0]), max_size=2).map(tuple)
    if get_origin(kind) is tuple:
        return st.tuples(*map(anything, args))
    if args:
        return st.one_of(*map(anything, args))
    return SCALARS[kind] if kind in SCALARS else st.from_type(kind)


@MANY
@given(anything(SealedContents))
def test_written_contents_are_read_back_to_the_digit(sealed):
    written = write(sealed)
    assert read(written) == sealed
    assert write(read(written)) == written


@pytest.mark.parametrize(
    "value", ["0", "-0", "0.0", "116.0000", "1E+3", "1E-9", "12345678901.2345"]
)
def test_decimals_keep_the_digits_that_they_have(value):
    printed = PrintedProgress(of=1, year=2023, percent=Decimal(value))
    again = read(write(SealedContents(contents=evaluations()[2023], progress=(printed,))))
    assert str(again.progress[0].percent) == value


@pytest.mark.parametrize("value", [None, "4.0", "4.50", "Ａ"])
def test_a_score_is_the_text_that_a_number_was_in_earlier_versions(value):
    contents = replace(evaluations()[2023], texts=c.EvaluationTexts(score=value))
    written = write(with_progress(contents))
    assert f'"score": {json.dumps(value, ensure_ascii=False)}' in written
    assert read(written).contents.texts.score == value


@MANY
@given(strategies.contents())
def test_progress_is_the_printed_one(contents):
    sealed = {(line.of, line.year): line.progress for line in with_progress(contents).progress}
    printed = {(line.key, line.year): line.text for line in interpret(compose(contents)).printed}
    assert {key: percent(sealed.get(key)) for key in printed} == printed
    assert sealed.keys() <= printed.keys()


# Texts written by other versions of the code


def leaves(value, prefix=()):
    """The scalar values of parsed JSON by their paths."""
    if not isinstance(value, dict | list):
        return {prefix: value}
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    return {
        path: leaf for key, part in parts for path, leaf in leaves(part, (*prefix, key)).items()
    }


def test_stored_text_is_read_and_nothing_of_it_is_lost():
    stored, again = leaves(json.loads(STORED)), leaves(json.loads(write(read(STORED))))
    # Figures were numbers then, and printed with the decimals of their target.
    digits = {path for path, leaf in stored.items() if str(leaf).isdecimal()} - {("format",)}
    lost = {path for path, leaf in stored.items() if again.get(path, "lost") != leaf}
    assert lost - digits == {("format",)}
    assert all(Decimal(again[path]) == Decimal(stored[path]) for path in lost & digits)


def test_stored_text_has_its_known_values():
    sealed = read(STORED)
    contents = sealed.contents
    first, last = contents.indicators[0].targets[0], contents.indicators[3].targets[0]
    assert (contents.fiscal_year, contents.plan.term) == (2023, 3)
    assert contents.zone.certified_on == date(2012, 3, 9)
    assert (first.name, first.weight) == ("特区関連事業による投資額", Decimal(33))
    assert first.of_year(2023).by_municipality[0] == ("神奈川県", Figure.of(12))
    assert (last.formula, last.aggregation) == ("improvement", "once")
    assert (last.baseline.digits, last.baseline_year) == ("2.50", 2021)
    assert contents.approaches[0].targets[0] == c.TargetKey(2, 1)
    assert (contents.texts.score, contents.texts.remarks) == ("4.2", "所見")
    percents = {(line.of, line.year): line.percent for line in sealed.progress}
    assert percents[c.TargetKey(1, 1), 2023] == 145
    assert percents[1, 2023] == 129


def text(change=lambda data: None, **values):
    """A small text of format 1, whose data `change` may edit in place."""
    data = {
        "format": 1,
        "contents": {
            "fiscal_year": 2023,
            "zone": {
                "kind": "international",
                "name": "特区",
                "designated_on": "2011-12-22",
                "certified_on": "2012-03-09",
            },
            "plan": {"first_year": 2022, "last_year": 2026},
            "texts": {"previous_score": "4.5"},
            "indicators": [
                {
                    "number": 1,
                    "name": "効果",
                    "targets": [
                        {
                            "number": 1,
                            "name": "投資額",
                            "unit": "億円",
                            "total": "580",
                            "years": [
                                {"year": 2023, "by_municipality": [["横浜市", "8"]]},
                            ],
                        }
                    ],
                }
            ],
            "approaches": [{"targets": ["1-1"]}],
        },
        "progress": [{"of": "1-1", "year": 2023, "percent": None}],
    } | values
    change(data)
    return json.dumps(data)


def test_absent_fields_have_their_defaults():
    sealed = read(text())
    target = sealed.contents.indicators[0].targets[0]
    assert (target.formula, target.weight, target.decimals) == ("ratio", None, 0)
    assert target.of_year(2023) == c.YearFigures(
        year=2023, by_municipality=(("横浜市", Figure.of(8)),)
    )
    assert target.assessment == c.Assessment()
    assert (sealed.contents.plan.term, sealed.contents.schemes) == (None, ())
    (progress,) = sealed.progress
    assert progress == PrintedProgress(of=c.TargetKey(1, 1), year=2023, percent=None)


def test_unknown_fields_are_ignored():
    def add(data):
        if isinstance(data, dict):
            for part in data.values():
                add(part)
            data["of_a_later_version"] = {"new": [1, "2"]}
        elif isinstance(data, list):
            for part in data:
                add(part)

    assert read(text(add)) == read(text())


def put(*path, value):
    def change(data):
        for key in path[:-1]:
            data = data[key]
        data[path[-1]] = value

    return change


def drop(*path):
    def change(data):
        for key in path[:-1]:
            data = data[key]
        del data[path[-1]]

    return change


TARGET = ("contents", "indicators", 0, "targets", 0)
YEAR = (*TARGET, "years", 0)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (drop("contents"), "「contents」がありません"),
        (drop("progress"), "「progress」がありません"),
        (drop("contents", "plan", "first_year"), "「contents.plan.first_year」がありません"),
        (drop(*TARGET, "unit"), "「contents.indicators.1.targets.1.unit」がありません"),
        (put("contents", value=[]), "「contents」を読み取れません"),
        (put("contents", "fiscal_year", value="2023"), "「contents.fiscal_year」を読み取れません"),
        (put("contents", "fiscal_year", value=True), "「contents.fiscal_year」を読み取れません"),
        (put("contents", "fiscal_year", value=None), "「contents.fiscal_year」を読み取れません"),
        (put("contents", "zone", "certified_on", value="3月"), "「contents.zone.certified_on」を"),
        (put("contents", "texts", "previous_score", value=4.5), "previous_score」を読み取れません"),
        (put(*TARGET, "total", value="多数"), "total」を読み取れません"),
        (put(*TARGET, "years", value={}), "years」を読み取れません"),
        (put(*YEAR, "by_municipality", value=[["横浜市"]]), "by_municipality.1」の値の数が2では"),
        (put("contents", "approaches", 0, "targets", value=["1"]), "targets.1」を読み取れません"),
        (put("progress", 0, "of", value="総合"), "「progress.1.of」を読み取れません"),
        (put("format", value=3), "形式が2ではありません（3）"),
        (drop("format"), "形式が2ではありません（None）"),
    ],
)
def test_unreadable_value_is_refused_with_its_place(change, sentence):
    with pytest.raises(UnreadableContents, match=sentence):
        read(text(change))


@pytest.mark.parametrize("written", ["", "{", "[]", "1", '"contents"'])
def test_text_that_is_no_contents_is_refused(written):
    with pytest.raises(UnreadableContents, match="内容のデータ"):
        read(written)
