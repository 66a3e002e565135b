from collections import Counter
from html.parser import HTMLParser
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.document.strategies import documents, squeezed
from tests.examples import share
from tokku.document import html
from tokku.document.tree import (
    Cell,
    CellRole,
    Document,
    Heading,
    ListItem,
    Note,
    Orientation,
    Paragraph,
    Row,
    Section,
    Source,
    Table,
)

HEADINGS = tuple(f"h{level}" for level in range(1, 7))
TAGS = {"section", "ul", "li", "p", "div", "table", "colgroup", "col", "thead", "tbody", "tr"}
TAGS |= {"th", "td", "br", "a", *HEADINGS}
PRINTED = ("li", "p", "td", "th", *HEADINGS)
EVIL = "\"><b id='x'>&amp;</b>"


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
    def links(self):
        """Those within: from where to where in the text, and their attributes."""
        anchors, start = [], 0
        for child in self.children:
            end = start + len(child if isinstance(child, str) else child.text)
            if isinstance(child, Element) and child.tag == "a":
                anchors.append(((start, end), child.attributes))
            start = end
        return anchors

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


def parsed(document, beside=html.no_links):
    return Page(html.write(document, beside)).root


def lines(document):
    """Blocks of one line and cells, in order."""
    for block in document.blocks:
        if isinstance(block, Table):
            yield from (cell for row in block.rows for cell in row.cells)
        else:
            yield block


@settings(max_examples=share(40), deadline=None)
@given(documents())
def test_words_are_those_of_the_document(document):
    root = parsed(document)
    assert squeezed(root.text) == squeezed(document.words())
    printed = root.all(*PRINTED)
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
            for items, run in groupby(section.blocks, lambda block: isinstance(block, ListItem))
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
        kind = ListItem if element.tag == "li" else Heading
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
        assert element.tag == ("th" if cell.role is CellRole.HEADER and cell.text else "td")
        if element.tag == "th":
            # "row" and "col" cover all rows and columns of a merged cell; "rowgroup" and "colgroup"
            # would make it the header of everything that follows.
            in_head = element.parent.parent.tag == "thead"
            assert element.attributes["scope"] == ("col" if in_head else "row")
        else:
            assert "scope" not in element.attributes
            role = None if cell.role is CellRole.TEXT else cell.role.value
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
def test_each_line_with_a_source_is_asked_about_once_and_in_order(document):
    asked = []

    def beside(line):
        asked.append(line)
        return ()

    assert html.write(document, beside) == html.write(document)
    assert list(map(id, asked)) == [id(line) for line in lines(document) if line.source]


@settings(max_examples=share(40), deadline=None)
@given(documents(), st.data())
def test_links_stand_where_they_are_said_to_and_change_no_word(document, data):
    expected = []

    def beside(line):
        places = sorted(data.draw(st.lists(st.integers(0, len(line.text)), max_size=6)))
        spans = list(zip(places[::2], places[1::2], strict=False))
        expected.append(
            [(span, {"class": "mark", "href": "#", "aria-label": "x"}) for span in spans]
        )
        return [html.Link("mark", "#", "x", around=span) for span in spans]

    printed = parsed(document, beside).all(*PRINTED)
    assert [e.text for e in printed] == [line.text for line in lines(document)]
    linked = [e.links for e, line in zip(printed, lines(document), strict=True) if line.source]
    assert linked == expected


@pytest.mark.parametrize(
    "spans", [[(3, 2)], [(-1, 2)], [(2, 6)], [(0, 2), (1, 3)], [(2, 3), (0, 1)], [(0, 5), (0, 0)]]
)
def test_links_that_would_change_the_words_are_refused(spans):
    document = Document((Section((Paragraph("五字の文。", source=Source("plan", "goal")),)),))
    with pytest.raises(ValueError, match="a link beyond its words, or not in their order"):
        html.write(document, lambda line: [html.Link("x", "#", "x", around=s) for s in spans])


def test_text_is_never_markup():
    text = '<script>alert("1")</script> &lt; \' -->'
    cell = Cell(text + "\n" + text, source=Source("<&\"'>", '" onclick="'))
    document = Document((Section((Paragraph(text), Table((Row((cell,)),)))),))
    assert "<script" not in html.write(document)
    (td,) = parsed(document).all("td")
    assert td.attributes == {}
    assert td.text == cell.text


def test_what_a_link_says_is_never_markup():
    cell = Cell(EVIL * 3, source=Source("plan", "goal"))
    document = Document((Section((Table((Row((cell,)),)),)),))
    around = (len(EVIL), 2 * len(EVIL))
    link = html.Link(EVIL, EVIL, EVIL, id=EVIL, around=around)
    (td,) = parsed(document, lambda line: [link]).all("td")
    assert td.text == cell.text
    assert td.links == [(around, dict.fromkeys(("class", "id", "href", "aria-label"), EVIL))]


@pytest.mark.parametrize("widths", [(1, 1, 2), (14, 24, 62)])
def test_widths_are_shares_of_the_whole(widths):
    table = Table((Row((Cell("x", colspan=3),)),), widths)
    columns = parsed(Document((Section((table,), Orientation.LANDSCAPE),))).all("col")
    shares = [int(column.attributes["width"].removesuffix("%")) for column in columns]
    assert shares == [round(100 * width / sum(widths)) for width in widths]


def test_no_style_attribute_that_the_security_policy_forbids():
    cells = Row((Cell("見出し", CellRole.HEADER), Cell("5", CellRole.FIGURE)))
    document = Document((Section((Heading("評価書"), Table((cells,), (1, 2)))),))
    assert not [e for e in parsed(document) if "style" in e.attributes]
