"""What an edited file says otherwise than when it was exported, typed into the forms of its rows."""

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
from evaluations.entry.word.matching import matched, parted
from evaluations.entry.word.origin import WordOrigin, is_of_another_form, read_origin
from evaluations.entry.word.proposals import DOUBTFUL, Leftover, visible_rows
from evaluations.form import Interpretation, UnreadableForm, compose, interpret
from evaluations.form.outline import Problem
from evaluations.form.targets import PrintedFigure
from evaluations.form.values_by_source import stated
from evaluations.keys import RecordKey, RowKey, TargetKey
from evaluations.permissions import Access
from evaluations.records.load import load_for
from supports.models import RegionalText
from tokku.document import docx
from tokku.document.tree import Document
from tokku.japanese import fiscal_year_name, fold, number
from tokku.records import plain_text

ELSEWHERE = "この欄は、Wordからは変更できません。"
COMPUTED = "目標値と実績値から計算します。Wordからは変更できません。"
SUMMED = "自治体ごとの実績値から計算します。実績値の画面で入力してください。"
ADDED = "文書で追加された行です。入力の画面で追加してください。"
REMOVED = "文書にない行です。削除するときは、入力の画面で行ってください。"
GONE = "この行は、文書を書き出した後に削除されています。"
HIDDEN = "この行は他の自治体が入力中のため、今は開けません。"
NO_ROW = "この内容を入力する行がありません。"
HOMELESS = "どの自治体の部分に入る文章か分かりません。"
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
    """What a file says, as typed into forms, and beside that."""

    typed: QueryDict
    leftovers: list[Leftover] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def hidden_inputs(self) -> Iterator[tuple[str, str]]:
        """What is told beside, for the page to tell it again when it is shown once more."""
        yield from (("notice", sentence) for sentence in self.notices)
        for one in self.leftovers:
            yield "leftover", json.dumps([one.label, one.text, one.why])

    @classmethod
    def sent(cls, data: QueryDict) -> "EditedFile":
        """As it stood in the page that was sent."""
        leftovers = []
        for said in data.getlist("leftover"):
            with suppress(ValueError, TypeError):  # Not what our page sends.
                leftovers.append(Leftover(*map(str, json.loads(said))))
        return cls(data, leftovers, data.getlist("notice"))


def read_word_file(access: Access, content: bytes) -> EditedFile:
    """As `read_edited`, from a Word file. UnreadableWordFile or UnreadableForm say why not, and where."""
    reading = docx.read(content)
    edited = read_edited(access, reading.document, reading.base, reading.places)
    edited.notices[:0] = reading.notices
    return edited


def read_edited(
    access: Access, document: Document, base: str, places: Iterable[str] = ()
) -> EditedFile:
    """What the file says of the evaluation. UnreadableForm when it is another's or cannot be read.

    `places` names the lines of the document, where the file has no lines to count.
    """
    evaluation, places = access.evaluation, list(places)
    try:
        interpretation = interpret(document)
    except UnreadableForm as unreadable:
        problems = [problem.placed(places) for problem in unreadable.problems]
        if is_of_another_form(base):
            problems.insert(0, Problem(None, ANOTHER_FORM))
        raise UnreadableForm(problems) from unreadable
    said = interpretation.contents
    if fold(said.zone.name) != fold(evaluation.zone.name):
        raise _another(f"別の特区の文書です：「{said.zone.name}」")
    if said.fiscal_year != evaluation.fiscal_year:
        raise _another(f"別の年度の文書です：{fiscal_year_name(said.fiscal_year)}")
    loaded = load_for(access)
    origin = read_origin(base, evaluation, compose(loaded.contents), loaded.rows)
    edited = _Reader(access, origin, interpretation).read()
    told = {problem.sentence for problem in origin.exported.notices}
    edited.notices += [
        str(problem.placed(places))
        for problem in interpretation.notices
        if problem.sentence not in told
    ]
    edited.leftovers += [
        Leftover(problem.place(places) or "文書の中", problem.sentence, UNREAD)
        for problem in interpretation.unplaced
    ]
    return edited


def _another(sentence: str) -> UnreadableForm:
    return UnreadableForm([Problem(None, f"{sentence}。この画面では取り込めません。")])


class _Reader:
    """Goes through what was edited since the export, record by record."""

    def __init__(self, access: Access, origin: WordOrigin, interpretation: Interpretation) -> None:
        self.access, self.origin, self.interpretation = access, origin, interpretation
        self.exported = stated(origin.exported.contents)
        self.said = stated(interpretation.contents)
        self.all_rows = access.year.by_key
        self.rows = visible_rows(access)
        self.keys = {target.place: str(target.pk) for target in access.year.targets.values()}
        self.edited = EditedFile(QueryDict(mutable=True))

    def read(self) -> EditedFile:
        found = matched(self.exported, self.said)
        for record, before in found.pairs.items():
            changed = {
                name: value
                for name, value in self.said[record].items()
                if value != self.exported[before].get(name)
            }
            if changed:
                is_sure = self.origin.is_known and record not in found.doubtful
                self._type(before, changed, is_sure)
        for record in self.said.keys() - found.pairs.keys() - set(found.added):
            self._leave(self._label(record), self._words(record, self.said[record]), ELSEWHERE)
        for record in found.added:
            said = {name: text for name, text in self.said[record].items() if name != "level"}
            label = f"追加された{_models(record)[0]._meta.verbose_name}"
            self._leave(label, self._words(record, said), ADDED)
        for record in found.removed:
            rows = self.origin.rows.get(record, ())
            if not rows or any(key in self.rows for key, _ in rows):
                self._leave(self._label(record), "", REMOVED)
        self._compare_progress()
        if found.moved:
            self.edited.notices.append(MOVED)
        if not self.origin.is_known:
            self.edited.notices.append(UNKNOWN_ORIGIN)
        return self.edited

    # Typing

    def _type(self, record: RecordKey, changed: dict[str, Any], is_sure: bool) -> None:
        """Type what was changed in a record into the rows behind it; the rest is told."""
        if record.source == "regional_text":
            return self._type_parts(record.of, changed["text"], is_sure)
        rows = self.origin.rows.get(record, [])
        if record.year and "actual" in changed and len(rows) == 1:
            changed = {"value": changed.pop("actual")} | changed
        for key, revision in rows:
            kind = key.kind
            own = {name: value for name, value in changed.items() if name in kind.entered}
            changed = {name: value for name, value in changed.items() if name not in own}
            row = self.rows.get(key)
            if row is None and own:
                why = HIDDEN if key in self.all_rows else GONE
                label = key.model_class._meta.verbose_name
                self._leave(str(label), self._words(record, own), why)
            elif own and own.keys() <= set(row.asked_fields):
                self._type_row(key, revision, own, is_sure)
            else:
                changed |= own
        for name, value in changed.items():
            before = self.exported[record].get(name)
            old, new = (self._text(record, name, one) or "（空）" for one in (before, value))
            is_sum = name == "actual" and len(rows) > 1
            label = f"{self._label(record)}「{self._field(record, name)}」"
            self._leave(label, f"{old} → {new}", SUMMED if is_sum else ELSEWHERE)

    def _type_row(self, key: RowKey, revision: int, values: dict[str, Any], is_sure: bool) -> None:
        typed = self.edited.typed
        typed[f"{key}-revision"] = str(revision)
        if "targets" in values or "all_targets" in values:
            # One answer to the person, whichever half of it the file says otherwise.
            values = self._whole_relation(key, values)
        typed.setlist(f"{key}-fields", list(values))
        if not is_sure:
            typed.appendlist(DOUBTFUL, str(key))
        for name, value in values.items():
            match value:
                case tuple():
                    known = [self.keys[target] for target in value if target in self.keys]
                    typed.setlist(f"{key}-{name}", known)
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
        before = self.exported[record]
        return {"all_targets": before["all_targets"], "targets": before["targets"]} | values

    def _type_parts(self, kind: str, text: str, is_sure: bool) -> None:
        """The parts of one text are printed together: each line goes to the part that it stood in."""
        parts = [
            part
            for record, rows in self.origin.rows.items()
            if (record.source, record.of) == ("regional_text", kind)
            for part in rows
        ]
        before = [self._text_at(key, revision) for key, revision in parts]
        mine = {
            n
            for n, (key, _) in enumerate(parts)
            if key in self.rows and not self.access.why_not_edit_row(self.rows[key])
        }
        after, homeless = parted(before, text, mine)
        label = self._label(RecordKey("regional_text", kind, 1))
        for (key, revision), old, new in zip(parts, before, after, strict=True):
            if new == old:
                continue
            if key in self.rows:
                self._type_row(key, revision, {"text": new}, is_sure)
            else:
                self._leave(label, new, HIDDEN if key in self.all_rows else GONE)
        if homeless:
            self._leave(label, "\n".join(homeless), HOMELESS if parts else NO_ROW)

    def _text_at(self, key: RowKey, revision: int) -> str:
        """What a part said in a revision, also when it is gone."""
        row = self.all_rows.get(key)
        if row and row.revision == revision:
            return row.text
        past = RegionalText.history.filter(id=key.pk, revision=revision).first()
        return past.text if past else ""

    def _compare_progress(self) -> None:
        """What the form computes stays computed, whatever the file prints."""

        def printed(interpretation: Interpretation) -> dict[Any, PrintedFigure]:
            """The body prints some of them a second time."""
            times: Counter[Any] = Counter()
            found = {}
            for one in interpretation.printed:
                times[one.key, one.year] += 1
                found[one.key, one.year, times[one.key, one.year]] = one
            return found

        before = printed(self.origin.exported)
        # Where figures were edited, another progress follows from them.
        edited = {
            key
            for key, _, target in self.interpretation.contents.targets()
            if any(
                self.said[record] != self.exported.get(record)
                for record in (RecordKey("target", key, one.year) for one in target.years)
            )
        }
        edited |= {key.indicator for key in edited}
        for place, figure in printed(self.interpretation).items():
            old = before.get(place)
            if old and figure.key not in edited and fold(old.text) != fold(figure.text):
                which = "target" if isinstance(figure.key, TargetKey) else "indicator"
                label = f"{self._label(RecordKey(which, figure.key))}「進捗度」"
                self._leave(label, f"{old.text or '（空）'} → {figure.text or '（空）'}", COMPUTED)

    # Telling

    def _leave(self, label: str, text: str, why: str) -> None:
        self.edited.leftovers.append(Leftover(label, text, why))

    def _label(self, record: RecordKey) -> str:
        for key, _ in self.origin.rows.get(record, ()):
            if key in self.rows:
                return self.rows[key].label
        place = record.place
        name = self.exported.get(record, {}).get("name", "")
        label = _models(record)[0]._meta.verbose_name
        return f"{label}{f'（{name or place}）' if place else ''}"

    def _words(self, record: RecordKey, values: dict[str, Any]) -> str:
        texts = (self._text(record, name, value) for name, value in values.items())
        return "\n".join(filter(None, texts))

    def _field(self, record: RecordKey, name: str) -> str:
        field = _field(record, name)
        return str(field.verbose_name) if field else FIGURES.get(name, name)

    def _text(self, record: RecordKey, name: str, value: Any) -> str:
        field = _field(record, name)
        if field is not None and field.choices:
            return str(dict(field.flatchoices).get(value, value)) if value is not None else ""
        if isinstance(value, tuple):
            value = tuple(f"数値目標（{x}）" if isinstance(x, TargetKey) else x for x in value)
        return plain_text(value)


def _models(record: RecordKey) -> list[type[models.Model]]:
    """The models behind a record of a document: the first that has a field gives it its name."""
    return [apps.get_model(kind.model) for kind in catalogue.of_source(record.source)]


def _field(record: RecordKey, name: str) -> models.Field | None:
    """The field of the model that a field of a record is, None for a figure of a year."""
    if record.year:
        return None
    for model in _models(record):
        known = {field.name: field for field in (*model._meta.fields, *model._meta.many_to_many)}
        if name in known:
            return known[name]
    return None
