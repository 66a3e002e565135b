from collections import Counter
from html.parser import HTMLParser
from itertools import groupby

import pytest
from hypothesis import given, settings

from tests.document.strategies import documents, squeezed
from tests.examples import share
from tokku.document import html
from tokku.document.tree import (
    Cell,
    Document,
    Heading,
    Item,
    Note,
    Orientation,
    Paragraph,
    Role,
    Row,
    Section,
    Source,
    Table,
)

HEADINGS = tuple(f"h{level}" for level in range(1, 7))
TAGS = {"section", "ul", "li", "p", "div", "table", "colgroup", "col", "thead", "tbody", "tr"}
TAGS |= {"th", "td", "br", *HEADINGS}


class Element:
    def __init__(self, tag, attributes, parent=None):
        self.tag, self.attributes, self.parent, self.children = tag, attributes, parent, []

    def __iter__(self):
        """This element and those within, in order."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child

    def all(self, *tags):
        return [element for element in self if element.tag in tags]

    @property
    def text(self):
        if self.tag == "br":
            return "\n"
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    @property
    def spans(self):
        return tuple(int(self.attributes.get(name, 1)) for name in ("colspan", "rowspan"))


class Page(HTMLParser):
    """The elements of a page, whose tags must be closed in order."""

    def __init__(self, page):
        super().__init__()
        self.root = self.open = Element("", {})
        self.feed(page)
        self.close()
        assert self.open is self.root

    def handle_starttag(self, tag, attributes):
        assert tag in TAGS
        assert len(dict(attributes)) == len(attributes)
        element = Element(tag, dict(attributes), self.open)
        self.open.children.append(element)
        if tag not in ("br", "col"):
            self.open = element

    def handle_endtag(self, tag):
        assert tag == self.open.tag
        self.open = self.open.parent

    def handle_data(self, data):
        self.open.children.append(data)

    def unexpected(self, *_):
        raise AssertionError("neither an element nor text")

    handle_comment = handle_decl = handle_pi = unknown_decl = unexpected


def parsed(document):
    return Page(html.write(document)).root


def source(element):
    names = element.attributes.get("data-source"), element.attributes.get("data-field")
    return None if names == (None, None) else Source(*names)


@settings(max_examples=share(40), deadline=None)
@given(documents())
def test_words_are_those_of_the_document(document):
    root = parsed(document)
    assert squeezed(root.text) == squeezed(document.words())
    printed = root.all("li", "p", "td", "th", *HEADINGS)
    assert [line for e in printed for line in e.text.split("\n") if line] == list(document.words())


@settings(max_examples=share(40), deadline=None)
@given(documents())
def test_blocks_become_their_elements(document):
    sections = parsed(document).all("section")
    assert len(sections) == len(document.sections)
    for element, section in zip(sections, document.sections, strict=True):
        assert element.attributes["class"] == f"sheet {section.orientation}"
        blocks = [e for e in element if e.tag in ("li", "p", "table", *HEADINGS)]
        assert [_block(e) for e in blocks] == [
            (type(block), "" if isinstance(block, Table) else block.text)
            for block in section.blocks
        ]
        headings = [block for block in section.blocks if isinstance(block, Heading)]
        assert [e.tag for e in element.all(*HEADINGS)] == [f"h{h.level}" for h in headings]
        # The items in a row are one list, and nothing else is in it.
        runs = [
            len(list(run))
            for items, run in groupby(section.blocks, lambda block: isinstance(block, Item))
            if items
        ]
        assert [len(ul.all("li")) for ul in element.all("ul")] == runs
        assert all(li.parent.tag == "ul" for li in element.all("li"))


def _block(element):
    if element.tag == "table":
        return Table, ""
    if element.tag == "p":
        kind = Note if element.attributes.get("class") == "note" else Paragraph
    else:
        kind = Item if element.tag == "li" else Heading
    return kind, element.text


@settings(max_examples=share(40), deadline=None)
@given(documents())
def test_tables_keep_their_cells_and_places(document):
    tables = [block for block in document.blocks if isinstance(block, Table)]
    for element, table in zip(parsed(document).all("table"), tables, strict=True):
        rows = element.all("tr")
        assert [[(e.text, *e.spans) for e in row.all("td", "th")] for row in rows] == [
            [(cell.text, cell.colspan, cell.rowspan) for cell in row.cells] for row in table.rows
        ]
        grid = table.grid()
        places = sum(across * down for across, down in (e.spans for e in element.all("td", "th")))
        assert places == len(grid) * len(grid[0])
        assert len(element.all("col")) == len(table.widths)
        # Header rows are in the head, of which there is one at most, and the rest in one body.
        assert len(element.all("tbody")) == 1
        assert len(element.all("thead")) == (1 if table.header_rows else 0)
        assert [row.parent.tag for row in rows] == [
            "thead" if r < table.header_rows else "tbody" for r in range(len(rows))
        ]


@settings(max_examples=share(40), deadline=None)
@given(documents())
def test_labels_are_header_cells_of_their_row_or_column(document):
    cells = [
        cell for b in document.blocks if isinstance(b, Table) for r in b.rows for cell in r.cells
    ]
    for element, cell in zip(parsed(document).all("td", "th"), cells, strict=True):
        # A header cell without text names nothing.
        assert element.tag == ("th" if cell.role is Role.HEADER and cell.text else "td")
        if element.tag == "th":
            # "row" and "col" cover all rows and columns of a merged cell; "rowgroup" and "colgroup"
            # would make it the header of everything that follows.
            in_head = element.parent.parent.tag == "thead"
            assert element.attributes["scope"] == ("col" if in_head else "row")
        else:
            assert "scope" not in element.attributes
            role = None if cell.role is Role.TEXT else cell.role.value
            assert element.attributes.get("class") == role


@settings(max_examples=share(40), deadline=None)
@given(documents())
def test_anchors_lead_to_the_headings(document):
    root = parsed(document)
    ids = Counter(e.attributes["id"] for e in root if "id" in e.attributes)
    assert set(ids.values()) <= {1}
    anchors = html.anchors(document, deepest=6)
    headings = root.all(*HEADINGS)
    assert [(a.id, f"h{a.level}") for a in anchors] == [
        (e.attributes["id"], e.tag) for e in headings
    ]
    first = {id(section.all(*HEADINGS)[:1][0]): number for number, section in _with_headings(root)}
    for anchor, element in zip(anchors, headings, strict=True):
        label = document.sections[first[id(element)]].label if id(element) in first else ""
        assert anchor.text == (label or element.text)
    for deepest in (1, 3):
        chosen = [anchor for anchor in anchors if anchor.level <= deepest]
        assert html.anchors(document, deepest) == chosen
    # What refers to an id finds it.
    assert {e.attributes["aria-labelledby"] for e in root if "aria-labelledby" in e.attributes} <= {
        *ids
    }


def _with_headings(root):
    sections = enumerate(root.all("section"))
    return [(number, section) for number, section in sections if section.all(*HEADINGS)]


@settings(max_examples=share(40), deadline=None)
@given(documents())
def test_words_tell_where_they_come_from(document):
    sources = []
    for block in document.blocks:
        if isinstance(block, Table):
            sources += [cell.source for row in block.rows for cell in row.cells]
        else:
            sources.append(block.source)
    printed = parsed(document).all("li", "p", "td", "th", *HEADINGS)
    assert list(map(source, printed)) == sources


def test_text_is_never_markup():
    text = '<script>alert("1")</script> &lt; \' -->'
    cell = Cell(text + "\n" + text, source=Source("<&\"'>", '" onclick="'))
    document = Document((Section((Paragraph(text), Table((Row((cell,)),)))),))
    assert "<script" not in html.write(document)
    (td,) = parsed(document).all("td")
    assert td.attributes == {"data-source": "<&\"'>", "data-field": '" onclick="'}
    assert td.text == cell.text


@pytest.mark.parametrize("widths", [(1, 1, 2), (14, 24, 62)])
def test_widths_are_shares_of_the_whole(widths):
    table = Table((Row((Cell("x", colspan=3),)),), widths)
    columns = parsed(Document((Section((table,), Orientation.LANDSCAPE),))).all("col")
    shares = [int(column.attributes["width"].removesuffix("%")) for column in columns]
    assert shares == [round(100 * width / sum(widths)) for width in widths]


def test_no_style_attribute_that_the_security_policy_forbids():
    cells = Row((Cell("見出し", Role.HEADER), Cell("5", Role.FIGURE)))
    document = Document((Section((Heading("評価書"), Table((cells,), (1, 2)))),))
    assert not [e for e in parsed(document) if "style" in e.attributes]
