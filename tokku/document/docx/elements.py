"""Elements of a Word file by name, and which of them hold no words of the document."""

from functools import cache

from docx.oxml.ns import qn
from lxml import etree

# Prefixes of names by XML namespace; names of Word's own have none.
_PREFIXES = {
    qn("w:p").removesuffix("p"): "",
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}": "m:",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}": "mc:",
}
# Tracked changes
DELETED = {"del", "moveFrom"}
REVISED = {"ins", "moveTo", *DELETED}
FORMAT_REVISIONS = [
    qn(f"w:{name}Change")
    for name in ("pPr", "rPr", "tblPr", "tblGrid", "tblPrEx", "trPr", "tcPr", "sectPr", "numbering")
]
# Elements around others that are read.
WRAPPERS = {"sdt", "sdtContent", "customXml", "smartTag", "hyperlink", "fldSimple", "dir", "bdo"}
# Properties, marks and the inside of fields: no words of the document.
SILENT = {
    "",  # comments and processing instructions of the XML
    *("pPr", "rPr", "tblPr", "tblGrid", "tblPrEx", "trPr", "tcPr", "sectPr"),
    *("sdtPr", "sdtEndPr", "customXmlPr", "smartTagPr", "rubyPr"),
    *("bookmarkStart", "bookmarkEnd", "proofErr", "permStart", "permEnd", "lastRenderedPageBreak"),
    *("commentRangeStart", "commentRangeEnd", "annotationRef", "fldChar", "instrText"),
    *("delText", "delInstrText", "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart"),
    *("moveToRangeEnd", "customXmlInsRangeStart", "customXmlInsRangeEnd"),
    *("customXmlDelRangeStart", "customXmlDelRangeEnd", "customXmlMoveFromRangeStart"),
    *("customXmlMoveFromRangeEnd", "customXmlMoveToRangeStart", "customXmlMoveToRangeEnd"),
}


def name_of(element: etree._Element) -> str:
    """The name of an element; "" for comments and processing instructions."""
    if not isinstance(element.tag, str):
        return ""
    space, _, name = element.tag.rpartition("}")
    return _PREFIXES.get(space + "}", f"{space}:") + name


def find(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The element at this path of names; None when there is none, or `element` is None."""
    return None if element is None else element.find(_path(*path))


@cache
def _path(*names: str) -> str:
    return "/".join(qn(f"w:{name}") for name in names)


def value(element: etree._Element | None, name: str) -> str | None:
    """The value of a property, None where it is not set."""
    element_property = find(element, name)
    return None if element_property is None else element_property.get(qn("w:val"))


def whole(element: etree._Element | None, name: str, otherwise: int) -> int:
    return int(value(element, name) or otherwise)


def words(element: etree._Element) -> str:
    """All text within an element, however deep."""
    return "".join(element.itertext("{*}t", with_tail=False))
