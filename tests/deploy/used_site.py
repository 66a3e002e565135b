"""The site of deploy/ on PostgreSQL, with people who are signed in and a year at three moments of its course."""

import copy
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from evaluations import moves
from tests import factories
from tests.deploy.stand import NAME, Answer, Files, Process, Stand
from tests.evaluations import campaign
from tests.evaluations.load import TOKEN, EntryPage
from tests.postgres import Server, throw_away_server
from tests.service.databases import connected

MOST_SECONDS = 60
YEAR = "/keihin/2023/"
ACTUALS = f"{YEAR}entry/actuals/"


@dataclass(frozen=True)
class Act:
    by: str
    url: str
    begins_in: str  # a database that the others of this state are copied from
    points: tuple[str, ...]


_MOVE = ("StatusChange", "AuditEntry", "Submission", "HistoricalSubmission", "answered")
ACTS = {
    "save": Act("official", ACTUALS, "filled", ("Actual", "HistoricalActual", "answered")),
    "hand in": Act("official", f"{YEAR}entry/submit/", "filled", _MOVE),
    "approve": Act("secretariat", f"{YEAR}review/141305/moves/approve/", "handed_in", _MOVE),
    "seal": Act(
        "secretariat",
        f"{YEAR}review/moves/seal/",
        "approved",
        ("StatusChange", "Evaluation", "SealedVersion", "SealedFile", "answered"),
    ),
}


def fill_databases(create: Callable[[str], str]) -> dict[str, str]:
    """Make the databases in which the acts begin; return the sessions of the people."""
    with connected(create("filled")):
        call_command("migrate", verbosity=0)
        secretariat, official = map(factories.person, ("secretariat", "official"))
        year = campaign.open_year(secretariat)
        campaign.fill(year, official.municipality_id)
        sessions = {}
        for name, person in {"secretariat": secretariat, "official": official}.items():
            client = Client()
            client.force_login(person)
            sessions[name] = client.cookies["sessionid"].value
    with connected(create("handed_in TEMPLATE filled")):
        campaign.hand_in(year, official)
    with connected(create("approved TEMPLATE handed_in")):
        moves.move(campaign.submission(year), "approve", by=secretariat)
        campaign.fill(year)
        for name in ("神奈川県", "横浜市"):
            by = factories.user(f"{name}の担当者", of=name)
            moves.move(campaign.hand_in(year, by), "approve", by=secretariat)
        campaign.set_aside(year, secretariat)
    return sessions


@dataclass
class Site:
    server: Server
    stand: Stand
    stops: Path
    sessions: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        self.start_gunicorn()
        self.start_nginx()

    def start_gunicorn(self) -> None:
        self.gunicorn: Process = self.stand.start_gunicorn("tests.deploy.stopping")

    def start_nginx(self) -> None:
        self.nginx: Process = self.stand.start_nginx()

    def url(self, name: str) -> str:
        return urlsplit(self.server.url)._replace(path=f"/{name}").geturl()

    def create(self, how: str) -> str:
        with psycopg.connect(self.server.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {how}")
        return self.url(how.split()[0])

    def begin(self, state: str) -> None:
        """Put the database into the state, under the running site."""
        for file in self.stops.iterdir():
            file.unlink()
        with psycopg.connect(self.server.url, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS site WITH (FORCE)")
        self.create(f"site TEMPLATE {state}")
        with psycopg.connect(self.server.url, autocommit=True) as connection:
            # Or a server that is killed would give keys again that sequences of the copy have given.
            connection.execute("CHECKPOINT")

    def ask(self, by: str, url: str, data: dict | None = None) -> Answer:
        if data is None:
            return self.stand.ask(url, headers=self._headers(by))
        body = urlencode(data, doseq=True).encode()
        return self.send(by, url, body, "application/x-www-form-urlencoded")

    def send(self, by: str, url: str, body: bytes, kind: str) -> Answer:
        headers = self._headers(by) | {"Content-Type": kind}
        return self.stand.ask(url, "POST", headers=headers, body=body)

    def _headers(self, by: str) -> dict[str, str]:
        return {
            "Cookie": f"sessionid={self.sessions[by]}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Referer": f"https://{NAME}/",
        }

    def input_of(self, act: Act) -> dict:
        """What its person has filled in, and sends."""
        if act.url != ACTUALS:
            return {}
        fields = EntryPage(self.ask(act.by, act.url).text).fields
        name = next(name for name in fields if name.endswith("-value"))
        return fields | {name: "97"}

    def rows(self) -> dict[str, tuple[int, str]]:
        """The number of rows of each table, and what they hold; but for sessions."""
        with closing(psycopg.connect(self.url("site"))) as connection:
            names = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename != 'django_session'"
            ).fetchall()
            return {
                name: connection.execute(
                    f"SELECT count(*), md5(string_agg(t::text, '' ORDER BY t::text)) FROM {name} t"
                ).fetchone()
                for (name,) in names
            }

    def wait_until_it_is_back(self, by: str) -> None:
        deadline = time.monotonic() + MOST_SECONDS
        while (answer := self.ask(by, f"{YEAR}log/")).status != 200:
            assert is_told_in_japanese(answer)
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def reached(self) -> int:
        """The process that has stopped."""
        file = self.stops / "reached"
        deadline = time.monotonic() + MOST_SECONDS
        while not file.exists() or not file.read_text().endswith("\n"):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return int(file.read_text())

    def go_on(self) -> None:
        (self.stops / "reached").unlink()


def is_told_in_japanese(answer: Answer) -> bool:
    return (
        answer.status in (502, 503) and 'lang="ja"' in answer.text and "特区評価書" in answer.text
    )


def counts_of(rows: dict[str, tuple[int, str]]) -> dict[str, int]:
    return {table: count for table, (count, _) in rows.items()}


@contextmanager
def used_site(folder: Path, files: Files, **environment: str) -> Iterator[Site]:
    """Needs a database connection of the test run that it may replace."""
    (stops := folder / "stops").mkdir()
    files = copy.copy(files)
    with throw_away_server() as server:
        with psycopg.connect(server.url, autocommit=True) as connection:
            # Else what is stored may be lost with the server, though not the order.
            connection.execute("ALTER ROLE postgres SET synchronous_commit = on")
        site = Site(server, Stand(folder, files), stops)
        files.environment = files.environment | {
            "DATABASE_URL": site.url("site"),
            "SECRET_KEY": settings.SECRET_KEY,  # of the sessions
            "STOPS": str(stops),
            **environment,
        }
        site.sessions = fill_databases(site.create)
        site.start()
        yield site
        site.nginx.stop()
        site.gunicorn.stop()
