"""The contents of a sealed version as data, independent of the wording of the form: written when it is sealed.

JSON with the field names of `form/contents.py`, including what the form does not print. The reader ignores unknown
fields and gives absent ones their default, so fields may be added (with a default) and dropped. Renaming a field, or
changing its meaning, takes a new FORMAT and a step here that converts older texts.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from evaluations.form.contents import Contents, NumericTarget, YearFigures
from evaluations.keys import TargetKey
from evaluations.progress import UNDEFINED, Progress
from tokku.figures import Figure
from tokku.japanese import is_finer, round_half_up

FORMAT = 2


class UnreadableContents(ValueError):
    """The text cannot be read as sealed contents. The Japanese message says why, and where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedProgress:
    """The 進捗度 that a form prints for a numeric target (its key) or an indicator (its number)."""

    of: TargetKey | int
    year: int
    percent: Decimal | None  # None is printed as —

    @property
    def progress(self) -> Progress:
        return UNDEFINED if self.percent is None else self.percent


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedContents:
    """The whole contents, and each progress that their form prints; blank ones are left out."""

    contents: Contents
    progress: tuple[PrintedProgress, ...]


def with_progress(contents: Contents) -> SealedContents:
    """The contents with the progress that their form prints."""
    return SealedContents(
        contents=contents,
        progress=tuple(
            PrintedProgress(
                of=key, year=year, percent=progress if isinstance(progress, Decimal) else None
            )
            for key, year, progress in _progress(contents)
            if progress is not None
        ),
    )


def _progress(contents: Contents) -> Iterator[tuple[TargetKey | int, int, Progress]]:
    """Key or number, year and progress of each target up to the evaluated year (別紙1) and each indicator (3①)."""
    for key, _, target in contents.targets():
        for year in contents.plan.years:
            if year <= contents.fiscal_year:
                yield key, year, target.progress(year)
    for indicator in contents.indicators:
        yield indicator.number, contents.fiscal_year, indicator.progress(contents.fiscal_year)


def write(sealed: SealedContents) -> str:
    """The JSON text. The same values give the same text: fields in order, decimals with all their digits."""
    return json.dumps({"format": FORMAT} | _as_json(sealed), ensure_ascii=False, indent=1) + "\n"


def _as_json(value: Any) -> Any:
    """The value in types that JSON has."""
    if isinstance(value, Figure):
        return value.stored
    if is_dataclass(value):
        return {f.name: _as_json(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Decimal | TargetKey):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_as_json(part) for part in value]
    return value


def read(text: str) -> SealedContents:
    """Parse the JSON text. UnreadableContents when it has another format, or lacks a field without default."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise UnreadableContents("内容のデータが、JSON ではありません。") from error
    format = data.get("format") if isinstance(data, dict) else None
    if format not in (1, FORMAT):
        raise UnreadableContents(f"内容のデータの形式が{FORMAT}ではありません（{format}）。")
    sealed = _value(SealedContents, data, "")
    if format == 1:
        sealed = replace(sealed, contents=_with_printed_digits(sealed.contents))
    return sealed


def _with_printed_digits(contents: Contents) -> Contents:
    """Figures of format 1 were numbers, which the form printed with the decimals of their target."""

    def digits(figure: Figure | None, target: NumericTarget) -> Figure | None:
        if figure is None or is_finer(figure.number, target.decimals):
            return figure
        return Figure.of(round_half_up(figure.number, target.decimals))

    def of_year(figures: YearFigures, target: NumericTarget) -> YearFigures:
        return replace(
            figures,
            target=digits(figures.target, target),
            actual=digits(figures.actual, target),
            by_municipality=tuple(
                (name, digits(value, target)) for name, value in figures.by_municipality
            ),
        )

    def of_target(target: NumericTarget) -> NumericTarget:
        return replace(
            target,
            total=digits(target.total, target),
            baseline=digits(target.baseline, target),
            years=tuple(of_year(figures, target) for figures in target.years),
        )

    return replace(
        contents,
        indicators=tuple(
            replace(indicator, targets=tuple(map(of_target, indicator.targets)))
            for indicator in contents.indicators
        ),
    )


def _value(kind: Any, data: Any, place: str) -> Any:
    """`data` as a value of the type hint `kind`; `place` is its path, for the message of an error."""
    kinds = get_args(kind) if isinstance(kind, UnionType) else (kind,)
    kind = next((candidate for candidate in kinds if type(data) is _kind_in_json(candidate)), None)
    if is_dataclass(kind) and kind not in _FROM_TEXT:
        return _object(kind, data, place)
    if get_origin(kind) is tuple:
        return _tuple(get_args(kind), data, place)
    try:
        if kind is None:
            raise ValueError
        return _FROM_TEXT[kind](data) if kind in _FROM_TEXT else data
    except (ArithmeticError, ValueError) as error:
        raise UnreadableContents(f"内容のデータの「{place}」を読み取れません。") from error


def _object(kind: type, data: dict[str, Any], place: str) -> Any:
    values = {}
    for name, (hint, is_required) in _fields_of(kind).items():
        inner = f"{place}.{name}".lstrip(".")
        if name in data:
            values[name] = _value(hint, data[name], inner)
        elif is_required:
            raise UnreadableContents(f"内容のデータに「{inner}」がありません。")
    return kind(**values)


def _tuple(kinds: tuple[Any, ...], data: list[Any], place: str) -> tuple[Any, ...]:
    if kinds[-1] is Ellipsis:
        kinds = kinds[:1] * len(data)
    if len(kinds) != len(data):
        raise UnreadableContents(f"内容のデータの「{place}」の値の数が{len(kinds)}ではありません。")
    parts = enumerate(zip(kinds, data, strict=True), 1)
    return tuple(_value(kind, part, f"{place}.{number}") for number, (kind, part) in parts)


@cache
def _fields_of(kind: type) -> dict[str, tuple[Any, bool]]:
    """The type hint of each field, and whether it is required."""
    hints = get_type_hints(kind)
    return {f.name: (hints[f.name], f.default is MISSING) for f in fields(kind)}


def _kind_in_json(kind: Any) -> Any:
    if kind in _FROM_TEXT:
        return str
    if is_dataclass(kind):
        return dict
    if get_origin(kind) is tuple:
        return list
    return kind


# Types that JSON has as text.
_FROM_TEXT: dict[type, Callable[[str], Any]] = {
    Decimal: Decimal,
    Figure: Figure.parse,
    date: date.fromisoformat,
    TargetKey: TargetKey.parse,
}
