"""Matching the records of an edited file with the exported ones. No models."""

from collections.abc import Callable, Collection, Hashable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from evaluations.form.values_by_source import ValuesBySource, name_of
from evaluations.keys import RecordKey
from tokku.differences import ALIKE
from tokku.japanese import fold

# Only the beginning of a name is compared: the name of an approach is its narrative of up to 3,000 characters.
MOST_COMPARED = 200


@dataclass
class RecordMatches:
    """`pairs` maps records of the file to exported ones; a person should confirm those in `doubtful`."""

    pairs: dict[RecordKey, RecordKey] = field(default_factory=dict)
    doubtful: set[RecordKey] = field(default_factory=set)
    added: list[RecordKey] = field(default_factory=list)
    removed: list[RecordKey] = field(default_factory=list)
    moved: bool = False


def match_records(exported: ValuesBySource, edited: ValuesBySource) -> RecordMatches:
    """Match the records of each list by all their values, then by name, then, as doubtful, by place."""
    matches = RecordMatches(
        {record: record for record in edited if record in exported if not record.list}
    )
    lists = {record.list for record in (*exported, *edited)} - {None}
    # Approaches first, because their achievements are matched within them.
    for list_key in sorted(
        lists, key=lambda list_key: (list_key.source != "approach", str(list_key))
    ):
        new = [record for record in edited if record.list == list_key]
        exported_key = list_key
        if list_key.source == "achievement":
            approach = matches.pairs.get(RecordKey("approach", list_key.of))
            exported_key = approach and RecordKey("achievement", approach.of)
        old = [record for record in exported if exported_key and record.list == exported_key]
        pairs = _pairs(
            [_Row(record, exported[record]) for record in old],
            [_Row(record, edited[record]) for record in new],
        )
        matches.pairs |= {new[n]: old[o] for n, (o, _) in pairs.items()}
        matches.doubtful |= {new[n] for n, (_, is_sure) in pairs.items() if not is_sure}
        matches.added += [record for n, record in enumerate(new) if n not in pairs]
        order = [o for _, (o, _) in sorted(pairs.items())]
        matches.moved = matches.moved or order != sorted(order)
    kept_records = set(matches.pairs.values())
    matches.removed = [record for record in exported if record not in kept_records]
    return matches


class _Row:
    def __init__(self, record: RecordKey, values: dict[str, Any]) -> None:
        self.values = values
        self.name = fold(name_of(record, values))[:MOST_COMPARED]
        self.owned_name = (self.name, values.get("municipalities")) if self.name else None


def _pairs(old: list[_Row], new: list[_Row]) -> dict[int, tuple[int, bool]]:
    """For each index in `new` that has a match, its index in `old` and whether the match is sure."""
    pairs: dict[int, tuple[int, bool]] = {}

    def free(rows: list[_Row], taken: Collection[int]) -> Iterator[tuple[int, _Row]]:
        return ((n, row) for n, row in enumerate(rows) if n not in taken)

    def pair_by(key: Callable[[_Row], Hashable], *, is_sure: bool = False) -> None:
        for n, row in free(new, pairs):
            olds = list(free(old, {o for o, _ in pairs.values()}))
            alike = [o for o, other in olds if key(row) is not None and key(other) == key(row)]
            if alike:
                nearest = min(alike, key=lambda o: abs(o - n))
                others = sum(key(other) == key(row) for _, other in free(new, pairs))
                pairs[n] = nearest, is_sure or (len(alike), others) == (1, 1)

    pair_by(lambda row: repr(row.values), is_sure=True)
    pair_by(lambda row: row.owned_name)
    pair_by(lambda row: row.name or None)
    for n, row in free(new, dict(pairs)):
        olds = list(free(old, {o for o, _ in pairs.values()}))
        likeness = {o: _likeness(other.name, row.name) for o, other in olds}
        best = max(likeness, key=likeness.get, default=None)
        if best is not None and likeness[best] > ALIKE:
            pairs[n] = best, True
        elif len(old) == len(new) and n in likeness:
            pairs[n] = n, False
    return pairs


def _likeness(name: str, other_name: str) -> float:
    matcher = SequenceMatcher(None, name, other_name, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() > ALIKE else 0


def split_into_parts(
    old_texts: list[str], text: str, editable: Collection[int]
) -> tuple[list[str], list[str]]:
    """Divide the lines of `text` among the parts that they stood in; return the parts and the lines that fit none.

    A new line joins the part above it or the one below, whichever is `editable`. Beside a blank part it goes into
    that part, if it is the only editable one there.
    """
    old_lines = [
        (line, part)
        for part, old_text in enumerate(old_texts)
        for line in old_text.split("\n")
        if old_text
    ]
    new_lines = text.split("\n") if text else []
    part_lines: list[list[str]] = [[] for _ in old_texts]
    unplaced_lines: list[str] = []
    matcher = SequenceMatcher(None, [line for line, _ in old_lines], new_lines, autojunk=False)
    for operation, i, i_end, j, j_end in matcher.get_opcodes():
        owners = [part for _, part in old_lines[i:i_end]]
        if operation == "insert":
            home = _home(
                old_texts,
                old_lines[i - 1][1] if i else -1,
                old_lines[i][1] if i < len(old_lines) else None,
                editable,
            )
            (unplaced_lines if home is None else part_lines[home]).extend(new_lines[j:j_end])
        else:
            for n, line in enumerate(new_lines[j:j_end]):
                part_lines[owners[min(n, len(owners) - 1)]].append(line)
    return ["\n".join(part) for part in part_lines], unplaced_lines


def _home(
    old_texts: list[str], above: int, below: int | None, editable: Collection[int]
) -> int | None:
    """The part for a new line between the parts `above` (-1 for none) and `below`; None when it is not clear."""
    end = len(old_texts) if below is None else below
    blank_parts = [
        part for part in range(above + 1, end) if not old_texts[part] and part in editable
    ]
    adjacent_parts = [part for part in (above, below) if part is not None and part >= 0]
    editable_parts = [part for part in adjacent_parts if part in editable]
    if blank_parts:
        return blank_parts[0] if len(blank_parts) == 1 and not editable_parts else None
    return next(iter(editable_parts or adjacent_parts), None)
