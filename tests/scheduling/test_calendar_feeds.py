"""Calendars that are kept elsewhere: each person's own feed, and those of teams."""

from __future__ import annotations

from typing import Any

import pytest
import vobject
from django.test import Client

from followthrough.actions.models import ActionItem
from followthrough.calendars.models import TeamCalendar
from followthrough.calendars.operations import renew_feed
from followthrough.check_ins import operations as check_ins
from followthrough.core.encryption import encrypt
from followthrough.incidents.models import Incident
from followthrough.meetings.models import Meeting
from followthrough.people.models import User
from followthrough.scheduling import calendar_feeds
from followthrough.scheduling.operations import invitations, meeting_times
from followthrough.scheduling.queries.calendar_feeds import actions_in_feed, meetings_in_feed
from tests.factories import make_incident, make_person, make_postmortem, make_team
from tests.mailbox import Mailbox
from tests.scheduling.conftest import hence
from tests.servers import Radicale

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mailbox")]


def events_of(person: User) -> dict[str, Any]:
    """What the person's own address serves: {summary: event}."""
    answer = Client().get(f"/feeds/{renew_feed(person, by=person)}.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    found = vobject.readOne(answer.content.decode())
    return {event.summary.value: event for event in getattr(found, "vevent_list", [])}


def test_the_feed_holds_meetings_check_ins_and_action_dates(meeting: Meeting, guest: User, organiser: User):
    postmortem = meeting.postmortem
    due = hence(days=9).date()
    ActionItem.objects.create(
        postmortem=postmortem, number=31, text="Alert on pool use", owner=guest, state="committed", due_on=due
    )
    ActionItem.objects.create(
        postmortem=postmortem, number=32, text="Done long ago", owner=guest, state="done", due_on=due
    )
    assert set(events_of(guest)) == {
        "Post-mortem: Checkout returned 502; carts, too",
        "ACT-31 is due: Alert on pool use",
    }
    assert events_of(guest)["ACT-31 is due: Alert on pool use"].dtstart.value == due
    assert set(events_of(organiser)) == {"Post-mortem: Checkout returned 502; carts, too"}
    assert events_of(make_person("Bo")) == {}
    Meeting.objects.update(state="held", started_at=meeting.starts_at)
    check_in = check_ins.plan_check_in(postmortem, by=organiser)
    event = events_of(guest)["Check-in: Checkout returned 502; carts, too"]
    assert event.dtstart.value == check_in.starts_at
    invitations.answer_invitation(postmortem, response="declined", by=guest)
    assert set(events_of(guest)) == {"ACT-31 is due: Alert on pool use"}


def test_a_feed_never_shows_what_its_person_may_not_see(meeting: Meeting, guest: User):
    Incident.objects.update(visibility="restricted")
    assert events_of(guest) == {}


def test_the_feed_asks_the_same_however_much_is_in_it(
    guest: User, organiser: User, django_assert_num_queries: Any
):
    for number in range(5):
        postmortem = make_postmortem()
        invitations.invite(postmortem, guest, by=organiser)
        Meeting.objects.create(postmortem=postmortem, starts_at=hence(days=number))
        ActionItem.objects.create(
            postmortem=postmortem, number=number + 1, text="x", owner=guest, due_on=hence(days=2).date()
        )
    with django_assert_num_queries(3):
        calendar_feeds.feed_of(meetings_in_feed(guest), actions_in_feed(guest))


def test_meetings_follow_into_the_calendars_of_their_teams(
    radicale: Radicale,
    allowed: None,
    organiser: User,
    mailbox: Mailbox,
):
    team, incident = make_team(), make_incident()
    incident.teams.add(team)
    sealed = encrypt({"address": radicale.calendar, "username": "ada", "password": "secret"})
    TeamCalendar.objects.create(team=team, encrypted=sealed, host="127.0.0.1")
    postmortem = make_postmortem(incident)
    meeting = meeting_times.schedule_meeting(
        postmortem, starts_at=hence(hours=30), minutes=60, zone="UTC", by=organiser
    )
    mailbox.sent_to(organiser)
    (text,) = radicale.kept().values()
    assert vobject.readOne(text).vevent.dtstart.value == meeting.starts_at
    meeting_times.move_meeting(meeting, starts_at=hence(hours=32), by=organiser)
    mailbox.sent_to(organiser)
    (text,) = radicale.kept().values()
    assert vobject.readOne(text).vevent.dtstart.value == hence(hours=32)
    meeting_times.cancel_meeting(meeting, reason="The storm is back", by=organiser)
    mailbox.sent_to(organiser)
    assert radicale.kept() == {}
    row = TeamCalendar.objects.get()
    assert (row.error, row.failures) == ("", 0)
    assert row.written_at is not None
