"""Word files as officials and other programs leave them: what is read, and which notices there are."""

import re

import pytest

from tests.document.word import (
    MAIN,
    RELATIONSHIPS,
    blocks,
    changed,
    packed,
    parts,
    with_body,
    written,
)
from tokku.document import docx
from tokku.document.tree import (
    Cell,
    CellRole,
    Heading,
    ListItem,
    Note,
    Orientation,
    Paragraph,
    Row,
    Table,
)

HEADER, FIGURE = CellRole.HEADER, CellRole.FIGURE
AUTHOR = 'w:id="1" w:author="甲" w:date="2024-06-01T00:00:00Z"'


def r(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(content, properties=""):
    content = content if content.startswith("<") else r(content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def styled(style, text):
    return p(text, f'<w:pStyle w:val="{style}"/>')


def tc(content, properties=""):
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content if '<' in content else p(content)}</w:tc>"


def tr(*cells, properties=""):
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(map(str, cells))}</w:tr>"


def tbl(*rows):
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def read(body, **parts):
    return docx.read(with_body(body, **parts))


# Changes that were tracked


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            p(r("前") + f"<w:ins {AUTHOR}>{r('加')}</w:ins>" + r("後")),
            [Paragraph("前加後")],
            id="inserted words",
        ),
        pytest.param(
            p(r("前") + f"<w:del {AUTHOR}><w:r><w:delText>消</w:delText></w:r></w:del>" + r("後")),
            [Paragraph("前後")],
            id="deleted words",
        ),
        pytest.param(
            p("前", f"<w:rPr><w:del {AUTHOR}/></w:rPr>") + styled("Item", "後"),
            [ListItem("前後")],
            id="deleted end of a paragraph",
        ),
        pytest.param(
            p("前", f"<w:rPr><w:del {AUTHOR}/></w:rPr>") + tbl(tr(tc("甲"))) + p("後"),
            [Paragraph("前"), Table((Row((Cell("甲"),)),)), Paragraph("後")],
            id="deleted end of a paragraph before a table",
        ),
        pytest.param(
            p(
                f"<w:del {AUTHOR}><w:r><w:delText>消</w:delText></w:r></w:del>",
                f"<w:rPr><w:del {AUTHOR}/></w:rPr>",
            )
            + styled("Heading2", "見出し"),
            [Heading("見出し", level=2)],
            id="deleted paragraph",
        ),
        pytest.param(
            p(
                f"<w:moveFrom {AUTHOR}>{r('動')}</w:moveFrom>",
                f"<w:rPr><w:moveFrom {AUTHOR}/></w:rPr>",
            )
            + p("間")
            + p(f"<w:moveTo {AUTHOR}>{r('動')}</w:moveTo>", f"<w:rPr><w:moveTo {AUTHOR}/></w:rPr>"),
            [Paragraph("間"), Paragraph("動")],
            id="moved paragraph",
        ),
        pytest.param(
            tbl(tr(tc("甲")), tr(tc("乙"), properties=f"<w:del {AUTHOR}/>")),
            [Table((Row((Cell("甲"),)),))],
            id="deleted row",
        ),
        pytest.param(
            tbl(tr(tc("甲")), tr(tc("乙"), properties=f"<w:ins {AUTHOR}/>")),
            [Table((Row((Cell("甲"),)), Row((Cell("乙"),))))],
            id="inserted row",
        ),
        pytest.param(
            p("前") + tbl(tr(tc("甲"), properties=f"<w:del {AUTHOR}/>")) + p("後"),
            [Paragraph("前"), Paragraph("後")],
            id="deleted table",
        ),
    ],
)
def test_tracked_changes_are_read_as_accepted_and_noted(body, expected):
    reading = read(body)
    assert blocks(reading) == expected
    (notice,) = reading.notices
    assert notice.startswith("変更履歴が")
    assert notice.endswith("。承諾したものとして読み取りました。")


def test_tracked_changes_of_format_are_noted():
    reading = read(
        p("本文", f'<w:pPrChange {AUTHOR}><w:pPr><w:pStyle w:val="Item"/></w:pPr></w:pPrChange>')
    )
    assert blocks(reading) == [Paragraph("本文")]
    assert reading.notices == ["書式の変更履歴が1か所あります。承諾したものとして読み取りました。"]


# What a document cannot hold

PICTURE = (
    '<w:r><w:drawing><wp:inline><a:graphic><a:graphicData uri="x"/></a:graphic></wp:inline>'
    "</w:drawing></w:r>"
)
BOX = (
    '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline><a:graphic>'
    '<a:graphicData uri="x"><wps:wsp><wps:txbx><w:txbxContent>{0}</w:txbxContent></wps:txbx>'
    "</wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback>"
    "<w:pict><v:shape><v:textbox><w:txbxContent>{0}</w:txbxContent></v:textbox></v:shape></w:pict>"
    "</mc:Fallback></mc:AlternateContent></w:r>"
).format(p("囲み"))


@pytest.mark.parametrize(
    ("content", "text", "notice"),
    [
        pytest.param(
            r("本文") + '<w:r><w:commentReference w:id="0"/></w:r>' * 2,
            "本文",
            "コメントが2件あります（段落2）。読み取っていません。",
            id="comments",
        ),
        pytest.param(
            f'<w:hyperlink r:id="rId9">{r("本文")}</w:hyperlink>',
            "本文",
            "リンクが1か所あります（段落2）。文字だけを読み取り、リンク先は読み取っていません。",
            id="link",
        ),
        pytest.param(
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK "x"'
            '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            + r("本文")
            + '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
            "本文",
            "リンクが1か所あります（段落2）。文字だけを読み取り、リンク先は読み取っていません。",
            id="link as a field",
        ),
        pytest.param(
            r("本文") + PICTURE,
            "本文",
            "図や画像が1点あります（段落2）。読み取っていません。",
            id="picture",
        ),
        pytest.param(
            r("本文") + BOX,
            "本文",
            "テキストボックスや図形の文字が1か所あります（段落2）。読み取っていません：「囲み」",
            id="text box",
        ),
        pytest.param(
            r("本文") + '<w:r><w:footnoteReference w:id="2"/></w:r>',
            "本文",
            "脚注が1件あります（段落2）。読み取っていません：「脚注の文」",
            id="footnote",
        ),
        pytest.param(
            r("本文") + "<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>",
            "本文",
            "数式が1か所あります（段落2）。読み取っていません：「x=1」",
            id="equation",
        ),
        pytest.param(
            r("本文") + r("内緒", "<w:vanish/>"),
            "本文",
            "隠し文字が1か所あります（段落2）。読み取っていません：「内緒」",
            id="hidden words",
        ),
        pytest.param(
            "<w:r><w:ruby><w:rubyPr/><w:rt>"
            + r("ほんぶん")
            + "</w:rt><w:rubyBase>"
            + r("本文")
            + "</w:rubyBase></w:ruby></w:r>",
            "本文",
            "ふりがなが1か所あります（段落2）。元の文字だけを読み取り、ふりがなは読み取っていません：「ほんぶん」",
            id="ruby",
        ),
        pytest.param(
            r("本") + r("文", "<w:strike/>"),
            "本文",
            "取消線の文字が1か所あります（段落2）。取り消さずに読み取りました：「文」",
            id="struck out",
        ),
        pytest.param(
            r("5m") + r("2", '<w:vertAlign w:val="superscript"/>'),
            "5m2",
            "上付き・下付きの文字が1か所あります（段落2）。普通の文字として読み取りました：「2」",
            id="raised",
        ),
        pytest.param(
            r("本文") + '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>',
            "本文",
            "読み取れない部品が1点あります（段落2）。読み取っていません：「Wingdingsの記号」",
            id="symbol of a font",
        ),
        pytest.param(
            r("本文") + "<w:novelty>" + r("新しい") + "</w:novelty>",
            "本文",
            "読み取れない部品が1点あります（段落2）。読み取っていません：「新しい」",
            id="unknown to all",
        ),
    ],
)
def test_what_a_document_cannot_hold_is_named_with_its_place(content, text, notice):
    footnotes = f'<w:footnote w:id="2">{p("脚注の文")}</w:footnote>'
    reading = read(styled("Heading1", "評価書") + p(content), footnotes=footnotes)
    assert blocks(reading) == [Heading("評価書"), Paragraph(text)]
    assert reading.notices == [notice]


def test_places_are_named_a_few_at_a_time():
    comment = '<w:r><w:commentReference w:id="0"/></w:r>'
    reading = read((p("本文") + tbl(tr(tc("甲")), tr(tc(p(r("乙") + comment))))) * 9)
    assert reading.notices == [
        "コメントが9件あります（表1の2行目、表2の2行目、表3の2行目、表4の2行目、表5の2行目 ほか）。"
        "読み取っていません。"
    ]


def test_long_texts_are_named_in_short():
    (notice,) = read(p(r("本文") + r("長" * 200, "<w:vanish/>"))).notices
    assert notice.endswith("：「" + "長" * 60 + "…」")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            '<w:bookmarkStart w:id="0" w:name="a"/>{}<w:bookmarkEnd w:id="0"/>', id="mark"
        ),
        pytest.param('<w:proofErr w:type="spellStart"/>{}', id="spelling"),
        pytest.param("<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>", id="control"),
        pytest.param('<w:smartTag w:element="x">{}</w:smartTag>', id="smart tag"),
        pytest.param('<w:fldSimple w:instr=" TITLE ">{}</w:fldSimple>', id="field"),
        pytest.param('<w:hyperlink w:anchor="a">{}</w:hyperlink>', id="link within the file"),
        pytest.param("<!-- 注釈 -->{}<?pi x?>", id="comments of the XML"),
        pytest.param(
            "{}<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
            + r("ここをクリックして入力")
            + "</w:sdtContent></w:sdt>",
            id="placeholder",
        ),
        pytest.param("{}" + r("", "<w:strike/>"), id="nothing struck out"),
        pytest.param("{}" + r("", "<w:vanish/>"), id="nothing hidden"),
    ],
)
def test_what_says_nothing_is_passed_over(content):
    reading = read(p(content.format(r("本文", '<w:b/><w:strike w:val="0"/>'))))
    assert (blocks(reading), reading.notices) == ([Paragraph("本文")], [])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<w:r><w:t>前</w:t><w:tab/><w:t>後</w:t></w:r>", [Paragraph("前 後")]),
        ("<w:r><w:t>前</w:t><w:br/><w:t>後</w:t></w:r>", [Paragraph("前"), Paragraph("後")]),
        ("<w:r><w:t>4</w:t><w:noBreakHyphen/><w:t>5</w:t></w:r>", [Paragraph("4\u20115")]),
        ('<w:r><w:sym w:font="ＭＳ 明朝" w:char="25A0"/></w:r>', [Paragraph("■")]),
        ('<w:r><w:br w:type="page"/></w:r>' + r("本文"), [Paragraph("本文")]),
        (r("　") + r(" 本文 "), [Paragraph("本文")]),
    ],
)
def test_marks_within_a_line_are_read(content, expected):
    assert blocks(read(p(content))) == expected


# Headings and other styles


def style(name, properties="", based_on="Normal", kind="paragraph"):
    return (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        f'</w:style><w:style w:type="{kind}" w:styleId="x"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{based_on}"/><w:pPr>{properties}</w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="h2"><w:name w:val="heading 2"/></w:style>'
    )


@pytest.mark.parametrize(
    ("styles", "expected"),
    [
        (style("heading 3"), Heading("文", level=3)),
        (style("Heading 3"), Heading("文", level=3)),
        (style("見出し 3"), Heading("文", level=3)),
        (style("見出し３"), Heading("文", level=3)),
        (style("見出し 3 (コピー)"), Heading("文", level=3)),
        (style("heading 3,旧"), Heading("文", level=3)),
        (style("独自", based_on="h2"), Heading("文", level=2)),
        (style("独自", '<w:outlineLvl w:val="3"/>'), Heading("文", level=4)),
        (style("独自", '<w:outlineLvl w:val="9"/>', based_on="h2"), Paragraph("文")),
        (style("Title"), Heading("文", level=1)),
        (style("heading 12"), Paragraph("文")),
        (style("heading 3", kind="character"), Paragraph("文")),
        (style("項目"), ListItem("文")),
        (style("注"), Note("文")),
        (style("独自", based_on="x"), Paragraph("文")),  # on itself
        (style("独自", based_on="nothing"), Paragraph("文")),
    ],
)
def test_styles_are_known_by_name_and_by_what_they_are_based_on(styles, expected):
    reading = read(styled("x", "文"), styles=styles)
    assert (blocks(reading), reading.notices) == ([expected], [])


def test_a_paragraph_may_say_its_level_itself():
    reading = read(p("文", '<w:outlineLvl w:val="1"/>'))
    assert blocks(reading) == [Heading("文", level=2)]


def test_a_level_deeper_than_a_document_has_is_noted():
    reading = read(p("文", '<w:outlineLvl w:val="8"/>'))
    assert blocks(reading) == [Heading("文", level=6)]
    assert reading.notices == [
        "7段階目より深い見出しが1か所あります（段落1）。6段階目の見出しとして読み取りました。"
    ]


def test_a_heading_over_two_lines_is_one_heading():
    reading = read(styled("Heading2", "<w:r><w:t>前</w:t><w:br/><w:t>後</w:t></w:r>"))
    assert blocks(reading) == [Heading("前 後", level=2)]


def test_headings_that_were_moved_are_read_where_they_are():
    content = written(Heading("一"), Paragraph("甲"), Heading("二"), Paragraph("乙"))

    def swap(xml):
        first, second = (match.start() for match in re.finditer('<w:p><w:pPr>[^>]*"Heading1"', xml))
        end = xml.index("<w:sectPr")
        return xml[:first] + xml[second:end] + xml[first:second] + xml[end:]

    reading = docx.read(changed(content, MAIN, swap))
    assert [block.text for block in blocks(reading)] == ["二", "乙", "一", "甲"]


def test_a_table_of_contents_is_noted_and_not_read():
    reading = read(p("本文") + styled("x", "1 概要 …… 3"), styles=style("toc 1"))
    assert blocks(reading) == [Paragraph("本文")]
    assert reading.notices == ["目次が1行あります（段落2）。読み取っていません。"]


LISTS = (
    '<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:numFmt w:val="{}"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
)
IN_LIST = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{}"/></w:numPr>'


@pytest.mark.parametrize(
    ("number_format", "number", "expected", "notice"),
    [
        (
            "bullet",
            1,
            [ListItem("・文")],
            "自動の行頭記号が1か所あります（段落1）。「・」の項目として",
        ),
        (
            "decimal",
            1,
            [Paragraph("文")],
            "自動の段落番号が1か所あります（段落1）。番号は読み取って",
        ),
        ("none", 1, [Paragraph("文")], ""),
        ("bullet", 0, [Paragraph("文")], ""),
    ],
)
def test_numbers_that_word_counts_are_noted(number_format, number, expected, notice):
    reading = read(p("文", IN_LIST.format(number)), numbering=LISTS.format(number_format))
    assert blocks(reading) == expected
    assert len(reading.notices) == bool(notice)
    assert "".join(reading.notices).startswith(notice)


def test_a_mark_that_is_there_is_not_doubled():
    reading = read(p("・文", IN_LIST.format(1)), numbering=LISTS.format("bullet"))
    assert blocks(reading) == [ListItem("・文")]


def test_a_file_without_styles_is_read():
    assert blocks(read(styled("Heading1", "文"), styles="")) == [Paragraph("文")]


# Tables


def test_cells_and_rows_that_were_added_are_read():
    table = tbl(
        tr(tc(styled("CellLabel", "事業名")), tc(styled("CellLabel", "実績"))),
        tr(tc("甲"), tc(styled("CellFigure", "5件"))),
        tr(tc(p("乙") + p("") + p("丙")), tc("")),
    )
    assert blocks(read(table)) == [
        Table(
            (
                Row((Cell("事業名", HEADER), Cell("実績", HEADER))),
                Row((Cell("甲"), Cell("5件", FIGURE))),
                Row((Cell("乙\n丙"), Cell(""))),
            )
        )
    ]


def test_a_row_with_too_few_cells_is_filled_up_and_noted():
    reading = read(
        tbl(
            tr(tc("甲"), tc("乙"), tc("丙")),
            tr(tc("丁")),
            tr(tc("戊"), properties='<w:gridBefore w:val="1"/><w:gridAfter w:val="1"/>'),
        )
    )
    assert blocks(reading) == [
        Table(
            (
                Row((Cell("甲"), Cell("乙"), Cell("丙"))),
                Row((Cell("丁"), Cell(colspan=2))),
                Row((Cell(), Cell("戊"), Cell())),
            )
        )
    ]
    assert reading.notices == [
        "列の足りない表の行が1か所あります（表1の2行目）。空欄を補いました。"
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            [
                [tc("甲", '<w:vMerge w:val="restart"/>'), tc("乙")],
                [tc("", "<w:vMerge/>"), tc("丙")],
                [tc("", '<w:vMerge w:val="continue"/>'), tc("丁")],
            ],
            [[Cell("甲", rowspan=3), Cell("乙")], [Cell("丙")], [Cell("丁")]],
            id="over three rows",
        ),
        pytest.param(
            [[tc("甲", '<w:gridSpan w:val="2"/>')], [tc("乙"), tc("丙")]],
            [[Cell("甲", colspan=2)], [Cell("乙"), Cell("丙")]],
            id="over two columns",
        ),
        pytest.param(
            [
                [tc("甲", '<w:vMerge w:val="restart"/>')],
                [tc("乙", '<w:vMerge w:val="restart"/>')],
                [tc("", "<w:vMerge/>")],
            ],
            [[Cell("甲")], [Cell("乙", rowspan=2)], []],
            id="one after another",
        ),
        pytest.param(
            [[tc("甲"), tc("乙")], [tc("丙", "<w:vMerge/>"), tc("丁")]],
            [[Cell("甲"), Cell("乙")], [Cell("丙"), Cell("丁")]],
            id="nothing above to go on from",
        ),
        pytest.param(
            [
                [tc("甲", '<w:vMerge w:val="restart"/>'), tc("乙")],
                [tc("丙", '<w:gridSpan w:val="2"/><w:vMerge/>')],
            ],
            [[Cell("甲"), Cell("乙")], [Cell("丙", colspan=2)]],
            id="wider than the one above",
        ),
    ],
)
def test_merged_cells_are_read(rows, expected):
    reading = read(tbl(*(tr(*cells) for cells in rows)))
    assert blocks(reading) == [Table(tuple(Row(tuple(cells)) for cells in expected))]
    assert reading.notices == []


def test_words_that_merging_covers_are_noted():
    reading = read(
        tbl(tr(tc("甲", '<w:vMerge w:val="restart"/>')), tr(tc("覆われた文", "<w:vMerge/>")))
    )
    assert reading.notices == [
        "結合されたセルに隠れた文字が1か所あります（表1の2行目）。読み取っていません：「覆われた文」"
    ]


def test_a_table_within_a_table_is_read_as_its_words():
    reading = read(tbl(tr(tc(p("前") + tbl(tr(tc("甲"), tc("乙"))) + p("後")))))
    assert blocks(reading) == [Table((Row((Cell("前\n甲\n乙\n後"),)),))]
    assert reading.notices == [
        "表の中の表が1か所あります（表1の1行目）。文字だけを読み取りました。"
    ]


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(tbl(tr(tc("甲", '<w:gridSpan w:val="1000000000"/>'))), id="span"),
        pytest.param(tbl(tr(*[tc("甲")] * 201)), id="columns"),
        pytest.param(tbl(*[tr(tc("甲"))] * 5_001), id="rows"),
        pytest.param(tbl(tr(tc("甲"), properties='<w:gridBefore w:val="999999"/>')), id="indent"),
    ],
)
def test_a_table_that_is_too_large_is_refused_by_its_number(table):
    with pytest.raises(docx.UnreadableWordFile, match="^表2が大きすぎます。$"):
        read(tbl(tr(tc("小"))) + table)


# Sections

PORTRAIT = '<w:sectPr>{}<w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'
LANDSCAPE = '<w:sectPr>{}<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/></w:sectPr>'
CONTINUOUS = '<w:type w:val="continuous"/>'


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (PORTRAIT.format(""), LANDSCAPE.format(""), [("一", "portrait"), ("二", "landscape")]),
        (PORTRAIT.format(""), PORTRAIT.format(""), [("一", "portrait"), ("二", "portrait")]),
        (PORTRAIT.format(""), PORTRAIT.format(CONTINUOUS), [("一二", "portrait")]),
        (
            PORTRAIT.format(""),
            LANDSCAPE.format(CONTINUOUS),
            [("一", "portrait"), ("二", "landscape")],
        ),
        ("", LANDSCAPE.format(""), [("一二", "landscape")]),
        (LANDSCAPE.format(""), "", [("一", "landscape"), ("二", "portrait")]),
    ],
)
def test_sections_begin_on_a_new_page(first, second, expected):
    document = read(p("一", first) + p("二") + second).document
    assert [
        ("".join(block.text for block in section.blocks), section.orientation.value)
        for section in document.sections
    ] == expected


def test_a_section_without_words_is_no_section():
    document = read(p("一", PORTRAIT.format("")) + p("", LANDSCAPE.format("")) + p("二")).document
    assert [section.orientation for section in document.sections] == [Orientation.PORTRAIT] * 2


# What it was made from


def test_a_file_that_lost_what_it_was_made_from_is_read_without():
    members = parts(written(Paragraph("本文"), base="{}"))
    assert docx.read(packed(members)).base == "{}"
    relationships = re.sub(rb"<Relationship [^>]*customXml[^>]*/>", b"", members[RELATIONSHIPS])
    kept = {name: part for name, part in members.items() if not name.startswith("customXml")}
    reading = docx.read(packed({**kept, RELATIONSHIPS: relationships}))
    assert (blocks(reading), reading.base) == ([Paragraph("本文")], "")


def test_what_other_programs_keep_in_the_file_is_not_taken_for_it():
    content = changed(
        written(base="{}"), "customXml/item1.xml", lambda xml: xml.replace("urn:tokku", "urn:other")
    )
    assert docx.read(content).base == ""
