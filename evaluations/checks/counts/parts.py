"""How many indicators, numeric targets, approaches and municipalities a text says there are."""

import re
from collections.abc import Iterator

from evaluations.checks.mentions import Sentence
from evaluations.checks.picture import Passage, Picture
from evaluations.checks.registry import Check, Finding, Level, check

_KANJI = "一二三四五六七八九"
_NUMBER = rf"(?<![\d.,{_KANJI}十百])(?P<number>\d{{1,2}}|[{_KANJI}])"
_PARTS = re.compile(_NUMBER + r"(?:つの|個の|項目の|本の|の)(?P<part>評価指標|数値目標|解決策)")
# 関連する2つの数値目標, 評価指標（2）及び（3）の2つの評価指標: some of them.
_CHOSEN = re.compile(r"(?:[るたな]|\)の|こ[のれ](?:らの)?|次の|以下の|残りの)$")
_INDICATOR = re.compile(r"評価指標 ?\( ?(\d{1,2}) ?\)[^。\n]{0,20}$")
# A sentence that tells some from others, as those that were reached.
_SOME = re.compile(r"うち|中で|残[るり]|ほか|他の|一部|達成|達し|未達|上回|下回|届|超え|とどま")


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _KANJI.index(text) + 1


@check("評価指標などの数", Level.CAUTION)
def parts_counted(picture: Picture) -> Iterator[Finding]:
    """4つの評価指標, 6つの数値目標, 3つの解決策; 評価指標（1）の3つの数値目標."""
    contents = picture.contents
    of_indicator = {one.number: len(one.targets) for one in contents.indicators}
    possible = {
        "評価指標": {len(of_indicator)},
        "数値目標": {sum(of_indicator.values()), *of_indicator.values()},
        "解決策": {len(contents.approaches)},
    }
    for passage, sentence in _sentences(picture):
        for match in _PARTS.finditer(sentence.text):
            part, counts = match["part"], possible[match["part"]]
            named = _INDICATOR.search(sentence.text, max(match.start() - 30, 0), match.start())
            if part == "数値目標" and named and int(named[1]) in of_indicator:
                counts = {of_indicator[int(named[1])]}
            elif _CHOSEN.search(sentence.text, max(match.start() - 5, 0), match.start()):
                continue
            if _number(match["number"]) not in counts:
                yield _miscounted(parts_counted, passage, sentence, match, part, max(counts))


_MUNICIPALITIES = re.compile(_NUMBER + r"(?P<part>(?:都|道|府|都道府)?県市)")


@check("自治体の数", Level.CAUTION)
def municipalities_counted(picture: Picture) -> Iterator[Finding]:
    """3県市 are as many as the authors of the evaluation, or as the sentence names."""
    authors = picture.contents.zone.municipalities
    for passage, sentence in _sentences(picture):
        if "県市" not in sentence.text:
            continue
        possible = {len(authors), sum(name in sentence.text for name in authors)}
        for match in _MUNICIPALITIES.finditer(sentence.text):
            if _number(match["number"]) not in possible:
                yield _miscounted(
                    municipalities_counted, passage, sentence, match, "作成主体", len(authors)
                )


def _sentences(picture: Picture) -> Iterator[tuple[Passage, Sentence]]:
    """Those that speak of the year as a whole."""
    for passage in picture.prose:
        for sentence in passage.sentences:
            if not _SOME.search(sentence.text):
                yield passage, sentence


def _miscounted(
    which: Check,
    passage: Passage,
    sentence: Sentence,
    match: re.Match[str],
    part: str,
    expected: int,
) -> Finding:
    words = passage.words(sentence.start + match.start(), sentence.start + match.end())
    return which.finding(
        passage,
        f"「{words}」とありますが、{part}の数は{expected}です。どちらかを直してください。",
        words=words,
        found=match["number"],
        expected=str(expected),
    )
