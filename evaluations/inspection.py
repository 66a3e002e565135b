"""点検 of one evaluation as one person sees it: the findings of the checks, their rows, and their waivers.

Used by pages, hand-in, sealing and the command. The number of queries does not grow with the rows.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from django.urls import reverse

from evaluations import checks
from evaluations.addresses import corrections_address, entry_address
from evaluations.catalogue.words import FIGURES
from evaluations.checks import Finding, Level, Picture, findings
from evaluations.form.contents import Contents
from evaluations.keys import RecordKey
from evaluations.models import Evaluation, Waiver
from evaluations.models.row import EntryRow, RowItem
from evaluations.permissions import Access, why_closed, why_not_manage
from evaluations.records.load import Behind, LoadedContents, load_for
from evaluations.sealed.sealing import BrokenSeal, read_contents, standing_version
from evaluations.workflow import SEALED
from evaluations.years.rows import YearRows
from tokku.accounts.models import Role, User
from tokku.japanese import fiscal_year_name
from tokku.records import Record

# Characters of a text that an excerpt shows before and after the words of a finding.
AROUND = 80


class FindingKey(NamedTuple):
    """What makes two findings the same: the check, the row and field, and the digest of text and figures."""

    check: str
    row: str
    field: str
    digest: str


@dataclass(frozen=True)
class InspectedFinding:
    """A finding with the rows that its source was printed from, and its waiver, if any.

    A figure of the zone comes from a row of each municipality, a text of the plan from `plan_row`.
    """

    finding: Finding
    rows: tuple[EntryRow, ...]
    field: str  # of the rows; "" when the finding is on none of their entry fields
    plan_row: Record | None
    municipalities: tuple[str, ...]
    waiver: Waiver | None
    is_missing: bool  # the finding is only that a required field is blank

    @property
    def row(self) -> EntryRow | None:
        return _only_row(self.rows)

    @property
    def owner_ids(self) -> frozenset[int]:
        """The owners of its row; none when it concerns the zone as a whole."""
        return self.row.owner_ids if self.row else frozenset()

    @property
    def key(self) -> FindingKey:
        return _finding_key(self.finding, self.rows)

    @property
    def anchor(self) -> str:
        """Its id in addresses and pages; changes with its key."""
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
        """Where this person can correct it; "" when they cannot."""
        for row in self.rows:
            if not access.why_not_edit(row.owner_ids):
                return entry_address(access.evaluation, row.key, self.field)
        if self.rows:
            return ""
        record = self.finding.record
        if self.finding.source.field == "actual" and record.year in access.evaluation.earlier_years:
            return "" if access.why_not_enter else corrections_address(access.evaluation)
        if not self.plan_row:
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

    def as_data(self) -> dict[str, Any]:
        """As data, for a sealed version and the command."""
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
                "by": waiver.set_aside_by.name_at(waiver.set_aside_at),
                "at": waiver.set_aside_at.isoformat(),
            },
        }


@dataclass(frozen=True)
class Inspection:
    """The findings in the order of the document, and the waivers whose findings are gone (`lapsed`)."""

    all_findings: tuple[InspectedFinding, ...]
    lapsed: tuple[Waiver, ...]
    hidden: tuple[str, ...] = ()  # the municipalities whose unfinished work was left out
    why_without_last_year: str = ""  # why nothing was compared with last year

    @property
    def findings(self) -> tuple[InspectedFinding, ...]:
        """The findings to show: without blank required fields, which the list of missing fields has already."""
        return tuple(finding for finding in self.all_findings if not finding.is_missing)

    @property
    def open_findings(self) -> list[InspectedFinding]:
        """The findings without a waiver."""
        return [finding for finding in self.findings if finding.waiver is None]

    @property
    def blocking_findings(self) -> list[InspectedFinding]:
        return [finding for finding in self.findings if finding.blocks]

    def open_findings_of(self, municipality: int) -> list[InspectedFinding]:
        """The open findings in rows of a municipality, also in those that it shares with others."""
        return [finding for finding in self.open_findings if municipality in finding.owner_ids]

    def waivers(self) -> Iterator[tuple[Waiver, frozenset[int]]]:
        """The waivers that this person may see, each with the owners of its row."""
        yield from (
            (finding.waiver, finding.owner_ids) for finding in self.findings if finding.waiver
        )
        yield from ((waiver, waiver.owner_ids) for waiver in self.lapsed)

    def as_data(self) -> list[dict[str, Any]]:
        """All findings as data, those of blank required fields too."""
        return [finding.as_data() for finding in self.all_findings]


def inspect(access: Access) -> Inspection:
    return inspect_loaded(access, load_for(access))


def inspect_page(access: Access, loaded: LoadedContents) -> Inspection:
    """As `inspect_loaded`, for a page: the checks run once for the same contents, which are a value."""
    return inspect_loaded(access, loaded, find=known_findings)


@lru_cache(maxsize=64)
def known_findings(*parts: Any) -> list[Finding]:
    return findings(Picture(*parts))


def inspect_loaded(
    access: Access,
    loaded: LoadedContents,
    find: Callable[..., list[Finding]] = lambda *parts: findings(Picture(*parts)),
) -> Inspection:
    """The inspection of contents loaded for this person. An official gets findings of own rows and of the zone.

    Empty for a sealed evaluation, whose findings are kept with its version.
    """
    evaluation = access.evaluation
    if evaluation.state in SEALED:
        return Inspection((), ())
    last_year = _visible_last_year(access)
    names = {author.pk: access.year.name_of(author) for author in access.year.authors}
    hidden = frozenset(names.get(pk, "") for pk in access.hidden | last_year.hidden)
    waivers = {
        waiver.key: waiver for waiver in evaluation.waiver_set.select_related("set_aside_by")
    }
    plan_rows = _plan_rows(access.year)
    inspected: dict[FindingKey, InspectedFinding] = {}
    for finding in find(loaded.contents, last_year.contents, hidden):
        rows, field = _rows_behind(finding, loaded.rows)
        key = _finding_key(finding, rows)
        row = _only_row(rows)
        owners = row.owner_ids if row else ()
        inspected[key] = inspected.get(key) or InspectedFinding(
            finding,
            rows,
            field,
            None if rows else plan_rows.get(finding.record._replace(last=None)),
            tuple(names[pk] for pk in names if pk in owners),
            waivers.get(key),
            finding.check.finds_blanks and _is_missing(rows, field),
        )
    waiting = {check.name for check in checks.CHECKS if check.needs_all_municipalities and hidden}
    return Inspection(
        tuple(finding for finding in inspected.values() if _may_read(access, finding.owner_ids)),
        tuple(
            waiver
            for key, waiver in waivers.items()
            if key not in inspected
            and waiver.check_name not in waiting
            and (
                access.user.role == Role.SECRETARIAT
                or access.user.municipality_id in waiver.owner_ids
            )
        ),
        tuple(name for pk, name in names.items() if pk in access.hidden),
        last_year.why_not,
    )


def worst_first(findings: Iterable[InspectedFinding]) -> list[InspectedFinding]:
    return sorted(findings, key=lambda finding: list(Level).index(finding.level))


def by_level(findings: Iterable[InspectedFinding]) -> list[tuple[Level, int]]:
    """The number of findings of each level, worst first; levels without any are left out."""
    counts = Counter(finding.level for finding in findings)
    return [(level, counts[level]) for level in Level if counts[level]]


def excerpt(text: str, words: str) -> str:
    """The words with the text around them; the beginning of the text when it does not have them."""
    start = max(text.find(words) - AROUND, 0)
    end = start + 2 * AROUND + len(words)
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


def _may_read(access: Access, owners: frozenset[int]) -> bool:
    return (
        access.user.role == Role.SECRETARIAT or not owners or access.user.municipality_id in owners
    )


def _finding_key(finding: Finding, rows: tuple[EntryRow, ...]) -> FindingKey:
    row = _only_row(rows)
    row_key = str(row.key) if row else finding.source.record
    return FindingKey(finding.check.name, row_key, finding.source.field, finding.digest)


def _only_row(rows: tuple[EntryRow, ...]) -> EntryRow | None:
    return rows[0] if len(rows) == 1 else None


def _rows_behind(finding: Finding, rows_by_record: Behind) -> tuple[tuple[EntryRow, ...], str]:
    """The rows that the finding is in, and their field. Of rows printed together, those with its words."""
    record_rows = rows_by_record.get(finding.record, [])
    fields = {row: row.entry_field(finding.source.field) for row in record_rows}
    rows = [row for row in record_rows if fields[row]]
    if not rows:
        # No entry field: the first row stands for it. A computed figure has no row.
        return tuple(record_rows[:1] if finding.source.field not in FIGURES else ()), ""
    field = fields[rows[0]]
    if len(rows) > 1 and finding.words and rows[0].row_kind[field].is_prose:
        rows = [row for row in rows if finding.words in row.text_of(field)] or rows
    return tuple(rows), field


def _is_missing(rows: tuple[EntryRow, ...], field: str) -> bool:
    """Whether the field is required and blank in one of the rows."""
    return any(RowItem(row, field, row.text_of(field)).is_missing for row in rows if field)


def _plan_rows(year: YearRows) -> dict[RecordKey, Record]:
    """The rows of zone, plan, indicators and targets, by their records in a document."""
    evaluation = year.evaluation
    rows: dict[RecordKey, Record] = {
        RecordKey("zone"): evaluation.zone,
        RecordKey("plan"): evaluation.edition,
    }
    for target in year.targets.values():
        rows[RecordKey("target", target.place)] = target
        rows[RecordKey("indicator", target.place.indicator)] = target.indicator
    return rows


class LastYear(NamedTuple):
    """What one person sees of last year's evaluation; `contents` is None without one that can be read."""

    contents: Contents | None = None
    hidden: frozenset[int] = frozenset()  # the municipalities whose unfinished work was left out
    why_not: str = ""


def _visible_last_year(access: Access) -> LastYear:
    if access.last_year is None:
        return LastYear()
    evaluation = access.last_year.evaluation
    if evaluation.state not in SEALED:
        return LastYear(load_for(access.last_year).contents, access.last_year.hidden)
    if not (version := standing_version(evaluation)):
        return LastYear()
    try:
        sealed = read_contents(version).contents
    except BrokenSeal as broken:
        # The other checks of this year still run.
        return LastYear(why_not=f"前年度の評価書と比べる点検は、行っていません。{broken}")
    # Score and remarks come back after sealing.
    texts = replace(sealed.texts, score=evaluation.score, remarks=evaluation.remarks)
    return LastYear(replace(sealed, texts=texts))
