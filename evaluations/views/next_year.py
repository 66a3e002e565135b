"""The evaluation of the next year: what will be made of this year's, then made."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from evaluations.models import Evaluation, Zone
from evaluations.permissions import why_not_open_year
from evaluations.years.next_year import CannotOpenYear, NextYear, following_plan
from tokku.japanese import fiscal_year_name


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def open_year(request, zone, fiscal_year):
    zones = Zone.objects.visible_to(request.user)
    if request.method == "POST":
        zones = zones.select_for_update(of=["self"])
    found = get_object_or_404(zones, slug=zone)
    if refusal := why_not_open_year(request.user, found):
        raise PermissionDenied(refusal)
    evaluations = Evaluation.objects.filter(zone=found).select_related("zone", "plan")
    if evaluations.filter(fiscal_year=fiscal_year).exists():
        # Also what a double click asks for.
        messages.info(request, f"{fiscal_year_name(fiscal_year)}の評価書は、既に用意されています。")
        return redirect("evaluations:review", zone, fiscal_year)
    last = get_object_or_404(evaluations, fiscal_year=fiscal_year - 1)
    if request.method != "POST":
        return _page(request, last)
    try:
        year = NextYear(last, new_term="new-term" in request.POST)
    except CannotOpenYear as refusal:
        # A plan has come or gone since the page was shown.
        return _page(request, last, refusal, status=409)
    evaluation = year.save(by=request.user)
    messages.success(
        request,
        f"{year.name}の評価書を用意しました（{evaluation.get_state_display()}）。"
        "管理画面で提出期限を決め、この画面で「入力を開始する」と、担当者が入力できます。",
    )
    return redirect("evaluations:review", zone, fiscal_year)


def _page(request, last, refusal="", status=200):
    """What would be made now; `refusal` says why what was asked for could not be."""
    year = None
    try:
        year = NextYear(last, new_term=following_plan(last) is None)
    except CannotOpenYear as none:
        refusal = refusal or none
    context = {
        "last": last,
        "fiscal_year": last.fiscal_year + 1,
        "year": year,
        "notices": year.notices() if year else [],
        "refusal": refusal,
    }
    return render(request, "evaluations/next_year/open_year.html", context, status=status)
