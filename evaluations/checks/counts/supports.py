"""The 件数 in the headings of 5 against the entries below them, and the reasons for having none."""

import re
from collections import Counter
from collections.abc import Iterator

from evaluations.catalogue.part4_measures import MEASURES
from evaluations.catalogue.part5_national import KINDS as SUPPORT_KINDS
from evaluations.catalogue.words import NOT_APPLICABLE
from evaluations.checks.mentions import names_another_year
from evaluations.checks.picture import Picture
from evaluations.checks.registry import Check, Finding, Level, check
from evaluations.form.part5_national import COUNTS
from evaluations.keys import RecordKey
from tokku.japanese import fold


def _counts_and_entries(picture: Picture) -> Iterator[tuple[str, int | None, int]]:
    """Each kind of support with the count in its heading and the number of its entries."""
    entries = Counter(entry.kind for entry in picture.contents.national_supports)
    for kind, name in COUNTS.items():
        yield kind, getattr(picture.contents.texts, name), entries[kind]


@check("5の件数の未記入", Level.CAUTION, finds_blanks=True)
def support_count_missing(picture: Picture) -> Iterator[Finding]:
    """5: each heading states how many projects there are, also if there are none."""
    for kind, count, _ in _counts_and_entries(picture):
        if count is None:
            yield support_count_missing.finding(
                picture.place_of(RecordKey("evaluation"), COUNTS[kind]),
                f"{SUPPORT_KINDS[kind]}の件数がありません。該当がないときは0件と記入してください。",
            )


@check("5の件数の有無", Level.BLOCKING, needs_all_municipalities=True)
def support_count_contradicts(picture: Picture) -> Iterator[Finding]:
    """5: 0件 goes with no entries, any other count with some.

    ① counts all grants, of which only those with 調整費 have an entry.
    """
    for kind, count, entries in _counts_and_entries(picture):
        if count == 0 and entries:
            advice = "件数を直すか、該当しない事業を消してください。"
        elif count and not entries and kind != "fiscal":
            advice = "事業を記入するか、件数を0件に直してください。"
        else:
            continue
        yield _count_finding(support_count_contradicts, picture, kind, count, entries, advice)


@check("5の件数と記載", Level.CAUTION, needs_all_municipalities=True)
def support_count_differs(picture: Picture) -> Iterator[Finding]:
    """5: there are as many entries as the heading states."""
    for kind, count, entries in _counts_and_entries(picture):
        more_counted = bool(count) and count > entries > 0 and kind != "fiscal"
        if more_counted or (count and entries > count):
            advice = "件数か記載のどちらかを直してください。"
            yield _count_finding(support_count_differs, picture, kind, count, entries, advice)


def _count_finding(
    reporting_check: Check, picture: Picture, kind: str, count: int, entries: int, advice: str
) -> Finding:
    return reporting_check.finding(
        picture.place_of(RecordKey("evaluation"), COUNTS[kind]),
        f"{SUPPORT_KINDS[kind]}の見出しは{count}件ですが、その下の事業は{entries}件です。{advice}",
        words=f"{count} 件",
        found=f"{count}件",
        expected=f"{entries}件",
    )


@check(
    "該当する事業がない理由の未記入",
    Level.CAUTION,
    needs_all_municipalities=True,
    finds_blanks=True,
)
def support_reason_missing(picture: Picture) -> Iterator[Finding]:
    """5①: 0件 requires ＜該当する事業がない理由＞."""
    has_grants = any(entry.kind == "fiscal" for entry in picture.contents.national_supports)
    reason = picture.contents.texts.no_fiscal_support_reason
    if picture.contents.texts.fiscal_support_count == 0 and not has_grants and _is_blank(reason):
        yield support_reason_missing.finding(
            picture.place_of(RecordKey("evaluation"), "no_fiscal_support_reason"),
            "財政支援が0件ですが、該当する事業がない理由がありません。理由を書いてください。",
            words=reason,
            found="0件",
        )


@check("該当する事業があるときの理由", Level.CAUTION, needs_all_municipalities=True)
def reason_beside_entries(picture: Picture) -> Iterator[Finding]:
    """4 and 5①: a reason for having no entries is given only where there are none."""
    contents, texts = picture.contents, picture.contents.texts
    has_measures = any(measure.kind in MEASURES for measure in contents.measures)
    has_grants = any(entry.kind == "fiscal" for entry in contents.national_supports)
    for part, name, has_entries in (
        ("4", "no_measures_reason", has_measures),
        ("5①", "no_fiscal_support_reason", has_grants),
    ):
        if has_entries and not _is_blank(getattr(texts, name)):
            yield reason_beside_entries.finding(
                picture.place_of(RecordKey("evaluation"), name),
                f"{part}に事業がありますが、該当する事業がない理由も書かれています。どちらかを消してください。",
            )


def _is_blank(text: str) -> bool:
    return fold(text) in ("", NOT_APPLICABLE)


_STATED_COUNT = re.compile(
    r"(?<!独自の)(?<![県市]の)(?P<kind>財政支援|税制支援|金融支援|利子補給)"
    r"(?P<between>[^。、\n\d]{0,15}?)(?P<count>\d{1,4}) ?件"
)
# Other things that are counted, or some of them only.
_OTHERS = re.compile(r"相談|問い?合|説明|予定|見込|検討|希望|申請|要望|うち|新たに|継続")
_TEXTS = ("response_to_previous", "considerations", "pathway", "overall")


@check("本文の支援件数と5の件数", Level.CAUTION)
def support_count_in_text(picture: Picture) -> Iterator[Finding]:
    """The counts of national support in the body agree with the headings of 5."""
    counts = {kind: count for kind, count, _ in _counts_and_entries(picture)}
    kinds = {label: kind for kind, label in SUPPORT_KINDS.items()} | {"利子補給": "loan"}
    for passage in picture.prose:
        if passage.kind != "evaluation" or passage.source.field not in _TEXTS:
            continue
        for sentence in passage.sentences:
            if names_another_year(sentence.text, picture.year) or "累計" in sentence.text:
                continue
            for match in _STATED_COUNT.finditer(sentence.text):
                count = counts[kinds[match["kind"]]]
                around = match["between"] + sentence.text[match.end() : match.end() + 4]
                if count in (None, int(match["count"])) or _OTHERS.search(around):
                    continue
                yield support_count_in_text.finding(
                    passage,
                    f"{match['kind']}が{match['count']}件とありますが、5の見出しでは{count}件です。"
                    "どちらが正しいかを確かめて直してください。",
                    words=passage.words(
                        sentence.start + match.start("count"), sentence.start + match.end()
                    ),
                    found=f"{match['count']}件",
                    expected=f"{count}件",
                )
