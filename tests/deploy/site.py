"""The site, and beside it /echo/ (tests/deploy/echo.py)."""

from tests.deploy import echo
from tokku.wsgi import application as site


def application(environ, start_response):
    is_echo = environ["PATH_INFO"].startswith("/echo/")
    return (echo.application if is_echo else site)(environ, start_response)
