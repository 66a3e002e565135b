"""Lines whose row was deleted after the workbook was made: their changed cells are refused."""

from collections.abc import Mapping

from evaluations.entry.forms import ALL_TARGETS, TARGETS
from evaluations.entry.workbook.cell_values import AnswerColumn, answer_column
from evaluations.entry.workbook.origin import WorkbookOrigin
from evaluations.entry.workbook.sheet_parts import THIS_YEAR
from evaluations.keys import RowKey
from tokku.records import Record
from tokku.spreadsheets.sheet import DELETION, Cell

GONE = (
    "この行は、ブックを作った後に入力欄からなくなりました"
    "（削除されたか、他の作成主体の行になったか、回答が要らなくなりました）。"
)


def edited_columns_of_deleted_row(
    line_id: str, cells: Mapping[str, Cell], origin: WorkbookOrigin, this_year: str
) -> list[str]:
    """The columns in which the cell differs from the row as it was when the workbook was made."""
    old_answers = _answers_at_download(line_id, origin, this_year)
    return [
        column
        for column, cell in cells.items()
        if column != DELETION
        and (
            old_answers is None
            or column in old_answers
            and not _is_as_downloaded(old_answers[column], cell)
        )
    ]


def _answers_at_download(
    line_id: str, origin: WorkbookOrigin, this_year: str
) -> dict[str, tuple[AnswerColumn, Record]] | None:
    """The columns with the row's version from which the workbook was made; None when that is unknown."""
    row_key, _, name = line_id.partition("#")
    key = RowKey.parse(row_key)
    if key is None:
        return None
    revision = origin.revisions.get(row_key)
    version = key.model_class.history.filter(id=key.pk, revision=revision).first()
    if version is None:
        return None
    answers = {}
    for field in [name] if name else key.kind.entered:
        if field not in (TARGETS, ALL_TARGETS):
            answer = answer_column(key.model_class, field, THIS_YEAR if name else "")
            answers[this_year if field == "value" else answer.column] = answer, version.instance
    return answers


def _is_as_downloaded(old_answer: tuple[AnswerColumn, Record], cell: Cell) -> bool:
    column, row = old_answer
    return isinstance(cell, str) and column.is_unchanged(row, cell)
