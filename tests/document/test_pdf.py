"""The PDF: the same words as the document, nothing cut off, a structure that a screen reader can follow."""

import os
import re
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pdfua
import pikepdf
import pylopdf_fonts_jp
import pytest
import typst
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from hypothesis import given, settings

from evaluations import sample
from evaluations.form import compose
from evaluations.management.commands.bench import all_changing
from tests.document.strategies import documents
from tests.examples import share
from tests.paper import MM, pages, printed, squeezed, structure
from tokku.document import pdf
from tokku.document.html import anchors
from tokku.document.pdf.compiling import MOST_MEMORY
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
    Table,
)

pytestmark = pytest.mark.slow

A4 = (595, 842)
# Text stands within these: left and right, top, bottom, in millimetres.
MARGINS = {A4: (22, 22, 20), A4[::-1]: (15, 17, 15)}


def written(document, **margins):
    return pdf.write(document, title="評価書", **margins)


def table_of(*rows, widths=(), header=True):
    def cells(row, role):
        return Row(tuple(cell if isinstance(cell, Cell) else Cell(cell, role) for cell in row))

    roles = [CellRole.HEADER if header else CellRole.TEXT, *[CellRole.TEXT] * (len(rows) - 1)]
    return Table(tuple(map(cells, rows, roles)), widths)


def document_of(*blocks, orientation=Orientation.LANDSCAPE):
    return Document((Section(blocks, orientation),))


@pytest.fixture(scope="module")
def document():
    return compose(sample.evaluations()[2023])


@pytest.fixture(scope="module")
def content(document):
    return written(document, head="令和5年度 見本の特区", mark="案", foot="第1版 0123456789ab")


# Words


@settings(max_examples=share(40))
@given(documents())
def test_words_are_those_of_the_document_in_its_order(document):
    assert squeezed(structure(written(document)).text) == printed(document.words())


def test_words_of_a_whole_evaluation_are_there_in_order_and_to_be_seen(document, content):
    assert squeezed(structure(content).text) == printed(document.words())
    everything = "".join(page.text for page in pages(content))
    missing = [word for word in document.words() if not set(squeezed(word)) <= set(everything)]
    assert missing == []


def test_years_are_found_by_searching_for_them(content):
    """A search takes a line as pdftotext does; a year that a line end cuts in two is found by nobody."""
    run = subprocess.run(["pdftotext", "-raw", "-", "-"], input=content, capture_output=True)
    lines = run.stdout.decode().splitlines()
    years = [year for line in lines for year in re.findall(r"令和\s*\d+\s*年度", line)]
    assert set(years) >= {"令和4年度", "令和5年度"}
    assert [year for year in years if " " in year] == []


def test_text_is_never_markup():
    text = '#panic() $x$ *a* _b_ `c` \\ " \\" <d> @e = f // g /* h #"i" [j] {k} ~ -- ... \'l\''
    cells = table_of([text], [text + "\n" + text])
    document = document_of(Heading(text), Paragraph(text), ListItem(text), Note(text), cells)
    content = pdf.write(document, title=text, head=text, mark=text, foot=text)
    assert squeezed(structure(content).text) == squeezed(document.words())
    with pikepdf.open(BytesIO(content)) as opened:
        assert opened.docinfo["/Title"] == text


def test_letter_that_no_font_has_is_a_geta_and_marks_nobody_sees_are_left_out():
    document = document_of(
        Paragraph("𠮷野 葛\U000e0100城 か\u3099 🎌 \ue000 \u202e逆\u202c \u200b幅")
    )
    content = pdf.write(document, title="🎌", head="🎌 \ue000", mark="案", foot="版")
    assert squeezed(structure(content).text) == "𠮷野葛城が〓〓逆幅"
    assert "〓〓" in pages(content)[0].text


def test_signs_that_no_japanese_font_has_are_printed():
    text = "約≒10 CO₂ 全体の⅓ ☑済 ☐未 ☑\ufe0f ✓"
    cells = table_of([text], [text], [Cell(text, CellRole.FIGURE)])
    document = document_of(Heading(text), Paragraph(text), ListItem(text), Note(text), cells)
    content = written(document)
    assert squeezed(structure(content).text) == squeezed(document.words())
    seen = pages(content)[0].text
    assert all(seen.count(squeezed(sign)) >= 7 for sign in "≒₂⅓☑☐✓")
    assert "〓" not in seen


def test_letter_that_changes_with_its_neighbour_is_a_geta_where_no_font_of_a_file_has_it():
    document = document_of(Paragraph("\ufa80 \ufa80\ufe0e 字\u0329"))
    assert squeezed(structure(written(document)).text) == printed(document.words())
    assert printed(document.words()).count("〓") == 3


def test_same_words_are_the_same_bytes(document, content):
    again = written(document, head="令和5年度 見本の特区", mark="案", foot="第1版 0123456789ab")
    assert again == content


# Pages


def test_margins_of_each_page_say_what_is_given_and_its_number(content):
    for number, page in enumerate(pages(content), 1):
        _, top, bottom = MARGINS[page.size]
        above = squeezed(word.text for word in page.words if word.bottom < top * MM)
        below = squeezed(word.text for word in page.words if word.top > page.height - bottom * MM)
        assert sorted(above) == sorted("令和5年度見本の特区案")
        assert below == f"{number}第1版0123456789ab"


def test_sections_begin_pages_of_their_orientation(document, content):
    sections = iter(document.sections)
    section = next(sections)
    following = next(sections)
    for page in pages(content)[1:]:
        first = squeezed([following.blocks[0].text]) if following else None
        if first and first in page.text[:200]:
            section, following = following, next(sections, None)
        landscape = section.orientation is Orientation.LANDSCAPE
        assert page.size == (A4[::-1] if landscape else A4)
    assert following is None


def test_each_sheet_of_annex_1_is_one_page(document, content):
    sheets = [section for section in document.sections if section.label.startswith("別紙1")]
    title = squeezed([sheets[0].blocks[0].text])
    texts = [page.text for page in pages(content) if title in page.text]
    assert len(texts) == len(sheets) > 1
    assert all("※寄与度:一つの評価指標" in text for text in texts)


def assert_nothing_is_cut(content, document):
    """All words of the document are there, within the margins of their pages, and none lies over another."""
    assert [cut for page in pages(content) for cut in page.cut(*MARGINS[page.size])] == []
    assert squeezed(structure(content).text) == printed(document.words())


LONG = {
    "word": "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3,
    "url": "https://www.example.lg.jp/a/very/long/path/" + "evaluation-2023-" * 12 + "?page=1&x=2",
    "figure": "123,456,789,012,345,678,901,234,567,890百万円",
    "punctuation": "…" * 80 + "（（（（（（（（（（" + "ー" * 80,
    "prose": "長い文章が続き、途中で切れることなく最後まで読めます。" * 111,
}


@pytest.mark.parametrize("kind", LONG)
@pytest.mark.parametrize("orientation", Orientation)
def test_nothing_is_cut_off_however_long(kind, orientation):
    text = LONG[kind]
    narrow = table_of(
        ["事業名", "事業概要", "関連する数値目標", "実績", "自治体名"],
        [text[:3000], text[:3000], "数値目標(1)－①", Cell(text[:3000], CellRole.FIGURE), "川崎市"],
        ["次の事業", "概要", "全て", "1件", "横浜市"],
        widths=(14, 40, 10, 12, 6),
    )
    blocks = (Heading(text[:300]), Paragraph(text), ListItem("・" + text), narrow, Note("※" + text))
    document = document_of(*blocks, orientation=orientation)
    assert_nothing_is_cut(written(document), document)


# A letter of each class of Unicode's rules for breaking lines (UAX 14), or two where it does not go alone.
CLASSES = {
    "AL": "a",
    "AL with CM": "a\u0301",
    "AL with ZWJ": "a\u200d",
    "AI": "①",
    "AI, a sign": "△",
    "B2": "—",
    "BA": "‐",
    "BA, wide space": "字\u3000",
    "BB": "´",
    "CJ": "っ",
    "CJ, long": "ー",
    "CL": "」",
    "CL, comma": "、",
    "CP": ")",
    "EM": "👍",
    "EX": "！",
    "EX, narrow": "!",
    "GL": "a\u00a0",
    "GL, narrow": "1\u202f",
    "GL, of a figure": "1\u2007",
    "GL, mark": "字\u0301",
    "H2": "가",
    "H3": "각",
    "HL": "א",
    "HY": "-",
    "ID": "漢",
    "ID with CM": "か\u3099",
    "ID, a sign": "㍿",
    "IN": "…",
    "IS": ",",
    "JL": "ᄀ",
    "NS": "々",
    "NS, kana": "ゝ",
    "NS, point": "・",
    "NU": "1",
    "OP": "「",
    "OP, narrow": "(",
    "PO": "%",
    "PR": "¥",
    "QU": '"',
    "QU, turned": "“",
    "RI": "🇯🇵",
    "SA": "ภ",
    "SY": "/",
    "WJ": "字\u2060",
    "ZW": "字\u200b",
    "ID, halfwidth": "ｱ",
}


@pytest.mark.parametrize("kind", CLASSES)
def test_letters_of_every_class_stay_on_their_lines(kind):
    text = (CLASSES[kind] * 200).strip()
    blocks = (
        Heading(text[:300].strip(), level=3),
        Paragraph(text),
        ListItem("・" + text),
        Note(text),
    )
    document = document_of(*blocks, orientation=Orientation.PORTRAIT)
    assert_nothing_is_cut(written(document), document)


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(kind, marks=[pytest.mark.full] if number % 5 else [])
        for number, kind in enumerate(CLASSES)
    ],
)
def test_letters_of_every_class_and_of_any_two_stay_in_their_cells(kind):
    every = list(CLASSES.values())
    letters = CLASSES[kind]
    pairs = [letters + other for other in every[every.index(letters) :]]
    texts = [letters * 400, *(pair * 15 for pair in pairs)]
    rows = [[text.strip(), ""] for text in texts]
    table = table_of([(letters * 100).strip(), ""], *rows, widths=(20, 80))
    document = document_of(table, orientation=Orientation.PORTRAIT)
    content = written(document)
    assert squeezed(structure(content).text) == printed(document.words())
    side, _, bottom = MARGINS[A4]
    edge = (side + (210 - 2 * side) * 20 / 100) * MM
    words = [
        word
        for page in pages(content)
        for word in page.words
        if word.middle < page.height - bottom * MM
    ]
    assert [word for word in words if word.ink[1] > edge] == []


def lines_of(content):
    """The words of a PDF line by line, from top to bottom."""
    lines = []
    for page in pages(content):
        for word in page.words:
            if lines and abs(lines[-1][0].middle - word.middle) < 1 and lines[-1][0] in page.words:
                lines[-1].append(word)
            else:
                lines.append([word])
    return [squeezed(word.text for word in line) for line in lines]


def test_space_that_does_not_break_is_one_that_does():
    name = "Kawasaki INnovation Gateway at King Skyfront Open Lab"
    table = table_of(["事業名", "概要"], [name.replace(" ", "\u00a0"), ""], widths=(14, 86))
    document = document_of(table)
    content = written(document)
    assert_nothing_is_cut(content, document)
    words = [word.text for page in pages(content) for word in page.words]
    assert set(name.split()) <= set(words)


@pytest.mark.parametrize("remark", ["【進捗度 107%】", "【進捗度 】", "【具体的な取組・成果】"])
def test_short_remark_is_kept_on_one_line(remark):
    url = "https://www.example.lg.jp/a/very/long/path/" * 4
    blocks = [
        block
        for count in range(20, 60)
        for text in ["字" * count + remark + "。"]
        for block in (Heading(text), Heading(text, level=4), Paragraph(text), Paragraph(text + url))
    ]
    document = document_of(*blocks, orientation=Orientation.PORTRAIT)
    content = written(document)
    assert_nothing_is_cut(content, document)
    whole = [line for line in lines_of(content) if squeezed([remark]) in line]
    assert len(whole) == len(blocks)


def test_remark_that_has_no_room_is_broken():
    narrow = table_of(["事業名", "概要"], ["【進捗度 107.123%】" * 3, ""], widths=(8, 92))
    document = document_of(narrow)
    assert_nothing_is_cut(written(document), document)


# Where pages end


def on_pages(*blocks):
    """The text of each page on which these stand, below so many lines that they come near the end of the first."""
    for count in range(30, 50):
        above = [Paragraph(f"前の行{number}") for number in range(count)]
        document = document_of(*above, *blocks, orientation=Orientation.PORTRAIT)
        yield [page.text for page in pages(written(document))]


def test_no_line_of_a_paragraph_is_alone_on_a_page():
    # Four lines of 43 letters and a half.
    for text in on_pages(Paragraph("文" * 160)):
        counts = [page.count("文") for page in text if "文" in page]
        assert sum(counts) == 160
        assert counts == [160] or min(counts) > 43


def test_item_stands_on_the_page_of_the_paragraph_below_it():
    blocks = (
        Heading("取組", level=4),
        ListItem("・病院"),
        Paragraph("説明" * 80),
        Paragraph("終わり"),
    )
    split = 0
    for text in on_pages(*blocks):
        (page,) = [page for page in text if "・病院" in page]
        assert "説明" in page
        assert "取組" in page
        split += any("説明" in other for other in text if other != page)
    assert split > 0


def test_items_longer_than_a_page_before_a_paragraph_begin_where_they_stand():
    items = [ListItem(f"・項目{number}") for number in range(60)]
    document = document_of(Paragraph("前"), *items, Paragraph("後"))
    content = written(document)
    assert_nothing_is_cut(content, document)
    assert "項目0" in pages(content)[0].text


def test_item_before_a_heading_may_end_a_page():
    blocks = [ListItem("・項目"), Heading("後の見出し"), Paragraph("本文")]
    assert any("・項目" in first and rest for first, *rest in on_pages(*blocks))


def test_heading_without_words_does_not_go_over_with_a_heading_of_a_higher_rank():
    blocks = Heading("成果", level=6), Heading("次の章", level=2), Paragraph("本文")
    apart = [text for text in on_pages(*blocks) if len(text) > 1 and "成果" in text[0]]
    assert apart
    assert all("次の章" not in first and "次の章" in second for first, second in apart)


def test_heading_goes_over_with_what_it_heads():
    blocks = Heading("章", level=2), Heading("節", level=3), Paragraph("本文")
    for text in on_pages(*blocks):
        (page,) = [page for page in text if "章" in page]
        assert "節本文" in page


def schemes(count, lines=1):
    rows = [
        [f"事業その{number}", "概要。" * 40 * lines, "全て", "実績", "川崎市"]
        for number in range(count)
    ]
    return table_of(["事業名", "事業概要", "関連する数値目標", "実績", "自治体名"], *rows)


def test_long_table_repeats_its_header_and_keeps_rows_whole():
    document = document_of(Heading("別紙"), schemes(40))
    content = written(document)
    assert_nothing_is_cut(content, document)
    printed_pages = pages(content)
    assert len(printed_pages) > 3
    assert all(page.text.count("関連する数値目標") == 1 for page in printed_pages)
    # 40 times 概要。 in each row, so that a row that is cut in two would leave less on its page.
    assert all(page.text.count("概要。") % 40 == 0 for page in printed_pages)
    assert sum(page.text.count("概要。") for page in printed_pages) == 40 * 40


def test_row_that_just_fits_on_a_page_is_kept_whole():
    # 36 lines of 13.5 points and the header in the 504 points of a page.
    tall = "\n".join(["行"] * 36)
    document = document_of(table_of(["見出し"], ["前の行"], [tall]))
    first, second = pages(written(document))
    assert "前の行" in first.text
    assert second.text.count("行") == 36


def test_row_longer_than_a_page_goes_on_where_it_begins():
    document = document_of(Heading("別紙"), schemes(2, lines=30))
    content = written(document)
    assert_nothing_is_cut(content, document)
    assert "概要。" in pages(content)[0].text


def test_sheet_whose_text_is_longer_goes_on_on_the_next_page():
    long = "要因の分析。" * 500
    rows = [
        ["", "令和4年度"],
        [Cell("評価指標(1)", CellRole.HEADER, rowspan=3), "目標値"],
        [long],
        ["外部要因"],
    ]
    document = document_of(Heading("別紙1"), table_of(*rows), Note("※寄与度"))
    content = written(document)
    assert_nothing_is_cut(content, document)
    assert len(pages(content)) > 1


# Structure


def test_it_is_declared_as_pdf_a_2a_and_pdf_ua_1(content):
    with pikepdf.open(BytesIO(content)) as opened:
        metadata = opened.open_metadata()
        assert metadata.pdfa_status == "2A"
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == opened.docinfo["/Title"] == "評価書"
        assert metadata["dc:language"] == {"ja-JP"}
        assert opened.Root.Lang == "ja-JP"
        assert opened.Root.MarkInfo.Marked
        assert opened.Root.ViewerPreferences.DisplayDocTitle
        assert opened.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert not opened.is_encrypted


def test_every_font_is_embedded_and_holds_only_what_is_used(content):
    with pikepdf.open(BytesIO(content)) as opened:
        fonts = [
            o
            for o in opened.objects
            if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"
        ]
        assert len(fonts) == 2
        for font in fonts:
            assert str(font.FontName)[7] == "+"
            assert "/FontFile3" in font
    assert len(content) < 1_000_000


def fonts_of(content):
    with pikepdf.open(BytesIO(content)) as opened:
        objects = [o for o in opened.objects if isinstance(o, pikepdf.Dictionary)]
        return {str(o.FontName)[8:] for o in objects if o.get("/Type") == "/FontDescriptor"}


def test_font_in_a_folder_is_preferred_and_others_still_help_out(tmp_path):
    with TTFont(pylopdf_fonts_jp.serif_path()) as font:
        for number, name in {1: "BIZ UDPMincho", 4: "BIZ UDPMincho", 6: "BIZUDPMincho"}.items():
            font["name"].setName(name, number, 3, 1, 0x409)
        font["CFF "].cff.fontNames[0] = "BIZUDPMincho"
        options = Options(layout_features=[], notdef_outline=True)
        options.name_IDs = ["*"]
        subsetter = Subsetter(options)
        subsetter.populate(text="本文")
        subsetter.subset(font)
        font.save(tmp_path / "font.otf")
    document = document_of(Heading("見出し"), Paragraph("本文と字"))
    content = written(document, font_paths=[tmp_path])
    assert fonts_of(content) == {"BIZUDPMincho", "NotoSerifJP-Regular", "NotoSansJP-Regular"}
    assert squeezed(structure(content).text) == squeezed(document.words())
    assert fonts_of(written(document)) == {"NotoSerifJP-Regular", "NotoSansJP-Regular"}


def test_headings_are_tagged_and_make_the_outline(document, content):
    headings = [block for block in document.blocks if isinstance(block, Heading)]
    tags = structure(content).all(*(f"H{level}" for level in range(1, 7)))
    assert [(tag.tag, squeezed(tag.text)) for tag in tags] == [
        (f"H{heading.level}", squeezed(heading.text)) for heading in headings
    ]
    with pikepdf.open(BytesIO(content)) as opened, opened.open_outline() as outline:

        def lines(items, level=1):
            for item in items:
                yield level, item.title
                yield from lines(item.children, level + 1)

        outline_lines = list(lines(outline.root))
    assert outline_lines == [(anchor.level, anchor.text) for anchor in anchors(document)]


def test_levels_of_headings_follow_each_other_whatever_the_document():
    document = document_of(*(Heading(f"段階{level}", level=level) for level in (3, 6, 2, 2, 4)))
    tags = [tag.tag for tag in structure(written(document)) if tag.tag.startswith("H")]
    assert tags == ["H1", "H2", "H2", "H2", "H3"]


def with_headers(document):
    """The tables that PDF/UA takes for tables: those with labels over their columns."""
    return [block for block in document.blocks if isinstance(block, Table) and block.header_rows]


def test_checker_of_accessibility_finds_nothing(content, tmp_path):
    """It knows a part of what a machine can tell of PDF/UA-1, and needs no Java."""
    path = tmp_path / "evaluation.pdf"
    path.write_bytes(content)
    assert [str(finding) for finding in pdfua.validate(str(path)).findings] == []


def test_items_are_lists_and_tables_have_rows_with_their_spans(document, content):
    tree = structure(content)
    items = [block.text for block in document.blocks if isinstance(block, ListItem)]
    assert [squeezed(li.text) for li in tree.all("LI")] == [squeezed([item]) for item in items]
    for element, table in zip(tree.all("Table"), with_headers(document), strict=True):
        rows = element.all("TR")
        assert [
            [
                (
                    squeezed(cell.text),
                    cell.attributes.get("ColSpan", 1),
                    cell.attributes.get("RowSpan", 1),
                )
                for cell in row.all("TH", "TD")
            ]
            for row in rows
        ] == [
            [(squeezed([cell.text]), cell.colspan, cell.rowspan) for cell in row.cells]
            for row in table.rows
        ]


def test_headers_of_columns_say_that_they_are(document, content):
    tables = with_headers(document)
    for element, table in zip(structure(content).all("Table"), tables, strict=True):
        heads = element.all("THead")
        headers = [cell for head in heads for cell in head.all("TH", "TD")]
        expected = [cell.text for row in table.rows[: table.header_rows] for cell in row.cells]
        assert [squeezed(cell.text) for cell in headers] == [squeezed([text]) for text in expected]
        assert all(cell.tag == "TH" and cell.attributes["Scope"] == "/Column" for cell in headers)


# Many at once, and for long


def variant(document, number):
    first, *others = document.sections
    return Document(
        (Section((*first.blocks, Paragraph(f"{number}回目")), first.orientation), *others)
    )


@pytest.mark.full
def test_fifty_at_once_are_each_what_one_alone_is(document):
    alone = [written(variant(document, number)) for number in range(5)]
    with ThreadPoolExecutor(50) as pool:
        together = list(pool.map(lambda number: written(variant(document, number % 5)), range(50)))
    assert together == alone * 10


def test_a_process_that_was_killed_is_replaced(document):
    first = written(document)
    os.kill(pdf._compiler._process.pid, signal.SIGKILL)
    assert written(document) == first


def test_what_typst_refuses_is_told(document):
    with pytest.raises(typst.TypstError, match="unclosed"):
        pdf._compiler.compile(b"#(", ())
    assert written(document)


@pytest.mark.full
@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="測る手段がありません")
def test_a_process_that_has_grown_is_replaced(document):
    processes = set()
    for _, changed in zip(range(40), all_changing(document), strict=False):
        written(changed)
        if process := pdf._compiler._process:
            processes.add(process.pid)
    assert len(processes) > 1


@pytest.mark.full
@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="測る手段がありません")
def test_memory_stays_flat_over_300_different_ones():
    def resident(process="self"):
        with open(f"/proc/{process}/statm") as figures:
            return int(figures.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def write(number):
        text = f"{number}番目の文。" * 20
        written(
            document_of(
                Heading(text),
                Paragraph(text),
                table_of(["見出し"], *[[f"{row}{text}"] for row in range(10)]),
            )
        )

    for number in range(60):
        write(number)
    before = resident()
    for number in range(60, 360):
        write(number)
        if process := pdf._compiler._process:
            assert resident(process.pid) <= MOST_MEMORY
    assert resident() - before < 30 * 1024**2
