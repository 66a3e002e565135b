"""Title, authors and part 1: the name of the zone."""

import re
from collections.abc import Collection, Iterator
from typing import Any

from evaluations.catalogue import part1_name as labels
from evaluations.catalogue.structure import ZONE_KINDS
from evaluations.form.blocks import heading, prose
from evaluations.form.contents import Contents
from evaluations.form.outline import Node, ReadingReport
from evaluations.keys import RecordKey
from tokku.document.tree import Block, Heading, Paragraph
from tokku.japanese import fiscal_year_name, fold, parse_era_year


def compose(contents: Contents) -> Iterator[Block]:
    year, kind = contents.fiscal_year, contents.zone.kind
    authors = labels.AUTHORS.of(year) + "、".join(contents.zone.municipalities)
    yield Heading(f"{fiscal_year_name(year)} {labels.TITLE.of(year, kind)}", level=1)
    yield Paragraph(authors, source=RecordKey("zone").field("municipalities"))
    yield heading(labels.NAME, contents)
    yield from prose(contents.zone.name, RecordKey("zone").field("name"))


def read_title(title: str) -> tuple[int, str] | None:
    """Fiscal year and kind of zone in 令和5年度 国際戦略総合特別区域評価書; None for any other text."""
    name, unit, rest = fold(title).partition("年度")
    try:
        year = parse_era_year(name + unit)
    except ValueError:
        return None
    kinds = (kind for kind in ZONE_KINDS if rest == fold(labels.TITLE.of(year, kind)))
    return next(((year, kind) for kind in kinds), None)


# What parts the names of authors, also in a row: 「、及び」.
_AND = r"(?:[、，,・･；;]|及び|並びに|および|ならびに)+"


def split_names(text: str, known: Collection[str] = ()) -> list[str]:
    """The names in a text. A known one is taken whole, whatever stands in it."""
    wholes = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True) if name)
    name = (
        rf"(?:{wholes})(?=\s*(?:{_AND}|$))|.+?(?=\s*(?:{_AND}|$))"
        if wholes
        else rf".+?(?={_AND}|$)"
    )
    return [found.strip() for found in re.findall(rf"(?:^|{_AND})\s*({name})", text)]


def read(form: Node, report: ReadingReport) -> dict[str, Any]:
    """The zone's name and municipalities, from the node of the title."""
    municipalities: tuple[str, ...] = ()
    authors = form.take_paragraph()
    label = report.words(labels.AUTHORS)
    if authors and fold(authors.text).startswith(fold(label)):
        names = re.split("[：:]", authors.text, maxsplit=1)[1]
        municipalities = report.municipalities(
            authors.line, split_names(names.strip(), report.known_authors)
        )
    else:
        report.error(form.line, f"「{label}」の行がありません。")
    name = form.take_text(labels.NAME, report)
    if not name:
        report.error(form.line, "特区の名称がありません。")
    return {"name": name.replace("\n", ""), "municipalities": municipalities}
