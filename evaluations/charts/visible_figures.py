"""The figures of an evaluation as one person may see them: what its records say, or what was sealed."""

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
    """Contents without what others have not handed in, or those of a sealed version with what it printed."""

    contents: Contents
    hidden: tuple[Municipality, ...] = ()
    version: SealedVersion | None = None
    printed: Mapping[tuple[TargetKey | int, int], Progress] = field(default_factory=dict)

    def progress(self, of: TargetKey | int, year: int) -> str:
        """The 進捗度 that the form prints of a target or, by its number, of an indicator: 145%, — or blank."""
        if self.version:
            return percent(self.printed.get((of, year)))
        if year > self.contents.fiscal_year:
            return ""
        if isinstance(of, TargetKey):
            return percent(self.contents.target(of).progress(year))
        indicator = next(one for one in self.contents.indicators if one.number == of)
        return percent(indicator.progress(year))


def visible_figures(access: Access) -> VisibleFigures:
    """BrokenSeal when a sealed version is not what was sealed."""
    if version := standing_version(access.evaluation):
        sealed = read_contents(version)
        printed = {(one.of, one.year): one.progress for one in sealed.progress}
        return VisibleFigures(sealed.contents, version=version, printed=printed)
    return VisibleFigures(load_for(access).contents, tuple(access.hidden_authors))
