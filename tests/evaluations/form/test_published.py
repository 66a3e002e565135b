"""The product's main job on a real, published evaluation: nothing lost, nothing made up."""

import unicodedata
from dataclasses import dataclass

import pytest
from django.core.management import call_command

from evaluations.form import compose
from evaluations.form.contents import number_of
from evaluations.models import (
    Achievement,
    Actual,
    Approach,
    Evaluation,
    Indicator,
    NumericTarget,
    YearlyTarget,
)
from evaluations.records.importing import import_file
from evaluations.records.load import load
from supports.models import NationalSupport, RegulatoryMeasure, SchemeResult
from tests import factories, published
from tokku.document import text

pytestmark = [published.needed, pytest.mark.django_db]


@dataclass
class Target:
    """A row of FORM.md's table of published figures."""

    key: tuple[int, int]
    name: str
    unit: str
    total: int
    targets: tuple[int, ...]
    actuals: tuple[int, int]
    progress: tuple[int, int]
    weight: int | None = None


TARGETS = [
    Target((1, 1), "特区関連事業による投資額", "億円", 580, (116,) * 5, (216, 168), (186, 145), 33),
    Target(
        (1, 2),
        "特区関連事業の進出企業及び機関数",
        "者",
        50,
        (6, 8, 12, 12, 12),
        (8, 8),
        (133, 100),
        33,
    ),
    Target(
        (1, 3),
        "特区関連事業の研修等の参加者数",
        "人",
        245_000,
        (49_000,) * 5,
        (83_442, 70_203),
        (170, 143),
        33,
    ),
    Target(
        (2, 1),
        "個別化・予防医療及び未病改善などを実現するためのデータサイエンスの活用等に取り組む事業数",
        "件",
        30,
        (6,) * 5,
        (6, 6),
        (100, 100),
    ),
    Target((3, 1), "国際共同治験件数", "件", 300, (60,) * 5, (61, 64), (102, 107)),
    Target(
        (4, 1),
        "医薬品・医療機器・再生医療等製品・ヘルスケア製品等の新規事業化件数",
        "件",
        50,
        (10,) * 5,
        (6, 8),
        (60, 80),
    ),
]
INDICATORS = {1: 129, 2: 100, 3: 107, 4: 80}

MARKED_LIST = "list marks (- ・)"
COPIED_HEADING = (
    "a wrong heading of the original: 5③ prints 金融支援 (FORM 5), reported when it is read"
)
SHIFTED_COLUMNS = "columns of 別紙1 shifted: the cell of the indicator stands five rows too low"
DASH = "－ ー - between (1) and ①"
CHECK_BOX = '<input type="checkbox"/> for □'

INDICATOR_1 = "評価指標(1)特区事業の実施によるライフイノベーション分野における経済効果"

# The words before, the published and the exported words, and the reason. In the order of the document.
DIFFERENCES = [
    ("国際戦略総合特区4.5点", "-・", "・", MARKED_LIST),
    ("データサイエンス人材育成の更なる取組に期待したい。", "-・", "・", MARKED_LIST),
    ("十分な実績をあげていると思われる。", "-・", "・", MARKED_LIST),
    (
        "再生医療等製品の研究開発促進を目指す。イ評価対象年度における",
        "税制支援",
        "金融支援",
        COPIED_HEADING,
    ),
    ("令和8年度", "数値目標(1)-1", INDICATOR_1 + "数値目標(1)-1", SHIFTED_COLUMNS),
    ("代替指標又は定性的な評価を用いる場合", INDICATOR_1, "", SHIFTED_COLUMNS),
    ("令和8年度", "数値目標(1)ー2", INDICATOR_1 + "数値目標(1)-2", f"{SHIFTED_COLUMNS}; {DASH}"),
    ("代替指標又は定性的な評価を用いる場合", INDICATOR_1, "", SHIFTED_COLUMNS),
    (
        "規制所管府省名:",
        '<inputtype="checkbox"/>特例措置の効果が認められる',
        "□特例措置の効果が認められる",
        CHECK_BOX,
    ),
    (
        "",
        '<inputtype="checkbox"/>特例措置の効果が認められない',
        "□特例措置の効果が認められない",
        CHECK_BOX,
    ),
    ("⇒", '<inputtype="checkbox"/>要件の見直し', "□要件の見直し", CHECK_BOX),
    ("の必要性あり", '<inputtype="checkbox"/>その他', "□その他", CHECK_BOX),
]


def words(content: str) -> str:
    """The text with NFKC and without any white space."""
    return "".join(unicodedata.normalize("NFKC", content).split())


@pytest.fixture
def imported(three_governments):
    return import_file(published.PATH, "keihin")


@pytest.fixture
def three_governments():
    """The municipalities of the zone. A migration registers them, but tests with a live server empty all tables."""
    for name in ("神奈川県", "横浜市", "川崎市"):
        factories.municipality(name)


def test_every_row_of_the_published_evaluation_is_imported(imported):
    schemes = SchemeResult.objects.values_list("category", flat=True)

    assert Indicator.objects.count() == 4
    assert NumericTarget.objects.count() == 6
    assert Actual.objects.count() == 12
    assert RegulatoryMeasure.objects.filter(kind="feasible").count() == 11
    assert RegulatoryMeasure.objects.exclude(kind="feasible").count() == 0
    assert {kind: list(schemes).count(kind) for kind in set(schemes)} == {
        "fiscal": 12,
        "tax": 1,
        "loan": 3,
        "other_rules": 9,
    }
    assert NationalSupport.objects.filter(kind="tax").count() == 2
    assert NationalSupport.objects.filter(kind="loan").count() == 1
    assert NationalSupport.objects.count() == 3
    assert Approach.objects.count() == 3
    assert Achievement.objects.filter(level="main").count() == 9
    assert Achievement.objects.filter(level="sub").count() == 2


def test_nothing_is_unplaced_and_what_is_doubtful_is_reported_with_its_line(imported):
    assert imported.unplaced == []
    assert imported.changes.notices == ["様式に計画の期がないため、第3期計画として登録しました。"]
    assert [str(notice) for notice in imported.notices] == [
        "252行目：見出しの「税制支援」は「金融支援」の誤りとして読み取りました。",
        "341行目：別紙1に令和8年度の目標値がありません。空のままにします。",
    ]


@pytest.mark.parametrize("case", TARGETS, ids=lambda case: case.name)
def test_figures_are_those_of_the_published_table(imported, case):
    contents = load(imported.evaluation)
    target = contents.target(case.key)

    assert (target.name, target.unit, target.total.number, target.weight) == (
        case.name,
        case.unit,
        case.total,
        case.weight,
    )
    expected = list(case.targets)
    if case.key == (3, 1):
        expected[-1] = None  # lost in the conversion, and reported
    assert [number_of(figures.target) for figures in target.years] == expected
    assert [number_of(figures.actual) for figures in target.years] == [
        *case.actuals,
        None,
        None,
        None,
    ]
    assert [target.progress(year) for year in (2022, 2023)] == list(case.progress)


def test_indicators_have_the_published_progress(imported):
    contents = load(imported.evaluation)
    assert {
        indicator.number: indicator.progress(2023) for indicator in contents.indicators
    } == INDICATORS


def test_a_target_lost_in_conversion_stays_blank(imported):
    yearly_targets = YearlyTarget.objects.filter(target__indicator__number=3)
    assert not yearly_targets.filter(fiscal_year=2026, value__isnull=False).exists()
    assert yearly_targets.filter(value=60).count() == 4


def test_the_export_differs_from_the_published_text_in_the_listed_places_only(imported):
    expected, rest = "", words(published.PATH.read_text(encoding="utf-8"))
    for before, published_words, exported_words, _reason in DIFFERENCES:
        before, published_words, exported_words = map(
            words, (before, published_words, exported_words)
        )
        head, matched, rest = rest.partition(before + published_words)
        assert matched, f"not in the published text any more: {before}{published_words}"
        expected += head + before + exported_words
    expected += rest

    assert words(text.write(compose(load(imported.evaluation)))) == expected


def test_importing_twice_changes_nothing_the_second_time(imported):
    again = import_file(published.PATH, "keihin")

    assert not again.changes
    assert all(row.history.count() == 1 for row in Actual.objects.all())
    assert all(row.revision == 1 for row in Achievement.objects.all())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_files_of_windows_read_the_same(imported, encoding, tmp_path):
    # CP932 has neither ® nor this dash.
    content = published.PATH.read_text(encoding="utf-8").translate(
        {ord("®"): "（R）", ord("—"): "―"}
    )
    path = tmp_path / "windows.txt"
    path.write_text(content, encoding=encoding, errors="strict", newline="\r\n")
    reference = tmp_path / "reference.txt"
    reference.write_text(content, encoding="utf-8")

    import_file(reference, "keihin")

    assert not import_file(path, "keihin").changes


@pytest.mark.parametrize("format", ["text", "json"])
def test_export_import_export_is_the_same_to_the_byte(imported, format, tmp_path):
    first, second = (tmp_path / f"{name}.{format}" for name in ("first", "second"))
    call_command("export_evaluation", "keihin", 2023, format=format, output=first)
    contents = load(imported.evaluation)
    delete_everything()

    import_file(first, "keihin")
    call_command("export_evaluation", "keihin", 2023, format=format, output=second)

    assert second.read_bytes() == first.read_bytes()
    assert load(Evaluation.objects.get()) == contents


def delete_everything():
    evaluation = Evaluation.objects.get()
    zone, plan = evaluation.zone, evaluation.plan
    evaluation.delete()
    zone.scheme_set.all().delete()
    plan.delete()
    zone.delete()
