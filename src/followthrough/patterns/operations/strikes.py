"""It struck again: an incident much alike an earlier one whose fix is open, or done and not verified, is told at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from textwrap import shorten

from django.db import transaction
from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.incidents.models import Incident
from followthrough.notifications.operations import Notification, notify_all
from followthrough.patterns.models import Strike
from followthrough.people.models import User
from followthrough.postmortems.queries.audience import Audience
from followthrough.similarity.queries.similarity_search import Similar, similar_anywhere

RECENT = timedelta(days=30)
"""What began before is history that was imported or written down later; nobody is alarmed by it."""
UNPROVEN = (*ActionItem.OPEN, ActionItem.State.DONE)
_SHORT_CHARACTERS = 90


def note_strikes(incident: Incident) -> list[Strike]:
    """Keeps which unproven fixes it struck in spite of, and tells who answers for them; each once."""
    if incident.began_at < timezone.now() - RECENT:
        return []
    fresh = []
    for action in _unproven_fixes(incident):
        with transaction.atomic():
            strike, is_new = Strike.objects.get_or_create(incident=incident, action=action)
            if is_new:
                notify_all(_notifications(incident, action))
                fresh.append(strike)
    return fresh


def _unproven_fixes(incident: Incident) -> Iterator[ActionItem]:
    for one in similar_anywhere(incident):
        if _is_much_alike(one) and one.incident.began_at < incident.began_at:
            rows = ActionItem.objects.filter(postmortem=one.incident.pk, removed_at=None, state__in=UNPROVEN)
            yield from rows.select_related("owner", "postmortem__incident", "postmortem__facilitator")


def _is_much_alike(one: Similar) -> bool:
    """People say so, the words do, or most words and the service or the tag."""
    if one.said or one.band == "Much alike":
        return True
    return one.band == "Alike" and any(why.startswith(("same service", "same tag")) for why in one.reasons)


def _notifications(incident: Incident, action: ActionItem) -> list[Notification]:
    earlier = action.postmortem.incident
    audience = Audience([action.owner], [incident, earlier])
    people = {action.owner, action.postmortem.facilitator, *audience.leads(action.owner, earlier)}
    return [
        _telling(person, incident, action)
        for person in people
        if person and person.is_active and audience.sees(person, incident) and audience.sees(person, earlier)
    ]


def _telling(person: User, incident: Incident, action: ActionItem) -> Notification:
    state = "open" if action.is_open else "done and not verified"
    earlier = action.postmortem.incident
    return Notification(
        person,
        kind="recurrence",
        key=f"struck-again:{incident.pk}:{action.number}",
        subject=f"It struck again while {action.key} was {state}: {incident.outside_name}",
        body=(
            f"{incident.key} is much alike {earlier.key}{'' if earlier.outside_name == earlier.key else f', {earlier.title}'}."
            f" {action.key} is the fix that came out of it: {shorten(action.text, _SHORT_CHARACTERS, placeholder='…')}"
        ),
        path=incident.get_absolute_url(),
        opens=f"See {incident.key}",
        links=[(action.key, action.get_absolute_url())],
        references=[incident.reference, action.reference],
    )
