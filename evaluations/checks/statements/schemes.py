"""What texts state of the region's schemes (section 6) against the results in 別紙3."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from math import log

from django.utils.functional import cached_property

from evaluations.checks.mentions import Quantity, quantities, same_width
from evaluations.checks.picture import Picture
from evaluations.checks.registry import Check, Finding, Level, check
from evaluations.checks.statements.subjects import Statement, same_unit, statements
from evaluations.form.contents import Contents, Scheme

# Units in which results are counted; money and rates belong to the terms of a scheme.
_COUNTERS = {"件", "人", "名", "社", "者", "機関", "団体", "企業", "施設", "事業", "回", "テーマ"}
_NO_RESULT = re.compile(r"(?:なかった|ない|なし|ありません)(?=[。、)]|$)")
_CHANGE = re.compile(r"(?:ほど|程度)?の?(?:増|減|多|少|上回|下回)")
_CUMULATIVE = re.compile(r"累計|これまで|通算")
_CLAUSE_END = re.compile(r"[、。\n]")
_LETTER_RUN = re.compile(r"[一-龥々]{2,}|[ァ-ヴー]{3,}|[A-Za-z]{3,}")
# Section 6 has some dozens of counts. The limit bounds the time, as each is compared with all rows.
_MOST_COUNTS = 500
# A scheme is meant from this score on, and with it those whose score is this near to the best one.
_LOWEST_SCORE, _NEAR_BEST = 6.0, 0.75


@dataclass(frozen=True)
class _Row:
    """A scheme of 別紙3 with the numbers that its result states."""

    scheme: Scheme

    @cached_property
    def result(self) -> str:
        return same_width(self.scheme.result)

    @cached_property
    def words(self) -> frozenset[str]:
        return _words(same_width(f"{self.scheme.name}\n{self.scheme.outline}\n{self.result}"))

    def values(self, unit: str, *, cumulative: bool, named: bool) -> set[Decimal]:
        """The counts in `unit` of the year, or `cumulative`; all of them where the result has none of that sort.

        認定はなかった gives 0 in any unit where the text names the scheme (`named`), and otherwise nothing.
        """
        stated = [
            quantity for quantity in quantities(self.result) if same_unit(quantity.unit, unit)
        ]
        fitting = {
            quantity.value for quantity in stated if self._is_cumulative(quantity) == cumulative
        }
        if not fitting and _NO_RESULT.search(self.result) and not cumulative:
            return {Decimal(0)} if named else set()
        return fitting or {quantity.value for quantity in stated}

    def _is_cumulative(self, quantity: Quantity) -> bool:
        start = max(self.result.rfind(mark, 0, quantity.start) for mark in "。\n")
        return bool(_CUMULATIVE.search(self.result[start + 1 : quantity.start]))


@check("本文と別紙3の制度の実績", Level.CAUTION)
def scheme_result(picture: Picture) -> Iterator[Finding]:
    """「企業立地促進補助金」により1件を認定した against the result of that scheme in 別紙3."""
    rows_by_name = _rows_by_name(picture.contents)
    if not rows_by_name:
        return
    any_name = re.compile("|".join(map(_spaced, sorted(rows_by_name, key=len, reverse=True))))
    previous_rows = _rows_by_name(picture.last_year) if picture.last_year else {}
    for statement in statements(picture, *_COUNTERS):
        if statement.passage.target:
            continue
        names = list(any_name.finditer(statement.text))
        ends = [*(match.start() for match in names[1:]), len(statement.text)]
        for match, end in zip(names, ends, strict=False):
            key = match[0].replace(" ", "")
            for quantity in _counts(statement, match.end(), end):
                year = statement.year_of_quantity(quantity)
                rows = {picture.year: rows_by_name, picture.year - 1: previous_rows}.get(
                    year, {}
                ).get(key, [])
                yield from _mismatches(scheme_result, statement, quantity, rows, named=True)


@check("本文の件数と別紙3の実績", Level.NOTE)
def likely_scheme_result(picture: Picture) -> Iterator[Finding]:
    """10件を採択 of a scheme that is not named, against the rows of 別紙3 that share the most words."""
    rows = [_Row(scheme) for scheme in picture.contents.schemes]
    common = Counter(word for row in rows for word in row.words)
    weights = {word: log(len(rows) / frequency) for word, frequency in common.items()}
    # The authors' names identify no scheme.
    weights |= dict.fromkeys(_words("、".join(picture.contents.zone.municipalities)), 0.0)
    any_name = re.compile("|".join(map(_spaced, _rows_by_name(picture.contents))) or r"(?!)")
    counts = (
        (statement, quantity)
        for statement in statements(picture, *_COUNTERS)
        if statement.passage.kind == "regional_text" and not any_name.search(statement.text)
        for quantity in _counts(statement, 0, len(statement.text))
    )
    for statement, quantity in islice(counts, _MOST_COUNTS):
        if statement.year_of_quantity(quantity) == picture.year:
            similar_rows = _most_alike(statement, quantity, rows, weights)
            yield from _mismatches(likely_scheme_result, statement, quantity, similar_rows)


def _counts(statement: Statement, start: int, end: int) -> Iterator[Quantity]:
    """The counts between two places, without changes (2件増)."""
    first = bisect_left(statement.quantities, start, key=lambda quantity: quantity.start)
    for quantity in islice(statement.quantities, first, None):
        if quantity.start >= end:
            break
        if quantity.unit in _COUNTERS and not _CHANGE.match(statement.text, quantity.end):
            yield quantity


def _mismatches(
    failed_check: Check,
    statement: Statement,
    quantity: Quantity,
    rows: list[_Row],
    *,
    named: bool = False,
) -> Iterator[Finding]:
    """A finding where none of the rows has the number, nor as a sum of its own; rows in other units are ignored."""
    before = statement.text[max(quantity.start - 12, 0) : quantity.start]
    cumulative = bool(_CUMULATIVE.search(before))
    values = [row.values(quantity.unit, cumulative=cumulative, named=named) for row in rows]
    if not any(values) or any(
        quantity.value in {*row_values, sum(row_values)} for row_values in values
    ):
        return
    schemes = [row.scheme for row, row_values in zip(rows, values, strict=True) if row_values]
    names = "、".join(f"「{scheme.name}」" for scheme in schemes[:3])
    yield failed_check.finding(
        statement.passage,
        f"別紙3の{names}の実績に、この数がありません。同じ実績であれば数をそろえ、別の実績であれば何の数か分かるように書いてください。",
        words=statement.words(quantity.start, quantity.end),
        found=statement.words(quantity.start, quantity.end),
        expected="／".join(scheme.result for scheme in schemes[:3]),
    )


def _most_alike(
    statement: Statement, quantity: Quantity, rows: list[_Row], weights: dict[str, float]
) -> list[_Row]:
    """The rows that share the most distinctive words with the clause, or else with the text before it.

    A text that starts with an author's name is compared with that author's schemes alone.
    """
    names = statement.picture.contents.zone.municipalities
    author = next((name for name in names if statement.passage.flat.startswith(name)), None)
    rows = [row for row in rows if not author or author in row.scheme.municipalities]
    end = statement.start + quantity.end + 10
    for text in (_clause(statement, quantity), statement.passage.flat[max(end - 300, 0) : end]):
        words = _words(text)
        scores = [sum(weights[word] for word in words & row.words) for row in rows]
        best = max(scores, default=0)
        if best >= _LOWEST_SCORE:
            return [
                row for row, score in zip(rows, scores, strict=True) if score >= best * _NEAR_BEST
            ]
    return []


def _clause(statement: Statement, quantity: Quantity) -> str:
    """The clause around a quantity, at least 20 letters before it where possible, 100 on either side at most."""
    farthest = quantity.end + 100
    start = statement.text.rfind("、", max(quantity.start - 100, 0), max(quantity.start - 20, 0))
    end = _CLAUSE_END.search(statement.text, quantity.end, farthest)
    return statement.text[max(start, quantity.start - 100, 0) : end.start() if end else farthest]


def _words(text: str) -> frozenset[str]:
    """Words of kana and letters whole, those of kanji in pairs: 試作品 is 試作 and 作品."""
    words: set[str] = set()
    for run in _LETTER_RUN.findall(text):
        if "一" <= run[0] <= "龥" or run[0] == "々":
            words.update(run[n : n + 2] for n in range(len(run) - 1))
        else:
            words.add(run)
    return frozenset(words)


def _rows_by_name(contents: Contents) -> dict[str, list[_Row]]:
    """The rows by name without spaces, in several tables maybe; names under four letters are left out."""
    rows_by_name: dict[str, list[_Row]] = {}
    for scheme in contents.schemes:
        name = same_width(scheme.name).replace(" ", "").replace("\n", "")
        if len(name) >= 4:
            rows_by_name.setdefault(name, []).append(_Row(scheme))
    return rows_by_name


def _spaced(name: str) -> str:
    """A pattern for the name with or without spaces between its letters."""
    return " ?".join(map(re.escape, name))
