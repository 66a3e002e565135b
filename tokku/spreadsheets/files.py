"""The kinds of files that sheets come in."""

from collections.abc import Callable
from dataclasses import dataclass

from tokku.spreadsheets import delimited, xlsx
from tokku.spreadsheets.sheet import MOST_BYTES, Sheet, SheetError


@dataclass(frozen=True)
class FileKind:
    label: str
    content_type: str
    write: Callable[..., bytes]
    read: Callable[[bytes], Sheet]


KINDS = {
    "xlsx": FileKind(
        "Excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        xlsx.write,
        xlsx.read,
    ),
    "csv": FileKind("CSV", "text/csv; charset=utf-8", delimited.write, delimited.read),
}


def read(name: str, content: bytes) -> Sheet:
    """The sheet of a file, by the end of its name. SheetError says why there is none."""
    kind = KINDS.get(name.rpartition(".")[2].lower())
    if kind is None:
        raise SheetError("取り込めるのは、Excelのブック（.xlsx）かCSV（.csv）です。")
    if len(content) > MOST_BYTES:
        raise SheetError(f"ファイルは{MOST_BYTES // 1024**2}MBまでです。")
    return kind.read(content)
