"""The term of a plan (第3期計画), which the form does not print, but its texts may name."""

import re
from collections.abc import Collection, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from evaluations.form.contents import Contents

NAMED = re.compile(r"第 ?(?P<term>\d{1,2}) ?期(?:の)?(?:総合特区)?計画")
# What the targets of the next plan rest on: 第2期計画の実績を踏まえ.
_BASIS = re.compile(r"(?:まで)?(?:の|での|における)実績|より|を上回|を踏まえ|に比べ|と比べ|と同")
# What a text looks forward to: 第4期計画の策定に向けて.
_COMING = re.compile("次期|次の|今後|向け|見据|策定|検討|予定|準備")
_BEFORE, _AFTER = 15, 40


def is_basis(text: str, named: re.Match[str]) -> bool:
    """Whether a text speaks of the plan that it names as of what something rests on."""
    return bool(_BASIS.match(text, named.end()))


def is_coming(text: str, named: re.Match[str]) -> bool:
    """Whether a text speaks of the plan that it names as of one to come."""
    before = text[max(0, named.start() - _BEFORE) : named.start()].rpartition("。")[2]
    after = text[named.end() : named.end() + _AFTER].partition("。")[0]
    return bool(_COMING.search(f"{before}…{after}"))


def plan_term(contents: Contents, taken: Collection[int]) -> int:
    """The latest that the texts name and no other plan of the zone has taken; else the one after those."""
    said = set(_terms(contents))
    return max(said.difference(taken), default=1 + max(taken, default=0))


def _terms(contents: Contents) -> Iterator[int]:
    """Of the plan, by each text that names one; 目標設定の考え方 names the one before it."""
    for field, text in _texts("", contents):
        for named in NAMED.finditer(text):
            if field == "target_basis" and is_basis(text, named):
                yield int(named["term"]) + 1
            elif not is_coming(text, named):
                yield int(named["term"])


def _texts(field: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(field, one)
    elif is_dataclass(value):
        for each in fields(value):
            yield from _texts(each.name, getattr(value, each.name))
