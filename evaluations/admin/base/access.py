"""What the person of a request sees and may do: asked once in a request, and again under the lock."""

from collections.abc import Iterable

from evaluations.models import Evaluation
from evaluations.permissions import Access
from evaluations.workflow import SEALED


def open_evaluations(request) -> list[Evaluation]:
    """Those that a person sees and that are not sealed."""
    if not hasattr(request, "_open_evaluations"):
        request._open_evaluations = list(
            Evaluation.objects.visible_to(request.user)
            .exclude(state__in=SEALED)
            .select_related("zone", "plan")
        )
    return request._open_evaluations


def access_of(request, evaluation: Evaluation) -> Access:
    """What the person may do in the evaluation; asked once in a request, and again under the lock."""
    accesses = _accesses(request)
    if evaluation.pk not in accesses:
        accesses[evaluation.pk] = Access(request.user, evaluation)
    return accesses[evaluation.pk]


def lock(request, evaluations: Iterable[Evaluation]) -> None:
    """Wait for everyone else who edits, hands in or seals; what was asked before is forgotten."""
    for pk in sorted({evaluation.pk for evaluation in evaluations}):
        _accesses(request)[pk] = Access(request.user, Evaluation.objects.locked(pk))


def _accesses(request) -> dict[int, Access]:
    return request.__dict__.setdefault("_reaches", {})
