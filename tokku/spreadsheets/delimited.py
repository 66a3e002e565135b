"""CSV as Excel in Japanese writes and opens it."""

import csv
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from io import StringIO

from tokku.spreadsheets.sheet import Cell, Sheet, SheetError, sheet_of

# Excel takes such text for a formula. A quotation mark keeps it text, here and when it is read again.
FORMULA_LIKE = re.compile(r"'*[=+\-@＝＋－＠]")


def write(title: str, columns: Sequence[str], rows: Sequence[Sequence]) -> bytes:
    """UTF-8 with a byte order mark, without which Excel would not know it for UTF-8."""
    written = StringIO()
    writer = csv.writer(written)
    writer.writerows([[_text(value) for value in row] for row in [columns, *rows]])
    return written.getvalue().encode("utf-8-sig")


def _text(value) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str) and FORMULA_LIKE.match(value):
        return f"'{value}"
    return str(value)


def _plain(cell: str) -> str:
    """Without the quotation mark that `_text` has put before it."""
    return cell[1:] if cell.startswith("'") and FORMULA_LIKE.match(cell) else cell


def read(content: bytes) -> Sheet:
    """A sheet in UTF-8 or CP932. SheetError when it is neither."""
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise SheetError("文字コードを読み取れません。UTF-8又はシフトJISのCSVで保存してください。")
    if "\0" in text:
        raise SheetError("CSVとして読み取れません。")
    header = text.partition("\n")[0]
    for mark, name in (("\t", "タブ"), (";", "セミコロン")):
        if mark in header and "," not in header:
            raise SheetError(
                f"{name}で区切られています。カンマで区切られたCSVか、Excelのブック（.xlsx）で保存してください。"
            )
    return sheet_of(_rows(text))


def _rows(text: str) -> Iterator[tuple[int, list[Cell]]]:
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        # A text of several lines is one row to a spreadsheet.
        for number, row in enumerate(reader, 1):
            yield number, [_plain(cell) for cell in row]
    except csv.Error as error:
        raise SheetError(
            f"CSVとして読み取れません（{reader.line_num}行目に、閉じていない引用符か長すぎるセルがないか確かめてください）。"
        ) from error
