"""Matching the records of an edited document with the exported ones."""

import pytest

from evaluations.entry.word.matching import match_records, split_into_parts
from evaluations.keys import RecordKey


def records(**lists):
    return {
        RecordKey.parse(f"{list_key.replace('_', '/')}/{n}"): {
            "heading": name,
            "name": name,
            "narrative": name,
        }
        for list_key, names in lists.items()
        for n, name in enumerate(names, 1)
    }


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
        return RecordKey("scheme", "fiscal", n)

    matches = match_records(records(scheme_fiscal=before), records(scheme_fiscal=now))
    assert matches.pairs == {record(new): record(old) for new, old in pairs.items()}
    assert matches.added == [record(n) for n in added]
    assert matches.removed == [record(n) for n in removed]
    assert matches.moved == moved
    # Another name in the same place may be another row.
    assert matches.doubtful == ({record(1)} if now == ["丙", "乙"] else set())


def test_achievements_go_by_their_approach():
    before = records(approach=["予防", "治験"], achievement_1=["調査"], achievement_2=["開始"])
    now = records(approach=["治験"], achievement_1=["開始"])
    matches = match_records(before, now)
    pairs = {str(record): str(before) for record, before in matches.pairs.items()}
    assert pairs == {"approach/1": "approach/2", "achievement/1/1": "achievement/2/1"}
    assert matches.added == []
    assert list(map(str, matches.removed)) == ["approach/1", "achievement/1/1"]


ALL = frozenset(range(9))


@pytest.mark.parametrize(
    ("before", "text", "mine", "after", "homeless"),
    [
        (["あ\nい", "う"], "あ\nい\nう", ALL, ["あ\nい", "う"], []),
        (["あ\nい", "う"], "あ\nい２\nう", ALL, ["あ\nい２", "う"], []),
        (["あ\nい", "う"], "あ\nい\n新\nう", ALL, ["あ\nい\n新", "う"], []),
        (["あ\nい", "う"], "あ\nい\n新\nう", {1}, ["あ\nい", "新\nう"], []),
        (["あ\nい", "う"], "あ\nい\n新\nう", (), ["あ\nい\n新", "う"], []),
        (["あ", "う"], "う", ALL, ["", "う"], []),
        (["あ", "う"], "", ALL, ["", ""], []),
        (["", "う"], "う\n新", ALL, ["", "う\n新"], []),
        (["", ""], "新", ALL, ["", ""], ["新"]),
        (["", ""], "新", {1}, ["", "新"], []),
        (["あ", "", "う"], "あ\n新\nう", {1}, ["あ", "新", "う"], []),
        (["あ", "", "う"], "あ\n新\nう", ALL, ["あ", "", "う"], ["新"]),
        ([], "新", ALL, [], ["新"]),
        ([], "", ALL, [], []),
    ],
)
def test_lines_stay_with_their_part(before, text, mine, after, homeless):
    assert split_into_parts(before, text, mine) == (after, homeless)


def test_names_are_compared_by_how_they_begin():
    """Comparing whole narratives of one repeated letter takes more than a minute."""
    before = records(approach=[f"{n}" + "あ" * 3_000 for n in range(10)])
    now = records(approach=[f"{n}" + "あ" * 3_000 + "い" for n in range(10)])
    assert match_records(before, now).pairs == {record: record for record in before}
