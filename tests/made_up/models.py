"""A kind of row that the form does not have, for tests of what a new kind takes."""

from django.db import models
from simple_history.models import HistoricalRecords

from evaluations.catalogue.structure import Carryover, Field, RowKind, not_entered, text
from evaluations.models import Evaluation
from evaluations.models.row import EntryRow
from tokku.accounts.models import Municipality
from tokku.fields import LineField, ProseField


class Visit(EntryRow):
    """Somebody who has come to see the zone."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, verbose_name="評価書")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, verbose_name="自治体", null=True, blank=True
    )
    position = models.PositiveSmallIntegerField("順序", default=1)
    name = LineField("視察者", max_length=100)
    report = ProseField("視察の内容")

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "視察の受入れ"

    def __str__(self):
        return self.name

    @property
    def identity(self):
        return self.name, self.municipality_id

    def place(self, year):
        return year.place_of(self.municipality_id), self.position


VISIT = RowKind(
    model="made_up.visit",
    page="texts",
    is_listed=True,
    goes_on=True,
    evaluation="evaluation",
    fields=(
        *not_entered(Carryover.MADE, "evaluation"),
        *not_entered(Carryover.CARRIED, "municipality position"),
        Field(name="name", next_year=Carryover.CARRIED, is_entered=True),
        text("report", Carryover.BESIDE, is_required=True),
    ),
)
