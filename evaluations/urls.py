from django.urls import path

from evaluations import views

app_name = "evaluations"
urlpatterns = [
    path("<slug:zone>/<int:fiscal_year>/", views.evaluation_form, name="evaluation-form"),
    path("<slug:zone>/<int:fiscal_year>/print/", views.evaluation_print, name="evaluation-print"),
]
