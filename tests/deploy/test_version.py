"""Which version runs: on the foot of pages, by manage.py, and what CHANGELOG.md says is new in it."""

import re
import subprocess
import sys

import pytest

from tests.deploy.stand import ROOT
from tokku import VERSION


def test_manage_tells_the_version():
    command = [sys.executable, "manage.py", "--version"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert told.startswith(f"tokku {VERSION} (Django ")


@pytest.mark.parametrize("address", ["/", "/admin/", "/no-such-page/"])
def test_pages_tell_the_version_at_their_foot(client, secretariat, address):
    client.force_login(secretariat)
    foot = re.search("<footer.*</footer>", client.get(address).content.decode(), re.DOTALL)[0]
    assert f"バージョン{VERSION}" in foot


def test_the_change_log_begins_with_this_version():
    log = (ROOT / "CHANGELOG.md").read_text()
    assert re.search(r"^## (\S+)", log, re.MULTILINE)[1] == VERSION
