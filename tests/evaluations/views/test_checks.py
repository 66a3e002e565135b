"""The page of checks: who sees which findings, setting aside and withdrawing, and the findings of a sealed year."""

import re
from datetime import timedelta

import pytest

from evaluations import moves
from evaluations.models import Evaluation, SealedVersion, TargetAssessment, Waiver
from tests import factories
from tests.evaluations import campaign, planted
from tests.evaluations.planted import DOUBTFUL, EVERYWHERE, WRONG, findings_of, rewrite
from tests.evaluations.views.review import copied, words
from tests.worlds import world

pytestmark = pytest.mark.usefixtures("planted")

YEAR = "/keihin/2023/"
CHECKS = f"{YEAR}checks/"
WAIVE = f"{CHECKS}waive/"
ZONES_TEXT = f"総合評価の文章{WRONG}"


@world
def year(secretariat):
    """Being filled in, with a finding in Kawasaki's and one in the zone's texts, and two of other levels."""
    year = campaign.open_year(secretariat)
    rewrite(year, "川崎市の成果", f"川崎市の{WRONG}成果")
    rewrite(year, "川崎市の制度実績", f"川崎市の{DOUBTFUL}制度実績")
    rewrite(year, "川崎市の独自取組", f"川崎市の{EVERYWHERE}独自取組")
    Evaluation.objects.update(overall=ZONES_TEXT)
    return Evaluation.objects.get()


def read(client, user, url=CHECKS):
    client.force_login(user)
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def titles(page):
    """The parts of the page, and the level and place of each finding in them."""
    page = page[page.index("<main") :]
    return [
        " ".join(words(title).split()) for title in re.findall(r"<h[24].*?</h[24]>", page, re.S)
    ]


def waive(client, user, inspected, reason="出典で確認した"):
    client.force_login(user)
    return client.post(WAIVE, {"finding": inspected.anchor, "reason": reason})


def withdraw(client, user, waiver):
    client.force_login(user)
    return client.post(f"{CHECKS}waivers/{waiver.pk}/withdraw/")


def of_kawasaki(person, year):
    return next(
        inspected
        for inspected in findings_of(person, year)
        if WRONG in inspected.finding.text and inspected.row
    )


# The list


def test_blanks_are_left_to_the_page_that_lists_them(client, year, secretariat):
    for text, is_blank in (("", True), ("順調である。", False)):
        TargetAssessment.objects.update(self_assessment=text)
        page = read(client, secretariat)
        assert ("まだ入力されていない必須欄は" in page) == is_blank
        assert "自己評価がありません" not in page


def test_blanks_of_the_zone_are_not_told_to_an_official(client, year, secretariat, official):
    """What is left to fill in is the self-assessment of the zone."""
    TargetAssessment.objects.update(self_assessment="")
    for person, is_told in ((secretariat, True), (official, False)):
        assert ("まだ入力されていない必須欄は" in read(client, person)) is is_told


def test_secretariat_reads_all_by_municipality_and_level(client, year, secretariat):
    page = read(client, secretariat)
    assert titles(page) == [
        "川崎市（3件）",
        "確認が必要 取組・成果「川崎市の取組」 内容",
        "注意 財政支援措置「川崎市の制度」 実績",
        "参考 地域独自の取組の状況及び自己評価（本文6）：川崎市 内容",
        "特区全体と複数の作成主体に関わるもの（2件）",
        "確認が必要 評価書の本文 総合評価",
        "注意 数値目標「数値目標その1」（特区全体） 実績値",
    ]
    assert f"川崎市の<mark>{WRONG}</mark>成果" in page
    assert f"{WRONG}があります。直してください。" in page
    assert "全て（5）" in page
    assert "確認が必要（2）" in page


def test_official_reads_of_their_own_and_of_the_zones(client, year, official, other_official):
    assert "川崎市（2件）" in titles(read(client, official))
    assert titles(read(client, official))[-4:] == [
        "特区全体と複数の作成主体に関わるもの（1件）",
        "注意 数値目標「数値目標その1」（特区全体） 実績値",
        "取りまとめ担当が直すもの（1件）",
        "確認が必要 評価書の本文 総合評価",
    ]
    page = read(client, other_official)
    assert "川崎市の【" not in page
    assert "確認が必要 評価書の本文 総合評価" in titles(page)
    assert "神奈川県、川崎市の内容はまだ提出されていない" in words(page)


def test_nothing_of_a_hidden_draft_is_in_any_page(client, year, other_official):
    for url in (CHECKS, YEAR, f"{YEAR}entry/", f"{YEAR}entry/texts/"):
        page = read(client, other_official, url)
        assert f"川崎市の{WRONG}" not in page, url
        assert DOUBTFUL not in page, url


@pytest.mark.parametrize(
    ("show", "expected"), [("blocking", 2), ("caution", 2), ("note", 1), ("waived", 0), ("x", 5)]
)
def test_list_is_filtered_by_level(client, year, secretariat, show, expected):
    page = read(client, secretariat, f"{CHECKS}?show={show}")
    assert page.count('<article class="finding"') == expected
    assert ("該当する点検結果はありません。" in page) is (expected == 0)


def test_long_list_leads_to_the_forms_that_set_aside(client, year, secretariat, monkeypatch):
    monkeypatch.setattr("evaluations.views.checks.LONG", 4)
    page = read(client, secretariat)
    assert "確認した理由" not in page
    links = re.findall(r'<a href="(\?show=[a-z]+)#(finding-[0-9a-f]+)">問題がない', page)
    assert len(links) == 5
    for show, anchor in links:
        assert f'id="{anchor}-reason"' in read(client, secretariat, f"{CHECKS}{show}")


def test_each_finding_leads_to_its_field_and_its_place_in_the_form(client, year, official):
    page = read(client, official)
    inspected = of_kawasaki(official, year)
    mend = f"{YEAR}entry/row/evaluations.achievement/{inspected.row.pk}/#id_evaluations.achievement/{inspected.row.pk}-text"
    see = f"{YEAR}#mark-{inspected.finding.number}"
    assert f'href="{mend}"' in page
    assert f'href="{see}"' in page
    assert f'id="mark-{inspected.finding.number}"' in read(client, official, YEAR)
    assert f'id="id_evaluations.achievement/{inspected.row.pk}-text"' in read(
        client, official, mend
    )


def test_sound_evaluation_is_praised(client, secretariat, official):
    campaign.approved_year(secretariat)
    for person in (secretariat, official):
        assert "点検で見つかったことはありません。" in read(client, person)


def test_markup_in_a_text_is_shown_as_it_is(client, year, secretariat):
    rewrite(year, f"川崎市の{WRONG}成果", f"<b>{WRONG}</b>&amp;")
    assert f"&lt;b&gt;<mark>{WRONG}</mark>&lt;/b&gt;&amp;amp;" in read(client, secretariat)


def test_reader_waits_until_it_is_sealed(client, year, reader):
    client.force_login(reader)
    response = client.get(CHECKS)
    assert response.status_code == 403
    assert "点検の結果は、評価書が確定した後に表示します。" in response.content.decode()
    assert CHECKS not in read(client, reader, YEAR)


def test_stranger_finds_nothing(client, year, stranger):
    client.force_login(stranger)
    assert client.get(CHECKS).status_code == 404
    assert client.post(WAIVE).status_code == 404


# Setting aside


def test_official_sets_their_own_aside_with_a_reason(client, year, official, secretariat):
    inspected = of_kawasaki(official, year)
    response = waive(client, official, inspected, "議会資料の\n表3のとおり")
    assert response.url == f"{CHECKS}#{inspected.anchor}"
    waiver = Waiver.objects.get()
    assert (waiver.set_aside_by, waiver.reason) == (official, "議会資料の\n表3のとおり")
    assert (waiver.municipality, waiver.words) == (official.municipality, WRONG)
    assert waiver.history.get().history_user == official
    for person in (official, secretariat):
        page = read(client, person)
        assert "議会資料の\n表3のとおり" in page
        assert "kawasakiさん" in page
        assert "確認済み（1）" in page
        assert "確認が必要（1）" in page


@pytest.mark.parametrize(
    ("person", "allowed"),
    [("official", False), ("colleague", False), ("other_official", False), ("secretariat", True)],
)
def test_secretariat_alone_sets_aside_what_is_the_zones(client, request, year, person, allowed):
    user = request.getfixturevalue(person)
    inspected = next(inspected for inspected in findings_of(user, year) if not inspected.owner_ids)
    sentence = "特区全体に関わる欄は、取りまとめ担当が入力します。"
    assert (sentence in read(client, user)) is not allowed
    response = waive(client, user, inspected)
    assert response.status_code == (302 if allowed else 403)
    assert Waiver.objects.exists() is allowed
    if not allowed:
        assert sentence in response.content.decode()
        assert copied(response) == ["出典で確認した"]


def test_others_find_nothing_to_set_aside(client, year, official, other_official):
    response = waive(client, other_official, of_kawasaki(official, year))
    assert response.status_code == 404
    assert copied(response) == ["出典で確認した"]
    assert not Waiver.objects.exists()


def test_reason_is_asked_for(client, year, official):
    inspected = of_kawasaki(official, year)
    response = waive(client, official, inspected, " \n")
    assert response.status_code == 200
    page = response.content.decode()
    assert "確認した理由を入力してください。" in page
    assert '<details class="waive" open>' in page
    assert not Waiver.objects.exists()


def test_what_has_changed_meanwhile_is_not_set_aside_and_nothing_typed_is_lost(
    client, year, official
):
    inspected = of_kawasaki(official, year)
    rewrite(year, f"川崎市の{WRONG}成果", f"川崎市の{WRONG}新しい成果")
    response = waive(client, official, inspected, "長い\n理由")
    assert response.status_code == 404
    assert "内容が変わったため、もうありません。" in response.content.decode()
    assert copied(response) == ["長い\n理由"]
    assert not Waiver.objects.exists()


def test_second_click_changes_nothing(client, year, official, colleague):
    inspected = of_kawasaki(official, year)
    assert waive(client, official, inspected).status_code == 302
    assert waive(client, official, inspected).status_code == 302
    response = waive(client, colleague, inspected, "別の理由")
    assert response.status_code == 409
    assert "kawasakiさんが既に確認済みにしています。" in response.content.decode()
    assert copied(response) == ["別の理由"]
    assert Waiver.objects.get().reason == "出典で確認した"


def test_nothing_is_set_aside_once_handed_in_but_by_the_secretariat(
    client, year, official, secretariat
):
    campaign.hand_in(year, official)
    inspected = of_kawasaki(official, year)
    sentence = "提出した内容は、差し戻されるまで変更できません。"
    page = read(client, official)
    assert words(page).count(sentence) == 1
    assert "確認済みにする" not in page
    response = waive(client, official, inspected)
    assert response.status_code == 403
    assert copied(response) == ["出典で確認した"]
    assert waive(client, secretariat, inspected).status_code == 302


def test_taking_back_brings_the_finding_back(client, year, official, other_official, colleague):
    inspected = of_kawasaki(official, year)
    waive(client, official, inspected)
    waiver = Waiver.objects.get()
    assert withdraw(client, other_official, waiver).status_code == 404
    assert withdraw(client, colleague, waiver).url == CHECKS
    assert not Waiver.objects.exists()
    assert Waiver.history.get(history_type="-").history_user == colleague
    assert "確認が必要（2）" in read(client, official)
    # Somebody else has withdrawn it already.
    assert withdraw(client, official, waiver).url == CHECKS
    assert "既に取り消されています。" in read(client, official)
    waiver.pk = 9999
    assert withdraw(client, official, waiver).status_code == 404


def test_nothing_is_taken_back_once_handed_in(client, year, official):
    waive(client, official, of_kawasaki(official, year))
    campaign.hand_in(year, official)
    assert "確認を取り消す" not in read(client, official)
    assert withdraw(client, official, Waiver.objects.get()).status_code == 403


def test_official_does_not_take_back_what_is_the_zones(client, year, official, secretariat):
    inspected = next(
        inspected for inspected in findings_of(secretariat, year) if not inspected.owner_ids
    )
    waive(client, secretariat, inspected)
    assert withdraw(client, official, Waiver.objects.get()).status_code == 403
    assert withdraw(client, secretariat, Waiver.objects.get()).status_code == 302


def test_lapsed_waiver_stays_listed(client, year, official, other_official):
    waive(client, official, of_kawasaki(official, year), "前の理由")
    rewrite(year, f"川崎市の{WRONG}成果", f"川崎市の{WRONG}新しい成果")
    page = read(client, official)
    assert "内容が変わったため、改めて確認が必要です。" in page
    assert "前の理由" in page
    assert "確認が必要（2）" in page
    assert "前の理由" not in read(client, other_official)
    withdraw(client, official, Waiver.objects.get())
    assert "前の理由" not in read(client, official)


@pytest.mark.parametrize("url", [WAIVE, f"{CHECKS}waivers/1/withdraw/"])
def test_setting_aside_is_posted(client, year, secretariat, url):
    client.force_login(secretariat)
    assert client.get(url).status_code == 405


def test_last_year_that_cannot_be_read_is_reported(client, strict_templates, secretariat):
    evaluation = factories.evaluation(campaign.contents())
    then = campaign.sealed_year(secretariat, fiscal_year=2022)
    then.sealedversion_set.update(contents="", contents_sha256="")
    campaign.put(evaluation, "open", secretariat)
    page = read(client, secretariat)
    assert "前年度の評価書と比べる点検は、行っていません。" in page
    assert "令和4年度 第1版は、データとして読み取れません。" in page


# Sealing


def test_sealing_waits_for_what_blocks_and_records_what_was_set_aside(
    client, secretariat, official, reader
):
    year = campaign.approved_year(secretariat)
    row = rewrite(year, "川崎市の成果", f"川崎市の{WRONG}成果")
    rewrite(year, "川崎市の制度実績", f"川崎市の{DOUBTFUL}制度実績")
    sentence = "確認が必要な点検結果が1件あるため、確定できません。"
    page = read(client, secretariat, f"{YEAR}review/")
    assert sentence in page
    assert (
        f'href="{YEAR}entry/row/evaluations.achievement/{row.pk}/#id_evaluations.achievement/{row.pk}-text"'
        in page
    )
    response = client.post(f"{YEAR}review/moves/seal/", {"seal-reason": "決裁"})
    assert response.status_code == 403
    assert sentence in response.content.decode()

    inspected = of_kawasaki(secretariat, year)
    waive(client, secretariat, inspected, "原本どおり")
    assert client.post(f"{YEAR}review/moves/seal/", {"seal-reason": "決裁"}).status_code == 302
    version = SealedVersion.objects.get()
    records = {record["check_label"]: record for record in version.findings}
    assert records.keys() == {"誤りの印", "疑いの印"}
    assert records["誤りの印"]["waived"]["reason"] == "原本どおり"
    assert records["誤りの印"]["waived"]["by"] == "secretariatさん"
    assert records["誤りの印"]["place"] == "取組・成果「川崎市の取組」　内容"
    assert records["誤りの印"]["text"] == f"川崎市の{WRONG}成果"
    assert records["疑いの印"]["waived"] is None

    # From then on the record is shown, whatever happens to rows and waivers.
    Waiver.objects.update(reason="後から", set_aside_at=version.sealed_at - timedelta(days=1))
    row.refresh_from_db()
    row.text = f"{WRONG}{DOUBTFUL}{EVERYWHERE}"
    row.save()
    for person in (secretariat, official, reader):
        page = read(client, person)
        assert "第1版を確定した時" in page
        assert f"川崎市の<mark>{WRONG}</mark>成果" in page
        assert "原本どおり" in page
        assert "後から" not in page
        assert "<form" not in page[page.index("<main") :]
        assert page.count('<article class="finding"') == 2
    assert f'href="{CHECKS}"' in read(client, reader, YEAR)
    response = waive(client, secretariat, inspected)
    assert response.status_code == 403
    assert copied(response) == ["出典で確認した"]


def test_version_of_before_says_that_it_has_no_record(client, secretariat, official):
    campaign.sealed_year(secretariat)
    SealedVersion.objects.update(findings=None)
    page = read(client, official)
    assert "この版は、点検の結果を記録する前に確定されました。" in page
    assert "点検で見つかったことはありません。" not in page


def test_reopened_year_is_inspected_again(client, secretariat):
    year = campaign.sealed_year(secretariat)
    moves.move(year, "reopen", by=secretariat, reason="訂正")
    rewrite(year, "川崎市の成果", f"川崎市の{WRONG}成果")
    assert "確認が必要（1）" in read(client, secretariat)


# Elsewhere


def test_hand_in_names_what_blocks_and_stays_possible(client, year, official):
    campaign.fill(year, official.municipality_id)
    page = read(client, official, f"{YEAR}entry/")
    assert "点検（2件）" in page
    assert "「確認が必要」が残っていても提出できますが、評価書は確定できません。" in page
    assert page.index("点検（2件）") < page.index("提出する</button>")
    assert client.post(f"{YEAR}entry/submit/").status_code == 302
    assert campaign.submission(year).state == "submitted"


def test_overview_of_the_secretariat_counts_everything(client, year, secretariat):
    page = words(read(client, secretariat, f"{YEAR}entry/"))
    assert "点検 確認が必要 2件 注意 2件 参考 1件" in page


def test_review_counts_by_municipality(client, year, secretariat):
    page = words(read(client, secretariat, f"{YEAR}review/"))
    assert "確認が必要 1件 注意 1件 参考 1件 点検で見る ：川崎市" in page
    assert "特区全体の点検結果 ： 確認が必要 1件 注意 1件" in page


@pytest.mark.parametrize(
    "url",
    ["", "checks/", "review/", "entry/", "entry/actuals/", "entry/texts/", "entry/supports/"],
)
def test_checks_run_once_a_page(client, year, secretariat, monkeypatch, url):
    runs = []

    @planted.check("回数", planted.Level.NOTE)
    def counted(picture):
        runs.append(picture)
        yield from ()

    monkeypatch.setattr(planted.checks, "CHECKS", (counted,))
    read(client, secretariat, YEAR + url)
    assert len(runs) == 1


@pytest.mark.parametrize("url", ["print/", "evaluation.docx", "log/", "remarks/"])
def test_checks_run_on_no_other_page(client, year, secretariat, monkeypatch, url):
    monkeypatch.setattr(planted.checks, "CHECKS", (pytest.fail,))
    client.force_login(secretariat)
    assert client.get(YEAR + url).status_code == 200


def test_finding_stands_beside_its_field_until_it_is_set_aside(client, year, official):
    texts = f"{YEAR}entry/texts/"
    inspected = of_kawasaki(official, year)
    page = read(client, official, texts)
    field = page.index(f'name="evaluations.achievement/{inspected.row.pk}-text"')
    assert page.rindex(f"{CHECKS}#{inspected.anchor}", 0, field) > page.rindex("<label", 0, field)
    waive(client, official, inspected)
    assert inspected.anchor not in read(client, official, texts)


def test_finding_in_the_name_of_a_scheme_stands_beside_it(client, year, official):
    row = rewrite(year, "川崎市の制度", f"川崎市の制度{WRONG}")
    page = read(client, official, f"{YEAR}entry/supports/")
    field = page.index(f'name="{row.key}-name"')
    assert "finding" in page[page.rindex("<label", 0, field) : field]


def test_figure_that_is_found_stands_in_the_grid(client, year, official):
    assert "実績値がありません。入力してください。" in read(
        client, official, f"{YEAR}entry/actuals/"
    )


def test_what_is_typed_and_not_saved_is_not_inspected(client, year, secretariat):
    client.force_login(secretariat)
    key = f"evaluations.evaluation/{year.pk}"
    data = {
        f"{key}-revision": str(year.revision),
        f"{key}-overall": "直した文章",
        f"{key}-previous_score": "九",
    }
    (inspected,) = (
        inspected for inspected in findings_of(secretariat, year) if not inspected.owner_ids
    )
    page = client.post(f"{YEAR}entry/texts/", data).content.decode()
    assert "直した文章" in page
    assert inspected.anchor in page
    assert Evaluation.objects.get().overall == ZONES_TEXT


def test_finding_in_a_joint_scheme_is_shown_to_both_and_either_sets_it_aside(
    client, year, official, other_official
):
    scheme = year.schemeresult_set.get(name="川崎市の制度")
    scheme.municipalities.add(factories.municipality("横浜市"))
    (inspected,) = (
        inspected
        for inspected in findings_of(other_official, year)
        if DOUBTFUL in inspected.finding.text
    )
    assert "（横浜市、川崎市）" in words(read(client, other_official))
    assert waive(client, other_official, inspected).status_code == 302
    assert Waiver.objects.get().municipality is None
    assert "確認済み（1）" in read(client, official)
    assert withdraw(client, official, Waiver.objects.get()).status_code == 302
