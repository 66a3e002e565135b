"""Counts against the entries that they count."""

from dataclasses import replace

import pytest

from evaluations.checks import Picture
from evaluations.checks.counts import achievements, lists, parts, schemes, supports
from evaluations.form import contents as c
from tests import factories
from tests.evaluations.checks.changes import with_body
from tests.evaluations.checks.pictures import found_by, saying
from tokku.figures import Figure

KEY, OTHER = c.TargetKey(1, 1), c.TargetKey(2, 1)


def places(check, picture: Picture) -> list[str]:
    return [f"{finding.source.record}/{finding.source.field}" for finding in check(picture)]


# Support by the nation


def supported(entries: dict[str, int], **texts) -> Picture:
    """Entries of each kind, and counts."""
    supports = tuple(
        c.NationalSupport(kind=kind, name=f"事業{n}")
        for kind, count in entries.items()
        for n in range(count)
    )
    return Picture(with_body(factories.contents(national_supports=supports), **texts))


@pytest.mark.parametrize(
    ("kind", "entries", "count", "level"),
    [
        ("tax", 2, 2, None),
        ("tax", 0, 0, None),
        ("tax", 2, 0, "contradicts"),
        ("loan", 0, 1, "contradicts"),
        ("loan", 1, 3, "differs"),
        ("tax", 3, 1, "differs"),
        ("fiscal", 2, 0, "contradicts"),
        ("fiscal", 3, 2, "differs"),
        # Grants other than 調整費 are counted and have no entry.
        ("fiscal", 0, 3, None),
        ("fiscal", 1, 3, None),
        ("tax", 2, None, None),
    ],
)
def test_a_heading_of_5_counts_the_entries_below_it(kind, entries, count, level):
    field = f"{kind}_support_count"
    picture = supported({kind: entries}, **{field: count})
    hiding = replace(picture, hidden=frozenset({"川崎市"}))

    for name, check in (
        ("contradicts", supports.support_count_contradicts),
        ("differs", supports.support_count_differs),
    ):
        assert places(check, picture) == ([f"evaluation/{field}"] if name == level else [])
        assert not places(check, hiding)


def test_a_count_that_was_not_entered_is_found():
    picture = supported({}, fiscal_support_count=0, tax_support_count=None, loan_support_count=2)

    assert places(supports.support_count_missing, picture) == ["evaluation/tax_support_count"]


@pytest.mark.parametrize(
    ("entries", "count", "reason", "is_missing", "is_needless"),
    [
        (0, 0, "", True, False),
        (0, 0, "該当なし", True, False),
        (0, 0, "希望する事業がなかった。", False, False),
        (1, 1, "希望する事業がなかった。", False, True),
        (1, 1, "", False, False),
        (0, 3, "", False, False),
    ],
)
def test_a_reason_stands_where_there_is_nothing(entries, count, reason, is_missing, is_needless):
    picture = supported(
        {"fiscal": entries}, fiscal_support_count=count, no_fiscal_support_reason=reason
    )

    assert bool(places(supports.support_reason_missing, picture)) == is_missing
    assert bool(places(supports.reason_beside_entries, picture)) == is_needless


def test_a_reason_for_no_measures_stands_only_without_any():
    measure = c.Measure(kind="general", name="特例措置")
    elsewhere = replace(measure, kind="feasible")

    def picture_with(measure):
        return saying("no_measures_reason", "必要とする事業がない。", measures=(measure,))

    assert places(supports.reason_beside_entries, picture_with(measure))
    assert not places(supports.reason_beside_entries, picture_with(elsewhere))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("国の支援は、税制支援が３件、利子補給金の新規契約が1件であった。", ["３件"]),
        ("税制支援が2件、金融支援が4件であった。", ["4件"]),
        ("税制支援が2件、利子補給金の新規契約が1件であった。", []),
        ("前年度の税制支援は5件であった。", []),
        ("税制支援の相談が12件あった。", []),
        ("地域独自の税制支援は28件であった。", []),
        ("税制支援は累計で9件である。", []),
    ],
)
def test_counts_in_the_body_are_those_of_5(text, words):
    picture = saying("overall", text)
    counted = with_body(picture.contents, tax_support_count=2, loan_support_count=1)

    assert found_by(supports.support_count_in_text, Picture(counted)) == words
    assert not found_by(supports.support_count_in_text, picture)


# Achievements


def achieving(actual: int, *levels: str, label: str = "成果の件数") -> Picture:
    """An approach to the first of two targets, with achievements of these levels."""
    first = _reached(actual, name="新規事業化件数")
    second = _reached(3, name="国際会議の開催件数")
    approach = c.Approach(
        targets=(KEY,),
        result_label=label,
        achievements=tuple(c.Achievement(level=level, heading="取組") for level in levels),
    )
    return Picture(
        factories.contents(
            indicators=(
                c.Indicator(number=1, name="成果", targets=(first,)),
                c.Indicator(number=2, name="交流", targets=(second,)),
            ),
            approaches=(approach,),
        )
    )


def _reached(actual: int, **values) -> c.NumericTarget:
    target = factories.numeric_target(**values)
    years = tuple(
        replace(year, actual=Figure.of(actual)) if year.year == 2023 else year
        for year in target.years
    )
    return replace(target, years=years)


def serving(picture: Picture, *keys: c.TargetKey) -> Picture:
    [approach] = picture.contents.approaches
    return Picture(replace(picture.contents, approaches=(replace(approach, targets=keys),)))


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("令和5年度の新規事業化件数：６件", ["6件"]),
        ("令和5年度の新規事業化件数：8件", ["8件"]),
        ("令和5年度の新規事業化件数", []),
        ("令和5年度の新規事業化件数：6社", []),
    ],
)
def test_a_result_line_that_ends_in_a_count_of_its_own_is_found(label, words):
    assert found_by(achievements.result_line, achieving(8, label=label)) == words


def test_of_several_targets_the_result_line_counts_the_one_it_names():
    def picture_with_count(count):
        return serving(achieving(8, label=f"新規事業化件数：{count}件"), KEY, OTHER)

    assert found_by(achievements.result_line, picture_with_count(6)) == ["6件"]
    assert not found_by(achievements.result_line, picture_with_count(8))


@pytest.mark.parametrize(
    ("actual", "levels", "label", "is_found"),
    [
        (6, ["main"] * 4, "成果", True),
        (6, ["main"] * 7, "成果", True),
        (6, ["main"] * 6, "成果", False),
        (6, ["main"] * 4, "主な成果", False),
        (6, ["main"], "成果", False),
        (64, ["main"] * 4, "成果", False),
        (4, ["main", *["sub"] * 3], "成果", True),
        (3, ["main", *["sub"] * 3], "成果", False),
        (2, ["main", "sub", "main"], "成果", False),
    ],
)
def test_achievements_listed_one_by_one_are_as_many_as_the_actual(actual, levels, label, is_found):
    picture = achieving(actual, *levels, label=label)

    assert bool(places(achievements.achievements_listed, picture)) == is_found
    hiding = replace(picture, hidden=frozenset({"川崎市"}))
    assert not places(achievements.achievements_listed, hiding)


# Schemes


def running(*results: str, text: str = "") -> Picture:
    """Schemes of 神奈川県, two of them by way of tax, and a text in 6."""
    schemes = tuple(
        c.Scheme(
            category="fiscal" if n else "tax",
            name=f"制度{n}",
            municipalities=("神奈川県",),
            result=result,
        )
        for n, result in enumerate(results)
    )
    regional_text = c.RegionalText(kind="narrative", text=text or "支援した。")
    return Picture(factories.contents(schemes=schemes, regional_texts=(regional_text,)))


def test_a_scheme_without_result_is_found():
    picture = running("3件", "", "—", "実績はなかった。", "0件")

    assert places(schemes.scheme_result_missing, picture) == [
        "scheme/fiscal/1/result",
        "scheme/fiscal/2/result",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("別紙３に掲げる支援措置は、合わせて６件である。", ["６件"]),
        ("別紙3のとおり、6の事業を実施した。", ["6の事業"]),
        ("別紙3に掲げる支援措置は5件である。", []),
        ("別紙3の財政支援の制度は4件である。", []),
        ("別紙3に掲げる事業のうち3件を拡充した。", []),
        ("別紙3のとおり、10件のテーマを採択した。", []),
        ("支援措置は6件である。", []),
    ],
)
def test_a_text_counts_the_schemes_of_annex_3(text, words):
    assert found_by(schemes.schemes_counted, running(*["3件"] * 5, text=text)) == words


# Parts of the form, and municipalities


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("３つの評価指標を設けた。", ["３つの評価指標"]),
        ("二つの評価指標を設けた。", []),
        ("4つの数値目標を掲げる。", ["4つの数値目標"]),
        ("3つの数値目標を掲げる。", []),
        ("評価指標（1）の1つの数値目標は、産業の集積を表す。", ["1つの数値目標"]),
        ("評価指標（1）の2つの数値目標は、産業の集積を表す。", []),
        ("5つの数値目標で目標を達成した。", []),
        ("5つの解決策に取り組む。", ["5つの解決策"]),
        ("12の数値目標", ["12の数値目標"]),
    ],
)
def test_indicators_targets_and_approaches_are_counted(text, words):
    with_two_targets, with_one_target = [
        c.Indicator(
            number=number,
            name="指標",
            targets=tuple(factories.numeric_target(n) for n in range(1, count + 1)),
        )
        for number, count in ((1, 2), (2, 1))
    ]
    picture = saying(
        "overall", text, indicators=(with_two_targets, with_one_target), approaches=(c.Approach(),)
    )

    assert found_by(parts.parts_counted, picture) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("２県市が連携した。", ["２県市"]),
        ("四県市が連携した。", ["四県市"]),
        ("3県市が連携した。", []),
        ("三県市が連携した。", []),
        ("神奈川県及び横浜市の2県市で開いた。", []),
        ("3県市のうち2県市で開いた。", []),
    ],
)
def test_municipalities_are_counted(text, words):
    assert found_by(parts.municipalities_counted, saying("overall", text)) == words


# Lists in a text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("次の４つである。\n①人材の支援\n②設備の支援\n③資金の支援", ["４つ"]),
        ("次の3つである。\n①人材の支援\n②設備の支援\n③資金の支援", []),
        ("柱は、以下の2点、すなわち（1）人材、（2）設備、（3）資金である。", ["2点"]),
        ("3つの柱である(1)人材、(2)設備に取り組む。", ["3つ"]),
        ("次の2つである。\n(1)人材 ①大学、②企業、③病院\n(2)設備", []),
        ("次の4つの国と交流した。", []),
        ("4つの国と交流した。取組の柱は、今年度も、これまでと同じく、①人材、②設備である。", []),
    ],
)
def test_as_many_items_follow_as_are_announced(text, words):
    assert found_by(lists.items_announced, saying("overall", text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("①人材、②設備、④資金を支える。", ["④"]),
        ("（1）人材、（3）設備を支える。", ["（3）"]),
        ("(1)人材、(2)設備、(2)資金を支える。", ["(2)"]),
        ("①人材、②設備、③資金を支える。", []),
        ("(1)人材、(2)設備である。このうち(1)は終えた。", []),
        ("評価指標（1）と評価指標（3）を見直した。", []),
        ("評価指標の進捗度は、（1）が129%、（3）が107%である。", []),
        ("①人材、②設備を支える。\n①大学、②企業と組む。", []),
    ],
)
def test_the_numbers_of_a_list_go_up_by_one(text, words):
    assert found_by(lists.numbering, saying("overall", text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("米国、ドイツ及びスペインの２か国と交流した。", ["２か国"]),
        ("米国、ドイツ及びスペインの3か国と交流した。", []),
        ("今後、米国及びドイツの2か国と交流する。", []),
        ("令和5年度は、投資、企業及び人材の4つを柱とした。", ["4つ"]),
        ("米国及びドイツの5社が進出した。", []),
        ("青葉病院及び若葉病院の3病院で始めた。", ["3病院"]),
        ("柱は、企業の投資、人材及び資金の3つである。", []),
        ("また、企業、人材及び資金の２つを柱とした。", ["２つ"]),
        ("人材の育成及び設備の2つを柱とした。", []),
        ("医療機器、医薬品等の3つを対象とした。", []),
    ],
)
def test_names_are_as_many_as_are_counted(text, words):
    assert found_by(lists.names_counted, saying("overall", text)) == words
