"""The three governments of the first zone, so that its published evaluation can be read in at once."""

from django.db import migrations

MUNICIPALITIES = [("140007", "神奈川県"), ("141003", "横浜市"), ("141305", "川崎市")]


def register(apps, schema_editor):
    municipality = apps.get_model("accounts", "Municipality")
    for code, name in MUNICIPALITIES:
        municipality.objects.get_or_create(code=code, defaults={"name": name})


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    # They may be in use when it is undone, so they stay.
    operations = [migrations.RunPython(register, migrations.RunPython.noop)]
