"""別紙3: the region's own support schemes and their results."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from evaluations.catalogue import part6_regional as labels
from evaluations.catalogue.structure import value_in
from evaluations.catalogue.words import NONE, NOT_APPLICABLE
from evaluations.form.blocks import annex, header_row, heading, label
from evaluations.form.contents import Contents, RegionalText, Scheme
from evaluations.form.omissions import omission_row, with_omission
from evaluations.form.outline import Node, ReadingReport
from evaluations.form.printed_figures import relation
from evaluations.form.tables import body_rows, read_relation
from evaluations.keys import RecordKey
from tokku.document.tree import Block, Cell, Row, Section, Table
from tokku.japanese import fold

_WIDTHS = (18, 36, 10, 26, 10)


def compose(contents: Contents) -> Iterator[Section]:
    yield from annex(_blocks(contents), "別紙3")


def _blocks(contents: Contents) -> Iterator[Block]:
    year = contents.fiscal_year
    yield heading(labels.ANNEX, contents)
    for group, categories in labels.GROUPS.items():
        yield heading(group, contents)
        for category in categories:
            if labels.TABLES[category] is not group:
                yield heading(labels.TABLES[category], contents)
            yield _table(contents, category)
    yield heading(labels.EFFORTS, contents)
    yield Table(
        tuple(
            Row(
                (
                    label(title.of(year)),
                    Cell(
                        with_omission(
                            contents, RecordKey("regional_text", kind), contents.regional_text(kind)
                        ),
                        source=RecordKey("regional_text", kind, 1).field("text"),
                    ),
                )
            )
            for kind, title in labels.EFFORT_TEXTS.items()
            if title.is_in(year)
        ),
        (18, 82),
    )


def _table(contents: Contents, category: str) -> Table:
    schemes = [scheme for scheme in contents.schemes if scheme.category == category]
    rows = [_row(contents, number, scheme) for number, scheme in enumerate(schemes, 1)]
    rows += omission_row(contents, RecordKey("scheme", category), len(_WIDTHS))
    empty = Row((Cell(NOT_APPLICABLE), *[Cell(NONE)] * 4))
    columns = value_in(labels.COLUMNS[category], contents.fiscal_year)
    return Table((header_row(columns), *(rows or [empty])), _WIDTHS)


def _row(contents: Contents, number: int, scheme: Scheme) -> Row:
    record = RecordKey("scheme", scheme.category, number)
    return Row(
        (
            Cell(scheme.name, source=record.field("name")),
            Cell(scheme.outline, source=record.field("outline")),
            Cell(relation(scheme.relation, contents), source=record.field("targets")),
            Cell(scheme.result, source=record.field("result")),
            Cell("\n".join(scheme.bodies), source=record.field("municipalities")),
        )
    )


# Reading


def read(
    node: Node, authors: Sequence[str], report: ReadingReport
) -> tuple[tuple[Scheme, ...], list[RegionalText]]:
    """The schemes, whose municipalities are among the authors, and the texts below them."""
    schemes: list[Scheme] = []
    for group, categories in labels.GROUPS.items():
        part = node.take(group, report)
        for category in categories:
            title = labels.TABLES[category]
            table_node = part if title is group else part.take(title, report)
            if table_node.heading and (table := table_node.take_table(report)):
                rows = body_rows(table, value_in(labels.COLUMNS[category], report.year), report)
                schemes += [_read_row(category, row, authors, report) for row in rows]
            if table_node is not part:
                report.unplace(table_node.leftovers())
        report.unplace(part.leftovers())
    texts = _read_texts(node.take(labels.EFFORTS, report), report)
    report.unplace(node.leftovers())
    return tuple(schemes), texts


def _read_row(category: str, row: Row, authors: Sequence[str], report: ReadingReport) -> Scheme:
    name, outline, related, result, bodies = (cell.text for cell in row.cells)
    name = " ".join(name.split("\n"))
    municipalities, other_bodies, is_reordered = split_bodies(bodies, authors)
    if is_reordered:
        printed = "、".join(filter(None, [*municipalities, other_bodies]))
        report.notice(
            row.line,
            f"別紙3の「{name}」の自治体名「{' '.join(bodies.split())}」は、順序や区切りをそのままには"
            f"記載できません。「{printed}」として取り込みます。",
        )
    return Scheme(
        category=category,
        name=name,
        outline=outline,
        relation=read_relation(row.line, related, report),
        result=result,
        municipalities=municipalities,
        other_bodies=other_bodies,
    )


# What stands in brackets belongs to the name before it.
_IN_BRACKETS = r"[（(〔［\[【「][^）)〕］\]】」]{0,300}[）)〕］\]】」]"
_PART = re.compile(rf"(?:{_IN_BRACKETS}|[^\s、，,])+")
_AND = "(?:及び|並びに|・)"
_NAME = re.compile(rf"{_AND}*((?:{_IN_BRACKETS}|(?!{_AND}).)+){_AND}*", re.DOTALL)


def split_bodies(text: str, authors: Sequence[str]) -> tuple[tuple[str, ...], str, bool]:
    """The authors that a cell 自治体名 names, the rest as words, and whether the form will print them otherwise.

    The form prints authors first, in the order of the title. Words are kept as they stand, unless an author is named
    among them.
    """
    # 新潟県見附市 may be 見附市 in a cell.
    without_prefecture = [
        re.sub("^(?:北海道|東京都|.{2,3}[府県])(?=.)", "", author) for author in authors
    ]
    order = {
        fold(name): author
        for name, author in zip(without_prefecture, authors, strict=True)
        if without_prefecture.count(name) == 1
    }
    order |= {fold(author): author for author in authors}
    parts = list(_PART.finditer(text))
    names = list(takewhile(lambda name: name in order, (fold(part[0]) for part in parts)))
    words = text[parts[len(names)].start() :] if len(names) < len(parts) else ""
    if any(fold(name) in order for part in _PART.findall(words) for name in _NAME.findall(part)):
        others = []
        for part in _PART.findall(words):
            pieces = _NAME.findall(part)
            if known := [fold(piece) for piece in pieces if fold(piece) in order]:
                names += known
                others += [piece for piece in pieces if fold(piece) not in order]
            elif not re.fullmatch(_AND, part):
                others.append(part)
        is_reordered, words = True, "、".join(others)
    else:
        is_reordered = names != sorted(names, key=lambda name: authors.index(order[name]))
    return (
        tuple(order[name] for name in dict.fromkeys(names)),
        " ".join(words.split()),
        is_reordered,
    )


def _read_texts(node: Node, report: ReadingReport) -> list[RegionalText]:
    table = node.take_table(report) if node.heading else None
    report.unplace(node.leftovers())
    kinds = {fold(report.words(title)): kind for kind, title in labels.EFFORT_TEXTS.items()}
    texts: dict[str, list[str]] = {}
    current_kind = ""
    for row in table.rows if table else ():
        label, text = row.cells[0].text, "\n".join(cell.text for cell in row.cells[1:] if cell.text)
        # A row without a label continues the one above, which a page end cut.
        current_kind = kinds.get(fold(label), "") if label else current_kind
        if current_kind:
            texts.setdefault(current_kind, []).append(text)
        else:
            report.unplace_row(row)
    regional_texts = []
    for kind, title in labels.EFFORT_TEXTS.items():
        if kind not in texts and node.heading and title.is_in(report.year):
            report.error(
                node.line,
                f"別紙3に「{report.words(title)}」がありません。途中で切れたファイルではありませんか。",
            )
        elif text := "\n".join(filter(None, texts.get(kind, ()))):
            regional_texts.append(RegionalText(kind=kind, text=text))
    return regional_texts
