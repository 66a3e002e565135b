"""A long entry page in portions, each light enough for a slow line: one for each section, or several.

A page that is light as a whole has one portion. What a portion weighs goes by what stands on it, roughly.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property

from evaluations.entry.scope import EntryScope
from evaluations.keys import RowKey
from evaluations.models.row import EntryRow
from evaluations.views.entry.row_display import DisplayedRow

# In bytes. The bound is 150 KB for the whole HTML; header, navigation and new rows take the rest.
FULL = 105_000
ROW, FIELD, TARGET, NOTE, CHARACTER = 1_100, 700, 220, 700, 3
ROW_READ, FIELD_READ = 300, 250


@dataclass(eq=False)
class PortionUnit:
    """What stays together on a portion. `of` is the row under which it stands, if it is under one."""

    entries: list[DisplayedRow]
    of: Any = None

    @property
    def is_sent(self) -> bool:
        return any(entry.form and entry.form.is_bound for entry in self.entries)

    def has(self, key: RowKey) -> bool:
        return any(entry.key == key for entry in self.entries)

    @cached_property
    def weight(self) -> int:
        return sum(map(_weight, self.entries))


def _weight(entry: DisplayedRow) -> int:
    row, field = (ROW, FIELD) if entry.form else (ROW_READ, FIELD_READ)
    weight = row
    for one in entry.fields:
        said = f"{one.item.text}{one.previous}"
        notes = len(one.findings) + len(one.remarks)
        targets = len(entry.scope.targets) if one.bound and one.item.field == "targets" else 0
        weight += field + CHARACTER * len(said) + NOTE * notes + TARGET * targets
    return weight


@dataclass
class PageSection:
    """A part of the page under a heading of its own, with its rows in order."""

    id: str
    title: str
    units: list[PortionUnit]


@dataclass(eq=False)
class Portion:
    """What is shown at a time: sections with some of their rows."""

    id: str
    title: str
    sections: dict[str, list[PortionUnit]]

    def has(self, key: RowKey) -> bool:
        return any(unit.has(key) for units in self.sections.values() for unit in units)

    def entries(self, section: str) -> list[DisplayedRow]:
        return [entry for unit in self.sections.get(section, ()) for entry in unit.entries]


def others(entries: list[DisplayedRow], sections: list[PageSection]) -> list[PageSection]:
    """A section for each kind of rows that none of these shows."""
    shown = {entry.key for section in sections for unit in section.units for entry in unit.entries}
    by_model: dict[type, list[PortionUnit]] = {}
    for entry in entries:
        if entry.items and entry.key not in shown:
            by_model.setdefault(type(entry.row), []).append(PortionUnit([entry]))
    return [
        PageSection(model._meta.model_name, str(model._meta.verbose_name), units)
        for model, units in by_model.items()
    ]


def divide(sections: list[PageSection]) -> list[Portion]:
    """One portion with everything, or, where that is too heavy, the sections and parts of them."""
    if sum(unit.weight for section in sections for unit in section.units) <= FULL:
        return [Portion("all", "", {section.id: section.units for section in sections})]
    return [portion for section in sections for portion in _divided(section)]


def _divided(section: PageSection) -> Iterable[Portion]:
    parts: list[list[PortionUnit]] = [[]]
    weight = 0
    for unit in section.units:
        if parts[-1] and weight + unit.weight > FULL:
            parts.append([])
            weight = 0
        parts[-1].append(unit)
        weight += unit.weight
    for number, units in enumerate(parts, 1):
        many = len(parts) > 1
        title = f"{section.title}{number}／{len(parts)}" if many else section.title
        yield Portion(f"{section.id}-{number}" if many else section.id, title, {section.id: units})


def choose(
    portions: list[Portion], sections: list[PageSection], asked: str, row: RowKey | None
) -> Portion:
    """The portion that is asked for by its id or by a row of it, else the first.

    What was sent is shown again, also where a row has come to another portion meanwhile.
    """
    found = next((portion for portion in portions if portion.id == asked), None)
    found = found or next(
        (portion for portion in portions if row and portion.has(row)), portions[0]
    )
    for section in sections:
        here = found.sections.get(section.id, [])
        units = [unit for unit in section.units if unit in here or unit.is_sent]
        if units or section.id in found.sections:
            found.sections[section.id] = units
    return found


def by_kind(
    model: type[EntryRow], scope: EntryScope, entries: list[DisplayedRow]
) -> list[tuple[str, list[DisplayedRow]]]:
    """Label and entries of each table of such rows that the portion shows, or that the person has no row of."""
    with_rows = {row.kind_in_form for row in scope.rows if isinstance(row, model)}
    tables = (
        (kind, label, [one for one in entries if one.row.kind_in_form == kind])
        for kind, label in model.tables
    )
    return [(label, own) for kind, label, own in tables if own or kind not in with_rows]
