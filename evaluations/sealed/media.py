"""The files of an evaluation: its document as PDF and as Word, what stands around the words, and their names."""

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings

from evaluations.form.contents import Contents
from evaluations.keys import RecordKey
from evaluations.models import Evaluation, SealedVersion
from tokku.document import docx, pdf
from tokku.document.tree import Document, Table
from tokku.japanese import fiscal_year_name

DRAFT = "案"
MOST_NAMED = 3  # municipalities in the mark of a draft
# What Windows refuses in the name of a file, and what is written in its place.
_IN_NAMES = str.maketrans('\\/:*?"<>|', "￥／：＊？”＜＞｜")
SHA_DIGITS = 12
_ZONE_NAME = RecordKey("zone").field("name")


@dataclass(frozen=True)
class Edition:
    """A document of an evaluation: that of a sealed version, or a draft where there is none.

    `part` says whose part it is where a draft leaves out what others have not handed in (`part_of`).
    """

    evaluation: Evaluation
    document: Document
    version: SealedVersion | None = None
    part: str = ""

    @property
    def head(self) -> str:
        """The year and the zone, as the document names it."""
        return f"{fiscal_year_name(self.evaluation.fiscal_year)} {zone_name(self.document)}"

    @property
    def title(self) -> str:
        return f"{self.head} 評価書"

    @property
    def mark(self) -> str:
        """案, or 案（神奈川県分）; "" for a sealed version."""
        if self.version:
            return ""
        return f"{DRAFT}（{self.part}）" if self.part else DRAFT

    @property
    def mark_in_brackets(self) -> str:
        return self.mark if self.part else f"（{self.mark}）"

    @property
    def foot(self) -> str:
        """Which sealed version it is, "" for a draft."""
        if not self.version:
            return ""
        return f"第{self.version.number}版 {self.version.sha256[:SHA_DIGITS]}"

    def file_name(self, suffix: str) -> str:
        """What a download is called: 令和5年度 …特区 評価書 第1版.pdf, or the mark in place of the version."""
        which = f" 第{self.version.number}版" if self.version else self.mark_in_brackets
        return file_name(f"{self.title}{which}.{suffix}")


def part_of(contents: Contents, hidden: Collection[str]) -> str:
    """Whose part a draft is that leaves out what the municipalities `hidden` have not handed in: 神奈川県分.

    "" when it leaves nothing out. What it leaves out may also be of a year before.
    """
    if not contents.omitted:
        return ""
    shown = [name for name in contents.zone.municipalities if name not in hidden]
    if not hidden or not shown:
        return "未提出分を除く"
    if len(shown) > MOST_NAMED:
        return f"{shown[0]}ほか{len(shown) - 1}自治体分"
    return "・".join(shown) + "分"


def file_name(name: str) -> str:
    """The name with other characters in place of those that Windows refuses."""
    return name.translate(_IN_NAMES)


def as_pdf(edition: Edition) -> bytes:
    return pdf.write(
        edition.document,
        title=edition.title,
        head=edition.head,
        mark=edition.mark,
        foot=edition.foot,
        font_paths=settings.PDF_FONT_PATHS,
    )


def as_docx(edition: Edition, base: str = "") -> bytes:
    """The Word file. `base` is what it was made from, for when it comes back (evaluations.entry.word)."""
    header = f"{edition.mark_in_brackets}{edition.head}" if edition.mark else edition.head
    return docx.write(
        edition.document, title=edition.title, header=header, footer=edition.foot, base=base
    )


def zone_name(document: Document) -> str:
    """The zone as the document names it, which a sealed one does for ever."""
    lines = (
        block.text
        for block in document.blocks
        if not isinstance(block, Table) and block.source == _ZONE_NAME
    )
    return "".join(lines)
