from django.db import migrations, models


def clear_superusers(apps, schema_editor):
    """Nobody becomes an administrator by an upgrade: until now `is_superuser` gave no rights."""
    apps.get_model("accounts", "User").objects.filter(is_superuser=True).update(is_superuser=False)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_municipalities_of_keihin")]

    operations = [
        migrations.RunPython(clear_superusers, migrations.RunPython.noop),
        migrations.AlterModelManagers(name="user", managers=[]),
        migrations.AlterField(
            model_name="user",
            name="municipality",
            field=models.ForeignKey(
                blank=True,
                help_text="担当者には必ず指定します。指定のない閲覧者は、全ての特区を見られます。",
                null=True,
                on_delete=models.deletion.PROTECT,
                to="accounts.municipality",
                verbose_name="所属自治体",
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="role",
            field=models.CharField(
                choices=[
                    ("official", "担当者"),
                    ("secretariat", "取りまとめ"),
                    ("reader", "閲覧者"),
                    ("administrator", "システム管理者"),
                ],
                max_length=20,
                verbose_name="役割",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_superuser", True), ("role", "administrator")),
                    models.Q(
                        models.Q(("role", "administrator"), _negated=True), ("is_superuser", False)
                    ),
                    _connector="OR",
                ),
                name="administrator_is_superuser",
                violation_error_message="システム管理者は、createsuperuser 又はシステム管理者が登録します。",
            ),
        ),
    ]
