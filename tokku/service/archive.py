"""The file of a backup: a ZIP of JSON lines for each table, the stored files, and a manifest with their sums.

It knows no database: rows are lists of what JSON has.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

FORMAT = 1  # to be increased when archives made before can no longer be read, or newer ones by older code
MANIFEST = "manifest.json"
BATCH_BYTES = 4 * 1024 * 1024  # of lines that are held at a time, or one longer line
PIECE_BYTES = 1024 * 1024
DAMAGE = (BadZipFile, EOFError, KeyError, OSError, RuntimeError, TypeError, ValueError, zlib.error)

Migration = tuple[str, str]  # application and name
Row = list[Any]


class UnreadableArchive(ValueError):
    """The file is no archive, is damaged, or was made by newer code. The message is in Japanese."""


@dataclass(frozen=True, kw_only=True)
class Table:
    model: str  # such as evaluations.zone
    fields: list[str]
    rows: int
    next_key: (
        int | None
    )  # the primary key that the next new row gets; None when rows are not numbered
    sha256: str

    @property
    def member(self) -> str:
        return f"tables/{self.model}.jsonl"


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    name: str  # relative to the storage folder, with slashes
    sha256: str

    @property
    def member(self) -> str:
        return f"files/{self.name}"


class ArchiveWriter:
    """Writes an archive piece by piece, as a context manager; left by an exception, what it leaves is no archive."""

    def __init__(self, file: BinaryIO, migrations: Iterable[Migration]):
        self._zip = ZipFile(file, "w", ZIP_DEFLATED)
        self._migrations = sorted(migrations)
        self.tables: list[Table] = []
        self.files: list[StoredFile] | None = None  # None: the archive is of the database alone

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        with self._zip:
            if error is None:
                self._write_manifest()

    def add_table(
        self, model: str, fields: list[str], rows: Iterable[Row], next_key: int | None
    ) -> None:
        table = Table(model=model, fields=fields, rows=0, next_key=next_key, sha256="")
        digest, count = hashlib.sha256(), 0
        with self._zip.open(table.member, "w", force_zip64=True) as member:
            for row in rows:
                line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
                digest.update(line)
                member.write(line)
                count += 1
        self.tables.append(Table(**asdict(table) | {"rows": count, "sha256": digest.hexdigest()}))

    def add_folder(self, folder: Path) -> None:
        """Add all files of the storage folder, which may not be there yet."""
        self.files = []
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                file = StoredFile(name=path.relative_to(folder).as_posix(), sha256="")
                with (
                    path.open("rb") as source,
                    self._zip.open(file.member, "w", force_zip64=True) as target,
                ):
                    sha256 = _copy(source, target)
                self.files.append(StoredFile(name=file.name, sha256=sha256))

    def _write_manifest(self) -> None:
        files = None if self.files is None else [asdict(file) for file in self.files]
        manifest = {
            "format": FORMAT,
            "migrations": self._migrations,
            "tables": [asdict(table) for table in self.tables],
            "files": files,
        }
        self._zip.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))


class Archive:
    """An archive that is whole: opening it reads everything once, and compares it with its sums.

    UnreadableArchive when it is not. OSError when the file cannot be opened.
    """

    def __init__(self, path: Path):
        with path.open("rb"):
            pass  # From here on, an OSError is of what is in the file.
        try:
            self._zip = ZipFile(path)
            manifest = json.loads(self._zip.read(MANIFEST))
            self._check_format(manifest["format"], path)
            self.migrations = {(app, name) for app, name in manifest["migrations"]}
            self.tables = [Table(**table) for table in manifest["tables"]]
            files = manifest["files"]
            self.files = None if files is None else [StoredFile(**file) for file in files]
            for part in [*self.tables, *(self.files or ())]:
                with self._zip.open(part.member) as member:
                    if _copy(member) != part.sha256:
                        raise BadZipFile(part.member)
        except UnreadableArchive:
            raise
        # Whatever zipfile makes of damage: another method, a password, an offset below nothing.
        except DAMAGE as error:
            raise UnreadableArchive(
                f"{path} は、バックアップとして読み取れません。"
                "途中で切れているか、壊れています。別のバックアップを指定してください。"
            ) from error

    @staticmethod
    def _check_format(format: int, path: Path) -> None:
        if format != FORMAT:
            raise UnreadableArchive(
                f"{path} は、形式 {format} のバックアップです。このプログラムが読めるのは形式 {FORMAT} です。"
                "作成したときの版以降のプログラムで復元してください。"
            )

    def batches(self, table: Table) -> Iterator[list[Row]]:
        """The rows of a table, as many at a time as memory easily holds."""
        with self._zip.open(table.member) as member:
            lines_of_member = BufferedReader(member, PIECE_BYTES)
            while lines := lines_of_member.readlines(BATCH_BYTES):
                yield [json.loads(line) for line in lines]

    def extract(self, file: StoredFile, folder: Path) -> None:
        path = folder / file.name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise UnreadableArchive(
                f"バックアップの「{file.name}」は、保管フォルダの外を指しています。"
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._zip.open(file.member) as source, path.open("xb") as target:
            _copy(source, target)


def _copy(source: Any, target: Any = None) -> str:
    """Copy the stream, or only read it, and return its SHA-256."""
    digest = hashlib.sha256()
    while piece := source.read(PIECE_BYTES):
        digest.update(piece)
        if target:
            target.write(piece)
    return digest.hexdigest()
