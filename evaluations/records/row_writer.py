"""Writing rows for `store`: only differing values are written, and every change is noted."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import Field, dataclass, field, fields
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from evaluations.form import contents as c
from evaluations.form.outline import ReadingProblem, UnreadableForm
from evaluations.records.load import copied
from tokku.japanese import number


@dataclass
class StoredChanges:
    """The changes that `store` made: counts of created rows by kind, and sentences on the others (old → new).

    `contradictions` are sentences on figures that differ between the document and the records.
    """

    created: Counter[str] = field(default_factory=Counter)
    updated: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)
    offered_corrections: int = 0  # of these, how many may be corrections of earlier years

    def __bool__(self) -> bool:
        return bool(self.created or self.updated or self.deleted)


class RowWriter:
    """Creates, changes and deletes rows. `reason` goes into the history of each.

    Rows of `kept_models` that exist are not changed; differing values are noted instead.
    """

    def __init__(self, reason: str, kept_models: tuple[type[models.Model], ...] = ()) -> None:
        self.reason = reason
        self.kept_models = kept_models
        self.changes = StoredChanges()

    def save(
        self,
        row: Any,
        model: type[models.Model],
        key: dict[str, Any],
        values: dict[str, Any],
        relations: dict[str, list[Any]] | None = None,
    ) -> Any:
        """Create the row (when it is None) or change what differs. Nothing is written when nothing differs."""
        relations = relations or {}
        is_new = row is None
        if is_new:
            row = model(**key)
        differing = {
            name: value for name, value in values.items() if getattr(row, name, None) != value
        }
        related = {
            name: wanted
            for name, wanted in relations.items()
            if wanted and is_new or not is_new and set(getattr(row, name).all()) != set(wanted)
        }
        if not (is_new or differing or related):
            return row
        if not is_new and model in self.kept_models:
            self._note_kept(row, differing, related)
            return row
        old = {name: getattr(row, name, None) for name in differing}
        for name, value in differing.items():
            setattr(row, name, value)
        self._validate(row)
        row._change_reason = self.reason
        row.save()
        for name, wanted in related.items():
            getattr(row, name).set(wanted)
        if is_new:
            self.changes.created[model._meta.verbose_name] += 1
        else:
            self._note_update(row, old, related)
        return row

    def _validate(self, row: models.Model) -> None:
        relations = [f.name for f in row._meta.fields if f.is_relation]
        try:
            row.full_clean(exclude=relations, validate_unique=False)
        except ValidationError as error:
            raise UnreadableForm(
                ReadingProblem(
                    None, f"{row._meta.verbose_name}「{row}」の{_field_label(row, name)}：{message}"
                )
                for name, messages in error.message_dict.items()
                for message in messages
            ) from error

    def _note_update(self, row: models.Model, old: dict[str, Any], related: dict[str, Any]) -> None:
        changes = [
            f"{_field_label(row, name)} {_short(old_value)} → {_short(getattr(row, name))}"
            for name, old_value in old.items()
        ] + [_field_label(row, name) for name in related]
        self.changes.updated.append(f"{row._meta.verbose_name}「{row}」：{'、'.join(changes)}")

    def _note_kept(
        self, row: models.Model, document_values: dict[str, Any], related: dict[str, Any]
    ) -> None:
        texts = [
            f"{_field_label(row, name)} {_short(value)}" for name, value in document_values.items()
        ]
        texts += [_field_label(row, name) for name in related]
        self.changes.notices.append(
            f"{row._meta.verbose_name}「{row}」：後の年度の評価書にも関わるため、"
            f"文書の内容（{'、'.join(texts)}）には変更していません。"
        )

    def delete(self, rows: Iterable[models.Model]) -> None:
        for row in rows:
            self.changes.deleted.append(f"{row._meta.verbose_name}「{row}」")
            row._change_reason = self.reason
            row.delete()


def stated_values(part: Any, *, without: Iterable[str] = ()) -> dict[str, Any]:
    """The values to write, without defaults of fields that the form does not print."""
    return {
        part_field.name: value
        for part_field in fields(part)
        if part_field.name in copied(type(part), without=without)
        and (
            (value := getattr(part, part_field.name)) != part_field.default
            or _is_printed(part, part_field)
        )
    }


def _is_printed(part: Any, part_field: Field) -> bool:
    if isinstance(part, c.Measure):
        return part_field.name in part.printed_fields
    return part_field.metadata.get("printed", True)


def _field_label(row: models.Model, name: str) -> str:
    if name == "__all__":
        return "内容"
    return str(row._meta.get_field(name).verbose_name)


def _short(value: Any) -> str:
    if isinstance(value, Decimal):
        return number(value)
    text = "（空）" if value in (None, "") else str(value).replace("\n", " ")
    return text if len(text) <= 30 else text[:29] + "…"
