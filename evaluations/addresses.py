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

    It is the row's own page, which also opens beside the form and the checks.
    """
    if key is None or not key.kind.page:
        return ""
    path = row_address(evaluation, key)
    return f"{path}#{anchor(key, field)}" if field else path


def row_address(evaluation: Evaluation, key: RowKey) -> str:
    return page_address(evaluation, "entry-row", key)


def in_page_address(evaluation: Evaluation, key: RowKey) -> str:
    """Where the row stands among the others of its entry page."""
    return f"{page_address(evaluation, f'entry-{key.kind.page}')}#{anchor(key)}"


def corrections_address(evaluation: Evaluation) -> str:
    """Where figures of earlier years are corrected in this evaluation."""
    return f"{page_address(evaluation, 'entry-actuals')}#corrections"
