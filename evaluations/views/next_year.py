"""Opening the next year: a preview of what is drafted from this year's evaluation, then creating it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from evaluations.models import Evaluation, Zone
from evaluations.permissions import why_not_manage_zone
from evaluations.years.next_year import CannotOpenYear, NextYear, following_edition
from tokku.japanese import fiscal_year_name


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def open_year(request, zone, fiscal_year):
    zones = Zone.objects.visible_to(request.user)
    if request.method == "POST":
        zones = zones.select_for_update(of=["self"])
    found_zone = get_object_or_404(zones, slug=zone)
    if refusal := why_not_manage_zone(request.user, found_zone):
        raise PermissionDenied(refusal)
    evaluations = Evaluation.objects.filter(zone=found_zone).select_related("zone", "edition__plan")
    if evaluations.filter(fiscal_year=fiscal_year).exists():
        # Also the second click of a double click.
        messages.info(request, f"{fiscal_year_name(fiscal_year)}の評価書は、既に用意されています。")
        return redirect("evaluations:review", zone, fiscal_year)
    last_evaluation = get_object_or_404(evaluations, fiscal_year=fiscal_year - 1)
    if request.method != "POST":
        return _page(request, last_evaluation)
    try:
        year = NextYear(last_evaluation, new_term="new-term" in request.POST)
    except CannotOpenYear as refusal:
        # A plan was added or removed since the page was shown.
        return _page(request, last_evaluation, refusal, status=409)
    evaluation = year.save(by=request.user)
    messages.success(
        request,
        f"{year.name}の評価書を用意しました（{evaluation.get_state_display()}）。"
        "管理画面で提出期限を決め、この画面で「入力を開始する」と、担当者が入力できます。",
    )
    return redirect("evaluations:review", zone, fiscal_year)


def _page(request, last_evaluation, refusal="", status=200):
    """The preview of the next year; `refusal` says why it could not be created."""
    year = None
    try:
        year = NextYear(last_evaluation, new_term=following_edition(last_evaluation) is None)
    except CannotOpenYear as none:
        refusal = refusal or none
    context = {
        "last": last_evaluation,
        "fiscal_year": last_evaluation.fiscal_year + 1,
        "year": year,
        "notices": year.notices() if year else [],
        "refusal": refusal,
    }
    return render(request, "evaluations/next_year/open_year.html", context, status=status)
