"""The form's labels and the models' choices name the same kinds."""

from evaluations.form import labels
from evaluations.form.records import MEASURE_KINDS, REGIONAL_KINDS
from evaluations.models.zone import ZoneKind
from supports import models


def test_every_kind_of_a_model_has_its_label():
    categories = [key for tables in labels.SCHEME_GROUPS.values() for key in tables]

    assert dict(ZoneKind.choices) == labels.ZONE_KINDS
    assert set(models.RegulatoryMeasureKind.values) == set(MEASURE_KINDS)
    assert models.NationalSupportKind.values == list(labels.SUPPORT_KINDS)
    assert models.SchemeCategory.values == categories
    assert models.RegionalTextKind.values == REGIONAL_KINDS
    assert set(models.MinistryEffect.values) - {""} == set(labels.MINISTRY_EFFECTS)
    assert set(models.MinistryFollowUp.values) - {""} == set(labels.MINISTRY_FOLLOW_UPS)
    assert models.NOT_APPLICABLE == labels.NOT_APPLICABLE
