"""The texts of an evaluation by the names that sources give them, and the same evaluation with one of them changed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from evaluations.checks.picture import PROSE
from evaluations.form.contents import Contents
from tokku.document.tree import Source


def texts(contents: Contents) -> Iterator[tuple[Source, str]]:
    """Every text that people wrote, in no order."""
    for record, one in _records(contents):
        for field in sorted(PROSE[record.split("/")[0]]):
            if said := getattr(one, field, ""):
                yield Source(record, field), said


def with_text(contents: Contents, source: Source, said: str) -> Contents:
    """The same evaluation, where the field of `source` says `said`."""
    kind, _, place = source.record.partition("/")
    changed = {source.field: said}
    match kind:
        case "plan":
            return replace(contents, plan=replace(contents.plan, **changed))
        case "evaluation":
            return replace(contents, texts=replace(contents.texts, **changed))
    one = replace(dict(_records(contents))[source.record], **changed)
    match kind:
        case "assessment":
            indicators = tuple(
                replace(
                    indicator,
                    targets=tuple(
                        replace(target, assessment=one)
                        if f"{indicator.number}-{target.number}" == place
                        else target
                        for target in indicator.targets
                    ),
                )
                for indicator in contents.indicators
            )
            return replace(contents, indicators=indicators)
        case "approach":
            return replace(contents, approaches=_with(contents.approaches, int(place) - 1, one))
        case "achievement":
            number, position = (int(part) - 1 for part in place.split("/"))
            approach = contents.approaches[number]
            achievements = _with(approach.achievements, position, one)
            changed_one = replace(approach, achievements=achievements)
            return replace(contents, approaches=_with(contents.approaches, number, changed_one))
    name, key = _LISTS[kind]
    group, number = place.split("/")
    rows = getattr(contents, name)
    of_group = [n for n, row in enumerate(rows) if getattr(row, key) == group]
    return replace(contents, **{name: _with(rows, of_group[int(number) - 1], one)})


_LISTS = {
    "measure": ("measures", "kind"),
    "national_support": ("national_supports", "kind"),
    "scheme": ("schemes", "category"),
    "regional_text": ("regional_texts", "kind"),
}


def _records(contents: Contents) -> Iterator[tuple[str, object]]:
    yield "plan", contents.plan
    yield "evaluation", contents.texts
    for key, _, target in contents.targets():
        yield f"assessment/{key}", target.assessment
    for n, approach in enumerate(contents.approaches, 1):
        yield f"approach/{n}", approach
        for m, achievement in enumerate(approach.achievements, 1):
            yield f"achievement/{n}/{m}", achievement
    for kind, (name, key) in _LISTS.items():
        numbers: dict[str, int] = {}
        for one in getattr(contents, name):
            group = getattr(one, key)
            numbers[group] = numbers.get(group, 0) + 1
            yield f"{kind}/{group}/{numbers[group]}", one


def _with(rows: tuple, place: int, row: object) -> tuple:
    return (*rows[:place], row, *rows[place + 1 :])


def in_one_text(
    contents: Contents,
    random: Random,
    change: Callable[[str, Random], str | None],
    *,
    where: Callable[[Source], bool] = lambda source: True,
) -> tuple[Contents, Source] | None:
    """The evaluation with one text changed, of those that `change` can change, and which."""
    found = [one for one in texts(contents) if where(one[0])]
    random.shuffle(found)
    for source, said in found:
        if (changed := change(said, random)) not in (None, said):
            return with_text(contents, source, changed), source
    return None


def is_sentences(source: Source) -> bool:
    """Whether the field is one of whole sentences."""
    names = {"name", "heading", "result_label", "previous_remarks", "note", "goal"}
    return source.field not in names
