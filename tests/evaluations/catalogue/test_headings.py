"""Every heading of the catalogue is printed, and read, as the form of the year has it."""

import re
from dataclasses import replace

import pytest

from evaluations import catalogue, sample
from evaluations.catalogue import (
    annex1_targets,
    part1_name,
    part2_plan,
    part3_progress,
    part4_measures,
    part5_national,
    part6_regional,
)
from evaluations.catalogue.structure import ByYear, FormHeading, value_in
from evaluations.form import compose, interpret
from evaluations.form.contents import Achievement, Contents, NationalSupport
from tokku.document import text

CHANGED = 2024  # the first fiscal year with other words


def everything() -> Contents:
    """The sample's 2023 with text below each heading of the form."""
    contents = sample.evaluations()[2023].printed()
    first, *rest = contents.indicators
    target = replace(
        first.targets[0],
        assessment=replace(first.targets[0].assessment, qualitative="文章で評価する。"),
    )
    (approach, *approaches) = contents.approaches
    return replace(
        contents,
        texts=replace(contents.texts, no_measures_reason="理由", previous_score="4.5"),
        indicators=(replace(first, targets=(target, *first.targets[1:])), *rest),
        approaches=(
            replace(approach, achievements=(Achievement(level="main", heading="見出し"),)),
            *approaches,
        ),
        national_supports=tuple(
            NationalSupport(kind=kind, name=f"{kind}の事業", outline="概要", usage="活用状況")
            for kind in part5_national.KINDS
        ),
    )


def in_year(contents: Contents, year: int) -> Contents:
    return replace(contents, fiscal_year=year)


def printed(contents: Contents) -> str:
    return "".join(text.write(compose(contents)).split())


def renamed(words: str) -> str:
    """The words with 新 before the first letter that is not a mark."""
    kind_of_zone, rest = re.match("(〔種別〕)?(.*)", words, re.S).groups()
    return (kind_of_zone or "") + re.sub("([ぁ-んァ-ヶ一-龠])", r"新\1", rest, count=1)


@pytest.fixture
def patched():
    """A function that gives a heading another value of a field (words, number …) from CHANGED on."""
    undo = []

    def patch(heading: FormHeading, name: str, new: str) -> None:
        undo.append((heading, name, getattr(heading, name)))
        old = value_in(getattr(heading, name), CHANGED - 1)
        object.__setattr__(heading, name, ByYear(((2012, old), (CHANGED, new))))

    yield patch
    for heading, name, old in undo:
        object.__setattr__(heading, name, old)


def is_in_form(heading: FormHeading, year: int) -> bool:
    """Whether the year's form has the heading and all fields below it."""
    fields = [field for kind in catalogue.KINDS.values() for field in kind.fields]
    return heading.is_in(year) and all(
        field.is_in(year) for field in fields if heading in field.headings
    )


@pytest.mark.parametrize("heading", catalogue.headings(), ids=lambda heading: heading.newest[:20])
def test_new_words_are_printed_and_read_from_their_year_on(heading, patched):
    contents = everything()
    old = value_in(heading.words, CHANGED - 1)
    new = renamed(old)
    assert old != new
    patched(heading, "words", new)
    wordings = {CHANGED - 1: old, CHANGED: new}
    for year, words in wordings.items():
        if not is_in_form(heading, year):
            continue
        of_year = in_year(contents, year)
        document = compose(of_year)
        line = "".join(heading.of(year, of_year.zone.kind).split())
        assert line in printed(of_year)
        assert heading.of(year).endswith(words)
        assert interpret(document).contents == of_year
        assert interpret(document).unplaced == []


@pytest.mark.parametrize(
    ("heading", "number"),
    [(part2_plan.RESPONSE_TO_PREVIOUS, "⑦"), (part6_regional.OVERALL, "8")],
    ids=["2⑤", "7"],
)
def test_new_number_is_printed_read_and_named_in_the_instruction(heading, number, patched):
    contents = everything()
    patched(heading, "number", number)
    (field,) = (field for field in catalogue.EVALUATION.fields if heading in field.headings)
    for year in (CHANGED - 1, CHANGED):
        of_year = in_year(contents, year)
        assert interpret(compose(of_year)).contents == of_year
        assert field.instruction_in(year).startswith(heading.place(year))
    assert number in printed(in_year(contents, CHANGED))
    assert heading.place(CHANGED).endswith(number)
    assert not heading.place(CHANGED - 1).endswith(number)


@pytest.mark.parametrize(
    ("columns", "key"),
    [
        *((part4_measures.COLUMNS, kind) for kind in part4_measures.COLUMNS),
        (part6_regional.COLUMNS, "fiscal"),
        (part6_regional.COLUMNS, "relaxation"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_new_columns_are_printed_and_read_from_their_year_on(columns, key, monkeypatch):
    contents = everything()
    old = value_in(columns[key], CHANGED - 1)
    new = tuple(map(renamed, old))
    monkeypatch.setitem(columns, key, ByYear(((2012, old), (CHANGED, new))))
    for year, names in ((CHANGED - 1, old), (CHANGED, new)):
        of_year = in_year(contents, year)
        assert all("".join(name.split()) in printed(of_year) for name in names)
        assert interpret(compose(of_year)).contents == of_year


# No evaluation can be read without these.
NEEDED = (
    part1_name.NAME,
    part2_plan.PART,
    part2_plan.DATES,
    part3_progress.PART,
    part3_progress.INDICATORS,
    annex1_targets.ANNEX,
)


@pytest.mark.parametrize(
    "heading",
    [heading for heading in catalogue.headings() if heading.level and heading not in NEEDED],
    ids=lambda heading: heading.newest[:20],
)
def test_part_that_a_year_does_not_have_is_neither_printed_nor_missed(heading):
    contents, later = in_year(everything(), CHANGED - 1), in_year(everything(), CHANGED)
    with_it = compose(later)
    since, line = heading.since, "".join(heading.of(CHANGED - 1, contents.zone.kind).split())
    lines_before = [words for words in squeezed_lines(contents) if words.startswith(line)]
    object.__setattr__(heading, "since", CHANGED)
    try:
        lines = [words for words in squeezed_lines(contents) if words.startswith(line)]
        assert len(lines) < len(lines_before) or not heading.is_in(CHANGED - 1)
        read = interpret(compose(contents))
        assert read.unplaced == []
        assert compose(later) == with_it
    finally:
        object.__setattr__(heading, "since", since)


def squeezed_lines(contents):
    return ["".join(words.split()) for words in text.write(compose(contents)).splitlines()]


@pytest.mark.parametrize("field", annex1_targets.texts(CHANGED), ids=lambda field: field.name)
def test_text_that_a_year_does_not_have_is_neither_printed_nor_missed(field):
    contents = in_year(everything(), CHANGED - 1)
    name, since = field.name, field.since
    object.__setattr__(field, "since", CHANGED)
    try:
        without = replace(
            contents,
            indicators=tuple(
                replace(
                    indicator,
                    targets=tuple(
                        replace(target, assessment=replace(target.assessment, **{name: ""}))
                        for target in indicator.targets
                    ),
                )
                for indicator in contents.indicators
            ),
        )
        assert "".join(field.heading.newest.split()) not in printed(contents)
        assert interpret(compose(contents)).contents == without
        assert contents.printed() == without
        later = in_year(contents, CHANGED)
        assert interpret(compose(later)).contents == later
    finally:
        object.__setattr__(field, "since", since)


@pytest.mark.parametrize(
    "name", ["response_to_previous", "considerations", "weight_rationale", "pathway", "overall"]
)
def test_text_of_the_body_that_a_year_does_not_have_is_not_printed_missed_or_asked_for(name):
    field = catalogue.EVALUATION[name]
    contents = in_year(everything(), CHANGED - 1)
    object.__setattr__(field, "since", CHANGED)
    try:
        heading = field.heading
        without = replace(contents, texts=replace(contents.texts, **{name: ""}))
        assert "".join(heading.newest.split()) not in printed(contents)
        assert interpret(compose(contents)).contents == without
        later = in_year(contents, CHANGED)
        assert interpret(compose(later)).contents == later
        asked = [field.name for field in catalogue.EVALUATION.fields_of(CHANGED - 1)]
        assert name not in asked
        assert contents.printed() == without
    finally:
        object.__setattr__(field, "since", None)


def test_a_value_by_year_holds_from_its_year_until_the_next():
    value = ByYear(((2012, "一"), (2018, "二"), (2024, "三")))
    assert [value_in(value, year) for year in (2000, 2012, 2017, 2018, 2023, 2024, 2100)] == list(
        "一一一二二三三"
    )
    assert value_in("同じ", 2000) == value_in("同じ", 2100) == "同じ"
