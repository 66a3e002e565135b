"""Forms of signing in and of passwords."""

from axes.utils import reset
from django import forms
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    AuthenticationForm,
    PasswordChangeForm,
    SetPasswordForm,
    UserCreationForm,
)
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.validators import MaxLengthValidator

from tokku.accounts.models import User


class SignInForm(AuthenticationForm):
    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": "ユーザー名又はパスワードが違います。大文字と小文字の別も確かめて、もう一度入力してください。",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Django sets it after the field has made its validators; a longer name breaks the count of failures.
        username = self.fields["username"]
        username.validators.append(MaxLengthValidator(username.max_length))


class NewPasswordForm(SetPasswordForm):
    """A person sets their own password."""

    error_messages = SetPasswordForm.error_messages | {
        "password_mismatch": "新しいパスワードが、確認用のものと一致しません。",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = "新しいパスワード"
        self.fields["new_password1"].help_text = ""
        self.fields["new_password2"].label = "新しいパスワード（確認）"
        self.fields["new_password2"].help_text = ""

    @property
    def rules(self):
        return password_validators_help_texts()

    def save(self, commit=True):
        self.user.must_change_password = False
        return super().save(commit)


class InvitationForm(NewPasswordForm):
    """The person of an invitation sets their password. A lock-out ends."""

    def save(self, commit=True):
        reset(username=self.user.username)
        return super().save(commit)


class OwnPasswordForm(NewPasswordForm, PasswordChangeForm):
    """A person changes their own password."""

    error_messages = NewPasswordForm.error_messages | {
        "password_incorrect": "今のパスワードが違います。もう一度入力してください。",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "今のパスワード"

    def clean_new_password1(self):
        new = self.cleaned_data["new_password1"]
        if new == self.data.get("old_password"):
            raise forms.ValidationError("今のパスワードと違うパスワードにしてください。")
        return new


class NewUserForm(UserCreationForm):
    """The secretariat makes an account with a password for the first sign-in."""

    class Meta:
        model = User
        fields = ["username"]

    def save(self, commit=True):
        self.instance.must_change_password = True
        return super().save(commit)


class TemporaryPasswordForm(AdminPasswordChangeForm):
    """The secretariat sets a password that its owner changes at the next sign-in. A lock-out ends."""

    def __init__(self, user, *args, **kwargs):
        super().__init__(user, *args, **kwargs)
        # An account is switched off by is_active, never by taking its password away.
        self.fields.pop("usable_password", None)
        for name, label in {
            "password1": "仮のパスワード",
            "password2": "仮のパスワード（確認）",
        }.items():
            self.fields[name].label = label
            self.fields[name].required = True

    def save(self, commit=True):
        self.user.must_change_password = True
        reset(username=self.user.username)
        return super().save(commit)
