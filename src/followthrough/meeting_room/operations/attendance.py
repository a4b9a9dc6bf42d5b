"""Attendance: who was there, noted while the meeting runs and corrected afterwards."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from followthrough.activity.operations import record
from followthrough.core.errors import DomainError
from followthrough.incidents.queries import members_who_see
from followthrough.meetings.models import Attendance, Meeting
from followthrough.meetings.queries import refuse_unless_leading
from followthrough.people.models import User


@transaction.atomic
def note_presence(meeting: Meeting, people: Collection[int]) -> None:
    """Notes those who are in the room (people's ids) and were not before."""
    for person in User.objects.filter(pk__in=unnoted(meeting, people)).order_by("pk"):
        row, is_new = Attendance.objects.get_or_create(meeting=meeting, person=person)
        if is_new:
            record(row, "came", by=None, label=str(person))


def unnoted(meeting: Meeting, people: Collection[int]) -> set[int]:
    """Of `people` (ids), those who are not noted as having been there."""
    return set(people) - set(meeting.attendances.values_list("person", flat=True))


def present_unnoted(number: int, people: Collection[int]) -> bool:
    """Whether somebody is in the running meeting of post-mortem `number` who is not noted yet."""
    meeting = _running(number)
    return meeting is not None and bool(unnoted(meeting, people))


@transaction.atomic
def note_those_present(number: int, people: Collection[int]) -> None:
    """Notes everyone of `people` (ids) if the meeting of post-mortem `number` runs."""
    if meeting := _running(number):
        note_presence(meeting, people)


def _running(number: int) -> Meeting | None:
    rows = Meeting.objects.filter(postmortem=number, kind=Meeting.Kind.POSTMORTEM, state=Meeting.State.LIVE)
    return rows.first()


@transaction.atomic
def correct_attendance(meeting: Meeting, people: Collection[int], *, by: User) -> None:
    """Exactly these people (ids) were there; only who leads the meeting may say so, once it has begun."""
    refuse_unless_leading(meeting.postmortem, by)
    if meeting.started_at is None:
        raise DomainError("The meeting has not begun, so nobody can have been there yet.")
    known = {row.person_id: row for row in meeting.attendances.select_related("person")}
    for row in (row for key, row in known.items() if key not in people):
        record(row, "was not there", by=by, label=str(row.person))
        row.delete()
    allowed = members_who_see(meeting.postmortem.incident)
    for person in allowed.filter(pk__in=set(people) - known.keys()).order_by("pk"):
        row = Attendance.objects.create(meeting=meeting, person=person, noted_by=by)
        record(row, "was there", by=by, label=str(person))
