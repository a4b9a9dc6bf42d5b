"""What recurs, whether fixes held, and who may see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from followthrough.actions import operations
from followthrough.actions import operations as actions
from followthrough.actions.models import ActionItem
from followthrough.actions.operations import holding
from followthrough.facts import queries as facts
from followthrough.facts.models import Occurrence, Outcome, RefreshQueue
from followthrough.incidents.models import Incident
from followthrough.incidents.operations import change_incident
from followthrough.patterns import queries
from followthrough.patterns.models import Pattern
from followthrough.patterns.operations.refresh import refresh_all, refresh_incident, refresh_queued
from followthrough.patterns.pattern_state import State, note_of
from followthrough.patterns.phrasing import theme_name
from tests.factories import make_person, make_service
from tests.patterns.conftest import ago

pytestmark = pytest.mark.django_db

TEXT = "Add a CI check that rejects a config template with an empty required value"


def act(postmortem, person, *, done: float | None = None, due: int = 30) -> ActionItem:
    """A promised action that answers the only finding; done `done` days ago."""
    finding = postmortem.findings.get()
    action = actions.add_action(
        postmortem,
        text=TEXT,
        by=person,
        owner=person,
        due_on=timezone.localdate() + timedelta(days=due),
        finding=finding,
    )
    actions.commit(action, by=person)
    if done is not None:
        actions.complete(action, by=person)
        ActionItem.objects.filter(pk=action.pk).update(done_at=ago(done))
    return action


def only() -> Pattern:
    refresh_all()
    return Pattern.objects.get()


def test_one_incident_is_no_pattern(struck):
    struck(30)
    refresh_all()
    assert not Pattern.objects.exists()


def test_two_of_the_same_service_and_sort_of_cause_are(struck):
    struck(30)
    struck(10)
    pattern = only()
    assert (pattern.name, pattern.incidents, pattern.services) == (
        "Configuration problems in checkout",
        2,
        ["checkout"],
    )
    assert pattern.usual_gap_days == 20


@pytest.mark.parametrize(
    "fields", [{"category": "code"}, {"kind": "luck"}, {"visibility": Incident.Visibility.RESTRICTED}]
)
def test_what_differs_is_unconfirmed_or_confidential_does_not_count(struck, fields):
    struck(30)
    struck(10, **fields)
    refresh_all()
    assert not Pattern.objects.exists()


def test_what_is_more_than_a_year_past_does_not_count(struck):
    struck(400)
    struck(10)
    refresh_all()
    assert not Pattern.objects.exists()


def test_a_shared_tag_joins_incidents_whatever_the_sort_of_cause(struck):
    struck(30, tags=["staged-rollout"])
    struck(10, tags=["staged-rollout"], category="process")
    pattern = only()
    assert (pattern.name, pattern.categories) == ("Staged rollout", ["Configuration", "Process"])


def test_tags_of_the_same_incidents_are_one_pattern_with_both_names(struck, person):
    client = Client()
    client.force_login(person)
    for days in (30, 10):
        struck(days, tags=["certificate", "expiry"])
    refresh_all()
    assert queries.visible_to(person).count() == 1
    page = client.get("/patterns/")
    assert {lane.name for lane in page.context["lanes"]} in (
        {"Certificate and expiry"},
        {"Expiry and certificate"},
    )


def test_services_struck_by_the_same_incidents_are_one_name(struck, service, person, client):
    other = make_service("Messaging")
    for days in (30, 10):
        struck(days, category="dependencies", kind="trigger").incident.services.add(other)
    refresh_all()
    (lane,) = client.get("/patterns/").context["lanes"]
    assert lane.name == f"Incidents in {other.name} and {service.name} set off by a dependency"


def test_without_actions_it_says_so(struck):
    struck(30)
    struck(10)
    assert only().state == State.NO_ACTION


def test_an_action_done_and_nothing_since_is_quiet(struck, person):
    struck(60)
    act(struck(40), person, done=20)
    pattern = only()
    assert pattern.state == State.QUIET
    assert note_of(pattern, timezone.now()) == (
        "quiet 20 days since the fix",
        "too early to say; usual gap between them: 20 days",
    )
    assert note_of(pattern, timezone.now() + timedelta(days=1))[1] == "usual gap between them: 20 days"


def test_striking_again_after_an_action_was_done_means_it_did_not_hold(struck, person):
    act(struck(60), person, done=50)
    struck(10)
    pattern = only()
    assert pattern.state == State.DID_NOT_HOLD
    assert note_of(pattern, timezone.now()) == ("fix did not hold", "came back 40 days after “done”")


def test_several_lately_after_a_calm_year_is_getting_worse(struck, person):
    for days in (60, 50, 40, 30, 10):
        act(struck(days), person)
    pattern = only()
    assert pattern.state == State.WORSE
    assert note_of(pattern, timezone.now())[1] == "5 in 90 days, 0 in the year before"


def test_as_many_lately_as_before_is_not_getting_worse(struck, person):
    for days in (400, 330, 300, 250, 180, 150, 120, 60, 40, 10):
        act(struck(days), person)
    assert only().state == State.UNDER_WAY


def test_two_lately_are_too_few_to_say_so(struck, person):
    for days in (30, 10):
        act(struck(days), person)
    assert only().state == State.UNDER_WAY


def test_two_with_actions_under_way_only_wait_for_them(struck, person):
    struck(300)
    act(struck(10), person)
    assert only().state == State.UNDER_WAY


def test_making_everything_twice_changes_nothing(struck, person):
    act(struck(60, tags=["dns"]), person, done=50)
    struck(10, tags=["dns"])
    refresh_all()
    before = [list(model.objects.order_by("pk").values()) for model in (Occurrence, Pattern, Outcome)]
    refresh_all()
    assert before == [list(model.objects.order_by("pk").values()) for model in (Occurrence, Pattern, Outcome)]


def test_a_fix_held_until_something_of_a_kind_strikes(struck, person):
    act(struck(60), person, done=50)
    act(struck(55, category="code"), person, done=45)
    struck(10)
    refresh_all()
    assert facts.fixes(timezone.now()) == facts.Share(1, 2)


def test_a_later_incident_alone_moves_earlier_fixes(struck, person):
    fixed = struck(60)
    act(fixed, person, done=50)
    refresh_incident(fixed.pk)
    assert facts.fixes(timezone.now()) == facts.Share(1, 1)
    refresh_incident(struck(10).pk)
    assert facts.fixes(timezone.now()) == facts.Share(0, 1)


def test_what_was_struck_before_the_fix_does_not_count_against_it(struck, person):
    struck(58)
    act(struck(60), person, done=50)
    refresh_all()
    assert facts.fixes(timezone.now()) == facts.Share(1, 1)


def test_a_check_in_may_say_that_it_did_not_hold(struck, person):
    action = act(struck(60), person, done=50)
    act(struck(55, category="code"), person, done=45)
    holding.note_failure(action, proof="It struck again", by=person)
    refresh_all()
    assert facts.fixes(timezone.now()) == facts.Share(1, 2)
    operations.reopen(action, by=person)
    refresh_all()
    assert facts.fixes(timezone.now()) == facts.Share(1, 2)
    holding.note_failure(operations.complete(action, by=person), proof="It failed again", by=person)
    operations.decline(action, reason="The vendor retires it in March", by=person)
    refresh_all()
    assert facts.fixes(timezone.now()) == facts.Share(1, 2)


def test_without_a_sort_of_cause_the_word_of_people_counts(struck, person):
    failed, held, silent = (act(struck(days), person, done=days - 10) for days in (60, 50, 40))
    ActionItem.objects.update(finding=None)
    held.refresh_from_db()
    holding.note_failure(failed, proof="It struck again", by=person)
    holding.verify(held, proof="Quiet since", by=person)
    refresh_all()
    assert facts.fixes(timezone.now()) == facts.Share(1, 2)
    assert silent.outcome.held is None


def test_actions_are_in_time_late_or_not_yet_to_be_judged(struck, person):
    postmortem = struck(20)
    act(postmortem, person, due=0, done=0)
    act(postmortem, person, due=-5)
    act(postmortem, person, due=5)
    refresh_all()
    shares = [month.share for month in facts.punctuality()]
    assert sum(share.whole for share in shares) == 2
    assert sum(share.part for share in shares) == 1
    assert len(shares) == 12


def test_changes_are_caught_up_with(struck, person):
    postmortem = struck(30)
    struck(10)
    act(postmortem, person)
    assert set(RefreshQueue.objects.values_list("pk", flat=True)) == set(
        Incident.objects.values_list("pk", flat=True)
    )
    assert refresh_queued() == 2
    assert Pattern.objects.get().actions == 1
    assert not RefreshQueue.objects.exists()
    assert refresh_queued() == 0


def test_an_incident_that_becomes_restricted_leaves_at_once(struck, person):
    struck(30)
    postmortem = struck(10)
    refresh_all()
    change_incident(
        postmortem.incident, by=person, visibility=Incident.Visibility.RESTRICTED, named_people=[person]
    )
    assert not Pattern.objects.exists()
    assert not Occurrence.objects.filter(incident=postmortem.pk).exists()


def test_the_pages_show_incidents_findings_and_actions(struck, person):
    client = Client()
    client.force_login(person)
    struck(30)
    action = act(struck(10), person)
    pattern = only()
    listed = client.get("/patterns/").content.decode()
    assert "Configuration problems in checkout" in listed
    assert 'class="lane"' in listed
    page = client.get(pattern.get_absolute_url()).content.decode()
    assert "Config reached all machines at once" in page
    assert action.key in page


def test_the_list_narrows_by_service_and_state(struck, person):
    client = Client()
    client.force_login(person)
    other = make_service("ledger")
    for days in (30, 10):
        struck(days)
        struck(days, tags=["dns"])
    refresh_all()
    assert len(client.get("/patterns/?service=checkout").context["lanes"]) == 2
    assert client.get(f"/patterns/?service={other.slug}").context["lanes"] == []
    assert client.get("/patterns/?state=quiet").context["lanes"] == []


def test_stakeholders_see_no_patterns(struck):
    reader = Client()
    reader.force_login(make_person(role="stakeholder"))
    struck(30)
    struck(10)
    pattern = only()
    for address in ("/patterns/", pattern.get_absolute_url()):
        assert reader.get(address).status_code == 404


def test_the_number_of_queries_does_not_grow(struck, person, django_assert_num_queries):
    client = Client()
    client.force_login(person)
    for days in (30, 10):
        struck(days, tags=["one"])
    refresh_all()
    client.get("/patterns/")
    with django_assert_num_queries(1000, exact=False) as few:
        client.get("/patterns/")
    for number in range(12):
        for days in (30, 10):
            struck(days, tags=[f"tag-{number}"])
    refresh_all()
    with django_assert_num_queries(len(few)):
        assert len(client.get("/patterns/").context["lanes"]) == 13


@pytest.mark.parametrize(
    ("theme", "name"),
    [
        (("dependencies", "trigger", "Network"), "Incidents in Network set off by a dependency"),
        (("monitoring", "detection_gap", "Identity"), "Problems in Identity noticed late: monitoring"),
        (("people", "cause", "Storage"), "Working conditions in Storage"),
        (("", "slow_to_mitigate", "DNS"), "Incidents in DNS slow to be contained"),
        (("communication", "handoff_gap", ""), "Handoffs that go wrong: communication"),
    ],
)
def test_a_pattern_is_called_as_a_person_would_say_it(theme, name):
    assert theme_name(*theme) == name
