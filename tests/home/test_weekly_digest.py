"""The weekly digest: what is due from somebody and from their teams, once a week, only where there is something."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followthrough.actions import operations as actions
from followthrough.actions.models import ActionItem
from followthrough.notifications.models import Message, ReminderSettings
from followthrough.notifications.operations import escalation
from followthrough.people.models import Team, User
from followthrough.postmortems.operations import add_participant, open_postmortem
from followthrough.scheduling.operations import meeting_times
from tests.clock import Clock
from tests.factories import make_incident, make_person, make_postmortem, make_service, make_team

pytestmark = pytest.mark.django_db
TUESDAY = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture
def team(clock: Clock) -> Team:
    clock.now = TUESDAY
    return make_team("Payments")


def promised(owner: User, text: str, due_on: date) -> ActionItem:
    action = actions.add_action(make_postmortem(), text=text, owner=owner, due_on=due_on, by=owner)
    return actions.commit(action, by=owner)


def digests(clock: Clock, *, days: int = 7) -> list[Message]:
    """Everything said in the digests of those days."""
    escalation.add_missing_deadlines()
    for _ in range(24 * days):
        clock.go(hours=1)
        escalation.send_due_reminders()
    return list(Message.objects.filter(kind="digest").order_by("created_at", "pk"))


def test_it_lists_what_is_due_from_a_person_on_monday_morning(clock: Clock, team: Team) -> None:
    ada = make_person("Ada", team=team, zone="America/New_York")
    late = promised(ada, "Renew the certificate", date(2026, 11, 27))
    soon = promised(ada, "Alert at 80 % of the pool", date(2026, 12, 3))
    promised(ada, "Rewrite the importer", date(2027, 2, 1))
    postmortem = make_postmortem()
    add_participant(postmortem, ada, by=ada)
    meeting_times.schedule_meeting(
        postmortem, starts_at=datetime(2026, 12, 2, 15, tzinfo=UTC), minutes=60, zone="UTC", by=ada
    )
    (digest,) = digests(clock)
    assert digest.created_at == datetime(2026, 11, 30, 14, tzinfo=UTC)
    assert digest.subject == "Your week: one action late, one action due and one meeting"
    assert f"{late.key}, 3 days late: Renew the certificate" in digest.body
    assert f"{soon.key}, Thursday: Alert at 80 % of the pool" in digest.body
    assert "Wed 2 Dec, 10:00 in New York: post-mortem of" in digest.body
    assert "importer" not in digest.body


def test_a_lead_reads_of_the_team_without_what_they_may_not_see(clock: Clock, team: Team) -> None:
    lead, ada = make_person("Lee", team=team, leads=True), make_person("Ada", team=team)
    mine = promised(ada, "Renew the certificate", date(2026, 11, 27))
    hidden = promised(ada, "Ask the lawyer", date(2026, 11, 27))
    hidden.postmortem.incident.visibility = "restricted"
    hidden.postmortem.incident.save()
    incident = make_incident(began_at=TUESDAY - timedelta(hours=2))
    incident.services.add(make_service(owner=team))
    open_postmortem(incident, by=ada)
    told = [row for row in digests(clock) if row.person == lead]
    assert [row.subject for row in told] == [
        "Payments, this week: one action late and one meeting to schedule"
    ]
    assert f"{mine.key}, Ada, 3 days late" in told[0].body
    assert incident.title in told[0].body
    assert "lawyer" not in told[0].body


def test_nothing_to_say_is_not_said(clock: Clock, team: Team) -> None:
    make_person("Ada", team=team, leads=True)
    assert digests(clock, days=14) == []


def test_it_comes_once_a_week_as_long_as_there_is_something(clock: Clock, team: Team) -> None:
    ada = make_person("Ada", team=team)
    promised(ada, "Renew the certificate", date(2026, 11, 27))
    days = [row.created_at.date() for row in digests(clock, days=21)]
    assert days == [date(2026, 11, 30), date(2026, 12, 7), date(2026, 12, 14)]


def test_it_can_be_switched_off(clock: Clock, team: Team) -> None:
    promised(make_person("Ada", team=team), "Renew the certificate", date(2026, 11, 27))
    ReminderSettings.objects.create(digests=False)
    assert digests(clock) == []


def test_queries_do_not_grow_with_people(clock: Clock, team: Team) -> None:
    def pass_for(number: int) -> int:
        for _ in range(number):
            lead = make_person(team=make_team(), leads=True)
            ada = make_person(team=lead.memberships.get().team)
            promised(ada, "Renew the certificate", clock.now.date() - timedelta(days=1))
        escalation.add_missing_deadlines()
        clock.go(days=7)
        with CaptureQueriesContext(connection) as queries:
            escalation.send_due_reminders()
        return len(queries)

    few = pass_for(2)
    assert pass_for(20) <= few + 2
