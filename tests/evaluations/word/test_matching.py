"""Rows of an edited document find the rows that they were."""

import pytest

from evaluations.word.matching import matched, parted


def said(**lists):
    return {
        f"{of.replace('_', '/')}/{n}": {"heading": name, "name": name, "narrative": name}
        for of, names in lists.items()
        for n, name in enumerate(names, 1)
    }


def names(**lists):
    return {record: values["name"] for record, values in said(**lists).items()}


@pytest.mark.parametrize(
    ("before", "now", "pairs", "added", "removed", "moved"),
    [
        (["甲", "乙"], ["甲", "乙"], {1: 1, 2: 2}, [], [], False),
        (["甲", "乙"], ["乙", "甲"], {1: 2, 2: 1}, [], [], True),
        (["甲の事業", "乙の制度"], ["甲の事業（改）", "乙の制度"], {1: 1, 2: 2}, [], [], False),
        (["甲", "乙"], ["丙", "乙"], {1: 1, 2: 2}, [], [], False),
        (["甲", "乙"], ["乙"], {1: 2}, [], [1], False),
        (["甲"], ["新しい事業", "甲"], {2: 1}, [1], [], False),
        (["甲", "甲"], ["甲", "甲"], {1: 1, 2: 2}, [], [], False),
        (["ＡＢＣ 事業"], ["ABC事業"], {1: 1}, [], [], False),
        ([], ["甲"], {}, [1], [], False),
        (["甲"], [], {}, [], [1], False),
    ],
)
def test_rows_are_matched(before, now, pairs, added, removed, moved):
    def record(n):
        return f"scheme/fiscal/{n}"

    found = matched(names(scheme_fiscal=before), said(scheme_fiscal=now))
    assert found == (
        {record(new): record(old) for new, old in pairs.items()},
        [record(n) for n in added],
        [record(n) for n in removed],
        moved,
    )


def test_achievements_go_by_their_approach():
    before = names(approach=["予防", "治験"], achievement_1=["調査"], achievement_2=["開始"])
    now = said(approach=["治験"], achievement_1=["開始"])
    pairs, added, removed, _ = matched(before, now)
    assert pairs == {"approach/1": "approach/2", "achievement/1/1": "achievement/2/1"}
    assert added == []
    assert removed == ["approach/1", "achievement/1/1"]


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        (["あ\nい", "う"], "あ\nい\nう", ["あ\nい", "う"]),
        (["あ\nい", "う"], "あ\nい２\nう", ["あ\nい２", "う"]),
        (["あ\nい", "う"], "あ\nい\n新\nう", ["あ\nい\n新", "う"]),
        (["あ", "う"], "う", ["", "う"]),
        (["あ", "う"], "", ["", ""]),
        (["", "う"], "う\n新", ["", "う\n新"]),
        (["", ""], "新", ["新", ""]),
        ([], "", []),
    ],
)
def test_lines_stay_with_their_part(before, text, after):
    assert parted(before, text) == after
