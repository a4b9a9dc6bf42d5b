"""Events that are no outages: their own words, questions, roles, days and windows."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from followthrough.incidents import operations
from followthrough.incidents.models import Incident, Milestone
from followthrough.incidents.review_window import working_days_after
from followthrough.meeting_room.queries.greeting import questions_for
from followthrough.meetings.models import Question
from followthrough.people.models import User
from followthrough.postmortems.models import Promise
from followthrough.reports.exports import to_markdown
from followthrough.reports.queries.assembly import assemble
from tests.factories import make_person, make_severity, signed_in

pytestmark = pytest.mark.django_db

Name = Milestone.Name


@pytest.fixture
def ada() -> User:
    return make_person("Ada Lind", zone="Europe/Berlin")


@pytest.fixture
def client(ada: User) -> Client:
    return signed_in(ada)


def late_project(by: User, kind: str = Incident.Kind.MISSED_DEADLINE) -> Incident:
    """From 15 June, planned to end on 1 October, ended on 13 November; the clocks went back in between."""
    return operations.report_incident(
        title="Billing migration",
        kind=kind,
        severity=make_severity(),
        zone="Europe/Berlin",
        began_at=datetime(2026, 6, 15, 7, tzinfo=UTC),
        milestones={
            Name.ACTUAL_START: datetime(2026, 6, 15, 7, tzinfo=UTC),
            Name.PLANNED_END: datetime(2026, 10, 1, 15, tzinfo=UTC),
            Name.ACTUAL_END: datetime(2026, 11, 13, 16, tzinfo=UTC),
        },
        by=by,
    )


def test_long_events_are_told_in_days_of_their_zone(client: Client, ada: User) -> None:
    incident = late_project(ada)
    page = client.get(incident.get_absolute_url()).content.decode()
    assert "lasted 151 days" in page
    assert "It ended 43 days late." in page
    assert "not noted" in page  # the decision that nobody noted
    assert "not reached yet" not in page


@pytest.mark.parametrize(
    ("kind", "over"), [("missed_deadline", "Over"), ("project_end", "Ended"), ("launch", "Launched")]
)
def test_a_state_is_said_in_words_of_the_kind(client: Client, ada: User, kind: str, over: str) -> None:
    incident = late_project(ada, kind)
    page = client.get(incident.get_absolute_url()).content.decode()
    assert f">{over}</span>" in page
    assert "Resolved" not in page
    for role in ("Sponsor", "Owner", "Lead", "Contributor"):
        assert f">{role}</option>" in page
    assert "Incident commander" not in page
    assert "Data lost" not in page


def test_a_kind_of_event_has_questions_of_its_own(ada: User) -> None:
    operations.require_review(
        incident := late_project(ada, "launch"), reason="To learn what made it come so late", by=ada
    )
    asked = [question.text for question in questions_for(incident.postmortem)]
    assert "What should be on the checklist of the next launch?" in asked
    assert "What worked and should be repeated?" in asked
    assert not [text for text in asked if "alert" in text or "24 hours" in text]


def test_an_administrator_says_of_which_kind_a_question_is_asked(ada: User) -> None:
    administrator = signed_in(make_person(role=User.Role.ADMINISTRATOR))
    said = {"phase": "impact", "kind": "launch", "text": "Who came?", "answered_from": ""}
    administrator.post("/settings/questions/", said)
    assert Question.objects.get(text="Who came?").kind == "launch"
    operations.require_review(
        deadline := late_project(ada), reason="To learn what made it come so late", by=ada
    )
    assert "Who came?" not in [question.text for question in questions_for(deadline.postmortem)]


def test_the_window_of_a_project_is_in_working_days_and_ahead(ada: User) -> None:
    operations.require_review(
        incident := late_project(ada, "project_end"), reason="To learn what made it come so late", by=ada
    )
    window = incident.postmortem.promises.get(kind=Promise.Kind.MEETING)
    assert window.opens_at
    assert window.due_at > window.opens_at > timezone.now()
    assert window.due_at.astimezone(UTC).weekday() < 5


def test_working_days_leave_out_weekends_and_keep_the_clock() -> None:
    friday = datetime(2026, 10, 23, 15, tzinfo=UTC)
    assert working_days_after(friday, 2, "Europe/Berlin") == datetime(2026, 10, 27, 16, tzinfo=UTC)


def test_what_is_no_outage_is_reported_without_what_only_outages_have(client: Client) -> None:
    sent = {
        "title": "Beta", "kind": "launch", "severity": make_severity().pk, "zone": "Europe/Berlin",
        "actual_start_at": "2026-11-02T09:00", "customer_impact": "some", "visibility": "open",
        "people-TOTAL_FORMS": "0", "people-INITIAL_FORMS": "0",
    }  # fmt: skip
    client.post("/incidents/new/", sent)
    assert Incident.objects.get().detected_by == Incident.DetectedBy.NOT_KNOWN


OF_OUTAGES = re.compile(
    r"outage|incident commander|on-call|alert|minute by minute|resolved|technical cause|users affected"
    r"|service-level|monitoring|data lost|24 hours before|lasted \d+ d \d+ h",
    re.IGNORECASE,
)
PAGES = (
    "",
    "pre-read/",
    "brief/",
    "schedule/",
    "impact/",
    "milestones/",
    "facilitator/",
    "summary/",
    "history/",
)


def words_shown(page: str) -> str:
    """What somebody reads or hears of the page's own part."""
    main = page.partition("<main")[2].partition("</main>")[0]
    told = re.findall(r'(?:placeholder|aria-label|title|alt)="([^"]*)"', main)
    return " ".join(
        [re.sub(r"<[^>]+>", " ", re.sub(r"<script.*?</script>", "", main, flags=re.DOTALL)), *told]
    )


@pytest.mark.parametrize("kind", ["missed_deadline", "project_end", "launch"])
def test_no_word_of_outages_is_in_pages_and_exports(client: Client, ada: User, kind: str) -> None:
    incident = late_project(ada, kind)
    operations.require_review(incident, reason="To learn what made it come so late", by=ada)
    for page in PAGES:
        answer = client.get(f"{incident.get_absolute_url()}{page}")
        assert answer.status_code == 200, page
        assert OF_OUTAGES.findall(words_shown(answer.content.decode())) == [], page
    told = to_markdown(assemble(incident.postmortem, blameless=True))
    assert OF_OUTAGES.findall(told) == []
    assert "**Actual end:** 13 Nov 2026, 43 days late" in told
    assert "**Planned end:** 1 Oct 2026" in told
