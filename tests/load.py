"""The day of the deadline: officials of 99 zones sign in, read and save, on PostgreSQL behind nginx and gunicorn.

`python -m tests.postgres python -m tests.load SECONDS` prints the seconds that pages took, and ends with 1 when one
failed, a save was lost, or 95 in 100 pages took longer than is aimed at. Further arguments are those of `make_zones`
(--small). Run it on a machine that does nothing else.
"""

import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from tests.deploy.stand import NAME, Files, Stand
from tests.evaluations.load import EntryPage

ZONES, AUTHORS = 99, 3
PASSWORD = "tokku-mihon"
# By the seconds in which all have been there: the seconds within which 95 in 100 pages have to be answered.
AIMS = {150: 1.0, 600: 0.4}


@contextmanager
def site():
    """The site as deploy/ sets it up, with its zones made, and the process that its workers come from."""
    environment = os.environ | {"DEBUG": "true"}
    for command in (["migrate", "-v", "0"], ["make_zones", str(ZONES), *sys.argv[2:]]):
        subprocess.run([sys.executable, "manage.py", *command], check=True, env=environment)
    with tempfile.TemporaryDirectory(prefix="tokku-load-") as folder, ExitStack() as running:
        os.chmod(folder, 0o755)  # for the user that nginx runs as
        files = Files(Path(folder))
        files.environment["DATABASE_URL"] = os.environ["DATABASE_URL"]
        files.make()
        stand = Stand(Path(folder), files)
        gunicorn = stand.start_gunicorn("tokku.wsgi")
        running.callback(gunicorn.stop)
        running.callback(stand.start_nginx().stop)
        yield stand, gunicorn.pid


@dataclass
class Official:
    """One person at a browser; keeps how long each page took, what failed, and what was saved."""

    stand: Stand
    username: str
    zone: str
    number: int
    cookies: dict[str, str] = field(default_factory=dict)
    seconds: list[tuple[str, float]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    saved: tuple[int, int] | None = None  # primary key and value of an actual

    def ask(self, name: str, url: str, data: dict | None = None, expected: int = 200) -> str:
        options = {"headers": {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}}
        if data is not None:
            options["body"] = urlencode(data, doseq=True)
            options["headers"] |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": f"https://{NAME}{url}",
            }
        start = time.monotonic()
        try:
            answer = self.stand.ask(url, "GET" if data is None else "POST", **options)
        except OSError as error:
            self.failures.append(f"{name}: {error}")
            return ""
        self.seconds.append((name, time.monotonic() - start))
        for header in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(header).items()}
        if answer.status != expected:
            self.failures.append(f"{name}: {answer.status}")
        return answer.text

    def work(self, start: float, pause: float) -> None:
        """Eight pages, the saving of one counted as one with the page that follows."""
        chance = random.Random(self.username)

        def wait():
            time.sleep(pause * chance.uniform(0.5, 1.5))

        time.sleep(start)
        page = self.ask("ログインの画面", "/sign-in/")
        wait()
        sign_in = {"username": self.username, "password": PASSWORD, **token(page)}
        self.ask("ログイン", "/sign-in/", sign_in, expected=302)
        self.ask("ホーム", "/")
        wait()
        year = f"/{self.zone}/2024/"
        self.ask("入力の状況", f"{year}entry/")
        wait()
        actuals = f"{year}entry/actuals/"
        page = self.ask("実績値", actuals)
        wait()
        data = EntryPage(page).fields
        name = next((name for name in data if name.endswith("-value")), None)
        if name:
            self.saved = int(re.search(r"/(\d+)-", name)[1]), 1000 + self.number
            self.ask("保存", actuals, data | {name: str(self.saved[1])}, expected=302)
            self.ask("実績値", actuals)
        else:
            self.failures.append("実績値: no field")
        wait()
        self.ask("文章", f"{year}entry/texts/")
        wait()
        self.ask("評価書", year)
        wait()
        self.ask("経過", f"{year}log/")


def token(page: str) -> dict[str, str]:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    return {"csrfmiddlewaretoken": found[1]} if found else {}


def memory_of(parent: int) -> int:
    """The memory of a process and all below it, in MB."""
    children = defaultdict(list)
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            of, rest = path.read_text().rsplit(")", 1)
            children[int(rest.split()[1])].append(int(of.split()[0]))
        except (OSError, ValueError):
            continue
    total, to_do = 0, [parent]
    while to_do:
        process = to_do.pop()
        to_do += children[process]
        try:
            total += int(Path(f"/proc/{process}/statm").read_text().split()[1])
        except OSError:
            continue
    return total * os.sysconf("SC_PAGE_SIZE") // 1024**2


def main(seconds: int) -> int:
    with site() as (stand, gunicorn):
        people = [
            Official(stand, f"zone{zone}-{place}-1", f"zone{zone}", zone * AUTHORS + place)
            for zone in range(1, ZONES + 1)
            for place in range(1, AUTHORS + 1)
        ]
        chance = random.Random(0)
        threads = [
            threading.Thread(
                target=person.work, args=(chance.uniform(0, seconds * 0.4), seconds * 0.6 / 8 / 1.5)
            )
            for person in people
        ]
        start = time.monotonic()
        for thread in threads:
            thread.start()
        most_memory = 0
        while any(thread.is_alive() for thread in threads):
            most_memory = max(most_memory, memory_of(gunicorn))
            time.sleep(0.5)
        took = time.monotonic() - start
        made_way = (stand.folder / "gunicorn.log").read_text().count("makes way")
    return report(people, seconds, took, f"最大{most_memory} MB、作り直し{made_way}回")


def report(people: list[Official], seconds: int, took: float, workers: str) -> int:
    of_pages = defaultdict(list)
    for person in people:
        for name, each in person.seconds:
            of_pages[name].append(each)
    for name, times in of_pages.items():
        print(f"{name:<10}\t{len(times):5}\t{quantiles(times)}")
    times = [each for times in of_pages.values() for each in times]
    print(f"{'全部':<10}\t{len(times):5}\t{quantiles(times)}")
    failures = [failure for person in people for failure in person.failures]
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        stored = dict(connection.execute("SELECT id, value FROM evaluations_actual"))
    lost = [
        person for person in people if person.saved and stored[person.saved[0]] != person.saved[1]
    ]
    saved = sum(person.saved is not None for person in people)
    print(
        f"{len(people)}人、{took:.0f}秒、誤り{len(failures)}件、保存{saved}件のうち失われたもの{len(lost)}件、"
        f"gunicorn の記憶 {workers}、負荷 {os.getloadavg()[0]:.1f}"
    )
    for failure in failures[:10]:
        print(failure)
    aim = AIMS[seconds]
    is_met = sorted(times)[int(len(times) * 0.95)] <= aim and not failures and not lost
    print(f"目標（95%が{aim}秒以内、誤りと失われたものなし）：{'達成' if is_met else '未達成'}")
    return 0 if is_met and saved == len(people) else 1


def quantiles(times: list[float]) -> str:
    by_hundred = statistics.quantiles(times, n=100)
    return f"50% {by_hundred[49]:.3f}秒\t95% {by_hundred[94]:.3f}秒\t最大 {max(times):.3f}秒"


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
