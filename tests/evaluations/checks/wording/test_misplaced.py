"""Words of the form in a text, one support's words in another's, copies."""

from dataclasses import replace

import pytest

from evaluations.checks import Picture
from evaluations.checks.wording import misplaced
from evaluations.form import contents as c
from tests import factories
from tests.evaluations.checks.pictures import found_by, saying


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("外部要因等特記事項はない。", 0),
        ("外部要因等特記事項", 1),
        ("イ　評価対象年度における税制支援の活用状況と目標達成への寄与", 1),
        ("各年度の目標を記載してください。", 1),
        ("200字以内で記入のこと。", 1),
        ("計画書に記載している。", 0),
    ],
)
def test_words_of_the_form(text, count):
    assert len(found_by(misplaced.words_of_the_form, saying("overall", text))) == count


def test_the_heading_of_an_assessment_in_words_is_the_forms_own():
    in_words = c.Assessment(qualitative="順調である。", alternative="観察の結果による。")
    target = factories.numeric_target(assessment=in_words)
    indicator = c.Indicator(number=1, name="経済効果", targets=(target,))
    picture = Picture(factories.contents(indicators=(indicator,)))
    assert not found_by(misplaced.words_of_the_form, picture)


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("loan", "金融支援を活用した。", []),
        ("loan", "利子補給金を活用し、税制支援も受けた。", []),
        ("loan", "税制支援を活用した。", ["税制支援"]),
        ("tax", "金融支援を活用した。", ["金融支援"]),
        ("tax", "機器を導入した。", []),
    ],
)
def test_words_of_another_support(kind, text, words):
    support = c.NationalSupport(kind=kind, name="事業", outline="開く。", usage=text)
    picture = Picture(factories.contents(national_supports=(support,)))
    assert found_by(misplaced.other_support, picture) == words


@pytest.mark.parametrize(
    ("category", "outline", "count"),
    [
        ("tax", "市税を軽減する。", 0),
        ("tax", "助成金を交付する。", 1),
        ("loan", "企業に出資する。", 0),
        ("loan", "講座を開く。", 1),
        ("fiscal", "講座を開く。", 0),
    ],
)
def test_scheme_in_the_table_of_another_kind(category, outline, count):
    scheme = c.Scheme(category=category, name="事業", outline=outline)
    picture = Picture(factories.contents(schemes=(scheme,)))
    assert len(list(misplaced.other_scheme(picture))) == count


def test_long_text_that_stands_in_two_fields():
    outline = "市内に研究所を設ける企業を認定し、土地と建物に要する費用の一部を助成することで集積を進める。"
    scheme = c.Scheme(category="fiscal", name="条例", outline=outline)
    other = c.Scheme(category="tax", name="条例", outline=outline)

    def records_found(*schemes):
        picture = Picture(factories.contents(schemes=schemes))
        return [finding.source.record for finding in misplaced.copied_texts(picture)]

    assert records_found(scheme, other) == ["scheme/tax/1"]
    assert records_found(scheme, replace(other, outline=outline[:30])) == []
