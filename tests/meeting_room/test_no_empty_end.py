"""A meeting that found nothing does not close by accident, and what is missing is said wherever it is read."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from followthrough.actions import operations as actions
from followthrough.causes import operations as causes
from followthrough.core.errors import DomainError, NotAllowed
from followthrough.meeting_room.operations import lifecycle
from followthrough.meeting_room.queries.gate import gate_of
from followthrough.meetings.models import Meeting
from followthrough.people.models import User
from followthrough.postmortems.models import Omission, PostMortem
from followthrough.reports import operations as reports
from tests.documents import text_of
from tests.factories import make_entry, make_person, make_postmortem, signed_in

pytestmark = pytest.mark.django_db
WHY = "The vendor keeps the logs and answers next month"
REASONS = {what: f"{WHY} ({what})" for what in Omission.What.values}


@pytest.fixture
def ivy() -> User:
    return make_person("Ivy Okafor")


@pytest.fixture
def empty(ivy: User) -> PostMortem:
    """Under way, with nothing in it and nobody who facilitates."""
    postmortem = make_postmortem()
    lifecycle.start_meeting(postmortem, by=ivy)
    return postmortem


@pytest.fixture
def closed(empty: PostMortem, ivy: User) -> PostMortem:
    for what, reason in REASONS.items():
        lifecycle.explain_missing(empty, what, reason=reason, by=ivy)
    lifecycle.close_meeting(empty, by=ivy)
    return empty


def test_each_missing_part_asks_for_its_reason(empty: PostMortem, ivy: User) -> None:
    for what in Omission.What.values:
        with pytest.raises(lifecycle.GateClosed) as refused:
            lifecycle.close_meeting(empty, by=ivy)
        assert any(Omission.What(what).label in left for left in refused.value.current["left"])
        lifecycle.explain_missing(empty, what, reason=WHY, by=ivy)
    assert lifecycle.close_meeting(empty, by=ivy).state == Meeting.State.HELD


@pytest.mark.parametrize(
    "says_nothing", ["x", "none", " - ", "n/a", "nothing", "not needed", "asdf", "?", "xxx xxx"]
)
def test_a_reason_that_says_nothing_is_asked_about(empty: PostMortem, ivy: User, says_nothing: str) -> None:
    finding = causes.add_finding(empty, kind="root_cause", text="Nothing checks the template", by=ivy)
    with pytest.raises(DomainError):
        lifecycle.explain_missing(empty, "timeline", reason=says_nothing, by=ivy)
    with pytest.raises(DomainError):
        causes.leave_without_action(finding, reason=says_nothing, by=ivy)
    assert not empty.omissions.exists()


def test_what_came_after_all_needs_no_reason_and_keeps_none(empty: PostMortem, ivy: User) -> None:
    for what in ("timeline", "actions", "facilitator"):
        lifecycle.explain_missing(empty, what, reason=WHY, by=ivy)
    make_entry(empty)
    causes.add_cause(empty, text="The pool was full", by=ivy)
    finding = causes.add_finding(empty, kind="detection_gap", text="Nobody watches the pool", by=ivy)
    causes.leave_without_action(finding, reason="The pool goes away in December", by=ivy)
    lifecycle.close_meeting(empty, by=ivy)
    assert set(empty.omissions.values_list("what", flat=True)) == {"actions", "facilitator"}


def test_a_facilitator_who_was_only_asked_did_not_facilitate(ivy: User) -> None:
    postmortem = make_postmortem(facilitator=ivy, facilitator_state="asked")
    assert "facilitator" in {row.what for row in gate_of(postmortem).missing}
    postmortem.facilitator_state = "accepted"
    assert "facilitator" not in {row.what for row in gate_of(postmortem).missing}


def test_declined_actions_alone_are_no_actions(empty: PostMortem, ivy: User) -> None:
    action = actions.add_action(empty, text="Alert when the pool passes 80 %", by=ivy)
    assert "actions" not in {row.what for row in gate_of(empty).missing}
    actions.decline(action, reason="The pool goes away in December", by=ivy)
    assert "actions" in {row.what for row in gate_of(empty).missing}


def test_only_who_leads_says_why(ivy: User) -> None:
    postmortem = make_postmortem(facilitator=ivy)
    with pytest.raises(NotAllowed):
        lifecycle.explain_missing(postmortem, "causes", reason=WHY, by=make_person())


@pytest.mark.parametrize("ending", ["md", "html", "json", "pdf"])
def test_every_export_says_what_is_missing_and_why(
    closed: PostMortem, ivy: User, ending: str, settings: Any
) -> None:
    reports.publish(reports.summary_of(closed), by=ivy)
    settings.PDF_ROOT = (
        settings.DATA_DIR / "pdf-of-an-empty-one" if hasattr(settings, "DATA_DIR") else settings.PDF_ROOT
    )
    content = signed_in(ivy).get(f"/incidents/{closed.key}/summary.{ending}").content
    text = " ".join(text_of(content, ending).split())
    for what, reason in REASONS.items():
        assert Omission.What(what).label in text
        assert reason.split(" (")[0] in text
        assert what in text
    assert "one owner and a date" not in text


@pytest.mark.parametrize("page", ["", "summary/"])
def test_every_page_says_what_is_missing_and_why(closed: PostMortem, ivy: User, page: str) -> None:
    told = signed_in(ivy).get(f"/incidents/{closed.key}/{page}").content.decode()
    for what, reason in REASONS.items():
        assert Omission.What(what).label in told
        assert reason in told


def test_the_rail_ticks_nothing_that_did_not_happen(closed: PostMortem, ivy: User) -> None:
    page = signed_in(ivy).get(f"/incidents/{closed.key}/").content.decode()
    for station in ("Facilitator", "Pre-read"):
        assert f'{station}<span class="visually-hidden">: skipped' in page
    assert "done lacking" in page
    assert "no cause, no finding, no action" in page


def test_publishing_what_nobody_explained_asks_why(client: Client, ivy: User) -> None:
    """As of a meeting that was closed before reasons were asked for."""
    postmortem = make_postmortem(state=PostMortem.State.TO_SHARE, closed_at=timezone.now())
    client.force_login(ivy)
    page, address = (
        f"/incidents/{postmortem.key}/summary/",
        f"/incidents/{postmortem.key}/summary/publication/",
    )
    asked = client.get(page).content.decode()
    assert all(f'name="{what}"' in asked for what in Omission.What.values)
    assert "nobody said why" in client.post(address).content.decode()
    assert not reports.summary_of(postmortem).published
    assert "does not say why" in client.post(address, dict.fromkeys(REASONS, "x")).content.decode()
    assert client.post(address, REASONS).status_code == 302
    assert WHY in str(reports.summary_of(postmortem).published)
