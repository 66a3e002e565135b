"""What the form says of each field, for entry pages: beside the field, or once for a long list of rows.

The words are the catalogue's.
"""

from collections.abc import Collection
from dataclasses import dataclass

from evaluations import catalogue
from evaluations.models.row import EntryRow


def instruction(row: EntryRow, field: str) -> str:
    """What the form says of this field; "" where there is nothing to add, or the page says it once."""
    kind = row.row_kind
    return "" if kind.is_explained_once else kind[field].instruction_in(row.year, row.kind_in_form)


@dataclass(frozen=True)
class ListInstruction:
    """What the page says once of a field of all rows of a kind."""

    id: str
    label: str
    text: str


def list_id(model: type[EntryRow], field: str) -> str:
    """The id of what the page says once of this field; "" when each row says it."""
    is_once = catalogue.kind_of(model).is_explained_once
    return f"about-{model._meta.model_name}-{field}" if is_once else ""


def of_lists(
    models: Collection[type[EntryRow]], year: int
) -> list[tuple[str, list[ListInstruction]]]:
    """What a section with rows of these kinds says once, by kind, in the form of a fiscal year."""
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
