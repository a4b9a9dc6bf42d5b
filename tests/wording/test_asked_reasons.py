"""Wherever the product asks for a written reason, or for proof, "x" is asked about; what says something goes through."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.incidents.models import Incident, Involvement
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.postmortems.operations import open_postmortem
from followthrough.scheduling.operations import meeting_times
from tests.factories import make_incident, make_person, signed_in

pytestmark = pytest.mark.django_db
TOLD = "The gateway is replaced in March"


def an_action(state: str, by: User) -> ActionItem:
    done_at = timezone.now() if state == "done" else None
    incident = make_incident(review=Incident.Review.NEEDED)
    postmortem = open_postmortem(incident, by=by)
    return ActionItem.objects.create(
        number=ActionItem.objects.count() + 1,
        postmortem=postmortem,
        text="Alert at 80 % of the pool",
        state=state,
        owner=by,
        due_on=timezone.localdate(),
        done_at=done_at,
    )


def of_action(state: str, **said: str) -> Any:
    def made(by: User) -> tuple[str, dict[str, Any], Any]:
        action = an_action(state, by)
        return f"/actions/{action.key}/state/", said, lambda: ActionItem.objects.get().version

    return made


def handing_back(by: User) -> tuple[str, dict[str, Any], Any]:
    action = an_action("proposed", by)
    return f"/actions/{action.key}/answer/", {"answer": "hand_back"}, lambda: ActionItem.objects.get().version


def review(path: str) -> Any:
    def made(by: User) -> tuple[str, dict[str, Any], Any]:
        incident = make_incident(review=Incident.Review.UNDECIDED)
        return f"/incidents/{incident.key}/{path}", {}, lambda: Incident.objects.get().review

    return made


def cancelling(by: User) -> tuple[str, dict[str, Any], Any]:
    postmortem = open_postmortem(make_incident(review=Incident.Review.NEEDED), by=by)
    starts_at = timezone.now() + timedelta(days=2)
    meeting_times.settle_time(postmortem, starts_at=starts_at, minutes=60, zone="UTC", by=by)
    return (
        f"/incidents/{postmortem.key}/schedule/cancellation/",
        {},
        lambda: postmortem.meetings.get().state,
    )


def facilitating(by: User) -> tuple[str, dict[str, Any], Any]:
    incident = make_incident(review=Incident.Review.NEEDED)
    postmortem = open_postmortem(incident, by=by)
    Involvement.objects.create(incident=incident, person=by, role="commander")
    address, said = f"/incidents/{incident.key}/facilitator/", {"person": by.pk}
    return address, said, lambda: PostMortem.objects.get(pk=postmortem.pk).facilitator_id


def adding_later(by: User) -> tuple[str, dict[str, Any], Any]:
    postmortem = open_postmortem(make_incident(review=Incident.Review.NEEDED), by=by)
    said = {"text": "Alert at 80 % of the pool", "kind": "prevent", "priority": "high"}
    return f"/incidents/{postmortem.key}/actions/", said, ActionItem.objects.count


@pytest.mark.parametrize("empty", ["x", "n/a"])
@pytest.mark.parametrize(
    ("case", "field"),
    [
        (of_action("committed", to="declined"), "reason"),
        (of_action("done", to="verified", early_reason=TOLD), "proof"),
        (of_action("done", to="verified", proof="A drill fired it"), "early_reason"),
        (of_action("done", to="done"), "proof"),
        (handing_back, "reason"),
        (adding_later, "no_finding_reason"),
        (review("review/skip/"), "reason"),
        (review("review/"), "reason"),
        (review("postmortem/"), "reason"),
        (cancelling, "reason"),
        (facilitating, "reason"),
    ],
    ids=lambda value: getattr(value, "__qualname__", value),
)
def test_a_reason_that_says_nothing_is_asked_about(case: Any, field: str, empty: str) -> None:
    person = make_person()
    address, said, fact = case(person)
    before, client = fact(), signed_in(person)
    page = client.post(address, {**said, field: empty}, follow=True).content.decode()
    assert f"“{empty}” does not " in page
    assert fact() == before
    client.post(address, {**said, field: TOLD})
    assert fact() != before
