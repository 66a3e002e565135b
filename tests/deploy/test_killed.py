"""Each process of the site is killed (SIGKILL) at each point of an act of its people.

Then all of the act is stored or nothing, people read Japanese, and the same sent again does it once.
"""

import http.client
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.deploy.used_site import ACTS, MOST_SECONDS, counts_of, is_told_in_japanese, used_site

pytestmark = [pytest.mark.full, pytest.mark.slow]

UNREACHABLE = (http.client.HTTPException, OSError)


def children(pid: int) -> list[int]:
    """Of each of its threads."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def kill(*pids: int) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def wait_until_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + MOST_SECONDS
    while any(Path(f"/proc/{pid}/exe").exists() for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def kill_worker(site, worker):
    kill(worker)


def kill_gunicorn(site, worker):
    """And what it has started, as systemd does then."""
    workers = children(site.gunicorn.pid)
    kill(site.gunicorn.pid, *workers)
    site.gunicorn.stop()
    wait_until_gone(workers)
    site.start_gunicorn()


def kill_master(site, worker):
    """The workers finish what they have begun, and end."""
    workers = children(site.gunicorn.pid)
    kill(site.gunicorn.pid)
    site.gunicorn.stop()
    site.go_on()
    wait_until_gone(workers)
    site.start_gunicorn()


def kill_compiler(site, worker):
    """The process that sets the worker's PDFs, as soon as there is one."""
    site.go_on()
    deadline = time.monotonic() + MOST_SECONDS
    while not (pids := [pid for pid in children(worker) if is_compiler(pid)]):
        assert time.monotonic() < deadline
        time.sleep(0.001)
    kill(*pids)


def is_compiler(pid: int) -> bool:
    return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()


def kill_nginx(site, worker):
    workers = children(site.nginx.pid)
    kill(site.nginx.pid, *workers)
    site.nginx.stop()
    wait_until_gone(workers)
    site.go_on()
    site.start_nginx()


def kill_backend(site, worker):
    """The database's process for the worker, after which the server ends all others, too."""
    with closing(psycopg.connect(site.server.url)) as connection:
        pids = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = 'site' ORDER BY state != 'idle in transaction'"
        ).fetchall()
    kill(pids[0][0])
    wait_until_gone([pids[0][0]])
    site.go_on()


def kill_postmaster(site, worker):
    backends = children(site.server.pid)
    kill(site.server.pid)
    wait_until_gone(backends)
    site.go_on()
    site.server.restart(seconds=0.5)


KILLS = {
    "a worker": kill_worker,
    "gunicorn": kill_gunicorn,
    "gunicorn's master alone": kill_master,
    "the PDF process": kill_compiler,
    "nginx": kill_nginx,
    "a backend of PostgreSQL": kill_backend,
    "the postmaster": kill_postmaster,
}
# These end what the worker does; after the others it goes on.
ENDING = ("a worker", "gunicorn", "a backend of PostgreSQL", "the postmaster")


@pytest.fixture(scope="module")
def site(tmp_path_factory, files, django_db_blocker):
    with (
        django_db_blocker.unblock(),
        used_site(tmp_path_factory.mktemp("killed"), files) as site,
    ):
        yield site


@pytest.fixture(scope="module")
def undisturbed(site):
    """How many rows each table has after each act."""
    counts = {}
    for name, act in ACTS.items():
        site.begin(act.begins_in)
        site.wait_until_it_is_back(act.by)
        assert site.ask(act.by, act.url, site.input_of(act)).status == 302
        counts[name] = counts_of(site.rows())
    return counts


CASES = [
    (name, point, killed)
    for name, act in ACTS.items()
    for point in act.points
    for killed in KILLS
    # Nothing but sealing sets PDFs, between these two.
    if killed != "the PDF process" or point == "SealedVersion"
]


@pytest.mark.parametrize(("name", "point", "killed"), CASES)
def test_an_act_is_stored_whole_or_not_at_all_and_can_be_done_again(
    site, undisturbed, name, point, killed
):
    act, whole = ACTS[name], undisturbed[name]
    site.begin(act.begins_in)
    site.wait_until_it_is_back(act.by)
    before, data = site.rows(), site.input_of(act)
    assert counts_of(before) != whole
    (site.stops / "at").write_text(point)
    with ThreadPoolExecutor(1) as person:
        sent = person.submit(site.ask, act.by, act.url, data)
        KILLS[killed](site, site.reached())
        try:
            answer = sent.result()
        except UNREACHABLE:
            answer = None
    site.wait_until_it_is_back(act.by)

    if killed == "nginx":  # Nobody is there to answer.
        assert answer is None
    elif killed in ENDING and point != "answered":
        assert is_told_in_japanese(answer)
        assert site.rows() == before
    else:
        assert answer.status == 302 or is_told_in_japanese(answer)
        assert counts_of(site.rows()) == whole

    assert site.ask(act.by, act.url, data).status == 302
    assert counts_of(site.rows()) == whole
