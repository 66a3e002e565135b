"""Columns that are filled in: a stored value as a cell, and a cell as form data of its row."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from evaluations.catalogue import words
from evaluations.entry.forms import ALL_TARGETS, TARGETS
from evaluations.form.part1_name import split_names
from evaluations.form.printed_figures import parse_relation
from evaluations.keys import TargetKey
from evaluations.models import NumericTarget
from tokku.accounts.models import Municipality
from tokku.japanese import fold
from tokku.records import Record, value_of
from tokku.spreadsheets.entry_book import NumberRule
from tokku.spreadsheets.sheet import DELETED, quoted, says_delete
from tokku.spreadsheets.widgets import (
    TEXTS_OF_FIGURES,
    ChoiceWidget,
    FigureWidget,
    NumberWidget,
    TextWidget,
    YesNoWidget,
    widget_of,
)

WHOLE = "特区全体"

FIGURES = NumberRule(
    "数字（例：1,234）のほか、「約88」「88以上」「88（速報値）」「未集計」「調査なし」などと入力できます。"
    f"内容を消すときは「{DELETED}」です。入力した内容でよければ、「はい」を選んでください。",
    (*TEXTS_OF_FIGURES, DELETED),
)
NUMBERS = NumberRule(
    f"数字（例：12）を入力します。内容を消すときは「{DELETED}」です。"
    "入力した内容でよければ、「はい」を選んでください。",
    (DELETED,),
)

# Form data by field.
FormValues = dict[str, list[str]]


@dataclass(frozen=True)
class AnswerColumn:
    """A column that is filled in. `cell_value` gives the cell for a row, `read` the form data for a cell.

    `read` raises ValueError with a sentence for the person. `decimals` is the number of decimals of a figure,
    `numbers` what is expected where it is one.
    """

    column: str
    fields: tuple[str, ...]
    cell_value: Callable[[Record], Any]
    read: Callable[[str], FormValues]
    choices: tuple[str, ...] = ()
    decimals: int | None = None
    numbers: NumberRule | None = None

    def form_values(self, cell: str) -> FormValues:
        if says_delete(cell):
            return {name: [] for name in self.fields}
        return self.read(cell)

    def is_unchanged(self, row: Record, cell: str) -> bool:
        """Whether the cell equals what is written for the row."""
        return cell == as_cell(self.cell_value(row))


def as_cell(value: Any) -> str:
    """A written value as it is read back from a cell."""
    if value is None:
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


@cache
def answer_column(model: type[Record], name: str, column: str = "") -> AnswerColumn:
    """The column of a field, by default under its label in the form. Not for relations to targets."""
    field = model._meta.get_field(name)
    widget = widget_of(field)
    is_figure = isinstance(widget, FigureWidget)
    is_number = is_figure or isinstance(widget, NumberWidget)

    def read(cell: str) -> FormValues:
        value = widget.clean(cell)
        if value is False and isinstance(widget, YesNoWidget):
            return {name: []}
        # A figure as it was typed, with the unit that its row is asked about.
        return {name: [cell if is_figure else as_cell(value)]}

    return AnswerColumn(
        column or str(field.verbose_name),
        (name,),
        lambda row: _render(widget, getattr(row, name)),
        read,
        tuple(map(str, widget.labels.values())) if isinstance(widget, ChoiceWidget) else (),
        0 if is_number else None,
        (FIGURES if is_figure else NUMBERS) if is_number else None,
    )


def _render(widget: TextWidget, value: Any) -> Any:
    # An unset tick is written as a blank cell.
    return None if value is False and isinstance(widget, YesNoWidget) else widget.render(value)


class TargetsColumn:
    """The column that names numeric targets by their numbers in the form."""

    def __init__(self, rows: Iterable[NumericTarget], names: Mapping[TargetKey, str]) -> None:
        self.names = {row.pk: names[row.place] for row in rows}
        self.keys = {row.place: row.pk for row in rows}

    def answer(self, model: type[Record], has_all: bool = True) -> AnswerColumn:
        """The column of a model's relation to targets; `has_all` where 全て is a possible answer."""
        return AnswerColumn(
            str(model._meta.get_field(TARGETS).verbose_name),
            (ALL_TARGETS, TARGETS) if has_all else (TARGETS,),
            self.cell_value,
            lambda cell: self.read(cell, has_all),
        )

    def cell_value(self, row: Record) -> str:
        if getattr(row, ALL_TARGETS, False):
            return words.ALL_TARGETS
        chosen = {target.pk for target in value_of(row, TARGETS)}
        return "、".join(f"数値目標{name}" for pk, name in self.names.items() if pk in chosen)

    def read(self, cell: str, has_all: bool) -> FormValues:
        # The number alone is enough in a column of targets: （1）－①.
        is_bare = fold(cell).startswith("(")
        try:
            relation = parse_relation(f"数値目標{cell}" if is_bare else cell)
        except ValueError:
            example = "数値目標（1）－①、数値目標（2）"
            example_of_all = "、全ての場合は「全て」" if has_all else ""
            raise ValueError(
                f"{quoted(cell)}は数値目標の番号として読み取れません（例：{example}{example_of_all}）。"
            ) from None
        if relation.all_targets and not has_all:
            raise ValueError("「全て」は選べません。数値目標の番号を並べてください。")
        if missing := [key for key in relation.targets if key not in self.keys]:
            listed = "、".join(f"（{key.indicator}）－{key.number}" for key in missing)
            raise ValueError(f"数値目標{listed}は、この計画にありません。")
        values = {TARGETS: [str(self.keys[key]) for key in relation.targets]}
        if has_all:
            values[ALL_TARGETS] = ["on"] if relation.all_targets else []
        return values


def choice(
    column: str, field: str, choices: Iterable[tuple[Any, str]], cell_value: Callable[[Any], str]
) -> AnswerColumn:
    """A column with a few choices, filled in only in lines that add a row."""
    widget = ChoiceWidget(choices)
    return AnswerColumn(
        column,
        (field,),
        cell_value,
        lambda cell: {field: [str(widget.clean(cell))]},
        tuple(map(str, widget.labels.values())),
    )


def municipality(authors: Iterable[Municipality], whole: str = WHOLE) -> AnswerColumn:
    """The column of a row's municipality; `whole` stands for a row of the zone as a whole."""
    choices = [("", whole), *((author.pk, str(author)) for author in authors)]
    return choice("自治体", "municipality", choices, lambda row: str(row.municipality or whole))


def municipalities(authors: Iterable[Municipality], column: str) -> AnswerColumn:
    """The column of a row's municipalities, separated by 、 or ・."""
    keys = {fold(str(author)): str(author.pk) for author in authors}

    def read(cell: str) -> FormValues:
        if fold(cell) == fold(WHOLE):
            return {"municipalities": []}
        names = split_names(fold(cell), keys)
        for name in names:
            if name not in keys:
                raise ValueError(f"{quoted(name)}は、この特区の作成主体にありません。")
        return {"municipalities": [keys[name] for name in names]}

    def cell_value(row: Any) -> str:
        return "・".join(str(author) for author in authors if author.pk in row.owner_ids) or WHOLE

    return AnswerColumn(column, ("municipalities",), cell_value, read)
