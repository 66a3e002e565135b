"""Dividing a long entry page into portions that load over a slow line: one or more for each section.

A light page has one portion. The weight of a portion is estimated from its rows and fields.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property

from evaluations.entry.scope import EntryScope
from evaluations.keys import RowKey
from evaluations.models.row import EntryRow
from evaluations.views.entry.row_display import DisplayedRow

# Bytes of HTML. The limit is 150 KB for a page; header, navigation and the forms of new rows take the rest.
FULL = 105_000
ROW, FIELD, TARGET, NOTE, CHARACTER = 1_100, 700, 220, 700, 3
ROW_READ, FIELD_READ = 300, 250


@dataclass(eq=False)
class PortionUnit:
    """Rows that stay on one portion. `heading_row` is the row whose heading they stand under, if any."""

    entries: list[DisplayedRow]
    heading_row: Any = None

    @property
    def is_sent(self) -> bool:
        return any(entry.form and entry.form.is_bound for entry in self.entries)

    def has(self, key: RowKey) -> bool:
        return any(entry.key == key for entry in self.entries)

    @cached_property
    def weight(self) -> int:
        return sum(map(_weight, self.entries))


def _weight(entry: DisplayedRow) -> int:
    row_weight, field_weight = (ROW, FIELD) if entry.form else (ROW_READ, FIELD_READ)
    weight = row_weight
    for field in entry.fields:
        texts = f"{field.item.text}{field.previous}"
        notes = len(field.findings) + len(field.remarks)
        targets = len(entry.scope.targets) if field.bound and field.item.field == "targets" else 0
        weight += field_weight + CHARACTER * len(texts) + NOTE * notes + TARGET * targets
    return weight


@dataclass
class PageSection:
    """A part of the page under a heading of its own, with its rows in order."""

    id: str
    title: str
    units: list[PortionUnit]


@dataclass(eq=False)
class Portion:
    """The part of a page that is shown at a time: sections with some of their units."""

    id: str
    title: str
    sections: dict[str, list[PortionUnit]]

    def has(self, key: RowKey) -> bool:
        return any(unit.has(key) for units in self.sections.values() for unit in units)

    def entries(self, section: str) -> list[DisplayedRow]:
        return [entry for unit in self.sections.get(section, ()) for entry in unit.entries]


def others(entries: list[DisplayedRow], sections: list[PageSection]) -> list[PageSection]:
    """A section for each kind of rows that are in none of these sections."""
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
    """One portion with everything or, where that is too heavy, portions of one section or a part of it."""
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
        is_divided = len(parts) > 1
        title = f"{section.title}{number}／{len(parts)}" if is_divided else section.title
        yield Portion(
            f"{section.id}-{number}" if is_divided else section.id, title, {section.id: units}
        )


def choose(
    portions: list[Portion], sections: list[PageSection], portion_id: str, row: RowKey | None
) -> Portion:
    """The portion with this id, or with this row, or the first.

    Units with sent data are added to it, because their rows may have moved to another portion meanwhile.
    """
    chosen = next((portion for portion in portions if portion.id == portion_id), None)
    chosen = chosen or next(
        (portion for portion in portions if row and portion.has(row)), portions[0]
    )
    for section in sections:
        chosen_units = chosen.sections.get(section.id, [])
        units = [unit for unit in section.units if unit in chosen_units or unit.is_sent]
        if units or section.id in chosen.sections:
            chosen.sections[section.id] = units
    return chosen


def by_kind(
    model: type[EntryRow], scope: EntryScope, entries: list[DisplayedRow]
) -> list[tuple[str, list[DisplayedRow]]]:
    """Label and entries of each table of the model: those with entries in the portion, and those where the person has no row."""
    with_rows = {row.kind_in_form for row in scope.rows if isinstance(row, model)}
    tables = (
        (kind, label, [entry for entry in entries if entry.row.kind_in_form == kind])
        for kind, label in model.tables
    )
    return [
        (label, kind_entries)
        for kind, label, kind_entries in tables
        if kind_entries or kind not in with_rows
    ]
