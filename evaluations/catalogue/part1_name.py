"""Title, authors and 1: the zone."""

from evaluations.catalogue.structure import Fate, Field, Heading, Kind, not_entered

TITLE = Heading("〔種別〕総合特別区域評価書")
AUTHORS = Heading("作成主体の名称：")
NAME = Heading("〔種別〕総合特別区域の名称", "1", level=2)

ZONE = Kind(
    model="evaluations.zone",
    source="zone",
    fields=(
        *not_entered(Fate.STANDS, "slug kind"),
        Field(name="name", next_year=Fate.STANDS, heading=NAME),
        *not_entered(Fate.STANDS, "designated_on certified_on last_certified_on"),
        Field(name="municipalities", next_year=Fate.STANDS, heading=AUTHORS),
    ),
)
AUTHOR = Kind(
    model="evaluations.zonemunicipality",
    fields=not_entered(Fate.STANDS, "zone municipality position"),
)
