"""Pages and previews of the sample make few queries, and none twice in one request."""

from collections import Counter
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Prefetch
from django.test.utils import CaptureQueriesContext, override_settings

from evaluations.models import Evaluation, Zone, ZoneMunicipality
from evaluations.permissions import Access
from evaluations.years.kept import states_of
from tests.worlds import world
from tokku.accounts.models import User

pytestmark = pytest.mark.slow

YEAR = "/keihin/2024/"
MOST = 37
PAGES = ["entry/", "entry/actuals/", "entry/texts/", "entry/supports/", "", "checks/", "remarks/"]
# Statements around a transaction, which read no row.
FRAME = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")


@world
def sample():
    with override_settings(DEBUG=True):  # It is made on a local machine only.
        call_command("load_sample", stdout=StringIO())


def queries_of(act) -> Counter[str]:
    with CaptureQueriesContext(connection) as captured:
        assert act().status_code == 200
    return Counter(
        query["sql"] for query in captured.captured_queries if not query["sql"].startswith(FRAME)
    )


def get(client, page):
    return lambda: client.get(f"{YEAR}{page}")


def sent_back(client, page, file):
    """A file as it was handed out, uploaded to the page that shows what becomes of it."""
    content = client.get(f"{YEAR}{file}").content
    upload = BytesIO(content)
    upload.name = file.rpartition("/")[2]
    return lambda: client.post(f"{YEAR}{page}", {"file": upload})


def acts(client, person):
    """The requests that cost most, by name."""
    yield "home", lambda: client.get("/")
    yield from ((page, get(client, page)) for page in PAGES)
    yield "Word", sent_back(client, "word/", "evaluation.docx")
    yield "workbook", sent_back(client, "workbook/", "workbook.xlsx")
    if person == "secretariat":
        yield from ((page, get(client, page)) for page in ("review/", "review/141305/"))


def asked_again(person) -> set[str]:
    """What is asked anew to compute what is kept: whether anything has changed, before and after, and whose year it is.

    Entry asks again, too, who has handed in.
    """
    zones = Zone.objects.visible_to(person).prefetch_related(
        Prefetch("zonemunicipality_set", ZoneMunicipality.objects.select_related("municipality"))
    )
    years = Evaluation.objects.filter(state="open")
    with CaptureQueriesContext(connection) as captured:
        states_of(list(years.filter(zone__in=list(zones))))
        states_of(list(years.filter(zone__slug="keihin")))
        _ = Access(person, years.get(zone__slug="keihin")).why_not_enter
    return {query["sql"] for query in captured.captured_queries}


@pytest.mark.parametrize("person", ["kawasaki", "secretariat"])
def test_nothing_is_asked_twice(client, sample, person):
    user = User.objects.get(username=person)
    client.force_login(user)
    for name, act in acts(client, person):
        queries = queries_of(act)
        assert queries.total() <= MOST, name
        twice = {sql for sql, count in queries.items() if count > 1}
        assert not twice - asked_again(user), name
