"""deploy/nginx/tokku.conf and deploy/gunicorn.conf.py together, with the site behind them."""

import re
from urllib.parse import quote

import pytest
from django.template import engines

from tests.deploy.stand import NAME, ROOT, Stand

pytestmark = pytest.mark.slow

MB = 1024**2
ERRORS = ROOT / "tokku/static/errors"


@pytest.fixture(scope="module")
def stopped(tmp_path_factory, files):
    """nginx, while there is no site behind it."""
    stand = Stand(tmp_path_factory.mktemp("stopped"), files)
    nginx = stand.start_nginx()
    yield stand
    nginx.stop()


@pytest.fixture(scope="module")
def site(tmp_path_factory, files):
    stand = Stand(tmp_path_factory.mktemp("site"), files)
    gunicorn, nginx = stand.start_gunicorn("tests.deploy.site"), stand.start_nginx()
    yield stand
    nginx.stop()
    gunicorn.stop()


def own_page(name):
    return (ERRORS / f"{name}.html").read_text()


def test_pages_come_through_tls_alone(site):
    page = site.ask("/sign-in/?next=/")
    assert page.status == 200
    assert "ログイン" in page.text
    assert page.headers.get_all("Strict-Transport-Security") == ["max-age=31536000"]

    moved = site.ask("/sign-in/?next=/", tls=False)
    assert (moved.status, moved.headers["Location"]) == (301, f"https://{NAME}/sign-in/?next=/")


def test_static_files_are_kept_by_browsers_and_squeezed(site):
    style = re.search(r"/static/tokku\.[0-9a-f]{12}\.css", site.ask("/sign-in/").text)[0]
    for path, keeping in {style: "immutable", "/static/tokku.css": "max-age=60"}.items():
        file = site.ask(path, headers={"Accept-Encoding": "gzip"})
        assert (file.status, file.headers["Content-Type"]) == (200, "text/css")
        assert file.headers["Content-Encoding"] == "gzip"
        assert keeping in file.headers["Cache-Control"]
    assert site.ask("/static/no-such-file.css").status == 404


@pytest.mark.parametrize(("size", "status"), [(20 * MB, 200), (25 * MB + 1, 413), (26 * MB, 413)])
def test_bodies_of_twenty_five_megabytes_pass(site, size, status):
    answer = site.ask("/echo/", "POST", body=b"x" * size)
    assert answer.status == status
    if status == 200:
        assert answer.json["bytes"] == size
    else:
        assert answer.text == own_page("too-large")


FORGED = {
    "X-Forwarded-For": "192.0.2.1, 192.0.2.2",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Protocol": "http",
    "X-Forwarded-Ssl": "off",
    "X-Forwarded-Host": "forged.example.com",
    "X-Forwarded-Port": "8080",
    "X-Real-Ip": "192.0.2.3",
    "X-Request-Id": "forged",
    "Forwarded": "for=192.0.2.4;proto=http",
    "Script_Name": "/forged",
    "X_Forwarded_For": "192.0.2.5",
}


def test_what_a_client_says_of_itself_never_reaches_the_site(site):
    def told(headers):
        told = site.ask("/echo/", headers=headers).json
        assert re.fullmatch("[0-9a-f]{32}", told.pop("HTTP_X_REQUEST_ID"))
        return {name: value for name, value in told.items() if name != "pid"}

    honest = told({})
    assert told(FORGED) == honest
    assert honest["HTTP_X_FORWARDED_FOR"] == "127.0.0.1"
    assert honest["wsgi.url_scheme"] == honest["HTTP_X_FORWARDED_PROTO"] == "https"


def test_what_is_too_long_is_refused_in_japanese(site):
    """At every length one of the two servers is the first to refuse, and only nginx has a page for it."""
    statuses = set()
    for length in [*range(8000, 8240, 20), *range(8170, 8200)]:
        for path, cookie in [("/echo/?" + "x" * length, "a"), ("/echo/", "x" * length)]:
            answer = site.ask(path, headers={"Cookie": cookie})
            statuses.add(answer.status)
            assert answer.status == 200 or answer.text == own_page("request")
    for number in (99, 101, 1000, 1500):
        answer = site.ask("/echo/", headers={f"x{n}": "" for n in range(number)})
        assert answer.status == 200 or answer.text == own_page("request")
    assert statuses == {200, 400, 414}


def test_what_is_no_request_is_refused_in_japanese(site):
    with site.connection() as connection:
        connection.putrequest("GET", "/", skip_host=True)
        connection.putheader("Host", "a b")
        connection.endheaders()
        response = connection.getresponse()
        assert (response.status, response.read().decode()) == (400, own_page("request"))


def test_pages_of_errors_are_each_from_whoever_refuses(site):
    page = site.ask("/sign-in/", headers={"Host": "foreign.example.com"})
    assert page.status == 400  # by Django
    assert "特区評価書" in page.text
    assert page.text != own_page("request")
    assert site.ask("/static/errors/unavailable.html").status == 404  # comes with its error alone


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_stopped_site_has_a_page_in_japanese_with_its_looks(stopped, method):
    page = stopped.ask("/keihin/2023/", method, body=b"text=typed" if method == "POST" else None)
    assert (page.status, page.text) == (502, own_page("unavailable"))
    assert page.headers["Cache-Control"] == "no-store"
    for style in re.findall(r'href="(/static/[^"]+)"', page.text):
        assert stopped.ask(style).status == 200


def test_an_answer_that_does_not_come_has_a_page_in_japanese(tmp_path, files):
    stand, end = Stand(tmp_path, files), tmp_path / "end"
    gunicorn = stand.start_gunicorn("tests.deploy.echo")
    nginx = stand.start_nginx({"proxy_read_timeout 120s": "proxy_read_timeout 1s"})
    page = stand.ask(f"/late/?{quote(str(end))}")
    end.touch()
    assert (page.status, page.text) == (504, own_page("no-answer"))
    nginx.stop()
    gunicorn.stop()


@pytest.mark.parametrize("file", sorted(ERRORS.glob("*.html")), ids=lambda file: file.stem)
def test_pages_of_nginx_are_made_as_those_of_the_site(file):
    """They are files, since nobody is there to make them; what is the same in all is templates/errors/standalone.html."""
    page = file.read_text()
    title = re.search(r"<title>(.+)｜", page)[1]
    heading, happened = (re.search(rf"<{tag}>(.+)</{tag}>", page)[1] for tag in ("h1", "p"))
    parts = [title, heading, happened, *re.findall(r"<dd>(.+)</dd>", page)]
    names = ("title", "heading", "happened", "safe", "next", "ask")
    blocks = "".join(
        f"{{% block {name} %}}{part}{{% endblock %}}"
        for name, part in zip(names, parts, strict=True)
    )
    source = '{% extends "errors/standalone.html" %}' + blocks
    assert page.strip() == engines["django"].from_string(source).render().strip()
