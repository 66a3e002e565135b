"""点検 of one evaluation as one person sees it: what the checks find, in which rows, and what is set aside.

Pages, hand-in, sealing and the command all go by it. The number of queries depends on no number of rows.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.urls import reverse

from evaluations import checks
from evaluations.addresses import entry_address
from evaluations.catalogue.words import FIGURES
from evaluations.checks import Finding, Level, Picture, findings
from evaluations.form.contents import Contents
from evaluations.keys import RecordKey
from evaluations.models import Evaluation, Waiver
from evaluations.models.row import EntryRow, Item
from evaluations.permissions import Access, why_closed, why_not_manage
from evaluations.records.load import Behind, LoadedContents, load_for
from evaluations.sealed.sealing import BrokenSeal, read_contents, standing_version
from evaluations.workflow import SEALED
from evaluations.years.rows import YearRows
from tokku.accounts.models import Role, User
from tokku.japanese import fiscal_year_name
from tokku.records import Record

# Letters of a text that are shown before and after the words that are meant.
AROUND = 80


class FindingKey(NamedTuple):
    """What makes a finding the same one: its check, the row and field, and what it rests on."""

    check: str
    row: str
    field: str
    digest: str


@dataclass(frozen=True)
class InspectedFinding:
    """A finding with the rows behind its source, and who has set it aside, if anybody.

    A figure of the zone has a row of each municipality behind it, what the plan says a row of the plan.
    """

    finding: Finding
    rows: tuple[EntryRow, ...]
    field: str  # of the rows, "" when the finding is on none of their entry fields
    plan_row: Record | None
    municipalities: tuple[str, ...]
    waiver: Waiver | None
    is_missing: bool  # it says no more than that a required field is still blank

    @property
    def row(self) -> EntryRow | None:
        return _single(self.rows)

    @property
    def owner_ids(self) -> frozenset[int]:
        """Whose it is: the owners of its row, none for what concerns the zone as a whole."""
        return self.row.owner_ids if self.row else frozenset()

    @property
    def key(self) -> FindingKey:
        return _key(self.finding, self.rows)

    @property
    def anchor(self) -> str:
        """Names it in addresses and pages, as long as it stays the same."""
        return "finding-" + hashlib.sha256("\0".join(self.key).encode()).hexdigest()[:16]

    @property
    def level(self) -> Level:
        return self.finding.level

    @property
    def blocks(self) -> bool:
        """Whether it keeps the evaluation from being sealed."""
        return self.level is Level.BLOCKING and self.waiver is None

    @property
    def place(self) -> str:
        """What officials call the row and the field."""
        return f"{self._row_label}　{self._field_label}".strip("　")

    @property
    def _row_label(self) -> str:
        if self.row:
            return self.row.label
        if self.rows:
            return self.rows[0].joint_label
        if self.plan_row is None:
            return ""
        label, year = self.plan_row.label, self.finding.record.year
        return f"{label} {fiscal_year_name(year)}" if year else label

    @property
    def _field_label(self) -> str:
        name = self.finding.source.field
        if name in FIGURES:
            return FIGURES[name]
        for row in (*self.rows, self.plan_row):
            if row and name in {field.name for field in row._meta.get_fields()}:
                return str(row._meta.get_field(name).verbose_name)
        return ""

    def address(self, access: Access) -> str:
        """Where this person can mend it; "" where they cannot."""
        for row in self.rows:
            if not access.why_not_edit(row.owner_ids):
                return entry_address(access.evaluation, row.key, self.field)
        if self.rows or not self.plan_row:
            return ""
        if why_not_manage(access.user) or why_closed(access.evaluation):
            return ""
        kind = self.plan_row._meta
        return reverse(f"admin:{kind.app_label}_{kind.model_name}_change", args=[self.plan_row.pk])

    def set_aside(self, evaluation: Evaluation, *, reason: str, by: User) -> Waiver:
        waiver = Waiver(
            evaluation=evaluation,
            municipality_id=next(iter(self.owner_ids)) if len(self.owner_ids) == 1 else None,
            check_name=self.key.check,
            row=self.key.row,
            field=self.key.field,
            digest=self.key.digest,
            place=self.place,
            words=self.finding.words,
            why=self.finding.why,
            reason=reason,
            set_aside_by=by,
        )
        waiver.save()
        return waiver

    def recorded(self) -> dict[str, Any]:
        """As it is kept with a sealed version, and as the command tells it."""
        finding, waiver = self.finding, self.waiver
        return {
            "check": finding.check.name,
            "check_label": finding.check.label,
            "level": self.level.value,
            "level_label": self.level.label,
            "record": finding.source.record,
            "field": finding.source.field,
            "place": self.place,
            "municipalities": list(self.municipalities),
            "text": excerpt(finding.text, finding.words),
            "words": finding.words,
            "found": finding.found,
            "expected": finding.expected,
            "why": finding.why,
            "waived": waiver
            and {
                "reason": waiver.reason,
                "by": str(waiver.set_aside_by),
                "at": waiver.set_aside_at.isoformat(),
            },
        }


@dataclass(frozen=True)
class Inspection:
    """What is found, in the order of the document, and the waivers of what is not found any more."""

    everything: tuple[InspectedFinding, ...]
    lapsed: tuple[Waiver, ...]
    hidden: tuple[str, ...] = ()  # the municipalities whose unfinished work was left out
    why_without_last_year: str = (
        ""  # that last year could not be read, and nothing was compared with it
    )

    @property
    def found(self) -> tuple[InspectedFinding, ...]:
        """What people are told of. A required field that is blank is in the list of what is missing already,
        without which nobody hands in or seals."""
        return tuple(one for one in self.everything if not one.is_missing)

    @property
    def has_missing(self) -> bool:
        return any(one.is_missing for one in self.everything)

    @property
    def open(self) -> list[InspectedFinding]:
        """What nobody has set aside."""
        return [one for one in self.found if one.waiver is None]

    @property
    def blocking(self) -> list[InspectedFinding]:
        return [one for one in self.found if one.blocks]

    def open_of(self, municipality: int) -> list[InspectedFinding]:
        """What is open in rows of a municipality, also in those that it shares with others."""
        return [one for one in self.open if municipality in one.owner_ids]

    def waivers(self) -> Iterator[tuple[Waiver, frozenset[int]]]:
        """Those that this person is told of, with the owners of the rows that they are about."""
        yield from ((one.waiver, one.owner_ids) for one in self.found if one.waiver)
        yield from ((waiver, waiver.owner_ids) for waiver in self.lapsed)

    def recorded(self) -> list[dict[str, Any]]:
        """Everything, also what is missing."""
        return [one.recorded() for one in self.everything]


def inspect(access: Access) -> Inspection:
    return inspect_loaded(access, load_for(access))


def inspect_loaded(access: Access, loaded: LoadedContents) -> Inspection:
    """Of what is loaded for this person. An official is told of their own rows and of the whole zone's.

    Nothing of a sealed evaluation: what was found in it is kept with its version.
    """
    evaluation = access.evaluation
    if evaluation.state in SEALED:
        return Inspection((), ())
    last_year = _last_year(access)
    names = {author.pk: author.name for author in access.year.authors}
    hidden = frozenset(names.get(pk, "") for pk in access.hidden | last_year.hidden)
    picture = Picture(loaded.contents, last_year.contents, hidden)
    waivers = {
        waiver.key: waiver for waiver in evaluation.waiver_set.select_related("set_aside_by")
    }
    plan_rows = _plan_rows(access.year)
    found: dict[FindingKey, InspectedFinding] = {}
    for finding in findings(picture):
        rows, field = _behind(finding, loaded.rows)
        key = _key(finding, rows)
        row = _single(rows)
        owners = row.owner_ids if row else ()
        found[key] = found.get(key) or InspectedFinding(
            finding,
            rows,
            field,
            None if rows else plan_rows.get(finding.record._replace(last=None)),
            tuple(names[pk] for pk in names if pk in owners),
            waivers.get(key),
            finding.check.of_blanks and _is_missing(rows, field),
        )
    waiting = {check.name for check in checks.CHECKS if check.needs_all and hidden}
    return Inspection(
        tuple(one for one in found.values() if _is_told(access, one.owner_ids)),
        tuple(
            waiver
            for key, waiver in waivers.items()
            if key not in found
            and waiver.check_name not in waiting
            and (
                access.user.role == Role.SECRETARIAT
                or access.user.municipality_id in waiver.owner_ids
            )
        ),
        tuple(name for pk, name in names.items() if pk in access.hidden),
        last_year.why_not,
    )


def worst_first(found: Iterable[InspectedFinding]) -> list[InspectedFinding]:
    return sorted(found, key=lambda one: list(Level).index(one.level))


def by_level(found: Iterable[InspectedFinding]) -> list[tuple[Level, int]]:
    """How many of each level there are, the worst first; none of those of which there are none."""
    counts = Counter(one.level for one in found)
    return [(level, counts[level]) for level in Level if counts[level]]


def excerpt(text: str, words: str) -> str:
    """The words with what stands around them, or how the text begins."""
    start = max(text.find(words) - AROUND, 0)
    end = start + 2 * AROUND + len(words)
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


def _is_told(access: Access, owners: frozenset[int]) -> bool:
    return (
        access.user.role == Role.SECRETARIAT or not owners or access.user.municipality_id in owners
    )


def _key(finding: Finding, rows: tuple[EntryRow, ...]) -> FindingKey:
    row = _single(rows)
    named = str(row.key) if row else finding.source.record
    return FindingKey(finding.check.name, named, finding.source.field, finding.digest)


def _single(rows: tuple[EntryRow, ...]) -> EntryRow | None:
    return rows[0] if len(rows) == 1 else None


def _behind(finding: Finding, behind: Behind) -> tuple[tuple[EntryRow, ...], str]:
    """The rows that say what was found, and the field of theirs; of parts printed together those with the words."""
    of_record = behind.get(finding.record, [])
    fields = {row: row.entry_field(finding.source.field) for row in of_record}
    rows = [row for row in of_record if fields[row]]
    if not rows:
        # What else a row says is mended where the row is; what is computed has no row of its own.
        return tuple(of_record[:1] if finding.source.field not in FIGURES else ()), ""
    field = fields[rows[0]]
    if len(rows) > 1 and finding.words and rows[0].row_kind[field].is_prose:
        rows = [row for row in rows if finding.words in row.text_of(field)] or rows
    return tuple(rows), field


def _is_missing(rows: tuple[EntryRow, ...], field: str) -> bool:
    """Whether the field is blank in one of the rows, which must have it."""
    return any(Item(row, field, row.text_of(field)).is_missing for row in rows if field)


def _plan_rows(year: YearRows) -> dict[RecordKey, Record]:
    """The rows of the plan, by the records that a document names; the years of a target have no row of their own."""
    evaluation = year.evaluation
    rows: dict[RecordKey, Record] = {
        RecordKey("zone"): evaluation.zone,
        RecordKey("plan"): evaluation.plan,
    }
    for target in year.targets.values():
        rows[RecordKey("target", target.place)] = target
        rows[RecordKey("indicator", target.place.indicator)] = target.indicator
    return rows


class LastYear(NamedTuple):
    """What one person sees of last year's evaluation, where there is one that can be read."""

    contents: Contents | None = None
    hidden: frozenset[int] = frozenset()  # the municipalities whose unfinished work was left out
    why_not: str = ""


def _last_year(access: Access) -> LastYear:
    if access.last_year is None:
        return LastYear()
    last = access.last_year.evaluation
    if last.state not in SEALED:
        return LastYear(load_for(access.last_year).contents, access.last_year.hidden)
    if not (version := standing_version(last)):
        return LastYear()
    try:
        sealed = read_contents(version).contents
    except BrokenSeal as broken:
        # No reason to leave this year without its other checks.
        return LastYear(why_not=f"前年度の評価書と比べる点検は、行っていません。{broken}")
    # What came back for it came after it was sealed.
    texts = replace(sealed.texts, score=last.score, remarks=last.remarks)
    return LastYear(replace(sealed, texts=texts))
