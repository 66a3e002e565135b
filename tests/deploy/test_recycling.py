"""deploy/gunicorn.conf.py: a worker that has grown makes way, and nobody's request is cut off by it."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import quote

import pytest

from tests.deploy.stand import GUNICORN, Stand, fill_in

pytestmark = pytest.mark.slow

WAIT_SECONDS = 30


@pytest.fixture
def site(tmp_path, files):
    """Every worker is too large from its first request on."""
    configuration = tmp_path / "gunicorn.conf.py"
    too_large = {"MOST_RESIDENT = 350 * 1024**2": "MOST_RESIDENT = 0"}
    configuration.write_text(fill_in(GUNICORN.read_text(), too_large))
    stand = Stand(tmp_path, files)
    gunicorn = stand.start_gunicorn("tests.deploy.echo", configuration=configuration)
    nginx = stand.start_nginx()
    yield stand
    nginx.stop()
    gunicorn.stop()


def worker_of(site):
    answer = site.ask("/echo/")
    assert answer.status == 200
    return answer.json["pid"]


@contextmanager
def begun(site, end):
    """A request that goes on until the file `end` is there: its worker, and how to read the rest."""
    with site.connection() as connection:
        connection.request("GET", f"/hold/?{quote(str(end))}")
        response = connection.getresponse()
        yield int(response.read1(100)), response.read


def test_no_request_is_lost_while_workers_come_and_go(site):
    with ThreadPoolExecutor(8) as people:
        workers = Counter(people.map(lambda _: worker_of(site), range(120)))
    assert len(workers) > 2


def test_a_worker_makes_way_when_its_last_request_has_ended_and_one_at_a_time(site, tmp_path):
    end = tmp_path / "end"
    with begun(site, end) as (worker, read_rest):
        # Until that worker takes no more requests. The other one takes them all, and has to stay.
        deadline = time.monotonic() + WAIT_SECONDS
        while len(others := {worker_of(site) for _ in range(20)}) > 1 or worker in others:
            assert time.monotonic() < deadline, f"{others} answer beside {worker}"
        end.touch()
        assert read_rest() == b"end"

    while others == {worker_of(site)}:
        assert time.monotonic() < deadline, "the other one never gets its turn"
