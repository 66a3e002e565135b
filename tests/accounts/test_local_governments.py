"""The list of the nation's prefectures and municipalities, and the command that renews it from 総務省's sheet."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests import factories
from tokku.accounts import local_governments as module
from tokku.accounts.local_governments import as_text, local_governments, parse
from tokku.accounts.models import Municipality
from tokku.municipality_code import parse_municipality_code
from tokku.spreadsheets import files

COLUMNS = [
    "団体コード",
    "都道府県名\n（漢字）",
    "市区町村名\n（漢字）",
    "都道府県名\n（カナ）",
    "市区町村名\n（カナ）",
]


def test_the_list_has_every_prefecture_and_municipality():
    governments = local_governments().governments
    assert len(governments) == len({one.code for one in governments}) == 1_788
    assert len({one.full_name for one in governments}) == 1_788
    assert sum(not one.municipality for one in governments) == 47
    assert sum(one.municipality.endswith("区") for one in governments) == 23  # of Tokyo alone
    for one in governments:
        assert parse_municipality_code(one.code) == one.code


def test_the_file_is_as_it_would_be_written():
    text = module.FILE.read_text(encoding="utf-8")
    assert as_text(parse(text).as_of, parse(text).governments) == text


def test_the_cast_of_the_tests_is_in_it():
    for name, code in factories.CODES.items():
        assert [one.code for one in local_governments().named(name)] == [code]


def test_names_that_several_have_are_told_apart_by_their_prefecture():
    several = local_governments().named("府中市")
    assert [one.full_name for one in several] == ["東京都府中市", "広島県府中市"]
    assert local_governments().named("広島県府中市") == several[1:]


def test_one_that_is_chosen_twice_is_registered_once(db):
    for one in local_governments().named("府中市") * 2:
        Municipality.objects.register(one)
    stored = Municipality.objects.filter(name="府中市")
    assert [(row.code, row.kind) for row in stored] == [
        ("132063", "municipality"),
        ("342084", "municipality"),
    ]


# A newer sheet


@pytest.fixture
def list_file(tmp_path, monkeypatch):
    """A copy of the list, for the command to write."""
    copied = tmp_path / "local_governments.csv"
    copied.write_bytes(module.FILE.read_bytes())
    monkeypatch.setattr(module, "FILE", copied)
    local_governments.cache_clear()
    yield copied
    local_governments.cache_clear()


def rows():
    return [
        [one.code, one.prefecture, one.municipality, "ｶﾅ", ""]
        for one in local_governments().governments
    ]


def update(tmp_path, rows, columns=COLUMNS, kind="xlsx", **options):
    sheet = tmp_path / f"000925835.{kind}"
    sheet.write_bytes(files.KINDS[kind].write("R8.4.1現在の団体", columns, rows))
    out = StringIO()
    call_command("update_local_governments", str(sheet), as_of="2026-04-01", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def newer():
    """川崎市 is gone, 三浦市 has another name, and there is a new 新市."""
    kept = [row for row in rows() if row[0] != "141305"]
    renamed = [[*row[:2], "新三浦市", *row[3:]] if row[0] == "142107" else row for row in kept]
    return [*renamed, ["142221", "神奈川県", "新市", "ｶﾅ", ""]]


CHANGES = [
    "廃止：141305 神奈川県川崎市",
    "名称の変更：142107 神奈川県三浦市 → 神奈川県新三浦市",
    "追加：142221 神奈川県新市",
    "登録されている 141305 川崎市 は、新しい一覧にありません。",
    "登録されている 142107 三浦市 は、新しい一覧では「新三浦市」です。",
]


def test_a_newer_sheet_replaces_the_list_and_says_what_changed(db, tmp_path, list_file, newer):
    for name in ("三浦市", "川崎市"):
        factories.municipality(name)
    before = [*Municipality.objects.values()]

    out = update(tmp_path, newer)

    changes = out.splitlines()[1:-1]
    assert [line.partition("必要なら")[0] for line in changes] == CHANGES
    assert "2020年 の 1,788団体 → 2026-04-01 の 1,788団体" in out
    assert local_governments().as_of == "2026-04-01"
    assert [one.code for one in local_governments().named("新市")] == ["142221"]
    assert not local_governments().named("川崎市")
    assert [*Municipality.objects.values()] == before


def test_a_trial_says_the_same_and_leaves_the_list(db, tmp_path, list_file, newer):
    before = list_file.read_bytes()
    assert CHANGES[0] in update(tmp_path, newer, dry_run=True)
    assert list_file.read_bytes() == before


BROKEN = {
    "a digit": (lambda rows: [["141306", *rows[0][1:]], *rows[1:]], "検査数字"),
    "a row twice": (lambda rows: [*rows, rows[5]], "同じ団体コードの行が2つ"),
    "half of it": (lambda rows: rows[:500], "47ではなく"),
    "another sheet": (lambda rows: [["x"]], "「団体コード」の列がありません。"),
    "a strange prefecture": (
        lambda rows: [*rows, ["142221", "神奈川", "新市", "", ""]],
        "「神奈川」という都道府県の行がありません。",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_not_the_whole_list_is_refused(db, tmp_path, list_file, case):
    change, sentence = BROKEN[case]
    before = list_file.read_bytes()
    changed = change(rows())
    columns = COLUMNS if len(changed[0]) > 1 else ["x"]
    with pytest.raises(CommandError, match=sentence):
        update(tmp_path, changed, columns, "csv")
    assert list_file.read_bytes() == before


def test_a_file_that_is_not_there_is_told(db):
    with pytest.raises(CommandError, match="読み取れません"):
        call_command("update_local_governments", "nothing.xlsx", as_of="2026")
