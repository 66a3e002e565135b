"""Texts left from last year."""

from dataclasses import replace

import pytest

from evaluations.checks import Picture
from evaluations.checks.periods import unchanged
from evaluations.form import contents as c
from tests import factories
from tests.evaluations.checks.pictures import found_by, saying

TEXT = "土地の取得や建設といった大型の投資はなかったものの、各企業の積極的な活動が続いている。"


def findings_in(text: str, last: str, field: str = "overall") -> list:
    return list(unchanged.unchanged_texts(saying(field, text, text_last_year=last)))


def with_result(result_now: str, result_last_year: str, *, category: str = "fiscal") -> Picture:
    """The scheme stands second this year and first the year before."""

    def scheme(name: str, result: str) -> c.Scheme:
        return c.Scheme(category=category, name=name, result=result)

    return Picture(
        factories.contents(schemes=(scheme("助成金", "なし"), scheme("講座の開催", result_now))),
        factories.contents(fiscal_year=2022, schemes=(scheme("講座の開催", result_last_year),)),
    )


def test_unchanged_text_is_found():
    assert len(findings_in(TEXT, TEXT)) == 1
    assert not findings_in(TEXT, TEXT.replace("続いて", "広がって"))


def test_unchanged_paragraph_is_found():
    [finding] = findings_in(f"新しい文である。\n{TEXT}", f"{TEXT}\n前の文である。")
    assert finding.text == TEXT


def test_formulas_and_standing_texts_may_stay():
    assert not findings_in("該当なし", "該当なし")
    assert not findings_in(TEXT, TEXT, field="pathway")


def test_first_year_has_no_unchanged_texts():
    assert not found_by(unchanged.unchanged_texts, saying("overall", TEXT))


@pytest.mark.parametrize(
    ("text", "is_left"),
    [
        ("年6回開き、延べ274名が参加した。", True),
        ("10月にオンラインで開いた。令和4年10月に報告した。", True),
        ("累計で認定6件、交付5件である。", False),
        ("実績なし", False),
        ("0件", False),
    ],
)
def test_results_that_count_the_same_twice_are_found(text, is_left):
    assert bool(list(unchanged.unchanged_texts(with_result(text, text)))) is is_left


def test_sentence_with_last_years_year_in_it_is_found():
    last = f"令和4年度は、5つで目標を達成した。{TEXT}"
    picture = saying(
        "overall",
        f"令和4年度は、5つで目標を達成した。{TEXT}なお、支援を広げた。",
        text_last_year=last,
    )
    assert found_by(unchanged.years_left_from_last_year, picture) == ["令和4年度"]


def test_what_goes_on_since_last_year_may_stay():
    last = f"令和4年度から助成している。{TEXT}"
    picture = saying(
        "overall", f"令和4年度から助成している。{TEXT}また、窓口を増やした。", text_last_year=last
    )
    assert not found_by(unchanged.years_left_from_last_year, picture)


def test_records_are_matched_by_their_names_wherever_they_stand():
    result = "年6回開き、延べ274名が参加した。"
    [finding] = unchanged.unchanged_texts(with_result(result, result))
    assert finding.source.record == "scheme/fiscal/2"
    unchanged_picture = with_result(result, result)
    renamed = replace(unchanged_picture.last_year.schemes[0], name="別の講座")
    picture = Picture(
        unchanged_picture.contents, replace(unchanged_picture.last_year, schemes=(renamed,))
    )
    assert not list(unchanged.unchanged_texts(picture))
