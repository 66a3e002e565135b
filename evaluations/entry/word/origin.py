"""The origin in an exported Word file: the exported document and the revisions of the rows behind it, signed."""

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
    """The contents of a file when it was exported, and for each record its rows with their revisions."""

    exported: Interpretation
    rows: dict[RecordKey, list[tuple[RowKey, int]]]
    is_known: bool


def origin_of(evaluation: Evaluation, document: Document, rows: Rows) -> str:
    """The signed origin for a file. Equal documents and rows give equal text."""
    return _SIGNER.sign_object(_carried(evaluation, document, rows), compress=True)


def read_origin(base: str, evaluation: Evaluation, document: Document, rows: Rows) -> WordOrigin:
    """The origin in the file; the present evaluation where the file has none or another evaluation's."""
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
    """Whether the exported document itself no longer fits the form of its year, because the form has changed."""
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
