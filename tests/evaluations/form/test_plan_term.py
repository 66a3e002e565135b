"""The term of a plan that is read from a form, which does not print it."""

from dataclasses import replace

import pytest

from evaluations.form.plan_term import plan_term
from tests import factories


def with_texts(overall="", target_basis=""):
    contents = factories.contents()
    (indicator,) = contents.indicators
    (target,) = indicator.targets
    target = replace(target, assessment=replace(target.assessment, target_basis=target_basis))
    return replace(
        contents,
        texts=replace(contents.texts, overall=overall),
        indicators=(replace(indicator, targets=(target,)),),
    )


@pytest.mark.parametrize(
    ("overall", "target_basis", "others", "term"),
    [
        # Certified in 2012, with a plan from 2022 of five years.
        ("", "", {}, 3),
        ("", "", {"earlier": 2}, 3),
        ("", "", {"earlier": 3}, 4),
        ("令和4年度からの第3期計画では、目標を改めた。", "", {}, 3),
        ("第３期計画の初年度であり、第2期計画から改めた。", "", {}, 3),
        ("第3期計画の実績を確かめた。第4期計画の策定に向けて検討する。", "", {}, 3),
        ("", "第2期計画の実績と聴き取りを基に定めた。", {}, 3),
        ("", "第2期計画を上回る水準とした。", {}, 3),
        ("", "第3期計画では、第2期計画の実績を基に定めた。", {}, 3),
        # An earlier plan that is read in later.
        ("第2期計画の最終年度である。", "第1期計画の実績を基に定めた。", {"later": 3}, 2),
        ("第3期計画に続く。", "", {"earlier": 3}, 4),
        # Whatever the texts say, terms follow the order of years.
        ("第4期計画の最終年度である。", "", {"later": 3}, 2),
        ("第1期計画の最終年度である。", "", {"earlier": 1, "later": 3}, 2),
        ("", "", {"later": 1}, 1),
    ],
)
def test_term_is_what_the_texts_name_or_the_next(overall, target_basis, others, term):
    assert plan_term(with_texts(overall, target_basis), **others) == term
