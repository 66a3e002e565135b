"""Kinds of rows that no document prints: hand-in and review, sealed versions, mails, people and municipalities."""

from evaluations.catalogue.structure import Carryover, Excuse, Field, RowKind, not_entered

# 該当なし is an answer about the year, so it is not carried over.
SUBMISSION = RowKind(
    model="evaluations.submission",
    page="supports",
    evaluation="evaluation",
    fields=(
        *not_entered(Carryover.MADE, "evaluation municipality state"),
        *not_entered(Carryover.EMPTIED, "submitted_at submitted_by"),
        Field(
            name="no_schemes",
            next_year=Carryover.EMPTIED,
            is_entered=True,
            is_required=True,
            excuses=(Excuse.HAS_SCHEMES,),
            code="支援措置",
        ),
        Field(
            name="no_national_supports",
            next_year=Carryover.EMPTIED,
            is_entered=True,
            is_required=True,
            excuses=(Excuse.HAS_NATIONAL_SUPPORTS,),
            code="国の支援",
        ),
    ),
)
# Parts of the result that came back for the year. No form prints them.
RESULT_PART = RowKind(
    model="evaluations.resultpart",
    named_by="name",
    evaluation="evaluation",
    fields=not_entered(Carryover.LEFT, "evaluation position name score weight"),
)
STATUS_CHANGE = RowKind(
    model="evaluations.statuschange",
    fields=not_entered(
        Carryover.LEFT,
        "evaluation submission move from_state to_state reason snapshot changed_at changed_by",
    ),
)
REMARK = RowKind(
    model="evaluations.remark",
    fields=not_entered(
        Carryover.LEFT,
        "submission record field text written_at written_by answer answered_at answered_by",
    ),
)
SEALED_VERSION = RowKind(
    model="evaluations.sealedversion",
    fields=not_entered(
        Carryover.LEFT,
        "evaluation number document sha256 contents contents_sha256 findings reason sealed_at sealed_by",
    ),
)
SEALED_FILE = RowKind(
    model="evaluations.sealedfile",
    fields=not_entered(Carryover.LEFT, "version format content sha256"),
)
# Findings are about the year's texts, so they are judged anew each year.
WAIVER = RowKind(
    model="evaluations.waiver",
    fields=not_entered(
        Carryover.LEFT,
        "evaluation municipality check_name row field digest place words why reason"
        " set_aside_at set_aside_by",
    ),
)
REMINDER = RowKind(
    model="evaluations.reminder",
    fields=not_entered(Carryover.LEFT, "person day address claimed_at sent_at"),
)
# One person's own, until it is saved.
DRAFT = RowKind(
    model="evaluations.draft",
    fields=not_entered(Carryover.LEFT, "user evaluation row data typed_at"),
)
MUNICIPALITY = RowKind(
    model="accounts.municipality", fields=not_entered(Carryover.STANDS, "kind code name label")
)
USER = RowKind(
    model="accounts.user",
    fields=not_entered(
        Carryover.STANDS,
        "username password name email role municipality must_change_password invited_at former_names is_active"
        " is_staff is_superuser groups user_permissions date_joined last_login",
    ),
)
MEMBERSHIP = RowKind(
    model="evaluations.membership", fields=not_entered(Carryover.STANDS, "zone user")
)
# Kinds that nobody fills in on entry pages.
OTHERS = (
    MUNICIPALITY,
    USER,
    MEMBERSHIP,
    RESULT_PART,
    STATUS_CHANGE,
    REMARK,
    SEALED_VERSION,
    WAIVER,
    REMINDER,
    SEALED_FILE,
    DRAFT,
)
