"""The parts of a year's result in the admin: in the page of the evaluation, on their own, and in sheets."""

import pytest

from evaluations.models import Evaluation, ResultPart
from tests import factories
from tests.evaluations import campaign
from tests.evaluations.admin.test_access import change, form_of, formset
from tests.evaluations.admin.test_import_export import confirm, export, preview, sentences, sheet
from tests.evaluations.views.test_entry_pages import text_of
from tests.worlds import world

THREE = [("地域の評価", "4.0", "1"), ("国の評価", "4.00", "1"), ("総括", "Ａ+", "2")]


@world
def sent(secretariat):
    evaluation = factories.evaluation()
    campaign.put(evaluation, "sent", secretariat)
    Evaluation.objects.update(score="4.1")
    for position, (name, score, weight) in enumerate(THREE, 1):
        ResultPart(
            evaluation=evaluation, position=position, name=name, score=score, weight=weight
        ).save()
    evaluation.refresh_from_db()
    return evaluation


def parts():
    return list(ResultPart.objects.values_list("name", "score", "weight"))


def page_of(client, evaluation, *rows):
    """The page of the evaluation as it is sent, with these rows added to its parts."""
    prefix = "resultpart_set"
    values = form_of(client, change(evaluation)) | formset("submission_set") | formset(prefix)
    values[f"{prefix}-TOTAL_FORMS"] = len(rows)
    for number, row in enumerate(rows):
        fields = zip(("position", "name", "score", "weight"), row, strict=True)
        values |= {f"{prefix}-{number}-{name}": value for name, value in fields}
    return client.post(change(evaluation), values, follow=True)


def test_parts_are_entered_in_the_page_of_the_evaluation(client, secretariat, sent):
    client.force_login(secretariat)
    ResultPart.objects.all().delete()
    page = page_of(client, sent, (1, "地域の評価", "４．０点", "1"), (2, "国の評価", "4.4", "３"))
    assert parts() == [("地域の評価", "4.0", "1"), ("国の評価", "4.4", "3")]
    assert "平均すると4.3点になり、評価点の4.1点と違います。" in text_of(page)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ((1, "他", "4. 0", "1"), "「4. 0」は評価点として読み取れません。"),
        ((1, "他", "4.0", "0"), "「0」は重みとして読み取れません。"),
        ((1, "総括", "4.0", "1"), "同じ名称の内訳が既にあります。"),
    ],
)
def test_what_cannot_be_a_part_is_refused_beside_it(client, secretariat, sent, row, sentence):
    client.force_login(secretariat)
    assert sentence in text_of(page_of(client, sent, row))
    assert parts() == THREE


def test_before_sealing_parts_are_only_shown(client, secretariat, sent):
    Evaluation.objects.update(state="open")
    client.force_login(secretariat)
    page_of(client, sent, (1, "他", "4.0", "1"))
    assert parts() == THREE
    part = ResultPart.objects.first()
    assert client.post(change(part), {"score": "1"}).status_code == 403


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_sheet_keeps_digits_and_letters(client, secretariat, sent, kind):
    client.force_login(secretariat)
    export(client, ResultPart, kind)
    lines = sheet(client, ResultPart)
    assert [(line["内訳の名称"], line["評価点"], line["重み"]) for line in lines] == THREE
    lines[0]["評価点"], lines[2]["評価点"] = "４．５０点", "Ｂ"
    new = lines[0] | {"内訳の名称": "他", "順序": "4", "評価点": "4.0"}
    confirm(client, ResultPart, preview(client, ResultPart, [*lines, new], f"表.{kind}"))
    assert parts() == [
        ("地域の評価", "4.50", "1"),
        THREE[1],
        ("総括", "Ｂ", "2"),
        ("他", "4.0", "1"),
    ]


def test_a_sheet_with_no_score_is_refused_in_its_line(client, secretariat, sent):
    client.force_login(secretariat)
    lines = sheet(client, ResultPart)
    lines[0]["評価点"], lines[1]["重み"] = "4. 0", "1:2"
    found = " ".join(sentences(preview(client, ResultPart, lines)))
    assert "2行目" in found
    assert "「4. 0」は評価点として読み取れません。" in found
    assert "「1:2」は重みとして読み取れません。" in found
    assert parts() == THREE
