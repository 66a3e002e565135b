"""Malformed documents are read, or refused with a sentence and the line, and never raise any other error."""

import re
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from evaluations import moves
from evaluations.entry.word.changes import read_edited
from evaluations.entry.word.proposals import proposals
from evaluations.form import UnreadableForm, compose, interpret
from evaluations.form import contents as c
from evaluations.permissions import Access
from evaluations.records.importing import import_file, read_source
from evaluations.records.recognition import UnansweredQuestions
from tests import factories
from tests.evaluations import campaign
from tests.evaluations.form.malformed import with_slips
from tests.published import as_published
from tokku.document import text
from tokku.figures import Figure

pytestmark = pytest.mark.slow


def with_a_level() -> c.Contents:
    """Contents with a row of each kind, and a target that goes from a baseline to a level."""
    contents = campaign.contents()
    (indicator,) = contents.indicators
    level = factories.numeric_target(
        2,
        nature="level",
        unit="%",
        decimals=1,
        total=Figure.of("17.5"),
        baseline=Figure.of(7),
        baseline_year=2010,
        weight=Decimal("33.3"),
    )
    flow = replace(indicator.targets[0], weight=Decimal("66.7"))
    return replace(contents, indicators=(replace(indicator, targets=(flow, level)),))


EXPORT = text.write(compose(with_a_level()))
PAPER = as_published(compose(with_a_level()))
TOTAL = "7%(平成22年度)→17.5%(令和8年度)"
YEARS = {
    "H22年度": 2010,
    "Ｈ２２年度": 2010,
    "S63年度": 1988,
    "R元": 2019,
    "平成33年度": 2021,
    "R0年度": None,
    "T5年度": None,
    "令和100年度": None,
    "来年度": None,
    "H": None,
}


@pytest.mark.parametrize("year", YEARS)
def test_the_year_of_a_baseline_is_read_or_refused_with_its_line(year):
    printed = TOTAL.replace("平成22年度", year)
    changed = EXPORT.replace(TOTAL, printed)
    before = changed[: changed.index(printed)].split("\n")
    row = max(n for n, line in enumerate(before, 1) if "評価指標(1)" in line)
    if YEARS[year]:
        target = interpret(text.read(changed)).contents.target(c.TargetKey(1, 2))
        assert (target.baseline, target.baseline_year) == (Figure("7"), YEARS[year])
    else:
        with pytest.raises(UnreadableForm) as refusal:
            interpret(text.read(changed))
        assert [str(problem) for problem in refusal.value.problems] == [
            f"{row}行目：年度として読み取れません：{year}"
        ]


def test_the_year_of_a_final_level_is_read_or_refused():
    with pytest.raises(UnreadableForm, match="年度として読み取れません：R99度"):
        interpret(text.read(EXPORT.replace("→17.5%(令和8年度)", "→17.5%(R99度)")))
    assert interpret(text.read(EXPORT.replace("→17.5%(令和8年度)", "→17.5%(R8年度)")))


MISSING_YEAR = (
    "数値目標（1-2）の水準に、年度がありません（例：7%（平成22年度）→17%（平成28年度））。"
)


@pytest.mark.parametrize("without", ["（）", "()", "( )", ""])
@pytest.mark.parametrize("printed", ["(平成22年度)", "(令和8年度)"])
def test_a_level_without_a_year_is_refused_in_words(printed, without):
    level = TOTAL.replace(printed, without)
    for words in (EXPORT, PAPER):
        with pytest.raises(UnreadableForm) as refusal:
            interpret(text.read(words.replace(TOTAL, level)))
        assert [problem.sentence for problem in refusal.value.problems] == [MISSING_YEAR]


@pytest.mark.parametrize(
    "time", ["令和12年度", "令和8年", "令和8年度末", "令和9年3月末", "2030年", "平成40年度"]
)
def test_the_time_of_a_goal_is_kept_as_it_is_printed(time):
    """It may lie beyond the plan, and need not be a fiscal year."""
    for words in (EXPORT, PAPER):
        changed = re.sub(r"(17\.5% ?[(（])令和 ?8 ?年度", rf"\g<1>{time}", words)
        interpretation = interpret(text.read(changed))
        assert interpretation.notices == []
        assert f"→17.5%({time})" in text.write(compose(interpretation.contents))


@pytest.mark.parametrize("baseline", ["—", "調査なし", "未集計"])
def test_a_baseline_that_is_no_number_is_none(baseline):
    for words in (EXPORT, PAPER):
        changed = re.sub(r"7 ?%(?=[(（]平成 ?22 ?年度)", baseline, words)
        target = interpret(text.read(changed)).contents.target(c.TargetKey(1, 2))
        assert (target.baseline, target.baseline_year, target.baseline_time) == (None, None, "")


# Words in place of 令和7年度 in the header of a sheet, and the problem that is reported.
HEADERS = {
    "令和99年度": "別紙1の年度が続いていません：令和4年度、令和5年度、令和6年度、令和99年度、令和8年度",
    "令和6年度": "別紙1の年度が続いていません：令和4年度、令和5年度、令和6年度、令和6年度、令和8年度",
    "S63年度": "別紙1の年度が続いていません：令和4年度、令和5年度、令和6年度、昭和63年度、令和8年度",
    "R年度": "年度として読み取れません：R年度",
    "令和７.5年度": "年度として読み取れません：令和７.5年度",
    "来年": "年度として読み取れません：来年",
}


@pytest.mark.parametrize("year", HEADERS)
@pytest.mark.parametrize("words", [EXPORT, PAPER], ids=["export", "paper"])
def test_a_sheet_whose_years_are_not_consecutive_is_refused(words, year):
    header = next(line for line in words.split("\n") if "令和7年度\t" in line)
    changed = header.replace("令和7年度", year)
    at = [n for n, line in enumerate(words.split("\n"), 1) if line == header]
    assert len(at) == 2
    for count, lines in ((1, at[:1]), (2, at)):
        with pytest.raises(UnreadableForm) as refusal:
            interpret(text.read(words.replace(header, changed, count)))
        assert list(map(str, refusal.value.problems)) == [
            f"{line}行目：{HEADERS[year]}" for line in lines
        ]


def test_a_table_among_achievements_is_unplaced_and_leaves_no_blank_line():
    changed = EXPORT.replace("神奈川県の成果", "神奈川県の成果\n\n表の\t中\n\n続き")
    interpretation = interpret(text.read(changed))
    achievement = interpretation.contents.approaches[0].achievements[0]
    assert achievement.text == "神奈川県の成果\n続き"
    assert [problem.sentence for problem in interpretation.unplaced] == [
        "評価書のどこにも当てはまりません：表の 中"
    ]
    assert compose(interpretation.contents)


# Typing mistakes


# Few, so that the tests stay quick.
SEEDS = range(15)


@pytest.mark.django_db
@pytest.mark.parametrize("words", [EXPORT, PAPER], ids=["export", "paper"])
def test_a_file_with_slips_is_imported_or_refused_in_words(tmp_path, words):
    for name in campaign.AUTHORS:
        factories.municipality(name)
    for seed in SEEDS:
        file = tmp_path / f"{seed}.txt"
        file.write_text(with_slips(words, Random(seed)), "utf-8")
        with suppress(UnreadableForm, UnansweredQuestions):
            import_file(file, "keihin", dry_run=True)


def test_an_edited_file_with_slips_is_shown_or_refused_in_words(secretariat, tmp_path):
    evaluation = factories.evaluation(with_a_level())
    moves.move(evaluation, "open", by=secretariat)
    access = Access(secretariat, evaluation)
    for seed in SEEDS:
        file = tmp_path / f"{seed}.txt"
        file.write_text(with_slips(EXPORT, Random(seed)), "utf-8")
        with suppress(UnreadableForm):
            proposals(access, read_edited(access, read_source(file).document, "").typed)
