"""Who may see and who may do what. Pages, admin, imports and commands all ask here.

A `why_not_…` returns the sentence that refuses, or "" when it is allowed: the same sentence stands on the
403 page, beside a disabled button and in the admin. Authority follows from the role and municipality alone.
"""

from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet
from django.utils.functional import cached_property

from evaluations.models import (
    Evaluation,
    Remark,
    StatusChange,
    Submission,
    Zone,
    ZoneMunicipality,
)
from evaluations.workflow import (
    SEALED,
    UNFINISHED,
    EvaluationState,
    Move,
    Side,
    SubmissionState,
)
from evaluations.years.rows import YearRows, rows_of_year, rows_of_years
from supports.models import Scheme
from tokku.accounts.models import Municipality, Role, User
from tokku.japanese import fiscal_year_name
from tokku.records import Record


def why_not_manage(user: User) -> str:
    """Zones, plans, targets, municipalities, accounts, and the review of what came in."""
    return "" if user.role == Role.SECRETARIAT else "この操作は、取りまとめ担当だけができます。"


def why_not_open_year(user: User, zone: Zone) -> str:
    """To make the next year's evaluation of a zone."""
    if refusal := why_not_manage(user):
        return refusal
    if not Zone.objects.visible_to(user).filter(pk=zone.pk).exists():
        return f"{zone}の評価書を用意できるのは、その作成主体の取りまとめ担当だけです。"
    return ""


def why_not_use_admin(user: User) -> str:
    return "管理画面は、担当者と取りまとめ担当が使います。" if user.role == Role.READER else ""


# Accounts, and the municipalities that they are of


def is_site_wide(user: User) -> bool:
    """Whether a 取りまとめ keeps all zones; with a municipality it keeps the zones of that one."""
    return not why_not_manage(user) and not user.municipality_id


def why_not_register(user: User) -> str:
    if is_site_wide(user):
        return ""
    return "自治体の登録は、所属自治体の指定のない取りまとめ担当だけができます。"


def municipalities_of(user: User) -> QuerySet[Municipality]:
    """The municipalities that make up the zones that a person sees."""
    members = ZoneMunicipality.objects.filter(zone__in=_zones_of(user))
    return Municipality.objects.filter(pk__in=members.values("municipality"))


def municipalities_of_accounts(user: User, role: str) -> QuerySet[Municipality]:
    """Of which municipalities a 取りまとめ with one of its own keeps the accounts of a role.

    An official reaches the rows of their municipality. All others reach every zone that it is part of: of
    another's zone the 取りまとめ would gain the whole by setting a password or giving a role.
    """
    own = municipalities_of(user)
    if role == Role.OFFICIAL:
        return own
    elsewhere = ZoneMunicipality.objects.exclude(zone__in=_zones_of(user))
    return own.exclude(pk__in=elsewhere.values("municipality"))


def _zones_of(user: User) -> QuerySet:
    return Zone.objects.visible_to(user).values("pk")


def accounts_kept_by(user: User) -> QuerySet[User]:
    """The accounts that a 取りまとめ sees and changes, and whose passwords it sets."""
    if is_site_wide(user):
        return User.objects.all()
    if why_not_manage(user):
        return User.objects.none()
    kept = Q()
    for role in Role:
        municipalities = municipalities_of_accounts(user, role)
        kept |= Q(role=role, municipality__in=municipalities.values("pk"))
    return User.objects.filter(kept)


def why_not_keep_account(user: User, account: User) -> str:
    """An account, stored or not, with the role and municipality that it is to have."""
    if is_site_wide(user):
        return ""
    if refusal := why_not_manage(user):
        return refusal
    municipality = account.municipality
    if municipality is None:
        return "所属自治体の指定のない利用者は、所属自治体の指定のない取りまとめ担当だけが登録できます。"
    if municipalities_of_accounts(user, account.role).filter(pk=municipality.pk).exists():
        return ""
    return (
        f"{municipality}の{account.get_role_display()}は、あなたの特区以外の特区も見られるため、"
        "所属自治体の指定のない取りまとめ担当だけが登録できます。"
    )


class Access:
    """What one person may see and edit in one evaluation. Asks the database once.

    `beside_last_year` loads the rows of the year before together with the year's, for who looks at both.
    """

    def __init__(self, user: User, evaluation: Evaluation, *, with_last_year: bool = False) -> None:
        self.user = user
        self.evaluation = evaluation
        self.with_last_year = with_last_year

    @cached_property
    def year(self) -> YearRows:
        """Everything that is stored of the year, whoever may see it."""
        if self.with_last_year and self.last_year:
            years = rows_of_years([self.evaluation, self.last_year.evaluation])
            self.last_year.year = years[self.last_year.evaluation.pk]
            return years[self.evaluation.pk]
        return rows_of_year(self.evaluation)

    @cached_property
    def last_year(self) -> "Access | None":
        """What the person may see of the zone's evaluation of the year before, where there is one."""
        last = self.evaluation.last_year
        return Access(self.user, last) if last else None

    @cached_property
    def authors(self) -> frozenset[int]:
        """The municipalities (作成主体) that a row of the evaluation can be of."""
        members = ZoneMunicipality.objects.filter(zone=self.evaluation.zone_id)
        return frozenset(members.values_list("municipality", flat=True))

    @cached_property
    def _states(self) -> dict[int, str]:
        """The state of each author's submission, by municipality; a draft where there is none yet."""
        states = dict.fromkeys(self.authors, SubmissionState.DRAFT)
        return states | dict(self.evaluation.submission_set.values_list("municipality_id", "state"))

    @cached_property
    def hidden(self) -> frozenset[int]:
        """The municipalities whose unfinished work this person does not see, only its state."""
        if self.user.role == Role.SECRETARIAT or self.evaluation.state in SEALED:
            return frozenset()
        return frozenset(
            municipality
            for municipality, state in self._states.items()
            if state in UNFINISHED and municipality != self.user.municipality_id
        )

    @cached_property
    def hidden_actuals(self) -> frozenset[tuple[int, int]]:
        """Municipality and year of the actuals that this person does not see, also of earlier years.

        A form prints the years before too, and one of them may be unfinished as well.
        """
        if self.user.role == Role.SECRETARIAT:
            return frozenset()
        own = {(municipality, self.evaluation.fiscal_year) for municipality in self.hidden}
        earlier = list(
            Evaluation.objects.filter(
                plan=self.evaluation.plan_id,
                fiscal_year__lt=self.evaluation.fiscal_year,
                state=EvaluationState.OPEN,
            )
        )
        if not earlier:
            return frozenset(own)
        handed_in = set(
            Submission.objects.filter(evaluation__in=earlier)
            .exclude(state__in=UNFINISHED)
            .values_list("municipality", "evaluation__fiscal_year")
        )
        return frozenset(
            own
            | {
                (municipality, one.fiscal_year)
                for one in earlier
                for municipality in self.authors
                if municipality != self.user.municipality_id
                and (municipality, one.fiscal_year) not in handed_in
            }
        )

    def why_not_edit(self, owners: Collection[int]) -> str:
        """For a row of these municipalities, any of which may edit; of the zone as a whole when empty."""
        if closed := why_closed(self.evaluation):
            return closed
        if self.user.role == Role.SECRETARIAT:
            return ""
        if self.user.role != Role.OFFICIAL:
            return "閲覧者は、入力できません。"
        if self.evaluation.state == EvaluationState.PREPARING:
            return "入力の開始前です。取りまとめ担当が入力を開始すると、入力できます。"
        if not owners:
            return "特区全体に関わる欄は、取りまとめ担当が入力します。"
        if self.user.municipality_id not in owners:
            return "他の自治体の欄は、その自治体の担当者が入力します。"
        if self._states.get(self.user.municipality_id) not in UNFINISHED:
            return "提出した内容は、差し戻されるまで変更できません。"
        return ""

    @property
    def why_not_enter(self) -> str:
        """Why this person fills in nothing at all: neither own rows nor, for the secretariat, the zone's."""
        return self.why_not_edit([self.user.municipality_id] if self.is_official else ())

    @cached_property
    def hidden_authors(self) -> list[Municipality]:
        return [author for author in self.year.authors if author.pk in self.hidden]

    @property
    def is_official(self) -> bool:
        return self.user.role == Role.OFFICIAL

    def why_not_edit_row(self, row: Record) -> str:
        """As `why_not_edit`; a scheme is the zone's for all years, so its newest evaluation decides."""
        if isinstance(row, Scheme) and not self._is_newest:
            return "この事業は次の年度の評価書でも使われています。名称と区分は、その年度の画面で変更します。"
        return self.why_not_edit(row.owner_ids)

    @cached_property
    def _is_newest(self) -> bool:
        return self.evaluation.is_newest


def why_closed(evaluation: Evaluation) -> str:
    """Nobody changes a sealed evaluation, by whatever way, until it is opened again."""
    if evaluation.state not in SEALED:
        return ""
    year, state = fiscal_year_name(evaluation.fiscal_year), evaluation.get_state_display()
    return (
        f"{year}の評価書は{state}のため、変更できません。変更するには、取りまとめ担当が再開します。"
    )


def why_not_move(user: User, subject: Evaluation | Submission, name: str) -> str:
    """For one of the subject's moves, as far as role and state go."""
    move = subject.moves[name]
    if refusal := _why_not_side(user, subject, move):
        return refusal
    if isinstance(subject, Submission) and subject.evaluation.state != EvaluationState.OPEN:
        return f"評価書が{subject.evaluation.get_state_display()}のため、「{move.label}」ことはできません。"
    if subject.state not in move.sources:
        return f"状態が「{subject.get_state_display()}」のため、「{move.label}」ことはできません。"
    return ""


def _why_not_side(user: User, subject: Evaluation | Submission, move: Move) -> str:
    if move.side is Side.SECRETARIAT:
        return why_not_manage(user)
    if user.role != Role.OFFICIAL or user.municipality_id != subject.municipality_id:
        return f"「{move.label}」ことができるのは、{subject.municipality}の担当者だけです。"
    return ""


def why_not_remark(user: User, submission: Submission) -> str:
    """Remarks are for answering, which is possible as long as the evaluation is open."""
    if refusal := why_not_manage(user):
        return refusal
    evaluation = submission.evaluation
    if evaluation.state != EvaluationState.OPEN:
        return f"評価書が{evaluation.get_state_display()}のため、指摘を書くことはできません。"
    return ""


def why_not_answer(access: Access, remark: Remark) -> str:
    """The official whose items it is about answers a remark, once, before handing in again."""
    municipality = remark.submission.municipality
    if access.user.role != Role.OFFICIAL or access.user.municipality_id != municipality.pk:
        return f"回答できるのは、{municipality}の担当者だけです。"
    if not remark.is_open:
        return "この指摘には、既に回答しています。"
    return access.why_not_edit({municipality.pk})


def may_read_reason(user: User, change: StatusChange) -> bool:
    """Why a municipality's work was returned is told to itself and the secretariat, like remarks."""
    if user.role == Role.SECRETARIAT or not change.submission_id:
        return True
    return user.role == Role.OFFICIAL and change.submission.municipality_id == user.municipality_id


def why_not_read_versions(user: User, owners_of_versions: Iterable[frozenset[int]]) -> str:
    """What another municipality wrote before it handed in stays its own, also when the row has changed hands."""
    if user.role == Role.SECRETARIAT or all(
        not owners or user.municipality_id in owners for owners in owners_of_versions
    ):
        return ""
    return "他の自治体の行の履歴は、その自治体の担当者と取りまとめ担当だけが見られます。"


def why_not_read_author(user: User, owners: frozenset[int]) -> str:
    """Who entered a figure and when: for those who fill in, as far as they read the history of its row."""
    if user.role == Role.READER:
        return "入力した人と日時は、担当者と取りまとめ担当に表示します。"
    return why_not_read_versions(user, [owners])


def why_not_read_findings(user: User, evaluation: Evaluation) -> str:
    """Findings are for those who mend them, and are on record once the evaluation is sealed."""
    if user.role != Role.READER or evaluation.state in SEALED:
        return ""
    return "点検の結果は、評価書が確定した後に表示します。確定するまでは、担当者と取りまとめ担当が使います。"


def why_not_waive(access: Access, owners: Collection[int]) -> str:
    """A finding in a row is set aside by those who may edit the row, one on the whole zone by the secretariat.

    It is set aside in this year's evaluation, also where a later one decides on the name of a scheme.
    """
    return access.why_not_edit(owners)


def why_not_enter_result(user: User, evaluation: Evaluation) -> str:
    """The score and remarks that come back, although everything else is closed by then."""
    if refusal := why_not_manage(user):
        return refusal
    if evaluation.state not in SEALED:
        return f"評価書が{evaluation.get_state_display()}のため、評価結果は入力できません。確定した後に入力します。"
    return ""
