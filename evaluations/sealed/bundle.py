"""The submission bundle: a sealed version in every format, its receipt, and a list of checksums."""

import hashlib
import zipfile
from collections.abc import Iterator
from io import BytesIO

from django.conf import settings
from django.utils import timezone

from evaluations.form.blocks import header_row, label
from evaluations.models import StatusChange
from evaluations.sealed.media import Edition
from evaluations.sealed.sealing import read_file
from tokku.document import pdf, text
from tokku.document.tree import Block, Cell, Document, Heading, Paragraph, Row, Section, Table
from tokku.japanese import era_date, era_time

RECEIPT = "提出記録"
SUMS = "SHA256SUMS.txt"
_FACT_WIDTHS, _LOG_WIDTHS = (28, 72), (24, 14, 34, 28)


def bundle(edition: Edition) -> bytes:
    """A zip of PDF, Word, text and JSON of the sealed version, its receipt, and the SHA-256 of each.

    The same version and log give the same bytes. Raises BrokenSeal when a file is not as it was sealed.
    """
    version = edition.version
    files = {
        edition.file_name("pdf"): read_file(version, "pdf"),
        edition.file_name("docx"): read_file(version, "docx"),
        edition.file_name("txt"): text.write(edition.document).encode(),
        edition.file_name("json"): version.document.encode(),
        f"{RECEIPT}.pdf": _receipt_pdf(edition),
    }
    sums = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items()
    )
    files[SUMS] = sums.encode()
    packed = BytesIO()
    sealed_at = timezone.localtime(version.sealed_at).timetuple()[:6]
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name, sealed_at)
            archive.writestr(member, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _receipt_pdf(edition: Edition) -> bytes:
    return pdf.write(
        Document((Section(tuple(_receipt(edition))),)),
        title=f"{edition.title} {RECEIPT}",
        head=edition.head,
        foot=edition.foot,
        font_paths=settings.PDF_FONT_PATHS,
    )


def _receipt(edition: Edition) -> Iterator[Block]:
    """The facts of the version, and when each municipality handed in and was approved."""
    evaluation, version = edition.evaluation, edition.version
    facts = {
        "評価書": edition.title,
        "版": f"第{version.number}版",
        "確定日時": era_time(timezone.localtime(version.sealed_at)),
        "確定した人": version.sealed_by.name_at(version.sealed_at),
        "SHA-256（文書のJSON）": version.sha256,
        "内閣府への提出日": era_date(evaluation.sent_on) if evaluation.sent_on else "",
    }
    yield Heading(RECEIPT, level=1)
    yield Table(
        tuple(Row((label(name), Cell(value))) for name, value in facts.items()), _FACT_WIDTHS
    )
    yield Heading("自治体の提出と承認", level=2)
    log = list(
        StatusChange.objects.for_log(evaluation)
        .filter(move__in=["submit", "approve"], changed_at__lte=version.sealed_at)
        .order_by("pk")
    )
    if not log:
        yield Paragraph("提出と承認の記録は、このシステムにはありません。")
        return
    columns = header_row(("自治体", "操作", "日時", "担当した人"))
    yield Table((columns, *map(_log_row, log)), _LOG_WIDTHS)


def _log_row(change: StatusChange) -> Row:
    return Row(
        (
            Cell(str(change.submission.municipality)),
            Cell(change.get_to_state_display()),
            Cell(era_time(timezone.localtime(change.changed_at))),
            Cell(change.changed_by.name_at(change.changed_at)),
        )
    )
