"""A document as a PDF on A4, set by Typst from document.typ: PDF/A-2a and PDF/UA-1, its fonts embedded.

The same words are the same bytes: nothing comes from the clock, and fonts only from where they are named.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from json import dumps
from pathlib import Path
from typing import NamedTuple

import pylopdf_fonts_jp
import typst
from fontTools.ttLib import TTCollection, TTFont

from tokku.document import json
from tokku.document.tree import Document

STANDARDS = ["a-2a", "ua-1"]
_WIDE_SPACE = 0x3000
_GETA = "〓"  # as printers set for a letter that was not at hand

# The first that are there: BIZ UD from a folder, Noto from the wheel, which has no other weight.
_FAMILIES = {
    "mincho": ("BIZ UDPMincho", "BIZ UDMincho", "Noto Serif JP", "Noto Sans JP"),
    "gothic": ("BIZ UDPGothic", "BIZ UDGothic", "Noto Sans JP", "Noto Serif JP"),
}
_WHEEL = pylopdf_fonts_jp.serif_path().parent

# PDF/A demands a date of creation, in seconds since 1970. The documents' own dates are in their words: 2000-01-01.
_CREATED = 946_684_800


def write(
    document: Document,
    *,
    title: str,
    head: str = "",
    mark: str = "",
    foot: str = "",
    font_paths: Sequence[Path] = (),
) -> bytes:
    """The document as a PDF that goes by `title`.

    `head` and `mark` stand in the top margin of each page, `foot` beside the number in the bottom one. Folders
    in `font_paths` are searched for BIZ UD fonts, which are preferred. A letter that no font has is printed as 〓, a
    space that does not break as one that does.
    """
    typesetting = _typesetting(tuple(font_paths))
    margins = {"title": title, "head": head, "mark": mark, "foot": foot}
    said = (
        json.write(document),
        dumps(margins | {"fonts": typesetting.families}, ensure_ascii=False),
    )
    document_data, given = (f"json(bytes({_quoted(text)}))" for text in said)
    source = f'#import "document.typ": print\n#print({document_data}, ..{given})'
    # A compiler serves one thread at a time and costs nothing to make: what is worth keeping, the fonts and what is
    # already set, Typst keeps for the process. The data is in the source and not in `sys_inputs`, which would void that.
    compiler = typst.Compiler(root=Path(__file__).parent, font_paths=typesetting.fonts)
    return compiler.compile(
        input=source.translate(typesetting.letters).encode(),
        format="pdf",
        pdf_standards=STANDARDS,
        timestamp=_CREATED,
    )


def lost_letters(letters: Iterable[str], font_paths: Sequence[Path] = ()) -> frozenset[str]:
    """Those of `letters` that no font has, so that 〓 is printed for them.

    The fonts are read once in a process.
    """
    printed = _typesetting(tuple(font_paths)).letters
    return frozenset(
        letter for letter in letters if letter != _GETA and printed[ord(letter)] == ord(_GETA)
    )


def _quoted(text: str) -> str:
    """A Typst string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class _Letters(dict[int, int | None]):
    """For str.translate: each letter itself, or what is printed in its place."""

    def __init__(self, known: set[int]):
        super().__init__()
        self._known = known

    def __missing__(self, letter: int) -> int | None:
        self[letter] = self._printed(letter)
        return self[letter]

    def _printed(self, letter: int) -> int | None:
        category = unicodedata.category(chr(letter))
        # Those that do not break come with what is pasted, and would hold a whole line together.
        if category == "Zs" and letter != _WIDE_SPACE:
            return ord(" ")
        # What JSON has between its values, and selectors of a variant (葛 in 葛城), which need no glyph.
        if (
            letter < 0x20
            or letter in self._known
            or 0xFE00 <= letter <= 0xFE0F
            or 0xE0100 <= letter <= 0xE01EF
        ):
            return letter
        # Joiners and marks of direction, which nobody sees.
        return None if category == "Cf" else ord(_GETA)


class _Typesetting(NamedTuple):
    """What all PDFs with the same fonts share."""

    fonts: typst.Fonts
    families: dict[str, list[str]]
    letters: _Letters


@cache
def _typesetting(folders: tuple[Path, ...]) -> _Typesetting:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[*folders, _WHEEL]
    )
    present = set(fonts.families())
    families = {
        style: [family for family in preferred if family in present]
        for style, preferred in _FAMILIES.items()
    }
    known = set()
    for path in {font.path for font in fonts.fonts()}:
        known |= _letters_in(Path(path))
    return _Typesetting(fonts, families, _Letters(known))


def _letters_in(path: Path) -> set[int]:
    """The letters of a font file, without private ones, which PDF/A forbids."""
    with (
        TTCollection(path, lazy=True)
        if path.suffix.lower() == ".ttc"
        else TTFont(path, lazy=True) as file
    ):
        fonts = file.fonts if isinstance(file, TTCollection) else [file]
        letters = {letter for font in fonts for letter in font.getBestCmap()}
    return {letter for letter in letters if unicodedata.category(chr(letter)) != "Co"}
