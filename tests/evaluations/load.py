"""People at their browsers, for the load test: each fetches a page, types, sends it whole and reads the answer."""

import http.client
import random
import re
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

from django.test import Client

TOKEN = "t" * 32
# What is typed into: row key and field, as the names of an entry page have them.
TYPED_INTO = re.compile(r"[a-z.]+/\d+-(value|note|text|result|outline)")


class EntryPage(HTMLParser):
    """The fields that a browser would send from a page, and the text that a person reads there."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str | list[str]] = {}  # lists of boxes that are checked
        self.stored_texts: list[str] = []  # of others, shown in conflicts
        self.words = ""
        self._textarea = self._select = ""
        self._stored_depth = 0
        self.feed(page)
        self.stored_texts = [text.strip() for text in self.stored_texts]

    @property
    def conflicts(self) -> list[str]:
        """The names of the fields of which two versions are shown."""
        return [name[: -len("-conflict")] for name in self.fields if name.endswith("-conflict")]

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if self._stored_depth or attributes.get("class") == "conflict__stored":
            if not self._stored_depth:
                self.stored_texts.append("")
            self._stored_depth += tag != "br"
        name = attributes.get("name", "")
        if tag == "textarea" and name:
            self._textarea, self.fields[name] = name, ""
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and (self._select not in self.fields or "selected" in attributes):
            self.fields[self._select] = attributes.get("value") or ""
        elif tag == "input" and name:
            kind = attributes.get("type", "text")
            if name.endswith("-shown"):  # once for each field that the page shows
                self.fields.setdefault(name, []).append(attributes["value"])
            elif kind in ("text", "hidden", "number"):
                self.fields[name] = attributes.get("value") or ""
                self.words += f" {self.fields[name]}"
            elif kind == "checkbox" and "checked" in attributes:
                self.fields.setdefault(name, []).append(attributes.get("value", "on"))

    def handle_endtag(self, tag):
        if tag == "textarea" and self._textarea:
            # A browser drops the line end after the tag.
            self.fields[self._textarea] = self.fields[self._textarea].removeprefix("\n")
            self._textarea = ""
        if self._stored_depth:
            self._stored_depth -= 1

    def handle_data(self, data):
        self.words += data
        if self._textarea:
            self.fields[self._textarea] += data
        if self._stored_depth:
            self.stored_texts[-1] += data


@dataclass
class Typed:
    """A value that a person sent, with its field and outcome."""

    name: str
    value: str
    by: int
    outcome: str


@dataclass
class Person:
    """A signed-in browser. Records everything sent and all answers."""

    user: object
    host: str
    typed: list[Typed] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)  # names of fields, with what they said
    answers: Counter = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def __post_init__(self):
        client = Client()
        client.force_login(self.user)
        self.session = client.cookies["sessionid"].value
        self.chance = random.Random(self.user.username)

    def ask(self, method: str, url: str, data: dict[str, str] | None = None) -> tuple[int, str]:
        with closing(http.client.HTTPConnection(self.host, timeout=60)) as connection:
            connection.request(
                method,
                url,
                urlencode(data or {}, doseq=True) if method == "POST" else None,
                {
                    "Cookie": f"sessionid={self.session}; csrftoken={TOKEN}",
                    "X-CSRFToken": TOKEN,
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Connection": "close",
                },
            )
            response = connection.getresponse()
            return response.status, response.read().decode()

    def expect(self, request_name: str, status: int, page: str, *expected: int) -> None:
        self.answers[f"{request_name} {status}"] += 1
        if status not in expected:
            self.failures.append(
                f"{request_name}: {status} {' '.join(EntryPage(page).words.split())[:300]}"
            )

    def read(self, url: str) -> EntryPage:
        status, page = self.ask("GET", url)
        self.expect("read", status, page, 200)
        return self.read_page(page)

    def read_page(self, page: str) -> EntryPage:
        entry_page = EntryPage(page)
        self.seen |= {item for item in entry_page.fields.items() if TYPED_INTO.fullmatch(item[0])}
        # In the order of the page, as the conflicts are.
        self.seen |= set(zip(entry_page.conflicts, entry_page.stored_texts, strict=True))
        return entry_page


class Official(Person):
    """Types into a page of entry again and again, settles conflicts, and hands in now and then."""

    def work(self, entry: str, pages: list[str], goes_on) -> None:
        count = 0
        while goes_on():
            url = entry + self.chance.choice(pages)
            entry_page = self.read(url)
            fields = [name for name in entry_page.fields if TYPED_INTO.fullmatch(name)]
            if not fields:
                time.sleep(0.2)  # Handed in: to be read only, until it is returned.
                continue
            typed = {}
            for name in self.chance.sample(fields, k=min(2, len(fields))):
                count += 1
                figure = name.endswith("-value")
                typed[name] = (
                    str(self.user.pk * 100_000 + count)
                    if figure
                    else f"{self.user.username}の{count}回目"
                )
            time.sleep(self.chance.random() * 0.3)
            self.send(url, entry_page, typed)
            if self.chance.random() < 0.1:
                status, page = self.ask("POST", f"{entry}submit/")
                self.expect("submit", status, page, 302, 403)

    def send(self, url: str, entry_page: EntryPage, typed: dict[str, str]) -> None:
        data = entry_page.fields | typed
        while True:
            status, page = self.ask("POST", url, data)
            self.expect("type", status, page, 302, 200, 403)
            answer = self.read_page(page)
            for name, value in typed.items():
                outcome = judge(status, answer, value)
                if outcome == "shown" and name in answer.conflicts:
                    outcome = "conflict"
                self.typed.append(Typed(name, value, self.user.pk, outcome))
            conflicts = answer.conflicts if status == 200 else []
            typed = {name: value for name, value in typed.items() if name in conflicts}
            if not typed:
                return
            keep = {name: self.chance.choice(["typed", "stored"]) for name in typed}
            data = answer.fields | {f"{name}-keep": which for name, which in keep.items()}
            typed = {name: value for name, value in typed.items() if keep[name] == "typed"}


class Secretariat(Person):
    """Approves and returns what is handed in, so that the work goes on."""

    def work(self, review: str, codes: list[str], goes_on) -> None:
        count = 0
        while goes_on():
            for code in codes:
                status, page = self.ask("GET", f"{review}{code}/")
                self.expect("review", status, page, 200)
                if self.chance.random() < 0.5:
                    status, page = self.ask("POST", f"{review}{code}/moves/approve/")
                    self.expect("approve", status, page, 302, 403)
                count += 1
                reason = f"{count}回目の差戻しの理由"
                data = {"return-reason": reason}
                status, page = self.ask("POST", f"{review}{code}/moves/return/", data)
                self.expect("return", status, page, 302, 403)
                outcome = judge(status, EntryPage(page), reason)
                self.typed.append(Typed("return-reason", reason, self.user.pk, outcome))
            time.sleep(0.3)


def judge(status: int, answer: EntryPage, value: str) -> str:
    """The outcome of sending a value: "accepted" (redirect), "shown" (the page shows it again) or "lost"."""
    if status == 302:
        return "accepted"
    return "shown" if value in answer.words else "lost"


def work_together(tasks) -> None:
    """Run the tasks at once, each in a thread, and raise the first exception of any of them."""
    raised = []

    def carry_out(task):
        try:
            task()
        except Exception as error:
            raised.append(error)

    threads = [threading.Thread(target=carry_out, args=[task]) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]
