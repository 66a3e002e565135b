"""Instructions of the form for each field, shown beside the field or once above a long list of rows.

Their wording is in the catalogue.
"""

from collections.abc import Collection
from dataclasses import dataclass

from evaluations import catalogue
from evaluations.models.row import EntryRow


def instruction(row: EntryRow, field: str) -> str:
    """The instruction for this field; "" where there is none or the page shows it once for the list."""
    kind = row.row_kind
    return "" if kind.is_explained_once else kind[field].instruction_in(row.year, row.kind_in_form)


@dataclass(frozen=True)
class ListInstruction:
    """The instruction that a page shows once for a field of all rows of a kind."""

    id: str
    label: str
    text: str


def list_id(model: type[EntryRow], field: str) -> str:
    """The HTML id of the instruction that is shown once for this field; "" when each row shows its own."""
    is_once = catalogue.kind_of(model).is_explained_once
    return f"about-{model._meta.model_name}-{field}" if is_once else ""


def of_lists(
    models: Collection[type[EntryRow]], year: int
) -> list[tuple[str, list[ListInstruction]]]:
    """The instructions that a section with rows of these kinds shows once: label of each kind, and its fields."""
    return [
        (
            str(model._meta.verbose_name),
            [
                ListInstruction(
                    list_id(model, field.name),
                    str(model._meta.get_field(field.name).verbose_name),
                    field.instruction_in(year),
                )
                for field in catalogue.kind_of(model).fields_of(year)
                if field.is_entered
            ],
        )
        for model in models
        if catalogue.kind_of(model).is_explained_once
    ]
