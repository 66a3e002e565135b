"""The numbers of indicators, numeric targets, approaches and municipalities that texts state."""

import re
from collections.abc import Iterator

from evaluations.checks.mentions import Sentence
from evaluations.checks.picture import Passage, Picture
from evaluations.checks.registry import Check, Finding, Level, check

_KANJI = "一二三四五六七八九"
_NUMBER = rf"(?<![\d.,{_KANJI}十百])(?P<number>\d{{1,2}}|[{_KANJI}])"
_PARTS = re.compile(_NUMBER + r"(?:つの|個の|項目の|本の|の)(?P<part>評価指標|数値目標|解決策)")
# Before a count of some of them only: 関連する2つの数値目標, 評価指標（2）及び（3）の2つの評価指標.
_CHOSEN = re.compile(r"(?:[るたな]|\)の|こ[のれ](?:らの)?|次の|以下の|残りの)$")
_INDICATOR = re.compile(r"評価指標 ?\( ?(\d{1,2}) ?\)[^。\n]{0,20}$")
# In a sentence about some of them only, such as those that were reached.
_SOME = re.compile(r"うち|中で|残[るり]|ほか|他の|一部|達成|達し|未達|上回|下回|届|超え|とどま")


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _KANJI.index(text) + 1


@check("評価指標などの数", Level.CAUTION)
def parts_counted(picture: Picture) -> Iterator[Finding]:
    """4つの評価指標, 6つの数値目標, 3つの解決策; 評価指標（1）の3つの数値目標."""
    contents = picture.contents
    targets_of_indicator = {
        indicator.number: len(indicator.targets) for indicator in contents.indicators
    }
    possible = {
        "評価指標": {len(targets_of_indicator)},
        "数値目標": {sum(targets_of_indicator.values()), *targets_of_indicator.values()},
        "解決策": {len(contents.approaches)},
    }
    for passage, sentence in _sentences(picture):
        for match in _PARTS.finditer(sentence.text):
            part, counts = match["part"], possible[match["part"]]
            indicator_match = _INDICATOR.search(
                sentence.text, max(match.start() - 30, 0), match.start()
            )
            if (
                part == "数値目標"
                and indicator_match
                and int(indicator_match[1]) in targets_of_indicator
            ):
                counts = {targets_of_indicator[int(indicator_match[1])]}
            elif _CHOSEN.search(sentence.text, max(match.start() - 5, 0), match.start()):
                continue
            if _number(match["number"]) not in counts:
                yield _miscounted(parts_counted, passage, sentence, match, part, max(counts))


_MUNICIPALITIES = re.compile(_NUMBER + r"(?P<part>(?:都|道|府|都道府)?県市)")


@check("自治体の数", Level.CAUTION)
def municipalities_counted(picture: Picture) -> Iterator[Finding]:
    """3県市: as many as the evaluation has authors, or as the sentence names."""
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
    """The sentences that are not about some of the parts only, with their passages."""
    for passage in picture.prose:
        for sentence in passage.sentences:
            if not _SOME.search(sentence.text):
                yield passage, sentence


def _miscounted(
    reporting_check: Check,
    passage: Passage,
    sentence: Sentence,
    match: re.Match[str],
    part: str,
    expected: int,
) -> Finding:
    words = passage.words(sentence.start + match.start(), sentence.start + match.end())
    return reporting_check.finding(
        passage,
        f"「{words}」とありますが、{part}の数は{expected}です。どちらかを直してください。",
        words=words,
        found=match["number"],
        expected=str(expected),
    )
