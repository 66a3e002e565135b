"""The term of a plan (第3期計画), which the form does not print but its texts may mention."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from evaluations.form.contents import Contents

NAMED = re.compile(r"第 ?(?P<term>\d{1,2}) ?期(?:の)?(?:総合特区)?計画")
# Words after a plan that the targets of the next one are based on: 第2期計画の実績を踏まえ.
_BASIS = re.compile(r"(?:まで)?(?:の|での|における)実績|より|を上回|を踏まえ|に比べ|と比べ|と同")
# Words around a plan that is still to come: 第4期計画の策定に向けて.
_COMING = re.compile("次期|次の|今後|向け|見据|策定|検討|予定|準備")
_LETTERS_BEFORE, _LETTERS_AFTER = 15, 40


def is_basis(text: str, match: re.Match[str]) -> bool:
    """Whether the text mentions the plan as the basis of something. `match` is of `NAMED`."""
    return bool(_BASIS.match(text, match.end()))


def is_coming(text: str, match: re.Match[str]) -> bool:
    """Whether the text mentions the plan as one to come. `match` is of `NAMED`."""
    before = text[max(0, match.start() - _LETTERS_BEFORE) : match.start()].rpartition("。")[2]
    after = text[match.end() : match.end() + _LETTERS_AFTER].partition("。")[0]
    return bool(_COMING.search(f"{before}…{after}"))


def plan_term(contents: Contents, *, earlier: int = 0, later: int | None = None) -> int:
    """The term of a plan between those of the plans before and after it, as terms follow the order of years.

    The latest that the texts mention; else the one by its years; else the next after the plan before, or the last
    before the plan after. When there is none between them it is the next after the plan before, and later plans have
    to give way.
    """
    for terms in (_terms(contents), _by_years(contents)):
        fitting = {term for term in terms if earlier < term and (not later or term < later)}
        if fitting:
            return max(fitting)
    return earlier + 1 if earlier or not later else max(later - 1, 1)


def _by_years(contents: Contents) -> Iterator[int]:
    """The term if plans of as many years as this have followed each other since the first certification."""
    plan = contents.plan
    terms, rest = divmod(plan.first_year - contents.zone.certified_on.year, len(plan.years))
    if terms >= 0 and rest == 0:
        yield terms + 1


def _terms(contents: Contents) -> Iterator[int]:
    """The term of the plan by each mention in the texts; 目標設定の考え方 mentions the previous plan as a basis."""
    for field, text in _texts("", contents):
        for match in NAMED.finditer(text):
            if field == "target_basis" and is_basis(text, match):
                yield int(match["term"]) + 1
            elif not is_coming(text, match):
                yield int(match["term"])


def _texts(field: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(field, part)
    elif is_dataclass(value):
        for part_field in fields(value):
            yield from _texts(part_field.name, getattr(value, part_field.name))
