"""Letters that are lost, not seen, or look like others."""

import pytest

from evaluations.checks.wording import letters
from tests.evaluations.checks.pictures import found_by, saying
from tokku.document import pdf


@pytest.mark.parametrize("text", ["①㈱㎡®", "葛\U000e0100城", "𠮷野", "森鷗外", "か\u3099"])
def test_letters_that_fonts_have_are_not_lost(text):
    assert found_by(letters.lost_in_print, saying("overall", f"{text}である。")) == []


@pytest.mark.parametrize("lost", ["🎌", "\ue000", "한글", "ไทย"])
def test_letters_that_no_font_has(lost):
    (finding,) = letters.lost_in_print(saying("overall", f"港{lost}湾である。"))
    assert finding.words in lost
    assert pdf.lost_letters("港🎌〓") == {"🎌"}


@pytest.mark.parametrize("unseen", ["\u200b", "\u00ad", "\u202e", "\ufe0f"])
def test_letters_that_nobody_sees(unseen):
    assert found_by(letters.invisible, saying("overall", f"港{unseen}湾")) == [unseen]
    assert found_by(letters.invisible, saying("overall", "葛\U000e0100城")) == []


def test_voicing_apart_from_its_letter():
    assert found_by(letters.apart, saying("overall", "港か\u3099広い")) == ["か\u3099"]
    assert found_by(letters.apart, saying("overall", "港が広い")) == []


def test_letters_of_radicals():
    (finding,) = letters.radicals(saying("overall", "⾼い"))
    assert (finding.words, finding.expected) == ("⾼", "高")
    assert found_by(letters.radicals, saying("overall", "高い")) == []


def test_half_width_katakana():
    (finding,) = letters.half_width_katakana(saying("overall", "ﾃﾞｰﾀを"))
    assert (finding.words, finding.expected) == ("ﾃﾞｰﾀ", "データ")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("データ一覧とデータ一つ、人口データ、協力ネットワーク、施工エリア", 0),
        ("アジア－太平洋", 0),
        ("ロボットとパタ一ン", 1),
        ("工ネルギー", 1),
        ("センタ―は", 1),
        ("センタ一は", 1),
        ("ラ八ス", 1),
    ],
)
def test_letters_that_look_like_katakana(text, count):
    assert len(found_by(letters.lookalikes, saying("overall", text))) == count
