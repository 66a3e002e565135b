"""Typst, in a process of its own: what it keeps of the documents that it has set grows, and goes with the process.

A process that runs the site has one, and starts the next when it has grown or was killed.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path

import typst

STANDARDS = ["a-2a", "ua-1"]
# PDF/A demands a date of creation, in seconds since 1970. The documents' own dates are in their words: 2000-01-01.
_CREATED = 946_684_800

# When the process is replaced: by its memory in bytes, or after so many documents where Linux is not there to tell it.
MOST_MEMORY = 250 * 1024**2
MOST_DOCUMENTS = 50
_STATM = Path("/proc/self/statm")


@cache
def fonts_in(folders: tuple[Path, ...]) -> typst.Fonts:
    """The fonts of these folders, and those that Typst brings along."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[*folders]
    )


class Compiler:
    """A process that makes PDFs, one at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process = self._connection = None

    def compile(self, source: bytes, folders: Sequence[Path]) -> bytes:
        """The PDF of a Typst source. Raises typst.TypstError, and EOFError when the process is killed twice."""
        with self._lock:
            try:
                pdf, has_grown = self._answer(source, folders)
            except (EOFError, ConnectionError):
                self._stop()
                pdf, has_grown = self._answer(source, folders)
            if has_grown:
                self._stop()
        if isinstance(pdf, Exception):
            raise pdf
        return pdf

    def _answer(self, source: bytes, folders: Sequence[Path]) -> tuple[bytes | Exception, bool]:
        if self._process is None:
            # Not forked, since another thread may hold a lock at that moment.
            context = multiprocessing.get_context("spawn")
            self._connection, other_end = context.Pipe()
            self._process = context.Process(target=_serve, args=[other_end], daemon=True)
            self._process.start()
            other_end.close()  # so that the end of the process is noticed
        self._connection.send((source, tuple(folders)))
        return self._connection.recv()

    def _stop(self) -> None:
        if self._process:
            self._connection.close()
            self._process.kill()
            self._process.join()
        self._process = self._connection = None


def _serve(connection: Connection) -> None:
    """Answer until the other process is gone, which alone decides when to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    count = 0
    while True:
        try:
            source, folders = connection.recv()
        except EOFError:
            return
        count += 1
        compiler = typst.Compiler(root=Path(__file__).parent, font_paths=fonts_in(folders))
        try:
            pdf = compiler.compile(
                input=source, format="pdf", pdf_standards=STANDARDS, timestamp=_CREATED
            )
        except typst.TypstError as error:
            pdf = error
        connection.send((pdf, _has_grown(count)))


def _has_grown(count: int) -> bool:
    try:
        pages = int(_STATM.read_text().split()[1])
    except OSError:
        return count >= MOST_DOCUMENTS
    return pages * os.sysconf("SC_PAGE_SIZE") > MOST_MEMORY
