"""nginx and gunicorn as deploy/ sets them up, in a folder and at ports of the test's."""

import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.postgres import free_port

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
GUNICORN = DEPLOY / "gunicorn.conf.py"
NAME = "tokku.example.lg.jp"
START_SECONDS = 60


def fill_in(text: str, values: dict[str, str]) -> str:
    """The text with each key replaced by its value; a key that is not in it is a mistake."""
    for placeholder, value in values.items():
        assert placeholder in text, f"{placeholder} is not there any more"
        text = text.replace(placeholder, value)
    return text


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


# What systemd does for a service with a socket: the file number 3, and whom it is for.
HAND_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
os.execv(sys.argv[2], sys.argv[2:])
"""


class Process:
    """A process that is told to end by SIGTERM, and waited for."""

    def __init__(self, command, environment, has_started, log, **options):
        self._log = log
        with log.open("ab") as output:
            options = {"cwd": ROOT, "stdin": subprocess.DEVNULL, **options}
            self._process = subprocess.Popen(
                command, env=environment, stdout=output, stderr=output, **options
            )
        deadline = time.monotonic() + START_SECONDS
        while not has_started():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise AssertionError(f"{command[0]} did not start:\n{log.read_text()}")
            time.sleep(0.02)

    @property
    def pid(self) -> int:
        return self._process.pid

    def stop(self):
        self._process.terminate()
        self._process.wait()


def accepts(family, address):
    with socket.socket(family) as probe:
        return probe.connect_ex(address) == 0


class Files:
    """What nginx shows of its own: a certificate, which the test's clients trust, and the static files."""

    def __init__(self, folder: Path) -> None:
        self.static = folder / "staticfiles"
        self.certificate, self.key = folder / "tokku.crt", folder / "tokku.key"
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.deploy.settings",
            "STATIC_ROOT": str(self.static),
            "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
            "DEBUG": "false",
            "SECRET_KEY": "only-for-this-test",
            "ALLOWED_HOSTS": NAME,
            "BEHIND_PROXY": "true",
        }

    def make(self) -> None:
        command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True)
        command = (
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
        )
        names = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
        outputs = ["-keyout", self.key, "-out", self.certificate]
        subprocess.run([*command.split(), *names, *outputs], check=True, capture_output=True)


class Stand:
    def __init__(self, folder: Path, files: Files) -> None:
        self.folder, self.files = folder, files
        self.tls_port, self.port = free_port(), free_port()
        self._socket = folder / "gunicorn.sock"

    def start_nginx(self, changes: dict[str, str] | None = None) -> Process:
        """Start nginx with deploy/nginx/tokku.conf, but for names of files, ports and `changes`."""
        site = fill_in(
            (DEPLOY / "nginx/tokku.conf").read_text(),
            {
                "listen 80;": f"listen 127.0.0.1:{self.port};",
                "listen 443 ssl;": f"listen 127.0.0.1:{self.tls_port} ssl;",
                "/run/tokku/gunicorn.sock": str(self._socket),
                "/etc/tokku/tls/tokku.crt": str(self.files.certificate),
                "/etc/tokku/tls/tokku.key": str(self.files.key),
                "/var/log/nginx/": f"{self.folder}/",
                "/srv/tokku/current/staticfiles/": f"{self.files.static}/",
                **(changes or {}),
            },
        )
        (self.folder / "tokku.conf").write_text(site)
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        main = self.folder / "nginx.conf"
        main.write_text(
            "daemon off; worker_processes 1;\n"
            + ("user root;\n" if os.geteuid() == 0 else "")
            + f"pid {self.folder}/nginx.pid; error_log {self.folder}/nginx.log;\n"
            + "events {}\n"
            + "http { include /etc/nginx/mime.types;\n"
            + "".join(f"{kind}_temp_path {self.folder}/{kind};\n" for kind in kinds)
            + "include tokku.conf; }\n"
        )
        nginx = shutil.which("nginx") or "/usr/sbin/nginx"  # Debian keeps it off people's PATH
        command = [nginx, "-p", str(self.folder), "-c", str(main), "-e", f"{self.folder}/nginx.log"]
        address = ("127.0.0.1", self.tls_port)
        has_started = partial(accepts, socket.AF_INET, address)
        return Process(command, None, has_started, self.folder / "nginx.log")

    @contextmanager
    def listening(self):
        """The socket that systemd keeps for the site."""
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(self._socket))
            listener.listen()
            yield listener

    def start_gunicorn(self, application, *, configuration=GUNICORN, listener=None) -> Process:
        """Start gunicorn with deploy/gunicorn.conf.py, at a socket of its own or handed over as by systemd."""
        command = [sys.executable, "-m", "gunicorn", "--config", str(configuration)]
        command += ["--chdir", str(ROOT), application]
        log = self.folder / "gunicorn.log"
        if listener:
            command = [sys.executable, "-c", HAND_OVER, str(listener.fileno()), *command]
            files = {"pass_fds": [listener.fileno()]}
            return Process(command, self.files.environment, lambda: True, log, **files)
        command += ["--bind", f"unix:{self._socket}"]
        has_started = partial(accepts, socket.AF_UNIX, str(self._socket))
        return Process(command, self.files.environment, has_started, log)

    @contextmanager
    def connection(self, tls: bool = True):
        """A connection to the site by its name, wherever it is."""
        port = self.tls_port if tls else self.port
        if tls:
            context = ssl.create_default_context(cafile=str(self.files.certificate))
            connection = http.client.HTTPSConnection(NAME, context=context, timeout=60)
        else:
            connection = http.client.HTTPConnection(NAME, timeout=60)
        connection._create_connection = lambda *_: socket.create_connection(("127.0.0.1", port), 60)
        try:
            yield connection
        finally:
            connection.close()

    def ask(self, path: str, method: str = "GET", *, tls: bool = True, **options) -> Answer:
        with self.connection(tls) as connection:
            connection.request(method, path, **options)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
