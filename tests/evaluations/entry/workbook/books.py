"""Workbooks for tests: downloaded, edited as in Excel, and sent."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from evaluations.entry.workbook.sheet_parts import CODE

PAGE, FILE = "/keihin/2023/workbook/", "/keihin/2023/workbook.xlsx"


def download(client, query: str = "") -> bytes:
    response = client.get(FILE + query)
    assert response.status_code == 200
    return response.content


def opened(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


def saved(book: Workbook) -> bytes:
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def place(sheet, code: str, column: str):
    """The cell of a line and a column."""
    columns = {cell.value: cell.column for cell in sheet[1]}
    lines = {cell.value: cell.row for cell in sheet[_letter(sheet)]}
    return sheet.cell(lines[code], columns[column])


def _letter(sheet) -> str:
    return next(cell.column_letter for cell in sheet[1] if cell.value == CODE)


def edited(content: bytes, *cells: tuple[str, str, str, object]) -> bytes:
    """The workbook with changed cells, each given as sheet, code, column and value."""
    book = opened(content)
    for title, code, column, value in cells:
        place(book[title], code, column).value = value
    return saved(book)


def send(client, content: bytes, name: str = "入力.xlsx"):
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def confirm(client, response, keep: str = ""):
    """Confirm a preview; of each conflict keep the version that is "typed" or "stored"."""
    assert response.context["seen"], sentences(response)
    data = {"seen": response.context["seen"]}
    for conflict in (
        conflict for line in response.context["outcome"].lines for conflict in line.conflicts
    ):
        data[f"{conflict.key}-conflict"] = conflict.conflict.revision
        data |= {f"{conflict.key}-keep": keep} if keep else {}
    return client.post(PAGE, data, follow=True)


def sentences(response) -> list[str]:
    """The sentences in which a page refuses a workbook."""
    if "outcome" not in response.context:
        return [error for errors in response.context["form"].errors.values() for error in errors]
    return [
        f"{line.place} {refusal.column}：{refusal.sentence}"
        for line in response.context["outcome"].refused
        for refusal in line.refusals
    ]


def counts(response) -> tuple[int, int, int, int]:
    """The numbers of new, changed, deleted and refused lines."""
    outcome = response.context["outcome"]
    return tuple(map(len, (outcome.new, outcome.changed, outcome.deleted, outcome.refused)))
