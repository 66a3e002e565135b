"""Several published years give the same records in whatever order they are imported.

Where wording differs, recognition.py has a person asked; its rules alone are in test_recognition.py.
"""

from dataclasses import replace
from io import StringIO
from itertools import permutations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings, strategies

from evaluations.form import compose, interpret
from evaluations.form.contents import Indicator, Plan, Scheme, YearFigures, number_of
from evaluations.keys import TargetKey
from evaluations.models import Evaluation, NumericTarget
from evaluations.models import Plan as PlanRow
from evaluations.records.load import load
from evaluations.records.store import store
from evaluations.sample import evaluations
from supports.models import Scheme as SchemeRow
from tests import factories, published
from tests.evaluations.commands.test_import_evaluation import everything
from tests.examples import share
from tests.published import as_published
from tokku.document import text
from tokku.figures import Figure

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def municipalities(db):
    return [factories.municipality(name) for name in ("神奈川県", "横浜市", "川崎市")]


@pytest.fixture
def read(tmp_path):
    """A function that imports contents from a conversion of their print, and returns the command's output."""

    def read(contents, **options):
        path = tmp_path / f"R{contents.fiscal_year - 2018}.txt"
        path.write_text(as_published(compose(contents)))
        out = StringIO()
        call_command("import_evaluation", path, zone="keihin", stdout=out, **options)
        return out.getvalue()

    return read


def with_figures(contents, year, *, actual=None, target=None):
    """The contents with the given figures of the year for the first target."""
    first, *others = contents.indicators
    figures = {"actual": actual, "target": target}
    changed = {name: Figure.of(value) for name, value in figures.items() if value is not None}
    years = tuple(
        replace(year_figures, **changed) if year_figures.year == year else year_figures
        for year_figures in first.targets[0].years
    )
    targets = (replace(first.targets[0], years=years), *first.targets[1:])
    return replace(contents, indicators=(replace(first, targets=targets), *others))


def small(year, actuals, schemes=("立地補助金",), **target):
    """Contents with one target, whose actuals begin in 2022."""
    figures = dict(enumerate(actuals, 2022))
    years = tuple(
        YearFigures(
            year=figures_year,
            target=Figure.of(10),
            actual=Figure.of(figures.get(figures_year)),
        )
        for figures_year in range(2022, 2027)
    )
    return factories.contents(
        fiscal_year=year,
        indicators=(
            Indicator(
                number=1,
                name="経済効果",
                targets=(factories.numeric_target(years=years, **target),),
            ),
        ),
        schemes=tuple(
            Scheme(category="fiscal", name=name, municipalities=("川崎市",), result=f"{year}")
            for name in schemes
        ),
    )


def stored_contents():
    return [load(evaluation) for evaluation in Evaluation.objects.order_by("fiscal_year")]


def in_every_order(read, years):
    """For each order of importing the years: the stored contents, the number of schemes, and the outputs."""
    outcomes = []
    for order in permutations(years):
        with transaction.atomic():
            outputs = [read(contents) for contents in order]
            outcomes.append((stored_contents(), SchemeRow.objects.count(), outputs))
            transaction.set_rollback(True)
    return outcomes


def test_years_of_the_sample_line_up_in_either_order(read):
    years = [evaluations()[year].printed() for year in (2022, 2023)]
    (forth, schemes, _), (back, schemes_back, _) = in_every_order(read, years)
    assert forth == back
    named = {(scheme.category, scheme.name) for year in years for scheme in year.schemes}
    assert schemes == schemes_back == len(named)
    assert [contents.printed() for contents in forth] == years


@published.needed
def test_published_year_and_the_one_before_line_up_in_either_order(read):
    later = interpret(text.read(published.PATH.read_text())).contents
    earlier = replace(
        later,
        fiscal_year=2022,
        indicators=tuple(
            replace(
                indicator,
                targets=tuple(
                    replace(
                        target,
                        years=tuple(
                            replace(
                                figures, actual=figures.actual if figures.year == 2022 else None
                            )
                            for figures in target.years
                        ),
                    )
                    for target in indicator.targets
                ),
            )
            for indicator in later.indicators
        ),
    )
    (forth, schemes, outputs), (back, schemes_back, _) = in_every_order(read, [earlier, later])
    assert forth == back
    assert schemes == schemes_back == len(later.schemes)
    assert len({target.name for _, _, target in forth[1].targets()}) == 6
    assert "食い違う数値" not in "".join(outputs)


# Wording: asked about, not guessed


def refused(read, contents, **options):
    before = everything()
    with pytest.raises(CommandError) as refusal:
        read(contents, **options)
    assert everything() == before
    return refusal.value


OLD, NEW = small(2022, [12]), small(2023, [12, 8], schemes=("立地促進補助金",))


@pytest.mark.parametrize(("first", "second"), [(OLD, NEW), (NEW, OLD)])
def test_reworded_scheme_is_asked_about_and_nothing_changes(read, first, second):
    read(first)
    refusal = refused(read, second)
    stored_name, new_name = first.schemes[0].name, second.schemes[0].name
    assert refusal.returncode == 2
    assert f"登録されている「{stored_name}」と、文書の「{new_name}」は同じものですか。" in str(
        refusal
    )
    assert f'--same "{stored_name}={new_name}"' in str(refusal)


@pytest.mark.parametrize(("first", "second"), [(OLD, NEW), (NEW, OLD)])
def test_scheme_that_is_the_same_goes_by_the_name_of_each_year(read, first, second):
    read(first)
    read(second, same=[f"{first.schemes[0].name}={second.schemes[0].name}"])
    assert SchemeRow.objects.count() == 1
    assert [contents.schemes for contents in stored_contents()] == [OLD.schemes, NEW.schemes]


def test_scheme_that_is_different_is_another(read):
    read(OLD)
    read(NEW, different=["立地補助金=立地促進補助金"])
    assert SchemeRow.objects.count() == 2


def test_answer_may_be_in_any_width(read):
    read(OLD)
    read(NEW, same=["立地補助金 ＝ 立地促進補助金"])
    assert SchemeRow.objects.count() == 1


def test_answer_to_another_question_answers_nothing(read):
    read(OLD)
    assert refused(read, NEW, same=["立地補助金=企業立地補助金"]).returncode == 2


def test_scheme_answered_for_is_not_asked_about_again(read):
    read(OLD)
    two = small(2023, [12, 8], schemes=("立地促進補助金", "新立地補助金"))
    read(two, same=["立地補助金=立地促進補助金"])
    assert SchemeRow.objects.count() == 2


def test_scheme_of_another_municipality_is_asked_about(read):
    read(OLD)
    (scheme,) = OLD.schemes
    moved = replace(OLD, fiscal_year=2023, schemes=(replace(scheme, municipalities=("横浜市",)),))
    refusal = refused(read, moved)
    assert "（登録：川崎市、文書：横浜市）" in str(refusal)
    read(moved, different=["立地補助金=立地補助金"])
    assert SchemeRow.objects.count() == 2


def test_scheme_that_a_municipality_joins_is_the_same(read):
    read(OLD)
    (scheme,) = OLD.schemes
    joined = replace(scheme, municipalities=("横浜市", "川崎市"))
    read(replace(OLD, fiscal_year=2023, schemes=(joined,)))
    assert SchemeRow.objects.count() == 1
    assert [contents.schemes[0].municipalities for contents in stored_contents()] == [
        ("川崎市",),
        ("横浜市", "川崎市"),
    ]


def test_every_question_is_asked_at_once(read):
    read(OLD)
    reworded = small(2023, [12, 8], schemes=("立地促進補助金",), name="数値目標の一")
    assert "次の2件が決まると読み込めます。" in str(refused(read, reworded))


@pytest.mark.parametrize(
    ("first", "second"), [("古い名称", "新しい名称"), ("新しい名称", "古い名称")]
)
def test_reworded_target_is_asked_about_and_is_called_as_in_its_year(read, first, second):
    years = {
        "古い名称": small(2022, [12], name="古い名称"),
        "新しい名称": small(2023, [12, 8], name="新しい名称"),
    }
    read(years[first])
    assert f'--same "{first}={second}"' in str(refused(read, years[second]))
    read(years[second], same=[f"{first}={second}"])
    assert names_of_targets() == ["古い名称", "新しい名称"]
    assert len(set(NumericTarget.objects.values_list("thread"))) == 1
    later = stored_contents()[1].target(TargetKey(1, 1))
    assert [number_of(figures.actual) for figures in later.years[:2]] == [12, 8]


def names_of_targets():
    return [contents.target(TargetKey(1, 1)).name for contents in stored_contents()]


def test_different_target_takes_the_place_of_the_one_with_its_number(read):
    read(small(2022, [12], name="投資額"))
    read(small(2023, [None, 8], name="雇用者数"), different=["投資額=雇用者数"])
    assert names_of_targets() == ["投資額", "雇用者数"]
    later = stored_contents()[1].target(TargetKey(1, 1))
    assert [number_of(figures.actual) for figures in later.years[:2]] == [None, 8]


def test_stored_target_is_not_replaced_by_another_of_its_number(read):
    read(small(2022, [12], name="投資額"))
    refusal = refused(read, small(2022, [12], name="雇用者数"), different=["投資額=雇用者数"])
    assert refusal.returncode == 1
    assert "数値目標（1-1）は「投資額」として登録されている" in str(refusal)


def test_reworded_indicator_is_asked_about(read):
    read(OLD)
    (indicator,) = OLD.indicators
    again = replace(OLD, fiscal_year=2023, indicators=(replace(indicator, name="経済の効果"),))
    refused(read, again)
    read(again, same=["経済効果=経済の効果"])
    assert [contents.indicators[0].name for contents in stored_contents()] == [
        "経済効果",
        "経済の効果",
    ]


# Figures: compared, not overwritten


CONTRADICTING = [small(2022, [13]), small(2023, [12, 8])]


def test_contradicting_actual_is_reported_with_both_figures_and_sources(read):
    read(CONTRADICTING[0])
    out = read(CONTRADICTING[1])
    (line,) = (line for line in out.split("\n") if "令和4年度" in line and "実績値は" in line)
    assert "文書（令和5年度の評価書）では 12、登録では 13（" in line
    assert "R4.txt から取込み）です。登録されている値を残しました。" in line


def test_contradicting_actual_is_reported_in_the_other_order_too(read):
    read(CONTRADICTING[1])
    out = read(CONTRADICTING[0])
    (line,) = (line for line in out.split("\n") if "令和4年度" in line and "実績値は" in line)
    assert "文書（令和4年度の評価書）では 13、登録では 12（" in line
    assert "R5.txt から取込み）です。文書の値にしました。" in line


def test_stored_contents_do_not_depend_on_the_order(read):
    """Figures of a year are those of its own evaluation, or of the newest where it has none."""
    years = [
        with_figures(small(2022, [13]), 2025, target=11),
        with_figures(small(2024, [12, 7, 5]), 2025, target=14),
        with_figures(small(2025, [12, 9, 6, 3]), 2026, target=15),
    ]
    outcomes = in_every_order(read, years)
    assert all(stored == outcomes[0][0] for stored, _, _ in outcomes)
    newest = outcomes[0][0][-1].indicators[0].targets[0].years
    # 2023 has no evaluation of its own.
    assert [number_of(figures.actual) for figures in newest] == [13, 9, 5, 3, None]
    assert [number_of(figures.target) for figures in newest] == [10, 10, 10, 10, 15]


FIGURE = strategies.integers(0, 2).map(Figure.of)


@strategies.composite
def printed_years(draw):
    """Evaluations of some years of a plan, with figures of its own: targets of all years, actuals up to its year."""
    years = draw(strategies.sets(strategies.integers(2022, 2026), min_size=2, max_size=3))
    evaluations = []
    for year in sorted(years):
        figures = tuple(
            YearFigures(
                year=figures_year,
                target=draw(FIGURE),
                actual=draw(FIGURE) if figures_year <= year else None,
            )
            for figures_year in range(2022, 2027)
        )
        target = factories.numeric_target(years=figures)
        indicators = (Indicator(number=1, name="経済効果", targets=(target,)),)
        evaluations.append(factories.contents(fiscal_year=year, indicators=indicators))
    return evaluations


@settings(
    max_examples=share(6),
    phases=[Phase.generate],  # Shrinking would take minutes.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(printed_years())
def test_any_order_gives_the_same_figures(db, years):
    def stored(order):
        with transaction.atomic():
            for contents in order:
                store(contents, "keihin", reason="試験")
            contents_of_years = stored_contents()
            transaction.set_rollback(True)
        return contents_of_years

    first, *others = map(stored, permutations(years))
    assert all(other == first for other in others)


def test_reading_again_changes_nothing(read):
    for contents in CONTRADICTING:
        read(contents)
    before = everything()
    for contents in CONTRADICTING:
        assert "変更はありません。" in read(contents)
    assert everything() == before


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_target_of_a_later_year_does_not_hinder_reading_an_earlier_one(read, order):
    later = small(2023, [12, 8])
    (indicator,) = later.indicators
    added = factories.numeric_target(2, years=indicator.targets[0].years)
    later = replace(
        later,
        indicators=(replace(indicator, targets=(*indicator.targets, added)),),
    )
    years = [OLD, later]
    out = [read(years[place]) for place in order]
    assert [len(contents.indicators[0].targets) for contents in stored_contents()] == [1, 2]
    if order == (1, 0):
        assert "令和4年度の計画にはないものとしました。" in out[1]


def test_target_that_the_newest_lacks_is_not_in_its_plan(read):
    first = small(2022, [12])
    (indicator,) = first.indicators
    added = factories.numeric_target(2, years=indicator.targets[0].years)
    read(replace(first, indicators=(replace(indicator, targets=(*indicator.targets, added)),)))
    out = read(small(2023, [12, 8]))
    assert "数値目標（1-2）が文書にありません。令和5年度の計画にはないものとしました。" in out
    assert [len(contents.indicators[0].targets) for contents in stored_contents()] == [2, 1]


def test_target_that_its_year_has_does_not_go_when_the_year_is_read_again(read):
    first = small(2022, [12])
    (indicator,) = first.indicators
    added = factories.numeric_target(2, years=indicator.targets[0].years)
    read(replace(first, indicators=(replace(indicator, targets=(*indicator.targets, added)),)))
    assert "計画にある数値目標（1-2）が文書にありません。" in str(refused(read, first))


def test_plans_of_two_terms_stand_side_by_side(read):
    read(OLD)
    next_term = replace(
        OLD,
        fiscal_year=2027,
        plan=Plan(first_year=2027, last_year=2031, overview="次の期", goal="次の目標"),
        indicators=tuple(
            replace(
                indicator,
                targets=tuple(
                    replace(
                        target,
                        years=tuple(
                            YearFigures(year=year, target=Figure.of(20))
                            for year in range(2027, 2032)
                        ),
                    )
                    for target in indicator.targets
                ),
            )
            for indicator in OLD.indicators
        ),
    )
    before = stored_contents()
    read(next_term)
    assert stored_contents()[:1] == before
    assert NumericTarget.objects.count() == 2


@pytest.mark.parametrize(
    "order", [order for count in (1, 2, 3) for order in permutations(range(3), count)]
)
def test_terms_follow_the_order_of_years(read, order):
    years = [(2012, 2016), (2017, 2021), (2022, 2026)]
    for place in order:
        first_year, last_year = years[place]
        contents = small(2022, [12])
        (indicator,) = contents.indicators
        of_term = tuple(YearFigures(year=year) for year in range(first_year, last_year + 1))
        targets = (replace(indicator.targets[0], years=of_term),)
        read(
            replace(
                contents,
                fiscal_year=first_year,
                plan=Plan(first_year=first_year, last_year=last_year, overview="概要", goal="目標"),
                indicators=(replace(indicator, targets=targets),),
            )
        )
    plans = PlanRow.objects.order_by("first_year")
    assert [plan.term for plan in plans] == [place + 1 for place in sorted(order)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["forth", "back"])
def test_figures_of_a_target_that_the_earlier_document_lacks_stay(order):
    later, earlier = small(2023, [5, 6]), small(2022, [5])
    (indicator,) = later.indicators
    (target,) = indicator.targets
    added = replace(target, number=2, name="後の目標")
    later = replace(later, indicators=(replace(indicator, targets=(target, added)),))
    documents = (earlier, later)
    for place in order:
        store(documents[place], "keihin", reason="試験")
    of_2022, of_2023 = stored_contents()
    assert len(of_2022.indicators[0].targets) == 1
    assert [number_of(year.actual) for year in of_2023.target(TargetKey(1, 2)).years[:2]] == [5, 6]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["forth", "back"])
def test_a_value_that_the_earlier_document_does_not_set_yet_stays_blank_there(order):
    later, earlier = small(2023, [5, 6]), small(2022, [5])
    (indicator,) = earlier.indicators
    years = tuple(
        replace(figures, target=None) if figures.year > 2022 else figures
        for figures in indicator.targets[0].years
    )
    targets = (replace(indicator.targets[0], years=years),)
    earlier = replace(earlier, indicators=(replace(indicator, targets=targets),))
    documents = (earlier, later)
    for place in order:
        store(documents[place], "keihin", reason="試験")
    values = [number_of(year.target) for year in stored_contents()[0].target(TargetKey(1, 1)).years]
    assert values == [10, None, None, None, None]
