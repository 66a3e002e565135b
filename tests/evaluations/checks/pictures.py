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
    interpretation = interpret(text.read(PATH.read_text("utf-8")))
    return Picture(interpretation.contents, printed=tuple(interpretation.printed))


def saying(
    field: str, text: str, *, year: int = 2023, text_last_year: str = "", **values
) -> Picture:
    """A small evaluation with one text in the body; `text_last_year` is that text a year before."""
    contents = with_body(factories.contents(fiscal_year=year, **values), **{field: text})
    contents_last_year = (
        factories.contents(fiscal_year=year - 1, **values) if text_last_year else None
    )
    return Picture(
        contents,
        with_body(contents_last_year, **{field: text_last_year}) if contents_last_year else None,
    )


def edited(record: str, field: str, text: str, *, year: int = 2023) -> Picture:
    """The sound sample with another text in one field."""
    sound = of_sample(year)
    return Picture(with_text(sound.contents, Source(record, field), text), sound.last_year)


def found_by(check: Check, picture: Picture) -> list[str]:
    """The words of each finding of one check, for short assertions."""
    return [finding.words for finding in check(picture)]


def listed(findings: list[Finding]) -> str:
    """Findings for a person to read, a block each."""
    return "\n".join(
        f"[{finding.level.label}] {finding.check.name} {finding.source.record}/{finding.source.field} #{finding.number}\n"
        f"    語句「{finding.words}」 記載「{finding.found}」 期待「{finding.expected}」\n    {finding.why}\n    … {finding.text[:120]}"
        for finding in findings
    )
