"""Contents with one change: in a text, addressed by its source in the document, or in a figure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

from evaluations.checks.picture import PROSE
from evaluations.form import contents as c
from tokku.document.tree import Source
from tokku.figures import Figure, total_of

# An evaluation with one error, and the field that is wrong now; None if there is no place for the error.
Changed = tuple[c.Contents, Source] | None
Error = Callable[[c.Contents, Random], Changed]


# Texts


def texts(contents: c.Contents) -> Iterator[tuple[Source, str]]:
    """Every text that people wrote."""
    for record, part in _records(contents):
        kind = record.split("/")[0]
        for field in sorted(field for kind_of_field, field in PROSE if kind_of_field == kind):
            if text := getattr(part, field, ""):
                yield Source(record, field), text


def text_of(contents: c.Contents, source: Source) -> str:
    """The text of a field; "" if there is no such record."""
    return getattr(dict(_records(contents)).get(source.record), source.field, "")


def with_text(contents: c.Contents, source: Source, text: str) -> c.Contents:
    """The same evaluation with `text` in the field of `source`."""
    kind, _, place = source.record.partition("/")
    changed = {source.field: text}
    match kind:
        case "plan":
            return replace(contents, plan=replace(contents.plan, **changed))
        case "evaluation":
            return with_body(contents, **changed)
        case "assessment":
            return with_assessment(contents, c.TargetKey(*map(int, place.split("-"))), **changed)
        case "approach":
            return with_approach(contents, int(place), **changed)
        case "achievement":
            number, position = map(int, place.split("/"))
            achievements = list(contents.approaches[number - 1].achievements)
            achievements[position - 1] = replace(achievements[position - 1], **changed)
            return with_approach(contents, number, achievements=tuple(achievements))
    name, key = _LISTS[kind]
    group, number = place.split("/")
    rows = list(getattr(contents, name))
    positions = [n for n, row in enumerate(rows) if getattr(row, key) == group][int(number) - 1]
    rows[positions] = replace(rows[positions], **changed)
    return replace(contents, **{name: tuple(rows)})


_LISTS = {
    "measure": ("measures", "kind"),
    "national_support": ("national_supports", "kind"),
    "scheme": ("schemes", "category"),
    "regional_text": ("regional_texts", "kind"),
}


def _records(contents: c.Contents) -> Iterator[tuple[str, Any]]:
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
        for record in getattr(contents, name):
            group = getattr(record, key)
            numbers[group] = numbers.get(group, 0) + 1
            yield f"{kind}/{group}/{numbers[group]}", record


def is_sentences(source: Source) -> bool:
    """Whether the field consists of whole sentences."""
    names = {"name", "heading", "result_label", "previous_remarks", "note", "goal"}
    return source.field not in names


# One text at random


def in_one_text(
    contents: c.Contents,
    random: Random,
    change: Callable[[str, Random], str | None],
    *,
    where: Callable[[Source], bool] = lambda source: True,
) -> Changed:
    """With one random text changed. `change` returns None, or the same text, where it cannot change it."""
    candidates = [candidate for candidate in texts(contents) if where(candidate[0])]
    random.shuffle(candidates)
    for source, text in candidates:
        if (changed := change(text, random)) not in (None, text):
            return with_text(contents, source, changed), source
    return None


def replaced(
    contents: c.Contents,
    random: Random,
    pattern: str,
    to: str | Callable[[re.Match[str]], str],
    *fields: str,
    where: Callable[[Source], bool] = lambda source: True,
) -> Changed:
    """With one occurrence of `pattern` replaced, in one of these fields or anywhere."""
    places = [
        (source, match)
        for source, text in texts(contents)
        if where(source) and (not fields or source.field in fields)
        for match in re.finditer(pattern, text)
    ]
    if not places:
        return None
    source, match = random.choice(places)
    new = to(match) if callable(to) else match.expand(to)
    if new == match[0]:
        return None
    text = match.string[: match.start()] + new + match.string[match.end() :]
    return with_text(contents, source, text), source


def added(contents: c.Contents, random: Random, sentence: str, *fields: str) -> Changed:
    """With a sentence appended to one text."""
    source, text = random.choice(
        [candidate for candidate in texts(contents) if candidate[0].field in fields]
    )
    return with_text(contents, source, text + sentence), source


def adding(sentence: str) -> Callable[[str, Random], str]:
    """A change that puts a sentence before, after or between those of a text."""

    def change(text: str, random: Random) -> str:
        place = random.choice([0, *(match.end() for match in re.finditer("。(?![）」])", text))])
        return text[:place] + sentence + text[place:]

    return change


def inserted(contents: c.Contents, random: Random, source: Source, sentence: str) -> Changed:
    """With one more sentence in the text of `source`."""
    text = adding(sentence)(text_of(contents, source), random)
    return with_text(contents, source, text), source


# Parts and figures


def with_body(contents: c.Contents, **values) -> c.Contents:
    """Other fields of the evaluation itself (EvaluationTexts)."""
    return replace(contents, texts=replace(contents.texts, **values))


def with_approach(contents: c.Contents, number: int, **values) -> c.Contents:
    approaches = list(contents.approaches)
    approaches[number - 1] = replace(approaches[number - 1], **values)
    return replace(contents, approaches=tuple(approaches))


def with_target(contents: c.Contents, key: c.TargetKey, **values) -> c.Contents:
    return _changed(contents, key, lambda target: replace(target, **values))


def with_assessment(contents: c.Contents, key: c.TargetKey, **texts: str) -> c.Contents:
    return _changed(
        contents,
        key,
        lambda target: replace(target, assessment=replace(target.assessment, **texts)),
    )


def with_year(contents: c.Contents, key: c.TargetKey, year: int, **values) -> c.Contents:
    """Other figures of a numeric target in one year."""
    return _changed(
        contents,
        key,
        lambda target: replace(
            target,
            years=tuple(
                replace(figures, **values) if figures.year == year else figures
                for figures in target.years
            ),
        ),
    )


def with_actuals(
    contents: c.Contents, key: c.TargetKey, year: int, change: Callable[[Decimal], Decimal]
) -> c.Contents:
    """Every municipality's figure changed, and the zone's with them."""
    figures = figures_of(contents, key, year)
    shares = tuple(
        (name, Figure.of(change(value.number))) for name, value in figures.by_municipality
    )
    total = total_of(value for _, value in shares)
    return with_year(contents, key, year, actual=total, by_municipality=shares)


def figures_of(contents: c.Contents, key: c.TargetKey, year: int) -> c.YearFigures:
    return next(figures for figures in contents.target(key).years if figures.year == year)


def keys(contents: c.Contents) -> list[c.TargetKey]:
    return [key for key, _, _ in contents.targets()]


def _changed(
    contents: c.Contents, key: c.TargetKey, change: Callable[[c.NumericTarget], c.NumericTarget]
) -> c.Contents:
    return replace(
        contents,
        indicators=tuple(
            replace(
                indicator,
                targets=tuple(
                    change(target) if (indicator.number, target.number) == key else target
                    for target in indicator.targets
                ),
            )
            for indicator in contents.indicators
        ),
    )
