"""Texts left from last year."""

from dataclasses import replace

import pytest

from evaluations.checks import Picture
from evaluations.checks.periods import unchanged
from evaluations.form import contents as c
from tests import factories
from tests.evaluations.checks.pictures import found_by, saying

TEXT = "土地の取得や建設といった大型の投資はなかったものの、各企業の積極的な活動が続いている。"


def findings(said: str, last: str, field: str = "overall") -> list:
    return list(unchanged.unchanged_texts(saying(field, said, last=last)))


def with_result(said: str, last: str, *, category: str = "fiscal") -> Picture:
    """The scheme stands second this year and first the year before."""

    def scheme(name: str, result: str) -> c.Scheme:
        return c.Scheme(category=category, name=name, result=result)

    return Picture(
        factories.contents(schemes=(scheme("助成金", "なし"), scheme("講座の開催", said))),
        factories.contents(fiscal_year=2022, schemes=(scheme("講座の開催", last),)),
    )


def test_text_that_said_the_same_is_found():
    assert len(findings(TEXT, TEXT)) == 1
    assert not findings(TEXT, TEXT.replace("続いて", "広がって"))


def test_paragraph_that_said_the_same_is_found():
    [found] = findings(f"新しい文である。\n{TEXT}", f"{TEXT}\n前の文である。")
    assert found.text == TEXT


def test_formulas_and_standing_texts_may_stay():
    assert not findings("該当なし", "該当なし")
    assert not findings(TEXT, TEXT, field="pathway")


def test_first_year_has_nothing_to_be_left_from():
    assert not found_by(unchanged.unchanged_texts, saying("overall", TEXT))


@pytest.mark.parametrize(
    ("said", "is_left"),
    [
        ("年6回開き、延べ274名が参加した。", True),
        ("10月にオンラインで開いた。令和4年10月に報告した。", True),
        ("累計で認定6件、交付5件である。", False),
        ("実績なし", False),
        ("0件", False),
    ],
)
def test_results_that_count_the_same_twice_are_found(said, is_left):
    assert bool(list(unchanged.unchanged_texts(with_result(said, said)))) is is_left


def test_sentence_with_last_years_year_in_it_is_found():
    last = f"令和4年度は、5つで目標を達成した。{TEXT}"
    picture = saying(
        "overall", f"令和4年度は、5つで目標を達成した。{TEXT}なお、支援を広げた。", last=last
    )
    assert found_by(unchanged.years_left_from_last_year, picture) == ["令和4年度"]


def test_what_goes_on_since_last_year_may_stay():
    last = f"令和4年度から助成している。{TEXT}"
    picture = saying(
        "overall", f"令和4年度から助成している。{TEXT}また、窓口を増やした。", last=last
    )
    assert not found_by(unchanged.years_left_from_last_year, picture)


def test_records_are_the_same_by_their_names_wherever_they_stand():
    said = "年6回開き、延べ274名が参加した。"
    [found] = unchanged.unchanged_texts(with_result(said, said))
    assert found.source.record == "scheme/fiscal/2"
    other = with_result(said, said)
    renamed = replace(other.last_year.schemes[0], name="別の講座")
    picture = Picture(other.contents, replace(other.last_year, schemes=(renamed,)))
    assert not list(unchanged.unchanged_texts(picture))
