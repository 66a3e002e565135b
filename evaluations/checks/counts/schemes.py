"""別紙3: schemes without a result, and their number against what the body says of it."""

import re
from collections import Counter
from collections.abc import Iterator

from evaluations.catalogue.part6_regional import GROUPS
from evaluations.catalogue.words import NONE, NOT_APPLICABLE
from evaluations.checks.mentions import names_another_year
from evaluations.checks.picture import Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.keys import RecordKey
from tokku.japanese import fold


@check("別紙3の実績の未記入", Level.CAUTION, finds_blanks=True)
def scheme_result_missing(picture: Picture) -> Iterator[Finding]:
    """別紙3: each scheme states its result of the year, or that there was none."""
    numbers: Counter[str] = Counter()
    for scheme in picture.contents.schemes:
        numbers[scheme.category] += 1
        if fold(scheme.result) in ("", fold(NONE), NOT_APPLICABLE):
            yield scheme_result_missing.finding(
                picture.place_of(
                    RecordKey("scheme", scheme.category, numbers[scheme.category]), "result"
                ),
                f"「{scheme.name}」の実績がありません。実績を、なかったときはその旨を記入してください。",
            )


_SCHEMES = "事業|支援|施策|制度|措置|取組|メニュー"
# 別紙3に掲げる支援措置は25件である, 別紙3の25の事業
_COUNTED = re.compile(
    rf"別紙3(?:[^。\n]{{0,20}}?(?:{_SCHEMES})[はがを]?[^。\n\d]{{0,10}}(?<![\d.,])(?P<count>\d{{1,3}}) ?(?:件|つ)"
    rf"|[^。\n]{{0,20}}?(?<![\d.,])(?P<number>\d{{1,3}}) ?(?:件の|つの|の)?(?:{_SCHEMES}))"
)
# In a sentence that counts some of them only.
_SOME = re.compile(r"うち|主[なに要]|一部|代表|新た|新規|拡充|廃止|終了|除[くい]|追加")


@check("別紙3の件数", Level.CAUTION, needs_all_municipalities=True)
def schemes_counted(picture: Picture) -> Iterator[Finding]:
    """A text that states how many schemes 別紙3 has: in all, of a group or kind, or of a municipality."""
    possible = _possible_counts(picture)
    for passage in picture.prose:
        if passage.kind not in ("evaluation", "regional_text"):
            continue
        for sentence in passage.sentences:
            match = _COUNTED.search(sentence.text)
            if not match or _SOME.search(sentence.text):
                continue
            name = "count" if match["count"] else "number"
            if int(match[name]) in possible or names_another_year(sentence.text, picture.year):
                continue
            words = passage.words(sentence.start + match.start(name), sentence.start + match.end())
            yield schemes_counted.finding(
                passage,
                f"別紙3の事業が「{words}」とありますが、別紙3には{len(picture.contents.schemes)}件あります。"
                "どちらかを直してください。",
                words=words,
                found=words,
                expected=f"{len(picture.contents.schemes)}件",
            )


def _possible_counts(picture: Picture) -> set[int]:
    schemes = picture.contents.schemes
    of_category = Counter(scheme.category for scheme in schemes)
    of_group = (sum(of_category[name] for name in group) for group in GROUPS.values())
    of_municipality = Counter(name for scheme in schemes for name in scheme.municipalities)
    return {len(schemes), *of_category.values(), *of_group, *of_municipality.values()}
