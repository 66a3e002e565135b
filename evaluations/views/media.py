"""The form as files to download, under the rules of its page."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from evaluations.paper import file_name, write_pdf
from evaluations.permissions import Reach
from evaluations.views.common import says_broken_seals, visible_evaluation
from evaluations.views.form import visible_document


@require_safe
@says_broken_seals
def evaluation_pdf(request, zone, fiscal_year):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    shown = visible_document(Reach(request.user, evaluation))
    content = write_pdf(evaluation, shown.document, shown.version)
    name = file_name(evaluation, shown.document, shown.version, ".pdf")
    return _download(content, "application/pdf", name)


def _download(content, content_type, name):
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type, headers={"Content-Disposition": disposition})
