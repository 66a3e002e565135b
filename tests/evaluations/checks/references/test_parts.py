"""References to approaches, annexes and parts of the form."""

import pytest

from evaluations.checks.references import parts
from tests.evaluations.checks.pictures import edited, found_by


@pytest.mark.parametrize(
    ("check", "text", "words"),
    [
        (parts.numbers_of_approaches, "解決策4の取組", ["解決策4"]),
        (parts.numbers_of_approaches, "解決策１から解決策３まで、解決策3つ", []),
        (parts.numbers_of_annexes, "別紙４のとおり", ["別紙４"]),
        (parts.numbers_of_annexes, "別紙1から別紙3まで、別紙のとおり", []),
        (parts.numbers_of_annexes, "交付要綱別紙4に定める", []),
        (parts.numbers_of_parts, "本文4④に記載した", ["本文4④"]),
        (parts.numbers_of_parts, "3⑤のとおり、本文8のとおり", ["3⑤", "本文8"]),
        (parts.numbers_of_parts, "5②-3の事業", ["5②-3"]),
        (parts.numbers_of_parts, "本文4②、3④、本文7、5②-2、5③-1", []),
        (parts.numbers_of_parts, "数値目標（1）－①、別紙1①、12①", []),
    ],
)
def test_numbers_that_the_form_does_not_have_are_found(check, text, words):
    assert found_by(check, edited("evaluation", "overall", text)) == words
