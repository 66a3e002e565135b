from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluations", "0007_instructions_in_the_catalogue"),
    ]

    operations = [
        migrations.AddField(
            model_name="sealedversion",
            name="contents",
            field=models.TextField(
                blank=True,
                default="",
                help_text="評価書の内容と印字した進捗度の JSON。文書から読み取れなかった以前の版では空",
                verbose_name="内容のデータ",
            ),
        ),
        migrations.AddField(
            model_name="sealedversion",
            name="contents_sha256",
            field=models.CharField(
                blank=True, default="", max_length=64, verbose_name="内容のデータの SHA-256"
            ),
        ),
        migrations.AddConstraint(
            model_name="sealedversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("contents", ""), ("contents_sha256", "")),
                    models.Q(
                        models.Q(("contents", ""), _negated=True),
                        models.Q(("contents_sha256", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="sealed_version_contents_with_sum",
                violation_error_message="内容のデータには、その SHA-256 が必要です。",
            ),
        ),
    ]
