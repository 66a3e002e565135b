"""What the checks find in the published evaluation of fiscal 2023, each read and judged by hand.

A finding is real where its author, shown it, would change the text or look it up; false where nothing is amiss
in the place that it points to. A check that finds more, less or elsewhere fails here: read it, judge it, list it.
"""

import pytest

from evaluations.checks import Level, findings
from evaluations.inspection import inspect
from evaluations.permissions import Access
from evaluations.records.importing import import_file
from tests import factories, published
from tests.evaluations.checks.pictures import of_published, of_sample

REAL, FALSE = True, False
MOST_FALSE = 0.1

# The check, where it points, and the words it means: the verdict and why.
JUDGED = {
    ("figures.weights_unexplained", "evaluation/weight_rationale", "該当なし"): (
        REAL,
        "Weights are printed in 3①, and 3② says that there is nothing to explain.",
    ),
    ("counts.achievements_listed", "approach/1/result_label", ""): (
        REAL,
        "Six projects are counted and four described, without a word that these are examples.",
    ),
    ("counts.achievements_listed", "approach/3/result_label", ""): (
        REAL,
        "Eight products are counted and four described, without a word that these are examples.",
    ),
    ("names.misspelt_names", "approach/2/result_label", "国際共同治験数"): (
        REAL,
        "The numeric target (3) is called 国際共同治験件数.",
    ),
    ("names.misspelt_words", "approach/2/result_label", "早期実現化"): (
        REAL,
        "The approach that the line belongs to speaks of 早期実用化.",
    ),
    ("names.organisations", "achievement/2/3/heading", "横浜市立大学病院"): (
        REAL,
        "別紙1 has the hospital's name, 横浜市立大学附属病院.",
    ),
    ("periods.events_before_the_year", "national_support/tax/1/usage", "令和4年4月"): (
        REAL,
        "A device of the fiscal year before, told as this year's use of the tax relief.",
    ),
    ("statements.likely_scheme_result", "regional_text/narrative/1/text", "8件"): (
        FALSE,
        "No row of 別紙3 has 8, but the row that it names is a loan, and the text speaks of grants.",
    ),
    ("statements.likely_scheme_result", "regional_text/narrative/1/text", "10件"): (
        REAL,
        "The row of the same grant in 別紙3 has 9.",
    ),
    ("wording.particles_twice", "regional_text/narrative/1/text", "イスをを行い"): (
        REAL,
        "A particle typed twice.",
    ),
    ("names.zone_kind", "assessment/1-1/target_basis", "国際戦略特区"): (
        REAL,
        "There is no such kind of zone; this one is a 国際戦略総合特区.",
    ),
    ("names.zone_kind", "assessment/1-2/target_basis", "国際戦略特区"): (
        REAL,
        "The same passage, copied.",
    ),
    ("figures.jump_unmentioned", "assessment/1-1/self_assessment", ""): (
        REAL,
        "48億円 less than the year before, and the text compares with the target alone.",
    ),
    ("names.misspelt_words", "assessment/1-3/strategy", "パシフィック横浜"): (
        REAL,
        "The hall is called パシフィコ横浜.",
    ),
    ("names.misspelt_words", "scheme/other_rules/1/result", "パシフィコ横浜"): (
        FALSE,
        "The right one of the two; each is named once, so that nothing tells which it is.",
    ),
    ("statements.change_way", "assessment/1-3/self_assessment", "前年度に比べて増加した"): (
        REAL,
        "The actual fell from 83,442 to 70,203; that companies' participants increased is said of no figure.",
    ),
    ("figures.targets_missing", "target/3-1/2026/target", ""): (
        REAL,
        "The last year of the plan has no target, and the total cannot be checked.",
    ),
    ("names.abbreviations_of_two", "assessment/3-1/self_assessment", "治験審査委員会(IRB)"): (
        REAL,
        "IRB is introduced for a committee of another name elsewhere.",
    ),
    **{
        ("names.misspelt_words", f"scheme/fiscal/{number}/outline", "中小事業"): (
            REAL,
            "大企業 and 中小事業 stand side by side where the rest of the row has 中小企業.",
        )
        for number in range(1, 5)
    },
    ("wording.counters", "scheme/fiscal/4/outline", "6ヶ月"): (
        REAL,
        "か国 and か月 elsewhere: official writing uses か. Twice in the row.",
    ),
    ("names.latin_names", "scheme/fiscal/5/name", "LIP. 横浜"): (
        REAL,
        "LIP.横浜 elsewhere.",
    ),
    ("wording.spellings", "scheme/fiscal/5/outline", "繋が"): (
        REAL,
        "つなが elsewhere; 繋 is not among the characters of official writing.",
    ),
    ("wording.copied_texts", "scheme/tax/1/outline", ""): (
        REAL,
        "The outline of the grant, word for word, in the row of the tax relief.",
    ),
    ("wording.other_scheme", "scheme/tax/1/outline", ""): (
        REAL,
        "A row of tax relief whose outline speaks of grants alone.",
    ),
    (
        "names.zone_name",
        "scheme/other_rules/2/name",
        "京浜臨海部ライフィノベーション国際戦略総合特区",
    ): (
        REAL,
        "ィ for イ in the zone's name.",
    ),
    ("names.misspelt_words", "scheme/other_rules/2/outline", "ライフィノベーション"): (
        REAL,
        "ィ for イ.",
    ),
    ("names.misspelt_words", "scheme/other_rules/3/outline", "ライフィノベーション"): (
        REAL,
        "ィ for イ.",
    ),
    ("wording.brackets", "scheme/other_rules/5/result", "on」を開"): (
        REAL,
        "A quotation mark that closes what none has opened.",
    ),
    ("names.latin_names", "scheme/other_rules/9/result", "BioCOM"): (
        REAL,
        "BioCom elsewhere.",
    ),
}


def identity(finding):
    record = f"{finding.source.record}/{finding.source.field}"
    return finding.check.name, record, finding.words


@published.needed
def test_every_finding_in_the_published_evaluation_is_judged():
    published_findings = findings(of_published())
    identities = [identity(finding) for finding in published_findings]
    assert set(identities) == JUDGED.keys()
    false_findings = [finding for finding in identities if JUDGED[finding][0] is FALSE]
    assert len(false_findings) <= MOST_FALSE * len(identities)
    print(f"{len(identities)} findings, {len(identities) - len(false_findings)} of them real")


@published.needed
def test_what_keeps_the_published_evaluation_from_being_sealed_is_real():
    blocking = [finding for finding in findings(of_published()) if finding.level is Level.BLOCKING]
    assert [finding.words for finding in blocking] == [
        "京浜臨海部ライフィノベーション国際戦略総合特区"
    ]


@pytest.mark.parametrize("year", [2022, 2023])
def test_sound_evaluation_has_no_findings(year):
    assert findings(of_sample(year)) == []


@published.needed
def test_import_into_an_empty_site_finds_the_same(secretariat):
    for name in ("神奈川県", "横浜市", "川崎市"):
        factories.municipality(name)
    evaluation = import_file(published.PATH, "keihin").evaluation
    factories.join_zones()
    imported_findings = [
        inspected.finding for inspected in inspect(Access(secretariat, evaluation)).findings
    ]
    assert {identity(inspected) for inspected in imported_findings} == JUDGED.keys()
