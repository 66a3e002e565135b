"""The sheets of support: the region's own schemes, the nation's, and the answers that there is none."""

from evaluations.forms import NewNationalSupport, NewScheme
from evaluations.models import Submission
from evaluations.workbook.answers import WHOLE, choice, municipalities
from evaluations.workbook.maker import Maker
from evaluations.workbook.pages import CODE, OWNERS, THIS_YEAR, Page
from evaluations.workbook.sheets.columns import DELETION_COLUMN, NARROW, columns_of
from supports.models import NationalSupport, Scheme, SchemeResult
from tokku.spreadsheets.entry_book import Column


def schemes(make: Maker) -> Page:
    lines = []
    for row in make.rows(SchemeResult):
        owners = "・".join(one.name for one in make.authors if one.pk in row.scheme.owner_ids)
        code = make.code(row.scheme.get_category_display(), owners or WHOLE)
        lines.append(make.line(code, row, row.scheme, 自治体名=owners or WHOLE))
    whose = municipalities(make.authors, OWNERS[1])
    columns = (
        Column(CODE, 22),
        *columns_of(make, Scheme, category=22),
        Column(whose.column, 16),
        *columns_of(make, SchemeResult, outline=32, targets=24),
        DELETION_COLUMN,
    )
    adder = make.adder(
        NewScheme,
        [*make.answers(Scheme), whose, *make.answers(SchemeResult)],
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
    kind = choice("種類", "kind", NationalSupport._meta.get_field("kind").flatchoices)
    columns = (
        Column(CODE, 22),
        Column(kind.column, NARROW),
        Column("自治体", 13),
        *columns_of(make, NationalSupport),
        DELETION_COLUMN,
    )
    adder = make.adder(NewNationalSupport, [kind, *make.answers(NationalSupport), *make.whose()])
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
