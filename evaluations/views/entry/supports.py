"""The page of support: the region's own schemes (別紙3) and the nation's (本文5)."""

from typing import Any

from evaluations.addresses import entry_address
from evaluations.entry.forms import NewNationalSupport, NewRowForm, NewScheme
from evaluations.entry.instructions import of_lists
from evaluations.entry.scope import EntryScope
from evaluations.models import Submission
from evaluations.views.entry.actions import unreported
from evaluations.views.entry.portions import PageSection, Portion, PortionUnit, by_kind
from evaluations.views.entry.row_display import DisplayedRow, adder_of
from supports.models import (
    NationalSupport,
    Scheme,
    SchemeResult,
)


def supports_sections(scope: EntryScope, entries: list[DisplayedRow]) -> list[PageSection]:
    of_row = {one.row: one for one in entries}
    answers, schemes, national = [], [], []
    for one in entries:
        match one.row:
            case Submission() if one.items:
                answers.append(PortionUnit([one]))
            case SchemeResult():
                one.scheme = of_row[one.row.scheme]
                schemes.append(PortionUnit([one, one.scheme]))
            case NationalSupport():
                national.append(PortionUnit([one]))
    found = [
        PageSection("schemes", "地域独自の支援措置（別紙3）", schemes),
        PageSection("national", "国の支援（本文5）", national),
    ]
    return (
        [PageSection("answers", "載せる事業がない場合の回答", answers), *found]
        if answers
        else found
    )


def supports_context(
    scope: EntryScope, portion: Portion, adders: list[NewRowForm]
) -> dict[str, Any]:
    evaluation = scope.evaluation
    schemes = [one for one in portion.entries("schemes") if isinstance(one.row, SchemeResult)]
    return {
        "answers": portion.entries("answers"),
        "schemes": by_kind(SchemeResult, scope, schemes),
        "national": by_kind(NationalSupport, scope, portion.entries("national")),
        "about": of_lists([SchemeResult, Scheme], evaluation.fiscal_year),
        "unreported": [] if scope.why_not_enter else unreported(scope),
        "new_scheme": adder_of(adders, NewScheme),
        "new_national": adder_of(adders, NewNationalSupport),
        "reason_url": entry_address(evaluation, evaluation.key, "no_fiscal_support_reason"),
    }
