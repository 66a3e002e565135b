"""Lists of the admin ask the database little, and exports grow with the rows alone."""

from io import StringIO

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from tests.worlds import world
from tokku.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MOST = 25
# The list of targets shows the year's figures, of both plans here; each plan more on a page costs four.
MOST_OF = {"evaluations_numerictarget": 30}


@world
def zones():
    """Two zones as long as a real one, of two years each."""
    with override_settings(DEBUG=True):  # They are made on a local machine only.
        call_command("make_zones", 2, years=2, stdout=StringIO())


def lists():
    return [f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry]


def queries_of(client, url):
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    return response, [query["sql"] for query in captured.captured_queries]


def test_no_list_asks_much(client, zones):
    client.force_login(User.objects.get(username="all-secretariat"))
    seen, too_many = 0, {}
    for name in lists():
        response, queries = queries_of(client, reverse(f"admin:{name}_changelist"))
        if response.status_code == 200:
            seen += 1
            if len(queries) > MOST_OF.get(name, MOST):
                too_many[name] = len(queries)
    assert seen > 10
    assert not too_many


def test_exports_ask_little_however_many_rows_there_are(client, zones):
    client.force_login(User.objects.get(username="all-secretariat"))
    seen, too_many = 0, {}
    for name in lists():
        try:
            url = reverse(f"admin:{name}_export", args=["csv"])
        except NoReverseMatch:
            continue
        response, queries = queries_of(client, url)
        seen += response.status_code == 200
        if len(queries) > MOST_OF.get(name, MOST):
            too_many[name] = len(queries)
    assert seen > 5
    assert not too_many
