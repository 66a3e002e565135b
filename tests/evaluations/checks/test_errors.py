"""Errors put into a sound evaluation, one at a time and at random places, are found where they are."""

from functools import cache
from itertools import count
from random import Random

import pytest

from evaluations.checks import CHECKS, Finding, Picture, findings
from tests.evaluations.checks import (
    errors_counts,
    errors_days,
    errors_figures,
    errors_names,
    errors_periods,
    errors_references,
    errors_statements,
    errors_unchanged,
    errors_wording,
)
from tests.evaluations.checks.changes import Error
from tests.evaluations.checks.pictures import of_sample
from tests.examples import share
from tokku.document.tree import Source

pytestmark = pytest.mark.slow

ERRORS: tuple[Error, ...] = (
    *errors_figures.ERRORS,
    *errors_counts.ERRORS,
    *errors_statements.ERRORS,
    *errors_periods.ERRORS,
    *errors_days.ERRORS,
    *errors_unchanged.ERRORS,
    *errors_references.ERRORS,
    *errors_names.ERRORS,
    *errors_wording.ERRORS,
)
CASES = share(50)


def identity(finding: Finding) -> tuple[str, Source, str, str, str]:
    return finding.check.name, finding.source, finding.words, finding.found, finding.expected


@cache
def sound_evaluation() -> tuple[Picture, set[tuple[str, Source, str, str, str]]]:
    """The sample as the checks see it, and what they find in it."""
    sound = of_sample()
    return sound, set(map(identity, findings(sound)))


def test_there_are_errors_of_many_kinds():
    assert len({error.__name__ for error in ERRORS}) == len(ERRORS) >= 20


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_an_error_is_found_in_the_field_that_has_it(error):
    sound, known_findings = sound_evaluation()
    checks = list(CHECKS)
    tried, missed = 0, []
    for seed in count():
        if not (changed := error(sound.contents, Random(seed))):
            assert seed < 2 * CASES, "この誤りを入れる場所が少なすぎる"
            continue
        contents, source = changed
        picture = Picture(contents, sound.last_year)
        for check in checks:
            if any(
                finding.source == source and identity(finding) not in known_findings
                for finding in check(picture)
            ):
                # Try this check first from now on: most cases then need no other.
                checks.remove(check)
                checks.insert(0, check)
                break
        else:
            missed.append((seed, source))
        if (tried := tried + 1) == CASES:
            break
    # One of a few may be missed by chance.
    assert len(missed) <= max(1, CASES * 5 // 100), missed
