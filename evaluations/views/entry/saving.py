"""Saving what an entry page sent: each row by itself, so that one that is refused keeps no other from being saved."""

from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils import timezone

from evaluations.catalogue import PAGES
from evaluations.entry.drafts import typed_rows
from evaluations.entry.scope import EntryScope
from evaluations.keys import RowKey
from evaluations.views.entry.remark_answers import answer_remarks
from evaluations.views.entry.row_display import shown_fields
from evaluations.views.entry.unsaved import unsaved_texts
from supports.models import NOT_APPLICABLE
from tokku.records import Record

ANSWER_NOT_APPLICABLE, COPY_LAST_YEAR = "not-applicable", "copy"  # actions on a single field


@dataclass
class SavedInput:
    """What became of the sent input: labels of saved rows, added rows, and the rows whose input was not saved."""

    saved: list[str] = field(default_factory=list)
    added: list[Record] = field(default_factory=list)
    answered: int = 0  # remarks
    unsaved: list[str] = field(default_factory=list)

    def sentence(self, page: str) -> str:
        """With the time, for people who come back to an open page."""
        now = timezone.localtime()
        at = f"{now.hour}時{now.minute:02}分"
        answered = f"指摘{self.answered}件に回答しました。" if self.answered else ""
        if not self.saved:
            return answered or f"変更がないため、何も保存していません（{at}）。"
        subject = self.saved[0] if len(self.saved) == 1 else f"{PAGES[page]}{len(self.saved)}件"
        return f"{at}に、{subject}を保存しました。{answered}"


def save_input(scope: EntryScope, page: str, data: QueryDict) -> SavedInput:
    """Save the valid rows that were sent, and keep the others as drafts. Under the lock of the evaluation."""
    outcome = SavedInput()
    typed = typed_rows(data)
    rows = {str(row.key): row for row in scope.rows_of_page(page)}
    lost = {of for of, *_ in unsaved_texts(scope, page, data)}
    for of in typed:
        row = rows.get(of)
        if row is None or f"{of}-revision" not in data or scope.access.why_not_edit_row(row):
            continue
        if fields := shown_fields(row, data):
            form = scope.form(row, data, fields)
            if not form.is_valid():
                outcome.unsaved.append(of)
                continue
            if form.has_changed():
                outcome.saved.append(form.save().label)
        outcome.answered += answer_remarks(scope, row, typed[of])
    for form in scope.new_row_forms(page, data):
        if not form.is_bound or not form.has_changed():
            continue
        if not form.is_valid():
            outcome.unsaved.append(form.prefix)
        elif form.was_just_added:
            outcome.saved.append("追加した行")
        else:
            outcome.added.append(form.create())
            outcome.saved.append(outcome.added[-1].label)
    outcome.unsaved += [of for of in typed if of in lost and of not in outcome.unsaved]
    scope.drafts.forget(of for of in typed if of not in outcome.unsaved)
    scope.drafts.keep({of: typed[of] for of in outcome.unsaved if of in typed})
    return outcome


def with_action_on_field(scope: EntryScope, data: QueryDict) -> QueryDict:
    """The sent data after the button of one field, if one was pressed and the field is blank.

    「該当なし」と回答する enters 該当なし, 写す last year's text.
    """
    verb, _, name = data.get("action", "").partition(":")
    if verb not in (ANSWER_NOT_APPLICABLE, COPY_LAST_YEAR):
        return data
    data = data.copy()
    data["action"] = ""
    if name in data and not data[name].strip():
        key, _, field_name = name.partition("-")
        data[name] = (
            NOT_APPLICABLE
            if verb == ANSWER_NOT_APPLICABLE
            else scope.text_to_copy(RowKey.parse(key), field_name)
        )
    return data
