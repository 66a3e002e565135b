"""What a workbook carries, signed: of which evaluation and whose it is, and the rows and revisions behind its lines."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core import signing

from evaluations.entry.workbook.sheet_parts import WorkbookSheet
from evaluations.models import Evaluation
from tokku.accounts.models import Municipality

# Workbooks are away for weeks: whoever changes what an origin holds gives it another salt, so that old ones are unknown.
_SIGNER = signing.Signer(salt="evaluations.workbook")


@dataclass(frozen=True)
class WorkbookOrigin:
    """`ids` are the lines by title of the sheet and code, `revisions` those of the rows by key."""

    evaluation: int
    municipality: int | None
    whose: str
    ids: dict[str, dict[str, str]]
    revisions: dict[str, int]
    is_known: bool = True

    def sign(self) -> str:
        carried = [self.evaluation, self.municipality, self.whose, self.ids, self.revisions]
        return _SIGNER.sign_object(carried, compress=True)


def origin_of(
    evaluation: Evaluation,
    municipality: Municipality | None,
    pages: Iterable[WorkbookSheet],
    **more: Any,
) -> WorkbookOrigin:
    """What a workbook of these sheets carries."""
    pages = list(pages)
    return WorkbookOrigin(
        evaluation.pk,
        municipality.pk if municipality else None,
        f"{evaluation}（{municipality or '特区全体'}）",
        {page.title: {line.code: line.id for line in page.lines} for page in pages},
        {str(row.key): row.revision for page in pages for line in page.lines for row in line.rows},
        **more,
    )


def read_origin(carried: str) -> WorkbookOrigin | None:
    """None when it carries nothing that is ours."""
    try:
        return WorkbookOrigin(*_SIGNER.unsign_object(carried))
    except signing.BadSignature:
        return None
