"""Find the evaluation that the arguments of a command name."""

from django.core.management.base import CommandError

from evaluations.models import Evaluation


def find_evaluation(zone: str, year: int) -> Evaluation:
    """The evaluation of a zone (its slug) and fiscal year; CommandError with status 2 when there is none."""
    try:
        evaluations = Evaluation.objects.select_related("zone", "edition__plan")
        return evaluations.get(zone__slug=zone, fiscal_year=year)
    except Evaluation.DoesNotExist:
        raise CommandError(
            f"特区「{zone}」の{year}年度の評価書はありません。", returncode=2
        ) from None
