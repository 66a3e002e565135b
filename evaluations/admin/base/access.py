"""The access of a request's person: queried once in a request, and again under the lock."""

from collections.abc import Iterable

from evaluations.models import Evaluation, Zone
from evaluations.permissions import Access
from evaluations.workflow import SEALED
from tokku.accounts.models import Role


def open_evaluations(request) -> list[Evaluation]:
    """The evaluations that the person sees and that are not sealed."""
    if not hasattr(request, "_open_evaluations"):
        request._open_evaluations = list(
            Evaluation.objects.visible_to(request.user)
            .exclude(state__in=SEALED)
            .select_related("zone", "edition__plan")
        )
    return request._open_evaluations


def unseen_evaluations(request) -> list[Evaluation]:
    """Those of an official's zones that the official does not see: drafts of years in which the author takes no part."""
    if request.user.role != Role.OFFICIAL:
        return []
    if not hasattr(request, "_unseen_evaluations"):
        seen = Evaluation.objects.visible_to(request.user).order_by()
        request._unseen_evaluations = list(
            Evaluation.objects.filter(zone__in=Zone.objects.visible_to(request.user))
            .exclude(state__in=SEALED)
            .exclude(pk__in=seen.values("pk"))
        )
    return request._unseen_evaluations


def access_of(request, evaluation: Evaluation) -> Access:
    """The person's access to the evaluation, kept for the request."""
    accesses = _accesses(request)
    if evaluation.pk not in accesses:
        accesses[evaluation.pk] = Access(request.user, evaluation)
    return accesses[evaluation.pk]


def lock(request, evaluations: Iterable[Evaluation]) -> None:
    """Lock the evaluations against edits, hand-ins and sealing by others, and renew the access to them."""
    for pk in sorted({evaluation.pk for evaluation in evaluations}):
        _accesses(request)[pk] = Access(request.user, Evaluation.objects.locked(pk))


def _accesses(request) -> dict[int, Access]:
    return request.__dict__.setdefault("_accesses", {})
