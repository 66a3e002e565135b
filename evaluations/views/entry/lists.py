"""The pages of texts and of support schemes as lists: sections in the order of the form, with one entry per thing."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from evaluations import catalogue
from evaluations.addresses import entry_address
from evaluations.entry.forms import (
    NewAchievement,
    NewApproach,
    NewMeasure,
    NewNationalSupport,
    NewRowForm,
    NewScheme,
)
from evaluations.entry.instructions import of_lists
from evaluations.entry.scope import EntryScope
from evaluations.models import Achievement, Approach, Evaluation, Submission, TargetAssessment
from evaluations.models.row import EntryRow
from evaluations.views.entry.actions import unreported
from evaluations.views.entry.row_display import DisplayedRow, find_form
from supports.models import NationalSupport, RegionalText, RegulatoryMeasure, SchemeResult

MOST_OPEN = 40  # rows with boxes; of further ones only those open that are spoken of or typed into
# What rows of a kind are shown as, where it is not a block: the answers of 別紙2 as a table.
ANSWERS = ("used", "note")


@dataclass
class Group:
    """Rows under one label of a section. `adder` is the form that adds one, `heading` the row that they stand below."""

    label: str
    rows: list[DisplayedRow]
    sentence_if_empty: str = ""
    adder: NewRowForm | None = None
    adder_label: str = ""
    heading: EntryRow | None = None

    @property
    def is_table(self) -> bool:
        """Whether all rows have the same two short answers open, which a table holds in a line each."""
        return bool(self.rows) and all(
            row.row.asked_fields[-2:] == ANSWERS and row.may_edit for row in self.rows
        )


@dataclass
class Section:
    """A part of the page under a heading of its own."""

    id: str
    title: str
    groups: list[Group]
    hint: str = ""
    adder: NewRowForm | None = None
    adder_label: str = ""
    instructions: list = field(default_factory=list)
    unreported: list[SchemeResult] = field(default_factory=list)
    reason_address: str = ""

    @property
    def rows(self) -> list[DisplayedRow]:
        return [row for group in self.groups for row in group.rows]


def fold_the_rest(scope: EntryScope, rows: Iterable[DisplayedRow]) -> None:
    """Fold rows as a whole that the person need not write: others' for the secretariat, and all beyond MOST_OPEN."""
    count = 0
    for row in rows:
        if row.is_unsaved or row.all_remarks:
            continue
        is_others = not scope.is_official and bool(row.row.owner_ids)
        if is_others or count >= MOST_OPEN:
            row.is_light = True
        elif row.open_fields:
            count += 1


def texts_sections(
    scope: EntryScope, rows: list[DisplayedRow], new_row_forms: list[NewRowForm]
) -> list[Section]:
    """The sections with rows of the person, and those that they can add to."""
    sections = [
        Section("body", "評価書の本文", _plain(rows, Evaluation)),
        Section("assessments", "数値目標の評価（別紙1）", _plain(rows, TargetAssessment)),
        Section(
            "approaches",
            "解決策と取組・成果（本文3④）",
            _approaches(scope, rows, new_row_forms),
            adder=find_form(new_row_forms, NewApproach),
            adder_label="解決策を追加する",
            instructions=of_lists([Achievement], scope.evaluation.fiscal_year),
        ),
        Section(
            "measures",
            "規制の特例措置（本文4、別紙2）",
            _by_kind(scope, rows, RegulatoryMeasure, "事業がないため「該当なし」と記載されます。"),
            adder=find_form(new_row_forms, NewMeasure),
            adder_label="規制の特例措置を追加する",
            reason_address=entry_address(
                scope.evaluation, scope.evaluation.key, "no_measures_reason"
            ),
        ),
        Section("regional", "地域独自の取組（本文6、別紙3）", _plain(rows, RegionalText)),
    ]
    # The secretariat can add to these.
    addable = () if scope.is_official else ("approaches", "measures")
    return [
        section
        for section in sections
        if section.rows or section.id in addable or any(group.adder for group in section.groups)
    ]


def supports_sections(
    scope: EntryScope, rows: list[DisplayedRow], new_row_forms: list[NewRowForm]
) -> list[Section]:
    """The region's own schemes (別紙3), national support (本文5), and 該当なし where there is none of them."""
    whose = f"{scope.user.municipality}の事業は" if scope.is_official else "事業は"
    none = f"{whose}ありません。特区全体で一つもないときは「該当なし」と記載されます。"
    reason = "その理由は、{}「財政支援に該当する事業がない理由」の欄に記載します。"
    answers = Section(
        "answers",
        "載せる事業がない場合の回答",
        _plain(rows, Submission),
        "載せる事業が一つもないときは、「該当なし」と回答してください。載せる事業があるときは、「追加する」から入力します。",
    )
    schemes = Section(
        "schemes",
        "地域独自の支援措置（別紙3）",
        _by_kind(scope, rows, SchemeResult, none),
        adder=find_form(new_row_forms, NewScheme),
        adder_label="支援措置を追加する",
        instructions=of_lists([SchemeResult], scope.evaluation.fiscal_year),
        unreported=[] if scope.why_not_enter else unreported(scope),
    )
    national = Section(
        "national",
        "国の支援（本文5）",
        _by_kind(scope, rows, NationalSupport, none),
        reason.format("取りまとめ担当が" if scope.is_official else ""),
        adder=find_form(new_row_forms, NewNationalSupport),
        adder_label="国の支援を追加する",
        reason_address=""
        if scope.is_official
        else entry_address(scope.evaluation, scope.evaluation.key, "no_fiscal_support_reason"),
    )
    return [
        section
        for section in (schemes, national, answers)
        if section is not answers or section.rows
    ]


def other_sections(rows: list[DisplayedRow], shown_rows: Iterable[DisplayedRow]) -> list[Section]:
    """A section for each kind of rows that are shown nowhere else."""
    shown = {row.key for row in shown_rows}
    by_model: dict[type, list[DisplayedRow]] = {}
    for row in rows:
        if row.key not in shown:
            by_model.setdefault(type(row.row), []).append(row)
    return [
        Section(model._meta.model_name, str(model._meta.verbose_name), [Group("", of_model)])
        for model, of_model in by_model.items()
    ]


def _plain(rows: list[DisplayedRow], model: type[EntryRow]) -> list[Group]:
    of_model = [row for row in rows if isinstance(row.row, model)]
    return [Group("", of_model)] if of_model else []


def _by_kind(
    scope: EntryScope, rows: list[DisplayedRow], model: type[EntryRow], sentence_if_empty: str
) -> list[Group]:
    """A group for each table of the model with rows; where there are none at all, one that says so."""
    of_model = [row for row in rows if isinstance(row.row, model)]
    groups = [
        Group(label, [row for row in of_model if row.row.kind_in_form == kind])
        for kind, label in model.tables
    ]
    with_rows = [group for group in groups if group.rows]
    return with_rows or [Group("", [], sentence_if_empty)]


def _approaches(
    scope: EntryScope, rows: list[DisplayedRow], new_row_forms: list[NewRowForm]
) -> list[Group]:
    """A group for each approach: its own row, where the person may see it as a row, and the person's achievements."""
    adders = {
        form.parents["approach"].pk: form
        for form in new_row_forms
        if isinstance(form, NewAchievement)
    }
    groups = []
    for approach in scope.year.of_kind(catalogue.APPROACH):
        of_approach = [
            row
            for row in rows
            if row.row == approach
            or (isinstance(row.row, Achievement) and row.row.approach_id == approach.pk)
        ]
        adder = adders.get(approach.pk)
        if of_approach or adder:
            groups.append(
                Group(
                    approach.label,
                    of_approach,
                    "この解決策の取組・成果は、まだありません。",
                    adder,
                    "取組・成果を追加する",
                    heading=None
                    if any(isinstance(row.row, Approach) for row in of_approach)
                    else approach,
                )
            )
    return groups
