"""deploy/Containerfile: what a linter says of it, and its steps in a folder instead of an image."""

import json
import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from functools import partial
from pathlib import Path

import pytest

from tests.deploy.stand import DEPLOY, ROOT, Process, accepts, fill_in
from tests.postgres import free_port

CONTAINERFILE = DEPLOY / "Containerfile"
USER = "10001:10001"


def instructions():
    """(name, rest) of each instruction, its lines joined."""
    text = re.sub(r"\\\n", "", CONTAINERFILE.read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [tuple(line.split(None, 1)) for line in lines]


def test_the_linter_finds_nothing_wrong():
    hadolint = Path(sys.executable).parent / "hadolint"
    checked = subprocess.run([hadolint, CONTAINERFILE], capture_output=True, text=True)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def test_it_runs_as_nobody_in_particular_and_tells_its_health():
    names = [name for name, _ in instructions()]
    assert dict(instructions())["USER"] == USER
    assert names.index("USER") > max(n for n, name in enumerate(names) if name == "RUN")
    assert "HEALTHCHECK" in names


def copied_files():
    """What COPY . takes: the code, without what .dockerignore names."""
    patterns = [
        line for line in (ROOT / ".dockerignore").read_text().splitlines() if line[0] != "#"
    ]
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        if not any(fnmatch(name.partition("/")[0], pattern) for pattern in patterns):
            yield Path(name)


@pytest.mark.full
def test_its_steps_make_a_site_that_writes_to_its_own_folder_alone(tmp_path):
    """All but the base image: the steps of RUN as they stand, then CMD."""
    image, data = tmp_path / "image", tmp_path / "data"
    data.mkdir()
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "python"], check=True)
    environment = {
        "PATH": f"{tmp_path / 'python/bin'}:{os.environ['PATH']}",
        "HOME": "/nonexistent",
    }
    for name, rest in instructions():
        if name == "COPY":
            for file in copied_files():
                (image / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / file, image / file)
        elif name == "ENV":
            environment |= dict(pair.split("=", 1) for pair in rest.split())
        elif name == "RUN" and "useradd" not in rest:
            subprocess.run(["sh", "-ec", rest], cwd=image, env=environment, check=True)

    environment |= {
        "SECRET_KEY": "only-for-this-test",
        "DATABASE_URL": f"sqlite:///{data}/db.sqlite3",
        "MEDIA_ROOT": f"{data}/files",
        "ALLOWED_HOSTS": "localhost",
    }
    before = {path: path.stat().st_mtime_ns for path in image.rglob("*")}
    run = partial(subprocess.run, cwd=image, env=environment, check=True)
    run(["python", "manage.py", "migrate", "--verbosity", "0"])

    port = free_port()
    command = json.loads(dict(instructions())["CMD"])
    command = [
        fill_in(part, {"0.0.0.0:8000": f"127.0.0.1:{port}"}) if ":" in part else part
        for part in command
    ]
    health = json.loads(re.search(r"\bCMD (\[.+\])", dict(instructions())["HEALTHCHECK"])[1])
    check = [part.replace("8000", str(port)) for part in health]
    started = partial(accepts, 2, ("127.0.0.1", port))
    site = Process(command, environment, started, tmp_path / "log", cwd=image)
    run(check)
    site.stop()
    with pytest.raises(subprocess.CalledProcessError):
        run(check, stderr=subprocess.DEVNULL)
    assert {path: path.stat().st_mtime_ns for path in image.rglob("*")} == before
