"""Every page of the sample that links lead to answers 200 and is small, for each role."""

import re
from html import unescape
from io import StringIO
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.urls import resolve

from evaluations.models import Evaluation
from evaluations.records.importing import import_file
from evaluations.workflow import EvaluationState
from tests import factories, published
from tests.worlds import world
from tokku.accounts.models import User

pytestmark = pytest.mark.slow

MOST = 150_000  # bytes of HTML
LINK = re.compile(r'<a [^<>]*?href="([^"]*)"')
# Files have their own tests.
FILES = re.compile(r"\.(pdf|docx|xlsx|zip|csv|json)$|/bundle/|/export/|/workbook/.+")


@world
def sample():
    with override_settings(DEBUG=True):
        call_command("load_sample", stdout=StringIO())


def kind_of(address):
    """The same key for pages that differ only by a row or by the order of a list; one page of each key is visited."""
    url = urlsplit(address)
    match = resolve(url.path)
    if url.path.startswith("/admin/"):
        return match.url_name
    arguments = {name: match.kwargs.get(name) for name in ("fiscal_year", "code", "number")}
    by_row = re.match(r"(row|item)=", url.query)
    return match.view_name, *arguments.values(), by_row[1] if by_row else url.query


def pages(client, start="/"):
    """Address and answer of every page that can be reached by links."""
    waiting, seen = [start], set()
    while waiting:
        address = waiting.pop()
        if FILES.search(urlsplit(address).path) or kind_of(address) in seen:
            continue
        seen.add(kind_of(address))
        response = client.get(address, follow=True)
        yield address, response
        for link in LINK.findall(response.content.decode()):
            url = urlsplit(urljoin(address, unescape(link)))._replace(fragment="")
            if not url.netloc and not url.path.startswith("/static/"):
                waiting.append(url.geturl())


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    "username",
    [
        "kawasaki",
        *(pytest.param(name, marks=pytest.mark.full) for name in ("secretariat", "reader")),
    ],
)
def test_every_link_leads_to_a_light_page(client, username):
    client.force_login(User.objects.get(username=username))

    sizes = {
        address: (response.status_code, len(response.content))
        for address, response in pages(client)
    }

    assert len(sizes) > 20
    assert {
        address: (status, size)
        for address, (status, size) in sizes.items()
        if status != 200 or size > MOST
    } == {}


@published.needed
def test_form_of_a_whole_evaluation_is_light(client, secretariat):
    """With everything on it: links to each field and figure, and marks of findings."""
    for name in ("神奈川県", "横浜市", "川崎市"):
        factories.municipality(name)
    evaluation = import_file(published.PATH, "keihin").evaluation
    factories.join_zones()
    Evaluation.objects.update(state=EvaluationState.OPEN)
    client.force_login(secretariat)
    page = client.get(f"/keihin/{evaluation.fiscal_year}/").content
    assert page.count(b'class="edit-link"') > 200
    assert len(page) <= MOST
