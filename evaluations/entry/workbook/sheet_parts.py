"""The parts of a sheet: columns, lines with the cells that are filled in, and the lines that add a row.

A line is identified by its code, a readable name of its row, so lines may be sorted and columns moved.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import cached_property

from evaluations.entry.forms import NewRowForm
from evaluations.entry.workbook.cell_values import AnswerColumn, FormValues
from evaluations.models import Evaluation
from tokku.japanese import fiscal_year_name
from tokku.records import Record
from tokku.spreadsheets.entry_book import BookColumn
from tokku.spreadsheets.sheet import DELETION

CODE = "行の番号"
NEW = "追加"  # the code of a line that adds a row
NEW_LINES = 10
THIS_YEAR, LAST_YEAR = "本年度の内容", "前年度の内容"
OWNERS = ("自治体", "自治体名")  # the columns that name the owner of a new row


@dataclass
class WorkbookLine:
    """A line of a sheet: the cells that are fixed, and those that are filled in with their rows.

    `id` is the key of its first row and, where the line is one field, the name of that field.
    """

    code: str
    id: str
    label: str
    fixed: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, tuple[Record, AnswerColumn]] = field(default_factory=dict)
    removable: Record | None = None

    @property
    def rows(self) -> list[Record]:
        return list({row.key: row for row, _ in self.answers.values()}.values())


@dataclass(frozen=True)
class NewRowLine:
    """A line that adds a row: its columns, and the form that adds the row from form data.

    `required` are columns that the form itself does not require, `asked` those that a complete row has filled in.
    """

    answers: dict[str, AnswerColumn]
    form: Callable[[FormValues], NewRowForm]
    required: tuple[str, ...] = ()
    asked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class WorkbookSheet:
    """A sheet of the workbook as it would be made now."""

    title: str
    columns: tuple[BookColumn, ...]
    lines: list[WorkbookLine]
    new_row_line: NewRowLine | None = None

    @cached_property
    def columns_read(self) -> list[str]:
        """The names of the columns that are read, without that of the code."""
        names = {name for line in self.lines for name in line.answers}
        names |= set(self.new_row_line.answers) if self.new_row_line else set()
        names |= {DELETION} if any(line.removable for line in self.lines) else set()
        return [column.name for column in self.columns if column.name in names]


def title_of(evaluation: Evaluation) -> str:
    """The title in the workbook, by which its year is recognised."""
    return f"{fiscal_year_name(evaluation.fiscal_year)} 評価書 入力用ブック"
