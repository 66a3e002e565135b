"""使い方: the year in ten steps, and the terms. Open without sign-in, as they show no data."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluations.glossary import GROUPS


@login_not_required
@require_safe
def help_steps(request):
    return render(request, "help/steps.html")


@login_not_required
@require_safe
def help_terms(request):
    return render(request, "help/terms.html", {"groups": GROUPS.items()})
