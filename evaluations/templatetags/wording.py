"""How years, dates and what stands between a state and the end are worded on pages."""

from datetime import date, datetime

from django import template
from django.utils import timezone

from evaluations.workflow import stages
from tokku import japanese

register = template.Library()

register.filter("fiscal_year", japanese.fiscal_year_name)
register.filter("era_date", japanese.era_date)
register.filter("stages", stages)

# From so many days before a deadline on, the days that are left stand out.
SOON = 7


@register.filter
def days_left(day: date, today: date | None = None) -> str:
    """How far `day` is from today: あと3日, 本日まで, 期限を3日過ぎています."""
    days = (day - (today or timezone.localdate())).days
    if days > 0:
        return f"あと{days}日"
    return f"期限を{-days}日過ぎています" if days else "本日まで"


@register.filter
def urgency(day: date) -> str:
    """The name of how urgent a deadline is: late, soon, or "" when there is time."""
    days = (day - timezone.localdate()).days
    return "late" if days < 0 else "soon" if days <= SOON else ""


@register.filter
def era_time(moment: datetime) -> str:
    """令和6年5月10日 15時04分, as the clock on the wall says."""
    return japanese.era_time(timezone.localtime(moment))


@register.filter
def visible_breaks(text: str) -> str:
    """Line breaks with a mark, so that one that was added or removed is seen."""
    return text.replace("\n", "↵\n")
