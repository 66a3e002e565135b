"""Marks in the margin of the form's page, beside the blocks in which the checks find something."""

from collections.abc import Iterable
from html import escape
from itertools import count, groupby
from re import Match

from evaluations.inspection import Inspected, by_level, worst_first
from evaluations.views.links import BLOCK


def mark_id(number: int) -> str:
    return f"mark-{number}"


def with_marks(document: str, found: Iterable[Inspected], checks: str) -> str:
    """The HTML of a document with a mark in each block that is meant, which leads to the page `checks`.

    A finding counts the blocks that have a source (`Finding.number`). A mark has a name for screen readers
    and no words, so that the document says what it says.
    """
    printed = [one for one in found if one.finding.number is not None]
    of_block = {
        number: list(group) for number, group in groupby(printed, lambda one: one.finding.number)
    }
    numbers = count()

    def mark(block: Match[str]) -> str:
        number = next(numbers)
        if number not in of_block:
            return block[0]
        names = "、".join(f"{level.label}{n}件" for level, n in by_level(of_block[number]))
        first = worst_first(of_block[number])[0]
        return (
            f'{block[0]}<a class="finding-mark finding-mark--{first.level}" id="{mark_id(number)}"'
            f' href="{checks}#{first.anchor}" aria-label="{escape(f"点検の結果：{names}")}"></a>'
        )

    return BLOCK.sub(mark, document)
