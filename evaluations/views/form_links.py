"""Links on the form's page: to what the checks find, to the fields that one person may fill in, to how a figure came about.

`html.write` asks for them at one block or cell after the other. What stands before the words has a label for screen
readers and no words of its own, so that the document says what it says.
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

# How much of a row's name a link says: it stands in the row.
NAMED = 16


def together(*besides: Beside) -> Beside:
    """The links of all of them, in their order."""
    return lambda line: [link for beside in besides for link in beside(line)]


# To findings


def mark_id(number: int) -> str:
    return f"mark-{number}"


def marks(found: Iterable[InspectedFinding], checks: str) -> Beside:
    """From each block that is meant to its findings on the page `checks`.

    A finding counts the blocks that have a source (`Finding.number`), and so does this: it is for one writing.
    """
    printed = [one for one in found if one.finding.number is not None]
    of_block = {
        number: list(group) for number, group in groupby(printed, lambda one: one.finding.number)
    }
    numbers = count()

    def links(line: Line) -> list[Link]:
        number = next(numbers)
        return [_mark(number, of_block[number], checks)] if number in of_block else []

    return links


def _mark(number: int, found: list[InspectedFinding], checks: str) -> Link:
    names = "、".join(f"{level.label}{n}件" for level, n in by_level(found))
    first = worst_first(found)[0]
    return Link(
        f"finding-mark finding-mark--{first.level}",
        f"{checks}#{first.anchor}",
        f"点検の結果：{names}",
        id=mark_id(number),
    )


# To entry


def edit_links(rows: Behind, access: Access) -> Beside:
    """From the first block of each field that may be edited; for one writing.

    `rows` are those behind each source of the document (`load_for`).
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
    """A short one, for a page has hundreds: entry itself knows on which page the field stands."""
    named = Truncator(row.label).chars(NAMED)
    return Link(
        "edit-link",
        f"entry/?item={ItemKey(row.key, field)}",
        f"{named} {row.field_label(field)}を入力する",
        id=f"from-{anchor(row.key, field)}",
    )


# To explanations


def explanations(line: Line) -> list[Link]:
    """From a computed figure to how it came about.

    The page of figures is told from the form's own page, in as few letters as will do.
    """
    around = _figure_span(line)
    if not around or not (address := _explained(line.source)):
        return []
    shown = line.text[slice(*around)]
    if isinstance(line, Cell):
        shown += f"（{FIGURES[line.source.field]}）"
    return [Link("computed", f"figures/{address}/", f"{shown}の計算の根拠", around=around)]


def _figure_span(line: Line) -> tuple[int, int] | None:
    """From where to where the text is a computed figure: a whole cell in 別紙1, a part of a line in 3①."""
    if not isinstance(line, Cell):
        return progress_span(line.text)
    is_figure = line.source.field in ("actual", "progress") and line.text not in ("", OMITTED)
    return (0, len(line.text)) if is_figure else None


def _explained(source: Source) -> str:
    """What the figure is of, as the pages of figures call it: 1-2/2023, 1 for an indicator; "" for anything else."""
    key = RecordKey.parse(source.record)
    if key.year:
        return f"{key.target}/{key.year}"
    return key.of if key.source == "indicator" else ""
