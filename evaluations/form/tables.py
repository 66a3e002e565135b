"""Reading the lists of 別紙2 and 別紙3: a row of labels, then a row for each entry or 該当なし."""

from evaluations.catalogue.words import NONE, NOT_APPLICABLE
from evaluations.form.contents import Relation
from evaluations.form.outline import ReadingReport
from evaluations.form.printed_figures import parse_relation
from tokku.document.tree import Row, Table
from tokku.japanese import fold


def is_header(row: Row, columns: tuple[str, ...]) -> bool:
    return [fold(cell.text) for cell in row.cells] == list(map(fold, columns))


def is_not_applicable(text: str) -> bool:
    return fold(text) == NOT_APPLICABLE


def body_rows(
    table: Table, columns: tuple[str, ...], report: ReadingReport, blank: str = NONE
) -> list[Row]:
    """The rows of entries of a table, none for 該当なし. A row short of columns is reported as an error.

    `blank` is a text that counts as empty beside 該当なし, as — does.
    """
    if not is_header(table.rows[0], columns):
        report.error(table.rows[0].line, f"表の見出しが「{'」「'.join(columns)}」ではありません。")
        return []
    rows = []
    for row in table.rows[1:]:
        texts = [cell.text for cell in row.cells]
        if not any(texts):
            continue
        if is_not_applicable(texts[0]):
            blanks = {"", fold(NONE), fold(blank)}
            if not blanks.issuperset(map(fold, texts[1:])):
                report.unplace_row(row)
        elif len(row.cells) != len(columns):
            report.error(
                row.line,
                f"表の列が{len(columns)}列ではなく{len(row.cells)}列です：{row.cells[0].text}",
            )
        elif not texts[0]:
            report.error(row.line, f"表の行に「{columns[0]}」がありません。")
        else:
            rows.append(row)
    return rows


def read_relation(line: int | None, text: str, report: ReadingReport) -> Relation:
    """Parse 関連する数値目標, noting the line of the targets that it refers to."""
    relation = report.attempt(line, parse_relation, text, Relation())
    report.refer(line, relation.targets)
    return relation
