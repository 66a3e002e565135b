"""The address of a person through a real nginx, before gunicorn and before waitress as the README runs them."""

import shutil
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.postgres import free_port

pytestmark = pytest.mark.slow

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/opt/homebrew/bin")
SERVERS = {
    "gunicorn": ["gunicorn", "--no-control-socket", "--log-level=error", "--bind=127.0.0.1:{}"],
    "waitress": [
        *("waitress", "--listen=127.0.0.1:{}", "--trusted-proxy=127.0.0.1"),
        *("--trusted-proxy-headers=x-forwarded-proto x-forwarded-for",),
    ],
}
# The lines of the README.
CONFIGURATION = """
daemon off; pid {folder}/pid; error_log stderr warn;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{
    listen 127.0.0.1:{port};
    client_max_body_size 25m;
    location / {{
      proxy_pass http://127.0.0.1:{behind};
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Request-ID $request_id;
    }}
  }}
}}
"""


PERSON = "127.0.0.2"  # any address of the loopback range may be one's own


def answer(port, headers):
    connection = HTTPConnection("127.0.0.1", port, timeout=20, source_address=(PERSON, 0))
    with closing(connection):
        connection.request("GET", "/", headers=headers)
        return connection.getresponse().read().decode()


@contextmanager
def running(command, port, **options):
    with subprocess.Popen(command, **options) as process:
        try:
            deadline = time.monotonic() + 60
            while True:
                try:
                    answer(port, {})
                    break
                except OSError:
                    assert process.poll() is None, command
                    assert time.monotonic() < deadline, command
                    time.sleep(0.05)
            yield
        finally:
            process.terminate()


@pytest.mark.skipif(not NGINX, reason="nginx is not installed")
@pytest.mark.parametrize("server", SERVERS)
def test_a_server_behind_nginx_is_told_the_address_and_no_forged_one(tmp_path, server):
    behind, port = free_port(), free_port()
    command = [word.format(behind) for word in SERVERS[server]]
    site = [sys.executable, "-m", *command, "tests.accounts.shown_address:application"]
    Path(tmp_path / "nginx.conf").write_text(
        CONFIGURATION.format(folder=tmp_path, port=port, behind=behind)
    )
    nginx = [NGINX, "-e", "stderr", "-p", tmp_path, "-c", tmp_path / "nginx.conf"]
    with running(site, behind), running(nginx, port):
        # Every one ends with what nginx adds: the address that it was asked from.
        for forged in ("", "198.51.100.1", "unknown", "[2001:db8::1]:443", "a, b", "1.2.3.4:5, x"):
            headers = {"X-Forwarded-For": forged, "X-Forwarded-Proto": "https"} if forged else {}
            assert answer(port, headers) == f"{PERSON} http", forged
