"""Findings with their rows: who owns them, where they are corrected, and how long they stay set aside."""

import pytest

from evaluations import moves
from evaluations.checks.figures import previous
from evaluations.form import contents as c
from evaluations.inspection import AROUND, excerpt, inspect
from evaluations.models import Actual, Evaluation, NumericTarget, TargetAssessment, YearlyTarget
from evaluations.permissions import Access
from evaluations.records.load import load
from evaluations.records.store import store
from supports.models import SchemeResult
from tests import factories
from tests.evaluations import campaign, planted
from tests.evaluations.planted import DOUBTFUL, EVERYWHERE, WRONG, findings_of, rewrite
from tests.worlds import world

pytestmark = pytest.mark.usefixtures("planted")


@world
def year(secretariat):
    return campaign.open_year(secretariat)


# Rows and owners


def test_finding_leads_to_its_row_and_field(year, secretariat, official):
    row = rewrite(year, "川崎市の成果", f"川崎市の{WRONG}成果")
    (finding,) = findings_of(official, year)
    assert finding.row == row
    assert finding.field == "text"
    assert finding.owner_ids == {official.municipality_id}
    assert finding.municipalities == ("川崎市",)
    assert finding.place == "取組・成果「川崎市の取組」　内容"
    address = f"/keihin/2023/entry/row/evaluations.achievement/{row.pk}/#id_evaluations.achievement/{row.pk}-text"
    for person in (official, secretariat):
        assert finding.address(Access(person, year)) == address


def test_finding_in_the_name_of_a_scheme_is_on_the_scheme(year, official):
    row = rewrite(year, "川崎市の制度", f"川崎市の制度{DOUBTFUL}")
    (finding,) = findings_of(official, year)
    assert (finding.row, finding.field) == (row, "name")


def test_figure_of_the_zone_has_the_rows_of_all_and_no_owner(year, official, secretariat):
    (finding,) = findings_of(secretariat, year, checks=[planted.missing])
    assert {row.municipality.name for row in finding.rows} == {"神奈川県", "横浜市", "川崎市"}
    assert finding.row is None
    assert finding.owner_ids == frozenset()
    assert finding.place == "数値目標「数値目標その1」（特区全体）　実績値"
    own_actual = Actual.objects.get(fiscal_year=2023, municipality=official.municipality)
    assert finding.address(Access(official, year)).endswith(
        f"#id_evaluations.actual/{own_actual.pk}-value"
    )


def test_blank_that_is_listed_as_missing_is_not_shown_as_a_finding(year, secretariat):
    row = TargetAssessment.objects.get()
    for text, is_told in (("", False), ("—", True)):
        row.self_assessment = text
        row.save()
        inspection = inspect(Access(secretariat, year))
        shown_checks = [finding.finding.check for finding in inspection.findings]
        assert (planted.blank in shown_checks) is is_told
        assert "自己評価の空欄" in {finding["check_label"] for finding in inspection.as_data()}


def test_finding_in_the_plan_is_corrected_in_the_admin_by_the_secretariat(official, secretariat):
    year = campaign.open_year(secretariat)
    target = NumericTarget.objects.get()
    target.total = 60
    target.save()
    (finding,) = findings_of(secretariat, year, checks=[planted.targets_and_total])
    assert finding.rows == ()
    assert finding.place == "数値目標「数値目標その1（件）」　計画期間の目標"
    where = f"/admin/evaluations/numerictarget/{target.pk}/change/"
    assert finding.address(Access(secretariat, year)) == where
    assert finding.address(Access(official, year)) == ""


def test_figure_of_one_year_of_the_plan_is_named_by_its_year(secretariat):
    year = campaign.open_year(secretariat)
    YearlyTarget.objects.filter(fiscal_year=2023).delete()
    (finding,) = findings_of(secretariat, year, checks=[planted.target_of_the_year])
    assert finding.plan_row == NumericTarget.objects.get()
    assert finding.place == "数値目標「数値目標その1（件）」 令和5年度　目標値"


def test_part_of_a_text_that_is_printed_with_others_is_its_municipalitys(year, secretariat):
    texts = {}
    for name in ("横浜市", "川崎市"):
        texts[name] = year.regionaltext_set.model.objects.create(
            evaluation=year,
            kind="organisation",
            text=f"{name}の体制",
            municipality=factories.municipality(name),
        )
    texts["横浜市"].text = f"横浜市の{WRONG}体制"
    texts["横浜市"].save()
    (finding,) = findings_of(secretariat, year)
    assert finding.row == texts["横浜市"]


# Who sees a finding


def test_hidden_draft_never_shows_through_a_finding(year, official, other_official, secretariat):
    rewrite(year, "川崎市の成果", f"川崎市の{WRONG}成果")
    rewrite(year, "川崎市の制度実績", f"{DOUBTFUL}")
    campaign.fill(year)
    year.refresh_from_db()
    year.overall = f"{EVERYWHERE}総合評価"
    year.save()
    assert len(findings_of(secretariat, year)) == 3
    # A check that needs all municipalities waits until all have handed in.
    assert [finding.finding.check for finding in findings_of(official, year)] == [
        planted.wrong,
        planted.doubtful,
    ]
    assert findings_of(other_official, year) == []


def test_findings_in_handed_in_work_are_shown_to_its_municipality_alone(
    year, official, other_official
):
    rewrite(year, "川崎市の成果", f"川崎市の{WRONG}成果")
    campaign.hand_in(year, official)
    assert len(findings_of(official, year)) == 1
    assert findings_of(other_official, year) == []


def test_official_sees_findings_in_the_zones_texts_and_may_not_correct_them(year, official):
    year.overall = f"{WRONG}総合評価"
    year.save()
    (finding,) = findings_of(official, year)
    assert finding.owner_ids == frozenset()
    assert finding.address(Access(official, year)) == ""


def test_nothing_is_inspected_once_it_is_sealed(year, secretariat):
    rewrite(year, "川崎市の成果", f"川崎市の{WRONG}成果")
    campaign.put(year, "final", secretariat)
    assert findings_of(secretariat, year) == []


def test_checks_compare_with_last_year_as_it_was_sealed(secretariat, monkeypatch):
    overall_texts = []

    @planted.check("前年度", planted.Level.NOTE)
    def last_year(picture):
        overall_texts.append(picture.last_year and picture.last_year.texts.overall)
        yield from ()

    contents = campaign.contents()
    factories.evaluation(contents)
    year = Evaluation.objects.get()
    earlier = campaign.approved_year(secretariat, fiscal_year=2022)
    moves.move(earlier, "seal", by=secretariat)
    sealed = earlier.sealedversion_set.get()
    Evaluation.objects.filter(pk=earlier.pk).update(overall="確定した後の文")
    monkeypatch.setattr(planted.checks, "CHECKS", (last_year,))
    for state in ("final", "sent"):
        campaign.put(earlier, state, secretariat)
        assert inspect(Access(secretariat, year)).why_without_last_year == ""
    for broken, why in [
        ({"sha256": "0" * 64}, "は、確定した時の内容と違います"),
        ({"contents_sha256": "0" * 64}, "は、確定した時の内容と違います"),
        ({"contents": "", "contents_sha256": ""}, "は、データとして読み取れません。"),
    ]:
        whole = {name: getattr(sealed, name) for name in broken}
        type(sealed).objects.filter(pk=sealed.pk).update(**broken)
        message = inspect(Access(secretariat, year)).why_without_last_year
        assert message.startswith("前年度の評価書と比べる点検は、行っていません。")
        assert f"令和4年度 第1版{why}" in message
        type(sealed).objects.filter(pk=sealed.pk).update(**whole)
    assert overall_texts == ["総合評価の文", "総合評価の文", None, None, None]


@pytest.mark.parametrize("state", ["final", "sent", "open"])
def test_checks_compare_with_the_result_of_last_year(secretariat, monkeypatch, state):
    """Also when it came after last year was sealed, and as it was corrected since."""
    checks = [previous.previous_score, previous.previous_remarks]
    monkeypatch.setattr(planted.checks, "CHECKS", tuple(checks))
    year = campaign.open_year(
        secretariat,
        texts=c.EvaluationTexts(previous_score="4.5", previous_remarks="所見"),
    )
    last = campaign.open_year(secretariat, fiscal_year=2022)
    campaign.sealed_as_it_is(last, secretariat)
    campaign.put(last, state, secretariat)

    def findings_after(**result_values):
        Evaluation.objects.filter(pk=last.pk).update(**result_values)
        inspection = inspect(Access(secretariat, Evaluation.objects.get(pk=year.pk)))
        return [
            (finding.finding.check, finding.finding.expected) for finding in inspection.findings
        ]

    assert findings_after() == []
    assert findings_after(score="4.5", remarks="所見") == []
    assert findings_after(score="3.0") == [(previous.previous_score, "3.0点")]
    assert findings_after(score="4.5", remarks="訂正された所見") == [
        (previous.previous_remarks, "訂正された所見")
    ]


def test_drafts_of_an_unfinished_last_year_stay_hidden_too(
    secretariat, official, other_official, monkeypatch
):
    visible = {}

    @planted.check("前年度", planted.Level.NOTE)
    def last_year(picture):
        results = [scheme.result for scheme in picture.last_year.schemes]
        visible["last"] = "川崎市の制度実績" in results, "川崎市" in picture.hidden
        yield from ()

    monkeypatch.setattr(planted.checks, "CHECKS", (last_year,))
    campaign.open_year(secretariat, fiscal_year=2022)
    year = campaign.open_year(secretariat)
    for name in campaign.AUTHORS:
        campaign.put(campaign.submission(year, name), "submitted", secretariat)
    for person, expected in [
        (secretariat, (True, False)),
        (official, (True, False)),
        (other_official, (False, True)),
    ]:
        inspect(Access(person, Evaluation.objects.get(pk=year.pk)))
        assert visible["last"] == expected


# Waivers


def waived(user, evaluation):
    inspection = inspect(Access(user, Evaluation.objects.get(pk=evaluation.pk)))
    return [finding.waiver.reason for finding in inspection.findings if finding.waiver], list(
        inspection.lapsed
    )


def test_waiver_counts_while_words_and_figures_stay(year, official, secretariat):
    rewrite(year, "川崎市の成果", f"川崎市の{WRONG}成果")
    waiver = findings_of(official, year)[0].set_aside(year, reason="確認した", by=official)
    assert waived(official, year) == (["確認した"], [])
    assert inspect(Access(secretariat, year)).blocking_findings == []
    # Something else changes, also before it in the same list.
    rewrite(year, "神奈川県の成果", "神奈川県の新しい成果")
    rewrite(year, "川崎市の取組", "川崎市の新しい取組")
    assert waived(official, year) == (["確認した"], [])
    # The words change, and change back.
    rewrite(year, f"川崎市の{WRONG}成果", f"川崎市の{WRONG}別の成果")
    assert waived(official, year) == ([], [waiver])
    assert len(inspect(Access(secretariat, year)).blocking_findings) == 1
    rewrite(year, f"川崎市の{WRONG}別の成果", f"川崎市の{WRONG}成果")
    assert waived(official, year) == (["確認した"], [])


def test_waiver_comes_back_when_the_figure_behind_it_changes(year, official, secretariat):
    def report(value):
        for row in Actual.objects.filter(fiscal_year=2023):
            row.value = value
            row.save()

    report(2)
    year.overall = "実績値は8件"
    year.save()
    (finding,) = findings_of(secretariat, year)
    assert (finding.finding.found, finding.finding.expected) == ("8件", "6件")
    waiver = finding.set_aside(year, reason="確認した", by=secretariat)
    assert waived(secretariat, year) == (["確認した"], [])
    report(3)
    assert waived(secretariat, year) == ([], [waiver])


def test_equal_words_in_another_row_are_another_finding(year, official):
    rewrite(year, "川崎市の成果", f"{WRONG}")
    rewrite(year, "川崎市の独自取組", f"{WRONG}")
    first, second = findings_of(official, year)
    first.set_aside(year, reason="確認した", by=official)
    assert [bool(each.waiver) for each in findings_of(official, year)] == [True, False]
    assert first.anchor != second.anchor


def test_waiver_outlives_importing_the_same_evaluation_again(year, official, secretariat):
    rewrite(year, "川崎市の制度実績", f"川崎市の{WRONG}制度実績")
    findings_of(official, year)[0].set_aside(year, reason="確認した", by=official)
    store(load(Evaluation.objects.get(pk=year.pk)).printed(), "keihin", reason="再取込み")
    assert waived(secretariat, year) == (["確認した"], [])
    changed = SchemeResult.objects.get(result__contains=WRONG)
    changed.result += "。追記"
    changed.save()
    assert waived(secretariat, year)[0] == []


def test_lapsed_waiver_is_shown_to_its_municipality_and_the_secretariat(
    year, official, other_official, secretariat
):
    rewrite(year, "川崎市の成果", f"川崎市の{WRONG}成果")
    waiver = findings_of(official, year)[0].set_aside(year, reason="確認した", by=official)
    rewrite(year, f"川崎市の{WRONG}成果", "川崎市の成果")
    assert waived(official, year)[1] == [waiver]
    assert waived(secretariat, year)[1] == [waiver]
    assert waived(other_official, year)[1] == []


def test_waiver_of_a_check_that_waits_for_others_has_not_lapsed(year, official, secretariat):
    rewrite(year, "川崎市の成果", f"川崎市の{EVERYWHERE}成果")
    findings_of(secretariat, year)[0].set_aside(year, reason="確認した", by=secretariat)
    assert waived(official, year) == ([], [])


# Excerpts


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("短い文", "短", "短い文"),
        ("短い文", "", "短い文"),
        ("", "", ""),
        ("あ" * 500, "", "あ" * 2 * AROUND + "…"),
        ("あ" * 200 + "誤り" + "い" * 200, "誤り", f"…{'あ' * AROUND}誤り{'い' * AROUND}…"),
    ],
)
def test_excerpt_shows_the_words_with_the_text_around_them(text, words, expected):
    assert excerpt(text, words) == expected
