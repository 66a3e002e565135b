"""The figures of an evaluation as one person may see them: from its records, or from its sealed version."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from evaluations.form.contents import Contents
from evaluations.form.printed_figures import percent
from evaluations.keys import TargetKey
from evaluations.models import SealedVersion
from evaluations.permissions import Access
from evaluations.progress import Progress
from evaluations.records.load import load_for
from evaluations.sealed.sealing import read_contents, standing_version
from tokku.accounts.models import Municipality


@dataclass(frozen=True)
class VisibleFigures:
    """Contents without the unfinished work of others (`hidden`), or those of a sealed version with its printed progress."""

    contents: Contents
    hidden: tuple[Municipality, ...] = ()
    version: SealedVersion | None = None
    printed: Mapping[tuple[TargetKey | int, int], Progress] = field(default_factory=dict)

    def progress(self, key: TargetKey | int, year: int) -> str:
        """進捗度 as the form prints it, of a target or (by its number) an indicator: 145%, — or blank."""
        if self.version:
            return percent(self.printed.get((key, year)))
        if year > self.contents.fiscal_year:
            return ""
        if isinstance(key, TargetKey):
            return percent(self.contents.target(key).progress(year))
        indicator = next(
            indicator for indicator in self.contents.indicators if indicator.number == key
        )
        return percent(indicator.progress(year))


def visible_figures(access: Access) -> VisibleFigures:
    """Raises BrokenSeal when the sealed version has been altered."""
    if version := standing_version(access.evaluation):
        sealed = read_contents(version)
        printed = {(figure.of, figure.year): figure.progress for figure in sealed.progress}
        return VisibleFigures(sealed.contents, version=version, printed=printed)
    return VisibleFigures(load_for(access).contents, tuple(access.hidden_authors))
