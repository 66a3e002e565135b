"""Reading the lists of 別紙2 and 別紙3: a row of labels, then a row for each entry or 該当なし."""

from evaluations.form import labels
from evaluations.form.reading import Report
from tokku.document.tree import Row, Table
from tokku.japanese import fold


def is_header(row: Row, columns: tuple[str, ...]) -> bool:
    return [fold(cell.text) for cell in row.cells] == list(map(fold, columns))


def body_rows(table: Table, columns: tuple[str, ...], report: Report) -> list[Row]:
    """The entries of a table, none for 該当なし. An error for a row short of columns."""
    if not is_header(table.rows[0], columns):
        report.error(table.rows[0].line, f"表の見出しが「{'」「'.join(columns)}」ではありません。")
        return []
    rows = []
    for row in table.rows[1:]:
        if len(row.cells) != len(columns):
            report.error(
                row.line,
                f"表の列が{len(columns)}列ではなく{len(row.cells)}列です：{row.cells[0].text}",
            )
        elif not row.cells[0].text:
            report.error(row.line, f"表の行に「{columns[0]}」がありません。")
        elif row.cells[0].text != labels.NOT_APPLICABLE:
            rows.append(row)
    return rows
