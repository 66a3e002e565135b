"""The page of support: the region's own schemes (別紙3) and the nation's (本文5)."""

from typing import Any

from django.urls import reverse

from evaluations.desk import Desk
from evaluations.forms import NewNationalSupport, NewRowForm, NewScheme
from evaluations.items import anchor, row_key
from evaluations.models import Submission
from evaluations.views.entry.actions import unreported
from evaluations.views.entry.entries import Entry, adder_of, address
from supports.models import (
    NationalSupport,
    NationalSupportKind,
    Scheme,
    SchemeCategory,
    SchemeResult,
)


def supports_context(desk: Desk, entries: list[Entry], adders: list[NewRowForm]) -> dict[str, Any]:
    def grouped(kinds, kind_of, rows):
        return [(label, [one for one in rows if kind_of(one.row) == kind]) for kind, label in kinds]

    scheme_of = {one.row.pk: one for one in entries if isinstance(one.row, Scheme)}
    schemes = [one for one in entries if isinstance(one.row, SchemeResult)]
    for one in schemes:
        one.scheme = scheme_of[one.row.scheme_id]
    national = [one for one in entries if isinstance(one.row, NationalSupport)]
    reasons = anchor(row_key(desk.evaluation), "no_fiscal_support_reason")
    return {
        "not_applicable": [one for one in entries if isinstance(one.row, Submission) and one.items],
        "schemes": grouped(SchemeCategory.choices, lambda row: row.scheme.category, schemes),
        "national": grouped(NationalSupportKind.choices, lambda row: row.kind, national),
        "unreported": [] if desk.why else unreported(desk),
        "new_scheme": adder_of(adders, NewScheme),
        "new_national": adder_of(adders, NewNationalSupport),
        "reason_url": reverse("evaluations:entry-texts", args=address(desk.evaluation))
        + f"#{reasons}",
    }
