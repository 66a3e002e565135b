"""The sheets of support: the region's own schemes, national support, and the answers 該当なし."""

from evaluations.entry.forms import NewNationalSupport, NewScheme
from evaluations.entry.workbook.cell_values import municipalities, municipality
from evaluations.entry.workbook.sheet_maker import SheetMaker
from evaluations.entry.workbook.sheet_parts import CODE, OWNERS, THIS_YEAR, WorkbookSheet
from evaluations.entry.workbook.sheets.lists import NAME, NARROW, columns_of, list_of
from evaluations.models import Submission
from supports.models import NationalSupport, SchemeResult
from tokku.spreadsheets.entry_book import BookColumn


def schemes(maker: SheetMaker) -> WorkbookSheet:
    owners = municipalities(maker.authors, OWNERS[1])
    return list_of(
        maker,
        "地域の支援措置",
        SchemeResult,
        lambda row: f"{row.get_category_display()} {owners.cell_value(row)}",
        {owners: 16},
        columns_of(
            maker, SchemeResult, category=22, name=NAME, other_bodies=16, outline=32, targets=24
        ),
        new_row_line=maker.new_row_line(
            NewScheme,
            [owners, *maker.answers(SchemeResult)],
            targets=lambda typed: maker.scope.targets,
        ),
    )


def national_supports(maker: SheetMaker) -> WorkbookSheet:
    kind, owner = maker.answer(NationalSupport, "kind"), municipality(maker.authors)
    return list_of(
        maker,
        "国の支援",
        NationalSupport,
        lambda row: f"{kind.cell_value(row)} {owner.cell_value(row)}",
        {kind: NARROW, owner: 13},
        columns_of(maker, NationalSupport),
        new_row_line=maker.new_row_line(
            NewNationalSupport, [kind, *maker.answers(NationalSupport), owner]
        ),
    )


def not_applicable(maker: SheetMaker) -> WorkbookSheet:
    owner_of = municipality(maker.authors).cell_value
    columns = (
        BookColumn(CODE, 24),
        BookColumn("自治体", 13),
        BookColumn("項目", 60),
        BookColumn(THIS_YEAR, 16),
    )
    return WorkbookSheet(
        "該当なしの回答", columns, [*maker.field_lines(Submission, owner_of, 自治体=owner_of)]
    )
