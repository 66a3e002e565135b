"""What an edited file says, typed into the forms of the rows that it was exported from."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from evaluations.form import UnreadableForm, interpret
from evaluations.form.contents import TargetKey
from evaluations.form.reading import Problem
from evaluations.form.records import Loaded, load_with_rows
from evaluations.form.stated import Stated, stated
from evaluations.items import FIELDS, fields_of, row_key, row_label
from evaluations.permissions import Reach
from evaluations.word.matching import NARRATIVE, matched, parted
from evaluations.word.origin import Origin, read_origin
from evaluations.word.proposals import targets_of, visible_rows
from supports.models import RegionalText
from tokku.document import docx
from tokku.document.tree import Document
from tokku.japanese import fiscal_year_name, fold, number


@dataclass(frozen=True)
class Leftover:
    """What the file says and no field takes: what it is about, what it says, and why it stays out."""

    label: str
    text: str
    why: str


@dataclass
class Edited:
    """What a file says, as typed into forms, and beside that."""

    typed: QueryDict
    leftovers: list[Leftover] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def read_word_file(reach: Reach, content: bytes) -> Edited:
    """As `read_edited`, from a Word file. UnreadableWordFile or UnreadableForm say why not, and where."""
    reading = docx.read(content)
    try:
        edited = read_edited(reach, reading.document, reading.base)
    except UnreadableForm as unreadable:
        raise UnreadableForm(
            Problem(None, _placed(problem, reading.places)) for problem in unreadable.problems
        ) from unreadable
    edited.notices[:0] = reading.notices
    return edited


def _placed(problem: Problem, places: list[str]) -> str:
    """The sentence with the place in the Word file, which has no lines to count."""
    if problem.line and problem.line <= len(places):
        return f"{places[problem.line - 1]}：{problem.sentence}"
    return problem.sentence


def read_edited(reach: Reach, document: Document, base: str) -> Edited:
    """What the file says of the evaluation. UnreadableForm when it is another's or cannot be read."""
    evaluation = reach.evaluation
    interpretation = interpret(document)
    said = interpretation.contents
    if fold(said.zone.name) != fold(evaluation.zone.name):
        raise _another(f"別の特区の文書です：「{said.zone.name}」")
    if said.fiscal_year != evaluation.fiscal_year:
        raise _another(f"別の年度の文書です：{fiscal_year_name(said.fiscal_year)}")
    loaded = load_with_rows(evaluation, reach.hidden)
    origin = read_origin(base, evaluation, loaded.rows)
    edited = _Reader(reach, loaded, origin, stated(said)).read()
    if not origin.is_known:
        edited.notices.append(
            "この文書がいつ書き出されたものか分からないため、今登録されている内容と比べています。"
        )
    edited.notices += map(str, interpretation.notices)
    edited.leftovers += [
        Leftover("文書の中", problem.sentence, "どの欄の内容か読み取れません。")
        for problem in interpretation.unplaced
    ]
    return edited


def _another(sentence: str) -> UnreadableForm:
    return UnreadableForm([Problem(None, f"{sentence}。この画面では取り込めません。")])


class _Reader:
    def __init__(self, reach: Reach, loaded: Loaded, origin: Origin, said: Stated) -> None:
        self.reach, self.origin, self.said = reach, origin, said
        self.stored = stated(loaded.contents)
        self.rows = visible_rows(reach)
        self.places = {row_key(row): record for record, rows in loaded.rows.items() for row in rows}
        self.keys = {
            TargetKey(target.indicator.number, target.number): str(target.pk)
            for target in targets_of(reach.evaluation)
        }
        self.edited = Edited(QueryDict(mutable=True))

    def read(self) -> Edited:
        matches, added, removed, moved = matched(self.origin.names, self.said)
        for record, values in self.said.items():
            if record in matches:
                self._type(matches[record], record, values)
            elif record not in added:
                self._compare(record, values)
        for record in added:
            self._leave_added(record)
        for record in removed:
            if any(key in self.rows for key, _ in self.origin.rows[record]):
                why = "文書にない行です。削除するときは、入力の画面で行ってください。"
                self._leave(self._label(record), "", why)
        if moved:
            self.edited.notices.append(
                "文書で並べ替えた行があります。順序は、入力の画面で変更してください。"
            )
        return self.edited

    def _type(self, origin: str, record: str, values: dict[str, Any]) -> None:
        """Type what the file says of a record into its rows."""
        rows = self.origin.rows[origin]
        if record.startswith(NARRATIVE):
            return self._type_narrative(values["text"])
        if record.startswith("target/"):
            if len(rows) != 1 or values["actual"] is None:
                return self._compare(record, values)
            self._compare(record, {"target": values["target"]})
            values = {"value": values["actual"]}
        for key, revision in rows:
            kind = next(one for one in FIELDS if key.startswith(f"{one._meta.label_lower}/"))
            own = {name: value for name, value in values.items() if name in FIELDS[kind]}
            if key in self.rows:
                allowed = fields_of(self.rows[key])
                own = {name: value for name, value in own.items() if name in allowed}
                self._type_row(key, revision, own)
            else:
                for value in own.values():
                    self._leave(
                        f"{kind._meta.verbose_name}（削除された行）",
                        self._text(value),
                        "この行は、文書を書き出した後に削除されています。",
                    )
        there = [key for key, _ in rows if key in self.places]
        taken = {name for key in there for name in FIELDS[type(self.rows[key])]}
        for key in there[:1]:
            rest = {name: value for name, value in values.items() if name not in taken}
            self._compare(self.places[key], rest)

    def _type_row(self, key: str, revision: int, values: dict[str, Any]) -> None:
        typed = self.edited.typed
        typed[f"{key}-revision"] = str(revision)
        typed.setlist(f"{key}-fields", list(values))
        for name, value in values.items():
            match value:
                case tuple():
                    known = [self.keys[target] for target in value if target in self.keys]
                    typed.setlist(f"{key}-{name}", known)
                case True | False if name != "used":
                    typed.setlist(f"{key}-{name}", ["on"] * value)
                case None:
                    typed[f"{key}-{name}"] = ""
                case Decimal():
                    typed[f"{key}-{name}"] = number(value)
                case _:
                    typed[f"{key}-{name}"] = str(value)

    def _type_narrative(self, text: str) -> None:
        """6 is printed as one text; each line goes to the part that it stood in."""
        keys = [
            (key, revision)
            for record, rows in self.origin.rows.items()
            if record.startswith(NARRATIVE)
            for key, revision in rows
            if key in self.rows
        ]
        if text and not keys:
            label = _KIND_LABELS["regional_text"]
            return self._leave(label, text, "この内容を入力する行がありません。")
        before = [_text_at(self.rows[key], revision) for key, revision in keys]
        for (key, revision), part in zip(keys, parted(before, text), strict=True):
            self._type_row(key, revision, {"text": part})

    def _compare(self, record: str, values: dict[str, Any]) -> None:
        """What the file says otherwise of what nobody enters here: it is told, and stays as it is."""
        if record not in self.stored:
            text = "\n".join(filter(None, map(self._text, values.values())))
            return self._leave(self._label(record), text, "登録されている計画にない内容です。")
        known = self.stored[record]
        for name, value in values.items():
            if name in known and value != known[name] and value is not None:
                is_sum = name == "actual" and len(self.origin.rows.get(record, ())) > 1
                self._leave(
                    f"{self._label(record)}「{_FIELD_LABELS.get(name, name)}」",
                    f"{self._text(known[name]) or '（空）'} → {self._text(value) or '（空）'}",
                    "自治体ごとの実績値から計算します。実績値の画面で入力してください。"
                    if is_sum
                    else "この欄は、Wordからは変更できません。",
                )

    def _leave_added(self, record: str) -> None:
        said = {name: value for name, value in self.said[record].items() if name != "level"}
        text = "\n".join(filter(None, map(self._text, said.values())))
        why = "文書で追加された行です。入力の画面で追加してください。"
        self._leave(f"追加された{_KIND_LABELS[record.split('/')[0]]}", text, why)

    def _leave(self, label: str, text: str, why: str) -> None:
        self.edited.leftovers.append(Leftover(label, text, why))

    def _label(self, record: str) -> str:
        for key, _ in self.origin.rows.get(record, ()):
            if key in self.rows:
                return row_label(self.rows[key])
        kind, _, place = record.partition("/")
        return f"{_KIND_LABELS[kind]}{f'（{place}）' if place else ''}"

    def _text(self, value: Any) -> str:
        match value:
            case None | False | "":
                return ""
            case True:
                return "はい"
            case Decimal():
                return number(value)
            case tuple():
                return "、".join(map(str, value))
        return str(value)


_KIND_LABELS = {
    "zone": "特区",
    "plan": "総合特区計画",
    "evaluation": "評価書の本文",
    "indicator": "評価指標",
    "target": "数値目標",
    "assessment": "別紙1",
    "approach": "解決策",
    "achievement": "取組・成果",
    "measure": "規制の特例措置",
    "national_support": "国の支援",
    "scheme": "支援措置",
    "regional_text": "地域独自の取組",
}
_FIELD_LABELS = {
    "name": "名称",
    "municipalities": "自治体名",
    "target": "目標値",
    "actual": "実績値",
    "total": "計画期間の目標",
    "weight": "寄与度",
    "overview": "計画の概要",
    "goal": "計画の目指す目標",
    "level": "段階",
    "ministry": "規制所管府省名",
}


def _text_at(row: RegionalText, revision: int) -> str:
    if row.revision == revision:
        return row.text
    then = row.history.filter(revision=revision).first()
    return then.text if then else row.text
