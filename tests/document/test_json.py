import json as standard
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.document.strategies import documents
from tests.examples import share
from tokku.document import html, json, text
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

REFUSAL = "^評価書の JSON として読み取れません。$"


@settings(max_examples=share(80), deadline=None)
@given(documents())
def test_what_is_written_is_read_again(document):
    again = json.read(json.write(document))
    assert again == document
    assert asdict(again) == asdict(document)  # Sources, labels and widths, too.


@settings(max_examples=share(50), deadline=None)
@given(documents())
def test_the_same_document_is_the_same_bytes(document):
    written = json.write(document)
    assert json.write(json.read(written)).encode() == written.encode()
    assert standard.loads(written) == json.as_data(document)
    # The order of an object's names and the white space around them say nothing.
    shuffled = standard.dumps(standard.loads(written), sort_keys=True, indent=4)
    assert json.write(json.read(shuffled)) == written


def test_the_format_stays_as_sealed():
    row = Row(
        (Cell("投資額", CellRole.HEADER, 2, 1, source=Source("target/1-1", "name")), Cell("5"))
    )
    sheet = Section(
        (
            Heading("評価書", level=2),
            ListItem("・一", source=Source("zone/keihin", "name")),
            Note("※"),
        ),
        Orientation.LANDSCAPE,
        "別紙1",
    )
    document = Document((sheet, Section((Table((row,), (1, 2, 3)), Paragraph("末")))))
    written = json.write(document)
    assert standard.loads(written) == {
        "format": 1,
        "title": "評価書",
        "sections": [
            {
                "orientation": "landscape",
                "label": "別紙1",
                "blocks": [
                    {"kind": "heading", "text": "評価書", "level": 2},
                    {"kind": "item", "text": "・一", "source": ["zone/keihin", "name"]},
                    {"kind": "note", "text": "※"},
                ],
            },
            {
                "orientation": "portrait",
                "label": "",
                "blocks": [
                    {
                        "kind": "table",
                        "widths": [1, 2, 3],
                        "rows": [
                            [
                                {
                                    "text": "投資額",
                                    "role": "header",
                                    "colspan": 2,
                                    "source": ["target/1-1", "name"],
                                },
                                {"text": "5", "role": "text"},
                            ]
                        ],
                    },
                    {"kind": "paragraph", "text": "末"},
                ],
            },
        ],
    }
    assert "評価書" in written  # Readable, not \u8a55.
    assert written.endswith("\n}\n")


# Refusals


@settings(max_examples=share(80), deadline=None)
@given(
    st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(standard.dumps)
)
def test_garbage_is_refused(raw):
    with pytest.raises(ValueError, match=REFUSAL):
        json.read(raw)


@pytest.mark.parametrize(
    "raw",
    ["", "{}", "[]", "null", "1", '"sections"', '{"sections": []}', '{"sections": "ab"}']
    + ['{"sections": {"a": 1}}', '{"sections": 5}', "[" * 100_000, '{"sections":' * 100_000]
    + ['{"sections": ' + "[" * 100_000 + "]" * 100_000 + "}", "9" * 10_000, "\ud800", "\ufeff{}"],
)
def test_what_is_no_document_is_refused(raw):
    with pytest.raises(ValueError, match=REFUSAL):
        json.read(raw)


def with_block(**changes: Any) -> str:
    block = {"kind": "heading", "text": "評価書", "level": 1} | changes
    return standard.dumps(
        {"format": 1, "sections": [{"orientation": "portrait", "label": "", "blocks": [block]}]}
    )


def with_cell(**changes: Any) -> str:
    return with_table([[{"text": "x", "role": "text"} | changes]])


def with_table(rows: Any, widths: Any = ()) -> str:
    return with_block(kind="table", rows=rows, widths=widths)


def test_the_smallest_documents_are_read():
    assert json.read(with_block()).title == "評価書"
    assert json.read(with_cell()).title == "x"


@pytest.mark.parametrize(
    "raw",
    [
        *(
            with_block(text=text)
            for text in ["", None, 5, [], {}, " 前", "二\n行", "\ud800", "\x00"]
        ),
        *(with_block(level=level) for level in [0, 7, -1, 10**9, 2.0, 2.5, True, "1", None, []]),
        *(with_block(kind=kind) for kind in ["", "Heading", None, 1, [], {}]),
        *(with_block(source=source) for source in [None, [], ["a"], ["a", "b", "c"], ["a", 1]]),
        *(with_block(source=source) for source in [5, {}, ["", "a"], [None, "a"], ["\ud800", "a"]]),
        *(with_cell(text=text) for text in [None, 5, [], {}, "一\n\n二", "\ud800", "前\t後"]),
        *(with_cell(role=role) for role in ["", "HEADER", None, 0, [], {}]),
        *(
            with_cell(**{span: size})
            for span in ("colspan", "rowspan")
            for size in [0, -1, 2**31, 10**9, 10**30, -(10**30), 1.0, 1e400, "1", None, True, []]
        ),
        with_table([[{"text": "x", "role": "text", "colspan": 10**5}], *[[]] * 10**5]),
        with_table([[{"text": "x", "role": "text"}]] * 10**4),
        *(with_table(rows) for rows in [None, [], [[]], "x", ["x"], [["x"]], [[[]]], {"a": 1}, 5]),
        *(
            with_table([[{"text": "x", "role": "text"}]], widths)
            for widths in [[0], [-1], [1, 1], ["1"], [1.5], [None], "1", 5, None, {"a": 1}, [[]]]
        ),
        *(
            with_block().replace('"label": ""', f'"label": {label}')
            for label in ["null", "5", "[]", '" "', '"\\u0000"', '"\\ud800"', '"a\\nb"']
        ),
        *(with_block().replace('"format": 1', f'"format": {n}') for n in ["0", "2", "null", '"1"']),
        *(
            with_block().replace('"portrait"', orientation)
            for orientation in ["null", '""', "1", "[]", '"PORTRAIT"']
        ),
    ],
)
def test_what_a_tree_cannot_hold_is_refused(raw):
    with pytest.raises(ValueError, match=REFUSAL):
        json.read(raw)


def places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every list and object within with each of its indices or names."""
    if isinstance(data, (list, dict)):
        for key in data if isinstance(data, dict) else range(len(data)):
            yield data, key
            yield from places(data[key])


MISTAKES = [
    None,
    True,
    0,
    -1,
    2,
    2.0,
    10**9,
    10**30,
    float("inf"),
    float("nan"),
    "",
    "header",
    "あ",
]
MISTAKES += [
    "\ud800",
    "\x00",
    " ",
    "前\n後",
    [],
    {},
    ["あ"],
    ["あ", "い"],
    [[[[]]]],
    {"text": "あ"},
]


@settings(max_examples=share(120), deadline=None)
@given(documents(), st.data())
def test_a_damaged_document_is_refused_or_can_be_written(document, data):
    damaged = json.as_data(document)
    holder, key = data.draw(st.sampled_from(list(places(damaged))))
    if data.draw(st.booleans()):
        holder[key] = data.draw(st.sampled_from(MISTAKES))
    else:
        del holder[key]
    again, refusal = None, ""
    try:
        again = json.read(standard.dumps(damaged))
    except ValueError as error:
        refusal = str(error)
    if refusal:
        assert refusal == "評価書の JSON として読み取れません。"
    else:
        assert asdict(json.read(json.write(again))) == asdict(again)
        for write in (json.write, text.write, html.write):
            write(again).encode()
