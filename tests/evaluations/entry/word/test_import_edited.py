"""import_evaluation with a Word file of a stored evaluation: by the same rights as on the page."""

from io import BytesIO, StringIO

import docx as word_files
import pytest
from django.core.management import CommandError, call_command

from evaluations import sample
from evaluations.form import compose
from evaluations.models import Achievement
from tests import factories
from tests.evaluations.views.entry import open_year
from tests.evaluations.views.test_word import achievement, edited, exported
from tokku.document import docx


@pytest.fixture
def file(client, official, secretariat, tmp_path):
    """Exported by an official of 川崎市, who does not see the drafts of the others, and edited."""
    open_year(secretariat)
    client.force_login(official)
    content = edited(exported(client), 内容="Wordで書いた内容", 解決策の文章="書けない欄")
    path = tmp_path / "評価書.docx"
    path.write_bytes(content)
    return path


def run(file, **options):
    out = StringIO()
    call_command("import_evaluation", str(file), zone="keihin", stdout=out, **options)
    return out.getvalue()


def test_what_differs_is_taken_over_and_the_rest_stays(file, official):
    count_before = Achievement.objects.count()
    output = run(file, user=official.username)
    assert "変更：1件\n  取組・成果「川崎市の成果」　内容：内容 → Wordで書いた内容" in output
    assert "特区全体に関わる欄は、取りまとめ担当が入力します。" in output
    assert achievement().text == "Wordで書いた内容"
    assert achievement().history.first().history_user == official
    # 横浜市の行は、この文書にない。
    assert Achievement.objects.count() == count_before


def test_dry_run_changes_nothing(file, official):
    assert "試行のため、何も変更していません。" in run(file, user=official.username, dry_run=True)
    assert achievement().text == "内容"


def test_conflict_is_reported_and_not_stored(file, official):
    row = achievement()
    row.text = "同僚の内容"
    row.save()
    output = run(file, user=official.username)
    assert "文書を書き出した後に、この欄が変更されています。" in output
    assert achievement().text == "同僚の内容"


@pytest.mark.parametrize("user", [None, "nobody"])
def test_somebody_answers_for_it(file, user):
    with pytest.raises(CommandError, match="--user で指定してください"):
        run(file, user=user)


def test_reader_takes_over_nothing(file, reader):
    assert "閲覧者は、入力できません。" in run(file, user=reader.username)
    assert achievement().text == "内容"


def test_what_a_new_word_file_holds_besides_is_reported(db, tmp_path):
    """The file is of a new evaluation. Places are named, because a Word file has no lines to count."""
    for municipality in ("神奈川県", "横浜市", "川崎市"):
        factories.municipality(municipality)
    content = compose(sample.evaluations()[2024])
    word = word_files.Document(BytesIO(docx.write(content, title="評価書")))
    word.add_comment(word.paragraphs[3].runs, text="確認済み")
    path = tmp_path / "new.docx"
    word.save(path)
    assert "コメント" in run(path, dry_run=True)
