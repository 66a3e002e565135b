"""What no document says: hand-in and review, sealed versions, mails, and the people and bodies that take part."""

from evaluations.catalogue.structure import Excuse, Fate, Field, Kind, not_entered

# 該当なし is an answer about the year.
SUBMISSION = Kind(
    model="evaluations.submission",
    page="supports",
    evaluation="evaluation",
    fields=(
        *not_entered(Fate.MADE, "evaluation municipality state"),
        *not_entered(Fate.EMPTIED, "submitted_at submitted_by"),
        Field(
            name="no_schemes",
            next_year=Fate.EMPTIED,
            is_entered=True,
            is_required=True,
            excuses=(Excuse.HAS_SCHEMES,),
            code="支援措置",
        ),
        Field(
            name="no_national_supports",
            next_year=Fate.EMPTIED,
            is_entered=True,
            is_required=True,
            excuses=(Excuse.HAS_NATIONAL_SUPPORTS,),
            code="国の支援",
        ),
    ),
)
STATUS_CHANGE = Kind(
    model="evaluations.statuschange",
    fields=not_entered(
        Fate.LEFT,
        "evaluation submission move from_state to_state reason snapshot changed_at changed_by",
    ),
)
REMARK = Kind(
    model="evaluations.remark",
    fields=not_entered(
        Fate.LEFT,
        "submission record field text written_at written_by answer answered_at answered_by",
    ),
)
SEALED_VERSION = Kind(
    model="evaluations.sealedversion",
    fields=not_entered(
        Fate.LEFT,
        "evaluation number document sha256 contents contents_sha256 findings reason sealed_at sealed_by",
    ),
)
SEALED_FILE = Kind(
    model="evaluations.sealedfile",
    fields=not_entered(Fate.LEFT, "version format content sha256"),
)
# Findings are of the year's words; what is set aside is judged anew.
WAIVER = Kind(
    model="evaluations.waiver",
    fields=not_entered(
        Fate.LEFT,
        "evaluation municipality check_name row field digest place words why reason"
        " set_aside_at set_aside_by",
    ),
)
REMINDER = Kind(
    model="evaluations.reminder",
    fields=not_entered(Fate.LEFT, "person day address claimed_at sent_at"),
)
MUNICIPALITY = Kind(model="accounts.municipality", fields=not_entered(Fate.STANDS, "code name"))
USER = Kind(
    model="accounts.user",
    fields=not_entered(
        Fate.STANDS,
        "username password name email role municipality must_change_password is_active"
        " is_staff is_superuser groups user_permissions date_joined last_login",
    ),
)
# What nobody fills in.
OTHERS = (MUNICIPALITY, USER, STATUS_CHANGE, REMARK, SEALED_VERSION, WAIVER, REMINDER, SEALED_FILE)
