"""An official edits the exported Word file and uploads it."""

from io import BytesIO

import docx as word_files
import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import strip_tags

from evaluations.models import Achievement, Evaluation
from evaluations.workflow import EvaluationState
from tests.evaluations.views.entry import open_year
from tests.evaluations.views.test_entry_pages import close, hand_in, text_of
from tests.worlds import world
from tokku.document import docx

PAGE, FILE = "/keihin/2023/word/", "/keihin/2023/evaluation.docx"


@world
def evaluation(secretariat):
    return open_year(secretariat)


def achievement(name="川崎市"):
    return Achievement.objects.get(
        approach__evaluation__fiscal_year=2023, municipality__name=name, heading__startswith=name
    )


def exported(client):
    return client.get(FILE).content


def edited(content, **replacements):
    """The Word file with words replaced, as somebody would do it in Word."""
    file = word_files.Document(BytesIO(content))
    tables = [
        p for t in file.tables for row in t.rows for cell in row.cells for p in cell.paragraphs
    ]
    for paragraph in [*file.paragraphs, *tables]:
        for old, new in replacements.items():
            if paragraph.text == old:
                paragraph.runs[0].text = new
                for run in paragraph.runs[1:]:
                    run.text = ""
    saved = BytesIO()
    file.save(saved)
    return saved.getvalue()


def send(client, content, name="評価書.docx"):
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def offered(response):
    """The data that the page would send: its hidden inputs and the ticked proposals."""
    data = {"file-name": [response.context["name"]], "tick": []}
    proposals = [*response.context["proposals"], *response.context["refused"]]
    for name, value in (
        pair for source in (*proposals, response.context["edited"]) for pair in source.hidden_inputs
    ):
        data.setdefault(name, []).append(value)
    data["tick"] = [proposal.key for proposal in proposals if proposal.is_ticked]
    return data


def test_file_is_the_document_and_a_draft(client, official, evaluation):
    client.force_login(official)
    response = client.get(FILE)
    assert "attachment" in response["Content-Disposition"]
    content = response.content
    reading = docx.read(content)
    assert "川崎市の成果" in str(reading.document)
    assert "横浜市の成果" not in str(reading.document)
    assert reading.base
    header = word_files.Document(BytesIO(content)).sections[0].header
    assert header.paragraphs[0].text.startswith("案（川崎市分）令和5年度")


def test_edited_text_is_shown_and_taken_over(client, official, evaluation):
    client.force_login(official)
    content = edited(exported(client), 内容="Wordで書いた内容")
    response = send(client, content)
    page = text_of(response)
    assert "取り込める違い（1件）" in page
    assert "取組・成果「川崎市の成果」　内容" in page
    assert achievement().text == "内容"
    response = client.post(PAGE, offered(response), follow=True)
    assert "1件を取り込みました" in text_of(response)
    row = achievement()
    assert row.text == "Wordで書いた内容"
    saved = row.history.first()
    assert (saved.history_user, saved.history_change_reason) == (official, "評価書.docx から取込み")


def test_unedited_file_says_that_there_is_nothing(client, official, evaluation):
    client.force_login(official)
    assert "取り込める違いはありません。" in text_of(send(client, exported(client)))


def test_conflict_is_not_ticked_and_shows_both(client, official, colleague, evaluation):
    client.force_login(official)
    content = edited(exported(client), 内容="Wordで書いた内容")
    row = achievement()
    row.text = "同僚の内容"
    row._history_user = colleague
    row.save()
    response = send(client, content)
    page = text_of(response)
    assert "ほかの人が先に保存しました。どちらを残すか選んでください。" in page
    assert "同僚" in page
    data = offered(response)
    assert data["tick"] == []
    assert "取り込む項目が選ばれていません。" in text_of(client.post(PAGE, data))
    (proposal,) = response.context["proposals"]
    data |= {
        f"{proposal.key}-conflict": proposal.conflict.revision,
        f"{proposal.key}-keep": "typed",
    }
    client.post(PAGE, data)
    assert achievement().text == "Wordで書いた内容"


def test_saved_meanwhile_takes_over_nothing_and_shows_the_new_difference(
    client, official, evaluation
):
    client.force_login(official)
    response = send(client, edited(exported(client), 内容="Wordで書いた内容"))
    row = achievement()
    row.text = "同僚の内容"
    row.save()
    response = client.post(PAGE, offered(response))
    assert response.status_code == 200
    assert "何も取り込んでいません。" in text_of(response)
    (proposal,) = response.context["proposals"]
    assert (proposal.difference.old, proposal.difference.new) == ("同僚の内容", "Wordで書いた内容")
    assert achievement().text == "同僚の内容"


def test_others_field_cannot_be_sent_along(client, official, evaluation):
    client.force_login(official)
    other_achievement = achievement("横浜市")
    key = f"evaluations.achievement/{other_achievement.pk}"
    data = {
        "file-name": "評価書.docx",
        "tick": [f"{key}-text"],
        f"{key}-revision": other_achievement.revision,
        f"{key}-fields": ["text"],
        f"{key}-text": "横から",
    }
    response = client.post(PAGE, data)
    assert response.status_code == 200
    assert "横浜市の成果" not in text_of(response)
    assert achievement("横浜市").text == "内容"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("評価書.docx", b"", "選んだファイルは空です。"),
        ("評価書.docx", b"x" * 10, "Word文書（.docx）ではありません。"),
        ("評価書.docx", b"x" * (5 * 1024 * 1024 + 1), "ファイルが大きすぎます（上限は5MBです）。"),
        (
            "評価書.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            "古い形式のWord文書（.doc）です。",
        ),
    ],
)
def test_bad_file_gets_a_sentence(client, official, evaluation, name, content, sentence):
    client.force_login(official)
    response = send(client, content, name)
    assert response.status_code == 200
    assert sentence in text_of(response)


def test_deleted_table_is_reported_and_nothing_is_imported(client, official, evaluation):
    client.force_login(official)
    file = word_files.Document(BytesIO(exported(client)))
    table = file.tables[0]._element
    table.getparent().remove(table)
    saved = BytesIO()
    file.save(saved)
    response = send(client, saved.getvalue())
    assert response.status_code == 200
    assert "別紙1" in text_of(response)


def test_no_file_gets_a_sentence(client, official, evaluation):
    client.force_login(official)
    assert "Word文書を選んでください。" in text_of(client.post(PAGE, {}))


def test_another_years_file_is_refused(client, official, evaluation):
    client.force_login(official)
    content = client.get("/keihin/2022/evaluation.docx").content
    assert "別の年度の文書です：令和4年度" in text_of(send(client, content))


@pytest.mark.parametrize("state", ["preparing", "final", "sent"])
def test_closed_year_takes_nothing(client, official, evaluation, state):
    client.force_login(official)
    content = edited(exported(client), 内容="Wordで書いた内容")
    close(EvaluationState(state))
    page = text_of(client.get(PAGE))
    assert "違いを確かめる" not in page
    assert send(client, content).status_code == 403


def test_handed_in_takes_nothing(client, official, evaluation):
    client.force_login(official)
    response = send(client, edited(exported(client), 内容="Wordで書いた内容"))
    hand_in(official)
    assert client.post(PAGE, offered(response)).status_code == 403
    assert achievement().text == "内容"


def test_reader_downloads_and_sends_nothing(client, reader, evaluation):
    client.force_login(reader)
    assert client.get(FILE).status_code == 200
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {}).status_code == 403


@pytest.mark.parametrize("url", [PAGE, FILE])
def test_stranger_and_anonymous(client, stranger, evaluation, url):
    assert client.get(url).status_code == 302
    client.force_login(stranger)
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("url", [PAGE, FILE])
@pytest.mark.django_db
def test_other_methods_are_refused(client, secretariat, evaluation, url):
    client.force_login(secretariat)
    assert client.put(url).status_code == 405


def test_secretariat_takes_over_the_texts_of_the_zone(client, secretariat, evaluation):
    client.force_login(secretariat)
    response = send(client, edited(exported(client), 総合評価の文章="Wordで書いた総合評価"))
    client.post(PAGE, offered(response))
    assert Evaluation.objects.get(pk=evaluation.pk).overall == "Wordで書いた総合評価"


# What cannot be imported keeps nothing else out


def test_a_change_that_cannot_be_stored_is_named_and_keeps_nothing_else_out(
    client, official, evaluation
):
    client.force_login(official)
    content = edited(
        exported(client),
        内容="Wordで書いた内容",
        解決策の文章="書けない欄",
        **{"①-1 川崎の補助": "①-1 " + "長" * 301},
    )

    response = send(client, content)
    page = text_of(response)
    assert "取り込める違い（1件）" in page
    assert "取り込めない違い（2件）" in page
    assert page.count('name="tick"') == 1

    page = strip_tags(text_of(client.post(PAGE, offered(response), follow=True)))
    assert "1件を取り込みました" in page
    assert "取り込まなかった違いが2件あります。" in page
    assert "300文字までです（入力した文字は" in page
    assert "特区全体に関わる欄は、取りまとめ担当が入力します。" in page
    assert achievement().text == "Wordで書いた内容"


# The session has ended meanwhile


def test_a_preview_is_confirmed_after_the_session_has_ended(
    client, official, colleague, evaluation
):
    client.force_login(official)
    content = edited(exported(client), 内容="Wordで書いた内容", 川崎市の概要1="新しい概要")
    response = send(client, content)
    data = offered(response) | {"typed-by": response.context["typed_by"]}
    data["tick"] = data["tick"][:1]
    Session.objects.all().delete()

    asked = client.post(PAGE, data)
    assert asked.url == f"/sign-in/?ended=kept&next={PAGE}"

    client.force_login(official)
    shown = client.get(PAGE)
    assert "まだ取り込んでいません。" in text_of(shown)
    assert "評価書.docx" in text_of(shown)
    assert len(shown.context["proposals"]) == 2
    assert offered(shown)["tick"] == data["tick"]
    assert achievement().text == "内容"

    page = text_of(client.post(PAGE, offered(shown), follow=True))
    assert "1件を取り込みました" in page
    assert "まだ取り込んでいません。" not in text_of(client.get(PAGE))


def test_a_preview_that_waits_is_given_up_or_another_persons(
    client, official, colleague, evaluation
):
    client.force_login(official)
    response = send(client, edited(exported(client), 内容="Wordで書いた内容"))
    data = offered(response) | {"typed-by": response.context["typed_by"]}
    for person, waits in ((colleague, False), (official, True)):
        Session.objects.all().delete()
        client.post(PAGE, data)
        client.force_login(person)
        assert ("まだ取り込んでいません。" in text_of(client.get(PAGE))) is waits

    assert client.post(PAGE, data | {"cancel": ""}).url == PAGE

    assert "まだ取り込んでいません。" not in text_of(client.get(PAGE))
    assert achievement().text == "内容"
