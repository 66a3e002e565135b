from django.urls import path

from evaluations.views import form

app_name = "evaluations"
urlpatterns = [
    path("<slug:zone>/<int:fiscal_year>/", form.evaluation_form, name="evaluation-form"),
    path("<slug:zone>/<int:fiscal_year>/print/", form.evaluation_print, name="evaluation-print"),
]
