"""The database server is restarted, as after an update, while the site goes on running."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.postgres import free_port, throw_away_server

pytestmark = pytest.mark.slow

THREADS = 4
PAGES = 40


class Unfollowed(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def status_of(address):
    """The status of a page that looks for a session in the database; None while nobody answers."""
    request = urllib.request.Request(address, headers={"Cookie": "sessionid=of-nobody"})
    try:
        return urllib.request.build_opener(Unfollowed).open(request, timeout=20).status
    except urllib.error.HTTPError as error:
        return error.code
    except urllib.error.URLError:
        return None


def statuses(address):
    with ThreadPoolExecutor(THREADS) as people:
        return {*people.map(status_of, [address] * PAGES)}


@pytest.fixture
def database():
    with throw_away_server() as server:
        yield server


@pytest.fixture
def site(database):
    """The site as it runs for real, on a database that has only the table of sessions."""
    environment = os.environ | {"DATABASE_URL": database.url, "DEBUG": "true"}
    migrate = [sys.executable, "manage.py", "migrate", "sessions", "--verbosity", "0"]
    subprocess.run(migrate, env=environment, check=True)
    port = free_port()
    gunicorn = [sys.executable, "-m", "gunicorn", "--no-control-socket", "tokku.wsgi"]
    options = ["--threads", str(THREADS), "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    with subprocess.Popen([*gunicorn, *options], env=environment) as process:
        address = f"http://127.0.0.1:{port}/"
        deadline = time.monotonic() + 60
        while status_of(address) is None and time.monotonic() < deadline:
            time.sleep(0.1)
        yield address
        process.terminate()


def test_no_page_fails_after_the_database_has_been_restarted(database, site):
    assert statuses(site) == {302}  # to sign in

    database.restart()

    assert statuses(site) == {302}
