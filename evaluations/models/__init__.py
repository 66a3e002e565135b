"""What is stored of zones, plans, targets and evaluations, except supports (see `supports.models`)."""

from evaluations.models.corrections import Correction
from evaluations.models.draft import Draft
from evaluations.models.evaluation import (
    Achievement,
    Approach,
    Evaluation,
    ResultPart,
    TargetAssessment,
)
from evaluations.models.plan import Plan, PlanEdition
from evaluations.models.reminder import Reminder
from evaluations.models.review import Remark, SealedFile, SealedVersion, StatusChange, Submission
from evaluations.models.targets import Actual, Indicator, NumericTarget, YearlyTarget
from evaluations.models.waiver import Waiver
from evaluations.models.zone import Membership, Zone, ZoneMunicipality, names_in
