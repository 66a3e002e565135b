"""Two people, one row: what becomes of a field that both may have changed, and the sentences that say so.

Values in, values out: no forms and no queries. The form of a row (tokku.revision_form) asks for each field what the person
saw, what is stored by now and what the person typed. Where one of the two has changed the field, theirs holds; where
both have, the person chooses between two versions, and the choice counts for those that were shown.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from tokku.values import is_same

TYPED, STORED = "typed", "stored"  # which version to keep

SAVED_FIRST = "ほかの人が先に保存しました。どちらを残すか選んでください。"
SAVED_AGAIN = "ほかの人が更に保存しました。どちらを残すか、もう一度選んでください。"
CHOOSE = "どちらを残すか選んでください。"

REOPEN = "保存する前に、画面を開き直してください。"  # where no revision was sent

# Where a page has shown what would be imported, and is confirmed.
STALE = (
    "この画面を開いた後に、登録されている内容が変わりました。何も取り込んでいません。"
    "下の新しい内容を確かめて、もう一度取り込んでください。"
)
RESTORED = (
    "セッションが切れていたため、まだ取り込んでいません。確かめて、もう一度取り込んでください。"
)
UNKNOWN_PREVIEW = "確かめた内容を受け取れませんでした。もう一度ファイルを選んでください。"


def why_stale(row: Any) -> str:
    """The refusal of an act on a row that somebody else has saved since the page was opened."""
    return f"「{row}」は、この画面を開いた後にほかの人が保存しました。内容を確かめて、もう一度操作してください。"


class MissingValue(Enum):
    """Stands where there is no value to compare."""

    UNKNOWN = "nobody knows what the person saw"
    UNREADABLE = "what was typed cannot be read"


@dataclass(frozen=True, eq=False)
class FieldValues:
    """The values of fields that are one answer."""

    values: tuple[Any, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FieldValues) and all(map(is_same, self.values, other.values))


@dataclass(frozen=True)
class ConflictChoice:
    """What a person has answered: which version to keep, and what was shown to them as the stored one."""

    shown: Any
    keep: str


@dataclass(frozen=True)
class MergedField:
    """The value that a field is to have.

    `sentence` asks the person to choose first; `chosen` is the version, TYPED or STORED, that they have chosen.
    """

    value: Any
    sentence: str = ""
    chosen: str = ""

    @property
    def is_contested(self) -> bool:
        return bool(self.sentence or self.chosen)


def merge(seen: Any, stored: Any, typed: Any, choice: ConflictChoice | None = None) -> MergedField:
    """What becomes of a field; `seen` may be UNKNOWN and `typed` UNREADABLE."""
    if is_same(typed, stored):
        return MergedField(stored)
    if choice and not is_same(choice.shown, stored):
        return MergedField(typed, SAVED_AGAIN)
    if choice:
        kept = {TYPED: typed, STORED: stored}
        if choice.keep not in kept:
            return MergedField(typed, CHOOSE)
        return MergedField(kept[choice.keep], chosen=choice.keep)
    if is_same(typed, seen):
        return MergedField(stored)
    if is_same(stored, seen):
        return MergedField(typed)
    return MergedField(typed, SAVED_FIRST)


@dataclass(frozen=True)
class Conflict:
    """A field of which there are two versions, as the person is asked about it.

    `revision`, `by` and `at` are of the stored version: its number, its author and its time. `typed` is what was
    typed, where no field of the page shows it.
    """

    stored: str
    by: str
    at: datetime | None
    revision: int
    chosen: str = (
        ""  # the version already chosen, while another field of the row waits for a choice
    )
    sentence: str = ""
    typed: str = ""

    @property
    def is_unseen(self) -> bool:
        """Whether the person has not seen the stored version yet."""
        return self.sentence in (SAVED_FIRST, SAVED_AGAIN)
