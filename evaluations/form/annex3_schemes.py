"""別紙3: the region's own support schemes and their results."""

import re
from collections.abc import Iterator

from evaluations.form import labels
from evaluations.form.blocks import header_row, heading, label
from evaluations.form.contents import Contents, RegionalText, Scheme
from evaluations.form.figures import relation
from evaluations.form.reading import Node, Report
from evaluations.form.tables import body_rows, read_relation
from tokku.document.tree import Block, Cell, Orientation, Row, Section, Source, Table
from tokku.japanese import fold

_WIDTHS = (18, 36, 10, 26, 10)


def compose(contents: Contents) -> Iterator[Section]:
    yield Section(tuple(_blocks(contents)), Orientation.LANDSCAPE, "別紙3")


def columns(category: str) -> tuple[str, ...]:
    rules = labels.SCHEME_GROUPS["規制緩和・強化等"]
    return labels.RULE_COLUMNS if category in rules else labels.SCHEME_COLUMNS


def _blocks(contents: Contents) -> Iterator[Block]:
    yield heading(2, labels.ANNEX_3)
    for group, tables in labels.SCHEME_GROUPS.items():
        yield heading(3, group)
        for category, title in tables.items():
            if title:
                yield heading(4, title)
            yield _table(contents, category)
    yield heading(3, labels.REGIONAL_TEXTS_GROUP)
    yield Table(
        tuple(
            Row(
                (
                    label(title),
                    Cell(
                        contents.regional_text(kind),
                        source=Source(f"regional_text/{kind}/1", "text"),
                    ),
                )
            )
            for kind, title in labels.REGIONAL_TEXTS.items()
        ),
        (18, 82),
    )


def _table(contents: Contents, category: str) -> Table:
    schemes = [scheme for scheme in contents.schemes if scheme.category == category]
    rows = [_row(contents, number, scheme) for number, scheme in enumerate(schemes, 1)]
    empty = Row((Cell(labels.NOT_APPLICABLE), *[Cell(labels.NONE)] * 4))
    return Table((header_row(columns(category)), *(rows or [empty])), _WIDTHS)


def _row(contents: Contents, number: int, scheme: Scheme) -> Row:
    record = f"scheme/{scheme.category}/{number}"
    return Row(
        (
            Cell(scheme.name, source=Source(record, "name")),
            Cell(scheme.outline, source=Source(record, "outline")),
            Cell(relation(scheme.relation, contents), source=Source(record, "targets")),
            Cell(scheme.result, source=Source(record, "result")),
            Cell("\n".join(scheme.municipalities), source=Source(record, "municipalities")),
        )
    )


# Reading


def read(node: Node, report: Report) -> tuple[tuple[Scheme, ...], list[RegionalText]]:
    schemes: list[Scheme] = []
    for group, tables in labels.SCHEME_GROUPS.items():
        part = node.take(group, report)
        for category, title in tables.items():
            where = part.take(title, report) if title else part
            if where.heading and (table := where.take_table(report)):
                rows = body_rows(table, columns(category), report)
                schemes += [_read_row(category, row, report) for row in rows]
            if where is not part:
                report.unplace(where.leftovers())
        report.unplace(part.leftovers())
    texts = _read_texts(node.take(labels.REGIONAL_TEXTS_GROUP, report), report)
    report.unplace(node.leftovers())
    return tuple(schemes), texts


def _read_row(category: str, row: Row, report: Report) -> Scheme:
    name, outline, related, result, municipalities = (cell.text for cell in row.cells)
    return Scheme(
        category=category,
        name=" ".join(name.split("\n")),
        outline=outline,
        relation=read_relation(row.line, related, report),
        result=result,
        municipalities=report.municipalities(row.line, re.split(r"[\s、，,]+", municipalities)),
    )


def _read_texts(node: Node, report: Report) -> list[RegionalText]:
    table = node.take_table(report) if node.heading else None
    report.unplace(node.leftovers())
    kinds = {fold(title): kind for kind, title in labels.REGIONAL_TEXTS.items()}
    texts: dict[str, list[str]] = {}
    last = ""
    for row in table.rows if table else ():
        label, text = row.cells[0].text, "\n".join(c.text for c in row.cells[1:] if c.text)
        # A row without label goes on with the one above, which a page end cut.
        last = kinds.get(fold(label), "") if label else last
        if last:
            texts.setdefault(last, []).append(text)
        else:
            report.unplace_row(row)
    found = []
    for kind, title in labels.REGIONAL_TEXTS.items():
        if kind not in texts:
            report.error(
                node.line, f"別紙3に「{title}」がありません。途中で切れたファイルではありませんか。"
            )
        elif text := "\n".join(filter(None, texts[kind])):
            found.append(RegionalText(kind=kind, text=text))
    return found
