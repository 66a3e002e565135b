"""Evaluations of any shape: any number of municipalities, indicators, targets, years and rows."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from evaluations.catalogue import part4_measures, part5_national, part6_regional
from evaluations.form import contents as c
from evaluations.progress import Formula
from tests.factories import CODES
from tokku.document.tree import clean_line, clean_lines
from tokku.figures import AT_LEAST, AT_MOST, NOT_SURVEYED, NOT_YET, PRELIMINARY, Figure
from tokku.japanese import fold

# Words of officials, and words that could be taken for structure of the form or of a file format.
PIECES = [
    "令和5年度", "該当なし", "○", "・", "①", "１，２３４", "評価指標（1）：", "数値目標（1）－①：",
    "7 総合評価", "【進捗度 129%】", "【具体的な取組・成果】", "《定性的評価》", "ア 事業の概要", "②-1 ", "：", "6件",
    "解決策2", "　", " ", "㈱", "㎡", "<b>&amp;", "目標値", "実績値", "別紙1", "※", "□", "■", "⇒", "ー", "—", "、", "。",
    "企業", "誘致", "研究", "🗾", "が\u3099", "#", "* x", "- y", "「", "」",
]  # fmt: skip

# Two pieces suffice to collide with any structure, and leave Hypothesis room for many rows.
words = st.tuples(st.sampled_from(PIECES), st.sampled_from(PIECES)).map(
    lambda pair: clean_line("".join(pair)) or "文"
)
# 該当なし for a name prints as no row at all; records refuse it.
names = words.map(lambda text: "名称" if text == "該当なし" else text)
written = st.lists(words, min_size=1, max_size=2).map("\n".join).map(clean_lines)
prose = st.just("") | written
units = st.sampled_from(["件", "億円", "者", "人", "万人", "%", "㎡", "百万円", "t-CO2", "人／日"])
scores = st.none() | st.sampled_from(
    [
        "0",
        "4",
        "4.0",
        "4.1",
        "3.95",
        "4.50",
        "87.5",
        "100",
        "Ａ",
        "A",
        "ＡＡ",
        "Ａ+",
        "B－",
        "s",
        "優",
        "不可",
    ]
)


def numbers(decimals: int) -> st.SearchStrategy[Decimal]:
    return st.integers(-(10**6), 10**11 - 1).map(lambda n: Decimal(n).scaleb(-decimals))


@st.composite
def figures(draw, decimals: int) -> Figure:
    """A number with at most so many decimals, and what may be said of it."""
    return replace(
        Figure.of(draw(numbers(draw(st.integers(0, decimals))))),
        about=draw(st.booleans()),
        bound=draw(st.sampled_from(["", AT_LEAST, AT_MOST])),
        status=draw(st.sampled_from(["", *PRELIMINARY])),
        mark=draw(st.sampled_from(["", "※", "※1", "注2", "(注)"])),
    )


answers = st.builds(
    Figure,
    answer=st.sampled_from([*NOT_YET, *NOT_SURVEYED]),
    until=st.sampled_from(["", "令和7年12月", "公表され次第"]),
)


@st.composite
def year_figures(draw, year: int, fiscal_year: int, value) -> c.YearFigures:
    """The figures of a year; those of an earlier one may have been corrected."""
    actual = draw(st.none() | value | answers) if year <= fiscal_year else None
    before = None
    if actual is not None and year < fiscal_year:
        before = draw(st.none() | (value | answers).filter(lambda other: other != actual))
    return c.YearFigures(year=year, target=draw(st.none() | value), actual=actual, before=before)


@st.composite
def numeric_targets(draw, number: int, years: range, fiscal_year: int) -> c.NumericTarget:
    decimals = draw(st.integers(0, 3))
    value = figures(decimals)
    level = draw(st.booleans())
    baseline = draw(st.none() | value) if level else None
    return c.NumericTarget(
        number=number,
        name=draw(names),
        unit=draw(units),
        total=draw(value),
        nature="level" if level else "flow",
        total_in_man=not level and draw(st.booleans()),
        decimals=decimals,
        weight=draw(st.none() | st.decimals(0, 100, places=2)),
        baseline=baseline,
        baseline_year=None if baseline is None else draw(st.integers(1990, 2030)),
        goal_year=draw(st.none() | st.integers(1990, 2030).filter(lambda year: year != years[-1]))
        if level
        else None,
        formula=draw(st.sampled_from([Formula.RATIO.value, Formula.LESS_IS_BETTER.value])),
        aggregation="once",
        years=tuple(draw(year_figures(year, fiscal_year, value)) for year in years),
        assessment=c.Assessment(**{name: draw(prose) for name in texts_of(c.Assessment)}),
    )


def texts_of(kind: type) -> list[str]:
    """The names of the text fields of a class of contents that the form prints."""
    return [f.name for f in fields(kind) if f.type is str and f.metadata.get("printed", True)]


@st.composite
def indicators(draw, number: int, years: range, fiscal_year: int) -> c.Indicator:
    numbers = range(1, draw(st.integers(1, 2)) + 1)
    targets = tuple(draw(numeric_targets(n, years, fiscal_year)) for n in numbers)
    return c.Indicator(number=number, name=draw(names), targets=targets)


@st.composite
def contents(draw) -> c.Contents:
    first = draw(st.integers(2015, 2025))
    plan = c.Plan(
        first_year=first,
        last_year=first + draw(st.integers(0, 5)),
        overview=draw(prose),
        goal=draw(prose),
    )
    fiscal_year = draw(st.sampled_from(plan.years))
    all_indicators = tuple(
        draw(indicators(n, plan.years, fiscal_year)) for n in range(1, draw(st.integers(1, 2)) + 1)
    )
    keys = [c.TargetKey(i.number, t.number) for i in all_indicators for t in i.targets]
    some_keys = st.lists(st.sampled_from(keys), unique=True, max_size=3).map(sorted).map(tuple)
    relations = st.one_of(
        st.just(c.Relation(all_targets=True)), some_keys.map(lambda k: c.Relation(targets=k))
    )
    municipalities = tuple(
        draw(st.lists(st.sampled_from(list(CODES)), unique=True, min_size=1, max_size=4))
    )
    maybe_municipality = st.none() | st.sampled_from(municipalities)
    rows = st.sampled_from([0, 0, 1, 2])

    def many(kinds, draw_row):
        return tuple(draw_row(kind) for kind in kinds for _ in range(draw(rows)))

    def measure(kind: str) -> c.Measure:
        candidates = {
            "details": draw(prose),
            "relation": draw(relations),
            "used": draw(st.sampled_from([None, True, False])),
            # A lone dash of any kind prints, and reads, as no note.
            "note": draw(prose.map(lambda text: "" if fold(text) == "-" else text)),
            "ministry": draw(st.sampled_from(["", "厚生労働省", "経済産業省、環境省"])),
            "ministry_effect": draw(st.sampled_from(["", "recognised", "not_recognised"])),
            "ministry_follow_up": draw(st.sampled_from(["", "review", "other"])),
            "ministry_remarks": draw(prose),
        }
        printed = c.Measure(kind=kind, name="x").printed_fields
        return c.Measure(
            kind=kind,
            name=draw(names),
            **{name: value for name, value in candidates.items() if name in printed},
        )

    def achievement(level: str) -> c.Achievement:
        return c.Achievement(
            level=level,
            heading=draw(names),
            text=draw(prose),
            municipality=draw(maybe_municipality),
        )

    return c.Contents(
        fiscal_year=fiscal_year,
        zone=c.Zone(
            kind=draw(st.sampled_from(["international", "regional"])),
            name=draw(names),
            designated_on=draw(st.dates(date(1995, 1, 1), date(2012, 12, 31))),
            certified_on=draw(st.dates(date(2013, 1, 1), date(2019, 4, 30))),
            last_certified_on=draw(st.none() | st.dates(date(2019, 5, 1), date(2040, 1, 1))),
            municipalities=municipalities,
        ),
        plan=plan,
        texts=c.EvaluationTexts(
            previous_score=draw(scores),
            fiscal_support_count=draw(st.none() | st.integers(0, 300)),
            tax_support_count=draw(st.none() | st.integers(0, 300)),
            loan_support_count=draw(st.none() | st.integers(0, 300)),
            **{name: draw(prose) for name in texts_of(c.EvaluationTexts)},
        ),
        indicators=all_indicators,
        approaches=tuple(
            c.Approach(
                targets=draw(some_keys),
                narrative=draw(prose),
                result_label=draw(st.just("") | words),
                achievements=tuple(
                    achievement(draw(st.sampled_from(["main", "sub"]))) for _ in range(draw(rows))
                ),
            )
            for _ in range(draw(rows))
        ),
        measures=many(list(part4_measures.KINDS), measure),
        national_supports=many(
            list(part5_national.KINDS),
            lambda kind: c.NationalSupport(
                kind=kind,
                name=draw(names),
                outline=draw(prose),
                usage=draw(prose),
                municipality=draw(maybe_municipality),
            ),
        ),
        schemes=many(
            list(part6_regional.TABLES),
            lambda category: c.Scheme(
                category=category,
                name=draw(names),
                # In the order of the zone, as records give them.
                municipalities=tuple(name for name in municipalities if draw(st.booleans())),
                outline=draw(prose),
                relation=draw(relations),
                result=draw(prose),
            ),
        ),
        regional_texts=many(
            ["narrative", "organisation", "private"],
            lambda kind: c.RegionalText(
                kind=kind, text=draw(written), municipality=draw(maybe_municipality)
            ),
        ),
    )


def as_stated(contents):
    """The contents without what follows from their figures."""
    return replace(
        contents,
        indicators=tuple(
            replace(
                indicator,
                targets=tuple(
                    replace(
                        target,
                        formula="ratio",
                        nature="level" if target.nature == "level" else "flow",
                    )
                    for target in indicator.targets
                ),
            )
            for indicator in contents.indicators
        ),
    )
