"""Entry: the overview of what is missing, and the pages on which a year's figures and texts are filled in.

Officials see their municipality's rows, the secretariat all rows, under the same rules.
"""

from evaluations.views.entry.actuals import entry_progress
from evaluations.views.entry.overview import entry, entry_submit
from evaluations.views.entry.pages import entry_page
from evaluations.views.entry.removal import entry_remove
