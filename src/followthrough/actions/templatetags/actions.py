"""What stands beside an action in any list; drawn without a template, as lists hold hundreds."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from followthrough.actions.models import ActionItem

register = template.Library()
S = ActionItem.State
TONES = {S.VERIFIED: " forward", S.DONE: " forward", S.IN_PROGRESS: " note", S.PROPOSED: " due"}
NO_DATE_YET = SafeString('<span class="due">no date yet</span>')
NO_DATE = SafeString('<span class="meta">no date</span>')
NEAR = 3
"""Days before its date from which a countdown shows."""


@register.filter
def state_chip(action: ActionItem) -> SafeString:
    """Where the action stands."""
    if action.has_failed:
        return SafeString('<span class="chip broke">Did not hold</span>')
    tone = "" if action.is_on_behalf else TONES.get(S(action.state), "")
    return format_html('<span class="chip{}">{}</span>', tone, action.state_words)


@register.filter
def due(action: ActionItem) -> SafeString:
    """Its date, and how near or how long past that is while it is open."""
    if not action.due_on:
        return NO_DATE_YET if action.is_open else NO_DATE
    day = action.due_on
    words = f"{day:%a} {day.day} {day:%b %Y}"
    more = _countdown(action) + _proposed(action)
    return format_html('<time datetime="{}">{}</time>{}', day.isoformat(), words, more)


def _proposed(action: ActionItem) -> SafeString:
    if not action.awaits_date or not (day := action.proposed_due_on):
        return SafeString()
    return format_html(
        ' <span class="chip due">proposed: <time datetime="{}">{}</time></span>',
        day.isoformat(),
        f"{day.day} {day:%b}",
    )


def _countdown(action: ActionItem) -> SafeString:
    left = action.days_left
    if not action.is_open or left is None or left > NEAR:
        return SafeString()
    words = f"{_days(-left)} late" if left < 0 else "today" if left == 0 else f"{_days(left)} left"
    return format_html(' <span class="chip {}">{}</span>', "broke" if left < 0 else "due", words)


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"
