"""Tells what arrives behind the proxy, and answers slowly where a test wants it."""

import json
import os
import time
from pathlib import Path
from urllib.parse import unquote

MOST_SECONDS = 60


def application(environ, start_response):
    if environ["PATH_INFO"].endswith("/late/"):
        wait_for(Path(unquote(environ["QUERY_STRING"])))
    passed_on_at_once = ("X-Accel-Buffering", "no")
    start_response("200 OK", [("Content-Type", "application/json"), passed_on_at_once])
    if environ["PATH_INFO"].startswith("/hold/"):
        return begin_and_wait(Path(unquote(environ["QUERY_STRING"])))
    told = {name: value for name, value in environ.items() if isinstance(value, str)}
    body = environ["wsgi.input"]
    told |= {"pid": os.getpid(), "bytes": sum(map(len, iter(lambda: body.read(2**20), b"")))}
    return [json.dumps(told).encode()]


def begin_and_wait(file):
    """The process at once, the end as soon as the file is there."""
    yield f"{os.getpid()} ".encode()
    wait_for(file)
    yield b"end"


def wait_for(file):
    deadline = time.monotonic() + MOST_SECONDS
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
