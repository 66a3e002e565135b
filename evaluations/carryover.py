"""What becomes of every field of every model when the next year's evaluation is made. Data alone.

`next_year.py` makes rows by these lists, and pages and commands tell them to people. `id` and
`revision` are each row's own. Tests go through all models, and fail on a field that is not named.
"""

from collections.abc import Mapping
from enum import Enum

from django.db.models import Model

from evaluations.models import (
    Achievement,
    Actual,
    Approach,
    Evaluation,
    Indicator,
    NumericTarget,
    Plan,
    Remark,
    Reminder,
    SealedFile,
    SealedVersion,
    StatusChange,
    Submission,
    TargetAssessment,
    Waiver,
    YearlyTarget,
    Zone,
    ZoneMunicipality,
)
from supports.models import NationalSupport, RegionalText, RegulatoryMeasure, Scheme, SchemeResult
from tokku.accounts.models import Municipality, User


class Fate(Enum):
    """What becomes of a field; the value is what people read."""

    CARRIED = "引き継ぐ"
    RENAMED = "年度の名前を新しい年度に改めて引き継ぐ"
    RESULT = "前年度に返ってきた評価結果を入れる"
    BESIDE = "空欄にし、入力画面で前年度の内容を横に示す"
    EMPTIED = "空欄にする"
    MADE = "新しい年度に合わせて決める"
    STANDS = "年度によらず、そのまま使う"
    LEFT = "前年度に残す"


Fates = Mapping[Fate, tuple[str, ...]]

NEXT_YEAR: dict[type[Model], Fates] = {
    Evaluation: {
        Fate.CARRIED: ("zone", "weight_rationale", "pathway"),
        Fate.RESULT: ("previous_score", "previous_remarks"),
        # Why nothing applies is an answer about the year, like the counts of 5.
        Fate.BESIDE: (
            "response_to_previous",
            "considerations",
            "no_measures_reason",
            "fiscal_support_count",
            "no_fiscal_support_reason",
            "tax_support_count",
            "loan_support_count",
            "overall",
        ),
        Fate.EMPTIED: ("deadline", "sent_on", "score", "remarks"),
        Fate.MADE: ("plan", "fiscal_year", "state"),
    },
    TargetAssessment: {
        Fate.CARRIED: ("target", "alternative", "strategy", "target_basis"),
        Fate.BESIDE: ("qualitative", "self_assessment", "external_factors"),
        Fate.MADE: ("evaluation",),
    },
    Approach: {
        Fate.CARRIED: ("position", "targets", "narrative"),
        Fate.RENAMED: ("result_label",),
        Fate.MADE: ("evaluation",),
    },
    Achievement: {
        Fate.CARRIED: ("position", "level", "heading", "municipality"),
        Fate.BESIDE: ("text",),
        Fate.MADE: ("approach",),
    },
    RegulatoryMeasure: {
        Fate.CARRIED: ("kind", "position", "name", "all_targets", "targets", "ministry"),
        Fate.BESIDE: ("details", "used", "note"),
        Fate.EMPTIED: ("ministry_effect", "ministry_follow_up", "ministry_remarks"),
        Fate.MADE: ("evaluation",),
    },
    NationalSupport: {
        Fate.CARRIED: ("kind", "position", "name", "outline", "municipality"),
        Fate.BESIDE: ("usage",),
        Fate.MADE: ("evaluation",),
    },
    SchemeResult: {
        Fate.CARRIED: ("scheme", "position", "outline", "all_targets", "targets"),
        Fate.BESIDE: ("result",),
        Fate.MADE: ("evaluation",),
    },
    # Made when entry opens (opening.py), for who takes part and what is aimed at then.
    Actual: {
        Fate.BESIDE: ("value",),
        Fate.EMPTIED: ("note",),
        Fate.MADE: ("target", "fiscal_year", "municipality"),
    },
    RegionalText: {
        Fate.BESIDE: ("text",),
        Fate.MADE: ("evaluation", "kind", "position", "municipality"),
    },
    Submission: {
        # 該当なし is an answer about the year.
        Fate.EMPTIED: ("submitted_at", "submitted_by", "no_schemes", "no_national_supports"),
        Fate.MADE: ("evaluation", "municipality", "state"),
    },
    Zone: {
        Fate.STANDS: (
            "slug",
            "kind",
            "name",
            "designated_on",
            "certified_on",
            "last_certified_on",
            "municipalities",
        )
    },
    ZoneMunicipality: {Fate.STANDS: ("zone", "municipality", "position")},
    Plan: {Fate.STANDS: ("zone", "term", "first_year", "last_year", "overview", "goal")},
    Indicator: {Fate.STANDS: ("plan", "number", "name")},
    NumericTarget: {
        Fate.STANDS: (
            "indicator",
            "number",
            "name",
            "unit",
            "nature",
            "total",
            "total_in_man",
            "decimals",
            "weight",
            "formula",
            "baseline",
            "baseline_year",
            "aggregation",
        )
    },
    YearlyTarget: {Fate.STANDS: ("target", "fiscal_year", "value")},
    Scheme: {Fate.STANDS: ("zone", "category", "name", "municipalities")},
    Municipality: {Fate.STANDS: ("code", "name")},
    User: {
        Fate.STANDS: (
            "username",
            "password",
            "name",
            "email",
            "role",
            "municipality",
            "must_change_password",
            "is_active",
            "is_staff",
            "is_superuser",
            "groups",
            "user_permissions",
            "date_joined",
            "last_login",
        )
    },
    StatusChange: {
        Fate.LEFT: (
            "evaluation",
            "submission",
            "move",
            "from_state",
            "to_state",
            "reason",
            "snapshot",
            "changed_at",
            "changed_by",
        )
    },
    Remark: {
        Fate.LEFT: (
            "submission",
            "record",
            "field",
            "text",
            "written_at",
            "written_by",
            "answer",
            "answered_at",
            "answered_by",
        )
    },
    SealedVersion: {
        Fate.LEFT: (
            "evaluation",
            "number",
            "document",
            "sha256",
            "findings",
            "reason",
            "sealed_at",
            "sealed_by",
        )
    },
    # Findings are of the year's words; what is set aside is judged anew.
    Waiver: {
        Fate.LEFT: (
            "evaluation",
            "municipality",
            "check_name",
            "row",
            "field",
            "digest",
            "place",
            "words",
            "why",
            "reason",
            "set_aside_at",
            "set_aside_by",
        )
    },
    Reminder: {Fate.LEFT: ("person", "day", "address", "claimed_at", "sent_at")},
    SealedFile: {Fate.LEFT: ("version", "format", "content", "sha256")},
}

# The plan of a new term as a draft from the one before; what stands otherwise, stands here too.
NEW_TERM: dict[type[Model], Fates] = {
    Plan: {
        Fate.CARRIED: ("zone", "overview", "goal"),
        Fate.MADE: ("term", "first_year", "last_year"),
    },
    Indicator: {Fate.CARRIED: ("number", "name"), Fate.MADE: ("plan",)},
    NumericTarget: {
        Fate.CARRIED: (
            "number",
            "name",
            "unit",
            "nature",
            "total",
            "total_in_man",
            "decimals",
            "weight",
            "formula",
            "baseline",
            "baseline_year",
            "aggregation",
        ),
        Fate.MADE: ("indicator",),
    },
    YearlyTarget: {Fate.EMPTIED: ("value",), Fate.MADE: ("target", "fiscal_year")},
}
