"""Errors of figures, one at a random place of a sound evaluation each."""

from decimal import Decimal
from random import Random

from evaluations.form.contents import Contents
from evaluations.form.printed_figures import figure, percent
from evaluations.keys import TargetKey
from tests.evaluations.checks.changes import (
    Changed,
    figures_of,
    keys,
    with_actuals,
    with_assessment,
    with_body,
    with_target,
    with_year,
)
from tokku.document.tree import Source
from tokku.figures import Figure


def total_off(contents: Contents, random: Random) -> Changed:
    key = random.choice(keys(contents))
    target = contents.target(key)
    offset = random.choice([-1, 1]) * random.choice(target.years).target.number
    total = Figure.of(target.total.number + offset)
    return with_target(contents, key, total=total), Source(f"target/{key}", "total")


def yearly_target_off(contents: Contents, random: Random) -> Changed:
    key = random.choice(keys(contents))
    year = random.choice(contents.target(key).years)
    changed = Figure.of(year.target.number + random.choice([-1, 1, 10]))
    source = Source(f"target/{key}/{year.year}", "target")
    return with_year(contents, key, year.year, target=changed), source


def yearly_target_missing(contents: Contents, random: Random) -> Changed:
    key = random.choice(keys(contents))
    year = random.choice(contents.target(key).years).year
    return with_year(contents, key, year, target=None), Source(f"target/{key}/{year}", "target")


def weight_off(contents: Contents, random: Random) -> Changed:
    key = random.choice(_weighted(contents))
    weight = Decimal(random.choice([3, 13, 23, 30, 43, 50, 66]))
    return with_target(contents, key, weight=weight), Source(f"target/{key}", "weight")


def weight_missing(contents: Contents, random: Random) -> Changed:
    key = random.choice(_weighted(contents))
    return with_target(contents, key, weight=None), Source(f"target/{key}", "weight")


def weights_missing(contents: Contents, random: Random) -> Changed:
    weighted = _weighted(contents)
    for key in weighted:
        contents = with_target(contents, key, weight=None)
    return contents, Source(f"target/{weighted[0]}", "weight")


def weights_unexplained(contents: Contents, random: Random) -> Changed:
    text = random.choice(["", "該当なし"])
    return with_body(contents, weight_rationale=text), Source("evaluation", "weight_rationale")


def weight_explained_otherwise(contents: Contents, random: Random) -> Changed:
    text = contents.texts.weight_rationale
    changed = text.replace("33%", random.choice(["30%", "35%", "３４％", "50%"]))
    return with_body(contents, weight_rationale=changed), Source("evaluation", "weight_rationale")


def actual_missing(contents: Contents, random: Random) -> Changed:
    key, year = random.choice(keys(contents)), contents.fiscal_year
    shares = list(figures_of(contents, key, year).by_municipality)
    place = random.randrange(len(shares))
    shares[place] = (shares[place][0], None)
    changed = with_year(contents, key, year, actual=None, by_municipality=tuple(shares))
    return changed, Source(f"target/{key}/{year}", "actual")


def municipality_off(contents: Contents, random: Random) -> Changed:
    """Another figure of one municipality, so that the zone's is no longer the sum."""
    key, year = random.choice(keys(contents)), random.choice(_past(contents))
    shares = list(figures_of(contents, key, year).by_municipality)
    place = random.randrange(len(shares))
    name, value = shares[place]
    shares[place] = (name, Figure.of(value.number + random.randint(1, 9)))
    changed = with_year(contents, key, year, by_municipality=tuple(shares))
    return changed, Source(f"target/{key}/{year}", "actual")


def earlier_actual_off(contents: Contents, random: Random) -> Changed:
    """Another actual of last year than its evaluation printed, of the municipalities and the zone."""
    key, year = random.choice(keys(contents)), contents.fiscal_year - 1
    return (
        with_actuals(contents, key, year, lambda value: value + 1),
        Source(f"target/{key}/{year}", "actual"),
    )


def digit_too_many(contents: Contents, random: Random) -> Changed:
    key, year = random.choice(keys(contents)), contents.fiscal_year
    return (
        with_actuals(contents, key, year, lambda value: value * 10),
        Source(f"target/{key}/{year}", "actual"),
    )


def breakdown_off(contents: Contents, random: Random) -> Changed:
    key, year = random.choice(keys(contents)), contents.fiscal_year
    target = contents.target(key)
    shares = dict(figures_of(contents, key, year).by_municipality)
    name = random.choice(list(shares))
    shares[name] = Figure.of(shares[name].number + random.randint(1, 9))
    parts = "、".join(name + figure(value, target) for name, value in shares.items())
    text = f"{target.assessment.self_assessment}\n自治体別の内訳は、{parts}である。"
    source = Source(f"assessment/{key}", "self_assessment")
    return with_assessment(contents, key, self_assessment=text), source


def delay_unexplained(contents: Contents, random: Random) -> Changed:
    """A target that was missed, in a self-assessment that only says so."""
    key, year = random.choice(keys(contents)), contents.fiscal_year
    aim = figures_of(contents, key, year).target
    actual = Figure.of(int(aim.number * random.randint(50, 90) / 100))
    shares = tuple(
        (name, actual if place == 0 else Figure.of(0))
        for place, name in enumerate(contents.zone.municipalities)
    )
    contents = with_year(contents, key, year, actual=actual, by_municipality=shares)
    target = contents.target(key)
    text = random.choice(
        [
            f"実績値は{figure(actual, target)}、進捗度は{percent(target.progress(year))}であった。",
            f"目標値{figure(aim, target)}に対し、実績値は{figure(actual, target)}にとどまった。"
            "次年度は、目標の達成のため取組を進める。",
            f"前年度から変動し、{figure(actual, target)}となり、目標値を下回った。",
        ]
    )
    source = Source(f"assessment/{key}", "self_assessment")
    return with_assessment(contents, key, self_assessment=text, external_factors=""), source


def self_assessment_missing(contents: Contents, random: Random) -> Changed:
    key = random.choice(keys(contents))
    source = Source(f"assessment/{key}", "self_assessment")
    return with_assessment(contents, key, self_assessment=""), source


def jump_unmentioned(contents: Contents, random: Random) -> Changed:
    key, year = random.choice(keys(contents)), contents.fiscal_year
    figures_last_year = figures_of(contents, key, year - 1)
    factor = random.choice([2, 3])
    shares = tuple(
        (name, Figure.of(value.number * factor))
        for name, value in figures_last_year.by_municipality
    )
    actual = Figure.of(figures_last_year.actual.number * factor)
    contents = with_year(contents, key, year, actual=actual, by_municipality=shares)
    text = f"実績値は{figure(actual, contents.target(key))}であり、目標を達成した。"
    source = Source(f"assessment/{key}", "self_assessment")
    return with_assessment(contents, key, self_assessment=text), source


def words_beside_figures(contents: Contents, random: Random) -> Changed:
    key = random.choice(keys(contents))
    changed = with_assessment(
        contents,
        key,
        qualitative="取組は計画どおりに進んでいる。",
        alternative="年度の途中であり、進み具合を言葉で示す。",
    )
    return changed, Source(f"assessment/{key}", "qualitative")


def words_unexplained(contents: Contents, random: Random) -> Changed:
    key, year = random.choice(keys(contents)), contents.fiscal_year
    changed = with_year(contents, key, year, actual=None, by_municipality=())
    changed = with_assessment(changed, key, qualitative="取組は計画どおりに進んでいる。")
    return changed, Source(f"assessment/{key}", "alternative")


def previous_score_off(contents: Contents, random: Random) -> Changed:
    difference = Decimal(random.choice(["-0.5", "-0.1", "0.1", "0.3"]))
    score = str(Decimal(contents.texts.previous_score) + difference)
    return with_body(contents, previous_score=score), Source("evaluation", "previous_score")


def previous_remark_off(contents: Contents, random: Random) -> Changed:
    """One remark shortened by a letter or left out."""
    remarks = contents.texts.previous_remarks.split("\n")
    place = random.randrange(len(remarks))
    letter = random.randrange(len(remarks[place]) - 1)
    shortened = remarks[place][:letter] + remarks[place][letter + 1 :]
    remarks[place : place + 1] = random.choice([[], [shortened]])
    changed = with_body(contents, previous_remarks="\n".join(remarks))
    return changed, Source("evaluation", "previous_remarks")


def previous_result_missing(contents: Contents, random: Random) -> Changed:
    name, blank = random.choice([("previous_score", None), ("previous_remarks", "")])
    return with_body(contents, **{name: blank}), Source("evaluation", name)


def _weighted(contents: Contents) -> list[TargetKey]:
    return [key for key, _, target in contents.targets() if target.weight is not None]


def _past(contents: Contents) -> list[int]:
    return [year for year in contents.plan.years if year <= contents.fiscal_year]


ERRORS = (
    total_off,
    yearly_target_off,
    yearly_target_missing,
    weight_off,
    weight_missing,
    weights_missing,
    weights_unexplained,
    weight_explained_otherwise,
    actual_missing,
    municipality_off,
    earlier_actual_off,
    digit_too_many,
    breakdown_off,
    delay_unexplained,
    self_assessment_missing,
    jump_unmentioned,
    words_beside_figures,
    words_unexplained,
    previous_score_off,
    previous_remark_off,
    previous_result_missing,
)
