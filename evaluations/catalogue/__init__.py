"""The catalogue: the kinds of rows, their fields, and the words of the form for them by fiscal year.

Data only, a module per part of the form; it imports nothing of the project. A field, a heading, an instruction,
what is required, what becomes of a field in the next year: each is described here and nowhere else.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from evaluations.catalogue import (
    annex1_targets,
    part1_name,
    part2_plan,
    part3_approaches,
    part3_progress,
    part4_measures,
    part5_national,
    part6_regional,
)
from evaluations.catalogue.annex1_targets import ASSESSMENT
from evaluations.catalogue.evaluation import EVALUATION
from evaluations.catalogue.part1_name import AUTHOR, ZONE
from evaluations.catalogue.part2_plan import PLAN, PLAN_EDITION
from evaluations.catalogue.part3_approaches import ACHIEVEMENT, APPROACH
from evaluations.catalogue.part3_progress import (
    ACTUAL,
    CORRECTION,
    INDICATOR,
    TARGET,
    YEARLY_TARGET,
)
from evaluations.catalogue.part4_measures import MEASURE
from evaluations.catalogue.part5_national import NATIONAL_SUPPORT
from evaluations.catalogue.part6_regional import REGIONAL_TEXT, SCHEME, SCHEME_RESULT
from evaluations.catalogue.process import OTHERS, SUBMISSION
from evaluations.catalogue.structure import Field, FormHeading, RowKind

# The entry pages, by their names in addresses.
PAGES = {"actuals": "実績値", "texts": "文章", "supports": "支援措置"}

# By the label of the model. Kinds that are filled in come first, in the order in which pages show them.
KINDS: dict[str, RowKind] = {
    kind.model: kind
    for kind in (
        ACTUAL,
        CORRECTION,
        EVALUATION,
        ASSESSMENT,
        APPROACH,
        ACHIEVEMENT,
        MEASURE,
        NATIONAL_SUPPORT,
        SUBMISSION,
        SCHEME,
        SCHEME_RESULT,
        REGIONAL_TEXT,
        ZONE,
        AUTHOR,
        PLAN,
        PLAN_EDITION,
        INDICATOR,
        TARGET,
        YEARLY_TARGET,
        *OTHERS,
    )
}


# The modules of the form's parts, in its order.
PARTS = (
    part1_name,
    part2_plan,
    part3_progress,
    part3_approaches,
    part4_measures,
    part5_national,
    part6_regional,
    annex1_targets,
)


def headings() -> list[FormHeading]:
    """Every heading of the form, once, in the order of its parts."""
    all_headings = (heading for part in PARTS for heading in _headings(vars(part)))
    return [heading for heading in dict.fromkeys(all_headings) if heading.words]


def _headings(value: Any) -> Iterator[FormHeading]:
    if isinstance(value, FormHeading):
        yield value
    elif isinstance(value, Field):
        yield from value.headings
    elif isinstance(value, RowKind):
        yield from _headings(value.fields)
    elif isinstance(value, Mapping):
        yield from _headings((*value, *value.values()))
    elif isinstance(value, tuple):
        for part in value:
            yield from _headings(part)


def kind_of(model) -> RowKind:
    """The kind of a model or of a row."""
    return KINDS[model._meta.label_lower]


def of_source(source: str) -> list[RowKind]:
    """The kinds of rows behind a source of documents."""
    return [kind for kind in KINDS.values() if kind.source and kind.source == source]


def amount_on_page(page: str) -> list[RowKind]:
    """The kinds of rows that an entry page shows."""
    return [kind for kind in KINDS.values() if kind.page == page]


def fields_where(holds: Callable[[Field], bool]) -> frozenset[tuple[str, str]]:
    """Source and name of the fields in documents for which `holds` is true: ("assessment", "strategy")."""
    return frozenset(
        (kind.source, field.name)
        for kind in KINDS.values()
        if kind.source
        for field in kind.fields
        if holds(field)
    )
