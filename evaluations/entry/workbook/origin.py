"""The signed origin in a workbook: its evaluation and municipality, and the rows and revisions behind its lines."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core import signing

from evaluations.entry.workbook.sheet_parts import WorkbookSheet
from evaluations.models import Evaluation
from tokku.accounts.models import Municipality

# Workbooks come back after weeks: change the salt with the fields of an origin, so that older ones count as unknown.
_SIGNER = signing.Signer(salt="evaluations.workbook")


@dataclass(frozen=True)
class WorkbookOrigin:
    """`ids` holds the ids of lines by sheet title and code, `revisions` the revisions of rows by key."""

    evaluation: int
    municipality: int | None
    description: str
    ids: dict[str, dict[str, str]]
    revisions: dict[str, int]
    is_known: bool = True

    def sign(self) -> str:
        payload = [self.evaluation, self.municipality, self.description, self.ids, self.revisions]
        return _SIGNER.sign_object(payload, compress=True)


def origin_of(
    evaluation: Evaluation,
    municipality: Municipality | None,
    sheets: Iterable[WorkbookSheet],
    **options: Any,
) -> WorkbookOrigin:
    """The origin of a workbook with these sheets."""
    sheets = list(sheets)
    return WorkbookOrigin(
        evaluation.pk,
        municipality.pk if municipality else None,
        f"{evaluation}（{municipality or '特区全体'}）",
        {sheet.title: {line.code: line.id for line in sheet.lines} for sheet in sheets},
        {
            str(row.key): row.revision
            for sheet in sheets
            for line in sheet.lines
            for row in line.rows
        },
        **options,
    )


def read_origin(payload: str) -> WorkbookOrigin | None:
    """The origin in a workbook; None when it is missing or its signature is wrong."""
    try:
        return WorkbookOrigin(*_SIGNER.unsign_object(payload))
    except signing.BadSignature:
        return None
