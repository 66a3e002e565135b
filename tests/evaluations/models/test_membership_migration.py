"""The migrations that give authority by zone: everybody reaches what they reached before, and nobody more."""

from importlib import import_module

import pytest
from django.db.migrations.loader import MigrationLoader

from evaluations.models import Membership, Zone, ZoneMunicipality
from evaluations.sample import miura
from tests import factories
from tokku.accounts.models import Role, User

pytestmark = pytest.mark.django_db
MIGRATION = "0010_membership"


@pytest.fixture(scope="module")
def apps_then():
    """The models of the migration; the graph of migrations needs no database."""
    return MigrationLoader(None).project_state(("evaluations", MIGRATION)).apps


# Role, municipality, and the zones reached before the migration.
PEOPLE = {
    "official": (Role.OFFICIAL, "川崎市", {"keihin"}),
    "official of both": (Role.OFFICIAL, "横浜市", {"keihin", "miura"}),
    "secretariat of a body": (Role.SECRETARIAT, "横須賀市", {"miura"}),
    "secretariat of all": (Role.SECRETARIAT, None, {"keihin", "miura"}),
    "reader of a body": (Role.READER, "横浜市", {"keihin", "miura"}),
    "reader of all": (Role.READER, None, {"keihin", "miura"}),
    "stranger": (Role.OFFICIAL, "札幌市", set()),
}


def test_everybody_keeps_their_zones(apps_then):
    factories.evaluation()
    factories.evaluation(miura.evaluations()[2020], "miura")
    for name, (role, municipality, _) in PEOPLE.items():
        factories.user(name, role, of=municipality)
    Membership.objects.all().delete()

    import_module(f"evaluations.migrations.{MIGRATION}").join_zones(apps_then, None)

    for name, (_, _, slugs) in PEOPLE.items():
        zones = Zone.objects.visible_to(User.objects.get(username=name))
        assert sorted(zones.values_list("slug", flat=True)) == sorted(slugs), name


def test_the_author_named_first_leads(apps_then):
    zone = factories.evaluation().zone
    ZoneMunicipality.objects.update(is_lead=False)
    ZoneMunicipality.objects.filter(municipality__name="神奈川県").update(position=9)

    import_module(f"evaluations.migrations.{MIGRATION}").set_lead_authors(apps_then, None)

    (lead,) = zone.zonemunicipality_set.filter(is_lead=True)
    assert lead.municipality.name == "横浜市"
