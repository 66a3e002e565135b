"""Parts left open, 該当なし, and what is no answer."""

from dataclasses import replace

import pytest

from evaluations.checks import Picture
from evaluations.checks.wording import answers
from evaluations.form import contents as c
from tests import factories
from tests.evaluations.checks.pictures import found_by, of_sample, saying


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("調整が続き、案を作った。確認した。", []),
        ("○企業が入居した。", []),
        ("ＤＸを進める。XX線", ["XX"]),
        ("●●件である。", ["●●"]),
        ("令和〇〇年", ["〇〇"]),
        ("TODO 書く", ["TODO"]),
        ("8件（要確認）", ["要確認"]),
        ("〓田氏", ["〓"]),
    ],
)
def test_parts_left_open(text, words):
    assert found_by(answers.left_open, saying("overall", text)) == words


@pytest.mark.parametrize("text", ["－", "なし", "同上", "調整中", "（作成中）", "・", "---"])
def test_words_that_are_no_answer_in_a_required_text(text):
    assert found_by(answers.no_answer, saying("overall", text)) == [text]
    assert found_by(answers.no_answer, saying("considerations", text)) == []


def test_scheme_may_have_no_result():
    scheme = c.Scheme(category="fiscal", name="補助金", outline="補助する。", result="なし")
    assert found_by(answers.no_answer, Picture(factories.contents(schemes=(scheme,)))) == []
    open_one = replace(scheme, result="未定")
    picture = Picture(factories.contents(schemes=(open_one,)))
    assert found_by(answers.no_answer, picture) == ["未定"]


@pytest.mark.parametrize(
    ("field", "count"),
    [("no_measures_reason", 1), ("overall", 1), ("weight_rationale", 0), ("considerations", 0)],
)
def test_not_applicable_where_a_text_is_asked_for(field, count):
    assert len(found_by(answers.not_applicable, saying(field, "該当なし"))) == count


@pytest.mark.parametrize(("kind", "count"), [("narrative", 1), ("private", 0)])
def test_not_applicable_in_the_parts_of_the_regional_text(kind, count):
    part = c.RegionalText(kind=kind, text="該当なし")
    picture = Picture(factories.contents(regional_texts=(part,)))
    assert len(found_by(answers.not_applicable, picture)) == count


def test_the_first_year_has_no_result_to_answer_to():
    def words_found(text_last_year="", **texts):
        picture = saying("response_to_previous", "該当なし", text_last_year=text_last_year)
        body_texts = replace(picture.contents.texts, **texts)
        return found_by(
            answers.not_applicable,
            replace(picture, contents=replace(picture.contents, texts=body_texts)),
        )

    assert words_found() == []
    assert words_found(text_last_year="前年度の文") == ["該当なし"]
    assert words_found(previous_remarks="所見") == ["該当なし"]
    assert words_found(previous_score="4.5") == ["該当なし"]


def test_not_applicable_beside_a_text():
    def picture(*texts):
        parts = tuple(c.RegionalText(kind="private", text=text) for text in texts)
        return Picture(factories.contents(regional_texts=parts))

    assert found_by(answers.not_applicable_beside_text, picture("該当なし")) == []
    assert found_by(answers.not_applicable_beside_text, picture("該当なし", "開いた。")) == [
        "該当なし"
    ]


def test_parts_that_are_hardly_meant_to_be_empty():
    sample = of_sample().contents
    approach = replace(sample.approaches[1], targets=())
    scheme = replace(sample.schemes[0], relation=c.Relation())
    contents = replace(
        sample,
        approaches=(sample.approaches[0], approach),
        schemes=(scheme,),
    )
    assert not list(answers.empty_parts(of_sample()))
    assert [finding.source.record for finding in answers.empty_parts(Picture(contents))] == [
        "approach/2",
        "scheme/fiscal/1",
    ]


def test_achievements_are_not_missed_while_those_of_others_are_hidden():
    sample = of_sample().contents
    approaches = tuple(replace(approach, achievements=()) for approach in sample.approaches)
    contents = replace(sample, approaches=approaches)
    assert len(list(answers.empty_parts(Picture(contents)))) == len(approaches)
    assert not list(answers.empty_parts(Picture(contents, None, frozenset({"横浜市"}))))
