"""Files that are no Word file, or one that nobody should open: each is refused in a sentence."""

import re
import struct
import time
import zipfile
from io import BytesIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.document.strategies import documents
from tests.document.word import (
    MAIN,
    NAMESPACES,
    RELATIONSHIPS,
    TYPES,
    blocks,
    changed,
    packed,
    parts,
    with_body,
    written,
)
from tests.examples import share
from tokku.document import docx
from tokku.document.docx.package import (
    LARGEST_PACKAGE,
    LARGEST_XML,
    MOST_ELEMENTS,
    MOST_NESTING,
    MOST_PARTS,
    UnreadableWordFile,
)
from tokku.document.tree import Paragraph

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
GOOD = written(Paragraph("本文"), base="{}")
DAMAGED = "Word文書として読み取れません。ファイルが壊れているか、途中で切れています。"
NOT_WORD = "Word文書（.docx）ではありません。"
PASSWORD = "パスワードで保護されています。"
MACROS = "マクロを含む文書は読み取りません。"
DTD = "外部の定義（DTD）を含むため、読み取りません。"
TOO_LARGE = "文書が大きすぎるため"
MANY = b"<x>" + b"<x/>" * 1000 + b"</x>"
DOCTYPE = '<?xml version="1.0"?><!DOCTYPE w:document [{}]>'
ENTITY = '<!ENTITY a SYSTEM "file:///etc/passwd">'
LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))


def with_part(name, content):
    return packed({**parts(GOOD), name: content})


def with_start(start):
    """The file with this before its text."""
    return changed(
        GOOD, MAIN, lambda xml: start + re.sub(r"^<\?xml.*?\?>\s*", "", xml).replace("本文", "&a;")
    )


def with_encoding(name):
    xml = f'<?xml version="1.0" encoding="{name}"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'
    return with_part("customXml/item9.xml", xml.encode(name))


def with_flag():
    """The file as a zip program locks it with a password."""
    data = bytearray(GOOD)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(signature, at + 1)) >= 0:
            data[at + offset] |= 1
    return bytes(data)


def with_false_size(declared):
    """A file with a part of 200 MB that says it is small."""
    content = bytearray(with_part("word/media/image1.bin", b"\x00" * 200 * 1024**2))
    at = content.rfind(b"PK\x01\x02")
    struct.pack_into("<L", content, at + 24, declared)
    struct.pack_into("<L", content, at + 20, max(declared, 1024**2))
    return bytes(content)


def with_twice(name):
    file = BytesIO(GOOD)
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(name, parts(GOOD)[name])
    return file.getvalue()


def with_nesting(depth):
    return with_body("<w:sdt><w:sdtContent>" * depth + "</w:sdtContent></w:sdt>" * depth)


REFUSED = {
    "nothing": (lambda: b"", NOT_WORD),
    "text": (lambda: "評価書".encode(), NOT_WORD),
    "a PDF": (lambda: b"%PDF-1.7\n", NOT_WORD),
    "RTF": (lambda: b"{\\rtf1 }", NOT_WORD),
    "an old Word file": (lambda: OLE + "WordDocument".encode("utf-16-le"), "古い形式のWord文書"),
    "an encrypted file": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), PASSWORD),
    "a zip with a password": (with_flag, PASSWORD),
    "a zip of something else": (lambda: packed({"a.txt": b"a"}), NOT_WORD),
    "an OpenDocument text": (lambda: packed({"mimetype": b"application/vnd.oasis"}), NOT_WORD),
    "an empty zip": (lambda: packed({}), NOT_WORD),
    "a spreadsheet": (
        lambda: changed(GOOD, TYPES, lambda xml: xml.replace("wordprocessingml", "spreadsheetml")),
        NOT_WORD,
    ),
    "a template": (
        lambda: changed(GOOD, TYPES, lambda xml: xml.replace("document.main", "template.main")),
        NOT_WORD,
    ),
    "strict Open XML": (
        lambda: changed(
            GOOD,
            "_rels/.rels",
            lambda xml: xml.replace("schemas.openxmlformats.org", "purl.oclc.org/ooxml"),
        ),
        "「厳密なOpen XML」形式の文書です。",
    ),
    "half a file": (lambda: GOOD[: len(GOOD) // 2], DAMAGED),
    "all but the end": (lambda: GOOD[:-30], DAMAGED),
    "four bytes": (lambda: b"PK\x03\x04", DAMAGED),
    "no text": (lambda: packed({k: v for k, v in parts(GOOD).items() if k != MAIN}), DAMAGED),
    "text that is no XML": (lambda: with_part(MAIN, b"<w:document"), DAMAGED),
    "text that is something else": (lambda: with_part(MAIN, b"<html/>"), DAMAGED),
    "text without a body": (
        lambda: with_part(MAIN, f"<w:document {NAMESPACES}/>".encode()),
        DAMAGED,
    ),
    "a number that is none": (
        lambda: with_body('<w:p><w:pPr><w:outlineLvl w:val="x"/></w:pPr></w:p>'),
        DAMAGED,
    ),
    "an unknown encoding": (
        lambda: with_start('<?xml version="1.0" encoding="x-unknown"?>'),
        DAMAGED,
    ),
    **{
        f"text in {name}": (
            lambda name=name: with_part(
                MAIN, f'<?xml version="1.0" encoding="{name}"?><x/>'.encode()
            ),
            "文字コードがUTF-8ではない",
        )
        for name in ("Shift_JIS", "EUC-JP", "cp932", "gb18030", "utf-7", "idna", "punycode")
    },
    "relationships in Shift_JIS": (
        lambda: with_part("_rels/.rels", b'<?xml version="1.0" encoding="Shift_JIS"?><x/>'),
        "文字コードがUTF-8ではない",
    ),
    "no words": (lambda: with_body("<w:p/><w:tbl/>"), "中身がありません。"),
    "two parts of a name": (lambda: with_twice(MAIN), DAMAGED),
    "macros": (lambda: with_part("word/vbaProject.bin", b"x"), MACROS),
    "macros elsewhere": (lambda: with_part("VBA/VBAPROJECT.BIN", b"x"), MACROS),
    "a file of macros": (
        lambda: changed(
            GOOD,
            TYPES,
            lambda xml: xml.replace(
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                "application/vnd.ms-word.document.macroEnabled.main+xml",
            ),
        ),
        MACROS,
    ),
    "an external entity": (lambda: with_start(DOCTYPE.format(ENTITY)), DTD),
    "entities of entities": (lambda: with_start(DOCTYPE.format('<!ENTITY a "x">' + LAUGHS)), DTD),
    "an external DTD": (
        lambda: with_start('<!DOCTYPE w:document SYSTEM "http://example.com/a">'),
        DTD,
    ),
    "a DTD in UTF-16": (lambda: with_encoding("utf-16"), DTD),
    "a DTD in a part of another name": (
        lambda: with_part("word/media/image1.emf", b"\xef\xbb\xbf <!DOCTYPE x><x/>"),
        DTD,
    ),
    "a DTD in the relationships": (
        lambda: changed(
            GOOD, RELATIONSHIPS, lambda xml: re.sub(r"\?>", "?><!DOCTYPE x>", xml, count=1)
        ),
        DTD,
    ),
    "a DTD after much that is blank": (
        lambda: with_part("word/media/image1.emf", b" " * 70_000 + b"<!DOCTYPE x><x/>"),
        DTD,
    ),
    "text in an encoding of mainframes": (
        lambda: with_part(
            MAIN, f'<?xml version="1.0" encoding="cp037"?>{DOCTYPE[21:]}<x/>'.encode("cp037")
        ),
        DAMAGED,
    ),
    "text under another name": (
        lambda: changed(
            changed(
                packed({**parts(GOOD), "word/document.emf": parts(GOOD)[MAIN]}),
                TYPES,
                lambda xml: xml.replace("/word/document.xml", "/word/document.emf"),
            ),
            "_rels/.rels",
            lambda xml: xml.replace("word/document.xml", "word/document.emf"),
        ),
        DAMAGED,
    ),
    "elements within elements": (lambda: with_nesting(MOST_NESTING), "文書の入れ子が深すぎるため"),
    "elements within elements without end": (
        lambda: with_nesting(10_000),
        "文書の入れ子が深すぎるため",
    ),
    "a bomb": (
        lambda: with_part("word/media/image1.bin", b"\x00" * 50 * 1024**2),
        "圧縮の度合いが異常なため",
    ),
    "a bomb of XML": (
        lambda: with_part(MAIN, b"<x>" + b" " * 10 * 1024**2 + b"</x>"),
        "圧縮の度合いが異常なため",
    ),
    "a bomb that denies it": (lambda: with_false_size(100), DAMAGED),
    "much XML": (
        lambda: packed(
            {**parts(GOOD), "a.xml": b"<x>" + b" " * LARGEST_XML + b"</x>"}, zipfile.ZIP_STORED
        ),
        TOO_LARGE,
    ),
    "many elements": (
        lambda: packed(
            {**parts(GOOD), "a.xml": b"<x>" + b"<x/>" * MOST_ELEMENTS + b"</x>"}, zipfile.ZIP_STORED
        ),
        TOO_LARGE,
    ),
    "many elements over many parts": (
        lambda: packed(parts(GOOD) | {f"{n}.xml": MANY for n in range(MOST_ELEMENTS // 1000)}),
        TOO_LARGE,
    ),
    "much of all": (
        lambda: packed(
            {**parts(GOOD), "a": b"\x00" * LARGEST_PACKAGE, "b": b"b"}, zipfile.ZIP_STORED
        ),
        TOO_LARGE,
    ),
    "many parts": (
        lambda: packed(parts(GOOD) | {f"{n}.txt": b"" for n in range(MOST_PARTS)}),
        "文書の部品が多すぎます",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_refused_in_a_sentence(name):
    make_file, sentence = REFUSED[name]
    content = make_file()
    began = time.process_time()
    with pytest.raises(UnreadableWordFile) as refusal:
        docx.read(content)
    assert time.process_time() - began < 3
    assert str(refusal.value).startswith(sentence)
    assert re.search("[ぁ-ん）]。$", str(refusal.value))


def test_the_file_that_all_of_these_are_made_from_is_read():
    assert blocks(docx.read(GOOD)) == [Paragraph("本文")]
    assert isinstance(UnreadableWordFile(""), ValueError)


def test_elements_within_elements_are_read_up_to_the_limit():
    depth = (MOST_NESTING - 5) // 2
    body = "<w:sdt><w:sdtContent>" * depth + "{}" + "</w:sdtContent></w:sdt>" * depth
    paragraph = "<w:p><w:r><w:t>本文</w:t></w:r></w:p>"
    assert blocks(docx.read(with_body(body.format(paragraph)))) == [Paragraph("本文")]


def test_what_lies_elsewhere_is_not_fetched():
    elsewhere = "".join(
        f'<Relationship Id="y{number}" TargetMode="External" Target="{target}" Type="http://schemas.'
        f'openxmlformats.org/officeDocument/2006/relationships/{kind}"/>'
        for number, (target, kind) in enumerate(
            [
                ("http://example.invalid/a", "attachedTemplate"),
                ("file:///etc/passwd", "footnotes"),
                ("http://example.invalid/b.xml", "customXml"),
                ("http://example.invalid/c.xml", "numbering"),
            ]
        )
    )
    content = changed(
        GOOD,
        RELATIONSHIPS,
        lambda xml: xml.replace("</Relationships>", elsewhere + "</Relationships>"),
    )
    assert blocks(docx.read(content)) == [Paragraph("本文")]


def outcome(content):
    try:
        return docx.read(content).document, ""
    except UnreadableWordFile as error:
        return None, str(error)


@settings(max_examples=share(100), deadline=None)
@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda raw: b"PK\x03\x04" + raw))
@example(b"PK")
def test_any_bytes_are_refused_in_japanese(raw):
    document, refusal = outcome(raw)
    assert document is None
    assert re.search("[ぁ-ん]。$", refusal)


@settings(max_examples=share(100), deadline=None)
@given(documents(), st.data())
def test_a_damaged_file_is_read_or_refused_in_japanese(document, data):
    """Damage to the zip file, and to the XML within a sound one."""
    content = bytearray(docx.write(document, title="評価書", base="{}"))
    if data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] ^= data.draw(st.integers(1, 255))
        damaged = bytes(content[: data.draw(st.sampled_from([len(content), at + 1]))])
    else:
        members = parts(bytes(content))
        name = data.draw(st.sampled_from(sorted(members)))
        pieces = re.split(rb"(?<=>)", members[name])
        at = data.draw(st.integers(0, len(pieces) - 1))
        pieces[at] = data.draw(st.sampled_from([b"", b"<x/>", pieces[at] * 2, b"\x00"]))
        pieces[at - 1] = re.sub(
            rb'"[^"]*"',
            data.draw(st.sampled_from([b'""', b'"-1"', b'"\xe3\x81\x82"'])),
            pieces[at - 1],
        )
        damaged = packed({**members, name: b"".join(pieces)})
    again, refusal = outcome(damaged)
    if again is None:
        assert re.search("[ぁ-ん]。$", refusal)


def test_damage_to_a_compressed_part_is_noticed():
    at = GOOD.index(b"word/document.xml") + len("word/document.xml")
    for offset in range(0, 120, 7):
        damaged = bytearray(GOOD)
        damaged[at + offset] ^= 0x55
        assert outcome(bytes(damaged))[1] == DAMAGED
