"""Word files for tests: opened, changed as an official or another program would, and made wrong."""

import shutil
import subprocess
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from docx.oxml.ns import nsdecls
from lxml import etree

from tokku.document import docx
from tokku.document.docx import WordReading
from tokku.document.tree import Document, Paragraph, Section

MAIN, TYPES, RELATIONSHIPS = (
    "word/document.xml",
    "[Content_Types].xml",
    "word/_rels/document.xml.rels",
)
NAMESPACES = nsdecls("w", "r", "wp", "a") + (
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)

needs_libreoffice = pytest.mark.skipif(
    not shutil.which("soffice"), reason="LibreOffice（soffice）がありません"
)


def written(*blocks, **kwargs) -> bytes:
    """The file of a document with these blocks."""
    document = Document((Section(blocks or (Paragraph("本文"),)),))
    return docx.write(document, title="評価書", **kwargs)


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def changed(content: bytes, name: str, change: Callable[[str], str]) -> bytes:
    members = parts(content)
    return packed({**members, name: change(members[name].decode()).encode()})


def with_body(body: str, **more: str) -> bytes:
    """A file whose text is this XML; `more` are footnotes, numbering or styles of its own."""
    members = parts(written())
    members[MAIN] = f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>".encode()
    types, relationships = "", ""
    for name, xml in more.items():
        members[f"word/{name}.xml"] = f"<w:{name} {NAMESPACES}>{xml}</w:{name}>".encode()
        if name != "styles":
            kind = f"wordprocessingml.{name}+xml"
            types += (
                f'<Override PartName="/word/{name}.xml"'
                f' ContentType="application/vnd.openxmlformats-officedocument.{kind}"/>'
            )
            relationships += (
                f'<Relationship Id="x{name}" Target="{name}.xml" Type="http://schemas.'
                f'openxmlformats.org/officeDocument/2006/relationships/{name}"/>'
            )
    content = packed(members)
    content = changed(content, TYPES, lambda xml: xml.replace("</Types>", types + "</Types>"))
    return changed(
        content,
        RELATIONSHIPS,
        lambda xml: xml.replace("</Relationships>", relationships + "</Relationships>"),
    )


def body_of(content: bytes) -> etree._Element:
    return etree.fromstring(parts(content)[MAIN])[0]


def saved_by_libreoffice(contents: list[bytes], folder: Path, to: str = "docx") -> list[bytes]:
    """The files as LibreOffice saves them again, all in one run."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"{number}.docx" for number in range(len(contents))]
    for name, content in zip(names, contents, strict=True):
        (folder / name).write_bytes(content)
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
        + ["--convert-to", to, "--outdir", folder / "saved", *[folder / name for name in names]],
        check=True,
        capture_output=True,
        timeout=240,
    )
    return [(folder / "saved" / name).with_suffix(f".{to}").read_bytes() for name in names]


def blocks(reading: WordReading) -> list:
    return list(reading.document.blocks)
