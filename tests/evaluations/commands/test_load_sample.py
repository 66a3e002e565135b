"""`manage.py load_sample`: a complete sample, on a local machine only."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import override_settings

from evaluations.management.commands import load_sample
from evaluations.management.commands.load_sample import PASSWORD
from evaluations.models import Evaluation, Zone
from tests.worlds import world
from tokku.accounts.models import Municipality, Role, User

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@world
def printed():
    """What the command prints that has made the sample."""
    out = StringIO()
    with override_settings(DEBUG=True):
        call_command("load_sample", stdout=out)
    return out.getvalue()


@pytest.mark.postgres
def test_two_years_of_each_zone_are_done_and_one_is_being_filled_in(printed):
    states = {"sent": [2022, 2023, 2018, 2019], "open": [2024, 2020]}
    for state, years in states.items():
        evaluations = Evaluation.objects.filter(state=state).order_by("zone__slug", "fiscal_year")
        assert list(evaluations.values_list("fiscal_year", flat=True)) == years
    assert Evaluation.objects.filter(sealedversion__isnull=False).count() == 4
    assert User.objects.filter(role=Role.OFFICIAL).count() == Municipality.objects.count() == 5
    yokohama = User.objects.get(username="yokohama")
    assert list(Zone.objects.visible_to(yokohama).values_list("slug", flat=True)) == [
        "keihin",
        "miura",
    ]
    theirs = User.objects.get(username="miura-secretariat")
    assert Zone.objects.visible_to(theirs).get().slug == "miura"
    sealed = Evaluation.objects.get(fiscal_year=2019).sealedversion_set.get()
    assert sealed.sealed_by == theirs


def test_a_database_of_one_zone_gets_the_other(settings):
    settings.DEBUG = True
    command = load_sample.Command()
    yokohama, *_ = [user for user in command.create_users() if user.username == "yokohama"]
    command.load("keihin")
    User.objects.filter(username="miura").delete()
    yokohama.set_password("自分で変えたパスワード")
    yokohama.save()

    out = StringIO()
    call_command("load_sample", stdout=out)

    assert Evaluation.objects.filter(zone__slug="keihin").count() == 3
    assert Evaluation.objects.filter(zone__slug="miura").count() == 3
    assert "miura：三浦市の担当者" in out.getvalue()
    assert "yokohama" not in out.getvalue()
    yokohama.refresh_from_db()
    assert yokohama.check_password("自分で変えたパスワード")


def test_every_account_can_sign_in(printed, client):
    assert PASSWORD in printed
    for user in User.objects.all():
        client.post("/sign-in/", {"username": user.username, "password": PASSWORD})
        assert client.get("/").status_code == 200
        client.post("/sign-out/")


def test_a_second_time_nothing_changes(printed, settings):
    settings.DEBUG = True
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
