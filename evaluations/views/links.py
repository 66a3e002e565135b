"""Links from the form's page: to the fields that one person may fill in, and to how a figure came about."""

import re
from html import escape

from django.utils.text import Truncator

from evaluations.addresses import anchor
from evaluations.catalogue.words import OMITTED
from evaluations.keys import RecordKey
from evaluations.permissions import Reach
from tokku.records import Record

# How much of a row's name a link says: it stands in the row.
NAMED = 16
_SOURCE = re.compile(r' data-source="[^"]*" data-field="[^"]*"')
# The elements of html.write that have a source, in the order of the document.
BLOCK = re.compile(r'<[^<>]* data-source="([^"]*)" data-field="([^"]*)"[^<>]*>')

# The elements with figures that have an explanation, as html.write makes them.
_FIGURE = re.compile(
    r'(<(td|p|h4)[^<>]* data-source="(?:target/(\d+-\d+)/(\d+)|indicator/(\d+))"'
    r' data-field="(\w+)"[^<>]*>)([^<]*)(</\2>)'
)
# A progress in a line of 3①, which is its last or stands before the weight.
_NAMES = {"actual": "実績値", "progress": "進捗度"}
_PROGRESS = re.compile(r"(.*(?:、|【))(進捗度 [^、】]+)((?:、寄与度 [^、】]*)?】)")


def with_explanations(document: str) -> str:
    """The HTML of a document in which each computed figure leads to how it came about. No word changes.

    The page of figures is told from the form's own page, in as few letters as will do.
    """

    def link(figure: re.Match[str]) -> str:
        begin, tag, target, year, indicator, field, text, end = figure.groups()
        before, shown, after = "", text, ""
        if tag != "td":
            if not (printed := _PROGRESS.fullmatch(text)):
                return figure[0]
            before, shown, after = printed.groups()
        elif text in ("", OMITTED) or field not in ("actual", "progress"):
            return figure[0]
        address = f"{target}/{year}/" if target else f"{indicator}/"
        name = f"{shown}の計算の根拠" if tag != "td" else f"{shown}（{_NAMES[field]}）の計算の根拠"
        return (
            f'{begin}{before}<a class="computed" href="figures/{address}"'
            f' aria-label="{name}">{shown}</a>{after}{end}'
        )

    return _FIGURE.sub(link, document)


def with_edit_links(document: str, rows: dict[str, list[Record]], reach: Reach) -> str:
    """The HTML of a document with a link in the first block of each field that may be edited.

    `rows` are those behind each source of the document (`load_with_rows`). A link has a name for screen readers
    and no words, so that the document says what it says. It is short, for a page has hundreds: entry
    itself knows on which page the field stands.
    """
    if reach.why_not_enter:
        return document
    linked = set()

    def link(block: re.Match[str]) -> str:
        for row in rows.get(RecordKey.parse(block[1]), ()):
            field = row.entry_field(block[2])
            if field and not reach.why_not_edit(row.owner_ids):
                key = row.key
                if (key, field) in linked:
                    return block[0]
                linked.add((key, field))
                named = Truncator(row.label).chars(NAMED)
                name = f"{named} {row._meta.get_field(field).verbose_name}を入力する"
                return (
                    f'{block[0]}<a class="edit-link" id="from-{anchor(key, field)}"'
                    f' href="entry/?item={key}/{field}"'
                    f' aria-label="{escape(name)}"></a>'
                )
        return block[0]

    return BLOCK.sub(link, document)


def without_sources(document: str) -> str:
    """The HTML of a document as a page sends it: its links and marks made, nobody asks for sources."""
    return _SOURCE.sub("", document)
