"""Which zones an account is of. Who may give them is in `permissions`."""

from collections.abc import Iterable

from django.db import transaction

from evaluations.models import Membership, Zone
from tokku.accounts.models import User
from tokku.service.audit import audit
from tokku.service.models import Act


@transaction.atomic
def set_zones(account: User, zones: Iterable[Zone]) -> None:
    """Make the account a member of these zones and of no others.

    A new zone ends an invitation: who has its link might not have given it.
    """
    zones = [*zones]
    before = [member.zone for member in account.membership_set.select_related("zone")]
    account.membership_set.exclude(zone__in=zones).delete()
    for zone in zones:
        Membership.objects.get_or_create(user=account, zone=zone)
    if account.invited_at and set(zones) - set(before):
        account.invited_at = None
        account.save(update_fields=["invited_at"])
    if set(before) != set(zones):
        old, new = ("、".join(map(str, names)) or "（空）" for names in (before, zones))
        audit(Act.ACCOUNT, f"{account.username}（{account}）：担当する特区 {old} → {new}")
