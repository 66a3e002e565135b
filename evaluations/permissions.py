"""Who may see and who may do what. Pages, admin, imports and commands all ask here.

A `why_not_…` returns the sentence that refuses, or "" when it is allowed: the same sentence stands on the
403 page, beside a disabled button and in the admin. Authority follows from the role, the municipality and the
zones that a person is a member of (`Zone.objects.visible_to`).
"""

from collections.abc import Collection, Iterable

from django.db.models import QuerySet
from django.utils.functional import cached_property

from evaluations.models import (
    Evaluation,
    Membership,
    PlanEdition,
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
from tokku.accounts.models import Municipality, Role, User
from tokku.japanese import fiscal_year_name
from tokku.records import Record


def why_not_manage(user: User) -> str:
    """Manage plans, targets and accounts, and review submissions, in some zone: rows are of the person's zones."""
    return "" if user.role == Role.SECRETARIAT else "この操作は、取りまとめ担当だけができます。"


def why_not_administer(user: User) -> str:
    """Keep zones, all accounts and the logs; an administrator neither reads nor writes evaluations."""
    return "" if user.role == Role.ADMINISTRATOR else "この操作は、システム管理者だけができます。"


def why_not_manage_zone(user: User, zone: Zone) -> str:
    """As `why_not_manage`, in this zone: a 取りまとめ is of named zones."""
    if refusal := why_not_manage(user):
        return refusal
    return "" if zone.has_member(user) else f"この操作は、{zone}の取りまとめ担当だけができます。"


def why_not_use_admin(user: User) -> str:
    return "管理画面は、担当者と取りまとめ担当が使います。" if user.role == Role.READER else ""


def why_not_see_content(user: User) -> str:
    """See in the admin what belongs to an evaluation or a plan."""
    if user.role == Role.ADMINISTRATOR:
        return "システム管理者は、計画と評価書の内容を扱いません。"
    return why_not_use_admin(user)


# Zones, municipalities and accounts


def zones_kept_by(user: User) -> QuerySet[Zone]:
    """The zones whose record and accounts a person may see: an administrator all, others their own."""
    return Zone.objects.all() if not why_not_administer(user) else Zone.objects.visible_to(user)


def why_not_keep_zones(user: User) -> str:
    """Keep zones, municipalities and accounts at all: those of the own zones, or all of them."""
    return "" if not why_not_administer(user) else why_not_manage(user)


def why_not_keep_zone(user: User, zone: Zone | None = None) -> str:
    """Change the record of a zone; register or delete one (None)."""
    if not (refusal := why_not_administer(user)):
        return ""
    return why_not_manage_zone(user, zone) if zone else refusal


def municipalities_of(user: User) -> QuerySet[Municipality]:
    """The municipalities that a person sees: those of the zones, an administrator all."""
    if not why_not_administer(user):
        return Municipality.objects.all()
    members = ZoneMunicipality.objects.filter(zone__in=zones_kept_by(user).values("pk"))
    return Municipality.objects.filter(pk__in=members.values("municipality"))


def why_not_keep_municipality(user: User, municipality: Municipality) -> str:
    """Change or delete a municipality. One of several zones, or of their people, is not one 取りまとめ's to rename."""
    if not why_not_administer(user):
        return ""
    if refusal := why_not_manage(user):
        return refusal
    zones = ZoneMunicipality.objects.filter(municipality=municipality)
    if zones.exclude(zone__in=zones_kept_by(user).values("pk")).exists():
        return f"{municipality}は他の特区の作成主体でもあるため、変更はシステム管理者が行います。"
    people = Membership.objects.filter(user__municipality=municipality)
    if people.exclude(zone__in=zones_kept_by(user).values("pk")).exists():
        return f"{municipality}には他の特区を扱う利用者もいるため、変更はシステム管理者が行います。"
    return ""


def accounts_seen_by(user: User) -> QuerySet[User]:
    """The accounts that a person may look up: an administrator all, a 取りまとめ those of its zones."""
    if not why_not_administer(user):
        return User.objects.all()
    if why_not_manage(user):
        return User.objects.none()
    members = Membership.objects.filter(zone__in=zones_kept_by(user).values("pk"))
    return User.objects.filter(pk__in=members.values("user"))


def accounts_kept_by(user: User) -> QuerySet[User]:
    """The stored accounts that a person may change, set the password of, disable or unlock.

    A 取りまとめ keeps accounts that reach no further than its own zones: whoever sets a password has all that
    the account has.
    """
    seen = accounts_seen_by(user)
    if not why_not_administer(user):
        return seen
    elsewhere = Membership.objects.exclude(zone__in=zones_kept_by(user).values("pk"))
    return (
        seen.exclude(pk__in=elsewhere.values("user"))
        .exclude(role=Role.ADMINISTRATOR)
        .exclude(role=Role.READER, municipality=None)
    )


def why_not_keep_account(user: User, account: User) -> str:
    """As `accounts_kept_by`, whatever has been typed for the account meanwhile."""
    if accounts_kept_by(user).filter(pk=account.pk).exists():
        return ""
    return (
        why_not_keep_zones(user)
        or f"{account}は他の特区も扱うため、変更はシステム管理者が行います。"
    )


def why_not_give(user: User, account: User, zones: Collection[Zone]) -> Iterable[tuple[str, str]]:
    """Give an account the role and municipality that it has in memory, and these zones.

    Each is the name of the field at fault and the sentence.
    """
    is_administrator = not why_not_administer(user)
    if account.role == Role.ADMINISTRATOR:
        if not is_administrator:
            yield "role", "システム管理者は、システム管理者だけが登録できます。"
        elif zones:
            yield "zones", "システム管理者は評価書の内容を扱わないため、特区は選べません。"
        return
    if not is_administrator:
        if {zone.pk for zone in zones} - set(zones_kept_by(user).values_list("pk", flat=True)):
            yield "zones", "担当する特区は、あなたの特区から選んでください。"
        if not zones:
            yield "zones", "担当する特区を選んでください。"
        if account.role == Role.READER and not account.municipality_id:
            yield (
                "municipality",
                "所属自治体のない閲覧者は全ての特区を見られるため、システム管理者だけが登録できます。",
            )
        if account.municipality_id and not (
            municipalities_of(user).filter(pk=account.municipality_id).exists()
        ):
            yield "municipality", "所属自治体は、あなたの特区の作成主体から選んでください。"
    if account.role == Role.OFFICIAL and account.municipality_id:
        authors = ZoneMunicipality.objects.filter(municipality=account.municipality_id)
        of_author = set(authors.values_list("zone", flat=True))
        for zone in zones:
            if zone.pk not in of_author:
                yield "zones", f"{account.municipality}は、{zone}の作成主体ではありません。"


class Access:
    """What one person may see and edit in one evaluation. Each answer is queried once and kept.

    `with_last_year` loads the rows of the year before together with the year's, in the same queries.
    """

    def __init__(self, user: User, evaluation: Evaluation, *, with_last_year: bool = False) -> None:
        self.user = user
        self.evaluation = evaluation
        self.with_last_year = with_last_year

    @cached_property
    def year(self) -> YearRows:
        """All stored rows of the year, without regard to who may see them."""
        if self.with_last_year and self.last_year:
            years = rows_of_years([self.evaluation, self.last_year.evaluation])
            self.last_year.year = years[self.last_year.evaluation.pk]
            return years[self.evaluation.pk]
        return rows_of_year(self.evaluation)

    @cached_property
    def last_year(self) -> "Access | None":
        """The person's access to the zone's evaluation of the year before; None without one."""
        evaluation = self.evaluation.last_year
        return Access(self.user, evaluation) if evaluation else None

    @cached_property
    def authors(self) -> frozenset[int]:
        """The municipalities (作成主体) that may own rows of the evaluation."""
        return frozenset(self.evaluation.authors.order_by().values_list("pk", flat=True))

    @cached_property
    def _is_of_zone(self) -> bool:
        """Whether the person works for the zone. A User without an account stands for anybody of that role."""
        return not self.user.pk or self.evaluation.zone.has_member(self.user)

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
        """Municipality and year of the actuals that this person does not see.

        Earlier years are included: the form prints them too, and one of them may be open again.
        """
        if self.user.role == Role.SECRETARIAT:
            return frozenset()
        of_this_year = {(municipality, self.evaluation.fiscal_year) for municipality in self.hidden}
        earlier = list(
            Evaluation.objects.filter(
                edition__plan=self.evaluation.plan.pk,
                fiscal_year__lt=self.evaluation.fiscal_year,
                state=EvaluationState.OPEN,
            ).select_related("zone")
        )
        if not earlier:
            return frozenset(of_this_year)
        handed_in = set(
            Submission.objects.filter(evaluation__in=earlier)
            .exclude(state__in=UNFINISHED)
            .values_list("municipality", "evaluation__fiscal_year")
        )
        return frozenset(
            of_this_year
            | {
                (municipality, evaluation.fiscal_year)
                for evaluation in earlier
                # Also of those that have left since.
                for municipality in self.authors.union(
                    evaluation.authors.order_by().values_list("pk", flat=True)
                )
                if municipality != self.user.municipality_id
                and (municipality, evaluation.fiscal_year) not in handed_in
            }
        )

    def why_not_edit(self, owners: Collection[int]) -> str:
        """Edit a row of these municipalities, any of which may; without any it is the zone's as a whole."""
        if closed := why_closed(self.evaluation):
            return closed
        if not self._is_of_zone:
            return f"{self.evaluation.zone}の評価書は、この特区の担当の人だけが入力します。"
        if self.user.role == Role.SECRETARIAT:
            return ""
        if self.user.role != Role.OFFICIAL:
            return "閲覧者は、入力できません。"
        if self.evaluation.state == EvaluationState.PREPARING:
            return "入力の開始前です。取りまとめ担当が入力を開始すると、入力できます。"
        if not owners:
            return "特区全体に関わる欄は、取りまとめ担当が入力します。"
        if self.user.municipality_id not in owners:
            return "他の作成主体の欄は、その作成主体の担当者が入力します。"
        if self._states.get(self.user.municipality_id) not in UNFINISHED:
            return "提出した内容は、差し戻されるまで変更できません。"
        return ""

    def why_not_share(self, old_owners: Collection[int], new_owners: Collection[int]) -> str:
        """Change the owners of a row: an official takes none away, and adds none that has handed in."""
        if not self.is_official:
            return ""
        if {*old_owners} - {*new_owners}:
            return "ほかの作成主体を外すことは、取りまとめ担当だけができます。"
        # An official sees other municipalities once they have handed in.
        handed_in = self.authors - self.hidden - {self.user.municipality_id}
        if ({*new_owners} - {*old_owners}) & handed_in:
            return "既に提出した作成主体は、加えられません。"
        return ""

    @property
    def why_not_enter(self) -> str:
        """Why this person fills in nothing at all: an official no own rows, the secretariat none of the zone."""
        return self.why_not_edit([self.user.municipality_id] if self.is_official else ())

    @cached_property
    def hidden_authors(self) -> list[Municipality]:
        return [author for author in self.year.authors if author.pk in self.hidden]

    @property
    def is_official(self) -> bool:
        return self.user.role == Role.OFFICIAL

    def why_not_edit_row(self, row: Record) -> str:
        """As `why_not_edit` for the owners of the row."""
        return self.why_not_edit(row.owner_ids)


def why_closed(evaluation: Evaluation) -> str:
    """Why an evaluation is closed to everybody: it is sealed, until it is opened again."""
    if evaluation.state not in SEALED:
        return ""
    year, state = fiscal_year_name(evaluation.fiscal_year), evaluation.get_state_display()
    return (
        f"{year}の評価書は{state}のため、変更できません。変更するには、取りまとめ担当が再開します。"
    )


def free_year(edition: PlanEdition) -> int | None:
    """The first year from which a new edition can say anything else; None while this one may be changed itself.

    It stays as it is once a sealed evaluation goes by it, or those of several years do.
    """
    years = {
        evaluation.fiscal_year: evaluation.state for evaluation in edition.evaluation_set.all()
    }
    if sealed := [year for year, state in years.items() if state in SEALED]:
        return max(sealed) + 1
    return max(years) if len(years) > 1 else None


def why_edition_closed(edition: PlanEdition) -> str:
    if (year := free_year(edition)) is None:
        return ""
    return (
        f"この版は、{fiscal_year_name(year - 1)}までの評価書に記載しているため、変更できません。"
        f"{fiscal_year_name(year)}から変わることは、{fiscal_year_name(year)}からの版を作成して入力します。"
    )


def why_not_move(user: User, subject: Evaluation | Submission, name: str) -> str:
    """Carry out a move of the subject, as far as role and state decide."""
    return _why_not_side(user, subject, subject.moves[name]) or why_not_now(subject, name)


def why_not_now(subject: Evaluation | Submission, name: str) -> str:
    """As `why_not_move`, whoever it is: the move does not lead on from the present state."""
    move = subject.moves[name]
    if isinstance(subject, Submission) and subject.evaluation.state != EvaluationState.OPEN:
        return f"評価書が{subject.evaluation.get_state_display()}のため、「{move.label}」ことはできません。"
    if subject.state not in move.sources:
        return f"状態が「{subject.get_state_display()}」のため、「{move.label}」ことはできません。"
    return ""


def _why_not_side(user: User, subject: Evaluation | Submission, move: Move) -> str:
    evaluation = subject.evaluation if isinstance(subject, Submission) else subject
    if move.side is Side.SECRETARIAT:
        return why_not_manage_zone(user, evaluation.zone)
    is_own = user.role == Role.OFFICIAL and user.municipality_id == subject.municipality_id
    if not is_own or not evaluation.zone.has_member(user):
        return f"「{move.label}」ことができるのは、{subject.municipality}の担当者だけです。"
    return ""


def why_not_remark(user: User, submission: Submission) -> str:
    """Leave a remark. Only while the evaluation is open, since remarks are to be answered."""
    evaluation = submission.evaluation
    if refusal := why_not_manage_zone(user, evaluation.zone):
        return refusal
    if evaluation.state != EvaluationState.OPEN:
        return f"評価書が{evaluation.get_state_display()}のため、指摘を書くことはできません。"
    return ""


def why_not_answer(access: Access, remark: Remark) -> str:
    """Answer a remark: an official of its municipality may, once, before handing in again."""
    municipality = remark.submission.municipality
    if access.user.role != Role.OFFICIAL or access.user.municipality_id != municipality.pk:
        return f"回答できるのは、{municipality}の担当者だけです。"
    if not remark.is_open:
        return "この指摘には、既に回答しています。"
    return access.why_not_edit({municipality.pk})


def may_read_reason(user: User, change: StatusChange) -> bool:
    """Only the municipality itself and the secretariat read why its work was returned, as with remarks."""
    if user.role == Role.SECRETARIAT or not change.submission_id:
        return True
    return user.role == Role.OFFICIAL and change.submission.municipality_id == user.municipality_id


def why_not_read_versions(user: User, owners_of_versions: Iterable[frozenset[int]]) -> str:
    """Read versions of a row with these owners: drafts of another municipality stay hidden, also after the row changed owner."""
    if user.role == Role.SECRETARIAT or all(
        not owners or user.municipality_id in owners for owners in owners_of_versions
    ):
        return ""
    return "他の作成主体の行の履歴は、その作成主体の担当者と取りまとめ担当だけが見られます。"


def why_not_read_author(user: User, owners: frozenset[int]) -> str:
    """Read who entered a figure and when: people who fill in may, as far as they may read its history."""
    if user.role == Role.READER:
        return "入力した人と日時は、担当者と取りまとめ担当に表示します。"
    return why_not_read_versions(user, [owners])


def why_not_read_findings(user: User, evaluation: Evaluation) -> str:
    """Read findings: a reader only once the evaluation is sealed and they are on record."""
    if user.role != Role.READER or evaluation.state in SEALED:
        return ""
    return "点検の結果は、評価書が確定した後に表示します。確定するまでは、担当者と取りまとめ担当が使います。"


def why_not_waive(access: Access, owners: Collection[int]) -> str:
    """Set aside a finding: whoever may edit its row may; for the zone as a whole, the secretariat."""
    return access.why_not_edit(owners)


def why_not_enter_result(user: User, evaluation: Evaluation) -> str:
    """Enter the score and remarks that come back for a sealed evaluation."""
    if refusal := why_not_manage_zone(user, evaluation.zone):
        return refusal
    if evaluation.state not in SEALED:
        return f"評価書が{evaluation.get_state_display()}のため、評価結果は入力できません。確定した後に入力します。"
    return ""
