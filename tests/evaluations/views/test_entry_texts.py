import pytest

from evaluations.models import Achievement, Evaluation
from supports.models import RegionalText
from tests.evaluations.views.entry import TEXTS, open_year
from tests.evaluations.views.test_entry_pages import full, read, text_of
from tests.worlds import world


@world
def evaluation(secretariat):
    return open_year(secretariat)


def achievement(name="川崎市"):
    return Achievement.objects.get(
        approach__evaluation__fiscal_year=2023, municipality__name=name, heading__startswith=name
    )


def new(row, **values):
    return {f"new-achievement-{row.approach_id}-{name}": value for name, value in values.items()}


def order():
    return list(
        Achievement.objects.filter(approach__evaluation__fiscal_year=2023)
        .order_by("position", "pk")
        .values_list("heading", flat=True)
    )


def test_last_years_text_stands_beside(client, official, secretariat, evaluation):
    page = read(client, official, TEXTS)
    assert '前年度<span class="visually-hidden">の内容</span>' in page
    page = read(client, secretariat, TEXTS)
    assert "前年度の総合評価" in page


def test_characters_are_counted(client, official, evaluation):
    part = RegionalText.objects.get(evaluation=evaluation, municipality=official.municipality)
    client.force_login(official)
    client.post(TEXTS, full(part, text="一二三\r\n𠮷野家"))
    assert "<span data-count-number>6</span>字" in client.get(TEXTS).content.decode()


def test_official_has_no_texts_of_the_zone(client, official, evaluation):
    assert "総合評価" not in read(client, official, TEXTS)


def test_secretariat_writes_the_texts_of_the_zone(client, secretariat, evaluation):
    client.force_login(secretariat)
    client.post(TEXTS, full(evaluation, overall="新しい総合評価"))
    assert Evaluation.objects.get(pk=evaluation.pk).overall == "新しい総合評価"


def test_achievement_is_added(client, official, evaluation):
    client.force_login(official)
    data = new(achievement(), level="sub", heading="新しい成果", text="内容")
    assert client.post(TEXTS, data).status_code == 302
    added = Achievement.objects.get(heading="新しい成果")
    assert (added.municipality, added.level) == (official.municipality, "sub")
    # After the municipality's own heading, and not after another municipality's.
    assert order() == ["川崎市の成果", "新しい成果", "横浜市の成果"]
    assert added.approach == achievement().approach


def test_achievement_needs_a_heading(client, official, evaluation):
    client.force_login(official)
    page = text_of(client.post(TEXTS, new(achievement(), level="main", heading="", text="内容")))
    assert "1件は保存していません。" in page
    assert "\n内容</textarea>" in page
    assert Achievement.objects.filter(approach__evaluation=evaluation).count() == 2


def test_blank_achievement_adds_nothing(client, official, evaluation):
    client.force_login(official)
    client.post(TEXTS, new(achievement(), level="main", heading="", text=""))
    assert Achievement.objects.filter(approach__evaluation=evaluation).count() == 2


def test_official_adds_nothing_for_others(client, official, other_official, evaluation):
    client.force_login(official)
    data = new(
        achievement(), level="main", heading="新", municipality=other_official.municipality_id
    )
    client.post(TEXTS, data)
    assert Achievement.objects.get(heading="新").municipality == official.municipality


def test_approach_of_another_year_is_not_added_to(client, official, evaluation):
    last_achievement = Achievement.objects.filter(approach__evaluation__fiscal_year=2022)[0]
    client.force_login(official)
    client.post(TEXTS, new(last_achievement, level="main", heading="昔へ"))
    assert not Achievement.objects.filter(heading="昔へ").exists()


def test_secretariat_says_whose_achievement_it_is(client, secretariat, evaluation):
    client.force_login(secretariat)
    row = achievement()
    client.post(TEXTS, new(row, level="main", heading="新", municipality=row.municipality_id))
    assert Achievement.objects.get(heading="新").municipality == row.municipality


def test_order_changes_among_the_own(client, official, evaluation):
    client.force_login(official)
    client.post(TEXTS, new(achievement(), level="main", heading="二つ目"))
    key = f"evaluations.achievement/{Achievement.objects.get(heading='二つ目').pk}"
    response = client.post(TEXTS, {"action": f"up:{key}"})
    assert response.url == f"{TEXTS}#{key}"
    assert order() == ["二つ目", "川崎市の成果", "横浜市の成果"]
    client.post(TEXTS, {"action": f"up:{key}"})
    assert order()[0] == "二つ目"
    client.post(TEXTS, {"action": f"down:{key}"})
    own_order = [heading for heading in order() if heading != "横浜市の成果"]
    assert own_order == ["川崎市の成果", "二つ目"]


def test_order_changes_where_places_are_alike(client, official, evaluation):
    client.force_login(official)
    client.post(TEXTS, new(achievement(), level="main", heading="二つ目"))
    Achievement.objects.update(position=1)
    key = f"evaluations.achievement/{Achievement.objects.get(heading='二つ目').pk}"
    client.post(TEXTS, {"action": f"up:{key}"})
    order_before = order()
    assert order_before.index("二つ目") < order_before.index("川崎市の成果")


@pytest.mark.parametrize("action", ["up", "down", "remove"])
def test_others_achievements_are_not_moved(client, official, evaluation, action):
    client.force_login(official)
    key = f"evaluations.achievement/{achievement('横浜市').pk}"
    order_before = order()
    assert client.post(TEXTS, {"action": f"{action}:{key}"}).status_code == 404
    assert order() == order_before


def test_action_saves_what_was_typed_first(client, official, evaluation):
    client.force_login(official)
    row = achievement()
    key = f"evaluations.achievement/{row.pk}"
    client.post(TEXTS, full(row, text="書きかけ") | {"action": f"remove:{key}"})
    client.post(TEXTS, {"action": f"put-back:{key}"})
    assert achievement().text == "書きかけ"
