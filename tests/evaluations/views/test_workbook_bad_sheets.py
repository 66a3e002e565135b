"""Malformed workbooks: each is refused with sheet, line and column, or understood; nothing is half applied."""

import zipfile
from dataclasses import replace
from datetime import date, time
from io import BytesIO

import docx
import pytest
from django.core import signing
from django.db import transaction
from django.utils.html import escape, strip_tags
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.styles import PatternFill

from evaluations import moves
from evaluations.models import Achievement, Actual, NumericTarget
from supports.models import NationalSupport, RegulatoryMeasure, SchemeResult
from tests import factories
from tests.evaluations.admin.test_access import everything
from tests.evaluations.entry.workbook.books import (
    confirm,
    counts,
    download,
    edited,
    opened,
    place,
    saved,
    send,
    sentences,
)
from tests.evaluations.views.entry import open_year
from tests.evaluations.views.test_entry_pages import text_of
from tests.examples import share
from tests.spreadsheets.test_files import with_results
from tests.worlds import world
from tokku.figures import Figure
from tokku.revisions import STALE
from tokku.spreadsheets import delimited
from tokku.spreadsheets.entry_book import UNSEEN
from tokku.spreadsheets.sheet import NOT_COMPUTED

pytestmark = pytest.mark.slow

YEAR, ACTUAL = "令和5年度", "（1） 川崎市"
DONE, SUPPORT = "解決策1 川崎市 1", "財政支援 川崎市 1"
SCHEME, JOINT = "財政支援措置 川崎市 1", "税制支援措置 横浜市・川崎市 1"


@world
def evaluation(secretariat):
    return open_year(secretariat)


@pytest.fixture
def kawasaki(client, official, evaluation):
    client.force_login(official)
    return client


# A value typed into this year's actual, and the sentence that refuses it.
FIGURES = {
    "words": ("五つ", "「五つ」は数値として読み取れません。数字で入力してください（例：1,234）。"),
    "not available": ("#N/A", "「#N/A」（計算の誤り）は読み込めません。"),
    "division by zero": ("#DIV/0!", "「#DIV/0!」（計算の誤り）は読み込めません。"),
    "formula": ("=1+1", NOT_COMPUTED),
    "date": (date(2023, 4, 1), "「2023-04-01」は数値として読み取れません。"),
    "time": (time(9, 30), "「9:30:00」は数値として読み取れません。"),
    "truth": (True, "「はい」は数値として読み取れません。"),
    "circled": ("①", "「①」は数値として読み取れません。"),
    "two figures": ("5-7", "「5-7」は数値として読み取れません。"),
    "another unit": ("5者", "「5者」は単位が「者」で、この数値目標の単位（件）ではありません。"),
    "five decimals": (1.23456, "「1.23456」は小数が4桁を超えています。四捨五入してください。"),
    "too long": ("9" * 16, "「9999999999999999」は桁が多すぎます。整数部は15桁までです。"),
    "infinite": ("inf", "「inf」は数値として読み取れません。"),
}

# A value typed into this year's actual, and the figure that is stored.
UNDERSTOOD = {
    "number": (1234.5, "1234.5"),
    "float noise": (0.1 + 0.2, "0.3"),
    "full width": ("１，２３４", "1234"),
    "text with commas": ("1,234", "1234"),
    "negative as officials write it": ("△5", "-5"),
    "spaces": (" 7 ", "7"),
    "zero": (0, "0"),
    "unit": ("5件", "5"),
    "about": ("約5", "約5"),
    "not yet": ("未集計", "未集計"),
}


def shown_of(value):
    """What stands in a cell with the value, as the page repeats it."""
    match value:
        case True:
            return "はい"
        case time():
            return "9:30:00"
    return str(value)


@pytest.mark.parametrize("case", FIGURES)
def test_what_is_no_figure_is_named_with_its_cell_and_keeps_nothing_else_out(kawasaki, case):
    value, sentence = FIGURES[case]
    row = Actual.objects.get(municipality__name="川崎市", fiscal_year=2023)
    content = edited(
        download(kawasaki),
        ("数値", ACTUAL, YEAR, value),
        ("数値", ACTUAL, "出典・備考", "統計"),
        ("取組・成果", DONE, "内容", "書き直し"),
    )

    response = send(kawasaki, content)
    (message,) = sentences(response)
    (refusal,) = response.context["outcome"].refusals

    assert message.startswith(f"「数値」3行目 {YEAR}：")
    assert sentence in message
    assert (refusal.place, refusal.text) == ("「数値」H3", shown_of(value))
    assert counts(response) == (0, 2, 0, 1)

    page = text_of(confirm(kawasaki, response))

    assert "変更2行、追加0行、削除0行" in page
    assert "取り込まなかったセルが1か所あります。「数値」H3" in strip_tags(page)
    assert escape(sentence) in page
    row.refresh_from_db()
    assert (row.value, row.note) == (None, "統計")
    assert Achievement.objects.filter(text="書き直し").exists()


@pytest.mark.parametrize("case", UNDERSTOOD)
def test_what_is_a_figure_is_understood(kawasaki, case):
    value, figure = UNDERSTOOD[case]
    NumericTarget.objects.update(decimals=1)
    response = send(kawasaki, edited(download(kawasaki), ("数値", ACTUAL, YEAR, value)))

    assert sentences(response) == []
    (line,) = response.context["outcome"].changed
    assert line.changes[0].new == figure.replace("1234", "1,234").replace("-", "△")


@pytest.mark.parametrize(("number_format", "shown"), [("0%", "50"), ('0.0"."%', "50.0")])
def test_a_percentage_is_taken_as_it_is_shown(kawasaki, number_format, shown):
    NumericTarget.objects.update(decimals=1)
    book = opened(download(kawasaki))
    cell = place(book["数値"], ACTUAL, YEAR)
    cell.value, cell.number_format = 0.5, number_format

    (line,) = send(kawasaki, saved(book)).context["outcome"].changed
    assert line.changes[0].new == shown


# Changes to the workbook, and the sentences that refuse it.


def _code(title, code, new):
    def change(book):
        sheet = book[title]
        place(sheet, code, "行の番号").value = new

    return change


def _cell(title, code, column, value):
    def change(book):
        place(book[title], code, column).value = value

    return change


def _twice(book):
    sheet = book["数値"]
    for column in range(1, sheet.max_column + 1):
        sheet.cell(20, column).value = sheet.cell(3, column).value


def _merged(book):
    book["取組・成果"].merge_cells("F2:G2")


def _merged_code(book):
    book["取組・成果"].merge_cells("A2:A3")


def _heads(title, old, new):
    def change(book):
        for cell in book[title][1]:
            if cell.value == old:
                cell.value = new

    return change


def _line_above(book):
    book["数値"].insert_rows(1)


def _add(title, number, **values):
    def change(book):
        for column, value in values.items():
            place(book[title], f"追加{number}", column).value = value

    return change


def _two_new_alike(book):
    for number in (1, 2):
        _add("国の支援", number, 種類="税制支援", 事業の名称="同じ")(book)


def _without_code(book):
    place(book["数値"], ACTUAL, "行の番号").value = None
    book["数値"].cell(3, 8).value = 7


def _copied_to_add(book):
    sheet = book["取組・成果"]
    for column in range(1, sheet.max_column + 1):
        sheet.cell(20, column).value = sheet.cell(2, column).value
    sheet.cell(20, 5).value = "新しい取組"


REFUSED = {
    "a line copied to add a row": (
        _copied_to_add,
        [
            "「取組・成果」2行目 行の番号：20行目と同じ行です。どちらか一つにしてください。",
            "「取組・成果」20行目 行の番号：2行目と同じ行です。どちらか一つにしてください。"
            "写して行を追加するときは、「行の番号」を「追加」にしてください。",
        ],
    ),
    "the same line twice": (
        _twice,
        [
            "「数値」3行目 行の番号：20行目と同じ行です。どちらか一つにしてください。",
            "「数値」20行目 行の番号：3行目と同じ行です。どちらか一つにしてください。",
        ],
    ),
    "an unknown code": (
        _code("取組・成果", DONE, "解決策9 川崎市 1"),
        ["「取組・成果」2行目 行の番号：「解決策9 川崎市 1」という行は、このシートにありません。"],
    ),
    "another municipality's line": (
        _code("取組・成果", DONE, "解決策1 横浜市 1"),
        ["「取組・成果」2行目 行の番号：「解決策1 横浜市 1」という行は、このシートにありません。"],
    ),
    "a formula for a code": (
        _code("取組・成果", DONE, "=A3"),
        [f"「取組・成果」2行目 行の番号：{NOT_COMPUTED}"],
    ),
    "no code where no row is added": (
        _without_code,
        ["「数値」3行目 行の番号：「行の番号」がありません。どの行かを決めるために必要です。"],
    ),
    "a merged cell": (
        _merged,
        [
            "「取組・成果」2行目 内容：結合されたセルは読み込めません。",
        ],
    ),
    "a merged code": (
        _merged_code,
        ["「取組・成果」2行目 行の番号：結合されたセルは読み込めません。"],
    ),
    "a category that is none": (
        _cell("地域の支援措置", SCHEME, "区分", "補助金"),
        ["「地域の支援措置」2行目 区分：「補助金」は選べません。"],
    ),
    "a target that is not there": (
        _cell("地域の支援措置", SCHEME, "関連する数値目標", "数値目標（9）－①"),
        ["「地域の支援措置」2行目 関連する数値目標：数値目標（9）－1は、この計画にありません。"],
    ),
    "a target that is a date": (
        _cell("地域の支援措置", SCHEME, "関連する数値目標", date(2023, 1, 2)),
        ["「地域の支援措置」2行目 関連する数値目標：「2023-01-02」は数値目標の番号として"],
    ),
    "a deletion that is unclear": (
        _cell("国の支援", SUPPORT, "削除", "たぶん"),
        ["「国の支援」2行目 削除：「たぶん」は読み取れません。"],
    ),
    "a formula for a deletion": (
        _cell("国の支援", SUPPORT, "削除", "=TRUE()"),
        [f"「国の支援」2行目 削除：{NOT_COMPUTED}"],
    ),
    "a name that is too long": (
        _cell("国の支援", SUPPORT, "事業の名称", "あ" * 301),
        ["「国の支援」2行目 事業の名称："],
    ),
    "a name that says none": (
        _cell("国の支援", SUPPORT, "事業の名称", "該当なし"),
        [
            "「国の支援」2行目 事業の名称：該当するものがないときは、行を追加せずに空のままにしてください。"
        ],
    ),
    "an error of Excel in a text": (
        _cell("取組・成果", DONE, "内容", "#REF!"),
        ["「取組・成果」2行目 内容：「#REF!」（計算の誤り）は読み込めません。"],
    ),
    "a formula in a text": (
        _cell("取組・成果", DONE, "内容", "=CONCATENATE(A1)"),
        [f"「取組・成果」2行目 内容：{NOT_COMPUTED}"],
    ),
    "a new row without its kind": (
        _add("国の支援", 1, 事業の名称="新しい支援"),
        ["「国の支援」3行目 種類：種類を選んでください。"],
    ),
    "a new row without its name": (
        _add("国の支援", 2, 種類="税制支援"),
        ["「国の支援」4行目 事業の名称：事業の名称を入力してください。"],
    ),
    "a new row of an approach that is not there": (
        _add("取組・成果", 1, 解決策="解決策9", 見出し="新しい"),
        ["「取組・成果」3行目 解決策：「解決策9」は選べません。「解決策1」から選んでください。"],
    ),
    "a new row of no approach": (
        _add("取組・成果", 1, 見出し="新しい"),
        ["「取組・成果」3行目 解決策：解決策を選んでください。"],
    ),
    "a new scheme of another zone's municipality": (
        _add("地域の支援措置", 1, 区分="規制緩和", **{"事業名・取組": "新", "自治体名": "札幌市"}),
        ["自治体名：「札幌市」は、この特区の作成主体にありません。"],
    ),
    "a new scheme of others alone": (
        _add("地域の支援措置", 1, 区分="規制緩和", **{"事業名・取組": "新", "自治体名": "横浜市"}),
        ["自治体名：川崎市を含めてください。"],
    ),
    "a new scheme that says only whose it is": (
        _add("地域の支援措置", 1, 自治体名="川崎市"),
        ["区分：区分を選んでください。", "事業名・取組：事業名・取組を入力してください。"],
    ),
    "two new rows that say the same": (
        _two_new_alike,
        ["「国の支援」4行目 ：3行目と同じ内容です。どちらか一つにしてください。"],
    ),
    "names of columns that are not in the first line": (
        _line_above,
        ["シート「数値」の1行目に「行の番号」の列がありません。"],
    ),
    "no column of codes": (
        _heads("国の支援", "行の番号", "番号"),
        ["シート「国の支援」の1行目に「行の番号」の列がありません。"],
    ),
    "a column twice": (
        _heads("国の支援", "事業の概要", "事業の名称"),
        ["シート「国の支援」に「事業の名称」という列が2つ以上あります。"],
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_imported_is_reported_with_place_and_reason(kawasaki, case):
    """What else the workbook says is offered and taken, unless the sheet cannot be read at all."""
    change, expected = REFUSED[case]
    before = everything()
    book = opened(edited(download(kawasaki), ("地域の支援措置", JOINT, "実績", "統計")))
    change(book)

    response = send(kawasaki, saved(book))

    messages = sentences(response)
    assert len(messages) == len(expected), messages
    for message, sentence in zip(messages, expected, strict=True):
        assert sentence in message
    assert everything() == before
    if "outcome" in response.context:
        added = len(response.context["outcome"].new)  # one of two that say the same
        assert f"変更1行、追加{added}行、削除0行" in text_of(confirm(kawasaki, response))
        assert SchemeResult.objects.filter(result="統計").count() == 1
        changed = {model.__name__ for model, rows in everything().items() if before[model] != rows}
        added_models = {"NationalSupport"} if added else set()
        assert {name for name in changed if not name.startswith("Historical")} == {
            "SchemeResult",
            *added_models,
        }


def test_of_the_cells_of_one_line_those_that_are_right_are_taken(kawasaki):
    NationalSupport.objects.filter(name="川崎の補助").update(outline="前の概要")
    content = edited(
        download(kawasaki),
        ("国の支援", SUPPORT, "事業の名称", "あ" * 301),
        ("国の支援", SUPPORT, "事業の概要", "新しい概要"),
    )
    response = send(kawasaki, content)

    page = response.content.decode()
    assert counts(response) == (0, 1, 0, 1)
    assert "取り込めないセル（1か所）" in page
    assert "取り込める内容だけを取り込む" in page

    confirm(kawasaki, response)
    row = NationalSupport.objects.get(name="川崎の補助", evaluation__fiscal_year=2023)
    assert row.outline == "新しい概要"


def test_a_new_row_is_added_as_a_whole_or_not_at_all(secretariat, client, evaluation):
    client.force_login(secretariat)
    content = edited(
        download(client),
        ("規制の特例措置", "追加1", "種類", "一般事業（本文4②）"),
        ("規制の特例措置", "追加1", "事業の名称", "新しい一般事業"),
        ("規制の特例措置", "追加1", "関連する数値目標", "数値目標（1）－①"),
        ("規制の特例措置", "追加2", "種類", "一般事業（本文4②）"),
        ("規制の特例措置", "追加2", "事業の名称", "別の一般事業"),
    )
    response = send(client, content)
    before = everything()
    (message,) = sentences(response)
    assert message.endswith("関連する数値目標：「一般事業（本文4②）」には、この欄はありません。")
    assert counts(response) == (1, 0, 0, 1)
    assert everything() == before

    confirm(client, response)
    names = RegulatoryMeasure.objects.filter(evaluation=evaluation).values_list("name", flat=True)
    assert "別の一般事業" in names
    assert "新しい一般事業" not in names


def test_a_second_press_says_that_all_is_in_although_a_cell_was_refused(kawasaki):
    content = edited(
        download(kawasaki), ("数値", ACTUAL, YEAR, "七つ"), ("数値", ACTUAL, "出典・備考", "統計")
    )
    response = send(kawasaki, content)
    confirm(kawasaki, response)

    assert "既に取り込まれています。" in text_of(confirm(kawasaki, response))


@pytest.mark.parametrize("others", [[], [("数値", ACTUAL, "出典・備考", "統計")]])
def test_what_is_refused_since_the_preview_is_shown_before_anything_is_taken(kawasaki, others):
    content = edited(download(kawasaki), ("国の支援", SUPPORT, "事業の概要", "新しい概要"), *others)
    response = send(kawasaki, content)
    NationalSupport.objects.filter(name="川崎の補助", evaluation__fiscal_year=2023).delete()
    before = everything()

    response = confirm(kawasaki, response)

    assert STALE in text_of(response)
    assert counts(response) == (0, len(others), 0, 1)
    assert everything() == before


def test_at_most_ten_refused_cells_are_repeated_after_the_import(kawasaki):
    cells = [("国の支援", f"追加{number}", "種類", f"別{number}") for number in range(1, 11)]
    content = edited(
        download(kawasaki),
        *cells,
        ("取組・成果", "追加1", "解決策", "解決策9"),
        ("数値", ACTUAL, "出典・備考", "統計"),
    )
    page = strip_tags(text_of(confirm(kawasaki, send(kawasaki, content))))

    assert "取り込まなかったセルが11か所あります。" in page
    assert "ほか1件" in page


def _formulas(book, **formats):
    """Formulas in a figure, a text, an answer that is not read and a column that is not read."""
    place(book["数値"], ACTUAL, YEAR).value = "=SUM(A1:A2)"
    place(book["数値"], "（1） 目標値", YEAR).value = "=1+1"
    place(book["数値"], ACTUAL, "令和4年度").value = "=1+1"
    place(book["数値"], ACTUAL, "出典・備考").value = '="出典"'


def test_of_a_formula_the_stored_result_is_taken_and_its_cell_is_named(kawasaki):
    NumericTarget.objects.update(decimals=1)
    book = opened(download(kawasaki))
    _formulas(book)
    content = with_results(saved(book), b"<v>9</v>", b"<v>9</v>", b"<v>7.5</v>", b"<v>1</v>")

    response = send(kawasaki, content)

    assert sentences(response) == []
    named = "次のセルは、数式の計算結果を読み取りました：「数値」H3「7.5」、「数値」L3「1」"
    assert response.context["notices"] == [named]
    confirm(kawasaki, response)
    row = Actual.objects.get(municipality__name="川崎市", fiscal_year=2023)
    assert (row.value, row.note) == (Figure("7.5"), "1")


def test_a_formula_is_still_named_when_the_preview_is_shown_again(kawasaki):
    book = opened(download(kawasaki))
    _formulas(book)
    content = with_results(saved(book), b"<v>9</v>", b"<v>9</v>", b"<v>7</v>", b"<v>1</v>")
    response = send(kawasaki, content)
    row = Actual.objects.get(municipality__name="川崎市", fiscal_year=2023)
    row.note = "別"
    row.save()

    response = confirm(kawasaki, response)

    assert STALE in text_of(response)
    assert any("「数値」H3「7」" in sentence for sentence in response.context["notices"])


def _hidden_rows(book):
    book["数値"].row_dimensions[3].hidden = True


def _hidden_sheet(book):
    book["取組・成果"].sheet_state = "hidden"


def _sheets_reversed(book):
    book._sheets.reverse()


def _extra_sheet(book):
    book.create_sheet("計算用")["A1"] = "=1+1"


def _without_sheet(book):
    del book["国の支援"]


def _extra_column(book):
    sheet = book["数値"]
    sheet.cell(1, 30).value, sheet.cell(3, 30).value = "メモ", "=1+1"


def _columns_moved(book):
    sheet = book["取組・成果"]
    sheet.move_range(f"E1:E{sheet.max_row}", cols=20)


def _unlocked_and_painted(book):
    for sheet in book:
        sheet.protection.sheet = False
        for row in sheet.iter_rows():
            for cell in row:
                cell.fill, cell.number_format = PatternFill("solid", fgColor="FF0000"), "0.00E+00"


def _fixed_edited(book):
    place(book["数値"], ACTUAL, "令和4年度").value = 999
    place(book["数値"], "（1） 目標値", YEAR).value = "=1+1"
    place(book["取組・成果"], DONE, "自治体").value = "横浜市"


def _text_as_number_format(book):
    place(book["数値"], ACTUAL, YEAR).number_format = "@"


PASSED = {
    "hidden rows": (_hidden_rows, "非表示の行（絞り込みで隠れた行を含む）も読み込みました：1行"),
    "a hidden sheet": (_hidden_sheet, ""),
    "sheets in another order": (_sheets_reversed, ""),
    "a sheet more": (_extra_sheet, "次のシートは読み込みません：「計算用」"),
    "a sheet less": (
        _without_sheet,
        "枚を読み込みました：「数値」「実績値の修正」「取組・成果」「地域の支援措置」",
    ),
    "a renamed sheet": (
        lambda book: setattr(book["国の支援"], "title", "支援"),
        "次のシートは読み込みません：「支援」",
    ),
    "a column more": (_extra_column, "シート「数値」の次の列は読み込みません：「メモ」"),
    "columns in another order": (_columns_moved, ""),
    "a renamed column": (
        _heads("数値", "出典・備考", "備考"),
        "シート「数値」に次の列がないため、その内容は変わりません：「出典・備考」",
    ),
    "no protection and other formats": (_unlocked_and_painted, ""),
    "edits where nothing is read": (_fixed_edited, ""),
    "a text format": (_text_as_number_format, ""),
}


@pytest.mark.parametrize("case", PASSED)
def test_what_does_no_harm_is_ignored_and_reported(kawasaki, case):
    change, sentence = PASSED[case]
    book = opened(edited(download(kawasaki), ("数値", ACTUAL, YEAR, 7)))
    change(book)

    response = send(kawasaki, saved(book))

    assert sentences(response) == []
    assert counts(response) == (0, 1, 0, 0)
    assert sentence in text_of(response)


# Files that are no such workbook


def _zipped(**parts):
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return written.getvalue()


def _bomb(content):
    """The workbook with a part that unpacks to 100 MB."""
    written = BytesIO(content)
    with zipfile.ZipFile(written, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/media/image1.bin", b"0" * 100 * 1024**2)
    return written.getvalue()


def _with_entities(content):
    """The workbook with a document type that multiplies words."""
    source, written = zipfile.ZipFile(BytesIO(content)), BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in source.infolist():
            text = source.read(part)
            if part.filename == "xl/worksheets/sheet2.xml":
                laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
                text = laughs.encode() + text.split(b"?>", 1)[-1]
            packed.writestr(part, text)
    return written.getvalue()


def _many_rows(content):
    book = opened(content)
    sheet = book["国の支援"]
    for number in range(10_001):
        sheet.append([f"追加{number + 20}", "税制支援", None, f"支援{number}"])
    return saved(book)


def _word_file(content):
    written = BytesIO()
    docx.Document().save(written)
    return written.getvalue()


def _list_of_the_admin(content):
    book = Workbook()
    book.active.append(["特区", "年度", "種類"])
    book.active.append(["keihin", 2023, "税制支援"])
    return saved(book)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
FILES = {
    "nothing": ("入力.xlsx", lambda content: b"", "選んだファイルは空です。"),
    "words": ("入力.xlsx", lambda content: b"abc", "Excelのブック（.xlsx）として読み取れません。"),
    "a workbook of before 2007": (
        "入力.xls",
        lambda content: OLE,
        "古い形式のExcelブック（.xls）です。",
    ),
    "a password": (
        "入力.xlsx",
        lambda content: OLE + "EncryptedPackage".encode("utf-16-le"),
        "パスワードで保護されたブックは読み込めません。",
    ),
    "a Word file": ("入力.docx", _word_file, "Wordの文書です。"),
    "a zip of something else": (
        "入力.xlsx",
        lambda content: _zipped(a="b"),
        "Excelのブック（.xlsx）として読み取れません。",
    ),
    "half a workbook": (
        "入力.xlsx",
        lambda content: content[: len(content) // 2],
        "Excelのブック（.xlsx）として読み取れません。",
    ),
    "UTF-8 CSV": (
        "入力.csv",
        lambda content: delimited.write("表", ["種類"], [["税制支援"]]),
        "CSVは、この画面では取り込めません。",
    ),
    "CP932 CSV": (
        "入力.CSV",
        lambda content: "種類\n税制支援".encode("cp932"),
        "CSVは、この画面では",
    ),
    "a list of the admin": ("入力.xlsx", _list_of_the_admin, "入力用のシートがありません。"),
    "an empty workbook": (
        "入力.xlsx",
        lambda content: saved(Workbook()),
        "入力用のシートがありません。",
    ),
    "a zip bomb": ("入力.xlsx", _bomb, "ブックが大きすぎます。"),
    "an XML bomb": ("入力.xlsx", _with_entities, "使えない宣言（DOCTYPE）が含まれています。"),
    "10,001 rows": ("入力.xlsx", _many_rows, "一度に取り込めるのは2,000行までです。"),
    "11 MB": (
        "入力.xlsx",
        lambda content: content + b"0" * 11 * 1024**2,
        "ファイルは10MBまでです。",
    ),
}


@pytest.mark.parametrize("case", FILES)
def test_a_file_that_cannot_be_read_says_why(kawasaki, case):
    name, make_content, sentence = FILES[case]
    before = everything()

    response = send(kawasaki, make_content(download(kawasaki)), name)

    assert response.status_code == 200
    (message,) = sentences(response)
    assert sentence in message
    assert everything() == before


def test_workbooks_of_others_are_named(kawasaki, client, other_official, secretariat, official):
    of_last_year = kawasaki.get("/keihin/2022/workbook.xlsx").content
    client.force_login(other_official)
    of_yokohama = download(client)
    client.force_login(secretariat)
    of_zone = download(client)
    contents = factories.contents()
    other_contents = replace(contents, zone=replace(contents.zone, name="ほかの特区"))
    moves.move(factories.evaluation(other_contents, "other"), "open", by=secretariat)
    elsewhere = client.get("/other/2023/workbook.xlsx").content

    client.force_login(official)
    for content, owner in (
        (of_last_year, "令和4年度（川崎市）"),
        (of_yokohama, "令和5年度（横浜市）"),
        (of_zone, "令和5年度（特区全体）"),
        (elsewhere, "令和5年度（特区全体）"),
    ):
        (message,) = sentences(send(client, content))
        assert message.endswith(f"{owner}のブックです。この画面では取り込めません。")


def test_a_workbook_of_last_year_that_has_lost_its_origin_is_known_by_its_first_sheet(kawasaki):
    book = opened(kawasaki.get("/keihin/2022/workbook.xlsx").content)
    del book[UNSEEN]

    assert sentences(send(kawasaki, saved(book))) == [
        "「令和4年度 評価書 入力用ブック」です。この画面では取り込めません。"
    ]


def test_the_secretariat_takes_the_workbook_of_any_municipality(
    kawasaki, client, secretariat, official
):
    content = edited(
        download(kawasaki),
        ("数値", ACTUAL, YEAR, 7),
        ("国の支援", "追加1", "種類", "税制支援"),
        ("国の支援", "追加1", "事業の名称", "新しい税制"),
    )
    client.force_login(secretariat)

    response = send(client, content)
    assert counts(response) == (1, 1, 0, 0)
    confirm(client, response)
    assert NationalSupport.objects.get(name="新しい税制").municipality == official.municipality


@pytest.mark.parametrize(
    "forged", ["abc", signing.dumps([1, 2]), "x" * 100_000], ids=["unsigned", "another", "long"]
)
def test_a_forged_origin_is_none(kawasaki, forged):
    book = opened(download(kawasaki))
    book[UNSEEN]["A1"] = forged[:32_000]

    response = send(kawasaki, saved(book))

    assert "いつ作られたものか分からないため" in text_of(response)
    assert counts(response) == (0, 0, 0, 0)


def test_text_that_looks_like_a_formula_goes_out_and_comes_in_as_text(kawasaki):
    row = Actual.objects.get(municipality__name="川崎市", fiscal_year=2023)
    for text in ("=1+1", "+81", "-5％", "@住所", "'引用"):
        row.note = text
        row.save()
        content = download(kawasaki)
        assert place(opened(content)["数値"], ACTUAL, "出典・備考").data_type == "s"
        assert counts(send(kawasaki, content)) == (0, 0, 0, 0)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    st.text(
        st.characters(
            codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"
        ),
        max_size=40,
    ),
    st.sampled_from(
        [
            "（削除）",
            "削除",
            "全て",
            "数値目標（1）－①",
            "#N/A",
            "=A1",
            "財政支援",
            "規制緩和",
            "解決策1",
        ]
        + ["追加1", "川崎市", "はい", ACTUAL, DONE, SUPPORT, SCHEME, "該当なし", "△1,234.5"]
    ),
)


@pytest.mark.parametrize("person", ["official", "secretariat"])
@settings(
    max_examples=share(20),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_whatever_is_typed_into_whatever_cells_nothing_breaks(kawasaki, request, person, data):
    """Nothing is saved before it is confirmed, and then all or nothing. Each example starts from the same records."""
    kawasaki.force_login(request.getfixturevalue(person))
    with transaction.atomic():
        type_and_send(kawasaki, data)
        transaction.set_rollback(True)


def type_and_send(client, data):
    book = opened(download(client))
    for _ in range(data.draw(st.integers(1, 8))):
        sheet = book[data.draw(st.sampled_from(book.sheetnames[1:-1]))]
        row = data.draw(st.integers(1, min(sheet.max_row, 6)))
        column = data.draw(st.integers(1, sheet.max_column))
        sheet.cell(row, column).value = data.draw(VALUES)
    before = everything()

    response = send(client, saved(book))

    assert response.status_code == 200
    assert everything() == before
    if response.context.get("seen"):
        response = client.post(response.wsgi_request.path, {"seen": response.context["seen"]})
        assert response.status_code == 302
