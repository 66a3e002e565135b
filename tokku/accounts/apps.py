from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tokku.accounts"
    verbose_name = "利用者"
