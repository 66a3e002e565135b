"""What a Word file holds and a document cannot, collected into sentences for the person who brought it."""

from collections import defaultdict
from enum import Enum

# As many as a person looks up at once.
MOST_PLACES = 5
MOST_TEXTS = 3
LONGEST_TEXT = 60


class NoticeKind(Enum):
    """Something in a file that a document cannot hold, and what became of it; in the order of the sentences."""

    REVISION = "変更履歴が{}か所", "承諾したものとして読み取りました。"
    FORMAT_REVISION = "書式の変更履歴が{}か所", "承諾したものとして読み取りました。"
    COMMENT = "コメントが{}件", "読み取っていません。"
    FOOTNOTE = "脚注が{}件", "読み取っていません。"
    TEXT_BOX = "テキストボックスや図形の文字が{}か所", "読み取っていません。"
    PICTURE = "図や画像が{}点", "読み取っていません。"
    EQUATION = "数式が{}か所", "読み取っていません。"
    HIDDEN = "隠し文字が{}か所", "読み取っていません。"
    COVERED = "結合されたセルに隠れた文字が{}か所", "読み取っていません。"
    CONTENTS = "目次が{}行", "読み取っていません。"
    UNKNOWN = "読み取れない部品が{}点", "読み取っていません。"
    LINK = "リンクが{}か所", "文字だけを読み取り、リンク先は読み取っていません。"
    RUBY = "ふりがなが{}か所", "元の文字だけを読み取り、ふりがなは読み取っていません。"
    STRUCK = "取消線の文字が{}か所", "取り消さずに読み取りました。"
    RAISED = "上付き・下付きの文字が{}か所", "普通の文字として読み取りました。"
    NUMBER = "自動の段落番号が{}か所", "番号は読み取っていません。"
    BULLET = "自動の行頭記号が{}か所", "「・」の項目として読み取りました。"
    DEEP_HEADING = "7段階目より深い見出しが{}か所", "6段階目の見出しとして読み取りました。"
    NESTED = "表の中の表が{}か所", "文字だけを読み取りました。"
    RAGGED = "列の足りない表の行が{}か所", "空欄を補いました。"

    def __init__(self, subject: str, outcome: str) -> None:
        self.subject, self.outcome = subject, outcome


class Notices:
    def __init__(self) -> None:
        self._occurrences: dict[NoticeKind, list[tuple[str, str]]] = defaultdict(list)

    def note(self, kind: NoticeKind, place: str = "", text: str = "") -> None:
        """`text` is what a person must find again in the file, because it was not read as it stands."""
        self._occurrences[kind].append((place, " ".join(text.split())))

    def sentences(self) -> list[str]:
        return [
            _sentence(kind, self._occurrences[kind])
            for kind in NoticeKind
            if kind in self._occurrences
        ]


def _sentence(kind: NoticeKind, occurrences: list[tuple[str, str]]) -> str:
    places = _first_few([place for place, _ in occurrences], MOST_PLACES)
    texts = _first_few([f"「{_shortened(text)}」" for _, text in occurrences if text], MOST_TEXTS)
    sentence = kind.subject.format(len(occurrences)) + "あります"
    sentence += f"（{places}）。" if places else "。"
    sentence += kind.outcome.removesuffix("。")
    return sentence + (f"：{texts}" if texts else "。")


def _first_few(texts: list[str], most: int) -> str:
    """At most `most` different texts, and ほか when there are more."""
    distinct = list(dict.fromkeys(filter(None, texts)))
    return "、".join(distinct[:most]) + (" ほか" if len(distinct) > most else "")


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…"
