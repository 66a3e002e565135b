"""What a sealed version says, as data that outlives the wording of the form: written when it is sealed, read ever after.

JSON under the names of `form/contents.py`, with everything that the form does not print. The reader ignores what it
does not know and fills what is absent with the field's default, so fields may be added (with a default) and dropped.
Renaming one, or giving it another meaning, takes a new FORMAT and a step here that brings older texts up to it.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from evaluations.form.contents import Contents
from evaluations.keys import TargetKey
from evaluations.progress import UNDEFINED, Progress

FORMAT = 1


class UnreadableContents(ValueError):
    """The text is none that this code can read. Says in Japanese why, and where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedProgress:
    """The 進捗度 that a form prints of a numeric target or, by its number, of an indicator."""

    of: TargetKey | int
    year: int
    percent: Decimal | None  # None is printed as —

    @property
    def progress(self) -> Progress:
        return UNDEFINED if self.percent is None else self.percent


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedContents:
    """The contents, whole, and each progress that their form prints; those that it leaves blank are not among them."""

    contents: Contents
    progress: tuple[PrintedProgress, ...]


def with_progress(contents: Contents) -> SealedContents:
    """The contents with the progress that their form prints."""
    return SealedContents(
        contents=contents,
        progress=tuple(
            PrintedProgress(
                of=of, year=year, percent=progress if isinstance(progress, Decimal) else None
            )
            for of, year, progress in _progress(contents)
            if progress is not None
        ),
    )


def _progress(contents: Contents) -> Iterator[tuple[TargetKey | int, int, Progress]]:
    """Of each target up to the evaluated year (別紙1), and of each indicator in that year (3①)."""
    for key, _, target in contents.targets():
        for year in contents.plan.years:
            if year <= contents.fiscal_year:
                yield key, year, target.progress(year)
    for indicator in contents.indicators:
        yield indicator.number, contents.fiscal_year, indicator.progress(contents.fiscal_year)


def write(sealed: SealedContents) -> str:
    """The same values give the same text: fields in their order, decimals with the digits that they have."""
    return json.dumps({"format": FORMAT} | _plain(sealed), ensure_ascii=False, indent=1) + "\n"


def _plain(value: Any) -> Any:
    """As JSON can say it."""
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Decimal | TargetKey):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value


def read(text: str) -> SealedContents:
    """UnreadableContents when the text is of another format, or lacks what has no default."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise UnreadableContents("内容のデータが、JSON ではありません。") from error
    format = data.get("format") if isinstance(data, dict) else None
    if format != FORMAT:
        raise UnreadableContents(f"内容のデータの形式が{FORMAT}ではありません（{format}）。")
    return _value(SealedContents, data, "")


def _value(kind: Any, said: Any, place: str) -> Any:
    """`said` as a value of the type hint `kind`; `place` leads there from the top, for the sentence."""
    kinds = get_args(kind) if isinstance(kind, UnionType) else (kind,)
    kind = next((one for one in kinds if type(said) is _kind_in_json(one)), None)
    if is_dataclass(kind):
        return _object(kind, said, place)
    if get_origin(kind) is tuple:
        return _tuple(get_args(kind), said, place)
    try:
        if kind is None:
            raise ValueError
        return _FROM_TEXT[kind](said) if kind in _FROM_TEXT else said
    except (ArithmeticError, ValueError) as error:
        raise UnreadableContents(f"内容のデータの「{place}」を読み取れません。") from error


def _object(kind: type, said: dict[str, Any], place: str) -> Any:
    values = {}
    for name, (hint, is_required) in _fields_of(kind).items():
        inner = f"{place}.{name}".lstrip(".")
        if name in said:
            values[name] = _value(hint, said[name], inner)
        elif is_required:
            raise UnreadableContents(f"内容のデータに「{inner}」がありません。")
    return kind(**values)


def _tuple(kinds: tuple[Any, ...], said: list[Any], place: str) -> tuple[Any, ...]:
    if kinds[-1] is Ellipsis:
        kinds = kinds[:1] * len(said)
    if len(kinds) != len(said):
        raise UnreadableContents(f"内容のデータの「{place}」の値の数が{len(kinds)}ではありません。")
    parts = enumerate(zip(kinds, said, strict=True), 1)
    return tuple(_value(kind, part, f"{place}.{n}") for n, (kind, part) in parts)


@cache
def _fields_of(kind: type) -> dict[str, tuple[Any, bool]]:
    """Type hint of each field, and whether it has to be there."""
    hints = get_type_hints(kind)
    return {f.name: (hints[f.name], f.default is MISSING) for f in fields(kind)}


def _kind_in_json(kind: Any) -> Any:
    if is_dataclass(kind):
        return dict
    if get_origin(kind) is tuple:
        return list
    return str if kind in _FROM_TEXT else kind


# What JSON has no kind of its own for.
_FROM_TEXT: dict[type, Callable[[str], Any]] = {
    Decimal: Decimal,
    date: date.fromisoformat,
    TargetKey: TargetKey.parse,
}
