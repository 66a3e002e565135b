"""Sealing stores the whole agreed document, which never changes afterwards."""

import hashlib
from datetime import timedelta

import pytest

from evaluations import moves
from evaluations.form import compose
from evaluations.models import Evaluation, SealedVersion, StatusChange
from evaluations.records.load import load
from evaluations.sealed.contents import with_progress
from evaluations.sealed.media import zone_name
from evaluations.sealed.sealing import BrokenSeal, read_contents, read_sealed
from tests.evaluations import campaign
from tests.worlds import world
from tokku.document import json
from tokku.figures import Figure

pytestmark = pytest.mark.postgres


@world
def year(secretariat):
    return campaign.approved_year(secretariat)


def test_sealing_keeps_the_document_with_checksum_person_time_and_reason(year, secretariat):
    document = compose(load(year))
    moves.move(year, "seal", by=secretariat, reason="部長決裁")
    version = SealedVersion.objects.get()
    assert read_sealed(version) == document
    assert version.document == json.write(document)
    assert version.sha256 == hashlib.sha256(version.document.encode()).hexdigest()
    assert (version.number, version.sealed_by, version.reason) == (1, secretariat, "部長決裁")
    logged = StatusChange.objects.get(move="seal")
    assert abs(version.sealed_at - logged.changed_at) < timedelta(seconds=5)
    assert str(version).endswith("令和5年度 第1版")


def test_sealing_keeps_the_contents_as_data(year, secretariat):
    moves.move(year, "seal", by=secretariat)
    version = SealedVersion.objects.get()
    sealed = read_contents(version)
    assert compose(sealed.contents) == read_sealed(version)
    assert sealed == with_progress(load(year))
    # Also what no form prints.
    (target,) = sealed.contents.indicators[0].targets
    assert [value for _, value in target.of_year(2023).by_municipality] == [Figure("5")] * 3
    assert version.contents_sha256 == hashlib.sha256(version.contents.encode()).hexdigest()


def test_reopening_makes_the_next_version_and_leaves_the_last(year, secretariat):
    moves.move(year, "seal", by=secretariat)
    first = SealedVersion.objects.get()
    moves.move(year, "reopen", by=secretariat, reason="数値の訂正")
    year.overall = "訂正した総合評価"
    year.save()
    moves.move(year, "seal", by=secretariat, reason="訂正版")
    second, kept = SealedVersion.objects.all()
    assert (second.number, kept.number) == (2, 1)
    assert (kept.document, kept.sha256) == (first.document, first.sha256)
    assert "訂正した総合評価" in second.document


def test_sealing_that_fails_in_the_middle_leaves_nothing(year, secretariat, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("disk full")

    monkeypatch.setattr(SealedVersion, "save", fail)
    with pytest.raises(RuntimeError):
        moves.move(year, "seal", by=secretariat)
    assert Evaluation.objects.get().state == "open"
    assert not StatusChange.objects.filter(move="seal").exists()


@pytest.mark.parametrize(
    "change",
    [lambda text: text.replace("総合評価の文", "別の文"), lambda text: text + " ", lambda _: ""],
)
def test_document_that_was_tampered_with_is_not_read(year, secretariat, change):
    moves.move(year, "seal", by=secretariat)
    version = SealedVersion.objects.get()
    version.document = change(version.document)
    for read in (read_sealed, read_contents):
        with pytest.raises(BrokenSeal, match="確定した時の内容と違います"):
            read(version)


@pytest.mark.parametrize(
    ("contents", "sentence"),
    [
        ("", "データとして読み取れません。内容をデータで残す前に確定した版で、"),
        ("{}", "データとして読み取れません。内容のデータの形式が2ではありません（None）。"),
    ],
)
def test_version_without_contents_that_can_be_read_says_so(year, secretariat, contents, sentence):
    moves.move(year, "seal", by=secretariat)
    version = SealedVersion.objects.get()
    version.contents = contents
    version.contents_sha256 = hashlib.sha256(contents.encode()).hexdigest()
    with pytest.raises(BrokenSeal, match=f"令和5年度 第1版は、{sentence}"):
        read_contents(version)
    assert read_sealed(version)


@pytest.mark.parametrize(
    "change", [lambda text: text.replace("総合評価の文", "別の文"), lambda text: text + " "]
)
def test_contents_that_were_tampered_with_are_not_read(year, secretariat, change):
    moves.move(year, "seal", by=secretariat)
    version = SealedVersion.objects.get()
    version.contents = change(version.contents)
    with pytest.raises(BrokenSeal, match="令和5年度 第1版は、確定した時の内容と違います"):
        read_contents(version)


def test_document_names_its_zone(year):
    assert zone_name(compose(load(year))) == year.zone.name
