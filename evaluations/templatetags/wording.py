"""How years and dates are worded on pages."""

from datetime import date

from django import template
from django.utils import timezone

from tokku import japanese

register = template.Library()

register.filter("fiscal_year", japanese.fiscal_year_name)
register.filter("era_date", japanese.era_date)


@register.filter
def days_left(day: date) -> str:
    """How far `day` is from today: あと3日, 本日まで, 3日超過."""
    days = (day - timezone.localdate()).days
    if days > 0:
        return f"あと{days}日"
    return f"{-days}日超過" if days else "本日まで"
