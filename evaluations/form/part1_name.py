"""Title, authors and 1: the name of the zone."""

import re
from collections.abc import Iterator
from typing import Any

from evaluations.form import labels
from evaluations.form.blocks import heading, prose
from evaluations.form.contents import Contents
from evaluations.form.reading import Node, Report
from tokku.document.tree import Block, Paragraph, Source
from tokku.japanese import fiscal_year_name, fold, parse_era_year


def compose(contents: Contents) -> Iterator[Block]:
    kind = contents.zone.kind
    title = labels.for_kind(labels.TITLE, kind)
    authors = "、".join(contents.zone.municipalities)
    yield heading(1, f"{fiscal_year_name(contents.fiscal_year)} {title}")
    yield Paragraph(labels.AUTHORS + authors, source=Source("zone", "municipalities"))
    yield heading(2, labels.for_kind(labels.PART_1, kind))
    yield from prose(contents.zone.name, Source("zone", "name"))


def read_title(title: str) -> tuple[int, str] | None:
    """Fiscal year and kind of zone in 令和5年度 国際戦略総合特別区域評価書; None when it is no such title."""
    for kind in labels.ZONE_KINDS:
        ending = fold(labels.for_kind(labels.TITLE, kind))
        if fold(title).endswith(ending):
            try:
                return parse_era_year(fold(title).removesuffix(ending)), kind
            except ValueError:
                return None
    return None


def read(form: Node, kind: str, report: Report) -> dict[str, Any]:
    """The zone's name and municipalities, from the node of the title."""
    municipalities: tuple[str, ...] = ()
    authors = form.take_paragraph()
    if authors and fold(authors.text).startswith(fold(labels.AUTHORS)):
        names = re.split("[：:]", authors.text, maxsplit=1)[1]
        municipalities = report.municipalities(authors.line, re.split("[、，,]", names))
    else:
        report.error(form.line, f"「{labels.AUTHORS}」の行がありません。")
    name = form.take_text(labels.for_kind(labels.PART_1, kind), report)
    if not name:
        report.error(form.line, "特区の名称がありません。")
    return {"name": name.replace("\n", ""), "municipalities": municipalities}
