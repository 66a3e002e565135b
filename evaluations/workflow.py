"""The process as data: the states, the moves between them, and which side makes each.

Refusals are in `permissions.py`; `moves.py` carries a move out.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from django.db.models import TextChoices


class EvaluationState(TextChoices):
    PREPARING = "preparing", "準備中"
    OPEN = "open", "入力中"
    FINAL = "final", "確定"
    SENT = "sent", "提出済"


class SubmissionState(TextChoices):
    DRAFT = "draft", "入力中"
    SUBMITTED = "submitted", "提出"
    RETURNED = "returned", "差戻し"
    APPROVED = "approved", "承認"


UNFINISHED = frozenset({SubmissionState.DRAFT, SubmissionState.RETURNED})
HANDED_IN = frozenset({SubmissionState.SUBMITTED, SubmissionState.APPROVED})
SEALED = frozenset({EvaluationState.FINAL, EvaluationState.SENT})

# Within this time, the same act by the same person is a double click.
DOUBLE_CLICK_TIME = timedelta(seconds=30)

# The states in order when nothing is returned or opened again.
STATE_SEQUENCES = (
    tuple(EvaluationState),
    (SubmissionState.DRAFT, SubmissionState.SUBMITTED, SubmissionState.APPROVED),
)


def stages(state: str) -> list[tuple[str, str]]:
    """The names of the states in order, each "done", "current" or "ahead". A returned submission is at the start."""
    states = next((states for states in STATE_SEQUENCES if state in states), STATE_SEQUENCES[1])
    position = states.index(state) if state in states else 0
    return [
        (stage.label, "current" if index == position else "done" if index < position else "ahead")
        for index, stage in enumerate(states)
    ]


class Side(Enum):
    MUNICIPALITY = "municipality"  # officials of the municipality that hands in
    SECRETARIAT = "secretariat"


@dataclass(frozen=True, kw_only=True)
class Move:
    """A step of an evaluation or a submission.

    `label` and `done` follow what is moved and its `particle`: 評価書の入力を開始する. `consequence` tells people beforehand what it does and how it can be undone. `needs_reason`: a reason is asked for
    and kept in the log. `needs_day`: the day on which it happened outside this system is asked for.
    """

    label: str
    done: str
    consequence: str
    sources: frozenset[str]
    target: str
    particle: str = "を"
    side: Side = Side.SECRETARIAT
    needs_reason: bool = False
    needs_day: bool = False

    def of(self, subject: object) -> str:
        """評価書の入力を開始する"""
        return f"{subject}{self.particle}{self.label}"

    def done_to(self, subject: object) -> str:
        """横浜市を差し戻しました。"""
        return f"{subject}{self.particle}{self.done}。"


SUBMISSION_MOVES = {
    "submit": Move(
        label="提出する",
        done="提出しました",
        particle="の内容を",
        consequence="提出すると、取りまとめ担当が確認します。差し戻されるまで、内容は変更できません。",
        sources=frozenset({SubmissionState.DRAFT, SubmissionState.RETURNED}),
        target=SubmissionState.SUBMITTED,
        side=Side.MUNICIPALITY,
    ),
    "return": Move(
        label="差し戻す",
        done="差し戻しました",
        consequence="担当者は、内容を直せるようになります。理由は担当者に表示され、経過に残ります。",
        sources=frozenset({SubmissionState.SUBMITTED, SubmissionState.APPROVED}),
        target=SubmissionState.RETURNED,
        needs_reason=True,
    ),
    "approve": Move(
        label="承認する",
        done="承認しました",
        consequence="この自治体の確認を終えます。承認した後も、評価書を確定するまでは差し戻すことができます。",
        sources=frozenset({SubmissionState.SUBMITTED}),
        target=SubmissionState.APPROVED,
    ),
}

EVALUATION_MOVES = {
    "open": Move(
        label="入力を開始する",
        done="入力を開始しました",
        particle="の",
        consequence="各作成主体の担当者が入力できるようになります。準備中には戻せません。",
        sources=frozenset({EvaluationState.PREPARING}),
        target=EvaluationState.OPEN,
    ),
    "seal": Move(
        label="確定する",
        done="確定しました",
        consequence=(
            "今の内容を確定版として保存します。確定すると、誰も内容を変更できません。"
            "変更が必要になったときは、理由を付けて再開します。"
        ),
        sources=frozenset({EvaluationState.OPEN}),
        target=EvaluationState.FINAL,
    ),
    "send": Move(
        label="提出済みにする",
        done="提出済みにしました",
        consequence="内閣府へ提出したことを記録します。評価結果を入力できるようになります。",
        sources=frozenset({EvaluationState.FINAL}),
        target=EvaluationState.SENT,
        needs_day=True,
    ),
    "reopen": Move(
        label="再開する",
        done="再開しました",
        consequence=(
            "評価書は入力中に戻ります。これまでの確定版は残り、次に確定すると新しい版になります。"
        ),
        sources=frozenset({EvaluationState.FINAL, EvaluationState.SENT}),
        target=EvaluationState.OPEN,
        needs_reason=True,
    ),
}
