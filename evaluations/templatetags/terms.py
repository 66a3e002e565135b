"""Links from a term to its meaning."""

from django import template
from django.urls import reverse
from django.utils.html import format_html

from evaluations.glossary import TERMS

register = template.Library()


@register.simple_tag
def term(slug, text=""):
    """A link to the term in 用語集. Raises KeyError for an unknown slug."""
    entry = TERMS[slug]
    return format_html(
        '<a class="term" href="{}#{}">{}</a>', reverse("help-terms"), slug, text or entry.name
    )
