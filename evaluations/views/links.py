"""Links from the blocks of the form's page to the fields that one person may fill in."""

import re
from html import escape

from evaluations.items import anchor, entry_address, entry_field, row_key, row_label
from evaluations.permissions import Reach
from tokku.records import Record

# The elements of html.write that have a source, in the order of the document.
BLOCK = re.compile(r'<[^<>]* data-source="([^"]*)" data-field="([^"]*)"[^<>]*>')


def with_edit_links(document: str, rows: dict[str, list[Record]], reach: Reach) -> str:
    """The HTML of a document with a link in the first block of each field that may be edited.

    `rows` are those behind each source of the document (`load_with_rows`). A link has a name for screen readers and no words, so that the document says what it says.
    """
    if reach.why_not_enter:
        return document
    linked = set()

    def link(block: re.Match[str]) -> str:
        for row in rows.get(block[1], ()):
            field = entry_field(row, block[2])
            if field and not reach.why_not_edit(row.owner_ids):
                key = row_key(row)
                if (key, field) in linked:
                    return block[0]
                linked.add((key, field))
                name = f"{row_label(row)} {row._meta.get_field(field).verbose_name}を入力する"
                return (
                    f'{block[0]}<a class="edit-link" id="from-{anchor(key, field)}"'
                    f' href="{escape(entry_address(reach.evaluation, key, field))}"'
                    f' aria-label="{escape(name)}"></a>'
                )
        return block[0]

    return BLOCK.sub(link, document)
