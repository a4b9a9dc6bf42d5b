from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from followthrough.actions import operations as actions
from followthrough.actions import queries
from followthrough.actions.models import ActionItem, ActionLink
from followthrough.actions.operations import holding
from followthrough.actions.operations.added_later import add_later
from followthrough.activity.models import Activity
from followthrough.causes.operations import add_finding
from followthrough.core.errors import Conflict, DomainError, NotFound
from tests.factories import make_incident, make_person, make_postmortem

pytestmark = pytest.mark.django_db

SPECIFIC = "Add a CI check that rejects a config template with an empty required value"
DUE = date(2026, 12, 4)


@pytest.fixture
def person():
    return make_person("Jonas Olsen")


@pytest.fixture
def postmortem():
    return make_postmortem()


@pytest.fixture
def action(postmortem, person):
    return actions.add_action(postmortem, text=SPECIFIC, by=person, owner=person, due_on=DUE)


def test_actions_are_numbered_across_post_mortems(postmortem, person):
    keys = [
        actions.add_action(where, text=SPECIFIC, by=person).key for where in (postmortem, make_postmortem())
    ]
    assert keys == ["ACT-1", "ACT-2"]


def test_a_removed_action_keeps_its_number(action, postmortem, person):
    actions.remove_action(action, by=person)
    assert actions.add_action(postmortem, text=SPECIFIC, by=person).number == 2
    actions.restore_action(action, by=person)
    assert [one.number for one in queries.actions_of(postmortem)] == [1, 2]


def test_a_number_taken_by_another_process_is_passed_over(action, postmortem, person, monkeypatch):
    seen = iter([1, 2])
    monkeypatch.setattr(queries, "next_number", lambda: next(seen))
    assert actions.add_action(postmortem, text=SPECIFIC, by=person).number == 2


def test_a_page_may_name_a_new_action_itself_but_only_once(postmortem, person):
    key = uuid4()
    actions.add_action(postmortem, text=SPECIFIC, by=person, id=key)
    with pytest.raises(Conflict):
        actions.add_action(postmortem, text="again", by=person, id=key)
    assert ActionItem.objects.count() == 1


def test_owners_are_active_members_who_may_see_the_incident(person):
    restricted = make_incident(visibility="restricted")
    restricted.named_people.add(person)
    postmortem = make_postmortem(restricted)
    refused = {
        "no longer here": make_person("Gone", is_active=False),
        "only reads": make_person("Reader", role="stakeholder"),
        "may not see": make_person("Elsewhere"),
    }
    for reason, owner in refused.items():
        with pytest.raises(DomainError, match=reason) as refusal:
            actions.add_action(postmortem, text=SPECIFIC, by=person, owner=owner)
        assert refusal.value.field == "owner"
    action = actions.add_action(postmortem, text=SPECIFIC, by=person, owner=person)
    for owner in refused.values():
        with pytest.raises(DomainError):
            actions.change_action(action, by=person, owner=owner)
    assert ActionItem.objects.get().owner == person


def test_committing_needs_owner_and_date(postmortem, person):
    action = actions.add_action(postmortem, text=SPECIFIC, by=person)
    with pytest.raises(DomainError, match="no owner"):
        actions.commit(action, by=person)
    actions.change_action(action, by=person, owner=person)
    with pytest.raises(DomainError, match="no date"):
        actions.commit(action, by=person)
    actions.change_action(action, by=person, due_on=DUE)
    actions.commit(action, by=person)
    assert action.state == "committed"
    assert action.committed_at
    for field in ("owner", "due_on"):
        with pytest.raises(DomainError, match="keeps"):
            actions.change_action(action, by=person, **{field: None})


def test_nobody_commits_for_an_owner_who_has_left(action, person):
    owner = make_person("Mei Lin")
    actions.change_action(action, by=person, owner=owner)
    owner.is_active = False
    owner.save()
    with pytest.raises(DomainError, match="no longer here"):
        actions.commit(ActionItem.objects.get(), by=person)


def test_an_action_goes_its_way_and_comes_back(action, person):
    other = make_person("Sana Khan")
    actions.commit(action, by=person)
    actions.start(action, by=person)
    actions.complete(action, by=person)
    holding.verify(action, proof="A drill fired it", early_reason="The drill was today", by=other)
    action.refresh_from_db()
    assert (action.state, action.verified_by) == ("verified", other)
    assert action.done_at
    actions.reopen(action, by=person)
    action.refresh_from_db()
    assert (action.state, action.verified_by, action.done_at, action.verified_at) == (
        "committed",
        None,
        None,
        None,
    )
    verbs = Activity.objects.filter(kind="actions.actionitem").order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["added", "committed", "started", "done", "verified", "reopened"]


def test_an_owner_may_verify_and_the_record_says_so(action, person):
    actions.commit(action, by=person)
    actions.complete(action, by=person)
    holding.verify(action, proof="https://grafana.example/d/1", early_reason="Drilled twice", by=person)
    assert ActionItem.objects.get().verified_by == person
    assert Activity.objects.get(verb="verified").changes["verified_by"] == [None, person.pk]


@pytest.mark.parametrize(
    ("steps", "impossible"),
    [
        ([], "start"),
        ([], "complete"),
        ([], "reopen"),
        (["commit"], "commit"),
        (["commit", "start"], "start"),
        (["commit", "complete"], "start"),
        (["commit", "complete"], "complete"),
    ],
)
def test_impossible_steps_are_refused_plainly(action, person, steps, impossible):
    for step in steps:
        getattr(actions, step)(action, by=person)
    with pytest.raises(DomainError, match="and this needs it to be"):
        getattr(actions, impossible)(action, by=person)


@pytest.mark.parametrize("state", ["proposed", "committed", "verified", "declined"])
def test_only_what_is_done_can_be_verified(action, person, state):
    ActionItem.objects.update(state=state)
    with pytest.raises(DomainError, match="and this needs it to be done"):
        holding.verify(ActionItem.objects.get(), proof="Drilled", early_reason="Drilled twice", by=person)


def test_held_needs_a_proof_and_its_days_or_a_recorded_exception(action, person, clock):
    actions.commit(action, by=person)
    actions.complete(action, by=person)
    with pytest.raises(DomainError, match="what shows that it held"):
        holding.verify(action, proof="  ", by=person)
    with pytest.raises(DomainError, match="can be said from Monday 30 November on, 7 days after") as refused:
        holding.verify(action, proof="Drilled", by=person)
    assert refused.value.field == "early_reason"
    holding.set_judgement_delays(dict.fromkeys(ActionItem.Kind, 0) | {action.kind: 14}, by=person)
    clock.go(days=13)
    with pytest.raises(DomainError, match="14 days after"):
        holding.verify(action, proof="Drilled", by=person)
    clock.go(days=2)
    holding.verify(action, proof="Quiet for two weeks", early_reason="not needed", by=person)
    found = ActionItem.objects.get()
    assert (found.proof, found.early_reason) == ("Quiet for two weeks", "")


def test_what_is_added_later_answers_a_finding_or_says_why_not(action, person):
    with pytest.raises(DomainError, match="say where it comes from") as refused:
        add_later(action.postmortem, text="Alert at 80 % of the pool", by=person)
    assert refused.value.field == "no_finding_reason"
    day = timezone.localdate() + timedelta(days=7)
    mine = add_later(
        action.postmortem,
        text="Alert at 80 %",
        no_finding_reason="Agreed at the retrospective",
        owner=person,
        due_on=day,
        by=person,
    )
    theirs = add_later(
        action.postmortem,
        text="Alert at 90 %",
        no_finding_reason="Agreed at the retrospective",
        owner=make_person(),
        due_on=day,
        by=person,
    )
    assert (mine.state, theirs.state) == ("committed", "proposed")


def test_two_who_take_a_step_at_once_cannot_both(action, person):
    actions.commit(action, by=person)
    same = ActionItem.objects.get()
    actions.start(action, by=person)
    with pytest.raises(Conflict):
        actions.decline(same, reason="The pool goes away", by=person)
    assert ActionItem.objects.get().state == "in_progress"


def test_declining_needs_a_reason_that_stays(action, person):
    with pytest.raises(DomainError, match="why"):
        actions.decline(action, reason="", by=person)
    actions.decline(action, reason="The service is retired in March.", by=person)
    assert ActionItem.objects.get().decline_reason == "The service is retired in March."
    with pytest.raises(DomainError, match="is declined"):
        actions.decline(action, reason="The pool goes away", by=person)
    actions.reopen(action, by=person)
    assert ActionItem.objects.get().state == "proposed"
    assert ActionItem.objects.get().decline_reason == ""


def test_accepted_wording_ends_with_other_words(action, person):
    actions.accept_wording(action, by=person)
    assert ActionItem.objects.get().wording_accepted_by == person
    actions.change_action(action, by=person, priority="high")
    assert ActionItem.objects.get().wording_accepted_by == person
    actions.change_action(action, by=person, text="Improve monitoring")
    assert ActionItem.objects.get().wording_accepted_by is None


def test_a_stale_text_is_refused_and_other_fields_are_not(action, person):
    actions.change_action(ActionItem.objects.get(), by=person, text="Alert at 80 % of the pool in orders-db")
    with pytest.raises(Conflict) as refusal:
        actions.change_action(action, by=person, base=1, text="mine")
    assert refusal.value.current["text"] == "Alert at 80 % of the pool in orders-db"
    actions.change_action(action, by=person, base=1, due_on=date(2026, 12, 1))
    assert ActionItem.objects.get().due_on == date(2026, 12, 1)


def test_wrong_fields_are_named(action, person):
    for fields, word in (
        ({"state": "done"}, "state"),
        ({"kind": "x"}, "kind"),
        ({"priority": "x"}, "priority"),
        ({"text": " "}, "verb"),
    ):
        with pytest.raises(DomainError, match=word):
            actions.change_action(action, by=person, **fields)
    foreign = add_finding(make_postmortem(), kind="trigger", text="elsewhere", by=person)
    with pytest.raises(DomainError, match="another post-mortem"):
        actions.change_action(action, by=person, finding=foreign)
    assert ActionItem.objects.get().version == 1


def test_links_lead_to_web_pages_only(action, person):
    link = actions.add_link(action, url="https://tracker.example.org/CHK-881", by=person)
    assert link.title == "tracker.example.org"
    for url in ("javascript:alert(1)", "tracker", ""):
        with pytest.raises(DomainError, match="link"):
            actions.add_link(action, url=url, by=person)
    actions.remove_link(link, by=person)
    assert not ActionLink.objects.exists()


def test_collaborators_help_while_the_owner_answers(action, person):
    helper = make_person("Mei Lin")
    actions.share_with(action, helper, by=person)
    actions.share_with(action, helper, by=person)
    assert list(action.collaborators.all()) == [helper]
    with pytest.raises(DomainError, match="owns this"):
        actions.share_with(action, person, by=person)
    actions.stop_sharing_with(action, helper, by=person)
    assert not action.collaborators.exists()


def test_what_the_gate_wants(postmortem, person):
    action = actions.add_action(postmortem, text="Improve monitoring", by=person)
    assert queries.missing_of(action) == ["is not specific", "has no owner", "has no date"]
    actions.accept_wording(action, by=person)
    actions.change_action(action, by=person, owner=person, due_on=DUE)
    assert queries.missing_of(action) == ["is not committed to"]
    actions.commit(action, by=person)
    assert queries.missing_of(action) == []


def test_late_and_load_count_only_what_is_open(postmortem, person):
    for text, due in (
        ("Cap the pool", date(2026, 11, 1)),
        ("Add an alert", date(2026, 12, 1)),
        ("Drop it", date(2026, 1, 1)),
    ):
        actions.add_action(postmortem, text=text, by=person, owner=person, due_on=due)
    actions.decline(ActionItem.objects.get(text="Drop it"), reason="The pool goes away", by=person)
    idle = make_person()
    today = date(2026, 11, 23)
    assert [one.text for one in queries.late(queries.visible_to(person), today=today)] == ["Cap the pool"]
    loads = queries.load_of([person, idle], among=ActionItem.objects.all(), today=today)
    assert loads == {person.pk: queries.Load(open=2, late=1), idle.pk: queries.Load()}


def test_actions_of_a_restricted_incident_are_found_by_those_named_only(person):
    postmortem = make_postmortem(make_incident(visibility="restricted"))
    admin = make_person(role="administrator")
    number = actions.add_action(postmortem, text=SPECIFIC, by=admin).number
    assert queries.find(admin, number).postmortem == postmortem
    with pytest.raises(NotFound):
        queries.find(person, number)
    assert not queries.visible_to(person).exists()
