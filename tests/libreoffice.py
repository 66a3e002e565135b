"""LibreOffice, which opens workbooks and saves them again, as some offices do."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest


def _has_calc() -> bool:
    program = shutil.which("soffice")
    return bool(program) and (Path(program).resolve().parent / "libsclo.so").exists()


needs_calc = pytest.mark.skipif(not _has_calc(), reason="LibreOffice Calc is not installed")


def saved_again(books: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """Workbooks by name (of letters and digits) as LibreOffice saves them."""
    for name, content in books.items():
        (folder / f"{name}.xlsx").write_bytes(content)
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder / 'profile'}",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            folder / "saved",
            *(folder / f"{name}.xlsx" for name in books),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return {name: (folder / "saved" / f"{name}.xlsx").read_bytes() for name in books}
