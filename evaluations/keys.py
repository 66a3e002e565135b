"""The names of places in the form and of rows of the database, as types.

Sources of documents, hand-ins, remarks, addresses and the names of inputs carry them as text. Nothing else takes
such a text apart or puts one together.
"""

from typing import NamedTuple, Self

from django.apps import apps
from django.db import models

from evaluations import catalogue
from evaluations.catalogue.structure import Kind

MOST_DIGITS = 18  # of a primary key: more are none that a database could ask for


class TargetKey(NamedTuple):
    """The number of an indicator and of a numeric target within it, both from 1."""

    indicator: int
    number: int

    def __str__(self) -> str:
        return f"{self.indicator}-{self.number}"


class RecordKey(NamedTuple):
    """A place in the form, as the sources of a document name it.

    `source` is that of a kind of the catalogue (scheme). `of` is what the record is of: a numeric target (1-2), the
    number of an indicator or an approach, or a kind of rows (tax). `last` is a fiscal year for the figures of a
    target, and elsewhere the record's number in its list, from 1.
    """

    source: str
    of: str = ""
    last: int | None = None

    def __str__(self) -> str:
        last = () if self.last is None else (str(self.last),)
        return "/".join(filter(None, (self.source, self.of, *last)))

    @classmethod
    def parse(cls, text: str) -> Self:
        """From its text: target/1-2/2023, achievement/1/2, zone. ValueError for what is none."""
        source, of, last = (*text.split("/"), "", "")[:3]
        key = cls(source, of, int(last) if last.isdecimal() else None)
        if not source or str(key) != text:
            raise ValueError(f"no place in a form: {text}")
        return key

    @classmethod
    def of_target(cls, key: TargetKey, year: int | None = None) -> Self:
        """A numeric target, or its figures in one year."""
        return cls("target", str(key), year)

    @classmethod
    def of_assessment(cls, key: TargetKey) -> Self:
        """The texts on a numeric target: 別紙1."""
        return cls("assessment", str(key))

    @property
    def target(self) -> TargetKey:
        """The numeric target that it is of. ValueError for what is of none."""
        indicator, _, number = self.of.partition("-")
        return TargetKey(int(indicator), int(number))

    @property
    def year(self) -> int | None:
        """The fiscal year whose figures it is; None for anything else."""
        return self.last if self.source == "target" else None

    @property
    def list(self) -> "RecordKey | None":
        """The list in which it has its number: achievement/1 for achievement/1/2; None where it has none."""
        if self.source == "approach":
            return RecordKey(self.source)
        return None if self.last is None or self.year else RecordKey(self.source, self.of)


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
        """From its text, which may have come from anywhere; None when it names no kind of row of the catalogue."""
        model, _, pk = text.partition("/")
        if model not in catalogue.KINDS or not pk.isdecimal() or len(pk) > MOST_DIGITS:
            return None
        key = cls(model, int(pk))
        return key if str(key) == text else None

    @property
    def kind(self) -> Kind:
        return catalogue.KINDS[self.model]

    @property
    def model_class(self) -> type[models.Model]:
        return apps.get_model(self.model)


class ItemKey(NamedTuple):
    """A field of a row: supports.schemeresult/12/result. Without a field it is the row as a whole."""

    row: RowKey
    field: str = ""

    def __str__(self) -> str:
        return f"{self.row}/{self.field}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """As `RowKey.parse`. Which fields the row has is not asked."""
        row, _, field = text.rpartition("/")
        key = RowKey.parse(row)
        return key and cls(key, field)
