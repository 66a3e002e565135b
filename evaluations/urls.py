from django.urls import path

from evaluations.views import (
    checks,
    entry,
    figures,
    form,
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
urlpatterns = [
    path("<slug:zone>/data/", open_data.open_data, name="open-data"),
    path(
        "<slug:zone>/data/<slug:table>.<slug:format>",
        open_data.open_data_file,
        name="open-data-file",
    ),
    path("<slug:zone>/<int:fiscal_year>/", form.evaluation_form, name="evaluation-form"),
    path("<slug:zone>/<int:fiscal_year>/open/", next_year.open_year, name="open-year"),
    path("<slug:zone>/<int:fiscal_year>/print/", form.evaluation_print, name="evaluation-print"),
    path(
        "<slug:zone>/<int:fiscal_year>/evaluation.pdf", media.evaluation_pdf, name="evaluation-pdf"
    ),
    path(
        "<slug:zone>/<int:fiscal_year>/evaluation.docx",
        media.evaluation_docx,
        name="evaluation-docx",
    ),
    path(
        "<slug:zone>/<int:fiscal_year>/bundle.zip",
        media.evaluation_bundle,
        name="evaluation-bundle",
    ),
    path("<slug:zone>/<int:fiscal_year>/word/", word.word, name="word"),
    path("<slug:zone>/<int:fiscal_year>/workbook/", workbook.workbook, name="workbook"),
    path(
        "<slug:zone>/<int:fiscal_year>/workbook.xlsx",
        workbook.workbook_file,
        name="workbook-file",
    ),
    path("<slug:zone>/<int:fiscal_year>/entry/", entry.entry, name="entry"),
    path("<slug:zone>/<int:fiscal_year>/entry/submit/", entry.entry_submit, name="entry-submit"),
    path("<slug:zone>/<int:fiscal_year>/entry/actuals/", entry.entry_actuals, name="entry-actuals"),
    path("<slug:zone>/<int:fiscal_year>/entry/texts/", entry.entry_texts, name="entry-texts"),
    path(
        "<slug:zone>/<int:fiscal_year>/entry/supports/", entry.entry_supports, name="entry-supports"
    ),
    path(
        "<slug:zone>/<int:fiscal_year>/entry/progress/", entry.entry_progress, name="entry-progress"
    ),
    path(
        "<slug:zone>/<int:fiscal_year>/entry/remove/<path:key>/",
        entry.entry_remove,
        name="entry-remove",
    ),
    path("<slug:zone>/<int:fiscal_year>/checks/", checks.checks, name="checks"),
    path("<slug:zone>/<int:fiscal_year>/checks/waive/", checks.finding_waive, name="finding-waive"),
    path(
        "<slug:zone>/<int:fiscal_year>/checks/waivers/<int:pk>/withdraw/",
        checks.waiver_withdraw,
        name="waiver-withdraw",
    ),
    path("<slug:zone>/<int:fiscal_year>/figures/", figures.figures, name="figures"),
    path("<slug:zone>/<int:fiscal_year>/figures/<slug:key>/", figures.figure, name="figure"),
    path(
        "<slug:zone>/<int:fiscal_year>/figures/<slug:key>/<int:year>/",
        figures.figure_explanation,
        name="figure-explanation",
    ),
    path("<slug:zone>/<int:fiscal_year>/review/", review.review, name="review"),
    path(
        "<slug:zone>/<int:fiscal_year>/review/moves/<slug:name>/",
        review.evaluation_move,
        name="evaluation-move",
    ),
    path(
        "<slug:zone>/<int:fiscal_year>/review/<slug:code>/",
        review.review_municipality,
        name="review-municipality",
    ),
    path(
        "<slug:zone>/<int:fiscal_year>/review/<slug:code>/moves/<slug:name>/",
        review.submission_move,
        name="submission-move",
    ),
    path(
        "<slug:zone>/<int:fiscal_year>/review/<slug:code>/remarks/",
        remarks.remark_add,
        name="remark-add",
    ),
    path("<slug:zone>/<int:fiscal_year>/remarks/", remarks.remarks, name="remarks"),
    path(
        "<slug:zone>/<int:fiscal_year>/remarks/<int:pk>/answer/",
        remarks.remark_answer,
        name="remark-answer",
    ),
    path("<slug:zone>/<int:fiscal_year>/log/", log.log, name="log"),
    path("<slug:zone>/<int:fiscal_year>/result/", result.result, name="result"),
    path("<slug:zone>/<int:fiscal_year>/versions/", versions.versions, name="versions"),
    path("<slug:zone>/<int:fiscal_year>/versions/<int:number>/", versions.version, name="version"),
    path(
        "<slug:zone>/<int:fiscal_year>/versions/<int:old>/<int:new>/",
        versions.version_differences,
        name="version-differences",
    ),
]
