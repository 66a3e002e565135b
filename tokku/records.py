"""What every record that people edit has in common."""

from django.db import models


class Record(models.Model):
    """A record with a revision number, which tells one who saves whether someone else saved before.

    Its history (who, when, old → new) is a `HistoricalRecords` on each model.
    """

    revision = models.PositiveIntegerField("版", default=0, editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.revision += 1
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "revision"}
        super().save(*args, **kwargs)

    @property
    def owner_ids(self) -> frozenset[int]:
        """The municipalities whose row this is; none for a row of the zone as a whole."""
        municipality = getattr(self, "municipality_id", None)
        return frozenset({municipality} if municipality else ())
