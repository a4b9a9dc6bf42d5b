"""Tags and filters that every page may use."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from followthrough.core import assets, markdown_html, times

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built style sheet or script."""
    return assets.asset_url(name)


@register.filter(name="markdown")
def markdown_filter(text: str) -> SafeString:
    """Markdown as safe HTML."""
    return markdown_html.to_html(text or "")


@register.filter
def span(value: timedelta | None) -> str:
    """A span of time in words."""
    return "" if value is None else times.in_words(value)


@register.filter
def until(moment: datetime) -> str:
    """How long from now until `moment`, in words."""
    return times.in_words(moment - timezone.now())


@register.filter
def since(moment: datetime) -> str:
    """How long ago `moment` was, in words."""
    return times.in_words(timezone.now() - moment)
