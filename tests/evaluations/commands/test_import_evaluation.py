"""`manage.py import_evaluation`: all or nothing, and a clear sentence for what is wrong."""

import random
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError

from evaluations.form import compose
from evaluations.form.contents import Measure, NationalSupport, Relation, Scheme
from evaluations.management.commands.import_evaluation import Command
from evaluations.models import Actual, Evaluation
from evaluations.records.load import load
from tests import factories
from tests.published import as_published
from tokku.document import json, text

pytestmark = pytest.mark.postgres

CONTENTS = factories.contents(
    measures=(Measure(kind="feasible", name="協議済みの措置", used=False),),
    national_supports=(
        NationalSupport(kind="tax", name="研究開発事業", outline="概要", usage="活用"),
    ),
    schemes=(
        Scheme(
            category="fiscal",
            name="企業立地補助金",
            outline="補助する。",
            relation=Relation(all_targets=True),
            result="3件",
            municipalities=("川崎市",),
        ),
    ),
)
TEXT = text.write(compose(CONTENTS))


@pytest.fixture
def municipalities(db):
    return [factories.municipality(name) for name in CONTENTS.zone.municipalities]


def run(path, **options):
    out = StringIO()
    call_command("import_evaluation", path, zone="keihin", stdout=out, **options)
    return out.getvalue()


def write(tmp_path, content, name="evaluation.txt"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def everything():
    """Every row of every table of the project."""
    labels = ("evaluations", "supports", "accounts")
    return {
        model: list(model.objects.order_by("pk").values())
        for label in labels
        for model in apps.get_app_config(label).get_models()
    }


def test_what_was_created_is_listed_and_the_second_time_nothing_changes(municipalities, tmp_path):
    path = write(tmp_path, TEXT)

    first, stored = run(path), everything()
    second = run(path)

    assert "作成：実績値 2件" in first
    assert "取り込めなかった箇所はありません。" in first
    assert "変更はありません。" in second
    assert everything() == stored


def test_a_dry_run_prints_the_same_and_changes_nothing(municipalities, tmp_path):
    before = everything()

    out = run(write(tmp_path, TEXT), dry_run=True)

    assert "作成：実績値 2件" in out
    assert "試行のため" in out
    assert everything() == before


def test_history_says_which_file_a_value_came_from(municipalities, tmp_path):
    run(write(tmp_path, TEXT, "評価書.txt"))

    assert Actual.objects.first().history.get().history_change_reason == "評価書.txt から取込み"


def test_changes_are_listed_old_to_new(municipalities, tmp_path):
    run(write(tmp_path, TEXT))

    out = run(write(tmp_path, TEXT.replace("補助する。", "助成する。").replace("8件", "9件")))

    assert "事業概要 補助する。 → 助成する。" in out
    assert "実績値 8 → 9" in out


def test_what_has_no_place_in_the_form_is_reported_with_its_line(municipalities, tmp_path):
    lines = TEXT.split("\n")
    place = next(i for i, line in enumerate(lines) if "④ 目標達成に向けた実施スケジュール" in line)
    lines[place + 1 : place + 1] = ["", "　余分な段落"]

    out = run(write(tmp_path, "\n".join(lines)))

    assert f"{place + 3}行目：評価書のどこにも当てはまりません：余分な段落" in out


def test_a_wrong_printed_progress_is_reported_and_the_computed_one_kept(municipalities, tmp_path):
    out = run(write(tmp_path, TEXT.replace("【進捗度 80%】", "【進捗度 81%】")))

    assert "進捗度が「81%」と印字されていますが、計算では「80%」です。" in out
    assert "【進捗度 80%】" in text.write(compose(load(Evaluation.objects.get())))


def test_a_blank_in_the_document_keeps_the_stored_figure_and_says_so(municipalities, tmp_path):
    run(write(tmp_path, TEXT))

    out = run(write(tmp_path, TEXT.replace("8件", "")))

    assert "登録されている 8 を残しました。" in out
    assert Actual.objects.filter(fiscal_year=2023, value=8).exists()


# Bad input


def without_cell(content):
    return content.replace("補助する。\t全て\t3件\t川崎市", "補助する。\t全て")


def line_of(content, words):
    return next(n for n, line in enumerate(content.split("\n"), 1) if words in line)


PUBLISHED_STYLE = as_published(compose(CONTENTS))

BAD = {
    "empty": ("", "中身がありません。"),
    "no evaluation": ("議事録\n\n出席者は次のとおり。\n", "評価書ではありません。"),
    "not text": (bytes(range(256)) * 40, "文字を読み取れません。"),
    "not json": ("{", "評価書の JSON として読み取れません。"),
    "another json": ('{"sections": []}', "評価書の JSON として読み取れません。"),
    "a table short of columns": (
        without_cell(PUBLISHED_STYLE),
        f"{line_of(PUBLISHED_STYLE, '補助する。')}行目：表の列が5列ではなく3列です：企業立地補助金",
    ),
    "a broken table": (
        without_cell(TEXT),
        f"{line_of(TEXT, '企業立地補助金') - 1}行目から始まる表の列がそろっていない",
    ),
    "an unknown author": (
        TEXT.replace("、川崎市", "、相模野市"),
        "3行目：「相模野市」という自治体・団体は登録",
    ),
    "an impossible date": (
        TEXT.replace("平成23年12月22日", "平成23年2月30日"),
        f"{line_of(TEXT, '平成23年12月22日')}行目：存在しない日付です",
    ),
    "a target that does not exist": (
        TEXT.replace("\t全て\t", "\t数値目標(9)\t"),
        f"{line_of(TEXT, '補助する。')}行目：数値目標（9-1）が、本文3①にありません。",
    ),
    "a score that is none": (
        TEXT.replace("   ⑤ 前年度", "　国際戦略総合特区 4..5点\n\n   ⑤ 前年度"),
        "評価点として読み取れません：4..5点",
    ),
    "a name that is too long": (
        TEXT.replace("企業立地補助金", "長" * 301),
        "300文字までです（入力した文字は301文字）。",
    ),
    "a year without sheet": (
        TEXT.replace("令和5年度 国際", "令和15年度 国際"),
        "1行目：評価書の年度が、別紙1の年度の中にありません。",
    ),
}


def assert_refused(path, sentence):
    before = everything()
    with pytest.raises(CommandError) as refusal:
        run(path)
    assert sentence in str(refusal.value)
    assert "何も変更していません。" in str(refusal.value)
    assert everything() == before


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_with_a_sentence_and_its_line(municipalities, tmp_path, case):
    content, sentence = BAD[case]
    name = "evaluation.json" if "json" in case else "evaluation.txt"

    assert_refused(write(tmp_path, content, name), sentence)


@pytest.mark.parametrize("part", range(1, 20))
def test_a_truncated_file_is_refused(municipalities, tmp_path, part):
    lines = TEXT.split("\n")
    content = "\n".join(lines[: len(lines) * part // 20])

    assert_refused(write(tmp_path, content), "")


NOISE = {
    "bytes": lambda r: r.randbytes(5_000_000),
    "letters": lambda r: "".join(r.choices("あいう漢字①（）【】：。\n", k=1_700_000)),
}
# As large as a file may be, so that it is read in full. Whoever reads it must not slow down.
READ_IN_FULL = {
    "letters": lambda r: "".join(r.choices("あいう漢字①（）【】：。\n", k=1_000_000)),
    "tabs": lambda r: "".join(r.choices("\t\n a", k=4_000_000)),
    "one line": lambda r: "評" * 1_300_000,
    "after a title": lambda r: TEXT[:24] + "".join(r.choices("・○\t\nあ。", k=1_000_000)),
    "half an evaluation": lambda r: (
        TEXT[:900] + "".join(r.choices("①（\n\u3000\t あ", k=1_000_000))
    ),
}

TAKE_LONG = dict.fromkeys(("tabs", "after a title"), pytest.mark.full)


@pytest.mark.parametrize("kind", NOISE)
def test_five_megabytes_of_noise_are_refused(municipalities, tmp_path, kind):
    assert_refused(write(tmp_path, NOISE[kind](random.Random(1))), "ファイルが大きすぎます")


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=TAKE_LONG.get(kind, ())) for kind in READ_IN_FULL]
)
def test_noise_of_the_size_of_a_file_is_refused(municipalities, tmp_path, kind):
    assert_refused(write(tmp_path, READ_IN_FULL[kind](random.Random(1))), "行目")


def test_a_file_that_is_not_there_is_refused(municipalities, tmp_path):
    assert_refused(tmp_path / "nowhere.txt", "ファイルを開けません")


def test_the_evaluation_of_another_zone_is_refused(municipalities, tmp_path):
    run(write(tmp_path, TEXT))

    assert_refused(
        write(tmp_path, TEXT.replace("京浜臨海部ライフイノベーション", "別の")), "登録されている"
    )


@pytest.mark.parametrize("state", ["final", "sent"])
def test_a_sealed_evaluation_is_not_changed(municipalities, tmp_path, state):
    run(write(tmp_path, TEXT))
    evaluation = Evaluation.objects.get()
    evaluation.state = state
    evaluation.save()

    assert_refused(write(tmp_path, TEXT.replace("8件", "9件")), "変更できません。")


def test_the_exit_status_is_one(municipalities, tmp_path, capsys):
    with pytest.raises(SystemExit) as exit:
        Command().run_from_argv(
            ["manage.py", "import_evaluation", str(write(tmp_path, "議事録")), "--zone", "keihin"]
        )
    assert exit.value.code == 1
    assert "評価書ではありません。" in capsys.readouterr().err


def test_names_of_no_author_stay_as_words_and_a_notice_says_so(municipalities, tmp_path):
    """Also of a registered municipality that is no author of the zone."""
    in_words = TEXT.replace("\t川崎市", "\t相模原市、5県")

    out = run(write(tmp_path, in_words))

    assert "「相模原市、5県」は、この特区の作成主体の名称にないため、文言のまま" in out
    assert "この事業は取りまとめ担当が入力します。" in out
    assert text.write(compose(load(Evaluation.objects.get()))) == in_words
    assert "変更はありません。" in run(write(tmp_path, in_words))


def test_an_order_that_the_form_does_not_print_is_told(municipalities, tmp_path):
    out = run(write(tmp_path, TEXT.replace("\t川崎市", "\t関係市町村及び川崎市")))

    line = line_of(TEXT, "補助する。")
    assert f"{line}行目：別紙3の「企業立地補助金」の自治体名「関係市町村及び川崎市」は、" in out
    assert "「川崎市、関係市町村」として取り込みます。" in out
    assert load(Evaluation.objects.get()).schemes[0].bodies == ("川崎市", "関係市町村")


def test_what_a_conversion_of_the_print_leaves_reads_the_same(municipalities, tmp_path):
    run(write(tmp_path, TEXT))

    assert "変更はありません。" in run(write(tmp_path, PUBLISHED_STYLE))


def test_json_reads_the_same_as_text(municipalities, tmp_path):
    run(write(tmp_path, TEXT))

    out = run(write(tmp_path, json.write(compose(CONTENTS)), "evaluation.json"))

    assert "変更はありません。" in out
