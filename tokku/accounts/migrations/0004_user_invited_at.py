from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_administrator")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="invited_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="本人がパスワードを設定するためのリンクは、この日時から数えた日数の間、使えます。",
                null=True,
                verbose_name="招待した日時",
            ),
        ),
    ]
