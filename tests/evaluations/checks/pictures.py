"""Pictures for tests of checks: the sound sample, the published evaluation, and small ones of one thing."""

from functools import cache

from evaluations import sample
from evaluations.checks import Check, Finding, Picture
from evaluations.form import interpret
from tests import factories
from tests.evaluations.checks.changes import with_body, with_text
from tests.published import PATH
from tokku.document import text
from tokku.document.tree import Source

AUTHORS = ("神奈川県", "横浜市", "川崎市")


@cache
def of_sample(year: int = 2023) -> Picture:
    years = sample.evaluations()
    return Picture(years[year], years.get(year - 1))


@cache
def of_published() -> Picture:
    found = interpret(text.read(PATH.read_text("utf-8")))
    return Picture(found.contents, printed=tuple(found.printed))


def saying(field: str, said: str, *, year: int = 2023, last: str = "", **values) -> Picture:
    """A small evaluation of which one text of the body says something, the year before perhaps too."""
    now = with_body(factories.contents(fiscal_year=year, **values), **{field: said})
    before = factories.contents(fiscal_year=year - 1, **values) if last else None
    return Picture(now, with_body(before, **{field: last}) if before else None)


def edited(record: str, field: str, said: str, *, year: int = 2023) -> Picture:
    """The sound sample with one text that says something else."""
    sound = of_sample(year)
    return Picture(with_text(sound.contents, Source(record, field), said), sound.last_year)


def found_by(check: Check, picture: Picture) -> list[str]:
    """The words of each finding of one check, for short assertions."""
    return [finding.words for finding in check(picture)]


def listed(findings: list[Finding]) -> str:
    """Findings for a person to read, a block each."""
    return "\n".join(
        f"[{one.level.label}] {one.check.name} {one.source.record}/{one.source.field} #{one.number}\n"
        f"    語句「{one.words}」 記載「{one.found}」 期待「{one.expected}」\n    {one.why}\n    … {one.text[:120]}"
        for one in findings
    )
