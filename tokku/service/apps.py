from importlib import import_module

from django.apps import AppConfig


class ServiceConfig(AppConfig):
    name = "tokku.service"
    label = "service"
    verbose_name = "運用"

    def ready(self):
        for module in ("receivers", "checks"):
            import_module(f"tokku.service.{module}")
