"""Two spellings of one organisation, municipalities, abbreviations."""

import pytest

from evaluations.checks.names import organisations
from tests.evaluations.checks.pictures import found_by, saying


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("港大学附属病院と港大学附属病院", []),
        ("港大学附属病院、港大学附属病院と港大学病院", ["港大学病院"]),
        ("港大学病院、港大学病院と港大学付属病院", ["港大学付属病院"]),
        ("港大学附属病院と港市立病院", []),
        ("株式会社ミナト、株式会社ミナトとミナト株式会社", ["ミナト株式会社"]),
        ("株式会社ミナト製薬及び株式会社ミナト製薬、（株）ミナト製薬", ["（株）ミナト製薬"]),
        ("株式会社ミナトと株式会社ミナミ", []),
        ("株式会社ミナト、ミナト", []),
    ],
)
def test_two_spellings_of_one_organisation(text, words):
    assert found_by(organisations.organisations, saying("overall", text)) == words


def test_two_spellings_as_frequent_are_both_asked_about():
    picture = saying("overall", "港大学附属病院と港大学病院")
    assert set(found_by(organisations.organisations, picture)) == {"港大学附属病院", "港大学病院"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("神奈川県、横浜市及び川崎市が開いた。", []),
        ("神奈川県、横浜市及び藤沢市が開いた。", ["藤沢市"]),
        ("内訳は、横浜市2件、藤沢市6件である。", ["藤沢市"]),
        ("札幌市と連携した。", []),
        ("川埼市が開いた。", ["川埼市"]),
        ("神奈県では、", ["神奈県"]),
        ("本市、各県、指定都市、地区及び横浜市では、", []),
        ("総合特区、川崎市と", []),
    ],
)
def test_municipality_that_is_not_of_the_zone(text, words):
    assert found_by(organisations.municipalities, saying("overall", text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("港湾研究センター（以下「港研」という。）は、港研の職員が", []),
        ("国立港湾センター（以下、「港湾センター」という。）を開いた。港湾センターは", []),
        ("港湾センターは広い。国立港湾センター（以下「港湾センター」という。）", ["港湾センター"]),
        ("PMDAに諮り、機構（以下「PMDA」という。）に", ["PMDA"]),
        ("補助金を設け、研究補助金（以下「補助金」という。）を", []),
    ],
)
def test_abbreviation_before_it_is_introduced(text, words):
    assert found_by(organisations.abbreviations_before, saying("overall", text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("港湾機構（以下「機構」という。）は広い。機構は", []),
        ("港湾機構（以下「機構」という。）は広い。", ["（以下「機構」"]),
        ("港湾機構（以下機構という。）は広い。", ["（以下機構"]),
        ("以下の取組を行う。", []),
    ],
)
def test_abbreviation_that_is_not_used(text, words):
    assert found_by(organisations.abbreviations_unused, saying("overall", text)) == words


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("治験審査委員会（IRB）は月1回、治験審査委員会（IRB）は", 0),
        ("治験審査委員会（IRB）は月1回、倫理審査委員会（IRB）は", 1),
        ("国立港湾機構（以下「機構」という。）と県立医療機構（以下「機構」という。）", 1),
    ],
)
def test_abbreviation_of_two_names(text, count):
    assert len(found_by(organisations.abbreviations_of_two, saying("overall", text))) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("国立港湾センター（以下「港湾センター」という。）は広い。港湾センターは", 0),
        ("国立港湾センター（以下「港湾センター」という。）は広い。国立港湾センターは", 1),
    ],
)
def test_full_name_after_its_abbreviation(text, count):
    words = found_by(organisations.abbreviations_spelt_out, saying("overall", text))
    assert len(words) == count
