"""The words of a PDF: in the order of its structure, as a screen reader has them, and by their places on its pages."""

import re
import subprocess
import unicodedata
from collections.abc import Iterable, Iterator
from html import unescape
from io import BytesIO
from itertools import combinations
from typing import NamedTuple

import pikepdf

from tokku.document.pdf import lost_letters

MM = 72 / 25.4
SMALLEST = 8.5  # points of the smallest print

# Words, without what differs between media


def squeezed(words: Iterable[str]) -> str:
    """The words in one width, without white space and invisible letters, to compare text regardless of layout."""
    seen = "".join(letter for letter in "".join(words) if not _is_unseen(letter))
    # Some become a space and a mark: ´.
    return "".join(unicodedata.normalize("NFKC", seen).split())


def printed(words: Iterable[str]) -> str:
    """The words squeezed, as they are printed: a letter that no font has is 〓."""
    letters = "".join(words)
    lost = lost_letters(letters)
    return squeezed(
        "〓" if letter in lost and not _is_unseen(letter) else letter for letter in letters
    )


def _is_unseen(letter: str) -> bool:
    selects_variant = "VARIATION SELECTOR" in unicodedata.name(letter, "")
    return letter.isspace() or unicodedata.category(letter) == "Cf" or selects_variant


# Structure


class Element(NamedTuple):
    """An element of the structure: H1, P, Table …; in `content` are elements and the text of marked content."""

    tag: str
    attributes: dict[str, object]
    content: list["Element | str"]

    def __iter__(self) -> Iterator["Element"]:
        """This element and those within, in order."""
        yield self
        for child in self.content:
            if isinstance(child, Element):
                yield from child

    def all(self, *tags: str) -> list["Element"]:
        return [element for element in self if element.tag in tags]

    @property
    def text(self) -> str:
        return "".join(part if isinstance(part, str) else part.text for part in self.content)


def structure(content: bytes) -> Element:
    with pikepdf.open(BytesIO(content)) as pdf:
        marked = {page.objgen: _marked_content(page) for page in pdf.pages}
        (document,) = _listed(pdf.Root.StructTreeRoot.K)
        return _element(document, marked)


def _element(node, marked) -> Element:
    attributes = {}
    for group in _listed(node.get("/A")):
        attributes |= {key[1:]: value for key, value in group.items()}
    content = []
    for child in _listed(node.get("/K")):
        if isinstance(child, int):
            content.append(marked[node.Pg.objgen][child])
        elif child.get("/Type") == "/MCR":
            content.append(marked[child.get("/Pg", node.get("/Pg")).objgen][child.MCID])
        elif "/S" in child:
            content.append(_element(child, marked))
    return Element(str(node.S)[1:], attributes, content)


def _listed(value) -> list:
    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def _marked_content(page) -> dict[int, str]:
    """The text of each piece of marked content of a page. What is not marked is an artifact: heads and feet."""
    fonts = {name: _letters(font) for name, font in page.Resources.get("/Font", {}).items()}
    texts: dict[int | None, str] = {None: ""}
    open_pieces: list[tuple[int | None, bool]] = [
        (None, False)
    ]  # number, and whether it has its text with it (ActualText)
    letters: dict[bytes, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        number, has_own_text = open_pieces[-1]
        match str(operator):
            case "BDC" | "BMC":
                properties = operands[1] if len(operands) > 1 else {}
                if isinstance(properties, pikepdf.Dictionary):
                    number = properties.get("/MCID", number)
                    texts.setdefault(number, "")
                    if "/ActualText" in properties and not has_own_text:
                        has_own_text = True
                        texts[number] += str(properties.ActualText)
                open_pieces.append((number, has_own_text))
            case "EMC":
                open_pieces.pop()
            case "Tf":
                letters = fonts[str(operands[0])]
            case "Tj" | "TJ" if not has_own_text:
                strings = (
                    part for part in _listed(operands[0]) if isinstance(part, pikepdf.String)
                )
                glyphs = b"".join(map(bytes, strings))
                pairs = (glyphs[at : at + 2] for at in range(0, len(glyphs), 2))
                texts[number] += "".join(letters[pair] for pair in pairs)
    return texts


def _letters(font) -> dict[bytes, str]:
    """The text of each glyph of a font, from its table for extracting text."""
    table = font.ToUnicode.read_bytes().decode()
    letters = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.S):
        for glyph, text in re.findall(r"<(\w+)>\s*<(\w*)>", block):
            letters[bytes.fromhex(glyph)] = bytes.fromhex(text).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.S):
        for first, last, text in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            start = bytes.fromhex(text).decode("utf-16-be")
            for step in range(int(last, 16) - int(first, 16) + 1):
                glyph = (int(first, 16) + step).to_bytes(2, "big")
                letters[glyph] = start[:-1] + chr(ord(start[-1]) + step)
    return letters


# Pages


class Word(NamedTuple):
    """A word and its box, in points from the top left of its page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        """The vertical middle, as boxes are higher than letters, by much in some fonts."""
        return (self.top + self.bottom) / 2

    @property
    def ink(self) -> tuple[float, float]:
        """The visible left and right edge: half of an opening mark at the left, or a closing one at the right, is blank."""
        half = (self.bottom - self.top) / 2
        left = self.left + half * (self.text[0] in "（「『【《")
        return left, self.right - half * (self.text[-1] in "、。，．）」』】》")

    def is_within(self, left: float, top: float, right: float, bottom: float) -> bool:
        first, last = self.ink
        across = left - 1 < first and last < right + 1
        half = SMALLEST / 2
        return across and top < self.middle - half + 1 and self.middle + half - 1 < bottom

    def overlaps(self, other: "Word") -> bool:
        across = min(self.ink[1], other.ink[1]) - max(self.ink[0], other.ink[0])
        return across > 1 and abs(self.middle - other.middle) < SMALLEST / 2


class Page(NamedTuple):
    width: float
    height: float
    words: list[Word]

    @property
    def size(self) -> tuple[int, int]:
        return round(self.width), round(self.height)

    @property
    def text(self) -> str:
        return squeezed(word.text for word in self.words)

    def cut(self, side: float, top: float, bottom: float) -> list[object]:
        """Words that run over these margins (in mm), and pairs that overlap; without heads and feet in the margins."""
        words = [
            word
            for word in self.words
            if word.middle > top * MM and word.middle < self.height - bottom * MM + SMALLEST / 2
        ]
        area = (side * MM, top * MM, self.width - side * MM, self.height - bottom * MM)
        beyond = [word for word in words if not word.is_within(*area)]
        return beyond + [pair for pair in combinations(words, 2) if pair[0].overlaps(pair[1])]


def pages(content: bytes) -> list[Page]:
    run = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=content, capture_output=True, check=True
    )
    printed_pages = []
    for page in re.findall(r"<page .*?</page>", run.stdout.decode(), re.S):
        width, height = re.match(r'<page width="([\d.]+)" height="([\d.]+)"', page).groups()
        words = re.findall(
            r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>', page
        )
        printed_pages.append(
            Page(
                float(width),
                float(height),
                [Word(unescape(text), *map(float, box)) for *box, text in words],
            )
        )
    return printed_pages
