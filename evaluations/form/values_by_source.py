"""The values of contents by record and field, under the names that sources of documents use (0003)."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from evaluations.catalogue.part6_regional import TEXT_KINDS
from evaluations.form import contents as c
from evaluations.keys import RecordKey

ValuesBySource = dict[RecordKey, dict[str, Any]]


def values_by_source(contents: c.Contents) -> ValuesBySource:
    """The values by record and field name. Fields have the models' names; a relation is `all_targets` and `targets`.

    Only what the form prints is included, so that a document and the records can be compared.
    """
    contents = contents.printed()
    values_by_record: ValuesBySource = {
        RecordKey("zone"): _values(contents.zone),
        RecordKey("plan"): _values(contents.plan),
        RecordKey("evaluation"): _values(contents.texts),
    }
    for indicator in contents.indicators:
        values_by_record[RecordKey("indicator", indicator.number)] = {"name": indicator.name}
    for key, _, target in contents.targets():
        values_by_record[RecordKey("target", key)] = _values(
            target, without=("number", "decimals", "years", "assessment")
        )
        values_by_record[RecordKey("assessment", key)] = _values(target.assessment)
        for figures in target.years:
            values_by_record[RecordKey("target", key, figures.year)] = {
                "target": figures.target,
                "actual": figures.actual,
                "before": figures.before,
            }
    for number, approach in enumerate(contents.approaches, 1):
        values_by_record[RecordKey("approach", number)] = _values(
            approach, without=("achievements",)
        )
        values_by_record |= _numbered(RecordKey("achievement", number), approach.achievements)
    for kind in dict.fromkeys(part.kind for part in contents.measures):
        parts = (part for part in contents.measures if part.kind == kind)
        for number, measure in enumerate(parts, 1):
            values = _values(measure, without=("kind",))
            printed = {"name", *measure.printed_fields}
            if "relation" in printed:
                printed |= {"all_targets", "targets"}
            values_by_record[RecordKey("measure", kind, number)] = {
                name: value for name, value in values.items() if name in printed
            }
    for kind in dict.fromkeys(part.kind for part in contents.national_supports):
        parts = (part for part in contents.national_supports if part.kind == kind)
        values_by_record |= _numbered(RecordKey("national_support", kind), parts, without=("kind",))
    for category in dict.fromkeys(part.category for part in contents.schemes):
        parts = (part for part in contents.schemes if part.category == category)
        values_by_record |= _numbered(RecordKey("scheme", category), parts, without=("category",))
    for kind in TEXT_KINDS:
        values_by_record[RecordKey("regional_text", kind, 1)] = {
            "text": contents.regional_text(kind)
        }
    return values_by_record


def name_of(record: RecordKey, values: dict[str, Any]) -> str:
    return str(values.get(record.named_by, ""))


def _numbered(
    list_key: RecordKey, parts: Iterable[Any], without: tuple[str, ...] = ()
) -> ValuesBySource:
    return {
        list_key._replace(last=number): _values(part, without=without)
        for number, part in enumerate(parts, 1)
    }


def _values(part: Any, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    values = {}
    for part_field in fields(part):
        if part_field.name in without or not part_field.metadata.get("printed", True):
            continue
        value = getattr(part, part_field.name)
        if isinstance(value, c.Relation):
            values |= {"all_targets": value.all_targets, "targets": value.targets}
        else:
            values[part_field.name] = value
    return values
