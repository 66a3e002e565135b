from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_municipalities_of_keihin"),
        ("evaluations", "0005_reminder"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="zone",
            name="zone_slug_not_reserved",
        ),
        migrations.AddConstraint(
            model_name="zone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("slug__in", ("admin", "help", "password", "sign-in", "sign-out", "static")),
                    _negated=True,
                ),
                name="zone_slug_not_reserved",
                violation_error_message="この略称は画面のアドレスとして使われているため、選べません。",
            ),
        ),
    ]
