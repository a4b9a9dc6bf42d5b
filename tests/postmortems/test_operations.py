"""Opening, people, promises and state."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from followthrough.activity.models import Activity
from followthrough.core.errors import DomainError, NotFound
from followthrough.incidents.models import Involvement
from followthrough.postmortems import operations, queries
from followthrough.postmortems.models import Participant, PostMortem, Promise
from tests.factories import BEGAN, make_incident, make_person, make_postmortem

pytestmark = pytest.mark.django_db
Kind, State = Promise.Kind, PostMortem.State


def test_opening_twice_opens_once():
    incident, person = make_incident(), make_person()
    postmortem = operations.open_postmortem(incident, by=person)
    assert operations.open_postmortem(incident, by=person) == postmortem
    assert postmortem.key == incident.key
    assert postmortem.opened_by == person
    rows = Activity.objects.filter(topic=incident.topic).exclude(kind="timeline.entry").order_by("seq")
    assert [row.verb for row in rows] == ["opened", "promised"]


def test_it_is_as_visible_as_its_incident():
    incident = make_incident(visibility="restricted")
    postmortem, named, stranger = make_postmortem(incident), make_person(), make_person()
    incident.named_people.add(named)
    assert queries.find(named, postmortem.pk) == postmortem
    with pytest.raises(NotFound):
        queries.find(stranger, postmortem.pk)
    assert not queries.visible_to(AnonymousUser())


def test_promises_are_given_moved_kept_and_dropped():
    postmortem, person = make_postmortem(), make_person()
    operations.promise_due(postmortem, Kind.SUMMARY, due_at=BEGAN, by=person)
    operations.move_promise(postmortem, Kind.SUMMARY, due_at=BEGAN + timedelta(hours=1), by=person)
    assert queries.promise_of(postmortem, Kind.SUMMARY).due_at == BEGAN + timedelta(hours=1)
    operations.keep_promise(postmortem, Kind.SUMMARY, by=person, at=BEGAN)
    operations.keep_promise(postmortem, Kind.SUMMARY, by=person)
    operations.drop_promise(postmortem, Kind.SUMMARY, by=person)
    promise = queries.promise_of(postmortem, Kind.SUMMARY)
    assert (promise.kept_at, promise.dropped_at) == (BEGAN, None)
    assert list(Activity.objects.order_by("seq").values_list("verb", flat=True)) == [
        "promised",
        "moved",
        "kept",
    ]
    operations.promise_due(postmortem, Kind.CHECK_IN, due_at=BEGAN, by=person)
    operations.drop_promise(postmortem, Kind.CHECK_IN, by=person)
    assert queries.promise_of(postmortem, Kind.CHECK_IN) is None


def test_a_held_meeting_keeps_its_window():
    postmortem = make_postmortem(state=State.TO_SHARE)
    operations.promise_meeting(postmortem)
    assert not Promise.objects.exists()


def test_state_moves_and_notes_the_close():
    postmortem, person = make_postmortem(), make_person()
    operations.set_state(postmortem, State.TO_SHARE, by=person)
    closed = postmortem.closed_at
    assert closed
    operations.set_state(postmortem, State.SHARED, by=person)
    operations.set_state(postmortem, State.TO_SHARE, by=person)
    assert PostMortem.objects.get().closed_at == closed


def test_a_neutral_facilitator_is_asked_and_may_accept_or_decline():
    postmortem, person, by = make_postmortem(), make_person(), make_person()
    operations.choose_facilitator(postmortem, person, by=by)
    assert postmortem.facilitator_state == "asked"
    with pytest.raises(DomainError):
        operations.answer_facilitation(postmortem, accepts=True, by=by)
    operations.answer_facilitation(postmortem, accepts=True, by=person)
    assert postmortem.facilitator_state == "accepted"
    operations.answer_facilitation(postmortem, accepts=False, by=person)
    assert PostMortem.objects.get().facilitator is None


def test_an_involved_facilitator_needs_a_reason_that_is_kept():
    postmortem, person, by = make_postmortem(), make_person(), make_person()
    Involvement.objects.create(incident=postmortem.incident, person=person, role="commander")
    with pytest.raises(DomainError) as refusal:
        operations.choose_facilitator(postmortem, person, by=by)
    assert refusal.value.field == "reason"
    operations.choose_facilitator(postmortem, person, reason="Nobody else is at work", by=by)
    assert PostMortem.objects.get().facilitator_reason == "Nobody else is at work"


def test_participants_are_asked_once_and_answer():
    postmortem, person, by = make_postmortem(), make_person(), make_person()
    participant = operations.add_participant(postmortem, person, reason="on-call", by=by)
    assert operations.add_participant(postmortem, person, required=False, by=by) == participant
    assert Participant.objects.get().required is False
    operations.respond(participant, response="accepted", by=person)
    assert Participant.objects.get().response == "accepted"
    with pytest.raises(DomainError):
        operations.respond(participant, response="perhaps", by=person)
    operations.remove_participant(participant, by=by)
    assert not Participant.objects.exists()


def test_nobody_is_asked_to_what_they_may_not_see():
    postmortem = make_postmortem(make_incident(visibility="restricted"))
    with pytest.raises(DomainError, match="cannot see"):
        operations.add_participant(postmortem, make_person(), by=make_person())
    with pytest.raises(DomainError, match="cannot see"):
        operations.choose_facilitator(postmortem, make_person(), by=make_person())
