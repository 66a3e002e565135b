"""Misspelt names, and names that are written in two ways."""

from dataclasses import replace

import pytest

from evaluations.checks import Picture
from evaluations.checks.names import known
from evaluations.form import contents as c
from tests import factories
from tests.evaluations.checks.pictures import found_by, of_sample, saying

ZONE = factories.contents().zone.name


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{ZONE}は", []),
        ("臨海部ライフイノベーション国際戦略総合特区は", []),
        (ZONE.replace("イノ", "ィノ"), [ZONE.replace("イノ", "ィノ")]),
        (f"{ZONE.replace('戦略', '略戦')}は", [ZONE.replace("戦略", "略戦")]),
    ],
)
def test_slip_in_the_name_of_the_zone(text, words):
    assert found_by(known.zone_name, saying("overall", text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("国際戦略総合特区の", []),
        ("国家戦略特区のエリア", []),
        ("国際戦略特区に", ["国際戦略特区"]),
        ("地域活性化総合特区に", ["地域活性化総合特区"]),
    ],
)
def test_kind_of_the_zone(text, words):
    assert found_by(known.zone_kind, saying("overall", text)) == words


def with_scheme(text: str) -> Picture:
    scheme = c.Scheme(category="fiscal", name="臨海部立地促進補助金", outline="補助する。")
    part = c.RegionalText(kind="narrative", text=text)
    return Picture(factories.contents(schemes=(scheme,), regional_texts=(part,)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("臨海部立地促進補助金により", []),
        ("臨海部の立地促進補助金により", []),
        ("臨海部立他促進補助金により", ["臨海部立他促進補助金"]),
    ],
)
def test_slip_in_the_name_of_a_scheme(text, words):
    assert found_by(known.misspelt_names, with_scheme(text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("臨海部立地促進補助金", []),
        ("立地促進補助金", []),
        ("県の補助制度", []),
        ("臨海部立地補助金", ["臨海部立地補助金"]),
    ],
)
def test_scheme_by_another_name_than_in_annex_3(text, words):
    assert found_by(known.scheme_names, with_scheme(f"3県市は、「{text}」で支えた。")) == words


def test_name_in_quotes_is_known_once_it_stands_twice():
    once, twice = (
        "「湾岸研究サミット」を開く。",
        "「湾岸研究サミット」は「湾岸研究サミット」に続く。",
    )
    wrong = "湾岸研空サミットである。"
    assert found_by(known.misspelt_names, saying("overall", once + wrong)) == []
    assert found_by(known.misspelt_names, saying("overall", twice + wrong)) == ["湾岸研空サミット"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ネットワークを作り、ネットワークを広げ、ネットワークを", []),
        ("ネットワークとネットワークとネトワーク", ["ネトワーク"]),
        ("シミュレータとシミュレータとシミュレーター", ["シミュレーター"]),
        ("センターとセンターとセンサー", []),
        ("中小企業、中小企業、中小企業、中小事業", ["中小事業"]),
        ("中小企業、中小事業", []),
        ("参加者数、参加者数、参加者数、参加人数", []),
        ("関連企業、関連企業、関連企業、ヘルス関連産業", []),
        ("ロボットセンター、ネットワーク、ネットワーク、ネットワーク、スーパーネトワークセンター", ["ネトワーク"]),
    ],
)  # fmt: skip
def test_rare_word_that_is_nearly_a_frequent_one(text, words):
    assert found_by(known.misspelt_words, saying("overall", text)) == words


def test_of_two_spellings_as_frequent_either_may_be_the_slip():
    picture = saying("overall", "パシフィコ会館で開き、パシフィック会館で閉じた。")
    assert found_by(known.misspelt_words, picture) == ["パシフィコ会館", "パシフィック会館"]


def test_slip_in_a_known_name_is_found_once():
    wrong = ZONE.replace("イノ", "ィノ")
    sample = of_sample().contents
    texts = replace(sample.texts, overall=f"{wrong}の取組である。")
    picture = Picture(replace(sample, texts=texts))
    assert found_by(known.zone_name, picture) == [wrong]
    assert found_by(known.misspelt_words, picture) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("BioCom、BioComとBioCOM", ["BioCOM"]),
        ("Nexus、Nexusとnexus", []),
        ("LIP.港湾、LIP.港湾、LIP. 港湾", ["LIP. 港湾"]),
    ],
)
def test_capitals_and_spaces_of_latin_names(text, words):
    assert found_by(known.latin_names, saying("overall", text)) == words
