"""The pages of charts, and the pages that explain a computed figure."""

import hashlib
import re
from decimal import Decimal
from html import unescape
from urllib.parse import urljoin
from xml.etree import ElementTree

import pytest

from evaluations import sample
from evaluations.models import Actual, Evaluation, NumericTarget, YearlyTarget
from evaluations.years.rows_at_opening import prepare_rows
from supports.models import SchemeResult
from tests import factories
from tests.evaluations import campaign
from tests.evaluations.views.test_entry_pages import read
from tests.worlds import world
from tokku.accounts.models import Municipality

pytestmark = pytest.mark.slow

FIGURES = "/keihin/2023/figures/"
SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)


def words(page):
    """The text of the page's main part, with a space between elements."""
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def rows(page):
    """The cells of each line of the page's tables."""
    return [
        [
            " ".join(unescape(re.sub(r"<[^>]*>", " ", cell)).split())
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL)
        ]
        for line in re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL)
    ]


@world
def whole(secretariat):
    """The sample's fiscal 2023, being filled in; everybody has handed in."""
    evaluation = factories.evaluation(sample.evaluations()[2023])
    campaign.put(evaluation, "open", secretariat)
    prepare_rows(evaluation)
    for submission in evaluation.submission_set.all():
        campaign.put(submission, "submitted", secretariat)
    return evaluation


def test_everything_at_a_glance(client, strict_templates, reader, whole):
    page = read(client, reader, FIGURES)
    text = words(page)
    assert "評価指標（1）：特区事業の実施によるライフイノベーション分野における経済効果" in text
    for percent in (129, 100, 107, 80):
        assert f"評価指標の進捗度： {percent}%" in text
    first_row = next(line for line in rows(page) if line and line[0].startswith("（1）－①"))
    assert first_row[2:6] == ["116億円", "168億円", "145% （数値目標（1）－①の計算の根拠）", "33%"]
    assert first_row[6] == "580億円のうち384億円"
    schemes = SchemeResult.objects.filter(evaluation=whole, category="fiscal").count()
    assert ["財政支援措置", "", f"{schemes}件"] in rows(page)


def test_figure_that_words_stand_for_is_not_called_missing(client, reader, whole):
    target = NumericTarget.objects.get(indicator__number=2)
    Actual.objects.filter(target=target, fiscal_year=2023).update(value=None)

    def shown():
        line = next(
            line for line in rows(read(client, reader, FIGURES)) if line[0].startswith("（2）")
        )
        return line[3]

    assert shown() == "未入力"
    whole.targetassessment_set.filter(target=target).update(qualitative="順調である。")
    assert shown() == "定性的評価"


@pytest.mark.parametrize("page", ["", "1-1/", "1/", "1-1/2023/", "fiscal/"])
def test_pictures_are_well_formed_named_and_without_inline_style(
    client, strict_templates, reader, whole, page
):
    page = read(client, reader, FIGURES + page)
    assert not re.search(r"<style|\sstyle=|<script(?! src=)|\son\w+=", page)
    ids = re.findall(r'\sid="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    for svg in SVG.findall(page):
        picture = ElementTree.fromstring(svg)
        assert picture.get("role") == "img"
        labels = (picture.get("aria-labelledby") or "").split()
        assert picture.get("aria-label") or [
            element.text for element in picture if element.get("id") in labels
        ]
        for used in re.findall(r"url\(#([^)]*)\)", svg):
            assert used in ids


def test_target_with_its_tables(client, strict_templates, official, whole):
    page = read(client, official, f"{FIGURES}1-1/")
    text = words(page)
    assert "これまでの累計 384億円（令和5年度まで）" in text
    assert "残り3年度に必要な実績 1年度当たり66億円 （端数は切上げ）" in text
    assert ["令和5年度", "116億円", "168億円", "145% （令和5年度の計算の根拠）"] in rows(page)
    assert ["令和5年度", "232億円", "384億円"] in rows(page)
    assert len(SVG.findall(page)) == 2


def test_category_shows_results_over_the_years(client, strict_templates, secretariat):
    for year in (2022, 2023):
        evaluation = factories.evaluation(sample.evaluations()[year])
        if year == 2022:
            campaign.sealed_as_it_is(evaluation, secretariat)
            campaign.put(evaluation, "final", secretariat)
    then = SchemeResult.objects.filter(category="loan", evaluation__fiscal_year=2022)
    results_by_scheme = {result.name: result.result for result in then}
    SchemeResult.objects.filter(pk__in=then.values("pk")).update(result="確定の後の書換え")
    page = read(client, secretariat, f"{FIGURES}loan/")
    assert "確定の後の書換え" not in page
    for line in rows(page):
        if line[0] in results_by_scheme:
            assert line[2].rstrip("…") in " ".join(results_by_scheme.pop(line[0]).split())
    assert not results_by_scheme
    assert ["令和4年度", "3件"] in rows(page)


@pytest.mark.parametrize(
    "page",
    ["9-1/", "9/", "1-9/", "x/", "1-1/2024/", "1-1/2021/", "1/2022/", "x/2023/", "fiscal/2023/"],
)
def test_what_there_is_not_is_not_found(client, reader, whole, page):
    client.force_login(reader)
    assert client.get(FIGURES + page).status_code == 404


def test_links_lead_to_pages(client, strict_templates, reader, whole):
    """Every link of the form and of the overview to a figure, once."""
    links = {
        urljoin(page, link)
        for page in ("/keihin/2023/", FIGURES)
        for link in re.findall(r'href="([^"]*figures/[^"]*)"', read(client, reader, page))
    }
    assert len(links) > 20
    for link in links:
        assert client.get(link).status_code == 200


# On the form


def test_computed_figures_of_the_form_lead_to_their_explanation(client, reader, whole):
    page = read(client, reader, "/keihin/2023/")
    links = re.findall(r'<a class="computed" href="([^"]*)" aria-label="([^"]*)">([^<]*)</a>', page)
    labels = {(link, text) for link, _, text in links}
    assert ("figures/1/", "進捗度 129%") in labels  # 3①, the indicator
    assert ("figures/1-1/2023/", "進捗度 145%") in labels  # 3①, the target
    assert ("figures/1-1/2023/", "145%") in labels  # 別紙1
    assert ("figures/1-1/2022/", "186%") in labels
    assert ("figures/1-1/2023/", "168億円") in labels
    assert {name.removesuffix("の計算の根拠").removeprefix(text) for _, name, text in links} == {
        "",
        "（実績値）",
        "（進捗度）",
    }
    assert "computed" not in read(client, reader, "/keihin/2023/print/")


def test_words_that_read_like_a_progress_are_left_alone(client, reader, whole):
    indicator = whole.edition.indicator_set.get(number=2)
    indicator.name = "指標【進捗度 50%】の<b>改善"
    indicator.save()
    whole.approach_set.update(narrative="ここでは【進捗度 60%】")
    page = read(client, reader, "/keihin/2023/")
    assert "指標【進捗度 50%】の&lt;b&gt;改善【<a" in page
    assert ">ここでは【進捗度 60%】<" in page


# Explanations


def test_formula_with_its_figures_and_rounding(client, strict_templates, reader, whole):
    text = words(read(client, reader, f"{FIGURES}1-1/2023/"))
    assert "進捗度（%）＝ 実績値 ÷ 目標値 × 100" in text
    assert "168億円 ÷ 116億円 × 100 ＝ 約144.8276%" in text
    assert "小数点以下を四捨五入します" in text
    assert "結果 145%" in text
    assert "12億円 ＋ 94億円 ＋ 62億円" in text


def test_indicator_by_its_weights(client, strict_templates, reader, whole):
    text = words(read(client, reader, f"{FIGURES}1/"))
    assert (
        "（144.8276 × 33 ＋ 100 × 33 ＋ 143.2714 × 33）÷（33 ＋ 33 ＋ 33） ＝ 約129.3663%" in text
    )
    assert "結果 129%" in text
    assert "数値目標が一つのため、その進捗度" in words(read(client, reader, f"{FIGURES}4/"))


@pytest.mark.parametrize(
    ("formula", "filled"),
    [
        ("improvement", "（8件 − 2件）÷（10件 − 2件）× 100 ＝ 75%"),
        ("less_is_better", "10件 ÷ 8件 × 100 ＝ 125%"),
    ],
)
def test_other_formulas(client, strict_templates, reader, whole, formula, filled):
    target = NumericTarget.objects.get(indicator__number=4)
    target.formula, target.baseline, target.baseline_year = formula, Decimal(2), 2020
    target.save()
    assert filled in words(read(client, reader, f"{FIGURES}4-1/2023/"))


def test_what_is_missing_is_reported(client, strict_templates, secretariat, whole):
    actuals = Actual.objects.filter(target__indicator__number=1, target__number=1, fiscal_year=2023)
    row = actuals.first()
    row.value = None
    row.save()
    text = words(read(client, secretariat, f"{FIGURES}1-1/2023/"))
    assert "まだ入力されていない、又は表示できない値がある" in text
    assert "結果 （空欄）" in text
    goal = YearlyTarget.objects.get(target=row.target, fiscal_year=2023)
    goal.value = None
    goal.save()
    assert "結果 —" in words(read(client, secretariat, f"{FIGURES}1-1/2023/"))


@world
def year(secretariat):
    """Everybody but 横浜市 has entered 5 and handed in."""
    year = campaign.open_year(secretariat)
    for person in (p for p in campaign.officials() if p.municipality.name != "横浜市"):
        actual = Actual.objects.get(fiscal_year=2023, municipality=person.municipality)
        actual.value, actual._history_user = Decimal(5), person
        actual.save()
        actual.note, actual._history_user = "出典", secretariat
        actual.save()
        campaign.hand_in(year, person)
    return year


def line_of(page, label):
    return next(line for line in rows(page) if line and line[0] == label)


def test_who_entered_a_figure_is_shown_to_those_who_may_know(
    client, strict_templates, year, official, secretariat, reader
):
    url = f"{FIGURES}1-1/2023/"
    label = "実績値（川崎市）"
    page = read(client, secretariat, url)
    # Who entered the value, and not who has added a note since.
    assert line_of(page, label)[1:3] == ["5件", "kawasaki-1さん"]
    assert line_of(page, "実績値（神奈川県）")[2] == "kanagawa-1さん"
    page = read(client, official, url)
    assert line_of(page, label)[2] == "kawasaki-1さん"
    assert line_of(page, "実績値（神奈川県）")[1] == "5件"
    assert "他の作成主体の行の履歴は" in line_of(page, "実績値（神奈川県）")[2]
    page = read(client, reader, url)
    assert "kawasaki-1さん" not in page
    assert "入力した人と日時は、担当者と取りまとめ担当に表示します。" in line_of(page, label)[2]


def test_drafts_of_others_are_hidden(client, strict_templates, year, official, secretariat):
    draft = Actual.objects.get(fiscal_year=2023, municipality__name="横浜市")
    draft.value = Decimal(7777)
    draft.save()
    assert "7,777件" in read(client, secretariat, f"{FIGURES}1-1/2023/")
    for url in (FIGURES, f"{FIGURES}1-1/", f"{FIGURES}1-1/2023/", f"{FIGURES}1/"):
        page = read(client, official, url)
        assert "7,777" not in page
        assert "7,787" not in page
        assert "横浜市の内容は、まだ提出されていないため表示していません" in page
    page = read(client, official, f"{FIGURES}1-1/2023/")
    assert line_of(page, "実績値（横浜市）") == [
        "実績値（横浜市）",
        "（未入力）",
        "まだ提出されていないため、表示していません。",
        "—",
    ]


def test_drafts_of_schemes_are_hidden(client, strict_templates, year, official, secretariat):
    assert "横浜市の制度実績" in read(client, secretariat, f"{FIGURES}fiscal/")
    assert "横浜市の制度" not in read(client, official, f"{FIGURES}fiscal/")
    assert ["令和5年度", "3件"] in rows(read(client, secretariat, f"{FIGURES}fiscal/"))
    assert ["令和5年度", "2件以上"] in rows(read(client, official, f"{FIGURES}fiscal/"))
    assert "2件以上" in "".join(map("".join, rows(read(client, official, FIGURES))))
    # And in an earlier year that is being filled in still.
    Evaluation.objects.filter(pk=year.pk).update(fiscal_year=2022)
    later = factories.evaluation(factories.contents())
    campaign.put(later, "open", secretariat)
    assert "横浜市の制度実績" in read(client, secretariat, f"{FIGURES}fiscal/")
    page = read(client, official, f"{FIGURES}fiscal/")
    assert "横浜市の制度" not in page
    assert ["令和4年度", "2件以上"] in rows(page)


def test_category_of_which_nothing_is_handed_in_is_not_shown_as_empty(
    client, strict_templates, secretariat, reader
):
    campaign.open_year(secretariat)
    page = read(client, reader, f"{FIGURES}fiscal/")
    assert ["令和5年度", "0件以上"] in rows(page)
    assert "提出された支援措置は、まだありません。" in words(page)
    assert "評価書に載っていません。" in words(read(client, reader, f"{FIGURES}tax/"))


def test_schemes_of_one_name_are_counted_one_by_one(client, strict_templates, year, secretariat):
    first_result = SchemeResult.objects.filter(category="fiscal").first()
    twin = SchemeResult.objects.create(
        evaluation=year,
        category="fiscal",
        name=first_result.name,
        position=9,
        result="同じ名称の実績",
    )
    twin.municipalities.set(first_result.municipalities.all())
    page = read(client, secretariat, f"{FIGURES}fiscal/")
    results = SchemeResult.objects.filter(category="fiscal")
    assert ["令和5年度", f"{results.count()}件"] in rows(page)
    for result in results:
        assert result.result in page


# Sealed


def test_sealed_figures_are_shown_as_they_were_sealed(client, strict_templates, secretariat):
    year = campaign.sealed_year(secretariat)
    url = f"{FIGURES}1-1/2023/"
    before = {
        page: read(client, secretariat, page)
        for page in (FIGURES, f"{FIGURES}1-1/", url, f"{FIGURES}1/")
    }
    assert "5件 ＋ 5件 ＋ 5件" in before[url]
    assert "結果 150%" in words(before[url])
    # Changes of the records afterwards do not matter.
    for actual in Actual.objects.filter(fiscal_year=2023):
        actual.value = Decimal(9999)
        actual.save()
    target = NumericTarget.objects.get()
    target.formula, target.name = "less_is_better", "別の名称"
    target.save()
    for goal in target.yearlytarget_set.all():
        goal.value = Decimal(1)
        goal.save()
    assert year.sealedversion_set.count() == 1
    for page, text in before.items():
        assert words(read(client, secretariat, page)) == words(text)


def test_sealed_figures_keep_who_entered_them_when_targets_change_their_numbers(
    client, strict_templates, secretariat
):
    year = campaign.sealed_year(secretariat)
    url = f"{FIGURES}1-1/2023/"
    before = read(client, secretariat, url)
    assert "5件 ＋ 5件 ＋ 5件" in before
    moved = NumericTarget.objects.get()
    moved.number = 2
    moved.save()
    NumericTarget(indicator=moved.indicator, number=1, name="新しい目標", unit="件", total=1).save()
    assert words(read(client, secretariat, url)) == words(before)
    year.edition.indicator_set.all().delete()
    assert "5件 ＋ 5件 ＋ 5件" in read(client, secretariat, url)


def test_sealed_figure_that_its_histories_do_not_give_is_of_nobody(
    client, strict_templates, secretariat
):
    campaign.sealed_year(secretariat)
    url = f"{FIGURES}1-1/2023/"
    assert line_of(read(client, secretariat, url), "実績値（川崎市）")[2] != "—"
    Actual.history.filter(fiscal_year=2023, value=5).update(value=6)
    NumericTarget.history.update(formula="less_is_better")
    page = read(client, secretariat, url)
    assert "5件 ＋ 5件 ＋ 5件" in page
    assert "結果 150%" in words(page)
    assert "6件" not in page
    assert line_of(page, "実績値（川崎市）")[1:3] == ["5件", "—"]


def test_sealed_figures_keep_the_names_of_their_authors(client, strict_templates, secretariat):
    year = campaign.sealed_year(secretariat)
    url = f"{FIGURES}1-1/2023/"
    before = rows(read(client, secretariat, url))
    Municipality.objects.filter(name="横浜市").update(name="新横浜市")
    year.zone.zonemunicipality_set.filter(municipality__name="川崎市").delete()
    after = rows(read(client, secretariat, url))
    assert [line[:2] for line in after] == [line[:2] for line in before]
    assert "実績値（横浜市）" in [line[0] for line in after if line]


def reworded(version, old, new):
    """The version with other contents under their own sum, as an older one may have them."""
    version.contents = version.contents.replace(old, new)
    version.contents_sha256 = hashlib.sha256(version.contents.encode()).hexdigest()
    version.save()


def test_sealed_version_that_knows_no_figures_of_municipalities_has_them_of_the_histories(
    client, strict_templates, secretariat
):
    version = campaign.sealed_year(secretariat).sealedversion_set.get()
    url = f"{FIGURES}1-1/2023/"
    before = read(client, secretariat, url)
    reworded(version, "by_municipality", "unknown")
    assert words(read(client, secretariat, url)) == words(before)
    Actual.history.filter(fiscal_year=2023, value=5).update(value=6)
    page = read(client, secretariat, url)
    assert "結果 150%" in words(page)
    assert "6件" not in page


def test_printed_progress_that_its_formula_does_not_give_stands_and_is_reported(
    client, strict_templates, secretariat
):
    version = campaign.sealed_year(secretariat).sealedversion_set.get()
    reworded(version, '"formula": "ratio"', '"formula": "less_is_better"')
    page = read(client, secretariat, f"{FIGURES}1-1/2023/")
    assert "結果 150%" in words(page)
    assert "確定版に印字された値は、記録に残る算式で計算した値と一致しません" in page


def test_version_that_is_not_kept_as_data_is_reported(client, secretariat):
    year = campaign.sealed_year(secretariat)
    year.sealedversion_set.update(contents="", contents_sha256="")
    client.force_login(secretariat)
    response = client.get(FIGURES)
    assert response.status_code == 500
    assert "令和5年度 第1版は、データとして読み取れません" in response.content.decode()
    assert client.get("/keihin/2023/").status_code == 200


def test_broken_seal_is_reported_and_nothing_else_shown(client, secretariat):
    version = campaign.sealed_year(secretariat).sealedversion_set.get()
    version.document = version.document.replace("15件", "16件")
    version.save()
    client.force_login(secretariat)
    response = client.get(FIGURES)
    assert response.status_code == 500
    assert "SHA-256 が一致しません" in response.content.decode()
    assert client.get("/keihin/2023/review/").status_code == 200


def test_review_has_a_small_picture_in_every_row(client, strict_templates, secretariat, whole):
    page = read(client, secretariat, "/keihin/2023/review/")
    assert page.count('<svg class="picture-small"') == NumericTarget.objects.count()
