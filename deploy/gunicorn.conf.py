"""How gunicorn runs the site on Linux, behind a proxy: gunicorn --config deploy/gunicorn.conf.py

An option in GUNICORN_CMD_ARGS has the last word, such as --workers 4 on a machine with more cores.
"""

import ctypes
import fcntl
import gc
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

# Each thread would take memory from an arena of its own, where what is free is of no use to the others:
# eight threads then hold twice what two arenas do.
M_ARENA_MAX = -8  # as in glibc's malloc.h
ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)

# A page makes some 100,000 objects and keeps few. To look for circles among all that are loaded, as often as Python
# does by itself, takes a seventh of its time.
gc.set_threshold(50_000, 20, 100)


def pre_fork(server, worker):
    gc.freeze()  # What all workers share is never looked through.


# On a day of hard work a worker has some 200 MB, PDFs being set in processes of their own (tokku/document/pdf).
# One that has grown far beyond this finishes its requests and makes way for a new one.
MOST_RESIDENT = 350 * 1024**2  # bytes

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
