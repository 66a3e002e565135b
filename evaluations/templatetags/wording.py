"""Filters that word years, dates, deadlines and states on pages."""

from datetime import date, datetime

from django import template
from django.utils import timezone

from evaluations.workflow import stages
from tokku import japanese

register = template.Library()

register.filter("fiscal_year", japanese.fiscal_year_name)
register.filter("era_date", japanese.era_date)
register.filter("stages", stages)

# A deadline this many days away or less stands out.
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
    """The urgency of a deadline: late, soon, or "" when there is time."""
    days = (day - timezone.localdate()).days
    return "late" if days < 0 else "soon" if days <= SOON else ""


@register.filter
def era_time(moment: datetime) -> str:
    """令和6年5月10日 15時04分, in local time."""
    return japanese.era_time(timezone.localtime(moment))


@register.filter
def name_at(person, moment: datetime) -> str:
    """The name under which an account did something, whatever it is called since; "" without an account."""
    return person.name_at(moment) if person else ""


@register.filter
def visible_breaks(text: str) -> str:
    """The text with a mark at each line break, to make added and removed ones visible."""
    return text.replace("\n", "↵\n")
