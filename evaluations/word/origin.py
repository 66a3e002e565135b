"""What an exported file carries: which revisions of which rows it was made from."""

from dataclasses import dataclass

from django.core import signing

from evaluations.form.stated import NAMES
from evaluations.items import row_key
from evaluations.models import Evaluation
from tokku.records import Record

_SALT = "evaluations.word"


def origin_of(evaluation: Evaluation, rows: dict[str, list[Record]]) -> str:
    """Where a file was exported from: each record with its name and the revisions of its rows. Signed."""
    records = {
        record: [_name(record, of_record), [(row_key(row), row.revision) for row in of_record]]
        for record, of_record in rows.items()
    }
    return signing.dumps(
        {"evaluation": evaluation.pk, "records": records}, salt=_SALT, compress=True
    )


def _name(record: str, rows: list[Record]) -> str:
    field = NAMES.get(record.split("/")[0], "")
    return next((getattr(row, field) for row in rows if field and hasattr(row, field)), "")


@dataclass(frozen=True)
class Origin:
    """Names of records, and the rows behind each with the revision that the file was made from."""

    names: dict[str, str]
    rows: dict[str, list[tuple[str, int]]]
    is_known: bool = True


def read_origin(base: str, evaluation: Evaluation, rows: dict[str, list[Record]]) -> Origin:
    """What the file carries; the records as they are now where it carries nothing that is ours."""
    try:
        carried = signing.loads(base, salt=_SALT)
    except signing.BadSignature:
        carried = {}
    is_known = carried.get("evaluation") == evaluation.pk
    if not is_known:
        carried = signing.loads(origin_of(evaluation, rows), salt=_SALT)
    records = carried["records"].items()
    return Origin(
        names={record: name for record, (name, _) in records},
        rows={record: [(key, revision) for key, revision in rows] for record, (_, rows) in records},
        is_known=is_known,
    )
