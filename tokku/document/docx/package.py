"""What a Word file from anywhere must be before it is read: a zip file of modest size without macros and traps."""

import zipfile
import zlib
from io import BytesIO
from xml.etree import ElementTree
from xml.parsers import expat

# The XML part that carries what a file was made from.
BASE = "urn:tokku:document:base"

# A form of 20 municipalities and 200 schemes has 12 parts and takes less than 10 MB when unpacked.
MOST_PARTS = 2_000
LARGEST_XML = 16 * 1024**2
LARGEST_PACKAGE = 64 * 1024**2
# Times that a part may grow; repetitive tables reach 60. Small parts may grow as they like.
MOST_GROWTH = 200
SMALL = 1024**2
# Elements within each other; tables in text boxes in tables reach 40.
MOST_NESTING = 100

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CONTENT_TYPES, _RELATIONSHIPS = "[Content_Types].xml", "_rels/.rels"
_CHUNK = 64 * 1024

DAMAGED = "Word文書として読み取れません。ファイルが壊れているか、途中で切れています。"
NOT_WORD = "Word文書（.docx）ではありません。"
_PASSWORD = "パスワードで保護されています。Wordで保護を解除してから保存し直してください。"
_OLD = "古い形式のWord文書（.doc）です。Wordで「Word文書（.docx）」として保存し直してください。"
_STRICT = (
    "「厳密なOpen XML」形式の文書です。Wordで「Word文書（.docx）」として保存し直してください。"
)
_MACROS = (
    "マクロを含む文書は読み取りません。Wordで「Word文書（.docx）」として保存し直してください。"
)
_TOO_LARGE = "文書が大きすぎます（展開すると{}MBを超えます）。"
_BOMB = "圧縮の度合いが異常なため、読み取りません。"
_TOO_MANY = f"文書の部品が多すぎます（上限は{MOST_PARTS:,}個）。"
_DTD = "外部の定義（DTD）を含むため、読み取りません。"
_TOO_DEEP = "文書の入れ子が深すぎるため、読み取りません。"


class UnreadableWordFile(ValueError):
    """The sentence says why a file is not read."""


def require_safe(content: bytes) -> None:
    """Raise UnreadableWordFile unless python-docx may be given the file.

    Every part is unpacked once, piece by piece, so that no limit depends on what the file says of itself.
    """
    if content.startswith(_OLE):
        raise UnreadableWordFile(_PASSWORD if _ENCRYPTED in content else _OLD)
    if not content.startswith(b"PK"):
        raise UnreadableWordFile(NOT_WORD)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_members(archive.infolist())
            left = LARGEST_PACKAGE
            for member in archive.infolist():
                left -= _check_part(archive, member, left)
            _check_kind(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise UnreadableWordFile(DAMAGED) from error
    except (expat.ExpatError, ElementTree.ParseError, LookupError) as error:
        raise UnreadableWordFile(DAMAGED) from error


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    names = {member.filename for member in members}
    if len(members) > MOST_PARTS:
        raise UnreadableWordFile(_TOO_MANY)
    if not {_CONTENT_TYPES, _RELATIONSHIPS} <= names:
        raise UnreadableWordFile(NOT_WORD)
    if len(names) < len(members):  # Programs would differ on which of two is meant.
        raise UnreadableWordFile(DAMAGED)
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableWordFile(_PASSWORD)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnreadableWordFile(_MACROS)
    if sum(member.file_size for member in members) > LARGEST_PACKAGE:
        raise UnreadableWordFile(_TOO_LARGE.format(LARGEST_PACKAGE // 1024**2))
    for member in members:
        if member.file_size > max(SMALL, member.compress_size * MOST_GROWTH):
            raise UnreadableWordFile(_BOMB)


def _check_part(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> int:
    """Unpack one part and return its size."""
    size, check = 0, None
    with archive.open(member) as part:
        while chunk := part.read(_CHUNK):
            if size == 0 and chunk.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<"):
                check = _XmlCheck()
            size += len(chunk)
            if size > (limit := min(left, LARGEST_XML) if check else left):
                raise UnreadableWordFile(_TOO_LARGE.format(limit // 1024**2))
            if check:
                check.feed(chunk)
    if check:
        check.close()
    return size


def _check_kind(archive: zipfile.ZipFile) -> None:
    types = ElementTree.fromstring(archive.read(_CONTENT_TYPES))
    kinds = " ".join(element.get("ContentType", "") for element in types).lower()
    if "macroenabled" in kinds or "vbaproject" in kinds:
        raise UnreadableWordFile(_MACROS)
    if "wordprocessingml.document.main+xml" not in kinds:
        raise UnreadableWordFile(NOT_WORD)
    if b"purl.oclc.org/ooxml" in archive.read(_RELATIONSHIPS):
        raise UnreadableWordFile(_STRICT)


class _XmlCheck:
    """Goes through XML without building anything, for what no parser shall be given."""

    def __init__(self) -> None:
        self.depth = 0
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def feed(self, chunk: bytes) -> None:
        self.parser.Parse(chunk, False)

    def close(self) -> None:
        self.parser.Parse(b"", True)

    def _doctype(self, *_: object) -> None:
        raise UnreadableWordFile(_DTD)

    def _start(self, *_: object) -> None:
        self.depth += 1
        if self.depth > MOST_NESTING:
            raise UnreadableWordFile(_TOO_DEEP)

    def _end(self, *_: object) -> None:
        self.depth -= 1
