"""What contents say, field by field, under the names that the sources of their document bear (0003)."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from evaluations import catalogue
from evaluations.catalogue.part6_regional import TEXT_KINDS
from evaluations.form import contents as c

Stated = dict[str, dict[str, Any]]

# The field by which people tell the records of a list apart.
NAMES = {kind.source: kind.named_by for kind in catalogue.KINDS.values() if kind.named_by}


def stated(contents: c.Contents) -> Stated:
    """By record and field; names of fields are the models', a relation is `all_targets` and `targets`.

    Only what the form prints, so that a document and the records can be compared.
    """
    contents = contents.printed()
    found: Stated = {
        "zone": _values(contents.zone),
        "plan": _values(contents.plan),
        "evaluation": _values(contents.texts),
    }
    for indicator in contents.indicators:
        found[f"indicator/{indicator.number}"] = {"name": indicator.name}
    for key, _, target in contents.targets():
        found[f"target/{key}"] = _values(target, without=("number", "years", "assessment"))
        found[f"assessment/{key}"] = _values(target.assessment)
        for year in target.years:
            found[f"target/{key}/{year.year}"] = {"target": year.target, "actual": year.actual}
    for n, approach in enumerate(contents.approaches, 1):
        found[f"approach/{n}"] = _values(approach, without=("achievements",))
        found |= _numbered(f"achievement/{n}", approach.achievements)
    for kind in dict.fromkeys(one.kind for one in contents.measures):
        of_kind = (one for one in contents.measures if one.kind == kind)
        for n, measure in enumerate(of_kind, 1):
            said = _values(measure, without=("kind",))
            printed = {"name", *measure.printed_fields}
            if "relation" in printed:
                printed |= {"all_targets", "targets"}
            found[f"measure/{kind}/{n}"] = {
                name: value for name, value in said.items() if name in printed
            }
    for kind in dict.fromkeys(one.kind for one in contents.national_supports):
        of_kind = (one for one in contents.national_supports if one.kind == kind)
        found |= _numbered(f"national_support/{kind}", of_kind, without=("kind",))
    for category in dict.fromkeys(one.category for one in contents.schemes):
        of_category = (one for one in contents.schemes if one.category == category)
        found |= _numbered(f"scheme/{category}", of_category, without=("category",))
    for kind in TEXT_KINDS:
        found[f"regional_text/{kind}/1"] = {"text": contents.regional_text(kind)}
    return found


def list_of(record: str) -> str:
    """The list in which a record has its place: achievement/1 for achievement/1/2; "" for none."""
    kind = record.split("/")[0]
    return record.rpartition("/")[0] if kind in NAMES else ""


def name_of(record: str, said: dict[str, Any]) -> str:
    return str(said.get(NAMES.get(record.split("/")[0], ""), ""))


def _numbered(record: str, parts: Iterable[Any], without: tuple[str, ...] = ()) -> Stated:
    return {f"{record}/{n}": _values(part, without=without) for n, part in enumerate(parts, 1)}


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
