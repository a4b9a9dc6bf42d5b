"""Reading what somebody who enters a room is greeted with."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from followthrough.actions.queries import load_of, seen_in_room
from followthrough.incidents.models import Incident
from followthrough.incidents.queries import members_who_see
from followthrough.live.protocol import person_json
from followthrough.meeting_room.queries.question_bank import asked_of
from followthrough.meetings.models import Question
from followthrough.postmortems.models import PostMortem


def with_load(incident: Incident) -> list[dict[str, Any]]:
    """Each possible owner with how many actions they have open, and how many of these are late."""
    people = members_who_see(incident).order_by("name", "pk")
    loads = load_of(people, among=seen_in_room(incident.pk))
    return [person_json(each) | {"open": loads[each.pk].open, "late": loads[each.pk].late} for each in people]


def questions_for(postmortem: PostMortem) -> QuerySet[Question]:
    """The bank's questions in their order; one that was switched off stays where it was answered."""
    answered = Question.objects.filter(pk__in=postmortem.answers.filter(removed_at=None).values("question"))
    return (asked_of(postmortem.incident) | answered).order_by("phase", "position", "pk")
