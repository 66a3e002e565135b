"""A scheme is called by each year as that year says: no act on one year changes what another says."""

from dataclasses import replace

import pytest

from evaluations import moves
from evaluations.form import compose
from evaluations.models import Evaluation
from evaluations.permissions import Access
from evaluations.records.load import load
from evaluations.records.recognition import RecognitionAnswers
from evaluations.records.store import store
from evaluations.years.next_year import NextYear
from tests import factories
from tests.evaluations import campaign
from tests.worlds import world
from tokku.accounts.models import Role, User
from tokku.document import text

NAME = "川崎市の制度"


@world
def years(secretariat):
    """2023, approved, and 2024, which goes on from it and is open; and the scheme."""
    earlier = campaign.approved_year(secretariat)
    later = NextYear(earlier).save(by=secretariat)
    moves.move(later, "open", by=secretariat)
    return earlier, later, earlier.schemeresult_set.get(name=NAME).scheme


def row_in(evaluation, scheme):
    return scheme.schemeresult_set.get(evaluation=evaluation.pk)


def document(evaluation):
    return text.write(compose(load(Evaluation.objects.get(pk=evaluation.pk))))


def rights_in(evaluation, scheme):
    """Why each official may not edit the scheme's row of the year."""
    evaluation = Evaluation.objects.get(pk=evaluation.pk)
    row = row_in(evaluation, scheme)
    return [
        Access(person, evaluation).why_not_edit_row(row)
        for person in User.objects.filter(role=Role.OFFICIAL).order_by("pk")
    ]


def change(row, **values):
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def read_in(row):
    """Read in the year's document with another name, other owners and words."""
    contents = load(row.evaluation)
    new = {"name": "改称後の制度", "municipalities": ("横浜市", "川崎市"), "other_bodies": "5県"}
    schemes = tuple(
        replace(scheme, **new) if scheme.name == row.name else scheme for scheme in contents.schemes
    )
    answers = RecognitionAnswers(same=[f"{row.name}={new['name']}"])
    store(replace(contents, schemes=schemes), "keihin", reason="試験", answers=answers)


ACTS = {
    "name": lambda row: change(row, name="新しい名称"),
    "category": lambda row: change(row, category="loan"),
    "words": lambda row: change(row, other_bodies="関係市町村、5県"),
    "share": lambda row: row.municipalities.add(factories.municipality("横浜市")),
    "give away": lambda row: row.municipalities.set([factories.municipality("横浜市")]),
    "remove": lambda row: row.delete(),
    "read in": read_in,
}
MOVES = {"open": (), "sealed": ("seal",), "reopened": ("seal", "reopen")}


def put(evaluation, state, by):
    for name in MOVES[state]:
        moves.move(Evaluation.objects.get(pk=evaluation.pk), name, by=by, reason="理由")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", MOVES)
@pytest.mark.parametrize("is_before", [True, False], ids=["act first", "act last"])
def test_the_year_before_says_what_it_said(years, secretariat, act, state, is_before):
    earlier, later, scheme = years
    said, said_later, rights = document(earlier), document(later), rights_in(earlier, scheme)
    if is_before:
        ACTS[act](row_in(later, scheme))
    put(earlier, state, secretariat)
    if not is_before:
        ACTS[act](row_in(later, scheme))

    assert document(earlier) == said
    assert document(later) != said_later
    assert state == "sealed" or rights_in(earlier, scheme) == rights


@pytest.mark.parametrize("act", ACTS)
def test_the_year_after_says_what_it_said(years, secretariat, act):
    earlier, later, scheme = years
    put(earlier, "reopened", secretariat)
    said, said_earlier, rights = document(later), document(earlier), rights_in(later, scheme)

    ACTS[act](row_in(earlier, scheme))

    assert document(later) == said
    assert document(earlier) != said_earlier
    assert rights_in(later, scheme) == rights


def test_rights_are_those_of_the_years_own_row(years, official, other_official):
    earlier, later, scheme = years
    campaign.put(campaign.submission(earlier), "draft", official)
    campaign.put(campaign.submission(earlier, "横浜市"), "draft", official)
    row_in(later, scheme).municipalities.set([other_official.municipality])

    def refusals(person):
        return [
            Access(person, Evaluation.objects.get(pk=year.pk)).why_not_edit_row(
                row_in(year, scheme)
            )
            for year in (earlier, later)
        ]

    of_others = "他の作成主体の欄は、その作成主体の担当者が入力します。"
    assert refusals(official) == ["", of_others]
    assert refusals(other_official) == [of_others, ""]


def test_a_scheme_of_words_alone_is_filled_in_by_the_secretariat(years, secretariat, official):
    _, later, scheme = years
    row = row_in(later, scheme)
    change(row, other_bodies="関係市町村")
    row.municipalities.clear()
    row = row_in(later, scheme)
    assert Access(official, later).why_not_edit_row(row) == (
        "特区全体に関わる欄は、取りまとめ担当が入力します。"
    )
    assert Access(secretariat, later).why_not_edit_row(row) == ""


def test_a_new_year_goes_on_with_all_that_the_row_says(years):
    _, later, scheme = years
    row = row_in(later, scheme)
    change(row, name="新しい名称", category="loan", other_bodies="5県")
    row.municipalities.add(factories.municipality("横浜市"))
    following = NextYear(Evaluation.objects.get(pk=later.pk)).save()
    new = row_in(following, scheme)
    assert (new.label, set(new.bodies)) == (
        "金融支援措置「新しい名称」",
        {"横浜市", "川崎市", "5県"},
    )
