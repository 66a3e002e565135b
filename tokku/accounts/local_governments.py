"""The prefectures and municipalities of the nation with their codes, from local_governments.csv beside this.

They are facts to choose from: a row of `Municipality` is made of one when it is chosen (`Municipality.objects.register`).
Wards of designated cities are no bodies of their own and are not among them; those of Tokyo are.
`manage.py update_local_governments` renews the file.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path

from django.utils.functional import cached_property

from tokku.japanese import fold

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
        return self._by_name.get(fold(text), [])

    @cached_property
    def _by_name(self) -> dict[str, list[LocalGovernment]]:
        by_name = defaultdict(list)
        for one in self.governments:
            for text in {one.full_name, one.name, one.code}:
                by_name[fold(text)].append(one)
        return by_name

    @cached_property
    def prefectures(self) -> dict[str, str]:
        """Their names by the first two digits of the codes in them."""
        return {one.code[:2]: one.prefecture for one in self.governments if not one.municipality}


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
