"""Entry: what is still missing, and the pages on which a year's figures and texts are typed in.

An official finds their municipality's rows here, the secretariat every row, by the same rules.
"""

from evaluations.views.entry.actuals import entry_progress
from evaluations.views.entry.overview import entry, entry_submit
from evaluations.views.entry.pages import entry_page
from evaluations.views.entry.removal import entry_remove
