"""What the list of incidents says of each post-mortem: its state, or how long its window is still open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html

from followthrough.core.times import in_words
from followthrough.incidents.models import Incident
from followthrough.postmortems.models import PostMortem, Promise

SOON, LONG_AGO = timedelta(hours=24), timedelta(days=30)


def window_notes(_: HttpRequest, incidents: list[Incident]) -> dict[Any, str]:
    """{incident's key: a chip} for those that have a post-mortem; two queries.

    The window counts only until a meeting is scheduled.
    """
    keys = [
        row.pk for row in incidents if row.review not in {Incident.Review.SKIPPED, Incident.Review.EARLIER}
    ]
    states = dict(PostMortem.objects.filter(pk__in=keys).values_list("pk", "state"))
    waiting = [key for key, state in states.items() if state == PostMortem.State.TO_SCHEDULE]
    windows = Promise.objects.filter(postmortem__in=waiting, kind=Promise.Kind.MEETING, dropped_at=None)
    said = {key: _state_in_words(state) for key, state in states.items()}
    said |= {window.postmortem_id: _window_in_words(window) for window in windows}
    return {key: _chip(*words) for key, words in said.items()}


def _chip(words: str, colour: str) -> str:
    return format_html('<span class="chip {}">{}</span>', colour, words)


def _state_in_words(state: str) -> tuple[str, str]:
    """(words, colour)."""
    return PostMortem.State(state).label, _COLOURS.get(state, "")


def _window_in_words(window: Promise) -> tuple[str, str]:
    """(words, colour)."""
    left = window.due_at - timezone.now()
    if left < -LONG_AGO:
        return "not reviewed", ""
    if left < timedelta():
        return f"meeting window closed {in_words(left)} ago", "broke"
    if window.opens_at and window.opens_at > timezone.now():
        return f"meeting window opens in {in_words(window.opens_at - timezone.now())}", ""
    return f"meeting window closes in {in_words(left)}", "due" if left < SOON else "note"


_COLOURS: dict[str, str] = {
    PostMortem.State.SCHEDULED: "note",
    PostMortem.State.MEETING: "note",
    PostMortem.State.TO_SHARE: "due",
    PostMortem.State.SHARED: "forward",
    PostMortem.State.CHECKED_IN: "forward",
}
