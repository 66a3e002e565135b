"""The prefectures and municipalities of the nation with their codes, from local_governments.csv beside this.

They are facts to choose from: a row of `Municipality` is made of one when it is chosen. Wards of designated cities
are no bodies of their own and are not among them; those of Tokyo are. `manage.py update_local_governments` renews the file.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path

from tokku.accounts.models import Municipality

FILE = Path(__file__).with_suffix(".csv")
_COLUMNS = ["code", "prefecture", "municipality"]


@dataclass(frozen=True)
class LocalGovernment:
    code: str  # six digits
    prefecture: str
    municipality: str  # "" for the prefecture itself

    @property
    def name(self) -> str:
        return self.municipality or self.prefecture

    @property
    def full_name(self) -> str:
        """Unlike `name` the only one of its kind: 広島県府中市."""
        return self.prefecture + self.municipality


@dataclass(frozen=True)
class GovernmentList:
    as_of: str  # a day or a year, as people read it
    governments: tuple[LocalGovernment, ...]

    def named(self, text: str) -> list[LocalGovernment]:
        """Those of this name, with or without the prefecture, or of this code."""
        return [one for one in self.governments if text in (one.full_name, one.name, one.code)]


def parse(text: str) -> GovernmentList:
    """The list in the text of such a file."""
    (_, as_of), _, *rows = csv.reader(StringIO(text))
    return GovernmentList(as_of, tuple(LocalGovernment(*row) for row in rows))


def as_text(as_of: str, governments: Iterable[LocalGovernment]) -> str:
    """What `parse` reads."""
    written = StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(["as of", as_of])
    writer.writerow(_COLUMNS)
    for one in sorted(governments, key=lambda one: one.code):
        writer.writerow([one.code, one.prefecture, one.municipality])
    return written.getvalue()


@cache
def local_governments() -> GovernmentList:
    return parse(FILE.read_text(encoding="utf-8"))


def register(government: LocalGovernment) -> Municipality:
    """The municipality with this code, made if need be; with its prefecture where another has the same name."""
    registered = Municipality.objects.filter(code=government.code).first()
    if registered:
        return registered
    is_taken = Municipality.objects.filter(name=government.name).exists()
    name = government.full_name if is_taken else government.name
    return Municipality.objects.create(code=government.code, name=name)
