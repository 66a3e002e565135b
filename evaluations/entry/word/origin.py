"""What an exported file carries: the document as it was exported, and the revisions of the rows behind it."""

from dataclasses import dataclass
from typing import Any

from django.core import signing

from evaluations.form import Interpretation, UnreadableForm, interpret
from evaluations.keys import RecordKey, RowKey
from evaluations.models import Evaluation
from evaluations.models.row import EntryRow
from tokku.document import json
from tokku.document.tree import Document

_SIGNER = signing.Signer(salt="evaluations.word")

Rows = dict[RecordKey, list[EntryRow]]


@dataclass(frozen=True)
class WordOrigin:
    """What a file said when it was exported, and for each record its rows with their revisions."""

    exported: Interpretation
    rows: dict[RecordKey, list[tuple[RowKey, int]]]
    is_known: bool


def origin_of(evaluation: Evaluation, document: Document, rows: Rows) -> str:
    """For the file to carry. Signed, and the same for the same document and rows."""
    return _SIGNER.sign_object(_carried(evaluation, document, rows), compress=True)


def read_origin(base: str, evaluation: Evaluation, document: Document, rows: Rows) -> WordOrigin:
    """What the file carries; the evaluation as it is now where it carries nothing that is ours."""
    try:
        carried = _SIGNER.unsign_object(base)
    except signing.BadSignature:
        carried = {}
    is_known = carried.get("evaluation") == evaluation.pk
    if not is_known:
        carried = _carried(evaluation, document, rows)
    return WordOrigin(
        exported=interpret(json.read(carried["document"])),
        rows={
            RecordKey.parse(record): [(RowKey.parse(key), revision) for key, revision in of_record]
            for record, of_record in carried["rows"].items()
        },
        is_known=is_known,
    )


def is_of_another_form(base: str) -> bool:
    """Whether even as it was exported the file is not of the form that its year has by now."""
    try:
        interpret(json.read(_SIGNER.unsign_object(base)["document"]))
    except signing.BadSignature:
        return False
    except UnreadableForm:
        return True
    return False


def _carried(evaluation: Evaluation, document: Document, rows: Rows) -> dict[str, Any]:
    return {
        "evaluation": evaluation.pk,
        "document": json.write(document),
        "rows": {
            str(record): [(str(row.key), row.revision) for row in of_record]
            for record, of_record in rows.items()
        },
    }
