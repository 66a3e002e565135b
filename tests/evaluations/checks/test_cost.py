"""No text makes a check raise, or take out of proportion to its length."""

from dataclasses import replace
from time import perf_counter

import pytest

from evaluations.checks import Picture, findings
from evaluations.form import contents as c
from evaluations.sample import evaluations
from tokku.document.tree import clean_lines

pytestmark = pytest.mark.slow

# Endless repetitions of what checks look for, and of what no check expects.
PIECES = {
    "punctuation": "、。・，．！？",
    "brackets": "「『（【〔",
    "closing": "」』）】〕",
    "digits": "1234567890",
    "commas": "1,000,",
    "quantities": "3件中2件、",
    "fractions": "6つの数値目標のうち5項目で目標を達成し、",
    "years": "令和4年度から令和5年度、前年度に比べて",
    "katakana": "アイウエオー",
    "kanji": "県立研究所機構財団",
    "numbers": "一二三四五六七八九十",
    "particles": "のをにはがでとも",
    "spaces": "あ 　",
    "statement": "目標値（10件）に対し、実績値（8件）であり、全体で38件、うち新規6件、",
    "comparisons": "うち5件、計5件、前年度から5件増、投資額は5億円",
    "names": "「試験センター」（以下「センター」という。）",
    "combining": "か\u3099\u0301\u0301",
    "unassigned": "\u0378\u2fe0\U000e0fff",
    "private": "\ue000\U000f0000",
    "bidi": "\u202e\u2066\u200b\ufe0f",
    "emoji": "👩‍👩‍👧‍👦🏽",
    "mixed": "aＡ1１ｱア",
    "sentences": "目標を達成した。",
    "lines": "令和5年度は6件。\n",
}


def with_text(text: str) -> Picture:
    """The text in the body, and the beginning of it in a field of each other kind."""
    years = evaluations()
    return Picture(*(_filled(years[year], clean_lines(text)) for year in (2023, 2022)))


def _filled(sound: c.Contents, text: str) -> c.Contents:
    part = clean_lines(text[: len(text) // 10])
    first, *others = sound.indicators
    target, *rest = first.targets
    target = replace(target, assessment=replace(target.assessment, self_assessment=part))
    label = part.replace("\n", "")
    approach = replace(sound.approaches[0], narrative=part, result_label=label)
    return replace(
        sound,
        texts=replace(sound.texts, overall=text),
        indicators=(replace(first, targets=(target, *rest)), *others),
        approaches=(approach, *sound.approaches[1:]),
        schemes=(replace(sound.schemes[0], result=part), *sound.schemes[1:]),
    )


@pytest.mark.full
@pytest.mark.parametrize("piece", PIECES)
def test_cost_grows_in_proportion_to_the_text(piece):
    """Ten times the text takes at most some forty times as long: a square would take a hundred."""

    def cost(length: int) -> float:
        picture = with_text((PIECES[piece] * length)[:length])
        picture.document  # noqa: B018  composing is not what is measured
        start = perf_counter()
        findings(picture)
        return perf_counter() - start

    cost(1_000)
    assert cost(200_000) < 40 * max(cost(20_000), 0.02)
