"""Reminders of a meeting: the pre-read and the check-in before it, and that it was not held."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from followthrough.meeting_room.operations import lifecycle
from followthrough.meetings.models import Meeting
from followthrough.notifications.models import Message
from followthrough.notifications.operations import escalation
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.postmortems.operations import add_participant
from followthrough.scheduling.operations import meeting_times
from tests.clock import Clock
from tests.factories import explain_missing, make_person, make_postmortem, make_team

pytestmark = pytest.mark.django_db


def meet(postmortem: PostMortem, by: User, *, hours: float = 5) -> Meeting:
    starts_at = timezone.now() + timedelta(hours=hours)
    return meeting_times.schedule_meeting(postmortem, starts_at=starts_at, minutes=60, zone="UTC", by=by)


def test_the_pre_read_goes_out_a_day_before_and_once(clock: Clock):
    clock.set("2026-11-24 10:30")
    postmortem, guest, by = make_postmortem(), make_person(), make_person()
    add_participant(postmortem, guest, by=by)
    far = make_postmortem()
    add_participant(far, guest, by=by)
    meet(postmortem, by)
    meet(far, by, hours=30)
    escalation.send_due_reminders()
    escalation.send_due_reminders()
    assert Message.objects.get(kind="pre_read").path == f"/incidents/{postmortem.key}/pre-read/"


def test_a_meeting_called_on_monday_for_the_same_day_still_gets_its_pre_read(clock: Clock):
    clock.set("2026-11-23 15:30")
    postmortem, by = make_postmortem(), make_person()
    add_participant(postmortem, make_person(), by=by)
    meet(postmortem, by, hours=3)
    escalation.send_due_reminders()
    assert Message.objects.filter(kind="pre_read").count() == 1


def test_the_check_in_is_announced_a_day_before_and_once(clock: Clock):
    clock.set("2026-11-24 10:30")
    postmortem, guest, by = make_postmortem(state="shared"), make_person(), make_person()
    add_participant(postmortem, guest, by=by)
    starts_at = timezone.now() + timedelta(hours=23)
    Meeting.objects.create(postmortem=postmortem, kind="check_in", starts_at=starts_at, minutes=30)
    escalation.add_missing_deadlines()
    escalation.send_due_reminders()
    escalation.send_due_reminders()
    assert Message.objects.get().path == f"/incidents/{postmortem.key}/check-in/"


def test_a_meeting_that_was_not_held_reaches_who_leads_it_and_then_the_lead(clock: Clock):
    clock.set("2026-11-24 10:30")
    team = make_team()
    lead, by = make_person(team=team, leads=True), make_person(team=team)
    postmortem = make_postmortem(facilitator=by)
    meet(postmortem, by, hours=1)
    told = Message.objects.filter(subject__contains="was not held")
    clock.set("2026-11-24 15:00")
    escalation.send_due_reminders()
    assert [one.person for one in told.all()] == [by]
    clock.set("2026-11-25 14:00")
    escalation.send_due_reminders()
    escalation.send_due_reminders()
    assert [one.person for one in told.order_by("pk")] == [by, lead]


def test_a_meeting_that_was_begun_and_never_closed_is_said(clock: Clock):
    clock.set("2026-11-24 10:30")
    by = make_person()
    postmortem = make_postmortem(facilitator=by)
    meet(postmortem, by, hours=1)
    clock.set("2026-11-24 11:30")
    lifecycle.start_meeting(postmortem, by=by)
    clock.set("2026-11-24 15:00")
    escalation.send_due_reminders()
    assert "was begun and is not closed" in Message.objects.latest("pk").subject
    explain_missing(postmortem, by=by)
    lifecycle.close_meeting(PostMortem.objects.get(), by=by)
    clock.set("2026-11-26 15:00")
    escalation.send_due_reminders()
    assert Message.objects.filter(kind="escalation", subject__contains="post-mortem of").count() == 0
