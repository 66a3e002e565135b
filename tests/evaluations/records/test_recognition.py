"""Which stored names a name in a document may mean. Importing with questions and answers is in test_several_years.py."""

import pytest

from evaluations.form.contents import Scheme
from evaluations.records.recognition import (
    Recognition,
    RecognitionAnswers,
    are_similar,
    recognise_schemes,
)
from supports.models import Scheme as SchemeRow


def test_schemes_of_one_name_go_to_their_own_municipalities_first():
    """In either order of the document."""
    joint = SchemeRow(pk=1, category="tax", name="不均一課税")
    stored_schemes = {joint: frozenset({"横浜市", "川崎市"})}
    of_yokohama, of_both = (
        Scheme(category="tax", name="不均一課税", municipalities=names)
        for names in (("横浜市",), ("横浜市", "川崎市"))
    )

    recognised = recognise_schemes(
        [of_yokohama, of_both], stored_schemes, Recognition(RecognitionAnswers())
    )

    assert recognised == [None, joint]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("立地補助金", "立地促進補助金", True),
        ("立地補助金", "企業立地補助金（第2期）", True),
        ("研究開発支援事業", "研究開発支援", True),
        ("中小企業融資制度", "中小企業の融資制度", True),
        ("立地補助金", "人材育成研修", False),
        ("固定資産税の減免", "海外展開の相談", False),
    ],
)
def test_names_that_are_worth_asking_about(old, new, expected):
    assert are_similar(old, new) is are_similar(new, old) is expected
