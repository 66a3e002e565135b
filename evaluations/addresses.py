"""Addresses of an evaluation's pages, and of where on them a row or a field is filled in."""

from django.urls import reverse

from evaluations.keys import RowKey
from evaluations.models import Evaluation


def page_address(evaluation: Evaluation, name: str, *more: object) -> str:
    """The address of a page of evaluations.urls; `more` are its arguments after zone and year."""
    arguments = [evaluation.zone.slug, evaluation.fiscal_year, *more]
    return reverse(f"evaluations:{name}", args=arguments)


def anchor(key: RowKey, field: str = "") -> str:
    """The id of a field in its entry page, or of its whole row."""
    return f"id_{key}-{field}" if field else str(key)


def entry_address(evaluation: Evaluation, key: RowKey | None, field: str = "") -> str:
    """Where a row of the evaluation is filled in; "" when no entry page shows such rows.

    The query `row` selects the portion of a divided page (evaluations.views.entry.portions).
    """
    if key is None or not key.kind.page:
        return ""
    path = page_address(evaluation, f"entry-{key.kind.page}")
    return f"{path}?row={key}#{anchor(key, field)}"


def corrections_address(evaluation: Evaluation) -> str:
    """Where figures of earlier years are corrected in this evaluation."""
    return f"{page_address(evaluation, 'entry-actuals')}?portion=corrections#corrections"
