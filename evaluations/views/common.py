"""Helpers shared by the views."""

import logging
from dataclasses import dataclass
from functools import wraps

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.html import format_html, format_html_join
from django.utils.http import content_disposition_header
from django.utils.log import log_response
from django.utils.safestring import SafeString, mark_safe

from evaluations.models import Evaluation, Remark
from evaluations.sealed.sealing import BrokenSeal
from tokku.document import html
from tokku.document.tree import Document

logger = logging.getLogger(__name__)

MOST_NAMED = 10  # things in a message


def visible_evaluation(user, zone, fiscal_year):
    """The evaluation at this address. Raises Http404 when it does not exist or the user may not see it."""
    evaluations = Evaluation.objects.visible_to(user).select_related("zone", "edition__plan")
    evaluation = get_object_or_404(evaluations, zone__slug=zone, fiscal_year=fiscal_year)
    evaluation.zone.is_known_of(user)
    return evaluation


def as_html(document: Document, beside: html.Beside = html.no_links) -> SafeString:
    return mark_safe(html.write(document, beside))  # noqa: S308  the writer escapes every text


def download(content: bytes, content_type: str, name: str) -> HttpResponse:
    """A response that makes the browser save the content as a file of this name."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type, headers={"Content-Disposition": disposition})


def not_imported(sentence: str, lines: list[str]) -> SafeString:
    """The message after an import, with a line for each thing that was left out."""
    more = len(lines) - MOST_NAMED
    shown = [*lines[:MOST_NAMED], f"ほか{more}件"] if more > 0 else lines
    items = format_html_join("", "<li>{}</li>", ([line] for line in shown))
    return format_html('{}<ul class="problems">{}</ul>', sentence, items)


def file_field(
    label: str, file_kind: str, suffix: str, most_bytes: int, too_large: str
) -> forms.FileField:
    """A field for uploading a file. `file_kind` is its name in messages; `too_large` is a sentence with {} for the MB."""

    def check_size(file):
        if file.size > most_bytes:
            raise forms.ValidationError(too_large.format(most_bytes // 1024**2))

    return forms.FileField(
        label=f"{label}（{suffix}）",
        widget=forms.FileInput(attrs={"accept": suffix}),
        validators=[check_size],
        error_messages={
            "required": f"{file_kind}を選んでください。",
            "empty": "選んだファイルは空です。",
            "missing": f"{file_kind}を選んでください。",
            "invalid": "ファイルを受け取れませんでした。もう一度選んでください。",
        },
    )


@dataclass(frozen=True)
class RefusedInput:
    """Input that was refused, which the page shows again so that it can be copied.

    `answered` is the remark, when a colleague has answered it meanwhile.
    """

    sentence: str
    form: forms.BaseForm
    answered: Remark | None = None

    @property
    def typed(self) -> list[tuple[str, str]]:
        """Label and text of each field that is filled in."""
        return [(field.label, field.value()) for field in self.form if field.value()]


def reports_broken_seals(view):
    """Decorate a view to answer 500 with an explanation when a sealed version was altered, and to log why."""

    @wraps(view)
    def safe_view(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except BrokenSeal as broken:
            context = {"sentence": broken}
            response = render(request, "evaluations/versions/broken.html", context, status=500)
            log_response(
                "%s %s", broken, broken.evidence, response=response, request=request, logger=logger
            )
            return response

    return safe_view
