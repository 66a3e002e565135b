"""How gunicorn runs the site on Linux, behind a proxy: gunicorn --config deploy/gunicorn.conf.py

An option in GUNICORN_CMD_ARGS has the last word, such as --workers 4 on a machine with more cores.
"""

import fcntl
import os
from pathlib import Path

wsgi_app = "tokku.wsgi"
chdir = str(Path(__file__).resolve().parent.parent)

# A core each; the threads of a worker are there for people who wait for the database or the network.
workers = 2
threads = 8
# Loaded once and forked: a new worker is there in a moment and shares what nobody changes.
preload_app = True

# As long as nginx waits for an answer: a worker that is to stop finishes what it has begun.
timeout = graceful_timeout = 120  # seconds

# Beyond what nginx lets through, which refuses with a page of this site: gunicorn's own refusal is English.
limit_request_line = 0  # none
limit_request_fields = 32_768
limit_request_field_size = 16 * 1024  # bytes

# Needs no file system that can be written to.
worker_tmp_dir = "/dev/shm"  # noqa: S108  gunicorn makes a file without a name there
control_socket_disable = True

# What Typst sets it keeps in memory, so a worker grows with each PDF that is unlike those before.
# One that has grown beyond this finishes its requests and makes way for a new one.
MOST_RESIDENT = 200 * 1024**2  # bytes

# Held by the worker that makes way, and given back when it ends: the others go on taking requests meanwhile.
_turn = os.memfd_create("recycling")


def resident() -> int:
    """The memory, in bytes, that this process has in use."""
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def is_first_to_go() -> bool:
    try:
        fcntl.lockf(_turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def post_request(worker, request, environ, response):
    if worker.alive and resident() > MOST_RESIDENT and is_first_to_go():
        worker.log.info("Worker %s uses %d MB and makes way.", worker.pid, resident() // 1024**2)
        worker.alive = False  # as gunicorn does it after max_requests
