"""A document as a PDF on A4, set by Typst from document.typ: PDF/A-2a and PDF/UA-1, its fonts embedded.

The same document is the same bytes: nothing depends on the clock, and fonts come only from the folders named.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from json import dumps
from pathlib import Path

import pylopdf_fonts_jp
import typst
from fontTools.ttLib import TTCollection, TTFont

from tokku.document import json
from tokku.document.pdf.compiling import STANDARDS, Compiler, fonts_in
from tokku.document.tree import Document

_WIDE_SPACE = 0x3000
_GETA = "〓"  # as printers set for a letter that was not at hand
_LETTERS_IN_A_TRIAL = 500  # with more, each of Typst's errors takes longer

# Fonts in order of preference: BIZ UD from a folder, Noto from the wheel (which has one weight), and for ≒ ₂ ☑ those
# that Typst brings along.
_OF_TYPST = ("New Computer Modern Math", "Libertinus Serif", "DejaVu Sans Mono")
_FAMILIES = {
    "mincho": ("BIZ UDPMincho", "BIZ UDMincho", "Noto Serif JP", "Noto Sans JP", *_OF_TYPST),
    "gothic": ("BIZ UDPGothic", "BIZ UDGothic", "Noto Sans JP", "Noto Serif JP", *_OF_TYPST),
}
_WHEEL = pylopdf_fonts_jp.serif_path().parent
_compiler = Compiler()


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
    arguments = (
        dumps(json.as_data(document), ensure_ascii=False),  # without line ends it is written faster
        dumps(margins | {"fonts": typesetting.families}, ensure_ascii=False),
    )
    document_data, options = (f"json(bytes({_quoted(text)}))" for text in arguments)
    source = f'#import "document.typ": print\n#print({document_data}, ..{options})'
    # The data is in the source and not in `sys_inputs`, which would void what Typst keeps of the template.
    return _compiler.compile(
        source.translate(typesetting.replacements_of(source)).encode(), typesetting.folders
    )


def lost_letters(letters: Iterable[str], font_paths: Sequence[Path] = ()) -> frozenset[str]:
    """Those of `letters` that no font has, so that 〓 is printed for them.

    The fonts are read once in a process.
    """
    letters = frozenset(letters)
    replacements = _typesetting(tuple(font_paths)).replacements_of(letters)
    return frozenset(
        letter for letter in letters if letter != _GETA and replacements[ord(letter)] == ord(_GETA)
    )


def _quoted(text: str) -> str:
    """A Typst string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@dataclass
class _Typesetting:
    """What all PDFs with the same fonts share.

    `file_letters` are the letters of the fonts that are files, `replacements` those asked about until now.
    """

    folders: tuple[Path, ...]
    families: dict[str, list[str]]
    file_letters: set[int]
    replacements: dict[int, int | None] = field(default_factory=dict)

    def replacements_of(self, text: Iterable[str]) -> dict[int, int | None]:
        """A table for str.translate: for each letter of `text` the letter itself, or what is printed in its place."""
        new = set(map(ord, set(text))) - self.replacements.keys()
        replacements = {letter: self._without_typst(letter) for letter in new}
        to_try = [
            chr(letter)
            for letter in new - self.file_letters
            if replacements[letter] == ord(_GETA) and _stands_alone(chr(letter))
        ]
        for start in range(0, len(to_try), _LETTERS_IN_A_TRIAL):
            printable = self._printable_by_typst(to_try[start : start + _LETTERS_IN_A_TRIAL])
            replacements |= {ord(letter): ord(letter) for letter in printable}
        self.replacements |= replacements
        return self.replacements

    def _without_typst(self, letter: int) -> int | None:
        category = unicodedata.category(chr(letter))
        # Those that do not break come with what is pasted, and would hold a whole line together.
        if category == "Zs" and letter != _WIDE_SPACE:
            return ord(" ")
        # What JSON has between its values, and selectors of a variant (葛 in 葛城), which need no glyph.
        if (
            letter < 0x20
            or letter in self.file_letters
            or 0xFE00 <= letter <= 0xFE0F
            or 0xE0100 <= letter <= 0xE01EF
        ):
            return letter
        # Joiners and marks of direction, which nobody sees.
        return None if category == "Cf" else ord(_GETA)

    def _printable_by_typst(self, letters: Sequence[str]) -> set[str]:
        """Those of `letters` that Typst can print. Only a trial tells which letters its own fonts have."""
        families = ", ".join(map(_quoted, self.families["mincho"]))
        lines = [f"#set text(font: ({families}))"]
        lines += [f"#{_quoted(letter)}#parbreak()" for letter in letters]
        compiler = typst.Compiler(font_paths=fonts_in(self.folders))
        try:
            compiler.compile(
                input="\n".join(lines).encode(), format="pdf", pdf_standards=STANDARDS[:1]
            )
        except typst.TypstError as error:
            # An error for each line with a letter that is not there: ┌─ name.typ:2:1
            refused = {int(line) for line in re.findall(r"\.typ:(\d+):", error.diagnostic)}
            if not refused:
                raise
            return {letter for line, letter in enumerate(letters, 2) if line not in refused}
        return set(letters)


def _stands_alone(letter: str) -> bool:
    """Whether a letter is printed the same whatever is beside it: a mark may combine with a letter of another font."""
    return unicodedata.category(letter)[0] not in "CM" and unicodedata.is_normalized("NFC", letter)


@cache
def _typesetting(folders: tuple[Path, ...]) -> _Typesetting:
    folders = (*folders, _WHEEL)
    fonts = fonts_in(folders)
    present = set(fonts.families())
    families = {
        style: [family for family in preferred if family in present]
        for style, preferred in _FAMILIES.items()
    }
    file_letters = set()
    for path in {font.path for font in fonts.fonts() if font.path}:
        file_letters |= _letters_in(Path(path))
    return _Typesetting(folders, families, file_letters)


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
