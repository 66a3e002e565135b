"""References to numeric targets: (1) has three, (2) to (4) have one."""

from dataclasses import replace

import pytest

from evaluations.checks import Picture
from evaluations.checks.references import targets
from evaluations.form import contents as c
from tests.evaluations.checks.pictures import edited, found_by, of_sample


def saying(text: str) -> Picture:
    return edited("evaluation", "overall", text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("数値目標（5）の達成", ["数値目標（5）"]),
        ("数値目標(1)－④の達成", ["数値目標(1)－④"]),
        ("数値目標（3）ー②の達成", ["数値目標（3）ー②"]),
        ("評価指標（7）を設定", ["評価指標（7）"]),
        ("数値目標（2）、（5）及び（4）", ["（5）"]),
        ("評価指標の進捗度は、（1）が129%、（6）が100%である。", ["（6）"]),
        ("数値目標（1）－①から－③まで、数値目標（2）、（4）、評価指標（1）", []),
        ("数値目標（10件）、数値目標（令和5年度）", []),
        ("評価指標は4つである。（5）その他の事項", []),
    ],
)
def test_numbers_of_no_target_are_found(text, words):
    assert found_by(targets.numbers_of_targets, saying(text)) == words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("数値目標（1）－④", "（1）－①から③まで"),
        ("数値目標（3）－②", "（3）だけ"),
        ("数値目標（5）", "（1）から（4）まで"),
    ],
)
def test_what_there_is_instead_is_said_in_the_numbers_of_the_form(text, expected):
    (finding,) = targets.numbers_of_targets(saying(text))
    assert f"（{expected}）" in finding.why


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("数値目標（4）の国際共同治験件数", ["数値目標（4）の国際共同治験件数"]),
        ("投資額（数値目標（2））が伸びた。", ["投資額（数値目標（2）"]),
        (
            "数値目標（1）－②「特区関連事業による投資額」",
            ["数値目標（1）－②「特区関連事業による投資額"],
        ),
        ("評価指標（2）の投資額", ["評価指標（2）の投資額"]),
        ("数値目標（3）の国際共同治験件数、評価指標（1）の投資額", []),
        ("投資額、数値目標（2）、新規事業化件数", []),
        ("数値目標（4）に掲げるとおり、国際共同治験件数も伸びた。", []),
    ],
)
def test_numbers_beside_the_names_of_others_are_found(text, words):
    assert found_by(targets.names_beside_numbers, saying(text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("令和5年度における新規事業化件数", ["新規事業化件数"]),
        ("令和5年度における国際共同治験件数", []),
        ("令和5年度における治験の数", []),
    ],
)
def test_result_lines_copied_from_another_approach_are_found(text, words):
    picture = edited("approach/2", "result_label", text)
    assert found_by(targets.result_lines_of_others, picture) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("数値目標（4）に寄与する。", ["数値目標（4）"]),
        ("評価指標（1）の達成に大きく貢献する。", ["評価指標（1）"]),
        ("数値目標（3）の達成に寄与する。", []),
        ("数値目標（4）と並行して進める。", []),
    ],
)
def test_approaches_serve_the_targets_that_they_say(text, words):
    assert found_by(targets.served_targets, edited("approach/2", "narrative", text)) == words


def test_schemes_serve_the_targets_that_they_say():
    sound = of_sample().contents
    first = replace(sound.schemes[0], relation=c.Relation(all_targets=True))
    second = replace(first, name="別の事業", outline="数値目標（4）に寄与する。")

    def related(relation: c.Relation) -> Picture:
        return Picture(replace(sound, schemes=(first, replace(second, relation=relation))))

    only_2 = c.Relation(targets=(c.TargetKey(2, 1),))
    all_targets = c.Relation(all_targets=True)
    assert found_by(targets.served_targets, related(only_2)) == ["数値目標（4）"]
    assert not found_by(targets.served_targets, related(all_targets))


def test_last_years_remarks_refer_to_last_years_document():
    picture = edited("evaluation", "previous_remarks", "数値目標（7）の見直しを望む。")
    assert not found_by(targets.numbers_of_targets, picture)
