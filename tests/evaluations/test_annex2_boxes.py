"""別紙2: the boxes that the ministry ticks, however they are set."""

import pytest

from evaluations.form.annex2_measures import _read_ministry
from evaluations.form.reading import Report

TICKED = ["■", "☑", "☒", "✓", "✔", "☑\ufe0f", "レ", "ﾚ", "レ□", "□レ", "✓ □", "□✓", "☐ ✔", "■　"]
OPEN = ["□", "☐", "□ ", "☐\ufe0f"]


def read(text: str) -> tuple[dict[str, str], Report]:
    report = Report(2023, "international")
    return _read_ministry(text, 1, report), report


@pytest.mark.parametrize("open_box", OPEN)
@pytest.mark.parametrize("tick", TICKED)
@pytest.mark.parametrize("between", ["\n", " "])
def test_a_tick_is_read_however_it_is_set(tick, open_box, between):
    lines = [
        "規制所管府省名: 国土交通省",
        f"{open_box}特例措置の効果が認められる",
        f"{tick} 特例措置の効果が認められない",
        f"⇒ {tick}要件の見直しの必要性あり",
        f"{open_box} その他",
        "＜特記事項＞",
        "✓ の付いた事項",
    ]
    said, report = read(between.join(lines))
    assert said == {
        "ministry": "国土交通省",
        "ministry_effect": "not_recognised",
        "ministry_follow_up": "review",
        "ministry_remarks": "✓ の付いた事項",
    }
    assert report.unplaced == []


@pytest.mark.parametrize(
    ("name", "ministry", "effect"),
    [
        ("レベル管理庁", "レベル管理庁", ""),
        ("モノレール監理官", "モノレール監理官", ""),
        ("コントロールレ", "コントロールレ", ""),
        ("厚生労働省 レ", "厚生労働省", "recognised"),  # before the box
    ],
)
def test_a_letter_within_a_word_is_no_tick(name, ministry, effect):
    said, report = read(f"規制所管府省名: {name}\n□ 特例措置の効果が認められる\n□ レベルの確認")
    assert (said["ministry"], said["ministry_effect"]) == (ministry, effect)
    (unplaced,) = report.unplaced
    assert unplaced.sentence.endswith("：□ レベルの確認")
