"""What a sheet of the workbook is: its columns, its lines with the cells that are filled in, and what adds a row.

A line goes by its code, which names its row by what people know of it; so lines may be sorted, and columns moved.
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
OWNERS = ("自治体", "自治体名")  # the columns that say whose a new row is


@dataclass
class WorkbookLine:
    """A line of a sheet: what is fixed in it, and the answers to rows that it takes.

    `id` names its first row and, where a line is one field, that field.
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
    """What a line that adds a row is asked for, and the form that adds it, from what was typed."""

    answers: dict[str, AnswerColumn]
    form: Callable[[FormValues], NewRowForm]
    required: tuple[str, ...] = ()  # the columns that the form would not miss


@dataclass(frozen=True)
class WorkbookSheet:
    """A sheet: `columns` in their order."""

    title: str
    columns: tuple[BookColumn, ...]
    lines: list[WorkbookLine]
    adder: NewRowLine | None = None

    @cached_property
    def columns_read(self) -> list[str]:
        """The columns that are read, beside that of the code."""
        names = {name for line in self.lines for name in line.answers}
        names |= set(self.adder.answers) if self.adder else set()
        names |= {DELETION} if any(line.removable for line in self.lines) else set()
        return [column.name for column in self.columns if column.name in names]


def title_of(evaluation: Evaluation) -> str:
    """What the workbook calls itself."""
    return f"{fiscal_year_name(evaluation.fiscal_year)} 評価書 入力用ブック"
