"""A line whose row is not there any more: it says no, unless it is as it was when the workbook was made."""

from collections.abc import Mapping

from evaluations.entry.forms import ALL_TARGETS, TARGETS
from evaluations.entry.workbook.cell_values import AnswerColumn, answer_of
from evaluations.entry.workbook.origin import WorkbookOrigin
from evaluations.entry.workbook.sheet_parts import THIS_YEAR
from evaluations.keys import RowKey
from tokku.records import Record
from tokku.spreadsheets.sheet import DELETION, Cell

GONE = (
    "この行は、ブックを作った後に入力欄からなくなりました"
    "（削除されたか、他の自治体の行になったか、回答が要らなくなりました）。"
)


def why_gone(
    key: str, said: Mapping[str, Cell], origin: WorkbookOrigin, this_year: str
) -> list[tuple[str, str]]:
    """Column and sentence for each cell that says something else than the row did. `key` is that of a line."""
    was = _as_it_was(key, origin, this_year)
    return [
        (column, GONE)
        for column, cell in said.items()
        if column != DELETION
        and (was is None or column in was and not _is_as_it_was(was[column], cell))
    ]


def _as_it_was(
    key: str, origin: WorkbookOrigin, this_year: str
) -> dict[str, tuple[AnswerColumn, Record]] | None:
    """The columns and what they said, in the revision that the workbook was made from; None when nobody knows."""
    of_row, _, name = key.partition("#")
    row = RowKey.parse(of_row)
    if row is None:
        return None
    revision = origin.revisions.get(of_row)
    version = row.model_class.history.filter(id=row.pk, revision=revision).first()
    if version is None:
        return None
    was = {}
    for one in [name] if name else row.kind.entered:
        if one not in (TARGETS, ALL_TARGETS):
            answer = answer_of(row.model_class, one, THIS_YEAR if name else "")
            was[this_year if one == "value" else answer.column] = answer, version.instance
    return was


def _is_as_it_was(said: tuple[AnswerColumn, Record], cell: Cell) -> bool:
    answer, row = said
    return isinstance(cell, str) and answer.is_said(row, cell)
