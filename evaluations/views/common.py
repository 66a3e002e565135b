"""What the views share."""

from dataclasses import dataclass
from functools import wraps

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header

from evaluations.models import Evaluation, Remark
from evaluations.sealed.sealing import BrokenSeal


def visible_evaluation(user, zone, fiscal_year):
    """The evaluation at this address, 404 for those who may not see it."""
    evaluations = Evaluation.objects.visible_to(user).select_related("zone", "plan")
    return get_object_or_404(evaluations, zone__slug=zone, fiscal_year=fiscal_year)


def download(content: bytes, content_type: str, name: str) -> HttpResponse:
    """The file under this name, to be saved and not to be shown."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type, headers={"Content-Disposition": disposition})


def file_field(
    label: str, what: str, suffix: str, most_bytes: int, too_large: str
) -> forms.FileField:
    """Takes a file that people call `what`. `too_large` is the sentence that says how many MB it may have."""

    def check_size(file):
        if file.size > most_bytes:
            raise forms.ValidationError(too_large.format(most_bytes // 1024**2))

    return forms.FileField(
        label=f"{label}（{suffix}）",
        widget=forms.FileInput(attrs={"accept": suffix}),
        validators=[check_size],
        error_messages={
            "required": f"{what}を選んでください。",
            "empty": "選んだファイルは空です。",
            "missing": f"{what}を選んでください。",
            "invalid": "ファイルを受け取れませんでした。もう一度選んでください。",
        },
    )


@dataclass(frozen=True)
class RefusedInput:
    """What was sent and may not be done (any more), for the page to show it again, to be copied.

    `answered` is the remark that a colleague has answered meanwhile.
    """

    sentence: str
    form: forms.BaseForm
    answered: Remark | None = None

    @property
    def typed(self) -> list[tuple[str, str]]:
        """Label and text of each field that says something."""
        return [(field.label, field.value()) for field in self.form if field.value()]


def says_broken_seals(view):
    """The view, saying so where a sealed version is not what was sealed, instead of showing it."""

    @wraps(view)
    def safe_view(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except BrokenSeal as broken:
            context = {"sentence": broken}
            return render(request, "evaluations/versions/broken.html", context, status=500)

    return safe_view
