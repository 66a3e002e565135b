"""Sections of the page of support: the region's own schemes (別紙3) and national support (本文5)."""

from typing import Any

from evaluations.addresses import entry_address
from evaluations.entry.forms import NewNationalSupport, NewRowForm, NewScheme
from evaluations.entry.instructions import of_lists
from evaluations.entry.scope import EntryScope
from evaluations.models import Submission
from evaluations.views.entry.actions import unreported
from evaluations.views.entry.portions import PageSection, Portion, PortionUnit, by_kind
from evaluations.views.entry.row_display import DisplayedRow, find_form
from supports.models import NationalSupport, SchemeResult


def supports_sections(scope: EntryScope, entries: list[DisplayedRow]) -> list[PageSection]:
    answers, schemes, national = [], [], []
    for entry in entries:
        match entry.row:
            case Submission() if entry.items:
                answers.append(PortionUnit([entry]))
            case SchemeResult():
                schemes.append(PortionUnit([entry]))
            case NationalSupport():
                national.append(PortionUnit([entry]))
    sections = [
        PageSection("schemes", "地域独自の支援措置（別紙3）", schemes),
        PageSection("national", "国の支援（本文5）", national),
    ]
    return (
        [PageSection("answers", "載せる事業がない場合の回答", answers), *sections]
        if answers
        else sections
    )


def supports_context(
    scope: EntryScope, portion: Portion, new_row_forms: list[NewRowForm]
) -> dict[str, Any]:
    evaluation = scope.evaluation
    return {
        "answers": portion.entries("answers"),
        "schemes": by_kind(SchemeResult, scope, portion.entries("schemes")),
        "national": by_kind(NationalSupport, scope, portion.entries("national")),
        "about": of_lists([SchemeResult], evaluation.fiscal_year),
        "unreported": [] if scope.why_not_enter else unreported(scope),
        "new_scheme": find_form(new_row_forms, NewScheme),
        "new_national": find_form(new_row_forms, NewNationalSupport),
        "reason_url": entry_address(evaluation, evaluation.key, "no_fiscal_support_reason"),
    }
