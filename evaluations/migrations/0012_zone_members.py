from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Names the relation that memberships are; the tables stay."""

    dependencies = [("evaluations", "0011_reserve_health")]

    operations = [
        migrations.AddField(
            model_name="zone",
            name="members",
            field=models.ManyToManyField(
                related_name="zones",
                through="evaluations.Membership",
                to=settings.AUTH_USER_MODEL,
                verbose_name="この特区を担当する利用者",
            ),
        ),
    ]
