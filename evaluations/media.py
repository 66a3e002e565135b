"""The files of an evaluation: the same document in each format, with what runs in its head and foot."""

from dataclasses import dataclass

from evaluations.models import SealedVersion
from evaluations.sealing import zone_name
from tokku.document import docx
from tokku.document.tree import Document
from tokku.japanese import fiscal_year_name

SHA_DIGITS = 12


@dataclass(frozen=True)
class Edition:
    """A document and what it is: a sealed version, or a draft (案) where there is none."""

    document: Document
    fiscal_year: int
    version: SealedVersion | None = None

    @property
    def title(self) -> str:
        return next(self.document.blocks).text

    @property
    def head(self) -> str:
        """Runs on every page: the zone and the year."""
        return f"{zone_name(self.document)}　{fiscal_year_name(self.fiscal_year)}"

    @property
    def mark(self) -> str:
        return "" if self.version else "案"

    @property
    def foot(self) -> str:
        """Which sealed version this is, "" for a draft."""
        if not self.version:
            return ""
        return f"第{self.version.number}版　SHA-256 {self.version.sha256[:SHA_DIGITS]}"

    def file_name(self, suffix: str) -> str:
        which = f"第{self.version.number}版" if self.version else "案"
        return f"評価書_{fiscal_year_name(self.fiscal_year)}_{which}.{suffix}"


def as_docx(edition: Edition, base: str = "") -> bytes:
    """The Word file. `base` is what it was exported from (evaluations.word)."""
    header = f"（{edition.mark}）{edition.head}" if edition.mark else edition.head
    return docx.write(
        edition.document, title=edition.title, header=header, footer=edition.foot, base=base
    )
