"""Scheduling, moving and calling off, through the page and the operations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from followthrough.activity.models import Activity
from followthrough.core.errors import Conflict, DomainError
from followthrough.incidents.models import Involvement
from followthrough.incidents.operations.review import skip_review
from followthrough.meetings.models import Meeting
from followthrough.notifications.models import Message
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.postmortems.operations import add_participant, open_postmortem
from followthrough.scheduling.operations import invitations, meeting_times
from tests.factories import make_incident, make_person, make_postmortem, signed_in
from tests.interruption import cut_off_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def everyday(name: str, **fields: object) -> User:
    """Somebody who works each day, so that every window holds working time."""
    return make_person(name, working_days=list(range(7)), **fields)


def test_a_proposed_time_is_chosen_and_everyone_closest_is_asked(now: datetime):
    incident = make_incident(began_at=now - timedelta(hours=30))
    organiser, oncall = everyday("Priya"), everyday("Jonas", zone="Europe/Warsaw")
    Involvement.objects.create(incident=incident, person=oncall, role="on_call")
    postmortem, client = open_postmortem(incident, by=organiser), signed_in(organiser)
    page = client.get(f"/incidents/{incident.key}/schedule/")
    slot = page.context["proposal"].slots[0]
    assert slot.in_window
    assert b"Everyone required is free" in page.content
    assert b"in Warsaw" in page.content
    facts = {"starts_at": slot.starts_at.isoformat(), "minutes": "60", "zone": "UTC", "anyway": "on"}
    assert client.post(f"/incidents/{incident.key}/schedule/", facts).status_code == 302
    meeting = Meeting.objects.get()
    assert (meeting.starts_at, meeting.minutes, meeting.scheduled_by) == (slot.starts_at, 60, organiser)
    assert postmortem.participants.get().person == oncall
    assert Message.objects.get(person=oncall).subject.startswith(f"{incident.key}: the post-mortem is on ")
    assert not Message.objects.filter(person=organiser).exists()
    assert PostMortem.objects.get().state == PostMortem.State.SCHEDULED
    again = client.get(f"/incidents/{incident.key}/schedule/")
    assert b"Times that suit best" in again.content


def to_schedule(now: datetime) -> tuple[PostMortem, User, User]:
    """A post-mortem that nobody is asked to yet, who schedules it, and who would be asked."""
    incident = make_incident(began_at=now - timedelta(hours=30))
    organiser, oncall = everyday("Priya"), everyday("Jonas")
    Involvement.objects.create(incident=incident, person=oncall, role="on_call")
    return open_postmortem(incident, by=organiser), organiser, oncall


def test_nobody_is_asked_to_a_meeting_whose_time_is_refused(now: datetime):
    postmortem, organiser, oncall = to_schedule(now)
    gone = {
        "starts_at": (now - timedelta(hours=1)).isoformat(),
        "minutes": "60",
        "zone": "UTC",
        "anyway": "on",
    }
    page = signed_in(organiser).post(f"/incidents/{postmortem.key}/schedule/", gone)
    assert b"That time has passed" in page.content
    assert not postmortem.participants.exists()
    assert not Message.objects.filter(person=oncall).exists()


def test_nobody_is_asked_when_scheduling_is_cut_off_half_way(now: datetime):
    postmortem, organiser, _ = to_schedule(now)
    time = {
        "starts_at": (now + timedelta(hours=30)).isoformat(),
        "minutes": "60",
        "zone": "UTC",
        "anyway": "on",
    }
    with cut_off_at(Meeting), pytest.raises(SystemExit):
        signed_in(organiser).post(f"/incidents/{postmortem.key}/schedule/", time)
    assert not postmortem.participants.exists()
    assert not Meeting.objects.exists()
    assert not Activity.objects.filter(kind="postmortems.participant").exists()


def test_impossible_times_are_named_beside_their_field(now: datetime):
    incident = make_incident(began_at=now - timedelta(hours=30))
    person = everyday("Priya", zone="Asia/Tokyo")
    open_postmortem(incident, by=person)
    address = f"/incidents/{incident.key}/schedule/"
    for zone, said in (("Asia/Tokyo", "0001-01-01T00:00"), ("UTC", "9999-12-31T23:59-09:00")):
        facts = {"starts_at": said, "minutes": "60", "zone": zone}
        page = signed_in(person).post(address, facts).content.decode()
        assert "between the years 1600 and 2200" in page
        assert f'value="{said}"' in page
    assert signed_in(person).get(f"{address}?at=0001-01-01T00:00%2B09:00").status_code == 200


def test_an_own_time_outside_the_window_is_warned_about_and_goes_after_that(now: datetime):
    incident = make_incident(began_at=now - timedelta(hours=30))
    person = everyday("Priya")
    add_participant(open_postmortem(incident, by=person), person, by=person)
    late = (now + timedelta(days=9)).replace(hour=10, minute=0)
    facts = {"starts_at": f"{late:%Y-%m-%dT%H:%M}", "minutes": "90", "zone": "UTC"}
    page = signed_in(person).post(f"/incidents/{incident.key}/schedule/", facts)
    assert "It is after the meeting’s window closes" in page.content.decode()
    assert not Meeting.objects.exists()
    signed_in(person).post(f"/incidents/{incident.key}/schedule/", {**facts, "anyway": "on"})
    meeting = Meeting.objects.get()
    assert meeting.starts_at == late.replace(second=0, microsecond=0)
    assert meeting.minutes == 90


@pytest.mark.parametrize("said", ["", "soon", "2020-01-01T10:00", "2027-03-28T02:30"])
def test_a_time_that_is_none_or_past_or_skipped_is_refused_in_words(said: str):
    postmortem, person = make_postmortem(), make_person()
    facts = {"starts_at": said, "minutes": "60", "zone": "Europe/Warsaw", "anyway": "on"}
    page = signed_in(person).post(f"/incidents/{postmortem.key}/schedule/", facts)
    assert page.status_code == 200
    assert page.context["form"].errors["starts_at"]
    assert not Meeting.objects.exists()


def test_moving_raises_the_revision_asks_anew_and_tells_once(now: datetime):
    postmortem, organiser, guest = make_postmortem(), make_person(), make_person()
    row = add_participant(postmortem, guest, by=organiser)
    meeting = meeting_times.schedule_meeting(
        postmortem, starts_at=now + timedelta(hours=5), minutes=60, zone="UTC", by=organiser
    )
    invitations.answer_invitation(postmortem, response="accepted", by=guest)
    for _ in range(2):
        meeting_times.move_meeting(meeting, starts_at=now + timedelta(hours=7), by=organiser)
    row.refresh_from_db()
    assert (meeting.revision, row.response) == (1, "invited")
    subjects = list(Message.objects.filter(person=guest).order_by("pk").values_list("subject", flat=True))
    assert [subject.split("moved")[0] for subject in subjects][1] == f"{postmortem.key}: the post-mortem "
    assert len(subjects) == 2
    assert Activity.objects.filter(kind="meetings.meeting", verb="moved").count() == 1


def test_calling_off_needs_a_reason_tells_it_and_lets_one_schedule_again(now: datetime):
    postmortem, organiser, guest = make_postmortem(), make_person(), make_person()
    add_participant(postmortem, guest, by=organiser)
    when = {"starts_at": now + timedelta(hours=5), "minutes": 60, "zone": "UTC", "by": organiser}
    meeting = meeting_times.schedule_meeting(postmortem, **when)
    with pytest.raises(DomainError, match="why"):
        meeting_times.cancel_meeting(meeting, reason=" ", by=organiser)
    client = signed_in(organiser)
    client.post(f"/incidents/{postmortem.key}/schedule/cancellation/", {"reason": "The storm is back"})
    meeting.refresh_from_db()
    assert (meeting.state, meeting.cancel_reason) == ("cancelled", "The storm is back")
    assert Message.objects.filter(person=guest, body__endswith="The storm is back").count() == 1
    assert PostMortem.objects.get().state == PostMortem.State.TO_SCHEDULE
    meeting_times.schedule_meeting(PostMortem.objects.get(), **when)
    with pytest.raises(Conflict, match="already"):
        meeting_times.schedule_meeting(PostMortem.objects.get(), **when)


def test_a_refusal_reaches_whoever_scheduled_it(now: datetime):
    postmortem, organiser, guest = make_postmortem(), make_person(), make_person("Ann")
    add_participant(postmortem, guest, by=organiser)
    meeting_times.schedule_meeting(
        postmortem, starts_at=now + timedelta(hours=5), minutes=60, zone="UTC", by=organiser
    )
    signed_in(guest).post(f"/incidents/{postmortem.key}/attendance/", {"response": "declined"})
    assert "Ann (required) cannot come" in Message.objects.get(person=organiser).subject
    with pytest.raises(DomainError, match="not asked"):
        invitations.answer_invitation(postmortem, response="accepted", by=organiser)


def test_somebody_asked_later_is_told_the_time(now: datetime):
    postmortem, organiser, guest = make_postmortem(), make_person(), make_person()
    meeting_times.schedule_meeting(
        postmortem, starts_at=now + timedelta(hours=5), minutes=60, zone="UTC", by=organiser
    )
    row = invitations.invite(postmortem, guest, reason="Knows the gateway", by=organiser)
    assert "you are asked" in Message.objects.get(person=guest).subject
    invitations.withdraw_invitation(row, by=organiser)
    assert Message.objects.filter(person=guest).count() == 2


def test_a_stakeholder_gets_the_summary_instead_of_a_seat():
    postmortem, by = make_postmortem(), make_person()
    with pytest.raises(DomainError, match="summary instead"):
        invitations.invite(postmortem, make_person(role="stakeholder"), by=by)


def test_what_the_clock_of_the_zone_says_counts():
    postmortem, person = make_postmortem(), make_person(zone="America/New_York")
    day = datetime.now(UTC).date() + timedelta(days=30)
    facts = {"starts_at": f"{day}T09:00", "minutes": "60", "zone": "America/New_York", "anyway": "on"}
    signed_in(person).post(f"/incidents/{postmortem.key}/schedule/", facts)
    assert Meeting.objects.get().starts_at.hour in {13, 14}


def test_skipping_the_post_mortem_calls_its_meeting_off_and_keeps_it_off(now: datetime):
    incident, organiser, guest = make_incident(review="needed"), make_person(), make_person()
    postmortem = make_postmortem(incident)
    add_participant(postmortem, guest, by=organiser)
    when = {"starts_at": now + timedelta(hours=5), "minutes": 60, "zone": "UTC", "by": organiser}
    meeting = meeting_times.schedule_meeting(postmortem, **when)
    skip_review(incident, reason="The same as last week", by=organiser)
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.CANCELLED
    assert "The same as last week" in Message.objects.filter(person=guest).latest("pk").body
    with pytest.raises(DomainError, match="skipped"):
        meeting_times.schedule_meeting(PostMortem.objects.get(), **when)


def test_opening_asks_for_a_reason_only_where_nothing_asked_for_it():
    person, undecided, needed = make_person(), make_incident(), make_incident(review="needed")
    client = signed_in(person)
    assert b"What you hope to learn" in client.get(f"/incidents/{undecided.key}/postmortem/").content
    client.post(f"/incidents/{undecided.key}/postmortem/", {})
    assert not PostMortem.objects.exists()
    client.post(f"/incidents/{undecided.key}/postmortem/", {"reason": "It nearly cost us data"})
    client.post(f"/incidents/{needed.key}/postmortem/", {})
    assert {row.pk for row in PostMortem.objects.all()} == {undecided.pk, needed.pk}
    undecided.refresh_from_db()
    assert (undecided.review, undecided.review_reason) == ("needed", "It nearly cost us data")
    assert b"The post-mortem is open" in client.get(f"/incidents/{needed.key}/postmortem/").content
