"""What is being typed, kept on the server while one types."""

from django.http import JsonResponse, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_POST

from evaluations.catalogue import PAGES
from evaluations.entry.drafts import typed_rows
from evaluations.entry.scope import EntryScope
from evaluations.keys import RowKey
from evaluations.views.common import visible_evaluation
from evaluations.views.entry.row_display import DisplayedRow


@require_POST
def entry_drafts(request, zone, fiscal_year):
    """Keep the rows that are sent, and forget those that say what is stored: {"at": "11:31"}, or {} where it is too much."""
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    scope = EntryScope(request.user, evaluation)
    is_kept = keep_unsaved(scope, request.POST)
    now = timezone.localtime()
    return JsonResponse({"at": f"{now.hour}:{now.minute:02}"} if is_kept else {})


def keep_unsaved(scope: EntryScope, sent: QueryDict) -> bool:
    """Keep as drafts what was sent and is not stored. False when it is too much."""
    typed = typed_rows(sent)
    stored = [of for of in typed if _is_stored(scope, of, sent)]
    scope.drafts.forget(stored)
    return scope.drafts.keep({of: typed[of] for of in typed if of not in stored})


def _is_stored(scope: EntryScope, of: str, sent) -> bool:
    """Whether saving would change nothing."""
    key = RowKey.parse(of)
    if key is None:
        forms = (form for page in PAGES for form in scope.new_row_forms(page, sent))
        form = next((form for form in forms if form.prefix == of), None)
        if form is None:  # entry is closed meanwhile
            return False
        # What was still on its way when the row was added.
        return not form.has_changed() or form.is_valid() and form.was_just_added
    row = next((row for row in scope.year.of_kind(key.kind) if row.key == key), None)
    if row is None or not scope.is_mine(row):
        return False
    displayed = DisplayedRow(row, scope, sent, shows_all=True)
    return displayed.may_edit and not displayed.holds_something_unsaved
