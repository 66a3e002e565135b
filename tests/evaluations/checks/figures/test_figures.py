"""Figures against figures."""

from dataclasses import replace
from decimal import Decimal

import pytest

from evaluations.checks import Picture, findings
from evaluations.checks.figures import actuals, assessments, previous, targets, weights
from evaluations.checks.statements import sums
from evaluations.form import contents as c
from evaluations.form.targets import PrintedFigure
from evaluations.scores import printed_score
from tests import factories
from tests.evaluations.checks.changes import with_actuals, with_body, with_year
from tests.evaluations.checks.pictures import found_by
from tokku.figures import Figure

KEY = c.TargetKey(1, 1)


def with_targets(*targets: c.NumericTarget, **values) -> Picture:
    indicator = c.Indicator(number=1, name="経済効果", targets=targets)
    return Picture(factories.contents(indicators=(indicator,), **values))


def with_target(**values) -> Picture:
    return with_targets(factories.numeric_target(**values))


def years(*figures: int | None, first: int = 2022) -> tuple[c.YearFigures, ...]:
    """Yearly targets."""
    return tuple(
        c.YearFigures(year=first + n, target=Figure.of(value)) for n, value in enumerate(figures)
    )


def reached(actual: int | None, *, last: int | None = None, **values) -> c.NumericTarget:
    """A target of 10件 a year, of which 2022 reached `last` and 2023 `actual`."""
    figures = {2022: last, 2023: actual}
    return factories.numeric_target(
        years=tuple(
            replace(year, actual=Figure.of(figures.get(year.year)))
            for year in years(10, 10, 10, 10, 10)
        ),
        **values,
    )


def saying(text: str, actual: int, *, last: int | None = None, **texts) -> Picture:
    """A target with a self-assessment."""
    assessment = c.Assessment(self_assessment=text, **texts)
    return with_targets(reached(actual, last=last, assessment=assessment))


def places(check, picture: Picture) -> list[str]:
    return [f"{finding.source.record}/{finding.source.field}" for finding in check(picture)]


# Targets and totals


@pytest.mark.parametrize(
    ("yearly", "words"),
    [
        ((12, 10, 10, 10, 10), ["50件"]),
        ((10, 10, 10, 10, 10), []),
        ((None, 10, 10, 10, 10), []),
    ],
)
def test_targets_that_do_not_add_up_to_their_total_are_found(yearly, words):
    assert found_by(targets.targets_and_total, with_target(years=years(*yearly))) == words


def test_targets_of_a_level_are_not_added_up():
    picture = with_target(nature="level", baseline=Figure.of(0), years=years(10, 20, 30, 40, 50))

    assert not found_by(targets.targets_and_total, picture)
    assert not found_by(targets.level_and_last_year, picture)


def test_a_level_whose_last_year_is_not_its_goal_is_found():
    picture = with_target(nature="level", baseline=Figure.of(0), years=years(10, 20, 30, 40, 45))

    assert found_by(targets.level_and_last_year, picture) == ["50件"]


@pytest.mark.parametrize(
    ("baseline", "yearly", "words"),
    [
        (0, (10, 20, 15, 40, 50), ["15件"]),
        (0, (10, 20, 20, 40, 50), []),
        (90, (80, 70, 75, 60, 50), ["75件"]),
        (90, (80, 70, 60, 55, 50), []),
        (None, (10, 20, 15, 40, 50), []),
    ],
)
def test_a_level_that_goes_back_is_found(baseline, yearly, words):
    base = Figure.of(baseline)
    picture = with_target(nature="level", baseline=base, years=years(*yearly))

    assert found_by(targets.level_going_back, picture) == words


def test_a_level_needs_a_baseline_and_its_year():
    def picture(**values):
        return with_target(nature="level", years=years(10, 20, 30, 40, 50), **values)

    assert places(targets.level_without_baseline, picture()) == ["target/1-1/total"]
    assert places(targets.level_without_baseline, picture(baseline=Figure.of(0)))
    whole = picture(baseline=Figure.of(0), baseline_year=2021)
    assert not places(targets.level_without_baseline, whole)
    assert not places(targets.level_without_baseline, with_target())
    assert places(targets.level_without_baseline, with_target(formula="improvement"))


def test_a_year_without_target_is_found_with_what_the_total_leaves():
    picture = with_target(years=years(10, 10, None, 10, 10))

    [finding] = targets.targets_missing(picture)
    assert (finding.source.record, finding.expected) == ("target/1-1/2024", "10件")
    assert not found_by(targets.target_of_the_year, picture)


@pytest.mark.parametrize(
    ("basis", "is_missing"),
    [
        ("令和6年度は調査を実施しないため、目標値を設けていない。", False),
        ("調査は隔年で行う。令和６年度は調査を行わない。", False),
        ("令和6年度には目標値を設定しない。", False),
        ("令和6年度は調査を実施せず、令和7年度に改めて行う。", False),
        ("令和5年度は調査を実施しないため、目標値を設けていない。", True),
        ("令和6年度も10件とする。調査は行わない。", True),
        ("令和6年度は、調査の結果を基に目標値を設けた。", True),
        ("", True),
    ],
)
def test_no_target_is_missing_in_a_year_that_has_none_by_the_words_of_the_sheet(basis, is_missing):
    assessment = c.Assessment(target_basis=basis)
    picture = with_target(nature="level", years=years(10, 10, None, 10, 10), assessment=assessment)
    assert places(targets.targets_missing, picture) == ["target/1-1/2024/target"] * is_missing


def test_the_evaluated_year_needs_a_target_unless_it_is_assessed_in_words():
    blank = years(10, None, 10, 10, 10)
    in_words = c.Assessment(qualitative="順調である。")

    [finding] = targets.target_of_the_year(with_target(years=blank))
    assert finding.source.record == "target/1-1/2023"
    assert not places(targets.target_of_the_year, with_target(years=blank, assessment=in_words))
    assert not places(targets.targets_missing, with_target(years=years(*[None] * 5)))


@pytest.mark.parametrize(
    ("text", "without_target", "without_actual"),
    [
        ("令和5年度は調査のない年である。", True, True),
        ("本年度は、国の調査が実施されていない。", True, True),
        ("令和5年度は調査年ではないため、実績値はない。", True, True),
        ("調査は隔年で行われる。", True, False),
        ("3年ごとの調査による。", True, False),
        ("令和4年度は調査を実施していない。", False, False),
        ("調査の結果がまだ公表されていない。", False, False),
        ("アンケートに回答しない企業があった。", False, False),
        ("", False, False),
    ],
)
@pytest.mark.parametrize("field", ["target_basis", "external_factors", "self_assessment"])
def test_words_may_say_that_a_year_has_no_survey(field, text, without_target, without_actual):
    assessment = c.Assessment(**{field: text})
    without_target_picture = with_target(years=years(10, None, 10, 10, 10), assessment=assessment)
    assert (not places(targets.target_of_the_year, without_target_picture)) == without_target
    assert (not places(actuals.actual_missing, without_target_picture)) == without_target
    without_actual_picture = with_targets(reached(None, last=8, assessment=assessment))
    assert (not places(actuals.actual_missing, without_actual_picture)) == without_actual


WITHOUT_SURVEY = """\
調査は2年に1度であり、令和5年度は実施していない。
本調査は3年ごとの実施であり、今年度は対象の年ではない。
隔年の調査であり、令和5年度は実施年でない。
令和5年度は、調査の実施年に当たらない。
令和5年度は国勢調査の年でない。
隔年調査であり、令和5年度は該当しない。
調査は令和4年度に行い、次回は令和6年度である。
前回の調査は令和3年度、次回の調査は令和7年度である。
測定は隔年であり、次回は令和6年度に行う。
調査は3年に1回行われ、次回は令和7年度の予定である。
本年度は調査対象年度に当たらない。
令和5年度には調査をしていない。
令和5年度はアンケートを取りやめた。
令和5年度は観測を行わなかった。
令和5年度は測定していない。
国の統計が5年に一度であり、令和5年度は公表されない年である。
調査は新型コロナウイルス感染症の影響により実施できなかった。
調査を中止せざるを得なかった。
調査の実施を見送った。
調査は行わないこととした。
令和5年度及び令和6年度は調査を実施していない。
令和5年度は調査なし。
令和5年度は計測を実施せず、推計も行っていない。
調査を行わない令和5年度については、実績値を記載しない。
調査は隔年のため、令和5年度の実績値はない。
令和5年度は調査対象外の年である。
（令和5年度は調査未実施）"""
WITH_SURVEY = """\
アンケートの内容に大きな変更はない。
調査を中止することなく実施した。
調査は中止にならなかった。
アンケートを休止せず続けた。
アンケートは休止しておらず、例年どおりである。
調査を中止する予定はない。
アンケートを取りやめたわけではない。
測定の機器に異常はなかった。
計測の精度に問題はない。
統計上の誤差は少ない。
調査の方法は変えていない。
調査員が足りない。
調査の負担が少なくない。
調査を行わないと決めたわけではない。
調査を行わない年はない。
調査は毎年行い、実施しない年度はない。
調査を実施しない企業があった。
調査を行わなければならない。
調査は十分に行っていない。
調査はまだ行っていない。
アンケートを2回しか行っていない。
対面での調査は行わず、郵送で実施した。
調査の結果を公表していない。
調査の規模の縮小は行わなかった。
調査は順調であり、会議は行わなかった。
調査の結果、令和5年度は研修を実施していない。
アンケートの集計が終わらず、実績値がない。
アンケートの結果を踏まえ、令和5年度は実施していない。
調査に基づく目標値は設けていない。
令和4年度は調査を実施せず、令和5年度に実施した。
調査は令和5年度に行い、次回は令和7年度である。
次回の調査は令和6年度に行う。"""


@pytest.mark.parametrize(
    ("text", "is_excused"),
    [(line, True) for line in WITHOUT_SURVEY.split("\n")]
    + [(line, False) for line in WITH_SURVEY.split("\n")],
)
def test_an_actual_is_missing_unless_a_sentence_says_that_nothing_was_surveyed(text, is_excused):
    assessment = c.Assessment(external_factors=text)
    picture = with_targets(reached(None, last=8, assessment=assessment))
    assert (not places(actuals.actual_missing, picture)) == is_excused


# Weights


def weighted(*values: str | None, text: str = "") -> Picture:
    picture = with_targets(
        *(
            factories.numeric_target(n, weight=None if weight is None else Decimal(weight))
            for n, weight in enumerate(values, 1)
        )
    )
    return Picture(with_body(picture.contents, weight_rationale=text))


@pytest.mark.parametrize(
    ("values", "place"),
    [
        (("33", "33", "33"), None),
        (("33.3", "33.3", "33.3"), None),
        (("34", "34", "34"), None),
        (("14",) * 7, None),
        (("50", "30", "20"), None),
        (("30", "30", "30"), "1-1 1-2 1-3"),
        (("33", "23", "33"), "1-2"),
        (("60", "30"), "1-2"),
        (("33", None, "33"), None),
    ],
)
def test_weights_make_a_hundred_or_equal_shares_of_it(values, place):
    found_places = places(weights.weights_sum, weighted(*values))

    assert bool(found_places) == bool(place)
    assert not found_places or any(
        found_places == [f"target/{key}/weight"] for key in place.split()
    )


def test_weights_missing_for_some_or_all_targets_of_an_indicator_are_found():
    in_part, absent, only = weighted("50", None), weighted(None, None), weighted(None)

    assert places(weights.weights_in_part, in_part) == ["target/1-2/weight"]
    assert places(weights.weights_absent, absent) == ["target/1-1/weight"]
    for picture in (absent, only, weighted("50", "50")):
        assert not places(weights.weights_in_part, picture)
    for picture in (in_part, only, weighted("50", "50")):
        assert not places(weights.weights_absent, picture)


@pytest.mark.parametrize(("weight", "words"), [("33", ["33"]), ("100", []), (None, [])])
def test_a_weight_of_the_only_target_is_found(weight, words):
    assert found_by(weights.weight_of_the_only_target, weighted(weight)) == words
    assert not found_by(weights.weight_of_the_only_target, weighted("33", "67"))


@pytest.mark.parametrize(
    ("text", "is_found"), [("", True), ("該当なし", True), ("均等とした。", False)]
)
def test_weights_need_an_explanation(text, is_found):
    assert bool(places(weights.weights_unexplained, weighted("50", "50", text=text))) == is_found
    assert not places(weights.weights_unexplained, weighted(None, text=text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("寄与度はそれぞれ33%とした。", []),
        ("寄与度はそれぞれ３３．３％とした。", []),
        ("寄与度は、それぞれ３０％とした。", ["３０"]),
        ("前年度の寄与度は50%であった。", []),
        ("投資の伸びは50%であった。", []),
    ],
)
def test_weights_are_explained_as_they_are_printed(text, words):
    picture = weighted("33.3", "33.3", "33.3", text=text)

    assert found_by(weights.weights_explained_otherwise, picture) == words


# Actuals


def test_a_missing_actual_is_found_with_those_who_have_not_entered_theirs():
    shares = (("神奈川県", Figure.of(2)), ("横浜市", None), ("川崎市", None))
    contents = with_targets(reached(None, last=8)).contents
    contents = with_year(contents, KEY, 2023, by_municipality=shares)

    [finding] = actuals.actual_missing(Picture(contents))
    assert "（未記入：横浜市、川崎市）" in finding.why
    assert (finding.source.record, finding.source.field) == ("target/1-1/2023", "actual")
    assert not places(actuals.actual_missing, Picture(contents, hidden=frozenset({"横浜市"})))
    in_words = reached(None, last=8, assessment=c.Assessment(qualitative="順調である。"))
    assert not places(actuals.actual_missing, with_targets(in_words))
    assert not places(actuals.actual_missing, with_targets(reached(0, last=8)))


def test_earlier_actuals_are_required_unless_they_were_assessed_in_words():
    now = with_targets(reached(8))
    in_words = reached(None, assessment=c.Assessment(qualitative="順調である。"))
    last = with_targets(in_words, fiscal_year=2022).contents

    assert places(actuals.earlier_actual_missing, now) == ["target/1-1/2022/actual"]
    assert not places(actuals.earlier_actual_missing, Picture(now.contents, last))
    assert not places(actuals.earlier_actual_missing, with_targets(reached(8, last=0)))


def shared(actual: int, *shares: int | None, text: str = "", **values) -> Picture:
    picture = with_targets(reached(actual, assessment=c.Assessment(self_assessment=text), **values))
    named = zip(picture.contents.zone.municipalities, shares, strict=True)
    by_municipality = tuple((name, Figure.of(n)) for name, n in named)
    return Picture(with_year(picture.contents, KEY, 2023, by_municipality=by_municipality))


def test_the_figure_of_the_zone_is_the_sum_of_its_municipalities():
    assert found_by(actuals.municipalities_and_zone, shared(9, 2, 3, 3)) == ["9件"]
    assert not found_by(actuals.municipalities_and_zone, shared(8, 2, 3, 3))
    assert not found_by(actuals.municipalities_and_zone, shared(9, 2, None, 3))
    assert not found_by(actuals.municipalities_and_zone, shared(9, 2, 3, 3, aggregation="once"))


def test_a_figure_reported_once_is_one_figure():
    def once(*shares):
        return shared(8, *shares, aggregation="once")

    assert found_by(actuals.reported_differently, once(8, 7, None)) == ["8件"]
    assert not found_by(actuals.reported_differently, once(8, 8, None))
    assert not found_by(actuals.reported_differently, shared(15, 8, 7, 0))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("内訳は横浜市４件、川崎市3件である。", ["横浜市４件"]),
        ("内訳は横浜市3件、川崎市3件である。", []),
        ("神奈川県2件、横浜市が3件、川崎市は4件となった。", ["川崎市は4件"]),
        ("横浜市で12件の相談があった。", []),
        ("内訳は横浜市立病院12件である。", []),
        ("内訳は横浜市3,000人である。", []),
    ],
)
def test_a_breakdown_gives_the_figures_of_the_municipalities(text, words):
    picture = shared(8, 2, 3, 3, text=text)

    assert found_by(actuals.breakdown_of_municipalities, picture) == words


def test_a_breakdown_that_does_not_add_up_is_found_once():
    picture = shared(8, 2, 3, 3, text="8件の内訳は神奈川県2件、横浜市4件、川崎市3件である。")

    assert found_by(sums.breakdown, picture)
    assert not found_by(actuals.breakdown_of_municipalities, picture)


def test_figures_that_differ_from_last_years_evaluation_are_found():
    last = with_targets(reached(None, last=12), fiscal_year=2022).contents
    now = with_targets(reached(8, last=12)).contents
    other = with_year(now, KEY, 2022, actual=Figure.of(21))
    planned = with_year(now, KEY, 2025, target=Figure.of(20))

    assert not places(actuals.figures_changed, Picture(now, last))
    assert found_by(actuals.figures_changed, Picture(other, last)) == ["21件"]
    assert places(actuals.figures_changed, Picture(planned, last)) == ["target/1-1/2025/target"]
    plan = c.Plan(first_year=2017, last_year=2022)
    assert not places(actuals.figures_changed, Picture(other, replace(last, plan=plan)))


@pytest.mark.parametrize(
    ("actual", "is_found"), [(60, True), (49, False), (2, False), (1, True), (0, False)]
)
def test_an_actual_far_from_its_target_is_found(actual, is_found):
    assert bool(places(actuals.unlikely_progress, with_targets(reached(actual)))) == is_found


# Assessments


def test_a_target_without_self_assessment_is_found():
    assert places(assessments.self_assessment_missing, saying("", 8))
    assert not places(assessments.self_assessment_missing, saying("順調である。", 8))


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("実績値は8件であった。", True),
        ("実績値は8件であり、目標に届かなかった。次年度は達成のため支援を強める。", True),
        ("実績値は8件にとどまった。目標達成のため、相談の充実に努める。", True),
        ("承認に時間を要し、目標に届かなかった。", False),
        ("量産の委託先が決まらなかったため、8件となった。", False),
        ("部材の不足により届かなかったが、次年度の達成に取り組む。", False),
        ("申請の遅れが要因である。", False),
    ],
)
def test_a_missed_target_needs_a_cause(text, is_found):
    assert bool(places(assessments.delay_without_cause, saying(text, 8))) == is_found
    assert not places(assessments.delay_without_cause, saying(text, 10))


def test_a_cause_may_stand_with_what_came_from_outside():
    picture = saying("実績値は8件であった。", 8, external_factors="部材の調達が遅れた。")

    assert not places(assessments.delay_without_cause, picture)


@pytest.mark.parametrize(
    ("text", "last", "is_found"),
    [
        ("目標を達成した。", 6, True),
        ("目標を達成した。", 18, True),
        ("目標を達成した。", 11, False),
        ("目標の1.2倍となった。", 6, True),
        ("前年度を上回った。", 6, False),
        ("件数が大きく伸び、目標を達成した。", 6, False),
        ("令和４年度の6件から12件となった。", 6, False),
        ("目標を達成した。", None, False),
    ],
)
def test_a_jump_needs_a_comment(text, last, is_found):
    assert bool(places(assessments.jump_unmentioned, saying(text, 12, last=last))) == is_found


def test_a_step_of_a_small_count_is_no_jump():
    assert not places(assessments.jump_unmentioned, saying("目標に届かなかった。", 4, last=2))


def test_words_in_place_of_figures_stand_alone_and_are_explained():
    in_words = c.Assessment(qualitative="順調である。")
    explained = replace(in_words, alternative="統計の公表が遅れるため。")

    assert places(
        assessments.qualitative_with_figure, with_targets(reached(8, assessment=in_words))
    )
    assert not places(
        assessments.qualitative_with_figure, with_targets(reached(None, assessment=in_words))
    )
    assert not places(assessments.qualitative_with_figure, with_targets(reached(8)))
    assert places(assessments.qualitative_unexplained, with_target(assessment=in_words))
    assert not places(assessments.qualitative_unexplained, with_target(assessment=explained))
    assert not places(assessments.qualitative_unexplained, with_target())


@pytest.mark.parametrize(
    ("key", "text", "place"),
    [
        (KEY, "81%", "target/1-1/2023/progress"),
        (KEY, " ８０％", None),
        (1, "90%", "indicator/1/name"),
        (1, "80%", None),
    ],
)
def test_a_printed_progress_is_the_computed_one(key, text, place):
    contents = with_targets(reached(8)).contents
    # 3① and 別紙1 print it once each.
    printed = (PrintedFigure(key, 2023, text, 7), PrintedFigure(key, 2023, text, 90))

    findings = list(assessments.printed_progress(Picture(contents, printed=printed)))
    assert [f"{finding.source.record}/{finding.source.field}" for finding in findings] == [
        place
    ] * bool(place)
    assert all((finding.found, finding.expected) == (text, "80%") for finding in findings)


# Last year's result


def after(score: str | None, remarks: str, **texts) -> Picture:
    last_year = with_body(factories.contents(fiscal_year=2022), score=score, remarks=remarks)
    return Picture(with_body(factories.contents(), **texts), last_year)


def test_the_score_is_the_one_that_last_year_got():
    assert found_by(previous.previous_score, after("4.5", "", previous_score="4.4")) == ["4.4点"]
    for same in ("4.5", "4.50"):
        assert not found_by(previous.previous_score, after("4.5", "", previous_score=same))
    assert not found_by(previous.previous_score, after("Ａ+", "", previous_score="A＋"))
    for other in ("Ａ", "B+", "4.5"):
        (finding,) = previous.previous_score(after("Ａ+", "", previous_score=other))
        assert (finding.found, finding.expected) == (printed_score(other), "Ａ+")
    assert not found_by(previous.previous_score, after(None, "", previous_score="4.4"))


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("順調である。\n人材の育成を望む。", False),
        ("順調である。\n人材の 育成を望む。", False),
        ("順調である。\n人材の育成に望む。", True),
        ("順調である。", True),
    ],
)
def test_the_remarks_are_those_that_last_year_got(text, is_found):
    picture = after("4.5", "順調である。\n人材の育成を望む。", previous_remarks=text)

    assert bool(places(previous.previous_remarks, picture)) == is_found
    assert not places(previous.previous_remarks, after("4.5", "", previous_remarks=text))


def test_last_years_result_is_required_except_in_the_first_year():
    nothing, first = factories.contents(), factories.contents(fiscal_year=2022)
    whole = with_body(nothing, previous_score="4.5", previous_remarks="順調である。")

    assert places(previous.previous_result_missing, Picture(nothing)) == [
        "evaluation/previous_score",
        "evaluation/previous_remarks",
    ]
    assert not places(previous.previous_result_missing, Picture(first))
    assert not places(previous.previous_result_missing, Picture(whole))


def test_figures_that_agree_raise_nothing():
    contents = with_targets(
        reached(12, last=12, assessment=c.Assessment(self_assessment="前年度と同じであった。"))
    ).contents
    contents = with_body(contents, previous_score="4.5", previous_remarks="順調である。")
    contents = with_year(contents, KEY, 2023, by_municipality=(("川崎市", Figure.of(12)),))

    assert not [
        finding
        for finding in findings(Picture(contents))
        if finding.check.name.startswith("figures.")
    ]
    tenfold = with_actuals(contents, KEY, 2023, lambda value: value * 10)
    assert [
        finding
        for finding in findings(Picture(tenfold))
        if finding.check.name.startswith("figures.")
    ]
