"""点検: the checks that look for what does not fit in an evaluation, each a small pure function over a picture.

There is a package for each family; their order is the order in which findings of one block are listed.
"""

from collections.abc import Iterator
from inspect import getmembers, ismodule
from types import ModuleType

from evaluations.checks import counts, figures, names, periods, references, statements, wording
from evaluations.checks.picture import Picture
from evaluations.checks.registry import Check, Finding, Level

FAMILIES = {
    figures: "数値",
    counts: "件数",
    statements: "文と数値",
    periods: "年度と日付",
    references: "参照",
    names: "名称",
    wording: "様式と表記",
}


def _checks(module: ModuleType) -> Iterator[Check]:
    """The checks defined in a module, and in the modules of a package."""
    for _, member in getmembers(module):
        if isinstance(member, Check) and member.function.__module__ == module.__name__:
            yield member
        elif ismodule(member) and member.__name__.startswith(f"{module.__name__}."):
            yield from _checks(member)


CHECKS: tuple[Check, ...] = tuple(check for family in FAMILIES for check in _checks(family))


def findings(picture: Picture) -> list[Finding]:
    """Run every check. Findings are in the order of the document; those in fields that print nothing come last."""
    results = [finding for check in CHECKS for finding in check(picture)]
    passage_count = len(picture.passages)
    return sorted(
        results, key=lambda finding: passage_count if finding.number is None else finding.number
    )
