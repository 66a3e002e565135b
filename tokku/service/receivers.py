"""Acts that are audited wherever they take place, on pages, in the admin, by imports or commands."""

from axes.handlers.database import AxesDatabaseHandler
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver

from tokku.accounts.models import User
from tokku.accounts.oidc import came_by_provider, sign_in_refused
from tokku.service.audit import audit
from tokku.service.models import Act
from tokku.values import display

BY_PROVIDER = "共通認証（OIDC）"
# What an account is; not what follows from signing in.
ACCOUNT_FIELDS = (
    *("username", "name", "email", "role", "municipality"),
    *("is_active", "must_change_password", "invited_at"),
)


@receiver(user_logged_in)
def audit_sign_in(sender, request, user, **kwargs):
    audit(Act.SIGN_IN, BY_PROVIDER if came_by_provider(request) else "", user=user)


@receiver(sign_in_refused)
def audit_refusal(sender, username, reason, **kwargs):
    audit(Act.FAILURE, f"{BY_PROVIDER}：{reason}", username=username or "―")


@receiver(user_logged_out)
def audit_sign_out(sender, user, **kwargs):
    if user:
        audit(Act.SIGN_OUT, user=user)


@receiver(user_locked_out)
def audit_lock(sender, request, username, **kwargs):
    # Sent again, without a count, with every try while the lock lasts.
    if request.axes_failures_since_start:
        audit(Act.LOCK, username=username)


class AuditingAxesHandler(AxesDatabaseHandler):
    """Audits failures, and who ends a lock-out; success and time end it without this."""

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        # Before the count, so that the failure comes before the lock that it leads to.
        subject = "停止している間の試み" if getattr(request, "axes_locked_out", False) else ""
        audit(Act.FAILURE, subject, username=credentials.get("username") or "―")
        super().user_login_failed(sender, credentials, request, **kwargs)

    def reset_attempts(self, *, ip_address=None, username=None, ip_or_username=False):
        count = super().reset_attempts(
            ip_address=ip_address, username=username, ip_or_username=ip_or_username
        )
        if count:
            audit(Act.UNLOCK, username or ip_address or "全て")
        return count


@receiver(pre_save, sender=User)
def note_account_changes(sender, instance, raw, update_fields, **kwargs):
    """Remember what the save will change, for after it."""
    instance._audited_changes = ""
    saved = {*ACCOUNT_FIELDS, "password"}
    if update_fields is not None:
        saved &= {*update_fields}
    if raw or not saved:
        return
    stored = User.objects.filter(pk=instance.pk).select_related("municipality").first()
    names = [name for name in ACCOUNT_FIELDS if name in saved]
    changes = [_change(stored, instance, name) for name in names if stored]
    # Set by set_password, unlike a hash that Django renews at a sign-in.
    if stored and "password" in saved and instance._password is not None:
        changes.append("パスワード")
    instance._audited_changes = "、".join(filter(None, changes)) if stored else "登録"


def _change(old: User, new: User, name: str) -> str:
    before, after = getattr(old, name), getattr(new, name)
    field = User._meta.get_field(name)
    if before == after:
        return ""
    return f"{field.verbose_name} {display(field, before)} → {display(field, after)}"


@receiver(post_save, sender=User)
def audit_account(sender, instance, **kwargs):
    if instance._audited_changes:
        audit(Act.ACCOUNT, f"{instance.username}（{instance}）：{instance._audited_changes}")
