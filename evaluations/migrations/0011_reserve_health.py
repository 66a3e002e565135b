from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluations", "0010_membership"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="statuschange",
            options={
                "ordering": ["-pk"],
                "verbose_name": "状態の変更",
                "verbose_name_plural": "状態の変更",
            },
        ),
        migrations.RemoveConstraint(
            model_name="zone",
            name="zone_slug_not_reserved",
        ),
        migrations.AddConstraint(
            model_name="zone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "slug__in",
                        (
                            "admin",
                            "healthz",
                            "help",
                            "password",
                            "readyz",
                            "sign-in",
                            "sign-out",
                            "static",
                        ),
                    ),
                    _negated=True,
                ),
                name="zone_slug_not_reserved",
                violation_error_message="この略称は画面のアドレスとして使われているため、選べません。",
            ),
        ),
    ]
