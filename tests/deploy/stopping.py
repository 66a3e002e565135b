"""The site, which stops where a test wants it, for something to be killed at that moment.

The test writes the name of the point to STOPS/at: of a model of which a row has been saved, or "answered", after
everything is stored. The site then writes its process to STOPS/reached, and goes on when that file is gone.
"""

import os
import time
from pathlib import Path

from tokku.wsgi import application as site

from django.db.models.signals import post_save  # isort: skip  after the settings

STOPS = Path(os.environ["STOPS"])
MOST_SECONDS = 60


def stop(point):
    at, reached = STOPS / "at", STOPS / "reached"
    if not at.exists() or at.read_text() != point:
        return
    at.unlink()
    reached.write_text(f"{os.getpid()}\n")
    deadline = time.monotonic() + MOST_SECONDS
    while reached.exists() and time.monotonic() < deadline:
        time.sleep(0.01)


def after_save(sender, **kwargs):
    stop(sender.__name__)


post_save.connect(after_save)


def application(environ, start_response):
    answer = site(environ, start_response)
    stop("answered")
    return answer
