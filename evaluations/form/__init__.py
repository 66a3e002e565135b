"""The form (評価書): the only place that knows its order and wording.

`compose` makes the document of an evaluation's contents, `interpret` the contents of a document;
the modules beside them do both for one part each.
"""

from evaluations.form.compose import compose
from evaluations.form.interpret import Interpretation, interpret
from evaluations.form.outline import Problem, UnreadableForm
