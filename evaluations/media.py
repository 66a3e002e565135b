"""The files of an evaluation: its document as PDF and as Word, what stands around the words, and their names."""

from dataclasses import dataclass

from django.conf import settings

from evaluations.models import Evaluation, SealedVersion
from tokku.document import docx, pdf
from tokku.document.tree import Document, Source, Table
from tokku.japanese import fiscal_year_name

DRAFT = "案"
# What Windows refuses in the name of a file, and what is written in its place.
_IN_NAMES = str.maketrans('\\/:*?"<>|', "￥／：＊？”＜＞｜")
SHA_DIGITS = 12


@dataclass(frozen=True)
class Edition:
    """A document of an evaluation: that of a sealed version, or a draft where there is none."""

    evaluation: Evaluation
    document: Document
    version: SealedVersion | None = None

    @property
    def head(self) -> str:
        """The year and the zone, as the document names it."""
        return f"{fiscal_year_name(self.evaluation.fiscal_year)} {zone_name(self.document)}"

    @property
    def title(self) -> str:
        return f"{self.head} 評価書"

    @property
    def mark(self) -> str:
        return "" if self.version else DRAFT

    @property
    def foot(self) -> str:
        """Which sealed version it is, "" for a draft."""
        if not self.version:
            return ""
        return f"第{self.version.number}版 {self.version.sha256[:SHA_DIGITS]}"

    def file_name(self, suffix: str) -> str:
        """What a download is called: 令和5年度 …特区 評価書 第1版.pdf, or （案） in place of the version."""
        which = f" 第{self.version.number}版" if self.version else f"（{DRAFT}）"
        return file_name(f"{self.title}{which}.{suffix}")


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
    """The Word file. `base` is what it was made from, for when it comes back (evaluations.word)."""
    header = f"（{edition.mark}）{edition.head}" if edition.mark else edition.head
    return docx.write(
        edition.document, title=edition.title, header=header, footer=edition.foot, base=base
    )


def zone_name(document: Document) -> str:
    """The zone as the document names it, which a sealed one does for ever."""
    lines = (
        block.text
        for block in document.blocks
        if not isinstance(block, Table) and block.source == Source("zone", "name")
    )
    return "".join(lines)
