"""What contents say, field by field, under the names that the sources of their document bear (0003)."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from evaluations.catalogue.part6_regional import TEXT_KINDS
from evaluations.form import contents as c
from evaluations.keys import RecordKey

Stated = dict[RecordKey, dict[str, Any]]


def stated(contents: c.Contents) -> Stated:
    """By record and field; names of fields are the models', a relation is `all_targets` and `targets`.

    Only what the form prints, so that a document and the records can be compared.
    """
    contents = contents.printed()
    found: Stated = {
        RecordKey("zone"): _values(contents.zone),
        RecordKey("plan"): _values(contents.plan),
        RecordKey("evaluation"): _values(contents.texts),
    }
    for indicator in contents.indicators:
        found[RecordKey("indicator", indicator.number)] = {"name": indicator.name}
    for key, _, target in contents.targets():
        found[RecordKey("target", key)] = _values(target, without=("number", "years", "assessment"))
        found[RecordKey("assessment", key)] = _values(target.assessment)
        for year in target.years:
            found[RecordKey("target", key, year.year)] = {
                "target": year.target,
                "actual": year.actual,
            }
    for n, approach in enumerate(contents.approaches, 1):
        found[RecordKey("approach", n)] = _values(approach, without=("achievements",))
        found |= _numbered(RecordKey("achievement", n), approach.achievements)
    for kind in dict.fromkeys(one.kind for one in contents.measures):
        of_kind = (one for one in contents.measures if one.kind == kind)
        for n, measure in enumerate(of_kind, 1):
            said = _values(measure, without=("kind",))
            printed = {"name", *measure.printed_fields}
            if "relation" in printed:
                printed |= {"all_targets", "targets"}
            found[RecordKey("measure", kind, n)] = {
                name: value for name, value in said.items() if name in printed
            }
    for kind in dict.fromkeys(one.kind for one in contents.national_supports):
        of_kind = (one for one in contents.national_supports if one.kind == kind)
        found |= _numbered(RecordKey("national_support", kind), of_kind, without=("kind",))
    for category in dict.fromkeys(one.category for one in contents.schemes):
        of_category = (one for one in contents.schemes if one.category == category)
        found |= _numbered(RecordKey("scheme", category), of_category, without=("category",))
    for kind in TEXT_KINDS:
        found[RecordKey("regional_text", kind, 1)] = {"text": contents.regional_text(kind)}
    return found


def name_of(record: RecordKey, said: dict[str, Any]) -> str:
    return str(said.get(record.named_by, ""))


def _numbered(of: RecordKey, parts: Iterable[Any], without: tuple[str, ...] = ()) -> Stated:
    return {of._replace(last=n): _values(part, without=without) for n, part in enumerate(parts, 1)}


def _values(part: Any, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    found = {}
    for f in fields(part):
        if f.name in without or not f.metadata.get("printed", True):
            continue
        value = getattr(part, f.name)
        if isinstance(value, c.Relation):
            found |= {"all_targets": value.all_targets, "targets": value.targets}
        else:
            found[f.name] = value
    return found
