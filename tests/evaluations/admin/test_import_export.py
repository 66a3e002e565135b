"""Export and import in the admin: an export imports unchanged, and only what the preview showed is imported."""

import re
from io import BytesIO

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook

from evaluations.admin.base.import_export import SpreadsheetAdmin
from evaluations.models import (
    Achievement,
    Actual,
    Approach,
    Correction,
    Evaluation,
    NumericTarget,
    ResultPart,
    YearlyTarget,
    Zone,
)
from evaluations.models.evaluation import EvaluationQuerySet
from evaluations.sample import evaluations
from supports.models import NationalSupport, RegulatoryMeasure, Scheme, SchemeResult
from tests import factories, worlds
from tests.evaluations.admin.test_access import everything, kawasaki, set_state, world
from tests.libreoffice import needs_calc, saved_again
from tests.spreadsheets.test_files import with_results
from tokku.accounts.models import Municipality
from tokku.figures import Figure
from tokku.revisions import RESTORED
from tokku.spreadsheets import delimited, files
from tokku.spreadsheets.resources import SheetResource
from tokku.spreadsheets.sheet import NOT_COMPUTED, Sheet, SheetLine

__all__ = ["kawasaki", "world"]

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MODELS = [model for model, its in admin.site._registry.items() if isinstance(its, SpreadsheetAdmin)]


def address(model, page, *args):
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_{page}", args=args)


def export(client, model, kind="csv", query=""):
    response = client.get(address(model, "export", kind) + query)
    assert response.status_code == 200
    return response.content


def sheet(client, model, query=""):
    """The lines of the export as dictionaries by column, to be changed."""
    read = delimited.read(export(client, model, query=query))
    return [dict(zip(read.columns, line.cells, strict=True)) for line in read.lines]


def preview(client, model, rows, name="表.csv"):
    columns = list(dict.fromkeys(column for row in rows for column in row))
    lines = [[row.get(column, "") for column in columns] for row in rows]
    return upload(
        client, model, files.KINDS[name.rpartition(".")[2]].write("表", columns, lines), name
    )


def upload(client, model, content, name="表.csv"):
    return client.post(address(model, "import"), {"sheet": SimpleUploadedFile(name, content)})


def confirm(client, model, page):
    assert page.context["seen"], sentences(page)
    return client.post(address(model, "import"), {"seen": page.context["seen"]}, follow=True)


def sentences(page):
    result = page.context.get("result")
    problems = [page.context["problem"]] if page.context.get("problem") else []
    refused = result.refused if result else []
    return problems + [
        f"{row.line}行目 {column}：{sentence}"
        for row in refused
        for column, sentence in row.refusals
    ]


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


# An export imports unchanged


@worlds.world
def sample():
    for contents in evaluations().values():
        evaluation = factories.evaluation(contents)
    # The rows of kinds that the sample has none of.
    Correction.objects.create(
        evaluation=evaluation,
        target=NumericTarget.objects.of_edition(evaluation.edition)[0],
        fiscal_year=evaluation.fiscal_year - 1,
        value="約9（速報値）",
        reason="確報値",
    )
    sealed = Evaluation.objects.order_by("fiscal_year").first()
    Evaluation.objects.filter(pk=sealed.pk).update(state="final")
    ResultPart.objects.create(evaluation=sealed, name="地域の評価", score="4.0", weight="2")


@pytest.mark.parametrize("kind", files.KINDS)
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_an_export_comes_in_without_a_change(client, sample, secretariat, model, kind):
    client.force_login(secretariat)
    content = export(client, model, kind)
    before = everything()

    page = upload(client, model, content, f"表.{kind}")

    assert sentences(page) == []
    result = page.context["result"]
    assert (len(result.new), len(result.changed)) == (0, 0)
    assert len(result.unchanged) == model.objects.count() > 0
    assert "取り込むものはありません" in text_of(page)
    assert everything() == before


@pytest.mark.full
@needs_calc
def test_lists_saved_by_libreoffice_come_in_without_a_change(client, sample, secretariat, tmp_path):
    client.force_login(secretariat)
    books = {model._meta.model_name: export(client, model, "xlsx") for model in MODELS}
    saved = saved_again(books, tmp_path)
    before = everything()

    for model in MODELS:
        page = upload(client, model, saved[model._meta.model_name], "表.xlsx")
        assert sentences(page) == []
        assert len(page.context["result"].unchanged) == model.objects.count()

    assert everything() == before


def test_a_list_goes_out_as_it_is_filtered(client, sample, secretariat):
    client.force_login(secretariat)

    years = {row["年度"] for row in sheet(client, NationalSupport, "?fiscal_year=2023")}

    assert years == {"2023"}


def test_drafts_of_others_do_not_go_out(kawasaki, world, other_official):
    NationalSupport.objects.create(
        evaluation=world, kind="tax", name="横浜の下書き", municipality=other_official.municipality
    )
    assert [row["事業の名称"] for row in sheet(kawasaki, NationalSupport)] == ["国の事業"]

    set_state(world, "handed in", other_official)
    assert "横浜の下書き" in [row["事業の名称"] for row in sheet(kawasaki, NationalSupport)]


@pytest.mark.parametrize("kind", files.KINDS)
def test_text_that_looks_like_a_formula_goes_out_and_comes_in_as_text(
    client, world, secretariat, kind
):
    client.force_login(secretariat)
    row = NationalSupport.objects.get()
    row.name, row.outline, row.usage = "=1+1", "-5％\n@住所", "'=+既に引用符"
    row.save()

    content = export(client, NationalSupport, kind)

    page = upload(client, NationalSupport, content, f"表.{kind}")
    assert sentences(page) == []
    assert len(page.context["result"].unchanged) == 1


# What comes in


def test_an_official_imports_figures_after_seeing_old_and_new(kawasaki, world, official):
    NumericTarget.objects.update(decimals=1)
    row = Actual.objects.get(municipality=official.municipality, fiscal_year=2023)
    rows = sheet(kawasaki, Actual)
    own_line = next(
        line for line in rows if line["自治体コード"] == "141305" and line["年度"] == "2023"
    )
    own_line |= {"実績値": "１，２３４．５", "出典・備考": "統計年報"}

    page = preview(kawasaki, Actual, rows, "実績.xlsx")

    assert "変更 1 行" in text_of(page)
    assert page.context["result"].changed[0].changes == [
        ("実績値", "", "1,234.5"),
        ("出典・備考", "", "統計年報"),
    ]
    row.refresh_from_db()
    assert (row.value, row.revision) == (None, 1)

    assert "「実績.xlsx」から取り込みました（追加0行、変更1行、" in text_of(
        confirm(kawasaki, Actual, page)
    )
    row.refresh_from_db()
    assert (row.value, row.note, row.revision) == (Figure.of("1234.5"), "統計年報", 2)
    saved = row.history.first()
    assert (saved.history_user, saved.history_change_reason) == (
        official,
        "「実績.xlsx」から取り込み",
    )
    assert LogEntry.objects.get().user == official


def test_a_blank_cell_changes_nothing(kawasaki, world):
    row = NationalSupport.objects.get()
    row.outline = "概要"
    row.save()
    rows = sheet(kawasaki, NationalSupport)
    rows[0] |= {"事業の概要": "", "事業の名称": "新しい名称"}

    confirm(kawasaki, NationalSupport, preview(kawasaki, NationalSupport, rows))

    row.refresh_from_db()
    assert (row.name, row.outline) == ("新しい名称", "概要")


def test_a_text_that_is_stored_alike_is_no_change(kawasaki, world):
    NationalSupport.objects.update(outline="一行目\n二行目")

    page = preview(kawasaki, NationalSupport, [SUPPORT | {"事業の概要": "一行目\n\n 二行目"}])

    assert len(page.context["result"].unchanged) == 1


@pytest.mark.parametrize("cell", ["（削除）", "(削除)"])
def test_a_cell_marked_as_deleted_empties_what_may_be_empty(client, world, secretariat, cell):
    client.force_login(secretariat)
    target = NumericTarget.objects.first()
    target.weight = 33
    target.save()
    measure = RegulatoryMeasure.objects.get()
    measure.used, measure.note = True, "備考"
    measure.save()
    measure.targets.set([target])
    for model, cells in (
        (NumericTarget, {"寄与度（％）": cell}),
        (
            RegulatoryMeasure,
            {
                "備考（活用状況等）": cell,
                "評価対象年度における活用の有無": cell,
                "関連する数値目標": cell,
            },
        ),
    ):
        rows = sheet(client, model)
        rows[0] |= cells
        confirm(client, model, preview(client, model, rows))

    target.refresh_from_db()
    measure.refresh_from_db()
    assert target.weight is None
    assert (measure.note, measure.used, measure.targets.count()) == ("", None, 0)


@pytest.mark.parametrize("column", ["名称", "小数の桁数"])
def test_what_must_be_there_is_not_deleted(client, world, secretariat, column):
    client.force_login(secretariat)
    rows = sheet(client, NumericTarget)
    rows[0][column] = "（削除）"

    (sentence, *_) = sentences(preview(client, NumericTarget, rows))

    assert sentence.startswith(f"2行目 {column}：")


def test_a_row_is_deleted_by_its_column_after_what_goes_with_it_was_shown(
    client, world, secretariat
):
    client.force_login(secretariat)
    rows = sheet(client, Approach)
    achievement = Achievement.objects.get()

    page = preview(client, Approach, [row | {"削除": "削除"} for row in rows])

    assert "削除する行" in text_of(page)
    assert achievement.heading in text_of(page)
    assert Approach.objects.exists()
    assert "削除1行" in text_of(confirm(client, Approach, page))
    assert not Approach.objects.exists()
    for model in (Approach, Achievement):
        deleted = model.history.filter(history_type="-").get()
        assert deleted.history_change_reason == "「表.csv」から取り込み"
    assert LogEntry.objects.get().is_deletion()


def test_a_log_names_the_row_that_a_line_deleted(client, world, secretariat):
    client.force_login(secretariat)
    row = NationalSupport.objects.get()

    confirm(client, NationalSupport, preview(client, NationalSupport, [SUPPORT | {"削除": "削除"}]))

    assert LogEntry.objects.get().object_id == str(row.pk)


@pytest.mark.parametrize(
    ("model", "cells", "sentence"),
    [
        (NationalSupport, {"削除": "たぶん"}, "削除：「たぶん」は読み取れません。"),
        (
            NationalSupport,
            {"順序": "99", "削除": "削除"},
            "削除：登録されていない行は、削除できません。",
        ),
        (Municipality, {"削除": "削除"}, "削除："),
    ],
)
def test_a_deletion_that_may_not_be_is_refused(client, world, secretariat, model, cells, sentence):
    client.force_login(secretariat)
    before = everything()
    rows = sheet(client, model)

    (message, *_) = sentences(preview(client, model, [rows[0] | cells]))

    assert sentence in message
    assert everything() == before


def test_others_rows_and_closed_years_are_not_deleted(kawasaki, world, other_official, official):
    own_actual = Actual.objects.get(municipality=official.municipality, fiscal_year=2023)
    rows = [row | {"削除": "○"} for row in sheet(kawasaki, Actual) if row["年度"] == "2023"]
    set_state(world, "sealed", official)

    assert all(
        "変更できません" in sentence for sentence in sentences(preview(kawasaki, Actual, rows))
    )
    assert Actual.objects.filter(pk=own_actual.pk).exists()


def test_columns_may_be_fewer_and_in_another_order(kawasaki, world):
    row = sheet(kawasaki, NationalSupport)[0]
    columns = ["事業の概要", "順序", "自治体コード", "種類", "年度", "特区"]
    rows = [
        {name: row[name] for name in columns} | {"事業の概要": "新しい概要", "年度": "令和５年度"}
    ]

    confirm(kawasaki, NationalSupport, preview(kawasaki, NationalSupport, rows))

    assert NationalSupport.objects.get().outline == "新しい概要"


def test_columns_that_are_not_read_are_reported(kawasaki, world):
    rows = [
        row | {"課内メモ": "確認済み", "事業の概要": "新"}
        for row in sheet(kawasaki, NationalSupport)
    ]

    page = preview(kawasaki, NationalSupport, rows)

    assert "次の列は、この一覧にないため読み込みません： 課内メモ" in text_of(page)
    assert page.context["seen"]


def test_rows_are_added_with_what_they_relate_to(client, world, secretariat, official):
    client.force_login(secretariat)
    result = {"特区": "keihin", "年度": "2023", "区分": "税制支援措置", "事業名・取組": "減税"}
    result |= {"自治体コード": "141305、141003", "作成主体以外の自治体名等": "関係市町村"}
    result |= {"順序": "2", "関連する数値目標": "1-1", "実績": "10件"}
    confirm(client, SchemeResult, preview(client, SchemeResult, [result]))

    row = SchemeResult.objects.get(name="減税")
    assert set(row.bodies) == {"川崎市", "横浜市", "関係市町村"}
    assert (row.result, row.position, row.targets.count()) == ("10件", 2, 1)


def test_a_scheme_that_is_added_goes_on_from_the_one_of_the_same_key(client, world, secretariat):
    client.force_login(secretariat)
    edition = world.edition
    later = Evaluation.objects.create(zone=world.zone, edition=edition, fiscal_year=2024)
    for name in ("補助金", "別の補助金"):
        row = RESULT | {"年度": "2024", "事業名・取組": name}
        confirm(client, SchemeResult, preview(client, SchemeResult, [row]))
    then = SchemeResult.objects.get(evaluation=world)
    same, other = later.schemeresult_set.order_by("pk")
    assert same.scheme == then.scheme != other.scheme


def test_a_new_row_is_shown_with_its_key_and_without_what_was_there(client, world, secretariat):
    client.force_login(secretariat)
    key = {"特区": "keihin", "期": "1", "評価指標": "1", "数値目標": "2"}
    stored = next(line for line in sheet(client, NumericTarget) if line["特区"] == "keihin")

    page = preview(client, NumericTarget, [stored | key | {"小数の桁数": "2"}])

    (line,) = page.context["result"].new
    assert {name: new for name, _, new in line.changes}.items() >= key.items()
    assert {old for _, old, _ in line.changes} == {""}


def test_a_relation_alone_may_change(client, world, secretariat):
    client.force_login(secretariat)
    rows = sheet(client, RegulatoryMeasure)
    assert rows[0]["関連する数値目標"] == ""
    rows[0]["関連する数値目標"] = "1-1"

    confirm(client, RegulatoryMeasure, preview(client, RegulatoryMeasure, rows))

    row = RegulatoryMeasure.objects.get()
    assert (row.targets.count(), row.revision) == (1, 2)


@pytest.mark.parametrize("model", [Municipality, Actual, SchemeResult])
@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("14100", "（検査数字がないのであれば 141003）"),
        ("11002", "（先頭の0が落ちたのであれば 011002、検査数字がないのであれば 110027）"),
    ],
)
def test_a_code_of_five_digits_is_refused_with_what_it_may_be(
    client, world, secretariat, model, code, sentence
):
    """Never completed: a body that does not exist would be made, or the figure of another one changed."""
    rows = {
        Municipality: {"全国地方公共団体コード": code, "名称": "札幌"},
        Actual: ACTUAL | {"自治体コード": code},
        SchemeResult: RESULT | {"自治体コード": code},
    }
    client.force_login(secretariat)
    [told] = sentences(preview(client, model, [rows[model]]))
    assert f"：「{code}」は5桁です。検査数字を含む6桁で入力してください{sentence}" in told


# What follows from a new row


def test_a_target_that_a_sheet_adds_is_asked_for_in_open_years(client, world, secretariat):
    client.force_login(secretariat)
    row = next(line for line in sheet(client, NumericTarget) if line["特区"] == "keihin")
    of_new = Actual.objects.filter(target__number=2, fiscal_year=world.fiscal_year)

    page = preview(client, NumericTarget, [row | {"数値目標": "2", "名称": "新しい目標"}])
    assert not of_new.exists()
    confirm(client, NumericTarget, page)

    assert of_new.exists()


def test_what_follows_is_asked_of_each_new_row_with_its_relations(
    client, world, secretariat, monkeypatch
):
    client.force_login(secretariat)
    calls = []
    monkeypatch.setattr(
        admin.site.get_model_admin(RegulatoryMeasure),
        "after_adding",
        lambda request, row: calls.append((row.position, row.targets.count())),
    )
    (stored,) = sheet(client, RegulatoryMeasure)
    new = stored | {"関連する数値目標": "1-1"}
    rows = [
        stored | {"備考（活用状況等）": "変更"},
        new | {"順序": "2"},
        new | {"順序": "3"},
    ]

    page = preview(client, RegulatoryMeasure, rows)
    assert calls == [(2, 1), (3, 1)]
    confirm(client, RegulatoryMeasure, page)

    assert calls == [(2, 1), (3, 1)] * 2


def test_the_lines_after_a_new_row_see_what_follows_from_it(client, world, monkeypatch):
    client.force_login(factories.person("administrator"))
    unused = Municipality.objects.create(code="012033", name="小樽市")
    monkeypatch.setattr(
        admin.site.get_model_admin(Municipality),
        "after_adding",
        lambda request, row: NationalSupport.objects.create(
            evaluation=world, kind="tax", name="新しい支援", municipality=unused
        ),
    )
    new = {"全国地方公共団体コード": "012025", "名称": "函館市"}
    deleted = {"全国地方公共団体コード": unused.code, "名称": unused.name, "削除": "削除"}

    assert sentences(preview(client, Municipality, [deleted])) == []
    [sentence] = sentences(preview(client, Municipality, [new, deleted]))
    assert sentence.startswith("3行目 削除：国の支援（本文5）：")
    assert not unused.nationalsupport_set.exists()


# What is refused, with line, column and sentence. Nothing of such a sheet comes in.

ACTUAL = {
    "特区": "keihin",
    "期": "1",
    "評価指標": "1",
    "数値目標": "1",
    "年度": "2023",
    "自治体コード": "141305",
    "実績値": "5",
}
SUPPORT = {
    "特区": "keihin",
    "年度": "2023",
    "種類": "財政支援",
    "自治体コード": "141305",
    "順序": "1",
    "事業の名称": "国の事業",
}
ACHIEVEMENT = {
    "特区": "keihin",
    "年度": "2023",
    "解決策": "1",
    "自治体コード": "141305",
    "順序": "1",
    "見出し": "取組の名称",
}
RESULT = {
    "特区": "keihin",
    "年度": "2023",
    "区分": "財政支援措置",
    "事業名・取組": "補助金",
    "自治体コード": "141305",
    "実績": "5件",
}
OTHERS = "2行目 ：他の作成主体の欄は、その作成主体の担当者が入力します。"
BAD = {
    "no number": (
        Actual,
        ACTUAL | {"実績値": "12o"},
        "2行目 実績値：「12o」は単位が「o」で",
    ),
    "five decimals": (
        Actual,
        ACTUAL | {"実績値": "0.12345"},
        "2行目 実績値：「0.12345」は小数が4桁を",
    ),
    "thirty digits": (
        Actual,
        ACTUAL | {"実績値": "1" * 30},
        f"2行目 実績値：「{'1' * 30}」は桁が多すぎます。整数部は15桁までです。",
    ),
    "thousands of digits": (
        Actual,
        ACTUAL | {"実績値": "0." + "1" * 5_000},
        f"2行目 実績値：「0.{'1' * 38}…」は桁が多すぎます。",
    ),
    "thirty digits of a term": (
        Actual,
        ACTUAL | {"期": "1" * 30},
        f"2行目 期：「{'1' * 30}」は桁が多すぎます。",
    ),
    "thirty digits of a target": (
        Actual,
        ACTUAL | {"数値目標": "9" * 30},
        f"2行目 数値目標：「{'9' * 30}」は桁が多すぎます。",
    ),
    "thousands of digits of a related target": (
        SchemeResult,
        RESULT | {"関連する数値目標": "1" * 5_000 + "-1"},
        f"2行目 関連する数値目標：「{'1' * 40}…」は、評価指標と数値目標の番号で",
    ),
    "a figure of a year without an evaluation": (
        Actual,
        ACTUAL | {"年度": "2024"},
        "2行目 年度：令和6年度の評価書はありません。",
    ),
    "a figure of no year of the plan": (
        Actual,
        ACTUAL | {"年度": "令和99年度"},
        "2行目 年度：令和99年度は、第1期計画（",
    ),
    "a year before all eras": (
        NationalSupport,
        SUPPORT | {"年度": "1901"},
        "2行目 年度：「1901」は年度として読み取れません",
    ),
    "an error of a formula": (
        Actual,
        ACTUAL | {"実績値": "#N/A"},
        "2行目 実績値：「#N/A」（計算の誤り）",
    ),
    "an error in a key": (
        Actual,
        ACTUAL | {"年度": "#REF!"},
        "2行目 年度：「#REF!」（計算の誤り）",
    ),
    "no year": (Actual, ACTUAL | {"年度": "5"}, "2行目 年度：「5」は年度として読み取れません"),
    "blank year": (Actual, ACTUAL | {"年度": ""}, "2行目 年度：入力してください。"),
    "blank owner": (
        Actual,
        ACTUAL | {"自治体コード": ""},
        "2行目 自治体コード：入力してください。",
    ),
    "unknown zone": (Actual, ACTUAL | {"特区": "nowhere"}, "「nowhere」という特区はありません。"),
    "zone of others": (Actual, ACTUAL | {"特区": "sapporo"}, "「sapporo」という特区はありません。"),
    "unknown code": (
        Actual,
        ACTUAL | {"自治体コード": "４７２０１８"},
        "2行目 自治体コード：「472018」という自治体コードはありません。",
    ),
    "no code": (
        Actual,
        ACTUAL | {"自治体コード": "99"},
        "2行目 自治体コード：「99」は全国地方公共団体コードではありません。検査数字を含む6桁で",
    ),
    "code with a slip": (
        Actual,
        ACTUAL | {"自治体コード": "141004"},
        "2行目 自治体コード：全国地方公共団体コード 141004 は、検査数字（末尾の1桁）が合いません。",
    ),
    "code of another zone": (
        Actual,
        ACTUAL | {"自治体コード": "011002"},
        "2行目 自治体コード：「011002」という自治体コードはありません。",
    ),
    "unknown target": (
        Actual,
        ACTUAL | {"数値目標": "2"},
        "2行目 数値目標：評価指標1に数値目標2はありません。",
    ),
    "unknown indicator": (Actual, ACTUAL | {"評価指標": "9"}, "版に、評価指標9はありません。"),
    "half a number": (Actual, ACTUAL | {"数値目標": "1.5"}, "2行目 数値目標：「1.5」は整数で"),
    "of another municipality": (Actual, ACTUAL | {"自治体コード": "141003"}, OTHERS),
    "of the zone as a whole": (
        NationalSupport,
        SUPPORT | {"自治体コード": "特区全体"},
        "2行目 ：特区全体に関わる欄は、取りまとめ担当が入力します。",
    ),
    "given away": (NationalSupport, SUPPORT | {"自治体コード": "141003"}, OTHERS),
    "no choice": (
        NationalSupport,
        SUPPORT | {"種類": "補助"},
        "2行目 種類：「補助」は選べません。「財政支援」「税制支援」「金融支援」から選んでください。",
    ),
    "no such evaluation": (
        NationalSupport,
        SUPPORT | {"年度": "2030"},
        "2行目 年度：令和12年度の評価書はありません。",
    ),
    "new without a name": (
        NationalSupport,
        SUPPORT | {"順序": "9", "事業の名称": ""},
        "2行目 事業の名称：このフィールドは空ではいけません。",
    ),
    "name too long": (
        NationalSupport,
        SUPPORT | {"事業の名称": "長" * 301},
        "2行目 事業の名称：300文字までです（入力した文字は301文字）。",
    ),
    "not to be named so": (
        NationalSupport,
        SUPPORT | {"事業の名称": "該当なし"},
        "2行目 ：該当するものがないときは、行を追加せずに",
    ),
    "unknown approach": (
        Achievement,
        ACHIEVEMENT | {"解決策": "9"},
        "2行目 解決策：この評価書に解決策9はありません。",
    ),
    "achievement of others": (Achievement, ACHIEVEMENT | {"自治体コード": "140007"}, OTHERS),
    "scheme without a name": (
        SchemeResult,
        RESULT | {"事業名・取組": ""},
        "2行目 事業名・取組：入力してください。",
    ),
    "target without a dash": (
        SchemeResult,
        RESULT | {"関連する数値目標": "1"},
        "2行目 関連する数値目標：「1」は、",
    ),
    "target of no plan": (
        SchemeResult,
        RESULT | {"関連する数値目標": "1-1、7-7"},
        "2行目 関連する数値目標：「7-7」という数値目標は、この計画にありません。",
    ),
    "neither yes nor no": (
        SchemeResult,
        RESULT | {"全ての数値目標に関連": "多分"},
        "「多分」は選べません。「はい」「いいえ」から選んでください。",
    ),
    "scheme of others": (
        SchemeResult,
        RESULT | {"事業名・取組": "特例", "自治体コード": "141003"},
        OTHERS,
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_imported_is_reported_with_place_and_reason(kawasaki, world, case):
    model, row, sentence = BAD[case]
    before = everything()

    page = preview(kawasaki, model, [row])

    assert sentence in "\n".join(sentences(page))
    assert "取り込めない行があるため、何も変更していません" in text_of(page)
    assert not page.context["seen"]
    assert everything() == before


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return book


def packed(book):
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize("cell", ["=A1&B1", "#N/A"])
@pytest.mark.parametrize("name", ["課内メモ", "単位", None], ids=["unknown", "readonly", "unnamed"])
def test_what_stands_in_a_column_that_is_not_read_is_no_matter(kawasaki, world, name, cell):
    book = workbook([*ACTUAL, name], [*ACTUAL.values(), cell])

    page = upload(kawasaki, Actual, packed(book), "表.xlsx")
    assert sentences(page) == []
    confirm(kawasaki, Actual, page)

    assert Actual.objects.filter(value=5).count() == 1


def test_notices_of_reading_a_workbook_are_on_every_preview(kawasaki, world, official):
    book = workbook([*ACTUAL, "メモ"], [*ACTUAL.values(), "外"])
    book.active.title = "実績"
    book.create_sheet("作業", 0).sheet_state = "hidden"
    book["実績"].row_dimensions[2].hidden = True
    book["実績"].merge_cells("H2:H3")  # which is not read

    first = upload(kawasaki, Actual, packed(book), "表.xlsx")
    Actual.objects.get(municipality=official.municipality).save()
    second = confirm(kawasaki, Actual, first)

    for page in (first, second):
        assert page.context["seen"]
        assert "シート「実績」を読み込みました。" in text_of(page)
        assert "非表示の行（絞り込みで隠れた行を含む）も読み込みました：1行" in text_of(page)


def test_a_merged_cell_that_would_be_read_is_refused(kawasaki, world):
    book = workbook([*ACTUAL], [*ACTUAL.values()], [*(ACTUAL | {"年度": "2024"}).values()])
    book.active.merge_cells("G2:G3")

    messages = sentences(upload(kawasaki, Actual, packed(book), "表.xlsx"))

    assert [sentence.partition("。")[0] for sentence in messages] == [
        "2行目 実績値：結合されたセルは読み込めません",
        "3行目 実績値：結合されたセルは読み込めません",
    ]


def test_a_formula_is_reported_with_its_place(kawasaki, world):
    book = workbook(
        [*ACTUAL],
        [*ACTUAL.values()],
        [*(ACTUAL | {"年度": "2024", "実績値": "=1+1"}).values()],
    )

    page = upload(kawasaki, Actual, packed(book), "表.xlsx")

    assert sentences(page) == [f"3行目 実績値：{NOT_COMPUTED}"]

    book = workbook([*ACTUAL, "課内メモ"], [*(ACTUAL | {"実績値": "=1+1"}).values(), "=1+2"])
    content = with_results(packed(book), b"<v>7</v>", b"<v>3</v>")
    page = upload(kawasaki, Actual, content, "表.xlsx")

    assert sentences(page) == []
    cell = book.active.cell(2, [*ACTUAL].index("実績値") + 1).coordinate
    assert f"次のセルは、数式の計算結果を読み取りました：{cell}「7」 " in text_of(page)


def test_one_line_refused_keeps_all_out(kawasaki, world):
    before = everything()

    page = preview(
        kawasaki, NationalSupport, [SUPPORT | {"事業の概要": "新"}, SUPPORT | {"順序": "x"}]
    )

    assert sentences(page) == [
        "3行目 順序：「x」は数値として読み取れません。数字で入力してください（例：1,234）。"
    ]
    assert everything() == before


def test_a_row_twice_in_one_sheet_is_refused(kawasaki, world):
    page = preview(
        kawasaki, NationalSupport, [SUPPORT, SUPPORT | {"順序": "１", "事業の概要": "別"}]
    )

    assert sentences(page) == ["3行目 ：2行目と同じ行です。どちらか一つにしてください。"]


def test_rows_that_cannot_be_told_apart_are_refused(kawasaki, world, official):
    NationalSupport.objects.create(
        evaluation=world, kind="fiscal", name="同じ順序", municipality=official.municipality
    )

    page = preview(kawasaki, NationalSupport, [SUPPORT | {"事業の概要": "新"}])

    assert "が同じ行が2件登録されているため、どの行か決められません。" in sentences(page)[0]


@pytest.mark.parametrize("is_stored", [True, False], ids=["stored", "not there"])
def test_what_others_draft_is_refused_as_if_it_were_not_there(
    kawasaki, world, other_official, is_stored
):
    if is_stored:
        NationalSupport.objects.create(
            evaluation=world, kind="tax", name="下書き", municipality=other_official.municipality
        )
    row = SUPPORT | {"種類": "税制支援", "自治体コード": "141003"}

    assert sentences(preview(kawasaki, NationalSupport, [row])) == [OTHERS]


def test_both_kinds_of_actuals_of_a_year_are_refused_within_one_sheet(client, world, secretariat):
    """A line sees those before it, in the preview as when it is confirmed."""
    client.force_login(secretariat)
    Actual.objects.all().delete()

    page = preview(client, Actual, [ACTUAL, ACTUAL | {"自治体コード": "特区全体"}])

    assert sentences(page) == [
        "3行目 ：同じ年度に、特区全体の実績値と自治体ごとの実績値の両方を入力することはできません。"
    ]


@pytest.mark.parametrize("model", [Actual, YearlyTarget])
def test_figures_are_of_years_of_the_plan_also_for_the_secretariat(
    client, world, secretariat, model
):
    client.force_login(secretariat)
    row = ACTUAL | {"計画の版（最初の年度）": "2022", "目標値": "5"}
    years = world.plan.years

    messages = [
        sentences(preview(client, model, [row | {"年度": str(year)}]))
        for year in (years[0] - 1, years[0], years[-1], years[-1] + 1)
    ]

    assert [len(sentences_of_line) for sentences_of_line in messages] == [1, 0, 0, 1]
    assert messages[0][0].endswith("）の期間にありません。")


def test_a_stored_figure_of_a_year_without_an_evaluation_says_so(kawasaki, world, official):
    target = Actual.objects.filter(municipality=official.municipality).get().target
    Actual.objects.create(target=target, municipality=official.municipality, fiscal_year=2024)

    assert sentences(preview(kawasaki, Actual, [ACTUAL | {"年度": "2024"}])) == [
        "2行目 年度：令和6年度の評価書はありません。"
    ]


def test_what_belongs_to_another_zone_is_refused(client, world, secretariat):
    """As the form does, should a row have come to it."""
    client.force_login(secretariat)
    zone = Zone.objects.get(slug="sapporo")
    SchemeResult.objects.update(scheme=Scheme.objects.create(zone=zone))
    row = RESULT | {"実績": "他"}

    [sentence] = sentences(preview(client, SchemeResult, [row]))

    assert sentence.endswith("：別の特区の支援措置は選べません。")


def test_a_municipality_that_does_not_make_the_evaluation_is_refused(client, world, secretariat):
    client.force_login(secretariat)

    assert sentences(preview(client, NationalSupport, [SUPPORT | {"自治体コード": "011002"}])) == [
        "2行目 自治体コード：この特区の作成主体でないものは選べません。"
    ]


@pytest.mark.parametrize("state", ["handed in", "sealed"])
def test_a_closed_year_says_so(client, world, official, secretariat, state):
    person = official if state == "handed in" else secretariat
    client.force_login(person)
    other = factories.evaluation(factories.contents(fiscal_year=2024))
    other.state = "open"
    other.save()
    set_state(world, state, official)
    Evaluation.objects.filter(pk=other.pk).update(state="open")
    before = everything()

    page = preview(client, NationalSupport, [SUPPORT | {"事業の概要": "新"}])

    assert sentences(page) == [
        {
            "handed in": "2行目 ：提出した内容は、差し戻されるまで変更できません。",
            "sealed": "2行目 ：令和5年度の評価書は確定のため、変更できません。変更するには、取りまとめ担当が再開します。",
        }[state]
    ]
    assert everything() == before


def test_lines_without_a_change_are_not_refused(kawasaki, world, other_official):
    """A sheet of the whole list may come back, with the rows of others in it."""
    theirs = NationalSupport.objects.create(
        evaluation=world, kind="tax", name="横浜の減税", municipality=other_official.municipality
    )
    set_state(world, "handed in", other_official)
    rows = sheet(kawasaki, NationalSupport)
    assert theirs.name in [row["事業の名称"] for row in rows]

    page = preview(kawasaki, NationalSupport, [row | {"事業の概要": ""} for row in rows])

    assert sentences(page) == []


def test_what_the_form_of_a_row_refuses_its_line_does_too(kawasaki, world, monkeypatch):
    """Also where the owner that a line names might have been allowed to write it."""
    admin_of_rows = admin.site.get_model_admin(NationalSupport)
    monkeypatch.setattr(
        admin_of_rows, "why_not_change", lambda request, row=None: "触れません。" if row else ""
    )

    page = preview(kawasaki, NationalSupport, [SUPPORT | {"事業の概要": "新"}])

    assert sentences(page) == ["2行目 ：触れません。"]


def test_a_line_is_no_second_one_when_its_sheet_is_read_again(rf, world, secretariat):
    request = rf.get("/")
    request.user = secretariat
    resource = admin.site.get_model_admin(NationalSupport).resource(request)
    first_sheet = Sheet(tuple(SUPPORT), (SheetLine(2, tuple(SUPPORT.values())),))
    moved = Sheet(tuple(SUPPORT), (SheetLine(3, tuple(SUPPORT.values())),))

    results = [
        resource.import_sheet(read_sheet, dry_run=True) for read_sheet in (first_sheet, moved)
    ]

    assert [result.refused for result in results] == [[], []]


@pytest.mark.parametrize("hook", ["before_import", "validate_instance", "after_import"])
def test_a_mistake_of_the_program_is_not_passed_over(kawasaki, world, monkeypatch, hook):
    """The library would count such a line neither as read nor as refused."""

    def fail(*args, **kwargs):
        raise RuntimeError(hook)

    monkeypatch.setattr(SheetResource, hook, fail)
    before = everything()

    with pytest.raises(RuntimeError, match=hook):
        preview(kawasaki, NationalSupport, [SUPPORT | {"事業の概要": "新"}])

    assert everything() == before


# Files


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("表.ods", b"x", "取り込めるのは、Excelのブック（.xlsx）かCSV（.csv）です。"),
        ("表.xlsx", b"PK no zip", "Excelのブック（.xlsx）として読み取れません。"),
        ("表.csv", b"\x81", "文字コードを読み取れません。"),
        ("表.csv", "特区\n".encode(), "取り込む行がありません。"),
        ("表.csv", b",,\n1,2,3\n", "1行目に列の名前がありません。"),
        (
            "表.csv",
            "特区,年度\nkeihin,2023".encode(),
            "「種類」「自治体コード」「順序」の列がありません。",
        ),
        ("表.csv", "順序,順序\n1,2".encode(), "「順序」という列が2つあります。"),
        ("表.csv", "順序\n".encode() + b"1\n" * 2_001, "一度に取り込めるのは2,000行までです。"),
        ("表.csv", b"a" * (10 * 1024 * 1024 + 1), "ファイルは10MBまでです。"),
        ("表.csv", b'a,"b\n1', "CSVとして読み取れません"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_read_says_why(kawasaki, world, name, content, sentence):
    page = upload(kawasaki, NationalSupport, content, name)

    assert page.status_code == 200
    assert sentence in text_of(page)


def test_without_a_file_it_is_asked_for(kawasaki, world):
    assert "ファイルを選んでください。" in text_of(kawasaki.post(address(Actual, "import"), {}))


def test_a_sheet_in_cp932_is_read(kawasaki, world):
    rows = [list(SUPPORT), [*SUPPORT.values()]]
    rows[1][-1] = "①の事業"
    content = "\r\n".join(",".join(row) for row in rows).encode("cp932")

    confirm(kawasaki, NationalSupport, upload(kawasaki, NationalSupport, content))

    assert NationalSupport.objects.get().name == "①の事業"


# Between preview and confirm


@pytest.fixture
def preview_page(kawasaki, world):
    return preview(kawasaki, NationalSupport, [SUPPORT | {"事業の概要": "わたしの概要"}])


def test_what_changed_after_the_preview_is_not_written_over(kawasaki, preview_page, colleague):
    row = NationalSupport.objects.get()
    row.usage = "同僚の活用"
    row.save()
    before = everything()

    page = confirm(kawasaki, NationalSupport, preview_page)

    assert (
        "この画面を開いた後に、登録されている内容が変わりました。何も取り込んでいません。"
        in text_of(page)
    )
    assert everything() == before
    # What is shown now may be confirmed, and keeps what the colleague wrote.
    confirm(kawasaki, NationalSupport, page)
    row.refresh_from_db()
    assert (row.outline, row.usage) == ("わたしの概要", "同僚の活用")


def test_a_row_deleted_after_the_preview_is_not_made_again(kawasaki, preview_page):
    NationalSupport.objects.all().delete()

    page = confirm(kawasaki, NationalSupport, preview_page)

    assert "登録されている内容が変わりました" in text_of(page)
    assert not NationalSupport.objects.exists()


def test_a_row_in_the_place_of_the_one_that_was_shown_is_not_written_over(kawasaki, preview_page):
    row = NationalSupport.objects.get()
    NationalSupport.objects.all().delete()
    row.pk, row.revision = None, row.revision - 1
    row.save(force_insert=True)

    page = confirm(kawasaki, NationalSupport, preview_page)

    assert "登録されている内容が変わりました" in text_of(page)
    assert NationalSupport.objects.get().outline == ""


def test_a_new_row_is_as_it_was_shown_whatever_others_add_meanwhile(kawasaki, world):
    page = preview(kawasaki, NationalSupport, [SUPPORT | {"順序": "2"}])
    NationalSupport.objects.create(evaluation=world, kind="tax", name="別の行")

    assert "追加1行" in text_of(confirm(kawasaki, NationalSupport, page))


def test_pressing_twice_imports_once(kawasaki, world):
    page = preview(kawasaki, NationalSupport, [SUPPORT | {"順序": "2", "事業の名称": "二つ目"}])
    confirm(kawasaki, NationalSupport, page)

    again = confirm(kawasaki, NationalSupport, page)

    assert "「表.csv」の内容は、既に取り込まれています。" in text_of(again)
    assert NationalSupport.objects.count() == 2
    assert LogEntry.objects.count() == 1


def test_only_evaluations_of_the_zones_in_the_sheet_are_locked(
    client, world, secretariat, monkeypatch
):
    client.force_login(secretariat)
    sheets = {
        NationalSupport: SUPPORT | {"事業の概要": "新"},
        Municipality: {"全国地方公共団体コード": "011002", "名称": "札幌"},
    }
    pages = {model: preview(client, model, [row]) for model, row in sheets.items()}
    locked, pks = EvaluationQuerySet.locked, []
    monkeypatch.setattr(
        EvaluationQuerySet, "locked", lambda self, pk: pks.append(pk) or locked(self, pk)
    )

    confirm(client, NationalSupport, pages[NationalSupport])
    assert pks == [world.pk]

    pks.clear()
    confirm(client, Municipality, pages[Municipality])
    assert pks == sorted(Evaluation.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("state", ["handed in", "sealed"])
def test_rights_are_asked_again_under_the_lock(
    kawasaki, world, official, preview_page, state, monkeypatch
):
    locked = EvaluationQuerySet.locked
    before = everything()

    def meanwhile(self, pk):
        set_state(world, state, official)
        return locked(self, pk)

    monkeypatch.setattr(EvaluationQuerySet, "locked", meanwhile)
    page = confirm(kawasaki, NationalSupport, preview_page)

    assert page.status_code == 403
    assert {
        "handed in": "提出した内容は、差し戻されるまで変更できません。",
        "sealed": "令和5年度の評価書は確定のため、変更できません。",
    }[state] in text_of(page)
    assert everything()[NationalSupport] == before[NationalSupport]


def test_the_preview_of_another_person_or_list_is_worth_nothing(
    kawasaki, client, world, preview_page, colleague
):
    sent = {"seen": preview_page.context["seen"]}

    assert "もう一度ファイルを選んでください。" in text_of(
        kawasaki.post(address(Actual, "import"), sent)
    )
    client.force_login(colleague)
    before = everything()
    for seen in (sent, {"seen": sent["seen"][:-1] + "x"}, {"seen": ""}):
        page = client.post(address(NationalSupport, "import"), seen)
        assert "もう一度ファイルを選んでください。" in text_of(page)
    assert everything() == before


def test_a_preview_is_confirmed_after_the_session_has_ended(
    kawasaki, preview_page, official, secretariat
):
    url = address(NationalSupport, "import")
    data = {"seen": preview_page.context["seen"], "typed-by": preview_page.context["typed_by"]}
    for person, waits in ((secretariat, False), (official, True)):
        Session.objects.all().delete()
        assert kawasaki.post(url, data).url == f"/sign-in/?ended=kept&next={url}"
        kawasaki.force_login(person)
        page = kawasaki.get(url)
        assert (RESTORED in text_of(page)) is waits
    assert [*page.context["result"].changed]
    assert not NationalSupport.objects.filter(outline="わたしの概要").exists()

    confirm(kawasaki, NationalSupport, page)

    assert NationalSupport.objects.filter(outline="わたしの概要").exists()
    assert RESTORED not in text_of(kawasaki.get(url))


def test_a_preview_that_waits_is_given_up(kawasaki, preview_page, official):
    url = address(NationalSupport, "import")
    data = {"seen": preview_page.context["seen"], "typed-by": preview_page.context["typed_by"]}
    Session.objects.all().delete()
    kawasaki.post(url, data)
    kawasaki.force_login(official)

    assert kawasaki.post(url, data | {"cancel": "やめる"}).url == url

    assert RESTORED not in text_of(kawasaki.get(url))
    assert not NationalSupport.objects.filter(outline="わたしの概要").exists()


def test_a_history_says_which_file(kawasaki, preview_page):
    confirm(kawasaki, NationalSupport, preview_page)
    row = NationalSupport.objects.get()

    page = kawasaki.get(address(NationalSupport, "history", row.pk))

    assert "「表.csv」から取り込み" in text_of(page)


# Cost


def test_a_preview_makes_no_history_even_for_a_moment(kawasaki, world):
    with CaptureQueriesContext(connection) as queries:
        preview(kawasaki, NationalSupport, [SUPPORT | {"事業の概要": "新"}])

    assert not [query for query in queries if re.match("INSERT INTO .*historical", query["sql"])]


def test_no_row_is_copied_to_compare_it(kawasaki, preview_page):
    assert [line.diff for line in preview_page.context["result"].rows] == [None]


def test_rewritten_texts_are_compared_by_character(client, world, secretariat):
    client.force_login(secretariat)
    row = NationalSupport.objects.first()
    row.outline = "概要である。" * 20
    row.save()
    rows = [line | {"事業の概要": "概要でない。" * 20} for line in sheet(client, NationalSupport)]

    ((_, (change,)), *_) = preview(client, NationalSupport, rows[:1]).context["changed"]

    assert len(change["parts"]) > 20


def test_lines_cost_no_look_ups_of_their_own(client, world, secretariat):
    """What lines name is looked up once for the whole sheet."""
    client.force_login(secretariat)

    def look_ups(lines):
        rows = [SUPPORT | {"順序": str(n), "事業の名称": f"事業{n}"} for n in range(1, lines + 1)]
        with CaptureQueriesContext(connection) as queries:
            assert sentences(preview(client, NationalSupport, rows)) == []
        return [query["sql"] for query in queries if re.match("SELECT .* FROM", query["sql"])]

    look_ups(2)
    assert len(look_ups(12)) == len(look_ups(2)) < 25


def test_lines_of_stored_figures_of_the_plan_cost_no_look_ups_of_their_own(
    client, world, secretariat
):
    client.force_login(secretariat)
    lines = [line | {"目標値": "9"} for line in sheet(client, YearlyTarget)]

    def look_ups(number):
        with CaptureQueriesContext(connection) as queries:
            assert sentences(preview(client, YearlyTarget, lines[:number])) == []
        editions = 'WHERE "evaluations_evaluation"."edition_id"'
        return [query["sql"] for query in queries if editions in query["sql"]]

    look_ups(1)
    assert len(look_ups(4)) == len(look_ups(1))
