"""Types for the names of places in the form and of rows of the database, and their texts.

Sources of documents, hand-ins, remarks, addresses and names of inputs carry these keys as text. Only this module
parses and composes the texts.
"""

import re
from functools import lru_cache
from typing import NamedTuple, Self

from django.apps import apps
from django.db import models

from evaluations import catalogue
from evaluations.catalogue.structure import RowKind
from tokku.document.tree import Source

MOST_DIGITS = 18  # of a primary key; a database cannot look up a longer number
_TARGET = re.compile("([1-9][0-9]*)-([1-9][0-9]*)")
_NEW_INPUT = re.compile(r"(?P<of>new-(?P<kind>[a-z-]+?)(?:-[0-9]{1,18})?)-(?P<field>[a-z_]+)")
# The field by which people tell the records of a list apart, by the source of their kind.
_NAMED_BY = {kind.source: kind.named_by for kind in catalogue.KINDS.values() if kind.named_by}


class TargetKey(NamedTuple):
    """The number of an indicator and of a numeric target within it, both from 1."""

    indicator: int
    number: int

    def __str__(self) -> str:
        return f"{self.indicator}-{self.number}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """From its text: 1-2. ValueError when it is not a key."""
        if not (match := _TARGET.fullmatch(text)):
            raise ValueError(f"no numeric target: {text}")
        return cls(int(match[1]), int(match[2]))


class RecordKey(NamedTuple):
    """A record of the form, as the sources of a document name it.

    `source` is that of a kind of the catalogue (scheme). `of` is what the record belongs to: a numeric target, the
    number of an indicator or an approach, or a kind of rows (tax). `last` is the fiscal year for the figures of a
    target, and elsewhere the record's number in its list, from 1.
    """

    source: str
    of: TargetKey | int | str = ""
    last: int | None = None

    def __str__(self) -> str:
        text = self.source if self.of == "" else f"{self.source}/{self.of}"
        return text if self.last is None else f"{text}/{self.last}"

    @classmethod
    @lru_cache(4096)
    def parse(cls, text: str) -> Self:
        """From its text: target/1-2/2023, achievement/1/2, zone. ValueError when it is not a key."""
        source, of, last = (*text.split("/"), "", "")[:3]
        key = cls(source, _of(of), int(last) if last.isdecimal() else None)
        if not source or str(key) != text:
            raise ValueError(f"no place in a form: {text}")
        return key

    def field(self, name: str) -> Source:
        """A field of the record, as the source of printed words."""
        return Source(str(self), name)

    @property
    def place(self) -> str:
        """Its text without the kind: 1-2/2023."""
        return str(self).partition("/")[2]

    @property
    def target(self) -> TargetKey | None:
        """The numeric target that the record belongs to; None where it belongs to none."""
        return self.of if isinstance(self.of, TargetKey) else None

    @property
    def year(self) -> int | None:
        """The fiscal year of a target's figures; None for any other record."""
        return self.last if self.target else None

    @property
    def named_by(self) -> str:
        """The field by which people tell it from others of its list; "" where it is in no list."""
        return _NAMED_BY.get(self.source, "")

    @property
    def list(self) -> "RecordKey | None":
        """The list that it is in: achievement/1 for achievement/1/2; None where it is in no list."""
        if not self.named_by:
            return None
        return RecordKey(self.source, "" if self.last is None else self.of)


def _of(text: str) -> TargetKey | int | str:
    if text.isdecimal():
        return int(text)
    return TargetKey.parse(text) if _TARGET.fullmatch(text) else text


class RowKey(NamedTuple):
    """A row of the database: the label of its model and its primary key, supports.schemeresult/12."""

    model: str
    pk: int

    def __str__(self) -> str:
        return f"{self.model}/{self.pk}"

    @classmethod
    def of(cls, row: models.Model) -> Self:
        return cls(row._meta.label_lower, row.pk)

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """From its text, which may come from anyone; None when it names no kind of row of the catalogue."""
        model, _, pk = text.partition("/")
        if model not in catalogue.KINDS or not pk.isdecimal() or len(pk) > MOST_DIGITS:
            return None
        key = cls(model, int(pk))
        return key if str(key) == text else None

    @property
    def kind(self) -> RowKind:
        return catalogue.KINDS[self.model]

    @property
    def model_class(self) -> type[models.Model]:
        return apps.get_model(self.model)


class InputName(NamedTuple):
    """The name of an input of an entry page: supports.schemeresult/12-result, new-achievement-3-text.

    `of` is the key of the row, or the prefix of the form that adds one; `field` may carry a suffix of
    tokku.revision_form (-conflict, -keep).
    """

    of: str
    field: str

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """From the name of an input, which may come from anyone; None when it is of no row and of no form."""
        if match := _NEW_INPUT.fullmatch(text):
            name = cls(match["of"], match["field"])
            return name if name.kind else None
        of, _, field = text.partition("-")
        row = RowKey.parse(of)
        return cls(of, field) if field and row and row.kind.page else None

    @property
    def row(self) -> RowKey | None:
        """The key of the row; None for one to add."""
        return RowKey.parse(self.of)

    @property
    def kind(self) -> RowKind | None:
        """The kind of the row, also of one to add; None where there is no such kind."""
        if row := self.row:
            return row.kind
        source = _NEW_INPUT.fullmatch(f"{self.of}-x")["kind"].replace("-", "_")
        kinds = (kind for kind in catalogue.KINDS.values() if kind.page)
        return next((kind for kind in kinds if source in (kind.source, kind.model_name)), None)


class ItemKey(NamedTuple):
    """A field of a row: supports.schemeresult/12/result. With the field "" it is the row as a whole."""

    row: RowKey
    field: str = ""

    def __str__(self) -> str:
        return f"{self.row}/{self.field}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """As `RowKey.parse`. The field is not checked."""
        row, _, field = text.rpartition("/")
        key = RowKey.parse(row)
        return key and cls(key, field)
