"""Particles, words and marks twice, full stops, style, spellings."""

import pytest

from evaluations.checks.wording import writing
from tests.evaluations.checks.pictures import found_by, saying


@pytest.mark.parametrize(
    "sound",
    [
        "ここに賑わいを、町ににぎわいを生む。",
        "成功したものの、課題がある。",
        "開くこととした。するとともに進めた。",
        "県ががん対策を進めた。広汎ながんを",
        "会議でできることを、",
        "令和5年度までで終えた。",
        "企業のニーズとのマッチング、県と市とが、市への",
        "企業ではなく、市にはない。",
        "母ははるかに、桃ももらった。",
    ],
)
def test_particles_that_belong_together(sound):
    assert found_by(writing.particles_twice, saying("overall", sound)) == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("アドバイスをを行い、", "イスをを行い"),
        ("企業のの連携", "企業のの連携"),
        ("県がが進めた", "県がが進め"),
        ("会議でで決めた", "会議でで決め"),
        ("ようにに、", "ようにに、"),
        ("支援をが進んだ", "支援をが進ん"),
        ("件数がは、", "件数がは、"),
    ],
)
def test_particles_twice(wrong, words):
    assert found_by(writing.particles_twice, saying("overall", wrong)) == [words]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("一人一人を支える。日々の、様々な、各社各社の", []),
        ("横浜市立大学大学院で", []),
        ("次々と育つ。ますます広がる。", []),
        ("支援支援を行う。", ["支援支援"]),
        ("センターセンターで", ["センターセンター"]),
        ("それによりにより、", ["によりにより"]),
        ("企業など等を", ["など等"]),
    ],
)
def test_words_twice(text, words):
    assert found_by(writing.words_twice, saying("overall", text)) == words


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("医薬品・医療機器（治験など。）は、よい。", 0),
        ("つまり・・・である。", 0),
        ("よい。。", 1),
        ("企業、、大学", 1),
        ("よい、。", 1),
        ("企業・・大学", 1),
        ("「よい、」と", 1),
    ],
)
def test_marks_twice(text, count):
    assert len(found_by(writing.marks_twice, saying("overall", text))) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("企業の入居が続き、目標を達成した。", 0),
        ("企業の入居が続き、目標を達成した", 1),
        ("実績は10件であり、前年度を上回る", 1),
        ("認定実績5件、交付実績4件（令和元年度で終了）", 0),
        ("・企業の入居が続き、目標を達成した", 0),
        ("開いた。", 0),
    ],
)
def test_full_stop_at_the_end_of_a_sentence(text, count):
    assert len(found_by(writing.full_stops, saying("overall", text))) == count


def test_polite_sentence_among_plain_ones():
    plain = "目標を達成した。成果は大きいものである。"
    assert found_by(writing.styles, saying("overall", plain)) == []
    assert found_by(writing.styles, saying("overall", f"{plain}広がりました。")) == ["がりました。"]
    assert found_by(writing.styles, saying("overall", "広がりました。")) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("国及び県、国および市", ["および"]),
        ("国および県、国および市", []),
        ("取組を進め、活用に取り組み、広げた。", []),
        ("取組を進め、取り組みを広げた。", ["取り組み"]),
        ("手続と手続き", ["手続き"]),
        ("手続きと手続き", []),
    ],
)
def test_two_spellings_of_one_word(text, words):
    assert found_by(writing.spellings, saying("overall", text)) == words
