"""Which record of an edited file is which of those that it was exported from. No models."""

from difflib import SequenceMatcher

from evaluations.differences import ALIKE
from evaluations.form.stated import Stated, list_of, name_of
from tokku.japanese import fold

# 6 is printed as one text, whoever wrote its parts.
NARRATIVE = "regional_text/narrative/"


def matched(
    names: dict[str, str], said: Stated
) -> tuple[dict[str, str], list[str], list[str], bool]:
    """Records of a file ↔ records that it was exported from: the pairs, those added, removed, and whether any moved.

    Within a list a record is the same one by its name, else by its place among those of like name.
    """
    matches = {record: record for record in said if record in names and not list_of(record)}
    added, removed, moved = [], [], False
    lists = {list_of(record) for record in (*names, *said)} - {""}
    # Approaches first: their achievements go by them.
    for of in sorted(lists, key=lambda of: (of != "approach", of)):
        own = [record for record in said if list_of(record) == of]
        before = of
        if of.startswith("achievement/"):
            approach = matches.get(of.replace("achievement", "approach"))
            before = approach.replace("approach", "achievement") if approach else ""
        known = [record for record in names if before and list_of(record) == before]
        pairs = _pairs(
            [names[record] for record in known], [name_of(record, said[record]) for record in own]
        )
        matches |= {own[new]: known[old] for old, new in pairs}
        added += [record for n, record in enumerate(own) if n not in {new for _, new in pairs}]
        order = [old for old, _ in sorted(pairs, key=lambda pair: pair[1])]
        moved = moved or order != sorted(order)
    gone = {record for record in names if list_of(record)} - set(matches.values())
    removed = [record for record in names if record in gone]
    return matches, added, removed, moved


def _pairs(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Places in the two lists that are the same: of the same name, then of the most alike ones."""
    free, pairs = dict(enumerate(old)), []
    for place, name in enumerate(new):
        same = [at for at, known in free.items() if fold(known) == fold(name)]
        if same:
            at = min(same, key=lambda at: abs(at - place))
            pairs.append((at, place))
            del free[at]
    taken = {place for _, place in pairs}
    for place, name in enumerate(new):
        if place in taken or not free:
            continue
        alike = {
            at: SequenceMatcher(None, known, name, autojunk=False).ratio()
            for at, known in free.items()
        }
        at = max(alike, key=alike.get)
        is_only_change = len(old) == len(new) and place in free
        if alike[at] > ALIKE or is_only_change:
            at = at if alike[at] > ALIKE else place
            pairs.append((at, place))
            del free[at]
    return pairs


def parted(before: list[str], text: str) -> list[str]:
    """The lines of `text` in the parts that they stood in before; new ones go with the line above."""
    lines, owners = [], []
    for part, said in enumerate(before):
        for line in said.split("\n") if said else ():
            lines.append(line)
            owners.append(part)
    found: list[list[str]] = [[] for _ in before]
    if not before:
        return []
    now = text.split("\n") if text else []
    last = owners[0] if owners else 0
    matcher = SequenceMatcher(None, lines, now, autojunk=False)
    for operation, i, i_end, j, j_end in matcher.get_opcodes():
        of_lines = owners[i:i_end]
        for n, line in enumerate(now[j:j_end]):
            if operation != "insert" and of_lines:
                last = of_lines[min(n, len(of_lines) - 1)]
            found[last].append(line)
    return ["\n".join(part) for part in found]
