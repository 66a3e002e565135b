from django.apps import AppConfig


class ServiceConfig(AppConfig):
    name = "tokku.service"
    label = "service"
    verbose_name = "運用"
