"""別紙2: the boxes that the ministry ticks, however they are printed."""

import pytest

from evaluations.form.annex2_measures import _read_ministry
from evaluations.form.outline import ReadingReport

TICKED = ["■", "☑", "☒", "✓", "✔", "☑\ufe0f", "レ", "ﾚ", "レ□", "□レ", "✓ □", "□✓", "☐ ✔", "■　"]
OPEN = ["□", "☐", "□ ", "☐\ufe0f"]


def read(text: str) -> tuple[dict[str, str], ReadingReport]:
    report = ReadingReport(2023, "international")
    return _read_ministry(text, 1, report), report


@pytest.mark.parametrize("open_box", OPEN)
@pytest.mark.parametrize("tick", TICKED)
@pytest.mark.parametrize("between", ["\n", " "])
def test_a_tick_is_read_however_it_is_set(tick, open_box, between):
    if (tick, between) == ("✓ □", " "):
        pytest.skip("may be a tick behind the answer before it")
    lines = [
        "規制所管府省名: 国土交通省",
        f"{open_box}特例措置の効果が認められる",
        f"{tick} 特例措置の効果が認められない",
        f"⇒ {tick}要件の見直しの必要性あり",
        f"{open_box} その他",
        "＜特記事項＞",
        "✓ の付いた事項",
    ]
    values, report = read(between.join(lines))
    assert values == {
        "ministry": "国土交通省",
        "ministry_effect": "not_recognised",
        "ministry_follow_up": "review",
        "ministry_remarks": "✓ の付いた事項",
    }
    assert report.unplaced == []


@pytest.mark.parametrize(
    "name",
    [
        "レベル管理庁",
        "モノレール監理官",
        "コントロールレ",
        "その他",
        "経済産業省（仮）",
        "A B省",
        "—",
    ],
)
def test_a_letter_within_a_word_is_no_tick(name):
    values, report = read(f"規制所管府省名: {name}\n□ 特例措置の効果が認められる\n□ レベルの確認")
    assert (values["ministry"], values["ministry_effect"]) == (name, "")
    (unplaced,) = report.unplaced
    assert unplaced.sentence.endswith("：□ レベルの確認")


GOOD, BAD, REVIEW, OTHER = (
    "特例措置の効果が認められる",
    "特例措置の効果が認められない",
    "要件の見直しの必要性あり",
    "その他",
)


@pytest.mark.parametrize("tick", ["☑", "✓", "レ", "■", " ☒", "✅"])
def test_a_tick_after_an_answer_belongs_to_that_answer(tick):
    lines = [
        "規制所管府省名: 国土交通省",
        f"□ {GOOD} {tick}",
        f"□ {BAD}",
        f"⇒ □ {REVIEW}",
        f"□ {OTHER}{tick}",
    ]
    values, report = read("\n".join(lines))
    assert (values["ministry_effect"], values["ministry_follow_up"]) == ("recognised", "other")
    assert (values["ministry"], report.unplaced, report.notices) == ("国土交通省", [], [])


# A printed line: the effect and the follow-up that are read from it, and the unplaced words that are reported.
LOST_LINES = {
    f"□ {GOOD} ☑ □ {BAD} ⇒ □ {REVIEW} ■ {OTHER}": ("", "other", [f"{GOOD}☑ □{BAD}"]),
    f"□{GOOD}☑□{BAD}": ("", "", [f"{GOOD}☑□{BAD}"]),
    f"□ {GOOD} □ {BAD} ☑ ⇒ □ {REVIEW} □ {OTHER} ☑": ("not_recognised", "other", []),
    f"{GOOD} ☑ {BAD} □ ⇒ ■ {REVIEW}": ("", "review", [f"{GOOD}☑{BAD}"]),
    f"■ {GOOD} ☑ □ {BAD}": ("", "", [f"{GOOD}☑ □{BAD}"]),
    f"□ {GOOD} □☑ {BAD}": ("not_recognised", "", []),
    f"□ {GOOD} ● {BAD} ⇒ ☑ {REVIEW} □ {OTHER}": ("", "review", [f"{GOOD}●{BAD}"]),
    f"■ {GOOD} （一部） □ {BAD}": ("", "", [f"{GOOD}（一部） □{BAD}"]),
}


@pytest.mark.parametrize("printed", LOST_LINES)
def test_an_ambiguous_tick_is_reported_and_counts_for_no_answer(printed):
    effect, follow_up, sentences = LOST_LINES[printed]
    values, report = read(f"規制所管府省名: 国土交通省 {printed}")
    assert (values["ministry_effect"], values["ministry_follow_up"]) == (effect, follow_up)
    assert values["ministry"] == "国土交通省"
    assert [problem.sentence.split("：", 1)[1] for problem in report.unplaced] == sentences


@pytest.mark.parametrize("mark", [*"●×√✗✕◼⬛VれＶ○◉", "✖\ufe0f", "[x]", "（✗）"])
@pytest.mark.parametrize("between", ["\n", " "])
def test_an_unknown_mark_is_reported_and_not_taken_for_a_ministry(mark, between):
    for answers in ([f"{mark} {GOOD}", f"□ {BAD}"], [f"{mark}{GOOD}", f"□ {BAD}"]):
        values, report = read(between.join(["規制所管府省名: 国土交通省", *answers]))
        assert (values["ministry"], values["ministry_effect"]) == ("国土交通省", "")
        assert any(mark in problem.sentence for problem in report.unplaced)


@pytest.mark.parametrize("between", ["\n", " "])
def test_two_effects_that_are_both_ticked_are_both_ignored(between):
    values, report = read(
        between.join(["規制所管府省名: 環境省", f"■ {GOOD}", f"■ {BAD}", f"⇒ ■ {REVIEW}"])
    )
    assert (values["ministry_effect"], values["ministry_follow_up"]) == ("", "review")
    assert [problem.sentence for problem in report.notices] == [
        f"別紙2の「{GOOD}」と「{BAD}」の両方に印があるため、どちらも取り込みません。"
    ]


def test_a_tick_without_an_answer_is_reported():
    values, report = read(f"規制所管府省名: 厚生労働省 レ\n□ {GOOD}\n☑\n□ {BAD}")
    assert (values["ministry"], values["ministry_effect"]) == ("厚生労働省", "")
    assert [problem.sentence[-2:] for problem in report.unplaced] == ["：レ", "：☑"]
