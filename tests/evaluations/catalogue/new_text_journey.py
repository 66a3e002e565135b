"""Runs in a copy of the code whose form has two more texts from 2024 on: `lessons` in 別紙1, `outlook` as 2⑦ (test_new_text.py)."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from evaluations import moves
from evaluations.entry.word.changes import read_word_file
from evaluations.entry.word.origin import origin_of
from evaluations.entry.word.proposals import proposals
from evaluations.form import UnreadableForm, compose, interpret
from evaluations.form import contents as c
from evaluations.inspection import inspect
from evaluations.models import Evaluation, TargetAssessment
from evaluations.permissions import Access
from evaluations.records.load import load, load_rows
from evaluations.sealed.media import Edition, as_docx
from evaluations.sealed.open_data import TABLES
from evaluations.sealed.sealing import read_sealed
from evaluations.years.next_year import NextYear
from evaluations.years.rows import rows_of_year
from tests import factories
from tests.evaluations import campaign
from tests.evaluations.campaign import items_of, missing_items
from tests.evaluations.entry.workbook import books
from tokku.accounts.models import Role, User
from tokku.document import text
from tokku.document.tree import Document, Heading, Paragraph, Section

HEADING = "得られた知見"
OUTLOOK = "次年度は、相談の窓口を増やす。"
LESSONS = "知見として、相談の窓口を一つにすると手続の期間が短くなることが分かった。"


def words_of(document):
    return text.write(document)


def fresh(evaluation):
    return Evaluation.objects.select_related("zone", "edition__plan").get(pk=evaluation.pk)


@pytest.fixture
def sealed(secretariat):
    """2023, sealed; its form does not have the new texts yet."""
    return fresh(campaign.sealed_year(secretariat))


@pytest.fixture
def following(sealed, secretariat):
    """2024, open and still blank; its form has the new texts."""
    evaluation = NextYear(sealed).save(by=secretariat)
    moves.move(evaluation, "open", by=secretariat)
    return fresh(evaluation)


def lessons(evaluation):
    return TargetAssessment.objects.get(evaluation=evaluation)


def missing(evaluation):
    return [item.field for item in missing_items(evaluation)]


def finish(evaluation, secretariat):
    campaign.fill(evaluation)
    for official in User.objects.filter(role=Role.OFFICIAL):
        moves.move(campaign.hand_in(evaluation, official), "approve", by=secretariat)
    campaign.set_aside(fresh(evaluation), secretariat)
    evaluation = fresh(evaluation)
    moves.move(evaluation, "seal", by=secretariat, reason="決裁")
    return fresh(evaluation)


def test_asked_for_from_its_year_on(sealed, following):
    assert {"lessons", "outlook"} <= {*missing(following)}
    assert not {"lessons", "outlook"} & {item.field for item in items_of(sealed)}


def test_entered_on_its_page_with_its_instruction(following, secretariat, client):
    client.force_login(secretariat)
    page = "/keihin/2024/entry/texts/"
    shown = client.get(page).content.decode()
    assert "別紙1　次年度に生かす知見を記載します。" in shown
    row = lessons(following)
    key = f"evaluations.targetassessment/{row.pk}"
    sent = {f"{key}-revision": row.revision, f"{key}-lessons": LESSONS}
    for name in ("qualitative", "alternative", "strategy", "target_basis"):
        sent[f"{key}-{name}"] = getattr(row, name)
    for name in ("self_assessment", "external_factors"):
        sent[f"{key}-{name}"] = getattr(row, name)
    client.post(page, sent)
    assert lessons(following).lessons == LESSONS
    assert "lessons" not in missing(following)


def test_printed_sealed_and_carried_over_as_the_catalogue_says(
    sealed, following, secretariat, client
):
    row = lessons(following)
    row.lessons = LESSONS
    row.save()
    following.outlook = OUTLOOK
    following.save()
    done = finish(following, secretariat)
    version = done.sealedversion_set.first()
    printed = words_of(read_sealed(version))
    assert HEADING in printed
    assert LESSONS in printed
    assert f"⑦ 次年度の見通し\n\n　{OUTLOOK}" in printed
    before = words_of(read_sealed(sealed.sealedversion_set.first()))
    assert HEADING not in before
    assert "次年度の見通し" not in before
    assert HEADING not in words_of(compose(load(sealed)))
    draft = NextYear(done)
    (kind,) = (
        kind_rows for kind_rows in draft.kinds() if kind_rows.label == "数値目標の評価（別紙1）"
    )
    assert any(HEADING in names for fate, names in kind.fates if "横に示す" in fate)
    after = draft.save(by=secretariat)
    moves.move(after, "open", by=secretariat)
    assert lessons(after).lessons == ""
    assert fresh(after).outlook == OUTLOOK
    client.force_login(secretariat)
    assert LESSONS in client.get("/keihin/2025/entry/texts/").content.decode()
    for year in (2023, 2024):
        for page in ("", "figures/", "data/", "versions/"):
            address = "/keihin/data/" if page == "data/" else f"/keihin/{year}/{page}"
            assert client.get(address).status_code == 200, address
        for name in ("evaluation.pdf", "evaluation.docx"):
            assert client.get(f"/keihin/{year}/{name}").status_code == 200


def test_read_from_a_word_file(following, secretariat):
    access = Access(secretariat, following)
    contents = load(following)
    indicator = contents.indicators[0]
    target = indicator.targets[0]
    edited = replace(target, assessment=replace(target.assessment, lessons=LESSONS))
    changed = replace(
        contents,
        indicators=(replace(indicator, targets=(edited,)),),
        texts=replace(contents.texts, outlook=OUTLOOK),
    )
    word_edits = read_word_file(access, as_docx(Edition(following, compose(changed))))
    proposed = {
        proposal.field: proposal.difference.new for proposal in proposals(access, word_edits.typed)
    }
    assert proposed == {"lessons": LESSONS, "outlook": OUTLOOK}
    assert word_edits.leftovers == []


def test_word_file_from_before_it_is_refused_with_what_to_do(following, secretariat):
    loaded = load_rows(rows_of_year(following))
    document = compose(loaded.contents)
    blocks = [
        block for block in document.blocks if "次年度の見通し" not in getattr(block, "text", "")
    ]
    before = Document((Section(tuple(blocks)),))
    content = as_docx(Edition(following, before), origin_of(following, before, loaded.rows))
    with pytest.raises(UnreadableForm) as refusal:
        read_word_file(Access(secretariat, following), content)
    sentences = str(refusal.value).split("\n")
    assert sentences[0].startswith("この文書を書き出した後に様式が変わったため、取り込めません。")
    assert "⑦ 次年度の見通し" in sentences[1]


def test_read_from_a_workbook(following, secretariat, client):
    client.force_login(secretariat)
    content = client.get("/keihin/2024/workbook.xlsx").content
    content = books.edited(
        content,
        ("別紙1", "（1） 7", "本年度の内容", LESSONS),
        ("本文", "本文 13", "本年度の内容", OUTLOOK),
    )
    page = "/keihin/2024/workbook/"
    shown = client.post(page, {"file": SimpleUploadedFile("入力.xlsx", content)})
    client.post(page, {"seen": shown.context["seen"]}, follow=True)
    assert lessons(following).lessons == LESSONS
    assert fresh(following).outlook == OUTLOOK


def test_read_from_a_paper_without_structure(following):
    contents = load(following)
    contents = replace(contents, texts=replace(contents.texts, outlook=OUTLOOK))
    blocks = [
        Paragraph(block.text) if isinstance(block, Heading) else block
        for block in compose(contents).blocks
    ]
    paper = interpret(Document((Section(tuple(blocks)),)))
    assert paper.contents.texts.outlook == OUTLOOK


def test_checks_read_it(following, secretariat):
    row = lessons(following)
    row.lessons = "○○について検討した。"
    row.save()
    findings = inspect(Access(secretariat, following)).findings
    assert any(finding.field == "lessons" and finding.row == row for finding in findings)


def test_admin_and_its_sheets_have_it(following, sealed, secretariat, client):
    client.force_login(secretariat)
    row = lessons(following)
    change = f"/admin/evaluations/targetassessment/{row.pk}/change/"
    assert HEADING in client.get(change).content.decode()
    exported = client.get("/admin/evaluations/targetassessment/export/csv/").content
    assert HEADING in exported.decode("utf-8-sig").splitlines()[0]


def test_open_data_stays_as_it_was_promised():
    assert not any("lessons" in table.names for table in TABLES)


def test_contents_without_it_are_still_contents():
    assert c.Assessment().lessons == ""
    assert factories.contents().indicators[0].targets[0].assessment.lessons == ""
