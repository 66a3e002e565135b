"""PostgreSQL is restarted behind the site, while people work and while nobody does."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from threading import Event

import psycopg
import pytest

from tests.deploy.used_site import ACTUALS, MOST_SECONDS, YEAR, is_told_in_japanese, used_site
from tests.evaluations.load import EntryPage

pytestmark = [pytest.mark.full, pytest.mark.slow]

READERS = 8
PAGES = (YEAR, ACTUALS, f"{YEAR}log/", "/")
DOWN_SECONDS = 2


@pytest.fixture
def site(tmp_path, files, django_db_blocker):
    with django_db_blocker.unblock(), used_site(tmp_path, files) as site:
        site.begin("filled")
        site.wait_until_it_is_back("official")
        yield site


def read(site, number):
    return site.ask("official", PAGES[number % len(PAGES)])


def read_on(site, stop, number):
    """The answers until people stop."""
    answers = []
    while not stop.is_set():
        answers.append(read(site, number + len(answers)))
    return answers


def save_on(site, stop, figures):
    """Save one figure after the other, and send again what was not taken; what was answered instead."""
    fields = EntryPage(site.ask("official", ACTUALS).text).fields
    name = next(name for name in fields if name.endswith("-value"))
    failures = []
    while not stop.is_set():
        data = fields | {name: str(1000 + len(figures))}
        while (answer := site.ask("official", ACTUALS, data)).status != 302:
            failures.append(answer)
        figures.append(int(data[name]))
        while (page := site.ask("official", ACTUALS)).status != 200:
            failures.append(page)
        fields = EntryPage(page.text).fields
    return failures


def wait_for_more(figures):
    enough = len(figures) + 3
    deadline = time.monotonic() + MOST_SECONDS
    while len(figures) < enough:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("how", [signal.SIGQUIT, signal.SIGINT])
def test_people_at_work_read_japanese_and_lose_nothing(site, how):
    stop, figures = Event(), []
    with ThreadPoolExecutor(READERS + 1) as people:
        saving = people.submit(save_on, site, stop, figures)
        reading = [people.submit(read_on, site, stop, number) for number in range(READERS)]
        try:
            wait_for_more(figures)
            site.server.restart(how, DOWN_SECONDS)
            wait_for_more(figures)
        finally:
            stop.set()
        answers = saving.result() + [answer for one in reading for answer in one.result()]

    failures = [answer for answer in answers if answer.status != 200]
    assert failures
    assert [answer.status for answer in failures if not is_told_in_japanese(answer)] == []
    with closing(psycopg.connect(site.url("site"))) as connection:
        stored = connection.execute(
            "SELECT value FROM evaluations_historicalactual"
            " WHERE value::numeric >= 1000 ORDER BY history_id"
        ).fetchall()
    assert [int(value) for (value,) in stored] == figures


@pytest.mark.parametrize("how", [signal.SIGQUIT, signal.SIGINT])
def test_nobody_notices_when_nobody_was_there(site, how):
    with ThreadPoolExecutor(READERS) as people:
        assert {answer.status for answer in people.map(partial(read, site), range(40))} == {200}
        site.server.restart(how)
        assert {answer.status for answer in people.map(partial(read, site), range(40))} == {200}
