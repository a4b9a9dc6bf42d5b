"""Reading what waits for one person's answer."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from followthrough.incidents.queries import hidden_from
from followthrough.meetings.models import Meeting
from followthrough.people.models import User
from followthrough.postmortems.models import Participant, PostMortem
from followthrough.scheduling.queries.invitees import BEFORE


def to_facilitate(person: User) -> QuerySet[PostMortem]:
    """Post-mortems that the person is asked to lead, as far as they may see them, the oldest first."""
    asked = PostMortem.objects.filter(
        facilitator=person, facilitator_state=PostMortem.FacilitatorState.ASKED, state__in=BEFORE
    )
    seen = asked.exclude(pk__in=hidden_from(person).values("pk"))
    return seen.select_related("incident").order_by("pk")


def to_come(person: User) -> QuerySet[Meeting]:
    """Meetings still ahead to which they are asked and have not answered; those that they are to lead aside."""
    seats = Participant.objects.filter(
        postmortem=OuterRef("postmortem"), person=person, response=Participant.Response.INVITED
    )
    ahead = Meeting.objects.filter(Exists(seats), state=Meeting.State.SCHEDULED, starts_at__gt=timezone.now())
    leading = PostMortem.objects.filter(
        facilitator=person, facilitator_state=PostMortem.FacilitatorState.ASKED
    )
    hidden = hidden_from(person).values("pk")
    seen = ahead.exclude(postmortem__in=hidden).exclude(kind=Meeting.Kind.POSTMORTEM, postmortem__in=leading)
    return seen.select_related("postmortem__incident").order_by("starts_at")
