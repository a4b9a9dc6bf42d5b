"""The meeting's and the post-mortem's own records as JSON, one of each in a room."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from followthrough.live.protocol import person_json
from followthrough.meetings.models import Meeting
from followthrough.meetings.queries import agenda_of
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem

Json = dict[str, Any]
Keys = frozenset[str] | None


def person(who: User | None) -> Json | None:
    return person_json(who) if who else None


def moment(at: datetime | None) -> str | None:
    """ISO 8601 in UTC, ending in Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def meetings(number: int, keys: Keys) -> list[Json]:
    rows = Meeting.objects.filter(postmortem=number, kind=Meeting.Kind.POSTMORTEM).order_by("pk")
    rows = rows.select_related("co_facilitator", "scribe")
    if keys is None:
        rows = rows.exclude(state=Meeting.State.CANCELLED)
    return [
        {
            "id": row.pk,
            "version": row.version,
            "removed": row.state == Meeting.State.CANCELLED,
            "state": row.state,
            "starts_at": moment(row.starts_at),
            "minutes": row.minutes,
            "zone": row.zone,
            "step": row.step,
            "step_ends_at": moment(row.step_ends_at),
            "planned_at": moment(row.planned_at),
            "started_at": moment(row.started_at),
            "ended_at": moment(row.ended_at),
            "answers_hidden": row.answers_hidden,
            "co_facilitator": person(row.co_facilitator),
            "scribe": person(row.scribe),
            "present": [person_json(each.person) for each in row.attendances.all()],
            "steps": [
                {"key": step.key, "name": step.name, "minutes": step.minutes} for step in agenda_of(row)
            ],
        }
        for row in rows.prefetch_related("steps", "attendances__person")
    ]


def postmortems(number: int, _: Keys) -> list[Json]:
    row = PostMortem.objects.select_related("facilitator").get(pk=number)
    participants = row.participants.select_related("person").order_by("person__name")
    check_in = row.meetings.filter(kind=Meeting.Kind.CHECK_IN).exclude(state=Meeting.State.CANCELLED).first()
    return [
        {
            "id": row.pk,
            "version": 1,
            "removed": False,
            "state": row.state,
            "facilitator": person(row.facilitator),
            "closed_at": moment(row.closed_at),
            "reopened_until": moment(row.reopened_until),
            "participants": [person_json(each.person) | {"required": each.required} for each in participants],
            "promises": {
                promise.kind: moment(promise.due_at) for promise in row.promises.filter(dropped_at=None)
            },
            "check_in": {"starts_at": moment(check_in.starts_at), "zone": check_in.zone}
            if check_in
            else None,
        }
    ]
