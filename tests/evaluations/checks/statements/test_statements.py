"""Sentences against figures: what must be found, and what is sound.

Sentences are put into the sample of fiscal 2023, of which the figures are (2022 → 2023, target of 2023):
(1)－① 216 → 168億円 (116), (1)－② 8 → 8者 (8), (1)－③ 83,442 → 70,203人 (49,000), (2) 6 → 6件 (6),
(3) 61 → 64件 (60), (4) 6 → 8件 (10).
"""

from dataclasses import replace

import pytest

from evaluations.checks import CHECKS, Picture, findings
from evaluations.checks.statements import sums
from evaluations.form import contents as c
from tests import factories
from tests.evaluations.checks.changes import text_of, with_text
from tests.evaluations.checks.pictures import of_sample, saying
from tokku.document.tree import Source
from tokku.figures import Figure

INVESTMENT = Source("assessment/1-1", "self_assessment")
ENTRANTS = Source("assessment/1-2", "self_assessment")
TRAINEES = Source("assessment/1-3", "self_assessment")
TRIALS = Source("assessment/3-1", "self_assessment")
BUSINESSES = Source("assessment/4-1", "self_assessment")
BASIS = Source("assessment/1-2", "target_basis")
OVERALL = Source("evaluation", "overall")
REGION = Source("regional_text/narrative/3", "text")
CENTRE = Source("achievement/2/2", "text")
HOSPITAL = Source("achievement/2/3", "text")


def checks_that_find(place: Source, sentence: str) -> set[str]:
    """The checks of this family that find something in a text with one more sentence."""
    sound = of_sample()
    text = f"{text_of(sound.contents, place)}\n{sentence}"
    picture = Picture(with_text(sound.contents, place, text), sound.last_year)
    return {
        check.name.removeprefix("statements.")
        for check in CHECKS
        if check.name.startswith("statements.")
        and any(finding.source == place for finding in check(picture))
    }


@pytest.mark.parametrize(
    ("check", "place", "sentence"),
    [
        ("labelled_figure", BUSINESSES, "目標値（10件）に対し、実績値（9件）であった。"),
        ("labelled_figure", BUSINESSES, "目標値１２件に対し実績は８件であった。"),
        ("labelled_figure", BUSINESSES, "実績値は7件（目標値10件）となった。"),
        ("labelled_figure", BUSINESSES, "実績は7件にとどまった。"),
        ("labelled_figure", BUSINESSES, "進捗率は85%となっている。"),
        ("labelled_figure", BUSINESSES, "令和4年度の実績値は5件であった。"),
        ("labelled_figure", OVERALL, "数値目標（1）－①の実績値は160億円であった。"),
        ("far_bound", INVESTMENT, "実績値は20億円を超えた。"),
        ("far_bound", INVESTMENT, "実績値は16億円以上となった。"),
        ("far_bound", INVESTMENT, "実績値は1,000億円を下回った。"),
        ("far_bound", INVESTMENT, "進捗度は10%を超えた。"),
        ("far_bound", TRAINEES, "実績値は1万人を超えた。"),
        ("named_figure", OVERALL, "投資額（160億円）は堅調であった。"),
        ("named_figure", OVERALL, "国際共同治験件数は、66件となった。"),
        ("indicator_progress", OVERALL, "評価指標（1）の進捗度は128%となった。"),
        ("indicator_progress", OVERALL, "評価指標の進捗度は、（1）が128%、（2）が100%である。"),
        ("excess", INVESTMENT, "目標値を50億円上回った。"),
        ("excess", BUSINESSES, "目標値に3件届かなかった。"),
        ("cumulative", BUSINESSES, "累計で15件となった。"),
        ("cumulative", OVERALL, "新規事業化件数は累計で16件となった。"),
        ("set_figure", BASIS, "令和6年度は10者とした。"),
        ("set_figure", BASIS, "5年間の累計は60者である。"),
        ("target_reached", BUSINESSES, "目標を達成した。"),
        ("target_reached", BUSINESSES, "目標達成となった。"),
        ("target_reached", BUSINESSES, "目標をわずかに上回る結果となった。"),
        ("target_reached", INVESTMENT, "目標は未達となった。"),
        ("target_reached", INVESTMENT, "目標値に届かなかった。"),
        ("target_reached", INVESTMENT, "目標値を下回った。"),
        ("target_reached", BUSINESSES, "2年連続で目標を達成した。"),
        ("target_reached", OVERALL, "投資額及び新規事業化件数は、目標値を上回った。"),
        ("target_reached", OVERALL, "国際共同治験件数のみ目標値に届かなかった。"),
        ("target_reached", OVERALL, "数値目標（4）は目標を達成した。"),
        ("targets_reached", OVERALL, "6つの数値目標のうち4項目で目標を達成した。"),
        ("targets_reached", OVERALL, "6項目中4項目で目標を達成した。"),
        ("targets_reached", OVERALL, "数値目標のうち二つが未達成であった。"),
        ("targets_reached", OVERALL, "4つの評価指標のうち、2つが目標を達成した。"),
        ("targets_reached", OVERALL, "6つの数値目標のうち投資額を除く5つが目標値に達した。"),
        ("number_of_targets", OVERALL, "7つの数値目標のうち5つが目標値に達した。"),
        ("all_reached", OVERALL, "全ての数値目標を達成した。"),
        ("all_reached", OVERALL, "評価指標は全て目標を達成した。"),
        ("change_by", BUSINESSES, "前年度から3件増えた。"),
        ("change_by", BUSINESSES, "前年度に比べ３件増加し、回復の傾向にある。"),
        ("change_by", BUSINESSES, "前年度の6件から9件に増加した。"),
        ("change_by", BUSINESSES, "前年度の7件から8件に増加した。"),
        ("change_by", INVESTMENT, "令和4年度より48億円の増となった。"),
        ("change_way", INVESTMENT, "前年度に比べて増加した。"),
        ("change_way", TRAINEES, "研修の参加者が前年度に比べて増加した。"),
        ("change_way", BUSINESSES, "前年度と同数であった。"),
        ("change_way", INVESTMENT, "前年度から横ばいであった。"),
        ("change_way", OVERALL, "進出企業及び機関数は前年度から増加した。"),
        ("multiple", INVESTMENT, "実績値は目標値のおよそ1.8倍であった。"),
        ("multiple", INVESTMENT, "目標値の2倍以上となった。"),
        ("multiple", BUSINESSES, "目標の9割にとどまった。"),
        ("multiple", BUSINESSES, "前年度比20%増となった。"),
        ("multiple", BUSINESSES, "5年間の目標の35%に当たる。"),
        ("parts_and_whole", TRIALS, "事業は全体で38件であり、継続32件、新規7件となった。"),
        ("parts_and_whole", REGION, "38件（継続32件、新規7件）の事業を支援した。"),
        ("breakdown", BUSINESSES, "相談は12回行った。その内訳は、対面が5回、電話が8回である。"),
        ("breakdown", TRIALS, "会議は6回であった。内訳は県、横浜市及び川崎市が3回ずつである。"),
        ("together", REGION, "対面の12回と電話の5回を合わせて18回の相談を受けた。"),
        ("part_of_whole", TRIALS, "実施件数は206件であり、そのうち新規は240件である。"),
        ("part_of_whole", TRIALS, "18の診療科で治験を行い、うち23の診療科が実績を伸ばした。"),
        ("scheme_result", REGION, "「企業立地促進補助金」により3件を認定した。"),
        ("scheme_result", REGION, "企業誘致促進補助金の認定は累計5件である。"),
        ("scheme_result", REGION, "川崎市ナノ・マイクロ機器利用促進補助金により3件を補助した。"),
        ("likely_scheme_result", REGION, "大学の研究成果の試作や検証を行う企業等12件に、開発費を助成した。"),
    ],
)  # fmt: skip
def test_sentences_that_do_not_fit_the_figures_are_found(check, place, sentence):
    assert check in checks_that_find(place, sentence)


SOUND = {
    BUSINESSES: """
        目標を達成することができなかったが、前年度の実績は上回った。
        次年度は目標値を達成できるよう、取組を進める。
        目標を達成した企業への聴き取りを行った。
        目標値を上回るには至らなかった。
        目標値に2件届かなかった。
        横浜市では目標値を上回った。
        企業の売上は目標を達成した。
        試作品の件数は、目標値の12件を上回った。
        令和4年度に続き目標を達成できなかった。
        計画期間を通じて目標を達成する見込みである。
        前年度は6件であったが、令和5年度は8件となった。
        令和4年度の実績値は6件（進捗度60%）であった。
        令和6年度の目標値は10件である。
        次年度は前年度を上回る実績を目指す。
        前年度の6件から8件に増加した。
        前年度比33%増となり、前年度の約1.3倍となった。
        目標値の8割の実績となった。
        進捗度は前年度の60%から80%に上がった。
        相談の件数は前年度から横ばいであった。
        医療機器の相談は前年度に比べて減少した。
        累計では14件となり、5年間の目標の28%に達した。
        5年間の累計目標50件に対し、これまでの累計は14件である。
        8件のうち、医療機器は3件、サービスは5件である。""",
    INVESTMENT: """
        令和5年度の実績は約168億円であり、目標値のおよそ1.4倍となった。
        目標値を52億円上回り、2年連続で目標を達成した。
        累計では384億円となり、総額580億円の66%に当たる。
        横浜市の実績は94億円であった。
        そのうち94億円は横浜市における投資である。
        国内の投資額は30億円であり、設備投資額は前年度から増加した。
        神奈川県12億円、横浜市94億円及び川崎市62億円を合わせて168億円となった。""",
    ENTRANTS: """
        前年度と同数の8者であった。
        前年度から横ばいであるが、目標は達成した。
        入居企業数は前年度より増加した。""",
    OVERALL: """
        特区関連事業による投資額は前年度を下回ったが目標値を上回り、国際共同治験件数も目標値を上回った。
        6つの数値目標のうち、5つの数値目標で目標値を達成し、1つが未達であった。
        6つの数値目標のうち3つで目標値を上回った。
        評価指標（1）の進捗度は129%であり、3つの数値目標は全て目標値に達した。
        全ての数値目標を達成するには至らなかった。
        前年度は6つの数値目標のうち5つが目標値に達した。
        新規事業化件数を除き、数値目標は全て達成した。
        新規事業化件数は、前年度は6件であった。
        新規事業化件数は10件を目標としている。
        令和4年度は、新規事業化件数が6件にとどまった。令和5年度は8件に増えた。
        研修等の参加者数は約7万人であり、目標値の1.4倍となった。
        国際共同治験件数は、横浜市では目標値に届かなかった。
        個別の投資額は50億円であった案件もある。""",
    REGION: """
        LIP.横浜トライアル助成金は、令和4年度の8件から9件に増えた。
        横浜市企業立地促進条例により16件を認定し、28件の税負担を軽減した。
        企業立地促進補助金の累計の認定は5件である。
        横浜市新技術開発等支援事業では、開発費の助成9件と販路の開拓の支援5件の計14件を支援した。
        専門家の相談を120回実施した。""",
    TRIALS: """
        全体で約300件であり、新規64件、継続230件となった。
        相談は合計30件で、うち新規12件、再相談8件である。
        合計38件であり、前年度の30件から8件増えた。
        相談は計12回であり、横浜市では3回、川崎市では2回がオンラインであった。
        前年度から3件増え、計64件となった。
        実施中の治験は206件であり、そのうち新規は40件である。""",
    BASIS: """
        第2期計画では毎年度5者としていた。
        令和4年度の実績は8者であった。""",
}  # fmt: skip


@pytest.mark.parametrize(
    ("place", "sentence"),
    [(place, line.strip()) for place, lines in SOUND.items() for line in lines.split("\n") if line],
)
def test_sound_sentences_are_left_alone(place, sentence):
    assert not checks_that_find(place, sentence)


def test_a_clause_that_another_part_repeats_with_another_number_is_found():
    clause = "区域内で行われている共同研究の件数は{}件であり、"
    sound = of_sample()

    def with_clauses(here: int, there: int) -> Picture:
        contents = sound.contents
        for place, count in ((OVERALL, here), (TRIALS, there)):
            text = clause.format(count) + text_of(contents, place)
            contents = with_text(contents, place, text)
        return Picture(contents, sound.last_year)

    names = [finding.check.name for finding in findings(with_clauses(206, 260))]
    assert names.count("statements.said_differently") == 2
    assert not findings(with_clauses(206, 206))


def test_an_achievement_has_the_number_that_the_assessment_gives_for_it():
    sound = of_sample()
    text = text_of(sound.contents, HOSPITAL)
    wrong = Picture(
        with_text(sound.contents, HOSPITAL, text.replace("24件", "25件")), sound.last_year
    )
    checks = {finding.check.name for finding in findings(wrong) if finding.source == HOSPITAL}
    assert "statements.achievement_and_assessment" in checks


def test_an_achievement_grows_as_its_municipality_does():
    sound = of_sample()
    text = text_of(sound.contents, CENTRE)
    wrong = Picture(
        with_text(sound.contents, CENTRE, text.replace("2件増", "4件増")), sound.last_year
    )
    checks = {finding.check.name for finding in findings(wrong) if finding.source == CENTRE}
    assert "statements.municipal_change" in checks


def test_a_scheme_of_last_year_is_compared_with_last_years_result():
    assert "scheme_result" in checks_that_find(
        REGION, "LIP.横浜トライアル助成金は、前年度の9件と同数である。"
    )


@pytest.mark.parametrize(
    ("formula", "actual", "sentence", "is_sound"),
    [
        ("less_is_better", 8, "目標を達成した。", True),
        ("less_is_better", 12, "目標を達成した。", False),
        ("less_is_better", 12, "目標値を上回った。", True),
        ("ratio", None, "目標を達成した。", True),
        ("ratio", 12, "目標を達成できなかった。", False),
    ],
)
def test_reached_goes_by_the_formula_and_needs_an_actual(formula, actual, sentence, is_sound):
    years = tuple(
        c.YearFigures(
            year=year,
            target=Figure.of(10),
            actual=Figure.of(actual) if actual and year == 2023 else None,
        )
        for year in range(2022, 2027)
    )
    target = factories.numeric_target(
        formula=formula, years=years, assessment=c.Assessment(self_assessment=sentence)
    )
    picture = Picture(
        factories.contents(indicators=(c.Indicator(number=1, name="効果", targets=(target,)),))
    )
    names = {finding.check.name for finding in findings(picture)}
    assert ("statements.target_reached" not in names) == is_sound


def test_words_in_place_of_figures_are_not_measured():
    target = factories.numeric_target(
        assessment=c.Assessment(qualitative="調査中である。", self_assessment="目標を達成した。")
    )
    contents = factories.contents(
        indicators=(c.Indicator(number=1, name="効果", targets=(target,)),)
    )
    assert "statements.target_reached" not in {
        finding.check.name for finding in findings(Picture(contents))
    }


def test_figures_in_the_experts_remarks_are_not_checked():
    sound = of_sample()
    texts = replace(sound.contents.texts, previous_remarks="新規事業化件数は目標を達成した。")
    picture = Picture(replace(sound.contents, texts=texts), sound.last_year)
    # That they differ from the remarks received is found by another check.
    remarks_findings = [
        finding for finding in findings(picture) if finding.source.field == "previous_remarks"
    ]
    assert {finding.check.name for finding in remarks_findings} == {"figures.previous_remarks"}


def test_a_sum_is_given_in_the_unit_of_the_text():
    text = "投資額は165億円であった。内訳は、神奈川県12億円、横浜市94億円、川崎市62億円である。"
    (finding,) = sums.breakdown(saying("overall", text))
    assert finding.expected == "168億円"
