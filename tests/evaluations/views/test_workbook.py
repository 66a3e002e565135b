"""The workbook for entry: who gets which, the preview, the import, and what is refused."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import unquote

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluations.entry.workbook.importing import CONTRADICTED
from evaluations.entry.workbook.new_rows import WITH_APPROACH
from evaluations.models import (
    Achievement,
    Actual,
    Approach,
    NumericTarget,
    Submission,
    TargetAssessment,
)
from evaluations.workflow import EvaluationState
from supports.models import NationalSupport, RegulatoryMeasure, SchemeResult
from tests.evaluations.admin.test_access import everything
from tests.evaluations.entry.workbook.books import (
    FILE,
    PAGE,
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
from tests.evaluations.views.entry import ENTRY, open_year
from tests.evaluations.views.test_entry_pages import close, hand_in, text_of
from tests.worlds import world
from tokku.figures import Figure

pytestmark = pytest.mark.slow

YEAR = "令和5年度"
ACTUAL = "（1） 川崎市"
DONE = "解決策1 川崎市 1"
SUPPORT = "財政支援 川崎市 1"
SCHEME, JOINT = "財政支援措置 川崎市 1", "税制支援措置 横浜市・川崎市 1"


@world
def evaluation(secretariat):
    return open_year(secretariat)


@pytest.fixture
def kawasaki(client, official, evaluation):
    client.force_login(official)
    return client


@pytest.fixture
def office(client, secretariat, evaluation):
    client.force_login(secretariat)
    return client


def actual(name="川崎市"):
    return Actual.objects.get(municipality__name=name, fiscal_year=2023)


def achievement():
    return Achievement.objects.get(
        approach__evaluation__fiscal_year=2023, municipality__name="川崎市"
    )


def columns(sheet):
    return [cell.value for cell in sheet[1]]


def lines(sheet):
    return [row[0].value for row in sheet.iter_rows(min_row=2)]


# Download


def test_officials_get_their_own_rows_and_what_they_may_write_is_open(kawasaki):
    book = opened(download(kawasaki))

    assert "横浜市" not in str([[c.value for c in row] for row in book["取組・成果"].iter_rows()])
    assert lines(book["数値"]) == ["（1） 目標値", ACTUAL, "（1） 特区全体"]
    assert columns(book["数値"])[6:] == [
        "令和4年度",
        YEAR,
        "令和6年度",
        "令和7年度",
        "令和8年度",
        "出典・備考",
    ]
    assert place(book["数値"], ACTUAL, "令和4年度").value == 5
    assert place(book["数値"], "（1） 特区全体", "令和4年度").value == 12
    open_cells = [
        cell.coordinate
        for row in book["数値"].iter_rows()
        for cell in row
        if not cell.protection.locked
    ]
    assert open_cells == ["H3", "L3"]
    assert place(book["地域の支援措置"], SCHEME, "前年度の実績").value == "前年度の実績"


def test_sheets_are_locked_without_a_password_and_ready_for_work(kawasaki):
    book = opened(download(kawasaki))

    for sheet in book.worksheets[1:-1]:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        assert not sheet.protection.sort
        assert not sheet.protection.autoFilter
        assert not sheet.protection.formatColumns
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.print_title_rows == "$1:$1"
    guide = [cell.value for row in book["はじめに"].iter_rows() for cell in row if cell.value]
    assert {"川崎市", "未設定", "入力中"} <= set(guide)
    assert book.worksheets[-1].sheet_state == "veryHidden"


def test_choices_are_offered_in_the_cells(kawasaki):
    sheet = opened(download(kawasaki))["地域の支援措置"]
    cell = place(sheet, SCHEME, "区分").coordinate
    rule = next(
        validation
        for validation in sheet.data_validations.dataValidation
        if cell in validation.sqref
    )

    lists = opened(download(kawasaki))[rule.formula1.split("!")[0].strip("'")]
    offered = [cell.value for (cell,) in lists[rule.formula1.split("!")[1].replace("$", "")]]

    assert offered[:2] == ["財政支援措置", "税制支援措置"]


def rule_of(sheet, cell):
    return next(
        rule for rule in sheet.data_validations.dataValidation if cell.coordinate in rule.sqref
    )


def colour_rule_of(sheet, cell):
    """The formula by which Excel colours a cell while it is blank; "" without one."""
    for area in sheet.conditional_formatting:
        if cell.coordinate in area.sqref:
            (rule,) = area.rules
            assert rule.dxf.fill.bgColor.rgb == "00FFDD80"
            return rule.formula[0]
    return ""


def test_a_cell_of_a_figure_warns_of_what_is_none_and_takes_it_all_the_same(kawasaki):
    book = opened(download(kawasaki))
    for title, code, column, patterns in (
        ("数値", ACTUAL, YEAR, {"約*", "未集計*", "調査なし*", "*速報値*", "*件", "（削除）"}),
        ("実績値の修正", "追加1", "修正後の実績値", {"約*", "未集計*", "（削除）"}),
    ):
        cell = place(book[title], code, column)
        rule = rule_of(book[title], cell)
        assert (rule.type, rule.errorStyle, rule.showErrorMessage) == ("custom", "warning", True)
        assert len(rule.error) <= 225
        lists, area = re.search(r"'(.+)'!([$A-Z0-9:]+)", rule.formula1).groups()
        assert patterns <= {cell.value for (cell,) in book[lists][area.replace("$", "")]}
        assert cell.number_format != "@"


def test_cells_that_must_be_filled_in_are_coloured_and_more_so_while_blank(kawasaki):
    book = opened(download(kawasaki))
    figures, done = book["数値"], book["取組・成果"]
    for sheet, code, column in ((figures, ACTUAL, YEAR), (done, DONE, "内容")):
        cell = place(sheet, code, column)
        assert cell.fill.fgColor.rgb == "00FFF8DB"
        assert colour_rule_of(sheet, cell) == f"LEN(TRIM({cell.coordinate}))=0"
    note = place(figures, ACTUAL, "出典・備考")
    assert (note.fill.fill_type, colour_rule_of(figures, note)) == (None, "")
    new = place(done, "追加1", "見出し")
    assert new.fill.fill_type is None
    assert colour_rule_of(done, new).startswith("AND(COUNTA($B3:$H3)>0,")
    assert not colour_rule_of(done, place(done, "追加1", "段階")), "it has a default"


def test_the_owner_of_a_new_row_is_asked_of_the_secretariat_alone(kawasaki, client, secretariat):
    scheme = ("地域の支援措置", "追加1", "自治体名")
    sheet = opened(download(kawasaki))[scheme[0]]
    assert not colour_rule_of(sheet, place(sheet, *scheme[1:]))
    client.force_login(secretariat)
    sheet = opened(download(client))[scheme[0]]
    assert colour_rule_of(sheet, place(sheet, *scheme[1:]))


def test_the_file_is_named_with_municipality_and_day(office, official, monkeypatch):
    moment = datetime(2026, 11, 30, 16, tzinfo=UTC)  # the next day in Japan
    monkeypatch.setattr(timezone, "now", lambda: moment)

    of_kawasaki = unquote(office.get(f"{FILE}?municipality=141305")["Content-Disposition"])
    assert "令和5年度 入力用（川崎市）_20261201.xlsx" in of_kawasaki
    assert "（特区全体）_20261201.xlsx" in unquote(office.get(FILE)["Content-Disposition"])
    guide = opened(download(office))["はじめに"]
    assert "令和8年12月1日" in [cell.value for row in guide.iter_rows() for cell in row]


def test_the_secretariat_gets_the_zone_or_what_it_hands_to_a_municipality(office, official):
    whole = opened(download(office))
    handed = opened(download(office, "?municipality=141305"))

    assert {"本文", "別紙1", "解決策"} <= set(whole.sheetnames)
    assert "（1） 横浜市" in lines(whole["数値"])
    assert "本文" not in handed.sheetnames
    assert lines(handed["数値"]) == ["（1） 目標値", ACTUAL, "（1） 特区全体"]


def test_a_workbook_handed_to_a_municipality_holds_no_drafts_of_others(office):
    row = actual("横浜市")
    row.value = Decimal(98765)
    row.save()

    book = opened(download(office, "?municipality=141305"))

    values = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert 98765 not in values
    assert not any("横浜市の成果" in str(value) for value in values)


@pytest.mark.parametrize("query", ["?municipality=141003", "?municipality=999999"])
def test_an_official_gets_no_other_workbook(kawasaki, query):
    assert kawasaki.get(FILE + query).status_code == 404


def test_a_municipality_that_is_no_author_has_no_workbook(office, stranger):
    assert office.get(f"{FILE}?municipality=011002").status_code == 404


def test_readers_get_none(client, reader, evaluation):
    client.force_login(reader)
    for address in (FILE, f"{FILE}?municipality=141305", PAGE):
        assert client.get(address).status_code == 403


@pytest.mark.parametrize("address", [FILE, PAGE])
def test_stranger_and_anonymous(client, stranger, evaluation, address):
    assert client.get(address).status_code == 302
    client.force_login(stranger)
    assert client.get(address).status_code == 404


def test_a_closed_workbook_has_no_open_cells(kawasaki, official):
    hand_in(official)

    book = opened(download(kawasaki))

    assert not any(
        not cell.protection.locked for sheet in book for row in sheet.iter_rows() for cell in row
    )
    assert not any([*sheet.conditional_formatting] for sheet in book)
    guide = [cell.value for row in book["はじめに"].iter_rows() for cell in row if cell.value]
    assert any("提出した内容は、差し戻されるまで変更できません。" in str(value) for value in guide)


def test_queries_do_not_grow_with_rows(kawasaki, secretariat):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            download(kawasaki)
        return len(captured)

    few = queries()
    result = SchemeResult.objects.filter(evaluation__fiscal_year=2023).first()
    for number in range(5):
        row = SchemeResult.objects.create(
            evaluation=result.evaluation, category="tax", name=f"事業{number}", position=9
        )
        row.municipalities.set(result.municipalities.all())
    assert queries() == few


# Upload and import


def test_untouched_it_changes_nothing(kawasaki):
    before = everything()

    response = send(kawasaki, download(kawasaki))

    assert sentences(response) == []
    assert counts(response) == (0, 0, 0, 0)
    assert response.context["notices"] == []
    assert "取り込むものはありません" in text_of(response)
    assert everything() == before


def test_what_was_typed_is_shown_old_and_new_and_then_taken_over(kawasaki, official):
    NumericTarget.objects.update(decimals=1)
    content = edited(
        download(kawasaki),
        ("数値", ACTUAL, YEAR, "１，２３４．５"),
        ("取組・成果", DONE, "内容", "Excelで書いた内容"),
    )
    response = send(kawasaki, content, "川崎市.xlsx")

    page = text_of(response)
    assert counts(response) == (0, 2, 0, 0)
    assert "「数値」3行目" in page
    assert "1,234.5" in page
    assert actual().value is None

    page = text_of(confirm(kawasaki, response))
    assert "「川崎市.xlsx」から取り込みました（変更2行、追加0行、削除0行" in page
    assert actual().value == Figure.of("1234.5")
    assert achievement().text == "Excelで書いた内容"
    saved_by = actual().history.first()
    assert (saved_by.history_user, saved_by.history_change_reason) == (
        official,
        "川崎市.xlsx から取込み",
    )


def test_a_blank_cell_changes_nothing_and_is_reported(kawasaki):
    response = send(kawasaki, edited(download(kawasaki), ("取組・成果", DONE, "内容", None)))

    assert counts(response) == (0, 0, 0, 0)
    assert "空のセルが1個あります" in text_of(response)
    assert achievement().text == "内容"


@pytest.mark.parametrize("deletion", ["（削除）", "(削除)"])
def test_a_cell_that_says_delete_empties_the_field(kawasaki, deletion):
    confirm(
        kawasaki, send(kawasaki, edited(download(kawasaki), ("取組・成果", DONE, "内容", deletion)))
    )
    assert achievement().text == ""


def test_what_must_be_there_cannot_be_deleted(kawasaki):
    content = edited(download(kawasaki), ("取組・成果", DONE, "見出し", "（削除）"))
    assert sentences(send(kawasaki, content)) == [
        "「取組・成果」2行目 見出し：見出しを入力してください。"
    ]


def test_a_row_is_deleted_after_its_consequences_were_shown(kawasaki):
    content = edited(download(kawasaki), ("地域の支援措置", JOINT, "削除", "削除"))
    response = send(kawasaki, content)

    page = text_of(response)
    assert counts(response) == (0, 0, 1, 0)
    assert "共同の事業のため、ほかの作成主体の評価書の入力画面からもなくなります。" in page
    assert "他の年度の評価書と、変更の履歴は残ります。" in page

    confirm(kawasaki, response)
    assert not SchemeResult.objects.filter(name="共同の事業", evaluation__fiscal_year=2023)
    assert SchemeResult.objects.filter(name="共同の事業").exists()
    version = SchemeResult.history.filter(history_type="-").first()
    assert version.history_change_reason == "入力.xlsx から取込み"


def test_an_approach_goes_with_its_achievements_or_not_at_all(office):
    content = edited(
        download(office),
        ("解決策", "解決策 1", "削除", "削除"),
        ("取組・成果", DONE, "内容", "書き直し"),
    )
    response = send(office, content)
    assert sentences(response) == [
        f"「解決策」2行目 削除：{CONTRADICTED}",
        f"「取組・成果」2行目 内容：{WITH_APPROACH}",
    ]
    assert not response.context["seen"]
    content = edited(
        download(office),
        ("解決策", "解決策 1", "削除", "削除"),
        ("取組・成果", "追加1", "解決策", "解決策1"),
        ("取組・成果", "追加1", "自治体", "川崎市"),
        ("取組・成果", "追加1", "見出し", "新しい取組"),
        ("本文", "本文 12", "本年度の内容", "Excelの総合評価"),
    )
    response = send(office, content)
    assert sentences(response) == [
        f"「解決策」2行目 削除：{CONTRADICTED}",
        f"「取組・成果」4行目 ：{WITH_APPROACH}",
    ]
    confirm(office, response)
    assert Approach.objects.filter(evaluation__fiscal_year=2023).exists()
    assert not Achievement.objects.filter(heading="新しい取組").exists()
    response = send(office, edited(download(office), ("解決策", "解決策 1", "削除", "○")))
    assert "解決策1にある次の2件も、一緒になくなります。" in text_of(response)
    confirm(office, response)
    assert not Approach.objects.filter(evaluation__fiscal_year=2023)
    reasons = Achievement.history.filter(history_type="-").values_list("history_change_reason")
    assert list(reasons) == [("入力.xlsx から取込み",)] * 2


def test_what_goes_with_an_approach_may_be_deleted_by_its_own_line_too(office):
    content = edited(
        download(office),
        ("解決策", "解決策 1", "削除", "削除"),
        ("取組・成果", DONE, "削除", "削除"),
    )
    confirm(office, send(office, content))
    assert Achievement.history.filter(history_type="-").count() == 2


def test_rows_are_added_as_on_the_pages(kawasaki, official, evaluation):
    content = edited(
        download(kawasaki),
        ("取組・成果", "追加1", "解決策", "解決策1"),
        ("取組・成果", "追加1", "見出し", "新しい取組"),
        ("国の支援", "追加3", "種類", "税制支援"),
        ("国の支援", "追加3", "事業の名称", "新しい税制"),
        ("地域の支援措置", "追加1", "区分", "規制緩和"),
        ("地域の支援措置", "追加1", "事業名・取組", "新しい事業"),
        ("地域の支援措置", "追加1", "自治体名", "川崎市、横浜市"),
        ("地域の支援措置", "追加1", "関連する数値目標", "（1）－①"),
        ("地域の支援措置", "追加1", "実績", "本年度の実績"),
    )
    response = send(kawasaki, content)
    assert sentences(response) == []
    assert counts(response) == (3, 0, 0, 0)
    assert not SchemeResult.objects.filter(name="新しい事業").exists()
    assert "「国の支援」5行目　国の支援（本文5）「新しい税制」" in text_of(response)

    confirm(kawasaki, response)

    added = Achievement.objects.get(heading="新しい取組")
    assert (added.municipality, added.level) == (official.municipality, "main")
    assert added.history.first().history_change_reason == "入力.xlsx から取込み"
    assert NationalSupport.objects.get(name="新しい税制").municipality == official.municipality
    result = SchemeResult.objects.get(name="新しい事業", evaluation=evaluation)
    assert result.result == "本年度の実績"
    assert [target.number for target in result.targets.all()] == [1]
    assert {municipality.name for municipality in result.municipalities.all()} == {
        "川崎市",
        "横浜市",
    }
    assert result.history.first().history_change_reason == "入力.xlsx から取込み"


def test_the_same_workbook_twice_adds_once(kawasaki):
    content = edited(
        download(kawasaki),
        ("国の支援", "追加1", "種類", "税制支援"),
        ("国の支援", "追加1", "事業の名称", "新しい税制"),
        ("数値", ACTUAL, YEAR, 7),
    )
    confirm(kawasaki, send(kawasaki, content))

    second_response = send(kawasaki, content)

    assert counts(second_response) == (0, 0, 0, 0)
    assert "同じ内容の行が既に登録されているため、追加しません。" in text_of(second_response)


def test_pressing_twice_takes_over_once(kawasaki):
    response = send(kawasaki, edited(download(kawasaki), ("数値", ACTUAL, YEAR, 7)))
    confirm(kawasaki, response)

    assert "既に取り込まれています。" in text_of(confirm(kawasaki, response))
    assert actual().revision == 2


def test_what_the_secretariat_fills_in(office, evaluation):
    content = edited(
        download(office),
        ("本文", "本文 1", "本年度の内容", 4.5),
        ("本文", "本文 12", "本年度の内容", "Excelの総合評価"),
        ("別紙1", "（1） 5", "本年度の内容", "Excelの自己評価"),
        ("解決策", "解決策 1", "寄与する数値目標", "数値目標（1）－①"),
        ("規制の特例措置", "追加1", "種類", "一般事業（本文4②）"),
        ("規制の特例措置", "追加1", "事業の名称", "新しい一般事業"),
        ("規制の特例措置", "追加1", "実績及び自己評価", "一般事業の実績"),
        ("該当なしの回答", "神奈川県 国の支援", "本年度の内容", "はい"),
    )
    response = send(office, content)
    assert sentences(response) == []
    confirm(office, response)

    evaluation.refresh_from_db()
    assert (evaluation.previous_score, evaluation.overall) == ("4.5", "Excelの総合評価")
    assert evaluation.history.filter(history_change_reason="入力.xlsx から取込み").count() == 1
    assert TargetAssessment.objects.get(evaluation=evaluation).self_assessment == "Excelの自己評価"
    assert Approach.objects.get(evaluation=evaluation).targets.count() == 1
    of_kanagawa = Submission.objects.get(evaluation=evaluation, municipality__name="神奈川県")
    assert of_kanagawa.no_national_supports
    assert not of_kanagawa.no_schemes
    assert RegulatoryMeasure.objects.get(name="新しい一般事業").details == "一般事業の実績"


def test_a_figure_of_the_zone_as_a_whole_is_filled_in_beside_those_of_its_years(office):
    actuals = Actual.objects.filter(fiscal_year=2023)
    target = actuals.first().target
    actuals.delete()
    Actual.objects.create(target=target, fiscal_year=2023, municipality=None)
    content = download(office)
    sheet = opened(content)["数値"]
    assert lines(sheet) == ["（1） 目標値", "（1） 特区全体"]
    assert place(sheet, "（1） 特区全体", "令和4年度").value == 12

    response = send(office, edited(content, ("数値", "（1） 特区全体", YEAR, 34)))
    confirm(office, response)

    assert Actual.objects.get(fiscal_year=2023).value == Figure.of(34)


@pytest.mark.parametrize(
    ("owner_cell", "owners"), [("特区全体", []), ("川崎市・横浜市", ["川崎市", "横浜市"])]
)
def test_the_secretariat_says_whose_a_new_row_is(office, owner_cell, owners):
    cells = [
        ("地域の支援措置", "追加1", "区分", "規制緩和"),
        ("地域の支援措置", "追加1", "事業名・取組", "新しい事業"),
    ]
    assert sentences(send(office, edited(download(office), *cells))) == [
        "「地域の支援措置」5行目 自治体名：自治体名を選んでください。"
    ]
    cells.append(("地域の支援措置", "追加1", "自治体名", owner_cell))
    confirm(office, send(office, edited(download(office), *cells)))

    added = SchemeResult.objects.get(name="新しい事業")
    assert {municipality.name for municipality in added.municipalities.all()} == set(owners)


def test_a_deletion_counts_whatever_else_the_line_says(kawasaki):
    content = edited(
        download(kawasaki),
        ("国の支援", SUPPORT, "削除", "削除"),
        ("国の支援", SUPPORT, "事業の概要", "=1+1"),
    )
    confirm(kawasaki, send(kawasaki, content))

    assert not NationalSupport.objects.filter(evaluation__fiscal_year=2023, name="川崎の補助")


# The session has ended meanwhile


def test_a_preview_is_confirmed_after_the_session_has_ended(kawasaki, official, colleague):
    content = edited(
        download(kawasaki),
        ("取組・成果", DONE, "内容", "ブックの内容"),
        ("数値", ACTUAL, YEAR, "七つ"),
    )
    _save(achievement(), "text", "同僚の内容", colleague)
    preview = send(kawasaki, content, "川崎市.xlsx")
    data = sent_from(preview, "typed")
    Session.objects.all().delete()

    asked = kawasaki.post(PAGE, data)
    assert asked.url == f"/sign-in/?ended=kept&next={PAGE}"
    assert achievement().text == "同僚の内容"
    kawasaki.force_login(official)

    shown = kawasaki.get(PAGE)
    page = text_of(shown)
    assert "まだ取り込んでいません。" in page
    assert "川崎市.xlsx" in page
    assert counts(shown) == counts(preview) == (0, 1, 0, 1)
    assert re.search(r'value="typed"[^>]* checked', page)
    assert achievement().text == "同僚の内容"
    assert "まだ取り込んでいません。" in text_of(kawasaki.get(PAGE)), "a reload shows it again"

    page = text_of(kawasaki.post(PAGE, sent_from(shown, "typed"), follow=True))
    assert "「川崎市.xlsx」から取り込みました（変更1行" in page
    assert achievement().text == "ブックの内容"
    assert "ダウンロードする" in text_of(kawasaki.get(PAGE))


def sent_from(response, keep):
    """What the form of a preview sends."""
    context = response.context
    data = {"seen": context["seen"], "typed-by": context["typed_by"]}
    for conflict in (conflict for line in context["outcome"].lines for conflict in line.conflicts):
        data[f"{conflict.key}-conflict"] = conflict.conflict.revision
        data[f"{conflict.key}-keep"] = keep
    return data


def test_a_preview_that_waits_is_given_up_or_another_persons(kawasaki, official, colleague):
    data = sent_from(send(kawasaki, edited(download(kawasaki), ("数値", ACTUAL, YEAR, 7))), "")
    for person, waits in ((colleague, False), (official, True)):
        Session.objects.all().delete()
        kawasaki.post(PAGE, data)
        kawasaki.force_login(person)
        assert ("まだ取り込んでいません。" in text_of(kawasaki.get(PAGE))) is waits

    assert kawasaki.post(PAGE, data | {"cancel": ""}).url == PAGE

    assert "まだ取り込んでいません。" not in text_of(kawasaki.get(PAGE))
    assert actual().value is None


def test_a_preview_that_waits_takes_nothing_in_a_year_that_was_closed(kawasaki, official):
    data = sent_from(send(kawasaki, edited(download(kawasaki), ("数値", ACTUAL, YEAR, 7))), "")
    Session.objects.all().delete()
    kawasaki.post(PAGE, data)
    hand_in(official)
    kawasaki.force_login(official)

    assert "この内容で取り込む" not in text_of(kawasaki.get(PAGE))
    assert kawasaki.post(PAGE, data).status_code == 403


# Others have saved meanwhile


def test_an_untouched_cell_proposes_nothing_although_its_record_changed(kawasaki, colleague):
    content = edited(download(kawasaki), ("取組・成果", DONE, "見出し", "新しい見出し"))
    _save(achievement(), "text", "同僚の内容", colleague)

    response = send(kawasaki, content)
    assert counts(response) == (0, 1, 0, 0)
    confirm(kawasaki, response)

    row = achievement()
    assert (row.heading, row.text) == ("新しい見出し", "同僚の内容")


def test_both_versions_of_a_conflict_are_shown_and_one_is_chosen(kawasaki, colleague):
    content = edited(
        download(kawasaki),
        ("取組・成果", DONE, "内容", "ブックの内容"),
        ("数値", ACTUAL, YEAR, 7),
    )
    _save(achievement(), "text", "同僚の内容", colleague)

    response = send(kawasaki, content)
    page = text_of(response)
    assert "ほかの人が先に保存しました。どちらを残すか選んでください。" in page
    assert "同僚の内容" in page
    assert "ブックの内容" in page

    second_response = confirm(kawasaki, response)
    assert "どちらを残すか選んでください。" in text_of(second_response)
    assert actual().value is None

    page = text_of(confirm(kawasaki, second_response, "stored"))
    assert "変更1行" in page
    assert achievement().text == "同僚の内容"
    assert actual().value == Figure.of(7)


def test_a_conflict_is_settled_for_the_workbook_when_it_is_chosen(kawasaki, colleague):
    content = edited(download(kawasaki), ("取組・成果", DONE, "内容", "ブックの内容"))
    _save(achievement(), "text", "同僚の内容", colleague)

    response = send(kawasaki, content)
    confirm(kawasaki, response, "typed")

    assert achievement().text == "ブックの内容"


def test_a_stale_preview_is_refused_and_shown_anew(kawasaki, colleague):
    response = send(kawasaki, edited(download(kawasaki), ("取組・成果", DONE, "内容", "ブック")))
    _save(achievement(), "text", "同僚の内容", colleague)

    second_response = confirm(kawasaki, response)

    assert second_response.status_code == 200
    assert "何も取り込んでいません" in text_of(second_response)
    assert "同僚の内容" in text_of(second_response)
    assert achievement().text == "同僚の内容"
    assert "登録されている内容を残しました。" in text_of(
        confirm(kawasaki, second_response, "stored")
    )
    assert achievement().text == "同僚の内容"


def saved_since(which, colleague):
    """Something that somebody else does to a row while its line is previewed."""
    done = achievement()
    match which:
        case "achievement":
            _save(done, "text", "同僚が後で書いた文", colleague)
        case "result":
            joint = {"name": "共同の事業", "evaluation__fiscal_year": 2023}
            _save(SchemeResult.objects.get(**joint), "result", "同僚が後で書いた文", colleague)
        case "another achievement":
            Achievement.objects.create(
                approach=done.approach, level="main", position=9, heading="同僚が後で書いた文"
            )
        case "achievement in place of another":
            done.delete()
            Achievement.objects.create(
                approach=done.approach,
                level=done.level,
                position=done.position,
                heading="同僚が後で書いた文",
            )


@pytest.mark.parametrize(
    ("cell", "which"),
    [
        (("取組・成果", DONE, "削除", "削除"), "achievement"),
        (("地域の支援措置", JOINT, "削除", "削除"), "result"),
        (("解決策", "解決策 1", "削除", "削除"), "achievement"),
        (("解決策", "解決策 1", "削除", "削除"), "another achievement"),
        (("解決策", "解決策 1", "削除", "削除"), "achievement in place of another"),
        (("取組・成果", DONE, "見出し", "ブックの見出し"), "achievement"),
    ],
)
def test_nothing_is_deleted_or_written_over_that_was_not_shown(office, colleague, cell, which):
    """Also where the line itself would be shown the same: its row is not the one that was previewed."""
    response = send(office, edited(download(office), cell))
    saved_since(which, colleague)
    before = everything()

    second_response = confirm(office, response)

    assert "何も取り込んでいません" in text_of(second_response), (
        f"{which} was saved since, and nobody told"
    )
    assert everything() == before
    assert second_response.context["outcome"].is_ready


def test_a_conflict_is_settled_only_against_the_version_that_was_shown(kawasaki, colleague):
    content = edited(download(kawasaki), ("取組・成果", DONE, "内容", "ブックの内容"))
    _save(achievement(), "text", "同僚の内容", colleague)
    response = send(kawasaki, content)
    _save(achievement(), "text", "同僚が後で書いた文", colleague)

    second_response = confirm(kawasaki, response, "typed")

    assert "同僚が後で書いた文" in text_of(second_response)
    assert achievement().text == "同僚が後で書いた文"


def test_a_row_deleted_meanwhile_is_reported_only_where_it_was_edited(kawasaki):
    untouched = download(kawasaki)
    content = edited(untouched, ("取組・成果", DONE, "内容", "ブックの内容"))
    achievement().delete()

    assert counts(send(kawasaki, untouched)) == (0, 0, 0, 0)
    assert sentences(send(kawasaki, content)) == [
        "「取組・成果」2行目 内容：この行は、ブックを作った後に入力欄からなくなりました"
        "（削除されたか、他の作成主体の行になったか、回答が要らなくなりました）。"
    ]


def test_rights_are_asked_again_under_the_lock(kawasaki, official):
    response = send(kawasaki, edited(download(kawasaki), ("数値", ACTUAL, YEAR, 7)))
    hand_in(official)

    assert confirm(kawasaki, response).status_code == 403
    assert actual().value != Figure.of(7)


@pytest.mark.parametrize("state", ["preparing", "final", "sent"])
def test_an_old_workbook_of_a_closed_year_takes_nothing(kawasaki, state):
    content = edited(download(kawasaki), ("数値", ACTUAL, YEAR, 7))
    close(EvaluationState(state))

    assert "内容を確かめる" not in text_of(kawasaki.get(PAGE))
    assert send(kawasaki, content).status_code == 403
    assert actual().value is None


def test_the_preview_of_another_person_is_worth_nothing(kawasaki, client, colleague):
    response = send(kawasaki, edited(download(kawasaki), ("数値", ACTUAL, YEAR, 7)))
    client.force_login(colleague)

    second_response = client.post(PAGE, {"seen": response.context["seen"]})

    assert second_response.status_code == 200
    assert "もう一度ファイルを選んでください。" in text_of(second_response)
    assert actual().value is None


def test_without_a_readable_origin_it_is_compared_with_what_is_stored_now(kawasaki, colleague):
    book = opened(edited(download(kawasaki), ("取組・成果", DONE, "見出し", "新しい見出し")))
    del book["出所（変更しない）"]
    _save(achievement(), "text", "同僚の内容", colleague)

    response = send(kawasaki, saved(book))

    assert "いつ作られたものか分からないため" in text_of(response)
    assert counts(response) == (0, 1, 0, 0)
    (line,) = response.context["outcome"].changed
    assert {change.column: change.new for change in line.changes} == {
        "見出し": "新しい見出し",
        "内容": "内容",
    }


def test_a_part_of_the_workbook_is_enough_and_the_rest_stays(kawasaki):
    before = everything()
    kept = "地域の支援措置"
    book = opened(edited(download(kawasaki), (kept, SCHEME, "実績", "新しい実績")))
    others = [sheet.title for sheet in book.worksheets[1:-1] if sheet.title not in (kept, "数値")]
    for title in others:
        del book[title]
    book[kept].delete_rows(place(book[kept], JOINT, "実績").row)
    book["数値"].delete_rows(2)  # the targets, where nothing is filled in

    response = send(kawasaki, saved(book))

    assert counts(response) == (0, 1, 0, 0)
    assert response.context["notices"] == [
        f"入力用の{len(others) + 2}枚のシートのうち、2枚を読み込みました：「数値」「{kept}」。"
        "ほかのシートの内容は変わりません。",
        f"シート「{kept}」にない行が1行あります。その内容は変わりません。"
        "行を削除するときは、「削除」の列で「削除」を選んでください。",
    ]
    confirm(kawasaki, response)
    changed = [model.__name__ for model, rows in everything().items() if before[model] != rows]
    assert {name for name in changed if not name.startswith("Historical")} == {"SchemeResult"}
    assert SchemeResult.objects.filter(name="共同の事業", evaluation__fiscal_year=2023).exists()


def test_lines_and_columns_may_be_moved(kawasaki):
    book = opened(edited(download(kawasaki), ("地域の支援措置", SCHEME, "実績", "新しい実績")))
    sheet = book["地域の支援措置"]
    sheet.move_range(f"A3:{sheet.cell(3, sheet.max_column).coordinate}", rows=60)
    sheet.move_range(f"H1:H{sheet.max_row}", cols=30)
    book.move_sheet("地域の支援措置", -3)

    response = send(kawasaki, saved(book))
    assert sentences(response) == []
    assert counts(response) == (0, 1, 0, 0)


def test_the_overview_leads_to_it(kawasaki):
    assert PAGE in kawasaki.get(ENTRY).content.decode()


def _save(row, field, value, by):
    setattr(row, field, value)
    row._history_user = by
    row.save()
