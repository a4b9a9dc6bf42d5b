"""How a person is shown; drawn without a template, as lists hold hundreds."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from followthrough.people.models import User

register = template.Library()


@register.filter
def avatar(person: User) -> SafeString:
    """The person's initials on their colour."""
    return format_html(
        '<span class="avatar hue-{}" aria-hidden="true">{}</span>', person.hue, person.initials
    )
