"""What the list of incidents says of each post-mortem: its state, or how long its window is still open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html

from followthrough.core.times import in_words
from followthrough.incidents.models import Incident
from followthrough.postmortems.models import PostMortem, Promise

SOON, LONG_AGO = timedelta(hours=24), timedelta(days=30)


def window_notes(_: HttpRequest, incidents: list[Incident]) -> dict[Any, str]:
    """{incident's key: a chip} for those that have a post-mortem; two queries."""
    windows = Prefetch(
        "promises", Promise.objects.filter(kind=Promise.Kind.MEETING, dropped_at=None), to_attr="windows"
    )
    skipped = {row.pk for row in incidents if row.review == Incident.Review.SKIPPED}
    keys = [row.pk for row in incidents if row.pk not in skipped]
    found = PostMortem.objects.filter(pk__in=keys).only("state").prefetch_related(windows)
    return {postmortem.pk: _chip(*_in_words(postmortem)) for postmortem in found}


def _chip(words: str, colour: str) -> str:
    return format_html('<span class="chip {}">{}</span>', colour, words)


def _in_words(postmortem: PostMortem) -> tuple[str, str]:
    """(words, colour) of the state; the window counts only until a meeting is scheduled."""
    window = next(iter(postmortem.windows), None)  # type: ignore[attr-defined]
    if postmortem.state != PostMortem.State.TO_SCHEDULE or window is None:
        return postmortem.get_state_display(), _COLOURS.get(postmortem.state, "")
    left = window.due_at - timezone.now()
    if left < -LONG_AGO:
        return "not reviewed", ""
    if left < timedelta():
        return f"window closed {in_words(left)} ago", "broke"
    if window.opens_at and window.opens_at > timezone.now():
        return f"window opens in {in_words(window.opens_at - timezone.now())}", ""
    return f"window closes in {in_words(left)}", "due" if left < SOON else "note"


_COLOURS: dict[str, str] = {
    PostMortem.State.SCHEDULED: "note",
    PostMortem.State.MEETING: "note",
    PostMortem.State.TO_SHARE: "due",
    PostMortem.State.SHARED: "forward",
    PostMortem.State.CHECKED_IN: "forward",
}
