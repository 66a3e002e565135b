"""Contents with one thing changed, for tests that put an error into a sound evaluation."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from evaluations.form import contents as c


def with_text(contents: c.Contents, **values) -> c.Contents:
    """Other fields of the evaluation itself (EvaluationTexts)."""
    return replace(contents, texts=replace(contents.texts, **values))


def with_target(contents: c.Contents, key: c.TargetKey, **values) -> c.Contents:
    return _changed(contents, key, lambda target: replace(target, **values))


def with_year(contents: c.Contents, key: c.TargetKey, year: int, **values) -> c.Contents:
    """Other figures of a numeric target in one year."""
    return _changed(
        contents,
        key,
        lambda target: replace(
            target,
            years=tuple(
                replace(one, **values) if one.year == year else one for one in target.years
            ),
        ),
    )


def with_assessment(contents: c.Contents, key: c.TargetKey, **texts: str) -> c.Contents:
    return _changed(
        contents,
        key,
        lambda target: replace(target, assessment=replace(target.assessment, **texts)),
    )


def with_actuals(
    contents: c.Contents, key: c.TargetKey, year: int, change: Callable[[Decimal], Decimal]
) -> c.Contents:
    """Every municipality's figure changed, and the zone's with them."""
    figures = figures_of(contents, key, year)
    shares = tuple((name, change(value)) for name, value in figures.by_municipality)
    total = sum((value for _, value in shares), Decimal(0))
    return with_year(contents, key, year, actual=total, by_municipality=shares)


def figures_of(contents: c.Contents, key: c.TargetKey, year: int) -> c.YearFigures:
    return next(one for one in contents.target(key).years if one.year == year)


def keys(contents: c.Contents) -> list[c.TargetKey]:
    return [key for key, _, _ in contents.targets()]


def _changed(
    contents: c.Contents, key: c.TargetKey, change: Callable[[c.NumericTarget], c.NumericTarget]
) -> c.Contents:
    return replace(
        contents,
        indicators=tuple(
            replace(
                indicator,
                targets=tuple(
                    change(target) if (indicator.number, target.number) == key else target
                    for target in indicator.targets
                ),
            )
            for indicator in contents.indicators
        ),
    )
