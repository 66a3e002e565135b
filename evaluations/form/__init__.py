"""The form (評価書): the only place that knows its order and wording.

`compose` makes a document from the contents of an evaluation, `interpret` reads the contents from a document.
The other modules do both for one part each.
"""

from evaluations.form.compose import compose
from evaluations.form.interpret import Interpretation, interpret
from evaluations.form.outline import ReadingProblem, UnreadableForm
