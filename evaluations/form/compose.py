"""The document of the whole form from the contents of an evaluation, part by part in order."""

from evaluations.form import (
    annex1_targets,
    annex2_measures,
    annex3_schemes,
    part1_name,
    part2_plan,
    part3_approaches,
    part3_progress,
    part4_measures,
    part5_national,
    part6_regional,
)
from evaluations.form.blocks import present
from evaluations.form.contents import Contents
from tokku.document.tree import Document, Section

BODY = (
    part1_name,
    part2_plan,
    part3_progress,
    part3_approaches,
    part4_measures,
    part5_national,
    part6_regional,
)
ANNEXES = (annex1_targets, annex2_measures, annex3_schemes)


def compose(contents: Contents) -> Document:
    """The document that is printed: the body in portrait, then the annexes in landscape."""
    body = Section(tuple(present(block for part in BODY for block in part.compose(contents))))
    annexes = (section for annex in ANNEXES for section in annex.compose(contents))
    return Document((body, *annexes))
