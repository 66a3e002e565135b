"""Reading an edited file: what changed since the export, as input for the forms of rows."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models
from django.http import QueryDict

from evaluations import catalogue
from evaluations.catalogue.words import FIGURES
from evaluations.entry.word.matching import match_records, split_into_parts
from evaluations.entry.word.origin import WordOrigin, is_of_another_form, read_origin
from evaluations.entry.word.proposals import DOUBTFUL, Leftover, visible_rows
from evaluations.form import Interpretation, UnreadableForm, compose, interpret
from evaluations.form.outline import ReadingProblem
from evaluations.form.targets import PrintedFigure
from evaluations.form.values_by_source import values_by_source
from evaluations.keys import RecordKey, RowKey, TargetKey
from evaluations.permissions import Access
from evaluations.records.load import load_for
from supports.models import RegionalText
from tokku.document import docx
from tokku.document.tree import Document
from tokku.japanese import fiscal_year_name, fold, number
from tokku.records import plain_text

ELSEWHERE = "この欄は、Wordからは変更できません。"
EARLIER = (
    "前年度までの実績値は、Wordからは変更できません。"
    "実績値の画面の「前年度までの実績値の修正」に、修正後の値と理由を入力してください。"
)
COMPUTED = "目標値と実績値から計算します。Wordからは変更できません。"
SUMMED = "作成主体ごとの実績値から計算します。実績値の画面で入力してください。"
ADDED = "文書で追加された行です。入力の画面で追加してください。"
REMOVED = "文書にない行です。削除するときは、入力の画面で行ってください。"
GONE = "この行は、文書を書き出した後に削除されています。"
HIDDEN = "この行は他の作成主体が入力中のため、今は開けません。"
NO_ROW = "この内容を入力する行がありません。"
UNKNOWN_PART = "どの作成主体の部分に入る文章か分かりません。"
UNREAD = "どの欄の内容か読み取れません。"
MOVED = "文書で並べ替えた行があります。順序は、入力の画面で変更してください。"
ANOTHER_FORM = (
    "この文書を書き出した後に様式が変わったため、取り込めません。"
    "文書をもう一度書き出し、直した箇所を写してください。新しい様式との違いは次のとおりです。"
)
UNKNOWN_ORIGIN = (
    "この文書がいつ書き出されたものか分からないため、今登録されている内容と比べています。"
    "取り込む項目は、よく確かめて選んでください。"
)


@dataclass
class EditedFile:
    """The changes of a file as form data, and what could not be read into any form."""

    typed: QueryDict
    leftovers: list[Leftover] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def hidden_inputs(self) -> Iterator[tuple[str, str]]:
        """The notices and leftovers as inputs, so that the page can show them again."""
        yield from (("notice", sentence) for sentence in self.notices)
        for leftover in self.leftovers:
            yield "leftover", json.dumps([leftover.label, leftover.text, leftover.why])

    @classmethod
    def from_post(cls, data: QueryDict) -> "EditedFile":
        """Restore it from the sent page."""
        leftovers = []
        for text in data.getlist("leftover"):
            with suppress(ValueError, TypeError):  # Not sent by the page of the preview.
                leftovers.append(Leftover(*map(str, json.loads(text))))
        return cls(data, leftovers, data.getlist("notice"))


def read_word_file(access: Access, content: bytes) -> EditedFile:
    """`read_edited` for a Word file. Raises UnreadableWordFile or UnreadableForm, which say why and where."""
    reading = docx.read(content)
    edited = read_edited(access, reading.document, reading.base, reading.places)
    edited.notices[:0] = reading.notices
    return edited


def read_edited(
    access: Access, document: Document, base: str, places: Iterable[str] = ()
) -> EditedFile:
    """The changes in the file. Raises UnreadableForm when it belongs to another evaluation or cannot be read.

    `places` names the lines of the document, where the file has no lines to count.
    """
    evaluation, places = access.evaluation, list(places)
    try:
        interpretation = interpret(document)
    except UnreadableForm as unreadable:
        problems = [problem.placed(places) for problem in unreadable.problems]
        if is_of_another_form(base):
            problems.insert(0, ReadingProblem(None, ANOTHER_FORM))
        raise UnreadableForm(problems) from unreadable
    contents = interpretation.contents
    if fold(contents.zone.name) != fold(evaluation.zone_name):
        raise _wrong_document(f"別の特区の文書です：「{contents.zone.name}」")
    if contents.fiscal_year != evaluation.fiscal_year:
        raise _wrong_document(f"別の年度の文書です：{fiscal_year_name(contents.fiscal_year)}")
    loaded = load_for(access)
    origin = read_origin(base, evaluation, compose(loaded.contents), loaded.rows)
    edited = _Reader(access, origin, interpretation).read()
    known_notices = {problem.sentence for problem in origin.exported.notices}
    edited.notices += [
        str(problem.placed(places))
        for problem in interpretation.notices
        if problem.sentence not in known_notices
    ]
    edited.leftovers += [
        Leftover(problem.place(places) or "文書の中", problem.sentence, UNREAD)
        for problem in interpretation.unplaced
    ]
    return edited


def _wrong_document(sentence: str) -> UnreadableForm:
    return UnreadableForm([ReadingProblem(None, f"{sentence}。この画面では取り込めません。")])


class _Reader:
    """Compares the file with its export, record by record."""

    def __init__(self, access: Access, origin: WordOrigin, interpretation: Interpretation) -> None:
        self.access, self.origin, self.interpretation = access, origin, interpretation
        self.exported_values = values_by_source(origin.exported.contents)
        self.edited_values = values_by_source(interpretation.contents)
        self.all_rows = access.year.by_key
        self.rows = visible_rows(access)
        self.keys = {target.place: str(target.pk) for target in access.year.targets.values()}
        self.result = EditedFile(QueryDict(mutable=True))

    def read(self) -> EditedFile:
        matches = match_records(self.exported_values, self.edited_values)
        for record, exported_record in matches.pairs.items():
            changed = {
                name: value
                for name, value in self.edited_values[record].items()
                if value != self.exported_values[exported_record].get(name)
            }
            if changed:
                is_sure = self.origin.is_known and record not in matches.doubtful
                self._type_record(exported_record, changed, is_sure)
        for record in self.edited_values.keys() - matches.pairs.keys() - set(matches.added):
            self._add_leftover(
                self._label(record), self._texts(record, self.edited_values[record]), ELSEWHERE
            )
        for record in matches.added:
            values = {
                name: text for name, text in self.edited_values[record].items() if name != "level"
            }
            label = f"追加された{_models(record)[0]._meta.verbose_name}"
            self._add_leftover(label, self._texts(record, values), ADDED)
        for record in matches.removed:
            rows = self.origin.rows.get(record, ())
            if not rows or any(key in self.rows for key, _ in rows):
                self._add_leftover(self._label(record), "", REMOVED)
        self._compare_progress()
        if matches.moved:
            self.result.notices.append(MOVED)
        if not self.origin.is_known:
            self.result.notices.append(UNKNOWN_ORIGIN)
        return self.result

    # Changes as form data

    def _type_record(self, record: RecordKey, changed: dict[str, Any], is_sure: bool) -> None:
        """Enter the changes of a record into the rows behind it; report the others as leftovers."""
        if record.source == "regional_text":
            return self._type_parts(record.of, changed["text"], is_sure)
        is_earlier = bool(record.year) and record.year != self.access.evaluation.fiscal_year
        # What corrects an earlier year is told with its reason.
        rows = [] if is_earlier else self.origin.rows.get(record, [])
        if record.year and "actual" in changed and len(rows) == 1:
            changed = {"value": changed.pop("actual")} | changed
        for key, revision in rows:
            kind = key.kind
            row_values = {name: value for name, value in changed.items() if name in kind.entered}
            changed = {name: value for name, value in changed.items() if name not in row_values}
            row = self.rows.get(key)
            if row is None and row_values:
                why = HIDDEN if key in self.all_rows else GONE
                label = key.model_class._meta.verbose_name
                self._add_leftover(str(label), self._texts(record, row_values), why)
            elif row_values and row_values.keys() <= set(row.asked_fields):
                self._type_row(key, revision, row_values, is_sure)
            else:
                changed |= row_values
        for name, value in changed.items():
            exported_value = self.exported_values[record].get(name)
            old, new = (
                self._value_text(record, name, either) or "（空）"
                for either in (exported_value, value)
            )
            why = ELSEWHERE
            if name == "actual":
                why = EARLIER if is_earlier else SUMMED if len(rows) > 1 else ELSEWHERE
            label = f"{self._label(record)}「{self._field(record, name)}」"
            self._add_leftover(label, f"{old} → {new}", why)

    def _type_row(self, key: RowKey, revision: int, values: dict[str, Any], is_sure: bool) -> None:
        typed = self.result.typed
        typed[f"{key}-revision"] = str(revision)
        if "targets" in values or "all_targets" in values:
            # The two fields are one answer, so both are entered even if only one has changed.
            values = self._whole_relation(key, values)
        typed.setlist(f"{key}-fields", list(values))
        if not is_sure:
            typed.appendlist(DOUBTFUL, str(key))
        for name, value in values.items():
            match value:
                case tuple():
                    target_keys = [self.keys[target] for target in value if target in self.keys]
                    typed.setlist(f"{key}-{name}", target_keys)
                case True | False if name == "all_targets":
                    typed.setlist(f"{key}-{name}", ["on"] * value)
                case None:
                    typed[f"{key}-{name}"] = ""
                case Decimal():
                    typed[f"{key}-{name}"] = number(value)
                case _:
                    typed[f"{key}-{name}"] = str(value)

    def _whole_relation(self, key: RowKey, values: dict[str, Any]) -> dict[str, Any]:
        if "all_targets" not in self.rows[key].asked_fields:
            return values
        record = next(record for record, rows in self.origin.rows.items() if key in dict(rows))
        exported = self.exported_values[record]
        return {"all_targets": exported["all_targets"], "targets": exported["targets"]} | values

    def _type_parts(self, kind: str, text: str, is_sure: bool) -> None:
        """Divide a text that is printed from several rows: each line goes to the row that it stood in."""
        parts = [
            part
            for record, rows in self.origin.rows.items()
            if (record.source, record.of) == ("regional_text", kind)
            for part in rows
        ]
        old_texts = [self._text_at(key, revision) for key, revision in parts]
        editable = {
            n
            for n, (key, _) in enumerate(parts)
            if key in self.rows and not self.access.why_not_edit_row(self.rows[key])
        }
        new_texts, unplaced_lines = split_into_parts(old_texts, text, editable)
        label = self._label(RecordKey("regional_text", kind, 1))
        for (key, revision), old, new in zip(parts, old_texts, new_texts, strict=True):
            if new == old:
                continue
            if key in self.rows:
                self._type_row(key, revision, {"text": new}, is_sure)
            else:
                self._add_leftover(label, new, HIDDEN if key in self.all_rows else GONE)
        if unplaced_lines:
            self._add_leftover(label, "\n".join(unplaced_lines), UNKNOWN_PART if parts else NO_ROW)

    def _text_at(self, key: RowKey, revision: int) -> str:
        """The text of a part in a revision, also when the row has been deleted."""
        row = self.all_rows.get(key)
        if row and row.revision == revision:
            return row.text
        past = RegionalText.history.filter(id=key.pk, revision=revision).first()
        return past.text if past else ""

    def _compare_progress(self) -> None:
        """Report edited progress figures: they are computed, and an edit is not imported."""

        def printed(interpretation: Interpretation) -> dict[Any, PrintedFigure]:
            """The printed figures by key, year and occurrence; the body prints some of them twice."""
            times: Counter[Any] = Counter()
            figures = {}
            for figure in interpretation.printed:
                times[figure.key, figure.year] += 1
                figures[figure.key, figure.year, times[figure.key, figure.year]] = figure
            return figures

        exported_figures = printed(self.origin.exported)
        # Progress may differ where the figures that it is computed from were edited.
        edited_keys = {
            key
            for key, _, target in self.interpretation.contents.targets()
            if any(
                self.edited_values[record] != self.exported_values.get(record)
                for record in (RecordKey("target", key, figures.year) for figures in target.years)
            )
        }
        edited_keys |= {key.indicator for key in edited_keys}
        for place, figure in printed(self.interpretation).items():
            old = exported_figures.get(place)
            if old and figure.key not in edited_keys and fold(old.text) != fold(figure.text):
                source = "target" if isinstance(figure.key, TargetKey) else "indicator"
                label = f"{self._label(RecordKey(source, figure.key))}「進捗度」"
                self._add_leftover(
                    label, f"{old.text or '（空）'} → {figure.text or '（空）'}", COMPUTED
                )

    # Leftovers

    def _add_leftover(self, label: str, text: str, why: str) -> None:
        self.result.leftovers.append(Leftover(label, text, why))

    def _label(self, record: RecordKey) -> str:
        for key, _ in self.origin.rows.get(record, ()):
            if key in self.rows:
                return self.rows[key].label
        place = record.place
        name = self.exported_values.get(record, {}).get("name", "")
        label = _models(record)[0]._meta.verbose_name
        return f"{label}{f'（{name or place}）' if place else ''}"

    def _texts(self, record: RecordKey, values: dict[str, Any]) -> str:
        texts = (self._value_text(record, name, value) for name, value in values.items())
        return "\n".join(filter(None, texts))

    def _field(self, record: RecordKey, name: str) -> str:
        field = _field(record, name)
        return str(field.verbose_name) if field else FIGURES.get(name, name)

    def _value_text(self, record: RecordKey, name: str, value: Any) -> str:
        field = _field(record, name)
        if field is not None and field.choices:
            return str(dict(field.flatchoices).get(value, value)) if value is not None else ""
        if isinstance(value, tuple):
            value = tuple(f"数値目標（{x}）" if isinstance(x, TargetKey) else x for x in value)
        return plain_text(value)


def _models(record: RecordKey) -> list[type[models.Model]]:
    """The models behind a record of a document. A field's label comes from the first model that has it."""
    return [apps.get_model(kind.model) for kind in catalogue.of_source(record.source)]


def _field(record: RecordKey, name: str) -> models.Field | None:
    """The model field behind a field of a record; None for a yearly figure."""
    if record.year:
        return None
    for model in _models(record):
        fields = {field.name: field for field in (*model._meta.fields, *model._meta.many_to_many)}
        if name in fields:
            return fields[name]
    return None
