"""A site that shows the address that its visitor has for the count of failures, and the scheme."""

import os

import django
from django.core.handlers.wsgi import WSGIRequest

os.environ["TRUSTED_PROXIES"] = "1"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()


def application(environ, start_response):
    from tokku.accounts.lockout import client_address

    request = WSGIRequest(environ)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{client_address(request)} {request.scheme}".encode()]
