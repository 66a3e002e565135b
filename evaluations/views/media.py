"""The form as files to download, visible to the same people as its page."""

from django.http import Http404
from django.views.decorators.http import require_safe

from evaluations.entry.word.origin import origin_of
from evaluations.permissions import Access
from evaluations.sealed.bundle import bundle
from evaluations.sealed.media import as_docx, as_pdf
from evaluations.sealed.sealing import read_file
from evaluations.views.common import download, reports_broken_seals, visible_evaluation
from evaluations.views.evaluation_form import visible_document

PDF, ZIP = "application/pdf", "application/zip"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
@reports_broken_seals
def evaluation_pdf(request, zone, fiscal_year):
    edition, _ = _edition(request, zone, fiscal_year)
    content = read_file(edition.version, "pdf") if edition.version else as_pdf(edition)
    return download(content, PDF, edition.file_name("pdf"))


@require_safe
@reports_broken_seals
def evaluation_docx(request, zone, fiscal_year):
    """The Word file. A draft carries its origin, so that it can be imported after editing."""
    edition, rows = _edition(request, zone, fiscal_year)
    if edition.version:
        content = read_file(edition.version, "docx")
    else:
        content = as_docx(edition, base=origin_of(edition.evaluation, edition.document, rows))
    return download(content, DOCX, edition.file_name("docx"))


@require_safe
@reports_broken_seals
def evaluation_bundle(request, zone, fiscal_year):
    """The files for the Cabinet Office in one zip; Http404 unless the evaluation is sealed."""
    edition, _ = _edition(request, zone, fiscal_year)
    if not edition.version:
        raise Http404
    return download(bundle(edition), ZIP, edition.file_name("zip"))


def _edition(request, zone, fiscal_year):
    """The document as this person may see it, and the rows behind it."""
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    shown = visible_document(Access(request.user, evaluation))
    return shown.edition, shown.rows
