"""A meeting is kept as it was: when it began, how long it was, who was there; calendars and mail follow."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from followthrough.activity.models import Activity
from followthrough.core.errors import DomainError, NotAllowed
from followthrough.live.protocol import Command
from followthrough.meeting_room.meeting_backend import MeetingBackend
from followthrough.meeting_room.operations import lifecycle
from followthrough.meeting_room.operations.reopened_rooms import close_reopened
from followthrough.meetings.models import Meeting
from followthrough.notifications.models import Message
from followthrough.people.models import User
from followthrough.postmortems.models import Participant, PostMortem
from followthrough.reports import operations as reports
from followthrough.reports.queries.assembly import current
from followthrough.scheduling.itip import subscribed
from followthrough.scheduling.operations import meeting_times
from tests.clock import Clock
from tests.factories import explain_missing, make_person, make_postmortem, signed_in
from tests.scheduling.test_calendar_feeds import events_of

pytestmark = pytest.mark.django_db
ROOM = MeetingBackend()


@pytest.fixture(autouse=True)
def monday(clock: Clock) -> Clock:
    return clock


@pytest.fixture
def ivy() -> User:
    return make_person("Ivy Okafor", zone="Europe/Berlin")


@pytest.fixture
def ken() -> User:
    return make_person("Ken Mori", zone="Asia/Tokyo")


@pytest.fixture
def meeting(clock: Clock, ivy: User, ken: User) -> Meeting:
    """Tomorrow at 15:30 in Berlin, with two required people."""
    postmortem = make_postmortem(facilitator=ivy, facilitator_state="accepted")
    for person in (ivy, ken):
        Participant.objects.create(postmortem=postmortem, person=person)
    explain_missing(postmortem, by=ivy)
    at = clock.now + timedelta(days=1, hours=4, minutes=30)
    return meeting_times.schedule_meeting(postmortem, starts_at=at, minutes=60, zone="Europe/Berlin", by=ivy)


def command(meeting: Meeting, name: str, by: User, present: set[int], **args: Any) -> None:
    run = ROOM.begin(meeting.postmortem_id, frozenset(present))
    run.carry_out(Command(uuid4(), name, args, None), by=by)


def told(person: User) -> list[str]:
    return list(Message.objects.filter(person=person).order_by("pk").values_list("subject", flat=True))


def test_starting_early_and_without_required_people_asks_first(
    meeting: Meeting, ivy: User, ken: User
) -> None:
    with pytest.raises(lifecycle.StartAsks) as asked:
        command(meeting, "meeting.start", ivy, {ivy.pk})
    assert asked.value.current["asks"] == [
        "It is planned for tomorrow 15:30.",
        "1 of 2 required people are not here: Ken Mori.",
    ]
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.SCHEDULED
    command(meeting, "meeting.start", ivy, {ivy.pk}, anyway=True)
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.LIVE


def test_on_time_with_everyone_here_nothing_is_asked(
    meeting: Meeting, clock: Clock, ivy: User, ken: User
) -> None:
    clock.now = meeting.starts_at - timedelta(minutes=10)
    before = Message.objects.count()
    command(meeting, "meeting.start", ivy, {ivy.pk, ken.pk})
    assert Message.objects.count() == before
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.planned_at) == (clock.now, clock.now + timedelta(minutes=10))


def test_begun_early_it_moves_in_every_calendar(meeting: Meeting, clock: Clock, ivy: User, ken: User) -> None:
    sequence = meeting.sequence
    lifecycle.start_meeting(meeting.postmortem, by=ivy, anyway=True)
    assert "has begun, Mon 23 Nov, 19:00 in Tokyo" in told(ken)[-1]
    message = Message.objects.filter(person=ken).latest("pk")
    assert f"DTSTART:{clock.now:%Y%m%dT%H%M%SZ}" in message.calendar
    (event,) = events_of(ken).values()
    assert event.dtstart.value == clock.now
    meeting.refresh_from_db()
    assert meeting.sequence > sequence
    clock.go(minutes=38)
    lifecycle.close_meeting(meeting.postmortem, by=ivy)
    held = next(one for name, one in events_of(ken).items() if name.startswith("Post-mortem"))
    assert held.dtend.value - held.dtstart.value == timedelta(minutes=38)


def test_not_begun_after_all_for_ten_minutes(meeting: Meeting, clock: Clock, ivy: User, ken: User) -> None:
    planned = (meeting.starts_at, meeting.minutes)
    lifecycle.start_meeting(meeting.postmortem, by=ivy, present={ivy.pk}, anyway=True)
    clock.go(minutes=9)
    with pytest.raises(NotAllowed):
        lifecycle.cancel_start(meeting.postmortem, by=ken)
    lifecycle.cancel_start(meeting.postmortem, by=ivy)
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.minutes) == planned
    assert (meeting.state, meeting.started_at, meeting.step) == (Meeting.State.SCHEDULED, None, "")
    assert not meeting.attendances.exists()
    assert PostMortem.objects.get().state == PostMortem.State.SCHEDULED
    assert "after all" in told(ken)[-1]
    (event,) = events_of(ken).values()
    assert event.dtstart.value == planned[0]
    meeting_times.move_meeting(meeting, starts_at=planned[0] + timedelta(hours=1), by=ivy)
    lifecycle.start_meeting(meeting.postmortem, by=ivy, anyway=True)
    clock.go(minutes=11)
    with pytest.raises(DomainError, match="ten minutes"):
        lifecycle.cancel_start(meeting.postmortem, by=ivy)


def test_a_meeting_that_nobody_planned_is_gone_when_taken_back(ivy: User) -> None:
    postmortem = make_postmortem()
    meeting = lifecycle.start_meeting(postmortem, by=ivy)
    lifecycle.cancel_start(postmortem, by=ivy)
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.CANCELLED
    assert PostMortem.objects.get().state == PostMortem.State.TO_SCHEDULE


def test_who_was_there_is_noted_and_corrected(meeting: Meeting, ivy: User, ken: User) -> None:
    late, outsider = make_person("Lucia Late"), make_person("Stella", role=User.Role.STAKEHOLDER)
    command(meeting, "meeting.start", ivy, {ivy.pk}, anyway=True)
    assert ROOM.has_pending(meeting.postmortem_id, frozenset({ivy.pk, late.pk}))
    ROOM.run_automations(meeting.postmortem_id, frozenset({ivy.pk, late.pk}))
    assert not ROOM.has_pending(meeting.postmortem_id, frozenset({ivy.pk, late.pk}))
    (record,) = ROOM.snapshot(meeting.postmortem_id).shared["meetings.meeting"]
    assert {person["name"] for person in record["present"]} == {"Ivy Okafor", "Lucia Late"}
    lifecycle.close_meeting(meeting.postmortem, by=ivy)
    page = f"/incidents/{meeting.postmortem.key}/present/"
    assert signed_in(ken).post(page, {"person": [ken.pk]}).status_code in {302, 403}
    assert meeting.attendances.count() == 2
    signed_in(ivy).post(page, {"person": [ivy.pk, ken.pk, outsider.pk]})
    shown = signed_in(ken).get(page).content.decode()
    assert "noted by Ivy Okafor" in shown
    assert set(meeting.attendances.values_list("person", flat=True)) == {ivy.pk, ken.pk}
    assert "2 were there" in signed_in(ken).get("/meetings/?show=past").content.decode()


@pytest.mark.parametrize("ending", ["md", "html", "json", "pdf"])
def test_every_export_says_when_how_long_and_who(
    meeting: Meeting, clock: Clock, ivy: User, ken: User, ending: str
) -> None:
    from tests.documents import text_of  # noqa: PLC0415 - only this one reads files

    lifecycle.start_meeting(meeting.postmortem, by=ivy, present={ivy.pk, ken.pk}, anyway=True)
    clock.go(minutes=38)
    lifecycle.close_meeting(meeting.postmortem, by=ivy)
    summary = reports.summary_of(meeting.postmortem)
    reports.show_names(summary, blameless=False, by=ivy)
    text = text_of(
        signed_in(ivy).get(f"/incidents/{meeting.postmortem.key}/summary.{ending}").content, ending
    )
    assert "Ken Mori" in text
    assert ("2026-11-23T10:00" if ending == "json" else "38 min") in text
    assert "24 Nov" not in text
    assert current(summary).minutes_met == 38


def test_adjourned_it_goes_on_at_its_step_and_counts_both(
    meeting: Meeting, clock: Clock, ivy: User, ken: User
) -> None:
    lifecycle.start_meeting(meeting.postmortem, by=ivy, present={ivy.pk}, anyway=True)
    lifecycle.go_to_step(meeting, step="causes", by=ivy)
    clock.go(minutes=30)
    address, second = (
        f"/incidents/{meeting.postmortem.key}/schedule/",
        datetime.fromisoformat("2026-11-25T09:00+00:00"),
    )
    assert "Adjourn it to a second sitting" in signed_in(ivy).get(address).content.decode()
    assert "Adjourn it" not in signed_in(ken).get(address).content.decode()
    with pytest.raises(NotAllowed):
        meeting_times.settle_time(meeting.postmortem, starts_at=second, minutes=60, zone="UTC", by=ken)
    meeting_times.settle_time(meeting.postmortem, starts_at=second, minutes=60, zone="UTC", by=ivy)
    assert "goes on Wed 25 Nov, 18:00 in Tokyo" in told(ken)[-1]
    meeting.refresh_from_db()
    assert (meeting.state, meeting.step) == (Meeting.State.SCHEDULED, "causes")
    with pytest.raises(DomainError, match="adjourned"):
        meeting_times.cancel_meeting(meeting, reason="Everybody is ill", by=ivy)
    assert b"Adjourned on" in subscribed(meeting).to_ical()
    clock.now = second
    lifecycle.start_meeting(meeting.postmortem, by=ivy, present={ivy.pk, ken.pk})
    clock.go(minutes=20)
    lifecycle.close_meeting(meeting.postmortem, by=ivy)
    report = current(reports.summary_of(meeting.postmortem))
    assert (report.minutes_met, len(report.sittings), report.present) == (50, 2, 2)
    assert "· 50 min" in signed_in(ken).get("/meetings/?show=past").content.decode()
    shown = signed_in(ken).get(f"/incidents/{meeting.postmortem.key}/").content.decode()
    assert "</time>, 50 min, led by Ivy Okafor." in shown
    assert "Who was there</a>: Ivy Okafor, Ken Mori." in shown


def test_reopened_for_a_day_it_is_written_in_and_closed_by_the_gate(
    meeting: Meeting, clock: Clock, ivy: User, ken: User
) -> None:
    lifecycle.start_meeting(meeting.postmortem, by=ivy, anyway=True)
    lifecycle.close_meeting(meeting.postmortem, by=ivy)
    entry = {"id": str(uuid4()), "line": "14:11 forgotten", "previous": None}
    with pytest.raises(DomainError, match="closed"):
        command(meeting, "entry.add", ken, set(), **entry)
    with pytest.raises(NotAllowed):
        command(meeting, "meeting.reopen", ken, set())
    command(meeting, "meeting.reopen", ivy, set())
    assert "is open again for a day" in told(ken)[-1]
    command(meeting, "entry.add", ken, set(), **entry)
    finding = {"id": str(uuid4()), "kind": "root_cause", "text": "Nothing checks the template"}
    command(meeting, "finding.add", ken, set(), **finding)
    with pytest.raises(lifecycle.GateClosed):
        command(meeting, "meeting.close", ivy, set())
    command(
        meeting, "finding.leave", ivy, set(), id=finding["id"], reason="The template goes away in December"
    )
    rows = Activity.objects.filter(verb="held").count()
    command(meeting, "meeting.close", ivy, set())
    assert Activity.objects.filter(verb="held").count() == rows
    with pytest.raises(DomainError, match="closed"):
        command(meeting, "entry.add", ken, set(), **entry | {"id": str(uuid4())})
    command(meeting, "meeting.reopen", ivy, set())
    clock.go(hours=25)
    with pytest.raises(DomainError, match="closed"):
        command(meeting, "entry.add", ken, set(), **entry | {"id": str(uuid4())})


def test_a_reopened_room_whose_day_is_over_closes_by_the_gate(
    meeting: Meeting, clock: Clock, ivy: User, ken: User
) -> None:
    lifecycle.start_meeting(meeting.postmortem, by=ivy, anyway=True)
    lifecycle.close_meeting(meeting.postmortem, by=ivy)
    command(meeting, "meeting.reopen", ivy, set())
    finding = {"id": str(uuid4()), "kind": "root_cause", "text": "Nothing checks the template"}
    command(meeting, "finding.add", ken, set(), **finding)
    close_reopened()
    assert not [words for words in told(ivy) if "cannot close yet" in words]
    clock.go(hours=25)
    close_reopened()
    close_reopened()
    assert [words for words in told(ivy) if "cannot close yet" in words] == [
        f"{meeting.postmortem.key} was opened again and cannot close yet"
    ]
    assert "Nothing checks the template" in Message.objects.filter(person=ivy).latest("pk").body
    left = {"id": finding["id"], "reason": "The template goes away in December"}
    command(meeting, "finding.leave", ivy, set(), **left)
    clock.go(hours=25)
    close_reopened()
    assert PostMortem.objects.get().reopened_until is None
