"""Forms of signing in."""

from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": "ユーザー名又はパスワードが違います。大文字と小文字の別も確かめて、もう一度入力してください。",
    }
