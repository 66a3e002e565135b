"""Other conversions of the same print leave other noise: the contents stay the same, or the difference is reported."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from evaluations.form import UnreadableForm, interpret
from evaluations.form.contents import Relation
from evaluations.keys import TargetKey
from tests import published
from tokku.document import text

pytestmark = [published.needed, pytest.mark.slow]


def content():
    return published.PATH.read_text(encoding="utf-8")


def read(changed):
    return interpret(text.read(changed))


@pytest.fixture(scope="module")
def original():
    return read(content()).contents


def swap(old, new, count=1):
    def change(whole):
        assert old in whole, old
        return whole.replace(old, new, count)

    return change


def every(pattern, new):
    return lambda whole: re.sub(pattern, new, whole)


HARMLESS = {
    "no noise": lambda whole: whole,
    "lines of Windows": every("\n", "\r\n"),
    "brackets of half width in headings": lambda whole: whole.replace("（別紙", "(別紙"),
    "digits of full width in figures": every(
        r"116億円", "１１６億円"
    ),
    **{
        f"the dash {dash!r}": every("(数値目標[（(]1[）)])[－ー]", rf"\1{dash}")
        for dash in "－ー―‐‑–—−ｰ-"
    },
    **{f"an entry with {dash!r}": every("([②③])-([12])", rf"\1{dash}\2") for dash in "－ー–—"},
    "spaces in numbers": swap("\t49,000人", "\t49, 000 人"),
    "spaces in a total": swap("580億円(累計)", "5 80 億円 (累計)"),
    "a total in two pieces": swap("245,000人(累計)", "245, 000人(累 計)"),
    "spaces in labels": lambda whole: whole.replace("【進捗度 129%】", "【進 捗度 129%】")
    .replace("評価指標（2）：", "評 価指標 （2） ：")
    .replace("イ 解決策2", "イ 解 決策 2")
    .replace("数値目標（4）：", "数 値目標（4）：")
    .replace("【当該年度目標値6件", "【当 該年度目標値6件"),
    "該 当なし": every("\n該当なし\t", "\n該 当なし\t"),
    "a blank row of tabs": swap("\n産業集積奨励金", "\n\t\t\t\t\n産業集積奨励金"),
    "a dash for a blank figure": swap("168億円\t\t\t\t\n", "168億円\t—\t—\t—\t\n"),
    "a header row again on the next page": swap(
        "\nLIP. 横浜トライアル助成金",
        "\n\n事業名\t事業概要\t関連する数値目標\t実績\t自治体名\nLIP. 横浜トライアル助成金",
    ),
    "a page end between rows": swap("\n企業誘致促進補助金", "\n\n企業誘致促進補助金"),
    "a text of a sheet that goes on under its label again": swap(
        "特区関連事業実施による経済効果を数値目標として設定した。国立",
        "特区関連事業実施による経済効果を数値目標として設定した。\t\t\t\t\t\t\n"
        "\t目標達成の考え方及び目標達成に向けた主な取組、関連事業\t国立",
    ),
    "a title in two lines": swap("令和5年度 国際", "令和5年度\n国際"),
    "a heading that a page end cut": swap(
        "及び総合特区計画の認定時期", "及び総合特区計画\n\nの認定時期"
    ),
    "a long heading in three lines": swap(
        "（数値目標を含む。）の達成に、特区で実施する各事業が連携することにより与える効果",
        "（数値目標を含む。）の達成に、\n特区で実施する各事業が連携することに\nより与える効果",
    ),
    "a bracket of figures that a page end cut": swap(
        "当該年度実績値 168億円、進捗度 145%", "当該年度実績値\n\n168億円、進捗度 145%"
    ),
    "an indicator's name in two lines": swap("ライフイノベーション分野における経済効果\n", "ライフイノベーション分野に\nおける経済効果\n"),
    "a result line that a page end cut": swap("に取り組む事業数：6件", "に取り組\n\nむ事業数：6件"),
    "a check box of another kind": every('<input type="checkbox"/>', "☐"),
    "municipalities with commas": swap("神奈川県 横浜市 川崎市\n", "神奈川県、横浜市、川崎市\n"),
    "a count behind a colon": swap("事業件数 0 件", "事業件数：０件"),
}  # fmt: skip


def without_breaks(contents):
    """The contents without line breaks inside assessments, which a conversion loses."""
    assessed = tuple(
        replace(
            indicator,
            targets=tuple(
                replace(
                    target,
                    assessment=type(target.assessment)(
                        **{
                            name: getattr(target.assessment, name).replace("\n", "")
                            for name in target.assessment.__dataclass_fields__
                        }
                    ),
                )
                for target in indicator.targets
            ),
        )
        for indicator in contents.indicators
    )
    return replace(contents, indicators=assessed)


@pytest.mark.parametrize("noise", HARMLESS)
def test_noise_changes_nothing(original, noise):
    interpretation = read(HARMLESS[noise](content()))

    assert without_breaks(interpretation.contents) == without_breaks(original)
    assert interpretation.unplaced == []


def test_a_page_number_within_a_sentence_is_reported_and_not_imported(original):
    interpretation = read(swap("実施\n\nする上で", "実施\n\n5\n\nする上で")(content()))

    assert interpretation.contents == original
    assert [problem.sentence for problem in interpretation.unplaced] == [
        "評価書のどこにも当てはまりません：5"
    ]


def test_the_name_of_an_annex_on_its_page_is_reported(original):
    changed = content().replace("■ 目標に向けた", "別紙1\n\n■ 目標に向けた", 1)
    interpretation = read(changed)

    assert interpretation.contents == original
    assert "別紙1" in interpretation.unplaced[0].sentence


def test_list_lines_in_a_text_stay_lines():
    interpretation = read(
        swap(
            "\n\nライフイノベーション分野では、",
            "\n\n次のとおり\n\n・投資の増加\n\n・進出の増加\n\nライフイノベーション分野では、",
        )(content())
    )

    assert (
        "次のとおり\n・投資の増加\n・進出の増加"
        in interpretation.contents.texts.response_to_previous
    )


def test_a_second_paragraph_of_a_remark_belongs_to_it():
    changed = swap("期待したい。\n", "期待したい。\n\nなお、努力を要する。\n")(content())
    remarks = read(changed).contents.texts.previous_remarks.split("\n")

    assert len(remarks) == 3
    assert remarks[0].endswith("期待したい。なお、努力を要する。")


@pytest.mark.parametrize(
    ("place", "values"),
    [
        # Whatever year of (1)-② is lost, 目標値 6, 8, 12, 12, 12: 3① and 進捗度 tell which year it was.
        ("6者\t8者\t12者\t12者\t12者", "\t8者\t12者\t12者\t12者"),
        ("6者\t8者\t12者\t12者\t12者", "8者\t12者\t12者\t12者\t"),
        ("6者\t8者\t12者\t12者\t12者", "6者\t12者\t12者\t12者\t"),
    ],
)
def test_a_lost_column_never_shifts_figures_to_other_years(original, place, values):
    interpretation = read(swap(place, values)(content()))

    whole = original.target(TargetKey(1, 2)).years
    for read_year, year in zip(
        interpretation.contents.target(TargetKey(1, 2)).years, whole, strict=True
    ):
        assert read_year.target in (year.target, None)
    assert any("目標値" in problem.sentence for problem in interpretation.notices)


def test_a_lost_actual_is_put_to_its_year_by_the_printed_progress(original):
    interpretation = read(swap("\t8者\t8者\t", "\t8者\t\t")(content()))
    figures = interpretation.contents.target(TargetKey(1, 2)).years

    assert [year.actual for year in figures[:2]] in (
        [Decimal(8), None],
        [None, Decimal(8)],
        [None, None],
    )
    assert interpretation.notices


def test_a_sheet_that_lost_a_year_in_its_header_takes_the_years_of_the_others(original):
    header = "令和4年度\t令和5年度\t令和6年度\t令和7年度\t令和8年度\t"
    interpretation = read(swap(header, header.replace("令和8年度", ""))(content()))

    assert interpretation.contents == original
    assert any("年度の一部" in problem.sentence for problem in interpretation.notices)


def test_an_actual_of_a_later_year_is_reported_and_left_out(original):
    changed = swap("216億円\t168億円\t\t", "216億円\t168億円\t150億円\t")(content())
    interpretation = read(changed)

    assert interpretation.contents == original
    assert any("令和6年度の実績値" in problem.sentence for problem in interpretation.notices)


def test_decimals_of_any_figure_are_kept():
    changed = content().replace("168億円", "168.4億円")
    target = read(changed).contents.target(TargetKey(1, 1))

    assert target.decimals == 1
    assert target.figures(2023).actual == Decimal("168.4")


def test_words_after_a_total_are_reported():
    interpretation = read(swap("累計：580億円\n", "累計：580億円（うち国費100億円）\n")(content()))
    assert any("うち国費100億円" in problem.sentence for problem in interpretation.notices)


def test_entries_that_are_renumbered_are_reported():
    changed = swap("ウ 解決策 3", "ウ 解決策 5")(content()).replace("②-2 特殊", "②-5 特殊")
    sentences = [problem.sentence for problem in read(changed).notices]

    assert any("解決策3として取り込みます" in sentence for sentence in sentences)
    assert any("②-2として取り込みます" in sentence for sentence in sentences)


def test_targets_may_be_listed_in_short():
    changed = swap("\t数値目標(2)\t無", "\t数値目標(2)、(4)\t無")(content())
    measure = read(changed).contents.measures[0]

    assert measure.relation == Relation(targets=(TargetKey(2, 1), TargetKey(4, 1)))


def test_a_zone_in_its_first_year_has_no_result_yet():
    start, end = content().split("国際戦略総合特区 4.5点")
    after = end[end.index("⑤ 前年度の評価結果を踏まえた") :]
    texts = read(f"{start}該当なし\n\n{after}").contents.texts

    assert (texts.previous_score, texts.previous_remarks) == (None, "")


LEFT = {
    "another unit": (swap("83,442人", "83千人"), "「83千人」は単位が「千人」で"),
    "a unit with more to it": (swap("\t10件", "\t10件相当"), "「10件相当」は単位が「件相当」で"),
    "a number that is none": (swap("\t10件", "\t十件"), "「十件」は数値として読み取れません"),
    "too many digits": (swap("\t10件", f"\t{'9' * 30}件"), "は桁が多すぎます"),
}


@pytest.mark.parametrize("case", LEFT)
def test_a_figure_that_is_none_is_left_to_a_person_with_its_line(case):
    change, sentence = LEFT[case]
    interpretation = read(change(content()))
    (problem, *_) = interpretation.unplaced
    assert sentence in str(problem)
    assert re.match(r"\d+行目：数値目標（\d-\d）の(目標|実績)値：", str(problem))


REFUSED = {
    "a target twice": (
        swap("数値目標（1）－②：", "数値目標（1）－①："),
        "数値目標（1-1）が二つあります",
    ),
    "an indicator twice": (
        swap("評価指標（4）：", "評価指標（3）："),
        "評価指標（3）が二つあります",
    ),
    "a sheet twice": (swap("数値目標(1)ー②", "数値目標(1)ー①"), "の別紙1が二つあります"),
    "an endless number": (
        lambda whole: whole.replace("評価指標（4）", f"評価指標（{'1' * 5000}）"),
        "本文3①にありません",
    ),
    "arrows without end": (swap("580億円(累計)", "→" * 60_000), "計画期間の目標がありません"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_contradiction_or_endless_input_is_refused_with_its_line(case):
    change, sentence = REFUSED[case]
    with pytest.raises(UnreadableForm) as refusal:
        read(change(content()))
    assert sentence in str(refusal.value)
    assert re.search(r"^\d+行目：", str(refusal.value), re.MULTILINE)


def test_opinion_of_the_ministry_is_read_from_one_line():
    row = (
        "該当なし\t—\t規制所管府省名: "
        '<input type="checkbox"/> 特例措置の効果が認められる '
        '<input type="checkbox"/> 特例措置の効果が認められない ⇒ '
        '<input type="checkbox"/> 要件の見直しの必要性あり <input type="checkbox"/> その他 <特記事項>'
    )
    assert row in content()
    changed = (
        content()
        .replace(
            "① 特定国際戦略事業\n\n該当なし", "① 特定国際戦略事業\n\n①-1 試験の事業\n\n内容である。"
        )
        .replace(
            row,
            "試験の事業\t全て\t規制所管府省名: 国土交通省 "
            '<input checked="" type="checkbox"/> 特例措置の効果が認められる '
            "☐ 特例措置の効果が認められない ⇒ ☑ 要件の見直しの必要性あり □ その他 ＜特記事項＞ 引き続き見る。",
        )
    )
    measure = read(changed).contents.measures[0]

    assert (measure.name, measure.details, measure.ministry) == (
        "試験の事業",
        "内容である。",
        "国土交通省",
    )
    assert (measure.ministry_effect, measure.ministry_follow_up) == ("recognised", "review")
    assert measure.ministry_remarks == "引き続き見る。"


def test_rows_of_regional_texts_that_a_page_end_cut_are_joined():
    changed = swap(
        "体制強化\t\n", "体制強化\t推進室を設けた。\n\t人員も増やした。\nその他の欄\t謎の文\n"
    )(content())
    interpretation = read(changed)

    texts = {part.kind: part.text for part in interpretation.contents.regional_texts}
    assert texts["organisation"] == "推進室を設けた。\n人員も増やした。"
    assert any(
        "謎の文" in problem.sentence or "その他の欄" in problem.sentence
        for problem in interpretation.unplaced
    )
