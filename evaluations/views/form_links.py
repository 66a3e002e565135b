"""Links on the form's page: to findings, to the entry fields of the person, and to explanations of figures.

`html.write` calls these functions for each block or cell in turn. A link before the text has only a label for
screen readers and no text of its own, so that the text of the document stays the same.
"""

from collections.abc import Iterable
from itertools import count, groupby

from django.utils.text import Truncator

from evaluations.addresses import anchor
from evaluations.catalogue.words import FIGURES, OMITTED
from evaluations.form.part3_progress import progress_span
from evaluations.inspection import InspectedFinding, by_level, worst_first
from evaluations.keys import ItemKey, RecordKey
from evaluations.models.row import EntryRow
from evaluations.permissions import Access
from evaluations.records.load import Behind
from tokku.document.html import Beside, Line, Link
from tokku.document.tree import Cell, Source

# Letters of a row's name in a link's label; short, because the link stands in the row.
NAMED = 16


def combined(*besides: Beside) -> Beside:
    """A function that gives the links of all these, in their order."""
    return lambda line: [link for beside in besides for link in beside(line)]


# To findings


def mark_id(number: int) -> str:
    return f"mark-{number}"


def finding_marks(findings: Iterable[InspectedFinding], checks: str) -> Beside:
    """Links from each block with findings to the page `checks`.

    Counts the blocks that have a source, as `Finding.number` does, so it serves for writing one document only.
    """
    printed = [inspected for inspected in findings if inspected.finding.number is not None]
    of_block = {
        number: list(group)
        for number, group in groupby(printed, lambda inspected: inspected.finding.number)
    }
    numbers = count()

    def links(line: Line) -> list[Link]:
        number = next(numbers)
        return [_mark(number, of_block[number], checks)] if number in of_block else []

    return links


def _mark(number: int, findings: list[InspectedFinding], checks: str) -> Link:
    names = "、".join(f"{level.label}{n}件" for level, n in by_level(findings))
    worst = worst_first(findings)[0]
    return Link(
        f"finding-mark finding-mark--{worst.level}",
        f"{checks}#{worst.anchor}",
        f"点検の結果：{names}",
        id=mark_id(number),
    )


# To entry


def edit_links(rows: Behind, access: Access) -> Beside:
    """Links from the first block of each field that the person may edit. For writing one document only.

    `rows` are the rows behind each source of the document (`load_for`).
    """
    linked = set()

    def links(line: Line) -> list[Link]:
        for row in rows.get(RecordKey.parse(line.source.record), ()):
            field = row.entry_field(line.source.field)
            if field and not access.why_not_edit(row.owner_ids):
                place = row.key, field
                if place in linked:
                    return []
                linked.add(place)
                return [_edit_link(row, field)]
        return []

    return links


def _edit_link(row: EntryRow, field: str) -> Link:
    """A short address, because a page has hundreds of them; the entry page redirects to the page of the field."""
    row_name = Truncator(row.label).chars(NAMED)
    return Link(
        "edit-link",
        f"entry/?item={ItemKey(row.key, field)}",
        f"{row_name} {row.field_label(field)}を入力する",
        id=f"from-{anchor(row.key, field)}",
    )


# To explanations


def explanations(line: Line) -> list[Link]:
    """The link from a computed figure to its explanation.

    The address is relative to the form's page to keep it short.
    """
    around = _figure_span(line)
    if not around or not (address := _figure_address(line.source)):
        return []
    label = line.text[slice(*around)]
    if isinstance(line, Cell):
        label += f"（{FIGURES[line.source.field]}）"
    return [Link("computed", f"figures/{address}/", f"{label}の計算の根拠", around=around)]


def _figure_span(line: Line) -> tuple[int, int] | None:
    """Start and end of the computed figure in the text: a whole cell in 別紙1, a part of a line in 3①; or None."""
    if not isinstance(line, Cell):
        return progress_span(line.text)
    is_figure = line.source.field in ("actual", "progress") and line.text not in ("", OMITTED)
    return (0, len(line.text)) if is_figure else None


def _figure_address(source: Source) -> str:
    """The address part of a figure: 1-2/2023 for a target, 1 for an indicator; "" for anything else."""
    key = RecordKey.parse(source.record)
    if key.year:
        return f"{key.target}/{key.year}"
    return key.of if key.source == "indicator" else ""
