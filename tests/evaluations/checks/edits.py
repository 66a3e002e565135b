"""Editing one text of an evaluation's contents, found by the source that the document names."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import Any

from evaluations.checks.picture import PROSE
from evaluations.form import contents as c
from tokku.document.tree import Source


def texts(contents: c.Contents) -> Iterator[tuple[Source, str]]:
    """Every text that people wrote, in the order of the records."""
    for record, part in _parts(contents):
        for field in sorted(PROSE[record.split("/")[0]]):
            if text := getattr(part, field, ""):
                yield Source(record, field), text


def text_of(contents: c.Contents, source: Source) -> str:
    return next((text for found, text in texts(contents) if found == source), "")


def with_text(contents: c.Contents, source: Source, text: str) -> c.Contents:
    """The same evaluation with another text at `source`."""

    def edit(record: str, part: Any) -> Any:
        return replace(part, **{source.field: text}) if record == source.record else part

    return _edited(contents, edit)


# An evaluation with one error, and where it is.
Found = tuple[c.Contents, Source] | None
Error = Callable[[c.Contents, Random], Found]


def replaced(
    contents: c.Contents,
    random: Random,
    pattern: str,
    to: str | Callable[[re.Match[str]], str],
    *fields: str,
) -> Found:
    """One occurrence of `pattern`, in one of these fields or anywhere, replaced."""
    places = [
        (source, text, match)
        for source, text in texts(contents)
        if not fields or source.field in fields
        for match in re.finditer(pattern, text)
    ]
    if not places:
        return None
    source, text, match = random.choice(places)
    new = to(match) if callable(to) else match.expand(to)
    return with_text(contents, source, text[: match.start()] + new + text[match.end() :]), source


def added(contents: c.Contents, random: Random, sentence: str, *fields: str) -> Found:
    """A sentence put behind one text."""
    places = [(source, text) for source, text in texts(contents) if source.field in fields]
    source, text = random.choice(places)
    return with_text(contents, source, text + sentence), source


def _parts(contents: c.Contents) -> Iterator[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []

    def note(record: str, part: Any) -> Any:
        found.append((record, part))
        return part

    _edited(contents, note)
    yield from found


def _edited(contents: c.Contents, edit: Callable[[str, Any], Any]) -> c.Contents:
    indicators = tuple(
        replace(
            indicator,
            targets=tuple(
                replace(
                    target,
                    assessment=edit(
                        f"assessment/{c.TargetKey(indicator.number, target.number)}",
                        target.assessment,
                    ),
                )
                for target in indicator.targets
            ),
        )
        for indicator in contents.indicators
    )
    approaches = tuple(
        replace(
            edit(f"approach/{n}", approach),
            achievements=_each(f"achievement/{n}", approach.achievements, edit),
        )
        for n, approach in enumerate(contents.approaches, 1)
    )
    return replace(
        contents,
        plan=edit("plan", contents.plan),
        texts=edit("evaluation", contents.texts),
        indicators=indicators,
        approaches=approaches,
        measures=_by("measure", contents.measures, "kind", edit),
        national_supports=_by("national_support", contents.national_supports, "kind", edit),
        schemes=_by("scheme", contents.schemes, "category", edit),
        regional_texts=_by("regional_text", contents.regional_texts, "kind", edit),
    )


def _each(record: str, parts: tuple[Any, ...], edit: Callable[[str, Any], Any]) -> tuple[Any, ...]:
    return tuple(edit(f"{record}/{n}", part) for n, part in enumerate(parts, 1))


def _by(
    record: str, parts: tuple[Any, ...], group: str, edit: Callable[[str, Any], Any]
) -> tuple[Any, ...]:
    """Records are numbered within their kind, whatever stands between them."""
    counts: dict[str, int] = {}
    edited = []
    for part in parts:
        kind = getattr(part, group)
        counts[kind] = counts.get(kind, 0) + 1
        edited.append(edit(f"{record}/{kind}/{counts[kind]}", part))
    return tuple(edited)
