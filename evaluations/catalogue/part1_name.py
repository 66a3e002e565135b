"""Title, authors and part 1: the zone."""

from evaluations.catalogue.structure import Carryover, Field, FormHeading, RowKind, not_entered

TITLE = FormHeading("〔種別〕総合特別区域評価書")
AUTHORS = FormHeading("作成主体の名称：")
NAME = FormHeading("〔種別〕総合特別区域の名称", "1", level=2)

ZONE = RowKind(
    model="evaluations.zone",
    source="zone",
    fields=(
        *not_entered(Carryover.STANDS, "slug kind"),
        Field(name="name", next_year=Carryover.STANDS, heading=NAME),
        *not_entered(Carryover.STANDS, "designated_on certified_on"),
        Field(name="municipalities", next_year=Carryover.STANDS, heading=AUTHORS),
        *not_entered(Carryover.STANDS, "members"),
    ),
)
AUTHOR = RowKind(
    model="evaluations.zonemunicipality",
    fields=not_entered(
        Carryover.STANDS,
        "zone municipality printed_name earlier_names position is_lead first_year last_year",
    ),
)
