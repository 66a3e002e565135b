"""What an exported file carries: which revisions of which rows it was made from."""

from dataclasses import dataclass

from django.core import signing

from evaluations.form.records import Loaded
from evaluations.form.stated import name_of, stated
from evaluations.items import row_key
from evaluations.models import Evaluation

_SALT = "evaluations.word"


def origin_of(evaluation: Evaluation, loaded: Loaded) -> str:
    """Where a file was exported from: each record with its name and the revisions of its rows. Signed."""
    said = stated(loaded.contents)
    records = {
        record: [name_of(record, said.get(record, {})), [(row_key(r), r.revision) for r in rows]]
        for record, rows in loaded.rows.items()
    }
    return signing.dumps(
        {"evaluation": evaluation.pk, "records": records}, salt=_SALT, compress=True
    )


@dataclass(frozen=True)
class Origin:
    """Names of records, and the rows behind each with the revision that the file was made from."""

    names: dict[str, str]
    rows: dict[str, list[tuple[str, int]]]
    is_known: bool = True


def read_origin(base: str, evaluation: Evaluation, loaded: Loaded) -> Origin:
    """What the file carries; the records as they are now where it carries nothing that is ours."""
    try:
        carried = signing.loads(base, salt=_SALT)
    except signing.BadSignature:
        carried = {}
    is_known = carried.get("evaluation") == evaluation.pk
    if not is_known:
        carried = signing.loads(origin_of(evaluation, loaded), salt=_SALT)
    records = carried["records"].items()
    return Origin(
        names={record: name for record, (name, _) in records},
        rows={record: [(key, revision) for key, revision in rows] for record, (_, rows) in records},
        is_known=is_known,
    )
