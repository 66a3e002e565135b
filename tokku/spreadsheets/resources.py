"""Records as lines of a sheet, recognised by natural keys and never by primary keys.

A blank cell changes nothing; （削除） deletes what is stored there, and a column 削除 the row. Every message is a sentence, with its line and column.
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

from tokku.japanese import fold, number
from tokku.records import Record, delete_with_reason
from tokku.spreadsheets.results import LineResult, SheetResult
from tokku.spreadsheets.sheet import (
    DELETION,
    Cell,
    Sheet,
    SheetError,
    UnreadableCell,
    computed_notice,
    says_delete,
    why_no_deletion,
)
from tokku.spreadsheets.widgets import TextWidget

REASON_LENGTH = 100  # characters of a change's reason that a history keeps


class SheetRules(Protocol):
    """Which rows a person sees, and why they may not save or delete one."""

    def rows(self, model: type[models.Model]) -> models.QuerySet: ...

    def why_not_change(self, row: models.Model) -> str: ...

    def refusals(
        self, row: models.Model, values: dict[str, Any]
    ) -> Iterable[tuple[str | None, str]]: ...

    def why_not_delete(self, row: models.Model) -> str: ...

    def deleted_with(self, row: models.Model) -> list: ...

    def after_adding(self, row: models.Model) -> None: ...


def column(
    attribute: str, name: str, widget: TextWidget | None = None, readonly: bool = False
) -> Field:
    """A column. A readonly one is written for people to read, and ignored in a sheet that comes in."""
    return Field(attribute, name, widget or TextWidget(), readonly=readonly)


class RowsByKey(BaseInstanceLoader):
    """The rows that a person sees, by natural key, read once for the whole sheet."""

    def __init__(self, resource, dataset=None):
        super().__init__(resource, dataset)
        self.rows = defaultdict(list)
        for row in resource.complete(resource.rules.rows(resource._meta.model)):
            self.rows[resource.key_of(row)].append(row)

    def get_instance(self, row):
        rows = self.rows.get(self.resource.key_in(row), [None])
        if len(rows) > 1:
            columns = "・".join(field.column_name for field in self.resource.keys)
            raise ValidationError(
                f"「{columns}」が同じ行が{len(rows)}件登録されているため、どの行か決められません。"
                "管理画面で区別できるように直してください。"
            )
        return rows[0]


class SheetResource(Resource):
    """The rows of one model as a sheet. Meta.import_id_fields are the columns of a row's natural key.

    `related` and `prefetched` are the relations that the columns look at.
    """

    related: tuple[str, ...] = ()
    prefetched: tuple[Any, ...] = ()

    class Meta:
        instance_loader_class = RowsByKey
        report_skipped = True
        skip_diff = True  # for which every row would be copied
        use_bulk = False  # which would leave no history

    def __init__(self, rules: SheetRules, **kwargs):
        super().__init__(**kwargs)
        self.rules = rules
        self.keys = [self.fields[name] for name in self._meta.import_id_fields]
        self.contents = [
            field for field in self.fields.values() if field not in self.keys and not field.readonly
        ]
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

    def import_sheet(self, sheet: Sheet, *, dry_run: bool, reason: str = "") -> SheetResult:
        """Take a sheet over, and return the outcome of each line. A dry run, or any refusal, saves nothing.

        `reason` is for the history. SheetError when the sheet lacks the columns that tell its rows apart.
        """
        names = self._names(sheet)
        dataset = tablib.Dataset(*(line.cells for line in sheet.lines), headers=names)
        return self.import_data(
            dataset,
            dry_run=dry_run,
            raise_errors=False,
            use_transactions=True,
            rollback_on_validation_errors=True,
            numbers=[line.number for line in sheet.lines],
            reason=reason[:REASON_LENGTH],
        )

    def only_read_columns(self, sheet: Sheet) -> Sheet:
        """The sheet with blank cells in the columns that are not read, and a notice of the formulas in the others."""
        sheet = sheet.with_columns({fold(name) for name in self._read_names()})
        return replace(sheet, notices=(*sheet.notices, *computed_notice(sheet.computed_cells())))

    def unknown_columns(self, sheet: Sheet) -> list[str]:
        """The columns of the sheet that this kind of record does not have, and that are not read."""
        known_names = {fold(name) for name in self._known_names()}
        return [
            name or f"{place}列目（名前なし）"
            for place, name in enumerate(sheet.columns, 1)
            if fold(name) not in known_names
            and (name or any(line.cells[place - 1] for line in sheet.lines))
        ]

    def cells_of(self, sheet: Sheet, field: str) -> set[Cell] | None:
        """The cells in the column of a field; None when this kind of record has no such field."""
        if field not in self.fields:
            return None
        place = self._names(sheet).index(self.fields[field].column_name)
        return {line.cells[place] for line in sheet.lines}

    def _names(self, sheet: Sheet) -> list[str]:
        """The columns of the sheet under the names that they have here."""
        names_by_folded = {fold(name): name for name in self._known_names()}
        names = [names_by_folded.get(fold(name), name) for name in sheet.columns]
        for name in names_by_folded.values():
            if names.count(name) > 1:
                raise SheetError(f"「{name}」という列が{names.count(name)}つあります。")
        missing = [field.column_name for field in self.keys if field.column_name not in names]
        if missing:
            listed = "".join(f"「{name}」" for name in missing)
            raise SheetError(f"{listed}の列がありません。どの行かを決めるために必要です。")
        # Columns that are unknown get their number as a name, so that no two have the same.
        return [
            name if name in names_by_folded.values() else f"{place}"
            for place, name in enumerate(names)
        ]

    def _known_names(self) -> list[str]:
        return [*(field.column_name for field in self.fields.values()), DELETION]

    def _read_names(self) -> list[str]:
        return [*(field.column_name for field in (*self.keys, *self.contents)), DELETION]

    def key_of(self, row: models.Model) -> tuple:
        return tuple(field.widget.stored(field.get_value(row)) for field in self.keys)

    def key_in(self, row: dict[str, Any]) -> tuple:
        """The natural key of a line, once `before_import_row` has read it."""
        return tuple(row[field.column_name] for field in self.keys)

    # Hooks of django-import-export, in the order in which it calls them for a line

    def get_import_fields(self):
        """Without the key, which identifies the row and is never written."""
        return self.contents

    def before_import(self, dataset, **kwargs):
        self._first_lines = {}

    def before_import_row(self, row, *, row_number, numbers, **kwargs):
        """Put the values of the key in place of its cells. ValidationError when the key occurred before."""
        # What the hooks below pass on to each other about this line.
        self._values, self._relations, self._changes, self._deleted_with = {}, {}, [], []
        errors = {}
        for name, field in zip(self._meta.import_id_fields, self.keys, strict=True):
            try:
                if row[field.column_name] == "":
                    raise ValueError("入力してください。どの行かを決めるために必要です。")
                row[field.column_name] = self._read(field, row)
            except ValueError as error:
                errors[name] = str(error)
        if errors:
            raise ValidationError(errors)
        line = numbers[row_number - 1]
        first = self._first_lines.setdefault(self.key_in(row), line)
        if first != line:
            raise ValidationError(f"{first}行目と同じ行です。どちらか一つにしてください。")

    def init_instance(self, row=None):
        """A new row. Its key is shown too, by which people recognise it."""
        key = dict(zip(self._meta.import_id_fields, self.key_in(row), strict=True))
        for name, value in key.items():
            field = self.fields[name]
            self._changes.append((field.column_name, "", self._shown(field, value)))
            if isinstance(value, frozenset) and "__" not in field.attribute:
                self._values[field.attribute] = value  # a relation, set after the row is saved
        return self.new_row(**key)

    def for_delete(self, row, instance):
        cell = row.get(DELETION, "")
        if cell == "":
            return False
        is_new = instance._state.adding
        refusal = why_no_deletion(cell) or (is_new and "登録されていない行は、削除できません。")
        if refusal := refusal or self.rules.why_not_delete(instance):
            raise ValidationError({DELETION: refusal})
        return True

    def delete_instance(self, instance, row, *, reason, **kwargs):
        self._deleted_with = self.rules.deleted_with(instance)
        pk = instance.pk
        delete_with_reason(instance, reason)
        instance.pk = pk  # for the log, which names the row by it

    def import_field(self, field, instance, row, is_m2m=False, **kwargs):
        """Keep the value of a cell if it differs from the stored one; `validate_instance` sets it."""
        cell = row.get(field.column_name, "")
        if cell == "":
            return
        value = self._empty_value(field) if says_delete(cell) else self._read(field, row)
        is_new = instance._state.adding
        if is_new or field.widget.stored(field.get_value(instance)) != value:
            self._values[field.attribute] = value
            old = "" if is_new else as_text(field.export(instance))
            self._changes.append((field.column_name, old, self._shown(field, value)))

    def skip_row(self, instance, original, row, import_validation_errors=None):
        return not (instance._state.adding or self._values or import_validation_errors)

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        """Check the row by the rules, before and after its new values are set, and by its model."""
        super().validate_instance(instance, import_validation_errors)
        is_new = instance._state.adding
        if not is_new and (refusal := self.rules.why_not_change(instance)):
            raise ValidationError(self.refusals_without_parent(instance) or refusal)
        for name, value in self._values.items():
            if isinstance(value, frozenset):
                self._relations[name] = self.chosen(name, value, instance)
            else:
                self.assign(instance, name, value)
        foreign = [field.name for field in instance._meta.fields if field.is_relation]
        cleaned = {name: getattr(instance, name, None) for name in foreign} | self._relations
        errors = defaultdict(list)
        for name, sentence in self.rules.refusals(instance, cleaned):
            errors[name or NON_FIELD_ERRORS].append(sentence)
        for name, value in self._values.items() if isinstance(instance, Record) else ():
            if reason := instance.why_not_enter(name, value):
                errors[name].append(reason)
        if errors:
            raise ValidationError(self.refusals_without_parent(instance) or errors)
        self._validate(instance, is_new, foreign)

    def before_save_instance(self, instance, row, *, dry_run, reason, **kwargs):
        instance._change_reason = reason
        if dry_run:
            # What is rolled back needs no history. The row itself is saved, for the lines after it to find.
            instance.skip_history_when_saving = True

    def after_save_instance(self, instance, row, **kwargs):
        for name, rows in self._relations.items():
            getattr(instance, name).set(rows)

    def after_import_row(self, row, row_result, **kwargs):
        row_result.changes, row_result.deleted_with = self._changes, self._deleted_with
        if row_result.is_new():
            self.rules.after_adding(row_result.instance)

    def after_import(self, dataset, result, *, numbers, **kwargs):
        for line, row_result in zip(numbers, result.rows, strict=True):
            row_result.line = line
            if row_result.is_invalid():
                row_result.refusals = list(self._sentences(row_result.validation_error))

    # What the hooks use

    def _read(self, field: Field, row: dict[str, Cell]) -> Any:
        """The value of a cell, as it will be stored. ValueError when it cannot be read."""
        cell = row[field.column_name]
        if isinstance(cell, UnreadableCell):
            raise ValueError(cell.reason)
        value = field.clean(row)
        if isinstance(value, str) and "__" not in field.attribute:
            value = self._meta.model._meta.get_field(field.attribute).to_python(value)
        return value

    def _empty_value(self, field: Field) -> Any:
        """The value of a field that is emptied. ValueError when it cannot be empty."""
        kind = self._meta.model._meta.get_field(field.attribute.split("__")[0])
        if kind.many_to_many:
            return frozenset()
        if not kind.null and not kind.empty_strings_allowed:
            raise ValueError("この欄は、空にできません。")
        return None if kind.null else ""

    def refusals_without_parent(self, row: models.Model) -> dict[str, str]:
        """Sentences by field, in place of a refusal, when there is nothing (such as an evaluation) to write the row for."""
        return {}

    def new_row(self, **key: Any) -> models.Model:
        """A new row with this natural key. ValidationError when a row that the key refers to does not exist."""
        raise NotImplementedError

    def assign(self, row: models.Model, name: str, value: Any) -> None:
        """Set an attribute of the row, by the name that its column has for it, to what the cell says."""
        setattr(row, name, value)

    def chosen(self, name: str, codes: frozenset[str], row: models.Model) -> list[models.Model]:
        """The rows with these codes, for a many-to-many relation. ValidationError when one does not exist."""
        raise NotImplementedError

    def _validate(self, row, is_new: bool, foreign: list[str]) -> None:
        """Validate the row as a form does, but for its parents and key, which are known to be valid."""
        errors = {}
        of_key = [field.attribute.split("__")[0] for field in self.keys]
        of_contents = [field.attribute.split("__")[0] for field in self.contents]
        parents = [name for name in foreign if name not in of_contents]
        excluded = [*parents, *([] if is_new else of_key)]
        for check in (
            lambda: row.clean_fields(exclude=excluded),
            row.clean,
            lambda: row.validate_unique(exclude=excluded),
            lambda: row.validate_constraints(exclude=excluded),
        ):
            try:
                check()
            except ValidationError as error:
                errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def _shown(self, field, value) -> str:
        if isinstance(value, frozenset):
            return "、".join(sorted(value))
        return as_text(field.widget.render(value))

    def _sentences(self, error: ValidationError):
        names = {
            field.attribute.split("__")[0]: field.column_name
            for field in (*self.keys, *self.contents)
        }
        for name, field in self.fields.items():
            names[name] = names[field.attribute] = field.column_name
        names[DELETION] = DELETION
        by_name = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, sentences in by_name.items():
            for sentence in sentences:
                yield names.get(name, ""), sentence

    # Rows that columns name

    def find(
        self, model: type[models.Model], key: Any, column: str, sentence: str = ""
    ) -> models.Model | None:
        """The visible row with this natural key, which a column (the name of a field) gives.

        ValidationError, with the sentence beside the column, when there is none; None where no sentence is given.
        """
        if model not in self._lookups:
            self._lookups[model] = defaultdict(list)
            for natural_key, row in self.natural_keys(model):
                self._lookups[model][natural_key].append(row)
        rows = self._lookups[model].get(key, [])
        if not rows and sentence:
            raise ValidationError({column: sentence})
        if len(rows) > 1:
            raise ValidationError(
                {column: f"{len(rows)}件登録されているため、どれか決められません。"}
            )
        return rows[0] if rows else None

    def natural_keys(self, model: type[models.Model]) -> Iterable[tuple[Any, models.Model]]:
        """Every visible row with its natural key; called once for the whole sheet."""
        raise NotImplementedError


def as_text(value: Any) -> str:
    """A value that `export` returns, as people read it."""
    if value is None:
        return ""
    return number(value) if isinstance(value, Decimal) else str(value)
