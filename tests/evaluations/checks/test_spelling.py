"""How two spellings differ, and which are slips."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.checks.spelling import (
    KnownNames,
    difference,
    is_kanji_slip,
    is_katakana_slip,
    is_name_slip,
    near_katakana,
    sound_alike,
)

NAME = "臨海部新技術開発等支援補助金"


@given(st.text("あいう", max_size=8), st.text("あいう", max_size=8))
def test_difference_puts_the_other_word_together_again(word, other):
    start, part, other_part = difference(word, other)
    assert word[:start] + other_part + word[start + len(part) :] == other


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("ライフイノベーション", "ライフィノベーション"),
        ("シミュレータ", "シミュレーター"),
        ("ヴァイオリン", "バイオリン"),
    ],
)
def test_words_of_one_sound(word, other):
    assert sound_alike(word, other)
    assert {frozenset(pair) for pair in near_katakana({word: [1], other: [1]})} == {
        frozenset((word, other))
    }


@pytest.mark.parametrize(
    ("word", "other", "is_slip"),
    [
        ("ネットワーク", "ネトワーク", True),
        ("ネットワーク", "ネッワトーク", True),
        ("イノベーション", "リノベーション", False),
        ("オンライン", "オフライン", True),  # decided by how often they are used
        ("システム", "システムズ", False),
        ("センター", "センサー", False),
    ],
)
def test_slip_of_a_katakana_word_is_within_it(word, other, is_slip):
    assert is_katakana_slip(word, other) is is_slip


@pytest.mark.parametrize(
    ("word", "other", "is_slip"),
    [
        ("中小企業", "中小事業", True),
        ("早期実用化", "早期実現化", True),
        ("早期実用化", "早期用実化", True),
        ("参加者数", "参加人数", False),
        ("企業誘致促進補助金", "企業立地促進補助金", False),
        ("特区事業", "特区関連事業", False),
    ],
)
def test_slip_of_a_kanji_word_is_one_letter_and_makes_no_counterpart(word, other, is_slip):
    assert is_kanji_slip(word, other) is is_slip


def test_slip_of_a_name_is_in_its_katakana():
    assert is_name_slip("パシフィコ会館", "パシフィック会館")
    assert not is_name_slip("スタートアップ企業", "スタートアップ関連企業")


@pytest.mark.parametrize(
    "wrong",
    [
        "臨海部新技術開発等支授補助金",
        "臨海部新技術開発支援補助金",
        "臨海部新新技術開発等支援補助金",
        "臨海部新技術開発支等援補助金",
        "臨海部新 技術開発等支援補助金",
        "湾海部新技術開発等支援補助金",
    ],
)
def test_name_with_a_slip_is_found_where_it_stands(wrong):
    assert list(KnownNames([NAME]).misspellings(f"県は、{wrong}を設けた。")) == [
        (3, 3 + len(wrong), NAME)
    ]


@pytest.mark.parametrize(
    "sound",
    [
        NAME,
        f"{NAME}制度",
        NAME[:-3],
        "臨海部の新技術開発等支援補助金",
        "臨海部新技術開発等への支援補助金",
        "内陸部新製品開発等支援補助金",
    ],
)
def test_names_in_other_words_are_no_slips(sound):
    assert list(KnownNames([NAME]).misspellings(f"県は、{sound}を設けた。")) == []


def test_name_of_another_is_no_slip():
    assert (
        list(KnownNames([NAME, NAME.replace("等", "")]).misspellings(NAME.replace("等", ""))) == []
    )


@given(st.data())
def test_any_two_letters_in_each_others_place_are_found(data):
    place = data.draw(st.integers(1, len(NAME) - 3))
    wrong = NAME[:place] + NAME[place + 1] + NAME[place] + NAME[place + 2 :]
    assert [name for *_, name in KnownNames([NAME]).misspellings(wrong)] == [NAME]
