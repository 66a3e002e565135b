"""Records as lines of a sheet, recognised by natural keys and never by primary keys.

A blank cell changes nothing; （削除） deletes what is stored there, and a column 削除 the row. Every message stands beside a line and a column, as a sentence.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any, Protocol

import tablib
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource
from import_export.results import RowResult

from tokku.japanese import fold, number
from tokku.records import Record, delete_with_reason
from tokku.spreadsheets.results import LineResult, SheetResult
from tokku.spreadsheets.sheet import (
    DELETION,
    Cell,
    Line,
    Refused,
    Sheet,
    SheetError,
    says_delete,
    why_no_deletion,
)
from tokku.spreadsheets.widgets import Several, Text

REASON_LENGTH = 100  # characters that a history keeps of why


class Rules(Protocol):
    """Which rows a person sees, and what speaks against their saving one."""

    def rows(self, model: type[models.Model]) -> models.QuerySet: ...

    def why_not_change(self, row: models.Model) -> str: ...

    def refusals(
        self, row: models.Model, values: dict[str, Any]
    ) -> Iterable[tuple[str | None, str]]: ...

    def why_not_delete(self, row: models.Model) -> str: ...

    def goes_with(self, row: models.Model) -> list: ...


def column(attribute: str, name: str, widget: Text | None = None, readonly: bool = False) -> Field:
    """A column; one for reading only helps people, and is passed over when it comes back."""
    return Field(attribute, name, widget or Text(), readonly=readonly)


class RowsByKey(BaseInstanceLoader):
    """The rows that a person sees, by natural key, asked once for the whole sheet."""

    def __init__(self, resource, dataset=None):
        super().__init__(resource, dataset)
        self.rows = defaultdict(list)
        for row in resource.complete(resource.rules.rows(resource._meta.model)):
            self.rows[resource.key_of(row)].append(row)


class SheetResource(Resource):
    """The rows of one model as a sheet. Meta.import_id_fields are the columns that tell which row it is.

    `related` and `prefetched` are the relations that the columns look at.
    """

    related: tuple[str, ...] = ()
    prefetched: tuple[Any, ...] = ()

    class Meta:
        instance_loader_class = RowsByKey
        report_skipped = True
        use_bulk = False  # which would leave no history

    def __init__(self, rules: Rules, **kwargs):
        super().__init__(**kwargs)
        self.rules = rules
        self.keys = [self.fields[name] for name in self._meta.import_id_fields]
        self.contents = [
            field for field in self.fields.values() if field not in self.keys and not field.readonly
        ]
        self._first_lines: dict[tuple, int] = {}
        self._keeps_history = True
        self._lookups: dict[type[models.Model], dict] = {}

    @classmethod
    def get_result_class(cls):
        return SheetResult

    @classmethod
    def get_row_result_class(cls):
        return LineResult

    # Out

    def sheet(self, rows: models.QuerySet) -> tuple[list[str], list[list]]:
        """The names of the columns, and the rows."""
        exported = self.export(self.complete(rows))
        return exported.headers, [list(row) for row in exported]

    def complete(self, rows: models.QuerySet) -> models.QuerySet:
        # Without a name select_related() would follow every relation.
        rows = rows.select_related(*self.related) if self.related else rows
        return rows.prefetch_related(*self.prefetched)

    # In

    def take(self, sheet: Sheet, *, dry_run: bool, reason: str = "") -> SheetResult:
        """What becomes of each line; nothing is saved in a dry run or when a line is refused.

        `reason` is for the history. SheetError when the sheet lacks the columns that tell its rows apart.
        """
        names = self._names(sheet)
        dataset = tablib.Dataset(*(line.cells for line in sheet.lines), headers=names)
        self._first_lines = {}
        # What is rolled back needs no history. Without the rows no line would see those before it.
        self._keeps_history = not dry_run
        return self.import_data(
            dataset,
            dry_run=dry_run,
            raise_errors=False,
            use_transactions=True,
            rollback_on_validation_errors=True,
            numbers=[line.number for line in sheet.lines],
            reason=reason[:REASON_LENGTH],
        )

    def what_is_read(self, sheet: Sheet) -> Sheet:
        """The sheet with nothing in the columns that are passed over, whatever stood there."""
        read = {fold(name) for name in self._read_names()}
        is_read = [fold(name) in read for name in sheet.columns]
        lines = tuple(
            Line(
                line.number,
                tuple(cell if kept else "" for cell, kept in zip(line.cells, is_read, strict=True)),
            )
            for line in sheet.lines
        )
        return replace(sheet, lines=lines)

    def unknown_columns(self, sheet: Sheet) -> list[str]:
        """What the sheet has beside the columns of this kind of record, and is not read."""
        known = {fold(name) for name in self._known_names()}
        return [
            name or f"{place}列目（名前なし）"
            for place, name in enumerate(sheet.columns, 1)
            if fold(name) not in known
            and (name or any(line.cells[place - 1] for line in sheet.lines))
        ]

    def named(self, sheet: Sheet, field: str) -> set[Cell] | None:
        """What the lines say in the column of a field; None when this kind of record has no such field."""
        if field not in self.fields:
            return None
        place = self._names(sheet).index(self.fields[field].column_name)
        return {line.cells[place] for line in sheet.lines}

    def _names(self, sheet: Sheet) -> list[str]:
        """The columns of the sheet under the names that they have here."""
        known = {fold(name): name for name in self._known_names()}
        names = [known.get(fold(name), name) for name in sheet.columns]
        for name in known.values():
            if names.count(name) > 1:
                raise SheetError(f"「{name}」という列が{names.count(name)}つあります。")
        missing = [field.column_name for field in self.keys if field.column_name not in names]
        if missing:
            listed = "".join(f"「{name}」" for name in missing)
            raise SheetError(f"{listed}の列がありません。どの行かを決めるために必要です。")
        # Columns without a name, and of the same unknown one, stay apart.
        return [name if name in known.values() else f"{place}" for place, name in enumerate(names)]

    def _known_names(self) -> list[str]:
        return [*(field.column_name for field in self.fields.values()), DELETION]

    def _read_names(self) -> list[str]:
        return [*(field.column_name for field in (*self.keys, *self.contents)), DELETION]

    def key_of(self, row: models.Model) -> tuple:
        return tuple(field.widget.stored(field.get_value(row)) for field in self.keys)

    def import_row(self, row, instance_loader, *, row_number, numbers, reason, **kwargs):
        """In place of the library's, which lets blank cells overwrite and copies each row."""
        result = LineResult()
        result.line = numbers[row_number - 1]
        try:
            self._import_line(row, instance_loader, result, reason)
        except ValidationError as error:
            result.import_type = RowResult.IMPORT_TYPE_INVALID
            result.validation_error = error
            result.refusals = list(self._sentences(error))
        return result

    def _import_line(self, cells: dict[str, str | Refused], known, result: LineResult, reason: str):
        key = self._read_key(cells, result.line)
        row, is_new = self._find_or_make(known.rows.get(key, []), key)
        result.import_type = RowResult.IMPORT_TYPE_NEW if is_new else RowResult.IMPORT_TYPE_UPDATE
        if not is_new:
            result.found, result.revision = row.pk, getattr(row, "revision", None)
        if cells.get(DELETION, "") != "":
            self._delete(cells[DELETION], row, is_new, result, reason)
            return
        values = self._read_contents(cells)
        if is_new:
            values |= self.relations_of_key(key)
        changed = {
            field.attribute: values[field.attribute]
            for field in self.contents
            if field.attribute in values
            and (is_new or field.widget.stored(field.get_value(row)) != values[field.attribute])
        }
        if not is_new and not changed:
            result.import_type = RowResult.IMPORT_TYPE_SKIP
            return
        if not is_new and (refusal := self.rules.why_not_change(row)):
            raise ValidationError(self.why_nowhere(row) or refusal)
        result.changes = list(self._changes(row, is_new, key, changed))
        self._set_and_save(row, is_new, values, changed, reason)
        result.instance = row

    def _delete(self, cell: Cell, row, is_new: bool, result: LineResult, reason: str) -> None:
        refusal = why_no_deletion(cell) or (is_new and "登録されていない行は、削除できません。")
        if refusal := refusal or self.rules.why_not_delete(row):
            raise ValidationError({DELETION: refusal})
        result.import_type = RowResult.IMPORT_TYPE_DELETE
        result.goes_with = self.rules.goes_with(row)
        delete_with_reason(row, reason)
        row.pk = result.found  # which a log names it by
        result.instance = row

    def _read_key(self, cells, line: int) -> tuple:
        key, errors = [], {}
        for field in self.keys:
            try:
                key.append(self._read(field, cells))
            except ValueError as error:
                errors[self.get_field_name(field)] = str(error)
            else:
                if cells[field.column_name] == "":
                    errors[self.get_field_name(field)] = (
                        "入力してください。どの行かを決めるために必要です。"
                    )
        if errors:
            raise ValidationError(errors)
        key = tuple(key)
        first = self._first_lines.setdefault(key, line)
        if first != line:
            raise ValidationError(f"{first}行目と同じ行です。どちらか一つにしてください。")
        return key

    def _read_contents(self, cells) -> dict[str, Any]:
        values, errors = {}, {}
        for field in self.contents:
            cell = cells.get(field.column_name, "")
            if cell == "":
                continue
            try:
                values[field.attribute] = (
                    self._emptied(field) if says_delete(cell) else self._read(field, cells)
                )
            except ValueError as error:
                errors[self.get_field_name(field)] = str(error)
        if errors:
            raise ValidationError(errors)
        return values

    def _read(self, field: Field, cells) -> Any:
        cell = cells[field.column_name]
        if isinstance(cell, Refused):
            raise ValueError(cell.reason)
        if cell == "":
            return None
        value = field.widget.clean(cell)
        if isinstance(value, str) and "__" not in field.attribute:
            # As it will be stored.
            value = self._meta.model._meta.get_field(field.attribute).to_python(value)
        return value

    def _emptied(self, field: Field) -> Any:
        """What a field says when it says nothing. ValueError when it must say something."""
        kind = self._meta.model._meta.get_field(field.attribute)
        if kind.many_to_many:
            return frozenset()
        if not kind.null and not kind.empty_strings_allowed:
            raise ValueError("この欄は、空にできません。")
        return None if kind.null else ""

    def _find_or_make(self, found: list[models.Model], key: tuple) -> tuple[models.Model, bool]:
        if len(found) > 1:
            columns = "・".join(field.column_name for field in self.keys)
            raise ValidationError(
                f"「{columns}」が同じ行が{len(found)}件登録されているため、どの行か決められません。"
                "管理画面で区別できるように直してください。"
            )
        if found:
            return found[0], False
        return self.make(**dict(zip(self._meta.import_id_fields, key, strict=True))), True

    def why_nowhere(self, row: models.Model) -> dict[str, str]:
        """What is told in place of a refusal when the row belongs to nothing that could be written."""
        return {}

    def make(self, **key: Any) -> models.Model:
        """A new row, by the values of its key. ValidationError when what it names is not there."""
        raise NotImplementedError

    def relations_of_key(self, key: tuple) -> dict[str, frozenset[str]]:
        """Those values of a key that are relations of many rows, and are set after the row is saved."""
        return {
            field.attribute: value
            for field, value in zip(self.keys, key, strict=True)
            if isinstance(field.widget, Several) and "__" not in field.attribute
        }

    def chosen(self, name: str, codes: frozenset[str], row: models.Model) -> list[models.Model]:
        """The rows with these codes for a relation of many rows. ValidationError when one is not there."""
        raise NotImplementedError

    def _set_and_save(self, row, is_new, values, changed, reason) -> None:
        options = self._meta.model._meta
        many = {field.name for field in options.many_to_many}
        relations = {
            name: self.chosen(name, codes, row)
            for name, codes in values.items()
            if name in many and (is_new or name in changed)
        }
        for name, value in changed.items():
            if name not in many:
                setattr(row, name, value)
        foreign = [field.name for field in options.fields if field.is_relation]
        cleaned = {name: getattr(row, name) for name in foreign} | relations
        errors = {}
        for name, sentence in self.rules.refusals(row, cleaned):
            errors.setdefault(name or NON_FIELD_ERRORS, []).append(sentence)
        for name, value in changed.items() if isinstance(row, Record) else ():
            if why := row.why_not_enter(name, value):
                errors.setdefault(name, []).append(why)
        if errors:
            raise ValidationError(self.why_nowhere(row) or errors)
        self._validate(row, is_new, foreign)
        row._change_reason = reason
        if not self._keeps_history:
            row.skip_history_when_saving = True
        row.save()
        for name, rows in relations.items():
            getattr(row, name).set(rows)

    def _validate(self, row, is_new: bool, foreign: list[str]) -> None:
        """As a form does, without asking again what the key has told: what is there, and that it is one."""
        errors = {}
        of_key = [field.attribute.split("__")[0] for field in self.keys]
        kept = [*foreign, *([] if is_new else of_key)]
        for check in (
            lambda: row.clean_fields(exclude=kept),
            row.clean,
            lambda: row.validate_unique(exclude=kept),
            lambda: row.validate_constraints(exclude=kept),
        ):
            try:
                check()
            except ValidationError as error:
                errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def _changes(self, row, is_new, key, changed):
        """Of a new row also the key, which people know it by."""
        if is_new:
            for field, value in zip(self.keys, key, strict=True):
                yield field.column_name, "", self._shown(field, value)
        for field in self.contents:
            if field.attribute in changed:
                old = "" if is_new else as_text(field.export(row))
                yield field.column_name, old, self._shown(field, changed[field.attribute])

    def _shown(self, field, value) -> str:
        if isinstance(value, frozenset):
            return "、".join(sorted(value))
        return as_text(field.widget.render(value))

    def _sentences(self, error: ValidationError):
        names = {
            field.attribute.split("__")[0]: field.column_name
            for field in (*self.keys, *self.contents)
        }
        names |= {name: field.column_name for name, field in self.fields.items()}
        names[DELETION] = DELETION
        by_name = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, sentences in by_name.items():
            for sentence in sentences:
                yield names.get(name, ""), sentence

    # What the columns name

    def find(self, model: type[models.Model], key: Any, column: str, sentence: str) -> models.Model:
        """The visible row that a column (a field of this) names. ValidationError says the sentence beside the column."""
        if model not in self._lookups:
            self._lookups[model] = defaultdict(list)
            for one, row in self.natural_keys(model):
                self._lookups[model][one].append(row)
        found = self._lookups[model].get(key, [])
        if not found:
            raise ValidationError({column: sentence})
        if len(found) > 1:
            raise ValidationError(
                {column: f"{len(found)}件登録されているため、どれか決められません。"}
            )
        return found[0]

    def natural_keys(self, model: type[models.Model]) -> Iterable[tuple[Any, models.Model]]:
        """Every visible row with its natural key; asked once for the whole sheet."""
        raise NotImplementedError


def as_text(value: Any) -> str:
    """What is written into a sheet, as people read it."""
    if value is None:
        return ""
    return number(value) if isinstance(value, Decimal) else str(value)
