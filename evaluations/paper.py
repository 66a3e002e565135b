"""An evaluation as a file to print or hand on: what stands around its words, and what the file is called."""

from django.conf import settings

from evaluations.models import Evaluation, SealedVersion
from evaluations.sealing import zone_name
from tokku.document import pdf
from tokku.document.tree import Document
from tokku.japanese import fiscal_year_name

DRAFT = "案"


def write_pdf(evaluation: Evaluation, document: Document, version: SealedVersion | None) -> bytes:
    """`document` as a PDF: that of the sealed `version`, or a draft where there is none."""
    return pdf.write(
        document,
        title=_name(evaluation, document),
        head=f"{fiscal_year_name(evaluation.fiscal_year)} {zone_name(document)}",
        mark="" if version else DRAFT,
        foot=f"第{version.number}版 {version.sha256[:12]}" if version else "",
        font_paths=settings.PDF_FONT_PATHS,
    )


def file_name(
    evaluation: Evaluation, document: Document, version: SealedVersion | None, suffix: str
) -> str:
    """What a download is called: 令和5年度 …特区 評価書 第1版.pdf, or （案） in place of the version."""
    state = f" 第{version.number}版" if version else f"（{DRAFT}）"
    return f"{_name(evaluation, document)}{state}{suffix}"


def _name(evaluation: Evaluation, document: Document) -> str:
    return f"{fiscal_year_name(evaluation.fiscal_year)} {zone_name(document)} 評価書"
