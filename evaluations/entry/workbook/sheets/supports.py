"""The sheets of support: the region's own schemes, the nation's, and the answers that there is none."""

from evaluations.entry.forms import NewNationalSupport, NewScheme
from evaluations.entry.workbook.cell_values import municipalities, municipality
from evaluations.entry.workbook.sheet_maker import SheetMaker
from evaluations.entry.workbook.sheet_parts import CODE, OWNERS, THIS_YEAR, WorkbookSheet
from evaluations.entry.workbook.sheets.lists import NARROW, columns_of, list_of
from evaluations.models import Submission
from supports.models import NationalSupport, Scheme, SchemeResult
from tokku.spreadsheets.entry_book import BookColumn


def schemes(make: SheetMaker) -> WorkbookSheet:
    owners = municipalities(make.authors, OWNERS[1])
    return list_of(
        make,
        "地域の支援措置",
        SchemeResult,
        lambda row: f"{row.scheme.get_category_display()} {owners.say(row)}",
        {owners: 16},
        columns_of(make, SchemeResult, outline=32, targets=24),
        first=columns_of(make, Scheme, category=22),
        adder=make.adder(
            NewScheme,
            [*make.answers(Scheme), owners, *make.answers(SchemeResult)],
            targets=lambda typed: make.scope.targets,
        ),
    )


def national_supports(make: SheetMaker) -> WorkbookSheet:
    kind, owner = make.answer(NationalSupport, "kind"), municipality(make.authors)
    return list_of(
        make,
        "国の支援",
        NationalSupport,
        lambda row: f"{kind.say(row)} {owner.say(row)}",
        {kind: NARROW, owner: 13},
        columns_of(make, NationalSupport),
        adder=make.adder(NewNationalSupport, [kind, *make.answers(NationalSupport), owner]),
    )


def not_applicable(make: SheetMaker) -> WorkbookSheet:
    whose = municipality(make.authors).say
    columns = (
        BookColumn(CODE, 24),
        BookColumn("自治体", 13),
        BookColumn("項目", 60),
        BookColumn(THIS_YEAR, 16),
    )
    return WorkbookSheet(
        "該当なしの回答", columns, [*make.field_lines(Submission, whose, 自治体=whose)]
    )
