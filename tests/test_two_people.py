"""Two people on one row: the same cases on the entry page, in workbook and Word, in the admin and in rows inside a form.

In each of them both versions are shown in the same words, the same choice is asked for, and nothing is lost.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from typing import Any

import docx as word_files
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models.signals import post_save
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from evaluations.entry.forms import form_for
from evaluations.models import Achievement, Actual, NumericTarget, YearlyTarget
from supports.models import SchemeResult
from tests.evaluations.entry.workbook import books
from tests.evaluations.load import EntryPage, work_together
from tests.evaluations.views.entry import ENTRY, open_year_alone
from tests.worlds import world
from tokku.figures import Figure
from tokku.records import value_of
from tokku.revisions import CHOOSE, SAVED_AGAIN, SAVED_FIRST
from tokku.spreadsheets.sheet import DELETED
from tokku.values import is_same

pytestmark = pytest.mark.django_db

ONE, TWO, BOTH = (1,), (2,), (1, 2)  # numeric targets, by number


@world
def evaluation(secretariat):
    return open_year_alone(secretariat, targets=2)


@dataclass
class Case:
    """The values of a row before, those that the colleague saves, those typed meanwhile, and the outcome.

    `asked` are the fields to choose in; where there are none, the row has the values `merged`. `shown` is the
    colleague's version as the page shows it; `third` is what the colleague saves once more.
    """

    kind: str
    before: dict[str, Any]
    theirs: dict[str, Any]
    mine: dict[str, Any]
    asked: set[str] = field(default_factory=set)
    shown: str = ""
    third: dict[str, Any] = field(default_factory=dict)
    merged: dict[str, Any] = field(default_factory=dict)


ASKED = {
    "a tick by the colleague, a relation by me": Case(
        "result",
        {"all_targets": False, "targets": ONE},
        {"all_targets": True},
        {"targets": BOTH},
        {"targets"},
        "全ての数値目標に関連",
        {"all_targets": False, "targets": ()},
    ),
    "the same field": Case(
        "achievement",
        {"text": "前の文"},
        {"text": "同僚の文"},
        {"text": "私の文"},
        {"text"},
        "同僚の文",
        {"text": "同僚が更に書いた文"},
    ),
    "the same field, and another that was left alone": Case(
        "achievement",
        {"heading": "前の見出し", "text": "前の文"},
        {"heading": "同僚の見出し", "text": "同僚の文"},
        {"text": "私の文"},
        {"text"},
        "同僚の文",
        {"heading": "同僚の更なる見出し", "text": "同僚が更に書いた文"},
    ),
    "cleared by the colleague": Case(
        "achievement",
        {"text": "前の文"},
        {"text": ""},
        {"text": "私の文"},
        {"text"},
        "（空欄）",
        {"text": "同僚が更に書いた文"},
    ),
    "cleared by me": Case(
        "achievement",
        {"text": "前の文"},
        {"text": "同僚の文"},
        {"text": ""},
        {"text"},
        "同僚の文",
        {"text": "同僚が更に書いた文"},
    ),
    "several lines": Case(
        "achievement",
        {"text": "前の文\n二行目"},
        {"text": "前の文\n同僚の行"},
        {"text": "前の文\n私の行"},
        {"text"},
        "前の文\n同僚の行",
        {"text": "前の文\n同僚の更なる行"},
    ),
    "a figure": Case(
        "figure",
        {"value": Figure.of(1)},
        {"value": Figure.of(5)},
        {"value": Figure.of(7)},
        {"value"},
        "5",
        {"value": Figure.of(6)},
    ),
    "a figure where there was none, and zero": Case(
        "figure",
        {"value": None},
        {"value": Figure.of(0)},
        {"value": Figure.of(7)},
        {"value"},
        "0",
        {"value": Figure.of(6)},
    ),
    "a relation to many": Case(
        "result",
        {"targets": ONE},
        {"targets": TWO},
        {"targets": BOTH},
        {"targets"},
        "数値目標その2（件）",
        {"targets": ()},
    ),
}
MERGED = {
    "different fields": Case(
        "achievement",
        {"heading": "前の見出し", "text": "前の文"},
        {"heading": "同僚の見出し"},
        {"text": "私の文"},
        merged={"heading": "同僚の見出し", "text": "私の文"},
    ),
    "the same value": Case(
        "achievement",
        {"text": "前の文"},
        {"text": "同じ文"},
        {"text": "同じ文"},
        merged={"text": "同じ文"},
    ),
    "beside a text of several lines": Case(
        "achievement",
        {"heading": "前の見出し", "text": "前の文\n二行目"},
        {"text": "同僚の文\n二行目"},
        {"heading": "私の見出し"},
        merged={"heading": "私の見出し", "text": "同僚の文\n二行目"},
    ),
    "a figure by the colleague alone": Case(
        "figure", {"value": None}, {"value": Figure.of(0)}, {}, merged={"value": Figure.of(0)}
    ),
    "a figure that both mean": Case(
        "figure",
        {"value": Figure.of(1)},
        {"value": Figure.of("1234.5")},
        {"value": Figure.of("1234.5")},
        merged={"value": Figure.of("1234.5")},
    ),
    "a tick taken away by the colleague": Case(
        "result",
        {"all_targets": True, "outline": "前の概要"},
        {"all_targets": False},
        {"outline": "私の概要"},
        merged={"all_targets": False, "outline": "私の概要"},
    ),
    "a relation by the colleague": Case(
        "result",
        {"targets": ONE, "outline": "前の概要"},
        {"targets": TWO},
        {"outline": "私の概要"},
        merged={"targets": TWO, "outline": "私の概要"},
    ),
}


# Rows


def achievement():
    return Achievement.objects.get(
        approach__evaluation__fiscal_year=2023, municipality__name="川崎市"
    )


def actual():
    return Actual.objects.get(fiscal_year=2023, municipality__name="川崎市", target__number=1)


def yearly_target():
    return YearlyTarget.objects.get(fiscal_year=2023, target__number=1)


def result():
    return SchemeResult.objects.get(evaluation__fiscal_year=2023, name="川崎市の事業1")


def rows_of(numbers):
    return NumericTarget.objects.filter(number__in=numbers)


def save(row, by=None, **values):
    """Save these values as somebody, in a row that is read from the database first."""
    row = type(row).objects.get(pk=row.pk)
    row._history_user = by
    related = values.pop("targets", None)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    if related is not None:
        row.targets.set(rows_of(related))


def has_values(row, **values):
    """Whether the stored row has these values."""
    row = type(row).objects.get(pk=row.pk)
    return all(
        is_same(value_of(row, name), tuple(rows_of(value)) if name == "targets" else value)
        for name, value in values.items()
    )


# Editors: pages and files in which a person edits a row


class Page(EntryPage):
    """Keeps all values of hidden inputs that have the same name."""

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        name, earlier = attributes.get("name"), self.fields.get(attributes.get("name"))
        super().handle_starttag(tag, attrs)
        if attributes.get("type") == "hidden" and earlier is not None:
            earlier = earlier if isinstance(earlier, list) else [earlier]
            self.fields[name] = [*earlier, self.fields[name]]


class Editor:
    """A row that a person edits in a browser: opens, types and sends, chooses, and reads what comes back.

    `page` is the page that was shown again, None once everything is saved.
    """

    def __init__(self, client: Client, row) -> None:
        self.client, self.row = client, row
        self.page: Page | None = None

    @property
    def asked(self) -> set[str]:
        """The fields of which two versions are shown."""
        return {name.removeprefix(self.prefix) for name in self.page.conflicts}

    def answer(self, keep: str = "") -> None:
        """Choose the same in each field that is asked about, or send the page as it stands."""
        chosen = {f"{name}-keep": keep for name in self.page.conflicts} if keep else {}
        self.post(self.page.fields | chosen)

    def post(self, data) -> None:
        self.read(self.client.post(self.url, data))

    def read(self, response) -> None:
        assert response.status_code in (200, 302), response.status_code
        self.page = Page(response.content.decode()) if response.status_code == 200 else None


class Screen(Editor):
    """A form in a page."""

    def open(self) -> None:
        self.read(self.client.get(self.url))

    def send(self, **values) -> None:
        data = self.page.fields.copy()
        for name, value in values.items():
            match value:
                case None | False:
                    data.pop(self.prefix + name, None)
                    if value is None:
                        data[self.prefix + name] = ""
                case True:
                    data[self.prefix + name] = ["on"]
                case tuple():
                    data[self.prefix + name] = [str(row.pk) for row in rows_of(value)]
                case _:
                    data[self.prefix + name] = str(value)
        self.post(data)

    def post(self, data) -> None:
        """As browsers send it: with CR LF in text areas."""
        lines = {k: v.replace("\n", "\r\n") if isinstance(v, str) else v for k, v in data.items()}
        super().post(lines)

    def typed(self, name: str) -> str:
        """The value of the field in the page."""
        return self.page.fields[self.prefix + name]


class Entry(Screen):
    @property
    def url(self):
        return f"{ENTRY}row/{self.row.key}/"

    @property
    def prefix(self):
        return f"{self.row.key}-"

    revision = "revision"


class Admin(Screen):
    prefix = ""
    revision = "seen_revision"

    @property
    def url(self):
        return change(self.row)


class Inline(Screen):
    """The row inside the form of its parent."""

    revision = "seen_revision"

    @property
    def url(self):
        return change(getattr(self.row, "approach", None) or self.row.target)

    @property
    def prefix(self):
        name = f"{self.row._meta.model_name}_set"
        ids = {
            value: key.removesuffix("-id")
            for key, value in self.first.fields.items()
            if key.startswith(f"{name}-") and key.endswith("-id")
        }
        return f"{ids[str(self.row.pk)]}-"

    def open(self):
        super().open()
        self.first = self.page


class File(Editor):
    """A file that is taken away, edited, sent back, looked at and confirmed."""

    def open(self):
        self.content = self.client.get(self.file).content

    @property
    def prefix(self):
        return f"{self.row.key}-"

    def send(self, **values):
        file = SimpleUploadedFile(self.name, self.edited(values))
        self.read(self.client.post(self.url, {"file": file}))
        assert self.page, "a file is shown before it is taken over"
        if self.nothing in self.page.words:
            self.page = None
        elif not self.page.conflicts:
            self.answer()


class Book(File):
    url, file, name = books.PAGE, books.FILE, "入力.xlsx"
    nothing = "取り込むものはありません。"
    sheets = {Achievement: "取組・成果", Actual: "数値", SchemeResult: "地域の支援措置"}
    codes = {
        Achievement: "解決策1 川崎市 1",
        Actual: "（1）－① 川崎市",
        SchemeResult: "財政支援措置 川崎市 1",
    }

    def edited(self, values):
        model = type(self.row)
        cells = []
        for name, value in values.items():
            column = str(model._meta.get_field(name).verbose_name)
            if model is Actual:
                column = "令和5年度"
            if isinstance(value, tuple):
                value = "、".join(f"（1）－{'①②'[number - 1]}" for number in value)
            if isinstance(value, Figure):
                value = value.number
            cells.append((self.sheets[model], self.codes[model], column, value or DELETED))
        return books.edited(self.content, *cells)


class Word(File):
    url, file, name = "/keihin/2023/word/", "/keihin/2023/evaluation.docx", "評価書.docx"
    nothing = "取り込める違いはありません。"

    def edited(self, values):
        document = word_files.Document(BytesIO(self.content))
        tables = [
            p
            for t in document.tables
            for row in t.rows
            for cell in row.cells
            for p in cell.paragraphs
        ]
        for name, value in values.items():
            stored = self.seen[name]
            if isinstance(value, tuple):
                stored, value = map(printed, ([row.number for row in stored], value))
            # Line by line, as there are as many.
            for old, new in zip(stored.split("\n"), value.split("\n"), strict=True):
                for paragraph in [*document.paragraphs, *tables]:
                    if old in paragraph.text:
                        text = paragraph.text.replace(old, new)
                        for run in paragraph.runs:
                            run.text = ""
                        paragraph.runs[0].text = text
        written = BytesIO()
        document.save(written)
        return written.getvalue()

    def open(self):
        super().open()
        row = type(self.row).objects.get(pk=self.row.pk)
        fields = [*row._meta.fields, *row._meta.many_to_many]
        self.seen = {model_field.name: value_of(row, model_field.name) for model_field in fields}


def printed(targets) -> str:
    """As 別紙3 prints a relation."""
    return "、".join(f"数値目標(1)－{'①②'[number - 1]}" for number in targets)


def change(row):
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])


EDITORS: dict[str, tuple[type[Editor], dict[str, Callable]]] = {
    "page": (Entry, {"achievement": achievement, "figure": actual, "result": result}),
    "admin": (Admin, {"achievement": achievement, "figure": actual, "result": result}),
    "inline": (Inline, {"achievement": achievement, "figure": yearly_target}),
    "workbook": (Book, {"achievement": achievement, "figure": actual, "result": result}),
    "Word": (Word, {"achievement": achievement, "result": result}),
}


# Word shows only what it prints: 全て, whatever targets are chosen beside it.
def table(cases: dict[str, Case]):
    return [
        pytest.param(
            editor_name,
            case,
            id=f"{editor_name}: {name}",
            marks=() if editor_name == "page" else pytest.mark.slow,
        )
        for name, case in cases.items()
        for editor_name, (_, kinds) in EDITORS.items()
        if case.kind in kinds
    ]


def opened(client, secretariat, editor_name: str, case: Case) -> Editor:
    editor_class, rows = EDITORS[editor_name]
    row = rows[case.kind]()
    save(row, **case.before)
    client.force_login(secretariat)
    editor = editor_class(client, row)
    editor.open()
    return editor


def choices():
    """Each case with what is chosen in the end; what is stored in the first case alone, but in `make full`."""
    for parameters in table(ASKED):
        for keep in ("typed", "stored"):
            is_in_full_only = (
                keep == "stored" and parameters.values[1] is not ASKED["the same field"]
            )
            marks = [*parameters.marks, *([pytest.mark.full] if is_in_full_only else [])]
            yield pytest.param(*parameters.values, keep, id=f"{parameters.id}-{keep}", marks=marks)


@pytest.mark.parametrize(("editor_name", "case", "keep"), [*choices()])
def test_both_versions_are_shown_and_one_is_chosen(
    client, secretariat, colleague, evaluation, editor_name, case, keep
):
    editor = opened(client, secretariat, editor_name, case)
    row = editor.row
    save(row, colleague, **case.theirs)

    editor.send(**case.mine)
    assert_asked(editor, case, SAVED_FIRST)
    assert [*map(squeezed, editor.page.stored_texts)] == [squeezed(case.shown)]
    assert has_values(row, **case.before | case.theirs), "written over before anybody has chosen"

    editor.answer()
    assert_asked(editor, case, CHOOSE)
    assert has_values(row, **case.before | case.theirs)

    save(row, colleague, **case.third)
    editor.answer(keep)
    assert_asked(editor, case, SAVED_AGAIN)
    assert has_values(row, **case.before | case.theirs | case.third), (
        "written over what was not shown"
    )

    editor.answer(keep)
    assert editor.page is None, editor.page.words
    stored = case.before | case.theirs | case.third
    assert has_values(row, **stored | (case.mine if keep == "typed" else {}))


def squeezed(text: str) -> str:
    """Without white space, which says nothing in a page."""
    return "".join(text.split())


def assert_asked(editor: Editor, case: Case, sentence: str) -> None:
    words = editor.page.words
    assert editor.asked == case.asked
    assert sentence in words
    assert "保存されている内容（kawasaki-2さん、" in words
    assert "自分が入力した内容" in words
    for name in case.asked:
        mine = case.mine[name]
        if isinstance(editor, Screen):
            in_field = editor.typed(name)
            if isinstance(mine, tuple):
                assert in_field == [str(row.pk) for row in rows_of(mine)]
            else:
                assert squeezed(in_field) == squeezed(str(mine))
        elif isinstance(mine, str):
            assert squeezed(mine) in squeezed(words)


@pytest.mark.parametrize(("editor_name", "case"), table(MERGED))
def test_changes_that_do_not_overlap_are_merged(
    client, secretariat, colleague, evaluation, editor_name, case
):
    editor = opened(client, secretariat, editor_name, case)
    save(editor.row, colleague, **case.theirs)

    editor.send(**case.mine)

    assert editor.page is None, editor.page.words
    assert has_values(editor.row, **case.merged)


# Cases of forms in pages only

SCREENS = [editor_name for editor_name, (kind, _) in EDITORS.items() if issubclass(kind, Screen)]


@pytest.mark.parametrize("editor_name", SCREENS)
def test_unreadable_value_stays_and_is_asked_about_too(
    client, secretariat, colleague, evaluation, editor_name
):
    case = ASKED["a figure"]
    editor = opened(client, secretariat, editor_name, case)
    save(editor.row, colleague, **case.theirs)

    editor.send(value="七つ")
    assert_asked(editor, Case("figure", {}, {}, {"value": "七つ"}, {"value"}), SAVED_FIRST)
    assert "「七つ」は" in editor.page.words

    editor.answer("typed")
    assert editor.typed("value") == "七つ"
    assert has_values(editor.row, **case.theirs)

    editor.answer("stored")
    assert editor.page is None
    assert has_values(editor.row, **case.theirs)


# 7 is a revision of another row with the same values.
@pytest.mark.parametrize("revision", ["7", "", "二", "999", "-1", "9" * 30, None])
@pytest.mark.parametrize("editor_name", SCREENS)
def test_a_revision_that_the_row_never_had_does_not_allow_saving(
    client, secretariat, colleague, evaluation, editor_name, revision
):
    case = ASKED["the same field"]
    editor = opened(client, secretariat, editor_name, case)
    other = achievement()
    other.pk, other._state.adding, other.revision, other.municipality = None, True, 6, None
    other.save()
    save(editor.row, colleague, **case.theirs)
    name = f"{editor.prefix}{editor.revision}"
    del editor.page.fields[name]
    if revision is not None:
        editor.page.fields[name] = revision

    editor.send(**case.mine)

    if (
        editor_name == "page" and revision is None
    ):  # The page saves the rows alone that it was sent.
        assert editor.page is None
    else:
        assert_asked(editor, Case("achievement", {}, {}, case.mine, {"text"}), SAVED_FIRST)
    assert has_values(editor.row, **case.theirs)


@pytest.mark.parametrize("editor_name", ["page", "admin"])
def test_a_tick_is_asked_about_where_the_seen_revision_is_unknown(
    client, secretariat, colleague, evaluation, editor_name
):
    case = MERGED["a tick taken away by the colleague"]
    editor = opened(client, secretariat, editor_name, case)
    save(editor.row, colleague, **case.theirs)
    editor.page.fields[f"{editor.prefix}{editor.revision}"] = "999"

    editor.send(all_targets=True)

    # It is one answer together with the relation, in which nothing is chosen.
    assert editor.asked == {"targets"}
    assert editor.page.stored_texts == ["（空欄）"]
    editor.answer("typed")
    assert editor.page is None
    assert has_values(editor.row, all_targets=True)


@pytest.mark.parametrize("keep", ["typed", "stored"])
def test_a_tick_over_a_relation_that_the_colleague_changed_is_one_choice(evaluation, keep):
    """全て hides what is chosen beside it: who ticks it decides about the colleague's choice too."""
    row = result()
    targets = list(NumericTarget.objects.all())
    seen = row.revision
    save(row, targets=ONE)
    row = result()
    data = {f"{row.key}-revision": str(seen), f"{row.key}-all_targets": "on"}
    fields = ["all_targets", "targets"]

    form = form_for(row, QueryDict(urlencode(data)), fields, targets)
    assert not form.is_valid()
    assert form.conflicts.keys() == {"targets"}

    data |= {f"{row.key}-targets-conflict": str(row.revision), f"{row.key}-targets-keep": keep}
    form = form_for(row, QueryDict(urlencode(data)), fields, targets)
    assert form.is_valid()
    assert form.cleaned_data["all_targets"] is (keep == "typed")
    assert list(form.cleaned_data["targets"]) == ([] if keep == "typed" else targets[:1])


# At the same moment


def at_once(submissions: list[tuple[Editor, dict[str, Any]]]) -> None:
    """Send all at once; the first has written its row, but not committed, when the others arrive."""

    def send(editor, values):
        try:
            editor.send(**values)
        finally:
            connection.close()

    def linger(**kwargs):
        time.sleep(0.5)

    post_save.connect(linger, sender=Achievement)
    try:
        work_together([partial(send, *submission) for submission in submissions])
    finally:
        post_save.disconnect(linger, sender=Achievement)


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "editor_names",
    [("page", "page"), ("page", "admin"), ("inline", "workbook"), ("admin", "Word")],
    ids="-".join,
)
def test_at_the_same_moment_one_saves_and_the_other_is_asked(secretariat, editor_names):
    open_year_alone(secretariat, targets=2)
    case = ASKED["the same field"]
    editors = [opened(Client(), secretariat, editor_name, case) for editor_name in editor_names]
    texts = ["一人目の文", "二人目の文"]

    at_once([(editor, {"text": text}) for editor, text in zip(editors, texts, strict=True)])

    [(late, text)] = [
        (editor, text) for editor, text in zip(editors, texts, strict=True) if editor.page
    ]
    assert SAVED_FIRST in late.page.words
    assert late.asked == {"text"}
    [first] = {*texts} - {text}
    assert late.page.stored_texts == [first]
    assert has_values(late.row, text=first)
    late.answer("typed")
    assert late.page is None
    assert has_values(late.row, text=text)
    assert late.row.history.filter(text=first).exists()


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_different_fields_are_both_saved(secretariat):
    open_year_alone(secretariat, targets=2)
    case = MERGED["different fields"]
    editors = [
        opened(Client(), secretariat, editor_name, case) for editor_name in ("page", "admin")
    ]

    at_once([*zip(editors, (case.theirs, case.mine), strict=True)])

    assert [editor.page for editor in editors] == [None, None]
    assert has_values(editors[0].row, **case.merged)
