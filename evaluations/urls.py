"""The addresses of the pages of zones and evaluations."""

from django.urls import include, path

from evaluations.catalogue import PAGES
from evaluations.views import (
    charts,
    checks,
    entry,
    evaluation_form,
    log,
    media,
    next_year,
    open_data,
    remarks,
    result,
    review,
    versions,
    word,
    workbook,
)

app_name = "evaluations"

of_figure = "figures/<slug:key>/"
of_municipality = "review/<slug:code>/"
of_year = [
    path("", evaluation_form.evaluation_form, name="evaluation-form"),
    path("open/", next_year.open_year, name="open-year"),
    path("print/", evaluation_form.evaluation_print, name="evaluation-print"),
    path("evaluation.pdf", media.evaluation_pdf, name="evaluation-pdf"),
    path("evaluation.docx", media.evaluation_docx, name="evaluation-docx"),
    path("bundle.zip", media.evaluation_bundle, name="evaluation-bundle"),
    path("word/", word.word, name="word"),
    path("workbook/", workbook.workbook, name="workbook"),
    path("workbook.xlsx", workbook.workbook_file, name="workbook-file"),
    path("entry/", entry.entry, name="entry"),
    path("entry/submit/", entry.entry_submit, name="entry-submit"),
    *(path(f"entry/{part}/", entry.entry_page, {"part": part}, f"entry-{part}") for part in PAGES),
    path("entry/progress/", entry.entry_progress, name="entry-progress"),
    path("entry/next/", entry.entry_next, name="entry-next"),
    path("entry/drafts/", entry.entry_drafts, name="entry-drafts"),
    path("entry/row/<path:key>/last-year/", entry.last_year_text, name="entry-last-year"),
    path("entry/row/<path:key>/", entry.entry_row, name="entry-row"),
    path("checks/", checks.checks, name="checks"),
    path("checks/waive/", checks.finding_waive, name="finding-waive"),
    path("checks/waivers/<int:pk>/withdraw/", checks.waiver_withdraw, name="waiver-withdraw"),
    path("figures/", charts.figures, name="figures"),
    path(of_figure, charts.figure, name="figure"),
    path(f"{of_figure}<int:year>/", charts.figure_explanation, name="figure-explanation"),
    path("review/", review.review, name="review"),
    path("review/moves/<slug:name>/", review.evaluation_move, name="evaluation-move"),
    path(of_municipality, review.review_municipality, name="review-municipality"),
    path(f"{of_municipality}moves/<slug:name>/", review.submission_move, name="submission-move"),
    path(f"{of_municipality}remarks/", remarks.remark_add, name="remark-add"),
    path("remarks/", remarks.remarks, name="remarks"),
    path("remarks/<int:pk>/answer/", remarks.remark_answer, name="remark-answer"),
    path("log/", log.log, name="log"),
    path("result/", result.result, name="result"),
    path("versions/", versions.versions, name="versions"),
    path("versions/<int:number>/", versions.version, name="version"),
    path("versions/<int:old>/<int:new>/", versions.version_differences, name="version-differences"),
]
of_data = "<slug:zone>/data/<slug:table>.<slug:format>"
urlpatterns = [
    path("<slug:zone>/data/", open_data.open_data, name="open-data"),
    path(of_data, open_data.open_data_file, name="open-data-file"),
    path("<slug:zone>/<int:fiscal_year>/", include(of_year)),
]
