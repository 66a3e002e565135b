"""A document as a Word file (.docx), and back.

The words of the file are the words of the document. Paragraph styles carry what a block or a cell
is, sections the orientation, and the file keeps invisibly what it was made from: Word and
LibreOffice hand all of it on when they save the file again.
"""

from tokku.document.docx.package import UnreadableWordFile
from tokku.document.docx.reader import WordReading, read
from tokku.document.docx.writer import write
