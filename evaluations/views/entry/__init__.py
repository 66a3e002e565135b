"""Entry: the overview of what is missing, the pages on which a year is filled in, and the page of each row.

Officials see their municipality's rows, the secretariat all rows, under the same rules.
"""

from evaluations.views.entry.actuals import entry_progress
from evaluations.views.entry.drafts import entry_drafts
from evaluations.views.entry.overview import entry, entry_submit
from evaluations.views.entry.pages import entry_page
from evaluations.views.entry.row_page import entry_next, entry_row, last_year_text
