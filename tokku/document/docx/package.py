"""What a Word file from anywhere must be before it is read: a zip file of modest size without macros and traps."""

import zipfile
import zlib
from io import BytesIO
from xml.parsers import expat

from defusedxml import ElementTree

# The namespace of the XML part that carries what a file was made from.
BASE = "urn:tokku:document:base"

# Some 20 times what a form of 27 pages takes when LibreOffice has saved it; pictures may be added.
MOST_PARTS = 2_000
LARGEST_XML = 16 * 1024**2
LARGEST_PACKAGE = 64 * 1024**2
MOST_ELEMENTS = 500_000
# Times that a part may grow; repetitive tables reach 60. Small parts may grow as they like.
MOST_GROWTH = 200
SMALL = 1024**2
# Elements within each other; tables in text boxes in tables reach 40.
MOST_NESTING = 100

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CONTENT_TYPES, _RELATIONSHIPS = "[Content_Types].xml", "_rels/.rels"
_XML = (".xml", ".rels")
_CHUNK = 64 * 1024
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"  # byte order marks and white space

DAMAGED = "Word文書として読み取れません。ファイルが壊れているか、途中で切れています。"
NOT_WORD = "Word文書（.docx）ではありません。"
_PROTECTED = "パスワードで保護されています。Wordで保護を解除してから保存し直してください。"
_OLD = "古い形式のWord文書（.doc）です。Wordで「Word文書（.docx）」として保存し直してください。"
_STRICT = (
    "「厳密なOpen XML」形式の文書です。Wordで「Word文書（.docx）」として保存し直してください。"
)
_MACROS = (
    "マクロを含む文書は読み取りません。Wordで「Word文書（.docx）」として保存し直してください。"
)
_TOO_LARGE = "文書が大きすぎるため、読み取りません。"
_BOMB = "圧縮の度合いが異常なため、読み取りません。"
_TOO_MANY = f"文書の部品が多すぎます（上限は{MOST_PARTS:,}個）。"
_DTD = "外部の定義（DTD）を含むため、読み取りません。"
_ENCODING = "文字コードがUTF-8ではない部品を含みます。Wordで「Word文書（.docx）」として保存し直してください。"
_TOO_DEEP = "文書の入れ子が深すぎるため、読み取りません。"


class UnreadableWordFile(ValueError):
    """Why a file is not read, as a sentence in Japanese."""


def require_safe(content: bytes) -> None:
    """Raise UnreadableWordFile unless python-docx may be given the file.

    Every part is unpacked once, piece by piece, so that no limit depends on what the file says of itself.
    """
    if content.startswith(_OLE):
        raise UnreadableWordFile(_PROTECTED if _ENCRYPTED in content else _OLD)
    if not content.startswith(b"PK"):
        raise UnreadableWordFile(NOT_WORD)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_members(archive.infolist())
            unpacking = _Unpacking(archive)
            for member in archive.infolist():
                unpacking.check(member)
            _check_kind(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise UnreadableWordFile(DAMAGED) from error
    except (expat.ExpatError, ElementTree.ParseError, LookupError) as error:
        raise UnreadableWordFile(DAMAGED) from error
    except UnreadableWordFile:
        raise
    except ValueError as error:  # of expat, which knows no multi-byte encodings but Unicode's
        raise UnreadableWordFile(_ENCODING) from error


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    names = {member.filename for member in members}
    if len(members) > MOST_PARTS:
        raise UnreadableWordFile(_TOO_MANY)
    if not {_CONTENT_TYPES, _RELATIONSHIPS} <= names:
        raise UnreadableWordFile(NOT_WORD)
    if len(names) < len(members):  # Programs would differ on which of two is meant.
        raise UnreadableWordFile(DAMAGED)
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableWordFile(_PROTECTED)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnreadableWordFile(_MACROS)
    if sum(member.file_size for member in members) > LARGEST_PACKAGE:
        raise UnreadableWordFile(_TOO_LARGE)
    for member in members:
        if member.file_size > max(SMALL, member.compress_size * MOST_GROWTH):
            raise UnreadableWordFile(_BOMB)


def _may_be_xml(name: str, start: bytes) -> bool:
    """Whether a part is to be checked as XML: by its start or its name, as XML begins with < in most encodings only."""
    return name.lower().endswith(_XML) or start.lstrip(_BEFORE_XML)[:1] in (b"", b"<")


def _check_kind(archive: zipfile.ZipFile) -> None:
    types = ElementTree.fromstring(archive.read(_CONTENT_TYPES))
    kinds = " ".join(element.get("ContentType", "") for element in types).lower()
    if "macroenabled" in kinds or "vbaproject" in kinds:
        raise UnreadableWordFile(_MACROS)
    if "wordprocessingml.document.main+xml" not in kinds:
        raise UnreadableWordFile(NOT_WORD)
    for element in types:  # Whatever python-docx parses as XML must have been checked as XML.
        name = element.get("PartName") or f".{element.get('Extension')}"
        if "wordprocessingml" in element.get("ContentType", "") and not name.endswith(_XML):
            raise UnreadableWordFile(DAMAGED)
    if b"purl.oclc.org/ooxml" in archive.read(_RELATIONSHIPS):
        raise UnreadableWordFile(_STRICT)


class _Unpacking:
    """Unpacks the parts one by one, keeping nothing, and refuses what no parser should be given."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._size = self._elements = self._depth = 0

    def check(self, member: zipfile.ZipInfo) -> None:
        size, parser = 0, None
        with self._archive.open(member) as part:
            while chunk := part.read(_CHUNK):
                if size == 0 and _may_be_xml(member.filename, chunk):
                    parser = self._parser()
                size += len(chunk)
                self._size += len(chunk)
                if parser:
                    if size > LARGEST_XML:
                        raise UnreadableWordFile(_TOO_LARGE)
                    parser.Parse(chunk, False)
                if self._size > LARGEST_PACKAGE:
                    raise UnreadableWordFile(_TOO_LARGE)
        if parser:
            parser.Parse(b"", True)

    def _parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        self._depth = 0
        return parser

    def _doctype(self, *_: object) -> None:
        raise UnreadableWordFile(_DTD)

    def _start(self, *_: object) -> None:
        self._elements += 1
        self._depth += 1
        if self._elements > MOST_ELEMENTS:
            raise UnreadableWordFile(_TOO_LARGE)
        if self._depth > MOST_NESTING:
            raise UnreadableWordFile(_TOO_DEEP)

    def _end(self, *_: object) -> None:
        self._depth -= 1
