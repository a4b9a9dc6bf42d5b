"""The first page: the loop's figures, what is yours, and what others see of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from followthrough.actions import operations as actions
from followthrough.activity.operations import record
from followthrough.home.queries import cached_figures
from followthrough.home.queries.my_tasks import tasks_of
from followthrough.home.queries.overview import cells_for
from followthrough.incidents.models import Incident
from followthrough.meetings.models import Meeting
from followthrough.postmortems.models import Participant, PostMortem
from followthrough.postmortems.operations import promise_due
from tests.factories import make_incident, make_person, make_postmortem, make_service, make_team

pytestmark = pytest.mark.django_db

TEXT = "Add a CI check that rejects a config template with an empty required value"
RESTRICTED = Incident.Visibility.RESTRICTED


@pytest.fixture
def person():
    return make_person("Priya Nair")


@pytest.fixture
def client(person):
    client = Client()
    client.force_login(person)
    return client


def hence(**span: float):
    """A moment in an hour and a bit, say, so that words that round down come out even."""
    return timezone.now() + timedelta(**span) + timedelta(seconds=30)


def cells(person) -> dict[str, tuple[str, str, bool]]:
    return {cell.name: (cell.figure, cell.words, cell.late) for cell in cells_for(person)}


def make_action(postmortem, owner, *, days: int, text: str = TEXT):
    due = timezone.localdate() + timedelta(days=days)
    return actions.add_action(postmortem, text=text, by=owner, owner=owner, due_on=due)


def to_schedule(incident=None, **span: float) -> PostMortem:
    postmortem = make_postmortem(incident)
    promise_due(postmortem, "meeting", due_at=hence(**span), by=None)
    return postmortem


def with_meeting(facilitator, *, incident=None, kind="postmortem", **span: float) -> Meeting:
    postmortem = make_postmortem(incident, state=PostMortem.State.SCHEDULED, facilitator=facilitator)
    return Meeting.objects.create(postmortem=postmortem, kind=kind, starts_at=hence(**span))


def with_summary_due(facilitator, **span: float) -> PostMortem:
    postmortem = make_postmortem(
        state=PostMortem.State.TO_SHARE, facilitator=facilitator, closed_at=timezone.now()
    )
    promise_due(postmortem, "summary", due_at=hence(**span), by=None)
    return postmortem


def test_the_cells_count_what_is_open_and_say_what_is_next(person):
    to_schedule(hours=9)
    to_schedule(hours=30)
    with_meeting(person, days=1)
    with_summary_due(person, hours=-3)
    postmortem = make_postmortem()
    make_action(postmortem, person, days=-2)
    make_action(postmortem, person, days=2)
    shown = cells(person)
    assert shown["To schedule"] == ("2", "meeting window closes in 9 h", False)
    assert shown["Meetings ahead"][0] == "1"
    assert shown["Meetings ahead"][1].startswith("next: ")
    assert shown["Summaries due"][0] == "1"
    assert shown["Summaries due"][2]
    assert shown["Open actions"] == ("2", "1 past their date", True)
    assert shown["Check-ins"] == ("0", "none is due", False)


def test_a_window_that_closed_unused_is_late(person):
    to_schedule(hours=-5)
    assert cells(person)["To schedule"][1:] == ("meeting window closed 4 h ago", True)


def test_what_is_kept_dropped_or_scheduled_is_not_counted(person):
    postmortem = to_schedule(hours=9)
    postmortem.promises.update(kept_at=timezone.now())
    PostMortem.objects.filter(pk=to_schedule(hours=9).pk).update(state=PostMortem.State.SCHEDULED)
    assert cells(person)["To schedule"][0] == "0"


def test_restricted_incidents_count_only_for_those_who_may_see_them(person):
    hidden = make_incident("Confidential", visibility=RESTRICTED)
    postmortem = to_schedule(hidden, hours=9)
    make_action(postmortem, make_person(role="administrator"), days=-1)
    Meeting.objects.create(postmortem=postmortem, starts_at=hence(hours=5))
    assert {figure for figure, _, _ in cells(person).values()} == {"0", "–"}
    hidden.named_people.add(person)
    assert cells(person)["To schedule"][0] == "1"
    assert cells(person)["Open actions"][0] == "1"
    assert cells(person)["Meetings ahead"][0] == "1"


def test_the_rail_says_what_each_of_its_numbers_is_of_what_one_may_see(client, person):
    hidden = make_incident(visibility=RESTRICTED)
    for incident in (hidden, make_incident()):
        Meeting.objects.create(postmortem=make_postmortem(incident), starts_at=hence(hours=5))
    make_action(make_postmortem(), person, days=-1)
    navigation = {item["name"]: item for item in client.get("/").context["navigation"]}
    assert (navigation["Meetings"]["count"], navigation["Meetings"]["of"]) == (1, "ahead")
    assert not navigation["Incidents"]["count"]
    assert not navigation["Patterns"]["count"]
    assert (navigation["Actions"]["count"], navigation["Actions"]["of"]) == (1, "late")
    assert navigation["Actions"]["hot"]
    assert navigation["Home"]["current"]


def test_an_administrator_sees_the_same_page(person):
    to_schedule(make_incident("Confidential", visibility=RESTRICTED), hours=9)
    administrator = make_person("Sana Qureshi", role="administrator")
    client = Client()
    client.force_login(administrator)
    assert cells(administrator)["To schedule"][0] == "1"


def test_yours_comes_in_the_order_of_time_and_late_actions_count_as_due_today(person):
    due_action = make_action(make_postmortem(), person, days=-3)
    with_meeting(person, incident=make_incident("Checkout returned 502"), minutes=2)
    with_meeting(person, incident=make_incident("Expired certificate"), kind="check_in", days=3)
    summary = with_summary_due(person, hours=-2)
    titles = [task.title for task in tasks_of(person)]
    assert titles == [
        f"Share the summary of {summary.key}: {summary.incident.title}",
        "Post-mortem: Checkout returned 502",
        due_action.text,
        "Two-week check-in: Expired certificate",
    ]


def test_a_meeting_says_who_facilitates_and_how_many_have_read_the_pre_read(person):
    meeting = with_meeting(person, hours=30)
    for read_at in (timezone.now(), None):
        Participant.objects.create(postmortem=meeting.postmortem, person=make_person(), read_at=read_at)
    (task,) = tasks_of(person)
    assert task.words == "You facilitate · 2 people · 1 of them have read the pre-read"
    assert task.url == f"/incidents/{meeting.postmortem.key}/brief/"


def test_an_unread_pre_read_is_something_to_do_until_it_is_read(person):
    meeting = with_meeting(make_person("Sana Qureshi"), hours=30)
    seat = Participant.objects.create(postmortem=meeting.postmortem, person=person)
    assert [task.chip for task in tasks_of(person)] == ["not read yet", meeting.postmortem.key]
    Participant.objects.filter(pk=seat.pk).update(read_at=timezone.now())
    assert [task.title for task in tasks_of(person)] == [f"Post-mortem: {meeting.postmortem.incident.title}"]


def test_who_declined_is_not_reminded_of_the_meeting(person):
    meeting = with_meeting(make_person(), hours=30)
    Participant.objects.create(postmortem=meeting.postmortem, person=person, response="declined")
    assert tasks_of(person) == []


def test_a_check_in_says_how_far_its_actions_are(person):
    meeting = with_meeting(person, kind="check_in", days=2)
    states = [actions.commit(make_action(meeting.postmortem, person, days=30), by=person) for _ in range(3)]
    actions.complete(states[0], by=person)
    actions.start(states[1], by=person)
    (task,) = tasks_of(person)
    assert task.words == "3 actions: 1 done, 1 in progress, 1 untouched"
    assert task.tone == ""


@pytest.mark.parametrize("tie", ["team", "service"])
def test_a_team_lead_is_told_of_windows_that_concern_the_team(person, tie):
    team = make_team("Payments")
    person.memberships.create(team=team, leads=True)
    incident = make_incident("Ledger fell behind")
    if tie == "team":
        incident.teams.add(team)
    else:
        incident.services.add(make_service("ledger", owner=team))
    to_schedule(incident, hours=9)
    (task,) = tasks_of(person)
    assert (task.title, task.chip, task.tone) == ("Find a time: Ledger fell behind", "closes in 9 h", "due")
    person.memberships.update(leads=False)
    assert tasks_of(person) == []


def test_actions_far_off_wait_for_their_turn(person):
    make_action(make_postmortem(), person, days=40)
    assert tasks_of(person) == []


def test_only_some_stand_on_the_first_page_and_all_on_the_next(client, person):
    postmortem = make_postmortem()
    for number in range(9):
        make_action(postmortem, person, days=number, text=f"Add check {number} to the pipeline")
    page = client.get("/")
    assert len(page.context["tasks"]) == 6
    assert "All 9" in page.content.decode()
    assert len(client.get("/yours/").context["tasks"]) == 9


@pytest.mark.parametrize(
    ("address", "kind"), [("/due/summaries/", "summary"), ("/due/check-ins/", "check_in")]
)
def test_each_cell_leads_to_its_list(client, person, address, kind):
    for hours in (30, -3):
        promise_due(make_postmortem(facilitator=person), kind, due_at=hence(hours=hours), by=None)
    hidden = make_postmortem(make_incident("Confidential", visibility=RESTRICTED))
    promise_due(hidden, kind, due_at=hence(hours=1), by=None)
    page = client.get(address)
    rows = page.context["page"].rows
    assert [row.due_at < timezone.now() for row in rows] == [True, False]
    assert "Confidential" not in page.content.decode()


def test_every_link_of_the_loop_leads_somewhere(client, person):
    make_incident()
    for cell in cells_for(person):
        assert client.get(cell.url).status_code == 200, cell.name


def test_a_new_organisation_is_led_to_its_first_steps(client):
    page = client.get("/").content.decode()
    assert "/incidents/new/" in page
    assert "/incidents/import/" in page


def test_stakeholders_see_what_was_shared_newest_first():
    reader = Client()
    reader.force_login(make_person("Samuel Addo", role="stakeholder"))
    assert "Nothing is shared yet" in reader.get("/").content.decode()
    old = make_incident("First", shared_at=timezone.now() - timedelta(days=3))
    new = make_incident("Second", shared_at=timezone.now())
    make_incident("Never shared")
    make_incident("Confidential", shared_at=timezone.now(), visibility=RESTRICTED)
    page = reader.get("/")
    assert page.context["page"].rows == [new, old]
    assert [item["name"] for item in page.context["navigation"]] == ["Home", "Inbox"]
    assert reader.get("/yours/").status_code == 404
    assert reader.get("/due/summaries/").status_code == 404


def test_signed_out_people_are_asked_to_sign_in():
    assert Client().get("/").status_code == 302


def fill(person, number: int) -> None:
    for _ in range(number):
        to_schedule(hours=9)
        with_meeting(person, hours=30)
        with_meeting(person, kind="check_in", days=3)
        with_summary_due(person, hours=5)
        make_action(make_postmortem(), person, days=1)


def test_the_number_of_queries_does_not_grow(client, person, django_assert_num_queries):
    client.get("/")
    fill(person, 1)
    with django_assert_num_queries(1000, exact=False) as few:
        client.get("/")
    fill(person, 10)
    with django_assert_num_queries(len(few)):
        client.get("/")


@pytest.fixture
def keeping(monkeypatch):
    """Figures are kept, as outside of tests."""
    cache.clear()
    monkeypatch.setattr(cached_figures, "MAX_AGE_SECONDS", 60)
    yield
    cache.clear()


@pytest.mark.usefixtures("keeping")
def test_the_frame_is_counted_in_one_query_until_something_changes(client, person, django_assert_num_queries):
    make_action(make_postmortem(), person, days=-1)
    with django_assert_num_queries(1000, exact=False) as found:
        client.get("/people/")
        client.get("/people/")
    assert sum("actions_actionitem" in query["sql"] for query in found.captured_queries) == 1


@pytest.mark.usefixtures("keeping")
def test_what_somebody_else_changed_is_counted_at_once(client, person):
    assert _late_in_rail(client) == 0
    action = make_action(make_postmortem(), person, days=-1)
    record(action, "changed", by=make_person())
    assert _late_in_rail(client) == 1


def _late_in_rail(client: Client) -> int:
    places = {item["name"]: item for item in client.get("/").context["navigation"]}
    count: int = places["Actions"]["count"]
    return count


@pytest.mark.parametrize("role", ["administrator", "member", "stakeholder"])
def test_every_role_has_a_first_page(client, role) -> None:
    make_incident(visibility=RESTRICTED)
    make_incident()
    client.force_login(make_person(role=role))
    assert client.get("/").status_code == 200
