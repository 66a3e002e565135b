"""Any document that the tree allows, with text made to break its writers and readers."""

from collections.abc import Iterable

from hypothesis import strategies as st

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
    clean_line,
)

# Text that looks like a structure or like markup, and characters that conversions lose.
SAMPLES = (
    "該当なし",
    "1 見出し",
    "１　総合特区計画の概要",
    "前　　後",
    "a  b \xa0 c",
    "・項目",
    "※寄与度（注）",
    "○取組　□ 認められない",
    "【進捗度 129%】",
    "5㎡ ㈱ ① ㊿ ㌔ △1,234.5 —",
    "<b>太字</b> &amp; &lt; &#x3042; \"引用' <!-- -->",
    "</td></table><script>alert(1)</script>",
    "[ ] # 見出し * - | --- | `x` \\n \\t $ @ _",
    "#heading[=x] //",
    '{"kind": "table"}',
    "か\u3099 e\u0301 葛\U000e0100 👩\u200d💻 𠮷 𩸽",
    "\u200b幅なし\u200b",
    "\u202e逆\u202c",
)
ALPHABET = "あ漢A1１%,.※○・□△—㎡①𠮷🎌\u3099\u200b\xa0\u3000 <>&\"'[]#*-|\\"

LINE_BREAKING = "\t\n\r\v\f\x00\x1c\x7f\x85\u2028\u2029\ufeff\ufffe\ud800\udfff\U0010ffff"


def squeezed(words: Iterable[str]) -> str:
    """Words without any white space, for comparing what is said and not how it is set."""
    return "".join("".join(words).split())


def any_text() -> st.SearchStrategy[str]:
    """Any string that Python can hold, also with what cannot be printed."""
    return st.text(st.characters(exclude_categories=()), max_size=20) | st.text(
        st.sampled_from(LINE_BREAKING + " \u3000a")
    )


def lines() -> st.SearchStrategy[str]:
    texts = st.sampled_from(SAMPLES) | st.text(ALPHABET, max_size=8) | st.text(max_size=5)
    return texts.map(clean_line).filter(bool)


def sources() -> st.SearchStrategy[Source | None]:
    return st.none() | st.builds(Source, lines(), st.sampled_from(["name", "text", "<&\"'>"]))


@st.composite
def tables(draw: st.DrawFn, most: int = 4) -> Table:
    """Cells with arbitrary spans, drawn from the top left; a row may lie wholly below others."""
    columns, height = draw(st.integers(1, most)), draw(st.integers(1, most))
    header_rows = min(draw(st.sampled_from([0, 0, 1, 2])), height)
    spans = st.sampled_from([1, 1, 1, 2, 9])
    free = [[True] * columns for _ in range(height)]
    rows = []
    for r in range(height):
        cells = []
        for c in range(columns):
            if not free[r][c]:
                continue
            # What is free here is free below: nothing reaches there but from above.
            widest = next((w for w in range(columns - c) if not free[r][c + w]), columns - c)
            colspan, rowspan = min(draw(spans), widest), min(draw(spans), height - r)
            role = draw(st.sampled_from(CellRole))
            if r < header_rows:
                rowspan, role = 1, CellRole.HEADER
            for down in range(rowspan):
                free[r + down][c : c + colspan] = [False] * colspan
            text = "\n".join(draw(st.lists(lines(), max_size=2)))
            cells.append(Cell(text, role, colspan, rowspan, source=draw(sources())))
        rows.append(Row(tuple(cells)))
    widths = st.lists(st.integers(1, 100), min_size=columns, max_size=columns)
    return Table(tuple(rows), tuple(draw(st.just([]) | widths)))


def blocks() -> st.SearchStrategy[Heading | Paragraph | ListItem | Note | Table]:
    return st.one_of(
        st.builds(Heading, lines(), level=st.integers(1, 6), source=sources()),
        *(st.builds(kind, lines(), source=sources()) for kind in (Paragraph, ListItem, Note)),
        tables(),
        tables(),
    )


def documents() -> st.SearchStrategy[Document]:
    sections = st.builds(
        Section,
        st.lists(blocks(), min_size=1, max_size=4).map(tuple),
        st.sampled_from(Orientation),
        st.just("") | lines(),
    )
    return st.builds(Document, st.lists(sections, min_size=1, max_size=3).map(tuple))
