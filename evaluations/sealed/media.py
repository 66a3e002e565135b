"""The files of an evaluation: its document as PDF and Word, with headers and footers, and their names."""

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
# Characters that Windows refuses in the name of a file, and their replacements.
_IN_NAMES = str.maketrans('\\/:*?"<>|', "￥／：＊？”＜＞｜")
SHA_DIGITS = 12
_ZONE_NAME = RecordKey("zone").field("name")


@dataclass(frozen=True)
class Edition:
    """A document of an evaluation: that of a sealed version, or a draft where there is none.

    `part` names the municipalities of a draft without the unsubmitted rows of others (`part_of`); else "".
    """

    evaluation: Evaluation
    document: Document
    version: SealedVersion | None = None
    part: str = ""

    @property
    def head(self) -> str:
        """The fiscal year and the name of the zone in the document."""
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
        """Number and SHA-256 of the sealed version; "" for a draft."""
        if not self.version:
            return ""
        return f"第{self.version.number}版 {self.version.sha256[:SHA_DIGITS]}"

    def file_name(self, suffix: str) -> str:
        """The name of a download: 令和5年度 …特区 評価書 第1版.pdf; for a draft with the mark instead of the version."""
        version_or_mark = f" 第{self.version.number}版" if self.version else self.mark_in_brackets
        return file_name(f"{self.title}{version_or_mark}.{suffix}")


def part_of(contents: Contents, hidden: Collection[str]) -> str:
    """Names the municipalities of a draft without the unsubmitted rows of the municipalities `hidden`: 神奈川県分.

    "" when nothing is left out. What is left out may also be of an earlier year.
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
    """The Word file. `base` identifies the contents that it was made from, for its import (evaluations.entry.word)."""
    header = f"{edition.mark_in_brackets}{edition.head}" if edition.mark else edition.head
    return docx.write(
        edition.document, title=edition.title, header=header, footer=edition.foot, base=base
    )


def zone_name(document: Document) -> str:
    """The name of the zone in the document."""
    lines = (
        block.text
        for block in document.blocks
        if not isinstance(block, Table) and block.source == _ZONE_NAME
    )
    return "".join(lines)
