"""`manage.py load_sample`: a complete sample, on a local machine only."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from evaluations.management.commands.load_sample import PASSWORD
from evaluations.models import Evaluation
from tokku.accounts.models import Municipality, User

pytestmark = pytest.mark.django_db


def test_two_years_are_done_and_one_is_being_filled_in(settings):
    settings.DEBUG = True
    call_command("load_sample", stdout=StringIO())

    states = dict(Evaluation.objects.values_list("fiscal_year", "state"))
    assert states == {2022: "sent", 2023: "sent", 2024: "open"}
    assert User.objects.count() == 2 + Municipality.objects.count() == 5


def test_every_account_can_sign_in(settings, client):
    settings.DEBUG = True
    out = StringIO()
    call_command("load_sample", stdout=out)

    assert PASSWORD in out.getvalue()
    for user in User.objects.all():
        client.post("/sign-in/", {"username": user.username, "password": PASSWORD})
        assert client.get("/").status_code == 200
        client.post("/sign-out/")


def test_a_second_time_nothing_changes(settings):
    settings.DEBUG = True
    call_command("load_sample", stdout=StringIO())
    Evaluation.objects.filter(fiscal_year=2024).update(overall="入力した文")

    out = StringIO()
    call_command("load_sample", stdout=out)

    assert "何も変更していません" in out.getvalue()
    assert Evaluation.objects.get(fiscal_year=2024).overall == "入力した文"


def test_no_accounts_are_made_where_debug_is_off(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG が無効な環境には作れません"):
        call_command("load_sample")
    assert not User.objects.exists()
