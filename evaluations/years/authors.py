"""The names of authors (作成主体) in the years that are sealed, or were: these go on saying what they said."""

from django.db.models import Q

from evaluations.models import ZoneMunicipality
from evaluations.workflow import SEALED
from tokku.accounts.models import Municipality


def keep_names(author: ZoneMunicipality, before: ZoneMunicipality) -> None:
    """Let years that are sealed, or were, have the names that `before` had; later ones have those of `author`."""
    were_sealed = author.zone.evaluation_set.filter(
        Q(state__in=SEALED) | Q(sealedversion__isnull=False)
    )
    years = were_sealed.distinct().values_list("fiscal_year", flat=True)
    author.set_names(
        {year: before.name_in(year) for year in years},
        author.printed_name or author.municipality.name,
    )


def keep_former_name(municipality: Municipality, former_name: str) -> None:
    """As `keep_names` in all its zones, once it is renamed."""
    former = Municipality(name=former_name)
    authors = ZoneMunicipality.objects.filter(municipality=municipality, printed_name="")
    for author in authors.select_related("zone"):
        before = ZoneMunicipality(municipality=former, earlier_names=author.earlier_names)
        author.municipality = municipality
        keep_names(author, before)
        author.save()
