"""Answers to the form: parts left open, 該当なし, and texts that are no answer.

Required fields that are blank are in the list of missing fields (evaluations.years.rows). Here are the texts that the
list counts as an answer and a reader does not.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from evaluations import catalogue
from evaluations.catalogue import words
from evaluations.checks.picture import Passage, Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.checks.spelling import KANJI, KATAKANA
from evaluations.keys import RecordKey
from tokku.document.tree import Source

# Source and name of the required fields.
_REQUIRED = catalogue.fields_where(lambda field: field.is_required)


def _required(picture: Picture) -> Iterator[Passage]:
    return (passage for passage in picture.prose if passage.key in _REQUIRED)


# Parts left open

_OPEN = (
    re.compile("[○〇◯●◎△▲□■×*?〓Xx]{2,}(?![A-Za-z])|〓"),
    re.compile(
        # 必要検討事項 and 重要確認事項 are correct words.
        f"TODO|TBD|FIXME|(?<![{KANJI}])要(?:確認|検討|修正|追記)|後日(?:記入|記載|追記)|別途記入|追記予定|仮置き(?!場)|記入例"
        # A bracket not after a noun: 整備計画（案） is the name of a paper.
        f"|(?<![{KANJI}{KATAKANA}」])[(【](?:仮|案)[)】]|[(【](?:未定|調整中|確認中|作成中|精査中)[)】]"
    ),
)


@check("書きかけの箇所", Level.BLOCKING)
def left_open(picture: Picture) -> Iterator[Finding]:
    """○○, XX, TODO, 要確認: marks of what was to be filled in later."""
    for passage in picture.prose:
        for match in (match for pattern in _OPEN for match in pattern.finditer(passage.flat)):
            yield left_open.finding(
                passage,
                "書きかけのままの箇所です。内容を書き入れるか、不要な字を消してください。",
                words=passage.words(*match.span()),
                found=passage.words(*match.span()),
            )


_NO_ANSWER = re.compile(
    "[ \n]*[(【]?(?:なし|無し|特になし|特に無し|同上|同左|上記のとおり|上に同じ|未定|検討中|調整中|確認中|作成中|精査中|集計中|未確定|未入力|後日|仮|案"
    r"|[\W_]+|ー+)[)】]?。?[ \n]*"
)


@check("回答になっていない記載", Level.BLOCKING)
def no_answer(picture: Picture) -> Iterator[Finding]:
    """－, なし, 同上, 調整中 where the form asks for a text."""
    for passage in _required(picture):
        is_none = passage.source.field == "result" and passage.text.endswith(("なし", "無し"))
        if len(passage.flat) <= 20 and _NO_ANSWER.fullmatch(passage.flat) and not is_none:
            yield no_answer.finding(
                passage,
                f"「{passage.text}」では、この欄の回答になりません。内容を文で書いてください。",
                words=passage.text,
                found=passage.text,
            )


# 該当なし

_NOT_APPLICABLE = ("該当なし", "該当無し", "該当ありません")


@check("理由のない該当なし", Level.BLOCKING)
def not_applicable(picture: Picture) -> Iterator[Finding]:
    """該当なし where the form asks for a reason or a text; a scheme's result may be 該当なし."""
    for passage in _required(picture):
        if passage.source.field == "result":
            continue
        is_none = passage.flat.strip("。 ") in _NOT_APPLICABLE
        if is_none and not (
            _takes_not_applicable(passage) or _is_of_no_result(picture, passage.source)
        ):
            is_reason = passage.source.field.endswith("_reason")
            yield not_applicable.finding(
                passage,
                "該当する事業がない理由を書いてください。"
                if is_reason
                else "この欄は「該当なし」とすることができません。内容を文で書いてください。",
                words=passage.text,
                found=passage.text,
            )


def _takes_not_applicable(passage: Passage) -> bool:
    """Whether the form accepts 該当なし as the answer of this field (0004)."""
    field = passage.source.field
    kinds = [kind for kind in catalogue.of_source(passage.kind) if field in kind]
    return any(kind[field].takes_not_applicable(passage.record.of) for kind in kinds)


def _is_of_no_result(picture: Picture, source: Source) -> bool:
    """Whether it is 2⑤ in the zone's first year, which has no result of a previous year to respond to."""
    texts = picture.contents.texts
    is_first = picture.last_year is None and not (texts.previous_score or texts.previous_remarks)
    return is_first and source.field == "response_to_previous"


@check("記載のある該当なし", Level.CAUTION)
def not_applicable_beside_text(picture: Picture) -> Iterator[Finding]:
    """該当なし together with other lines in one field."""
    for passage in picture.prose:
        lines = [line.strip("。 ") for line in passage.flat.split("\n")]
        parts = picture.passages_of(passage.record, passage.source.field)
        if any(line in _NOT_APPLICABLE for line in lines) and len(lines) + len(parts) > 2:
            yield not_applicable_beside_text.finding(
                passage,
                "「該当なし」とほかの記載が並んでいます。どちらかを消してください。",
                words=words.NOT_APPLICABLE if words.NOT_APPLICABLE in passage.text else "",
                found=words.NOT_APPLICABLE,
            )


# Fields that are not required


@check("空欄", Level.CAUTION)
def empty_parts(picture: Picture) -> Iterator[Finding]:
    """Fields that are not required for hand-in, but hardly left empty on purpose."""
    for record, field, sentence in _empty_fields(picture):
        yield empty_parts.finding(
            picture.place_of(record, field), f"{sentence}。書き入れてください。"
        )


def _empty_fields(picture: Picture) -> Iterator[tuple[RecordKey, str, str]]:
    contents = picture.contents
    for number, approach in enumerate(contents.approaches, 1):
        record = RecordKey("approach", number)
        if not approach.targets:
            yield record, "targets", f"解決策{number}が寄与する数値目標が選ばれていません"
        # Those of others may be hidden still.
        if not approach.achievements and approach.narrative and not picture.hidden:
            yield (
                record,
                "narrative",
                f"解決策{number}に、具体的な取組・成果がありません",
            )
    places: dict[str, int] = defaultdict(int)
    for scheme in contents.schemes:
        places[scheme.category] += 1
        relation = scheme.relation
        if not relation.all_targets and not relation.targets:
            yield (
                RecordKey("scheme", scheme.category, places[scheme.category]),
                "targets",
                f"「{scheme.name}」に関連する数値目標が選ばれていません",
            )
