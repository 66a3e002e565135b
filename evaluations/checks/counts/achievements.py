"""3④: the result line of an approach, and the achievements below it, against the actual."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from evaluations.checks.mentions import same_width
from evaluations.checks.picture import Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.form.contents import Approach, number_of
from evaluations.form.printed_figures import figure
from evaluations.keys import RecordKey

_COUNT = re.compile(
    r"(?<![\d.,])(?P<value>\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.\d{1,6})? ?(?P<unit>[^\d\s:、。]{0,6})$"
)


@check("成果の件数と実績値", Level.CAUTION)
def result_line(picture: Picture) -> Iterator[Finding]:
    """3④: a result line ends in the year's actual of the target that the approach serves.

    The form prints the actual if there is one such target; if there are several, the label may end in it.
    """
    for number, approach in enumerate(picture.contents.approaches, 1):
        label = same_width(approach.result_label).rstrip()
        match = _COUNT.search(label[-40:])
        named_targets = {key for _, _, key in picture.targets_in(label)}
        keys = approach.targets if len(approach.targets) == 1 else tuple(named_targets)
        if not match or len(keys) != 1:
            continue
        target = picture.contents.target(keys[0])
        actual = number_of(target.in_year_alone(picture.year))
        stated_count = Decimal(match["value"].replace(",", ""))
        if match["unit"] != same_width(target.unit) or actual is None:
            continue
        if stated_count != actual:
            advice = "実績値と違います。どちらが正しいかを確かめて直してください。"
        elif len(approach.targets) == 1:
            advice = (
                "実績値は欄の後に印字されるため、二度印字されます。欄から件数を消してください。"
            )
        else:
            continue
        yield result_line.finding(
            picture.place_of(RecordKey("approach", number), "result_label"),
            f"解決策{number}の成果が「{match[0]}」で終わっていますが、{advice}",
            words=match[0],
            found=match[0],
            expected=figure(actual, target),
        )


# Beyond this many, achievements are not listed one by one.
_MOST_LISTED = 20
_CHOSEN = re.compile(r"主[なだ]|主に|主要|代表的|一部|例[をと]|抜粋|など$")


@check("取組・成果の数と実績値", Level.NOTE, needs_all_municipalities=True)
def achievements_listed(picture: Picture) -> Iterator[Finding]:
    """3④: where achievements are listed one by one, there are as many as the result line says."""
    for number, approach in enumerate(picture.contents.approaches, 1):
        if len(approach.targets) != 1 or _CHOSEN.search(approach.result_label):
            continue
        target = picture.contents.target(approach.targets[0])
        actual = number_of(target.in_year_alone(picture.year))
        listed_counts = _listed_counts(approach)
        if not actual or actual > _MOST_LISTED or max(listed_counts) < 2 or actual in listed_counts:
            continue
        yield achievements_listed.finding(
            picture.place_of(RecordKey("approach", number), "result_label"),
            f"解決策{number}の実績値は{figure(actual, target)}ですが、具体的な取組・成果は{max(listed_counts)}件です。"
            "残りを書き加えるか、主なものだけを挙げている旨を書き添えてください。"
            if actual > max(listed_counts)
            else f"解決策{number}の実績値は{figure(actual, target)}ですが、"
            f"具体的な取組・成果は{max(listed_counts)}件あります。実績値に数えないものがないか確かめてください。",
            found=f"{max(listed_counts)}件",
            expected=figure(actual, target),
        )


def _listed_counts(approach: Approach) -> tuple[int, ...]:
    """How many achievements of the first level there are, or of the second where all are under one heading."""
    levels = Counter(achievement.level for achievement in approach.achievements)
    if levels["main"] == 1 and levels["sub"]:
        return (levels["sub"],)
    return (levels["main"],)
