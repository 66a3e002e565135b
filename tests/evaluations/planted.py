"""Simple checks for tests of findings and waivers: they find marks that a test puts into texts.

They replace the real checks, whose findings would disturb these tests.
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


@check("全体の印", Level.NOTE, needs_all_municipalities=True)
def everywhere(picture: Picture) -> Iterator[Finding]:
    yield from _marked(everywhere, picture, EVERYWHERE)


@check("文中の実績値", Level.BLOCKING)
def actual(picture: Picture) -> Iterator[Finding]:
    """Compares 実績値は8件 in texts with the actual of the first target."""
    key, _, target = next(iter(picture.contents.targets()))
    stored = figure(target.figures(picture.year).actual, target)
    for passage in picture.prose:
        match = re.search(r"実績値は(\d+件)", passage.text)
        if match and stored and match[1] != stored:
            why = "実績値が違います。直してください。"
            yield actual.finding(passage, why, words=match[1], found=match[1], expected=stored)


@check("実績値の有無", Level.CAUTION)
def missing(picture: Picture) -> Iterator[Finding]:
    for key, _, target in picture.contents.targets():
        if target.figures(picture.year).actual is None:
            place = picture.place_of(RecordKey("target", key, picture.year), "actual")
            yield missing.finding(place, "実績値がありません。入力してください。")


@check("自己評価の空欄", Level.BLOCKING, finds_blanks=True)
def blank(picture: Picture) -> Iterator[Finding]:
    for key, _, target in picture.contents.targets():
        if target.assessment.self_assessment in ("", "—"):
            place = picture.place_of(RecordKey("assessment", key), "self_assessment")
            yield blank.finding(place, "自己評価がありません。書いてください。")


def _marked(found_by: Check, picture: Picture, mark: str) -> Iterator[Finding]:
    for passage in picture.prose:
        if mark in passage.text:
            yield found_by.finding(passage, f"{mark}があります。直してください。", words=mark)


@pytest.fixture
def planted(monkeypatch):
    marked_checks = (
        targets_and_total,
        target_of_the_year,
        wrong,
        doubtful,
        everywhere,
        actual,
        missing,
        blank,
    )
    monkeypatch.setattr(checks, "CHECKS", marked_checks)


def findings_of(user, evaluation, checks=(wrong, doubtful, everywhere, actual)):
    """The current findings of these checks, as a person sees them."""
    inspection = inspect(Access(user, type(evaluation).objects.get(pk=evaluation.pk)))
    return [finding for finding in inspection.findings if finding.finding.check in checks]


def rewrite(evaluation, old, new):
    """Replace the text of the item that has the text `old`; returns its row."""
    item = next(item for item in items_of(evaluation) if item.text == old)
    setattr(item.row, item.field, new)
    item.row.save()
    return item.row
