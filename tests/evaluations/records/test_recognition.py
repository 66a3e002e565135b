"""Which stored names a name in a document may mean. Importing with questions and answers is in test_several_years.py."""

import pytest

from evaluations.form.contents import Scheme
from evaluations.records.recognition import (
    Recognition,
    RecognitionAnswers,
    StoredScheme,
    UnansweredQuestions,
    are_similar,
    recognise_schemes,
)


def test_schemes_of_one_name_go_to_their_own_municipalities_first():
    """In either order of the document."""
    joint = StoredScheme("joint", "tax", "不均一課税", ("横浜市", "川崎市"))
    of_yokohama, of_both = (
        Scheme(category="tax", name="不均一課税", municipalities=names)
        for names in (("横浜市",), ("横浜市", "川崎市"))
    )

    recognised = recognise_schemes(
        [of_yokohama, of_both], [joint], Recognition(RecognitionAnswers())
    )

    assert recognised == [None, "joint"]


def test_the_first_of_several_rows_counts_and_one_is_asked_about():
    """A scheme that goes by another name in the nearer year, and one that has taken its former name over."""
    rows = [
        StoredScheme("renamed", "tax", "立地促進補助金", ("横浜市",)),
        StoredScheme("successor", "tax", "立地補助金", ("横浜市",)),
        StoredScheme("renamed", "tax", "立地補助金", ("横浜市",)),
    ]
    document = [
        Scheme(category="tax", name="立地補助金", municipalities=("横浜市",)),
        Scheme(category="tax", name="立地促進の補助金", municipalities=("横浜市",)),
    ]
    recognition = Recognition(RecognitionAnswers())
    assert recognise_schemes(document, rows, recognition) == ["successor", None]
    with pytest.raises(UnansweredQuestions) as unanswered:
        recognition.raise_if_unanswered()
    assert [question.old for question in unanswered.value.questions] == ["立地促進補助金"]


def test_words_tell_schemes_of_one_name_apart():
    rows = [StoredScheme(words, "tax", "不均一課税", (words,)) for words in ("5県", "関係市町村")]
    document = [
        Scheme(category="tax", name="不均一課税", other_bodies=words)
        for words in ("関係市町村", "5県")
    ]
    recognised = recognise_schemes(document, rows, Recognition(RecognitionAnswers()))
    assert recognised == ["関係市町村", "5県"]


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
