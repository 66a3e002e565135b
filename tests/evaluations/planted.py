"""Checks for tests of what becomes of findings: they find marks that a test has put into texts.

The checks proper have tests of their own; what they find in the texts of other tests is beside the point there.
"""

import re
from collections.abc import Iterator

import pytest

from evaluations import checks
from evaluations.checks import Check, Finding, Level, Picture
from evaluations.checks.figures.targets import target_of_the_year, targets_and_total
from evaluations.checks.registry import check
from evaluations.form.printed_figures import figure
from evaluations.inspection import inspect
from evaluations.keys import RecordKey
from evaluations.permissions import Access
from tests.evaluations.campaign import items_of

WRONG, DOUBTFUL, EVERYWHERE = "【誤】", "【疑】", "【全】"


@check("誤りの印", Level.BLOCKING)
def wrong(picture: Picture) -> Iterator[Finding]:
    yield from _marked(wrong, picture, WRONG)


@check("疑いの印", Level.CAUTION)
def doubtful(picture: Picture) -> Iterator[Finding]:
    yield from _marked(doubtful, picture, DOUBTFUL)


@check("全体の印", Level.NOTE, needs_all=True)
def everywhere(picture: Picture) -> Iterator[Finding]:
    yield from _marked(everywhere, picture, EVERYWHERE)


@check("文中の実績値", Level.BLOCKING)
def actual(picture: Picture) -> Iterator[Finding]:
    """実績値は8件 against the actual of the first target."""
    key, _, target = next(iter(picture.contents.targets()))
    stored = figure(target.figures(picture.year).actual, target)
    for passage in picture.prose:
        said = re.search(r"実績値は(\d+件)", passage.text)
        if said and stored and said[1] != stored:
            why = "実績値が違います。直してください。"
            yield actual.finding(passage, why, words=said[1], found=said[1], expected=stored)


@check("実績値の有無", Level.CAUTION)
def missing(picture: Picture) -> Iterator[Finding]:
    for key, _, target in picture.contents.targets():
        if target.figures(picture.year).actual is None:
            place = picture.at(RecordKey("target", key, picture.year), "actual")
            yield missing.finding(place, "実績値がありません。入力してください。")


@check("自己評価の空欄", Level.BLOCKING, of_blanks=True)
def blank(picture: Picture) -> Iterator[Finding]:
    for key, _, target in picture.contents.targets():
        if target.assessment.self_assessment in ("", "—"):
            place = picture.at(RecordKey("assessment", key), "self_assessment")
            yield blank.finding(place, "自己評価がありません。書いてください。")


def _marked(found_by: Check, picture: Picture, mark: str) -> Iterator[Finding]:
    for passage in picture.prose:
        if mark in passage.text:
            yield found_by.finding(passage, f"{mark}があります。直してください。", words=mark)


@pytest.fixture
def planted(monkeypatch):
    known = (
        targets_and_total,
        target_of_the_year,
        wrong,
        doubtful,
        everywhere,
        actual,
        missing,
        blank,
    )
    monkeypatch.setattr(checks, "CHECKS", known)


def found(user, evaluation, of=(wrong, doubtful, everywhere, actual)):
    """What these checks find for a person, as it is now."""
    inspection = inspect(Access(user, type(evaluation).objects.get(pk=evaluation.pk)))
    return [one for one in inspection.found if one.finding.check in of]


def rewrite(evaluation, old, new):
    """The item of the evaluation that says `old` says `new`."""
    item = next(item for item in items_of(evaluation) if item.text == old)
    setattr(item.row, item.field, new)
    item.row.save()
    return item.row
