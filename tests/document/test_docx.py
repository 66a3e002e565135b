"""Word files: what is written, and that it is read again, also after another program saved it."""

import re
import shutil
import subprocess
import zipfile
from io import BytesIO

import docx as python_docx
import pytest
from docx.oxml.ns import qn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from evaluations import sample
from evaluations.form import compose
from evaluations.records.importing import read_source
from tests import published
from tests.document.strategies import documents, squeezed
from tests.document.word import (
    body_of,
    needs_libreoffice,
    parts,
    saved_by_libreoffice,
    written,
)
from tests.examples import share
from tokku.document import docx, json
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

HEADER, FIGURE = CellRole.HEADER, CellRole.FIGURE
COLUMNS = ("事業名", "事業概要", "関連する数値目標", "実績", "自治体名")
LONG = "あいうえお、かきくけこ。" * 250  # 3,000 characters
WORD = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 8


def with_running_lines(document):
    return docx.write(document, title="評価書", header="案　京浜", footer="第2版", base="{}\n <&>")


def list_of(*rows):
    return Table((Row(tuple(Cell(name, HEADER) for name in COLUMNS)), *rows), (16, 32, 9, 25, 9))


def scheme(number, outline="概要"):
    texts = (f"事業{number}", outline, "全て", "1,234件", "神奈川県\n横浜市\n川崎市")
    return Row(tuple(Cell(text) for text in texts))


def large_document():
    sheet = Table(
        (
            Row((Cell("", HEADER, 2), Cell("令和4年度", HEADER))),
            Row((Cell("評価指標(1)", HEADER, 1, 3), Cell("実績値", HEADER), Cell("5件", FIGURE))),
            Row((Cell("考え方", HEADER), Cell(LONG))),
            Row((Cell("特記事項", HEADER), Cell(LONG + WORD))),
        ),
        (14, 24, 62),
    )
    body = Section((Heading("評価書"), Paragraph("作成主体"), Paragraph(WORD), Paragraph(LONG)))
    schemes = list_of(*map(scheme, range(40)), scheme(40, LONG), scheme(41, WORD))
    return Document(
        (
            body,
            Section((Heading("別紙1", level=2), sheet, Note("※注")), Orientation.LANDSCAPE),
            Section((Heading("別紙3", level=2), schemes), Orientation.LANDSCAPE),
        )
    )


# Laws


@settings(max_examples=share(150), deadline=None)
@given(documents())
def test_what_is_written_is_read_again(document):
    reading = docx.read(with_running_lines(document))
    assert reading.document == document
    assert reading.base == "{}\n <&>"
    assert reading.notices == []


@settings(max_examples=share(50), deadline=None)
@given(documents())
def test_words_are_those_of_the_document(document):
    body = body_of(with_running_lines(document))
    assert squeezed(body.itertext()) == squeezed(document.words())


@settings(max_examples=share(25), deadline=None)
@given(documents())
def test_the_same_document_is_the_same_bytes(document):
    assert with_running_lines(document) == with_running_lines(document)


@settings(max_examples=share(50), deadline=None)
@given(documents())
def test_blocks_and_rows_know_their_places(document):
    reading = docx.read(with_running_lines(document))
    last = tables = 0
    for block in reading.document.blocks:
        tables += isinstance(block, Table)
        for number, line in enumerate(block.rows if isinstance(block, Table) else [block], 1):
            place = f"表{tables}の{number}行目" if isinstance(block, Table) else "段落"
            assert reading.places[line.line - 1].startswith(place)
            assert line.line > last
            last = line.line


def test_nothing_in_the_file_tells_when_or_by_what_it_was_made():
    members = parts(with_running_lines(large_document()))
    text = b"".join(members.values())
    assert set(re.findall(rb"\b(?:19|20)\d\d-\d\d-\d\d", text)) == {b"1980-01-01"}
    with zipfile.ZipFile(BytesIO(with_running_lines(large_document()))) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert b"python" not in text
    assert not [name for name in members if "thumbnail" in name]


# What the file tells Word


def test_the_file_says_its_title_and_language():
    word = python_docx.Document(BytesIO(written(Paragraph("本文"))))
    assert (word.core_properties.title, word.core_properties.language) == ("評価書", "ja-JP")
    language = word.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
    assert language.get(qn("w:eastAsia")) == "ja-JP"


def test_a_title_longer_than_word_allows_is_shortened():
    content = docx.write(Document((Section((Heading("長" * 300),)),)), title="長" * 300)
    assert len(python_docx.Document(BytesIO(content)).core_properties.title) == 255
    assert docx.read(content).document.title == "長" * 300


def test_headings_have_the_styles_of_word_and_stay_with_what_they_head():
    content = written(*(Heading(f"見出し{level}", level=level) for level in range(1, 7)))
    word = python_docx.Document(BytesIO(content))
    assert [p.style.name for p in word.paragraphs] == [f"Heading {level}" for level in range(1, 7)]
    for style in (paragraph.style for paragraph in word.paragraphs):
        while style.paragraph_format.keep_with_next is None:
            style = style.base_style
        assert style.paragraph_format.keep_with_next


def test_every_font_is_one_that_windows_has():
    content = with_running_lines(large_document())
    members = parts(content)
    fonts = {
        font
        for name, xml in members.items()
        if name.endswith(".xml") and "theme" not in name and "fontTable" not in name
        for font in re.findall(r'w:(?:ascii|eastAsia|hAnsi|cs)="([^"]*)"', xml.decode())
        if font != "ja-JP"
    }
    assert fonts == {"ＭＳ 明朝", "ＭＳ ゴシック"}
    styles = python_docx.Document(BytesIO(content)).styles
    for name in ("Heading 1", "Heading 4", "表の見出し"):
        assert styles[name].font.name == "ＭＳ ゴシック"
    assert styles["表の数値"].base_style.name == "表の見出し"


def test_sections_are_sheets_of_a4_upright_and_across():
    word = python_docx.Document(BytesIO(written_by_orientation("PLLP")))
    assert [
        (round(s.page_width.mm), round(s.page_height.mm), str(s.orientation)[:4])
        for s in word.sections
    ] == [
        (210, 297, "PORT"),
        (297, 210, "LAND"),
        (297, 210, "LAND"),
        (210, 297, "PORT"),
    ]


def written_by_orientation(letters):
    by_letter = {o.name[0]: o for o in Orientation}
    sections = (Section((list_of(scheme(1)),), by_letter[letter]) for letter in letters)
    return docx.write(Document(tuple(sections)), title="評価書")


def test_merged_cells_are_merged_for_word():
    table = Table(
        (
            Row((Cell("上", HEADER, 2), Cell("年", HEADER))),
            Row((Cell("左", HEADER, 1, 2), Cell("中"), Cell("1", FIGURE))),
            Row((Cell("下"), Cell("2", FIGURE))),
        )
    )
    word = python_docx.Document(BytesIO(written(table)))
    assert [[cell.text for cell in row.cells] for row in word.tables[0].rows] == [
        ["上", "上", "年"],
        ["左", "中", "1"],
        ["左", "下", "2"],
    ]
    merges = [cell.get(qn("w:val")) for cell in body_of(written(table)).iter(qn("w:vMerge"))]
    assert merges == ["restart", None]


def test_header_rows_repeat_and_rows_that_fit_on_a_page_stay_whole():
    rows = list(body_of(written(list_of(scheme(1), scheme(2, LONG)))).iter(qn("w:tr")))
    marks = [[child.tag.split("}")[1] for child in row.find(qn("w:trPr"))] for row in rows]
    assert marks == [["cantSplit", "tblHeader"], ["cantSplit"], []]


def test_figures_stand_at_the_right():
    content = written(Table((Row((Cell("実績値", HEADER), Cell("168億円", FIGURE))),)))
    word = python_docx.Document(BytesIO(content))
    figure = word.tables[0].rows[0].cells[1].paragraphs[0]
    assert (figure.style.name, str(figure.style.paragraph_format.alignment)) == (
        "表の数値",
        "RIGHT (2)",
    )


def test_columns_are_as_wide_as_the_document_says():
    (grid,) = body_of(written(list_of(scheme(1)))).iter(qn("w:tblGrid"))
    widths = [int(column.get(qn("w:w"))) for column in grid]
    assert [round(91 * width / sum(widths)) for width in widths] == [16, 32, 9, 25, 9]
    assert sum(widths) == pytest.approx((210 - 44) / 25.4 * 1440, abs=10)


def test_head_and_foot_run_on_every_page_with_the_number_of_the_page():
    word = python_docx.Document(BytesIO(with_running_lines(large_document())))
    assert [section.header.paragraphs[0].text for section in word.sections] == ["案　京浜"] * 3
    for section in word.sections:
        numbers, line = section.footer.paragraphs
        fields = [field.get(qn("w:instr")).strip() for field in numbers._p.iter(qn("w:fldSimple"))]
        assert (fields, line.text) == (["PAGE", "NUMPAGES"], "第2版")


def test_the_file_has_the_parts_that_word_expects():
    expected = {"document", "styles", "settings", "fontTable", "theme/theme1"}
    assert {f"word/{name}.xml" for name in expected} <= set(parts(written()))


def test_without_a_head_there_is_none():
    assert not [name for name in parts(written()) if "header" in name]


# The elements of each parent that the writer uses, in the order of their schema: Word takes no other.
ORDERS = {
    "p": ["pPr", "r"],
    "pPr": ["pStyle", "sectPr"],
    "tbl": ["tblPr", "tblGrid", "tr"],
    "tblPr": ["tblStyle", "tblW", "tblLayout", "tblLook"],
    "tr": ["trPr", "tc"],
    "trPr": ["cantSplit", "tblHeader"],
    "tc": ["tcPr", "p"],
    "tcPr": ["tcW", "gridSpan", "vMerge", "shd"],
    "sectPr": ["headerReference", "footerReference", "type", "pgSz", "pgMar"],
}


@settings(max_examples=share(50), deadline=None)
@given(documents())
def test_elements_stand_in_the_order_that_word_asks_for(document):
    body = body_of(with_running_lines(document))
    assert body[-1].tag == qn("w:sectPr")
    assert all(before.tag != qn("w:tbl") for before in [body[-2]])
    for element in body.iter():
        parent = element.tag.split("}")[1]
        children = [child.tag.split("}")[1] for child in element]
        if parent in ORDERS:
            assert children == sorted(children, key=ORDERS[parent].index)
        if parent == "tc":  # A cell ends in a paragraph.
            assert children[-1] == "p"
    for table in body.iter(qn("w:tbl")):  # Tables that touch would be joined.
        assert table.getnext().tag != qn("w:tbl")


# Saved again by LibreOffice


def shown(document):
    """The document without the columns of a table that no cell ends at: LibreOffice drops them."""
    sections = []
    for section in document.sections:
        blocks = [shown_table(b) if isinstance(b, Table) else b for b in section.blocks]
        sections.append(Section(tuple(blocks), section.orientation))
    return Document(tuple(sections))


def shown_table(table):
    grid = table.grid()
    starts = {place.column for places in grid for place in places}
    return Table(
        tuple(
            Row(
                tuple(
                    Cell(
                        place.cell.text,
                        place.cell.role,
                        sum(c in starts for c in range(c, c + place.cell.colspan)),
                        place.cell.rowspan,
                    )
                    for c, place in enumerate(places)
                    if (place.row, place.column) == (r, c)
                )
            )
            for r, places in enumerate(grid)
        )
    )


def read_after_libreoffice(originals, folder):
    """What is read of documents whose files LibreOffice has saved again."""
    contents = [
        docx.write(document, title="評価書", header="案", footer="第2版", base=json.write(document))
        for document in originals
    ]
    return list(map(docx.read, saved_by_libreoffice(contents, folder)))


@pytest.mark.slow
@needs_libreoffice
@settings(
    max_examples=share(2), deadline=None, phases=[Phase.generate], suppress_health_check=HealthCheck
)
@given(originals=st.lists(documents(), min_size=30, max_size=30))
def test_a_file_saved_again_by_libreoffice_reads_the_same(originals, tmp_path_factory):
    for document, reading in zip(
        originals,
        read_after_libreoffice(originals, tmp_path_factory.mktemp("libreoffice")),
        strict=True,
    ):
        assert reading.document == shown(document)
        assert (reading.base, reading.notices) == (json.write(document), [])


@pytest.mark.slow
@needs_libreoffice
def test_an_evaluation_saved_again_by_libreoffice_reads_the_same(tmp_path):
    originals = [*map(compose, sample.evaluations().values()), large_document()]
    if published.PATH.exists():
        originals.append(read_source(published.PATH).document)
    for document, reading in zip(
        originals, read_after_libreoffice(originals, tmp_path), strict=True
    ):
        assert reading.document == document
        assert (reading.base, reading.notices) == (json.write(document), [])


@pytest.mark.slow
@needs_libreoffice
@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext がありません")
def test_nothing_is_cut_at_the_end_of_a_page_or_of_a_cell(tmp_path):
    document = large_document()
    content = docx.write(document, title="評価書")
    (pdf,) = saved_by_libreoffice([content], tmp_path, "pdf")
    text = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=pdf, check=True, capture_output=True
    ).stdout.decode()
    printed, words = squeezed(text), squeezed(document.words())
    for character in "あおかこ。":
        assert printed.count(character) == words.count(character)
    assert printed.count("P") == words.count("P")
    for number in range(42):
        assert f"事業{number}" in printed


# At length


@pytest.mark.parametrize("zone", sample.ZONES.values(), ids=sample.ZONES)
def test_evaluations_are_written_and_read_whole(zone):
    for evaluation in zone.evaluations().values():
        document = compose(evaluation)
        reading = docx.read(docx.write(document, title=document.title, base=json.write(document)))
        assert reading.document == document
        assert json.read(reading.base) == document
        assert reading.notices == []


@published.needed
def test_the_published_evaluation_is_written_and_read_whole():
    document = read_source(published.PATH).document
    assert docx.read(docx.write(document, title=document.title)).document == document


def test_the_widest_and_longest_tables_are_read_again():
    wide = Table((Row(tuple(Cell(str(c)) for c in range(200))),) * 50)
    long = Table(tuple(Row((Cell(str(r)),)) for r in range(5_000)))
    document = Document((Section((wide, long, ListItem("・項目"))),))
    assert docx.read(docx.write(document, title="評価書")).document == document
