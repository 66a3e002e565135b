"""The tasks of a person on home, from the state of each year. No queries.

An official has one task a year, the next step; the secretariat one for each thing that waits for it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from evaluations.addresses import page_address
from evaluations.models import Evaluation, StatusChange, Zone
from evaluations.notices.years_at_hand import YearAtHand, ZoneYears
from evaluations.review.hand_in_progress import HandInProgress
from evaluations.workflow import EVALUATION_MOVES, SEALED, EvaluationState, SubmissionState
from tokku.accounts.models import Role, User
from tokku.japanese import era_time, fiscal_year_name


@dataclass(frozen=True)
class Task:
    """`button_text` is that of the button to `url`; `reason` the move that returned the submission, with its reason."""

    zone: Zone | None
    title: str
    button_text: str
    url: str
    why: str = ""
    deadline: date | None = None
    reason: StatusChange | None = None


def tasks_of(user: User, zones: Iterable[ZoneYears]) -> list[Task]:
    """The most urgent first; what has no deadline comes last."""
    tasks_by_role = {Role.OFFICIAL: _of_official, Role.SECRETARIAT: _of_secretariat}
    tasks_of_zone = tasks_by_role.get(user.role, lambda zone: ())
    tasks = [task for zone in zones for task in tasks_of_zone(zone)]
    return sorted(tasks, key=lambda task: (task.deadline is None, task.deadline or date.max))


def _of_official(zone: ZoneYears) -> Iterator[Task]:
    for year in zone.years:
        if year.is_open and year.own_progress.has_to_enter:
            yield _next_step(zone.zone, year)


def _next_step(zone: Zone, year: YearAtHand) -> Task:
    own, evaluation = year.own_progress, year.evaluation
    name = fiscal_year_name(evaluation.fiscal_year)
    missing_text = (
        f"必須の欄が、あと{own.amount.missing}件残っています。" if own.amount.missing else ""
    )
    is_returned = own.state == SubmissionState.RETURNED
    if own.open_remarks:
        title = (
            f"{name}の評価書が差し戻されました"
            if is_returned
            else f"{name}の評価書に指摘があります"
        )
        button_text = "差戻しの指摘に答える" if is_returned else "指摘に答える"
        url = page_address(evaluation, "entry-next") + "?walk=remarks"
        why = f"回答していない指摘が{own.open_remarks}件あります。{missing_text}"
    elif is_returned:
        title, button_text = f"{name}の評価書が差し戻されました", "理由を確かめて直す"
        url, why = (
            page_address(evaluation, "entry"),
            missing_text or "直し終えたら、改めて提出してください。",
        )
    elif own.has_not_begun:
        title, button_text = f"{name}の評価書の入力を始めてください", "入力を始める"
        carried = (
            "前年度から引き継いだ内容は、入力済みに数えています。" if own.amount.filled else ""
        )
        first = "entry-next" if missing_text else "entry"
        url, why = page_address(evaluation, first), missing_text + carried
    elif missing_text:
        title, button_text = f"{name}の評価書の入力を続けてください", "続きを入力する"
        url, why = page_address(evaluation, "entry-next"), missing_text
    else:
        title, button_text = f"{name}の評価書を提出してください", "確かめて提出する"
        url, why = page_address(evaluation, "entry") + "#hand-in", "必須の欄は、全て入力済みです。"
    return Task(zone, title, button_text, url, why, evaluation.deadline, year.last_return)


def _of_secretariat(zone: ZoneYears) -> Iterator[Task]:
    for year in zone.years:
        match year.evaluation.state:
            case EvaluationState.PREPARING:
                yield _start(zone.zone, year.evaluation)
            case EvaluationState.OPEN:
                yield from _of_open_year(zone.zone, year)
            case EvaluationState.FINAL:
                yield _send(zone.zone, year.evaluation)
    for evaluation in zone.evaluations:
        if evaluation.state == EvaluationState.SENT and evaluation.score is None:
            name = fiscal_year_name(evaluation.fiscal_year)
            yield Task(
                zone.zone,
                f"{name}の評価結果が返ってきたら入力してください",
                "評価結果を入力する",
                page_address(evaluation, "result"),
                "評価点と専門家所見は、翌年度の評価書の本文2④に記載します。",
            )
    yield from _next_year(zone)


def _start(zone: Zone, evaluation: Evaluation) -> Task:
    return Task(
        zone,
        f"{fiscal_year_name(evaluation.fiscal_year)}の評価書の入力を開始してください",
        EVALUATION_MOVES["open"].label,
        page_address(evaluation, "review") + "#moves",
        "準備中です。開始すると、担当者が入力できるようになります。",
        evaluation.deadline,
    )


def _of_open_year(zone: Zone, year: YearAtHand) -> Iterator[Task]:
    evaluation = year.evaluation
    name = fiscal_year_name(evaluation.fiscal_year)
    for author in year.authors:
        if author.state == SubmissionState.SUBMITTED:
            handed_in = timezone.localtime(author.submission.submitted_at)
            yield Task(
                zone,
                f"{name}：{author.municipality}の提出を審査してください",
                f"{author.municipality}を審査する",
                page_address(evaluation, "review-municipality", author.municipality.slug),
                f"{era_time(handed_in)}に提出されました。",
                evaluation.deadline,
            )
    late = [author for author in year.authors if author.has_to_enter]
    if late and evaluation.deadline and evaluation.deadline < timezone.localdate():
        yield Task(
            zone,
            f"{name}：{_names(late)}の提出を確かめてください",
            "提出の状況を見る",
            page_address(evaluation, "review"),
            "提出期限を過ぎましたが、まだ提出されていません。",
            evaluation.deadline,
        )
    if missing := year.zone_progress.amount.missing:
        yield Task(
            zone,
            f"{name}：特区全体に関わる欄を入力してください",
            "特区全体の欄を入力する",
            page_address(evaluation, "entry-texts"),
            f"必須の欄が、あと{missing}件残っています。",
            evaluation.deadline,
        )
    elif all(author.state == SubmissionState.APPROVED for author in year.authors):
        yield Task(
            zone,
            f"{name}の評価書を確定してください",
            EVALUATION_MOVES["seal"].label,
            page_address(evaluation, "review") + "#moves",
            "全ての作成主体の提出を承認し、必須の欄は全て入力済みです。",
            evaluation.deadline,
        )


def _send(zone: Zone, evaluation: Evaluation) -> Task:
    return Task(
        zone,
        f"{fiscal_year_name(evaluation.fiscal_year)}の評価書を内閣府へ提出してください",
        EVALUATION_MOVES["send"].label,
        page_address(evaluation, "review") + "#moves",
        "確定しました。提出した後に、提出した日を記録します。",
        evaluation.deadline,
    )


def _next_year(zone: ZoneYears) -> Iterator[Task]:
    if zone.evaluations and zone.evaluations[0].state in SEALED:
        newest = zone.evaluations[0].fiscal_year
        yield Task(
            zone.zone,
            f"{fiscal_year_name(newest + 1)}の評価書を用意してください",
            f"{fiscal_year_name(newest + 1)}の評価書を用意する",
            reverse("evaluations:open-year", args=[zone.zone.slug, newest + 1]),
            f"{fiscal_year_name(newest)}の内容を引き継いで作ります。",
        )


def _names(authors: Iterable[HandInProgress]) -> str:
    return "、".join(str(author.municipality) for author in authors)
