"""Years that texts name, against the evaluated one (令和5年度)."""

import pytest

from evaluations.checks.periods import years
from tests.evaluations.checks.pictures import edited, found_by, of_sample, saying

RESULT = ("scheme/fiscal/5", "result")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("令和4年度交付実績 9件", ["令和4年度"]),
        ("令和４年度は9件に助成した。", ["令和４年度"]),
        ("令和4年度における認定実績は1件", ["令和4年度"]),
        ("令和4年度の区域内での認定と交付はなかった。", ["令和4年度"]),
        (
            "令和4年度における制度を活用した計画の認定実績は0件（活用を含めると12件）。",
            ["令和4年度"],
        ),
        ("令和6年度は9件に助成した。", ["令和6年度"]),
        ("令和6年度における制度を活用した計画の認定実績は0件", ["令和6年度"]),
        ("令和5年度は9件に助成した。", []),
        ("令和5年度は9件（令和4年度は8件）に助成した。", []),
        ("令和4年度：8件\n令和5年度：9件", []),
        ("令和4年度の8件から1件増え、9件に助成した。", []),
        ("累計9件（令和元年度で交付を終了した。）", []),
        ("令和4年度補正予算により9件に助成した。", []),
        ("令和4年度以前に採択した事業を含め、9件に助成した。", []),
        ("令和6年度は10件に助成する予定である。", []),
    ],
)
def test_results_are_of_the_evaluated_year(text, words):
    assert found_by(years.results_of_another_year, edited(*RESULT, text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("令和4年度における国際共同治験件数", ["令和4年度"]),
        ("令和5年度における国際共同治験件数", []),
    ],
)
def test_result_lines_are_of_the_evaluated_year(text, words):
    picture = edited("approach/2", "result_label", text)
    assert found_by(years.results_of_another_year, picture) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("令和4年度は、6つの数値目標のうち5つで目標を達成した。", ["令和4年度"]),
        ("令和4年度に新たに始めた治験は24件であり、前年度から1件増えた。", ["令和4年度"]),
        ("令和4年度の目標値（10件）に対し、実績値（8件）は目標未達となった。", ["令和4年度"]),
        ("令和6年度は、4つで目標を達成した。", ["令和6年度"]),
        ("令和4年度は、5つに達した。税制支援は、令和5年度以前の認定による。", ["令和4年度"]),
        ("令和4年度の数値目標に対する進捗状況は、おおむね順調であった。", ["令和4年度"]),
        ("令和6年度の目標値は12件となっている。", []),
        ("投資額は、令和4年度に比べて48億円減少した。", []),
        ("令和4年度は大型の投資があったが、令和5年度はなかった。", []),
        ("令和4年度は投資が重なった。令和5年度は、その反動で減った。", []),
        ("令和4年度に採択された事業を続けて実施し、参加者は50人となった。", []),
        ("令和4年度からの第3期計画を着実に進めた。", []),
        ("令和4年度の実績を上回り、目標を達成した。", []),
        ("令和4年度に産業集積の助成を終了した。", []),
        ("令和元年度に拠点を設置し、企業の進出が続いた。", []),
        ("令和6年度は、支援を強化していく。", []),
        ("令和6年度の提案を見据え、協議を行った。", []),
    ],
)
def test_texts_on_the_year_report_on_that_year(text, words):
    assert found_by(years.sentences_of_another_year, saying("overall", text)) == words


def test_what_looks_back_may_report_on_last_year():
    text = "令和4年度は、事業化に至らなかった案件が4件あった。"
    assert not found_by(years.sentences_of_another_year, saying("response_to_previous", text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("令和4年10月に開催し、378名が参加した。", ["令和4年10月"]),
        ("令和5年3月31日に開催し、378名が参加した。", ["令和5年3月31日"]),
        ("令和5年4月1日に開催し、378名が参加した。", []),
        ("令和4年10月に開設した施設で講座を3回開いた。", []),
        ("令和4年10月に開設しており、講座を3回開いた。", []),
        ("令和4年12月期に土地を取得した。", []),
        ("令和4年3月の開通以降、往来が増えた。", []),
    ],
)
def test_results_from_before_april_are_found(text, words):
    assert found_by(years.events_before_the_year, edited(*RESULT, text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("令和6年4月に開催し、378名が参加した。", ["令和6年4月"]),
        ("令和6年度から新しい講座の運用を開始した。", ["令和6年度"]),
        ("令和6年10月11～13日、オンラインにて開催。", ["令和6年10月"]),
        ("令和6年3月に開催し、378名が参加した。", []),
        ("令和6年4月の開設に向け、準備を進めた。", []),
        ("令和6年4月1日現在、9社が入居した。", []),
        ("令和6年10月に開催する予定である。", []),
    ],
)
def test_results_from_after_march_are_found(text, words):
    assert found_by(years.events_after_the_year, edited(*RESULT, text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("令和4年度に新しい窓口を開設する予定である。", ["令和4年度"]),
        ("令和5年11月に開業予定である。", ["令和5年11月"]),
        ("本年度は、相談の体制の見直しに取り組む。", ["本年度"]),
        ("令和6年度に新しい窓口を開設する予定である。", []),
        ("当初、令和4年度に開業予定であったが、遅れている。", []),
        ("令和4年度に策定した計画に基づき、工事を進める予定である。", []),
        ("次年度は、相談の体制の見直しに取り組む。", []),
    ],
)
def test_plans_for_what_has_passed_are_found(text, words):
    assert found_by(years.plans_for_the_past, saying("overall", text)) == words


def test_the_basis_of_a_target_was_written_before_the_year():
    picture = edited(
        "assessment/1-2", "target_basis", "令和4年度に拡充する予定であることを踏まえた。"
    )
    assert not found_by(years.plans_for_the_past, picture)


@pytest.mark.parametrize("year", [2022, 2023, 2024])
def test_sample_reports_on_its_own_years(year):
    checks = (
        years.results_of_another_year,
        years.sentences_of_another_year,
        years.events_before_the_year,
        years.events_after_the_year,
        years.plans_for_the_past,
    )
    assert not [words for check in checks for words in found_by(check, of_sample(year))]
