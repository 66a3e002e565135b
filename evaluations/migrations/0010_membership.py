from django.conf import settings
from django.db import migrations, models


def join_zones(apps, schema_editor):
    """What an account reached by its municipality becomes its memberships; without a municipality, all zones.

    Readers without a municipality go on reading all zones, without memberships.
    """
    User = apps.get_model("accounts", "User")
    Zone = apps.get_model("evaluations", "Zone")
    Membership = apps.get_model("evaluations", "Membership")
    all_zones = list(Zone.objects.values_list("pk", flat=True))
    zones_by_municipality = {}
    authors = apps.get_model("evaluations", "ZoneMunicipality").objects
    for municipality, zone in authors.values_list("municipality", "zone"):
        zones_by_municipality.setdefault(municipality, []).append(zone)
    for user in User.objects.order_by("pk"):
        if user.municipality_id:
            zones = zones_by_municipality.get(user.municipality_id, [])
        else:
            zones = all_zones if user.role == "secretariat" else []
        Membership.objects.bulk_create(Membership(user=user, zone_id=zone) for zone in zones)


def set_lead_authors(apps, schema_editor):
    """The author that the form names first; the secretariat can name another."""
    ZoneMunicipality = apps.get_model("evaluations", "ZoneMunicipality")
    leads = {}
    for author in ZoneMunicipality.objects.order_by("position", "pk"):
        leads.setdefault(author.zone_id, author.pk)
    ZoneMunicipality.objects.filter(pk__in=leads.values()).update(is_lead=True)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_administrator"),
        ("evaluations", "0009_contents_of_sealed_versions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        on_delete=models.deletion.CASCADE,
                        to="evaluations.zone",
                        verbose_name="特区",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=models.deletion.CASCADE,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="利用者",
                    ),
                ),
            ],
            options={
                "verbose_name": "担当する特区",
                "verbose_name_plural": "担当する特区",
                "ordering": ["zone", "user"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("zone", "user"),
                        name="membership_once",
                        violation_error_message="この利用者は、既にこの特区に入っています。",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="zonemunicipality",
            name="is_lead",
            field=models.BooleanField(default=False, verbose_name="主たる作成主体"),
        ),
        migrations.RunPython(join_zones, migrations.RunPython.noop),
        migrations.RunPython(set_lead_authors, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="zonemunicipality",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_lead", True)),
                fields=("zone",),
                name="one_lead_author",
                violation_error_message="主たる作成主体は、特区ごとに1つです。",
            ),
        ),
    ]
