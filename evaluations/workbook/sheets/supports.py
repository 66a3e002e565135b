"""The sheets of support: the region's own schemes, the nation's, and the answers that there is none."""

from evaluations.forms import NewNationalSupport, NewScheme
from evaluations.models import Submission
from evaluations.workbook.answers import TARGETS, WHOLE, choice, municipalities
from evaluations.workbook.maker import Maker
from evaluations.workbook.pages import CODE, OWNERS, THIS_YEAR, Page
from evaluations.workbook.sheets.columns import DELETION_COLUMN, NAME, NARROW, PROSE
from supports.models import NationalSupport, Scheme, SchemeResult
from tokku.spreadsheets.entry_book import Column


def schemes(make: Maker) -> Page:
    lines = []
    for row in make.rows(SchemeResult):
        owners = "・".join(one.name for one in make.authors if one.pk in row.scheme.owner_ids)
        code = make.code(row.scheme.get_category_display(), owners or WHOLE)
        lines.append(make.line(code, row, row.scheme, 自治体名=owners or WHOLE))
    category, name = (make.answer(Scheme, one) for one in ("category", "name"))
    names = ("outline", TARGETS, "result")
    outline, targets, result = (make.answer(SchemeResult, one) for one in names)
    whose = municipalities(make.authors, OWNERS[1])
    columns = (
        Column(CODE, 22),
        Column(category.column, 22),
        Column(name.column, NAME),
        Column(whose.column, 16),
        Column(outline.column, 32),
        Column(targets.column, 24),
        Column(f"前年度の{result.column}", PROSE),
        Column(result.column, PROSE),
        DELETION_COLUMN,
    )
    adder = make.adder(
        NewScheme,
        [category, name, whose, outline, targets, result],
        targets=lambda typed: make.desk.targets,
    )
    return Page("地域の支援措置", columns, lines, adder)


def national_supports(make: Maker) -> Page:
    lines = [
        make.line(
            make.code(row.get_kind_display(), row.municipality or WHOLE),
            row,
            種類=row.get_kind_display(),
            自治体=str(row.municipality or WHOLE),
        )
        for row in make.rows(NationalSupport)
    ]
    names = ("name", "outline", "usage")
    name, outline, usage = (make.answer(NationalSupport, one) for one in names)
    kind = choice("種類", "kind", NationalSupport._meta.get_field("kind").flatchoices)
    columns = (
        Column(CODE, 22),
        Column(kind.column, NARROW),
        Column("自治体", 13),
        Column(name.column, NAME),
        Column(outline.column, PROSE),
        Column(f"前年度の{usage.column}", PROSE),
        Column(usage.column, PROSE),
        DELETION_COLUMN,
    )
    adder = make.adder(NewNationalSupport, [kind, name, outline, usage, *make.whose()])
    return Page("国の支援", columns, lines, adder)


def not_applicable(make: Maker) -> Page:
    lines = [
        line
        for row in make.rows(Submission)
        for line in make.field_lines(
            row,
            str(row.municipality),
            last_year=False,
            自治体=str(row.municipality),
        )
    ]
    columns = (
        Column(CODE, 24),
        Column("自治体", 13),
        Column("項目", 60),
        Column(THIS_YEAR, 16),
    )
    return Page("該当なしの回答", columns, lines)
