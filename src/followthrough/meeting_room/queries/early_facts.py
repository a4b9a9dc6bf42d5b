"""Early facts: what is known of an incident before its meeting."""

from __future__ import annotations

from itertools import groupby

from django.db.models import QuerySet

from followthrough.actions import queries as actions
from followthrough.actions.models import ActionItem
from followthrough.incidents.models import Incident
from followthrough.meeting_room.queries.question_bank import asked_of
from followthrough.meetings.models import Question
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem


def questions_by_phase(incident: Incident) -> list[tuple[str, list[Question]]]:
    """The bank in the order of the meeting: (phase, its questions), without those that are asked only where it came
    back."""
    order = {phase: place for place, phase in enumerate(Question.Phase.values)}
    active = asked_of(incident).exclude(phase=Question.Phase.RETURNING)
    rows = sorted(active, key=lambda row: (order.get(row.phase, len(order)), row.position, row.pk))
    return [
        (str(Question.Phase(phase).label), list(group))
        for phase, group in groupby(rows, lambda row: row.phase)
    ]


def unfinished_before(postmortem: PostMortem, user: User) -> QuerySet[ActionItem]:
    """Open actions of earlier post-mortems of the same services, what is due first on top."""
    services = postmortem.incident.services.values("pk")
    same = actions.visible_to(user).filter(
        postmortem__incident__services__in=services, state__in=ActionItem.OPEN
    )
    rows = same.exclude(postmortem=postmortem).select_related("owner", "postmortem__incident").distinct()
    return rows.order_by("due_on", "number")
