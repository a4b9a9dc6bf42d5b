"""From a proposed time to an action declined from its reminder, in browsers and through calendars and mail."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import vobject
from django.test import Client
from playwright.sync_api import Page, expect

from followthrough.actions import operations as actions
from followthrough.actions.models import ActionItem
from followthrough.actions.operations import acceptance
from followthrough.calendars.operations import renew_feed
from followthrough.meeting_room.operations import lifecycle
from followthrough.meetings.models import Meeting
from followthrough.notifications.operations import escalation
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.postmortems.operations import open_postmortem
from followthrough.scheduling.operations import invitations
from tests.clock import Clock
from tests.factories import explain_missing, make_incident, make_person
from tests.journeys.in_process_browser import Onlooker, open_stage
from tests.mailbox import Mailbox

pytestmark = [pytest.mark.django_db, pytest.mark.browser]


def event_in(mail: EmailMessage) -> Any:
    """The event of an invitation, by an independent parser, with the iTIP method as `method`."""
    (part,) = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    calendar = vobject.readOne(part.get_content())
    return calendar.method.value, calendar.vevent


def follow(mail: EmailMessage, words: str) -> str:
    """The path behind a link of the mail's plain text."""
    plain = mail.get_body(("plain",))
    assert plain is not None
    found = re.search(rf"{words}: http://127.0.0.1:8000(\S+)", plain.get_content())
    assert found, plain.get_content()
    return found[1]


def feed_of(person: User) -> dict[str, Any]:
    address = f"/feeds/{renew_feed(person, by=person)}.ics"
    calendar = vobject.readOne(Client().get(address).content.decode())
    return {event.summary.value.split(":")[0]: event for event in calendar.vevent_list}


def choose(one: Onlooker, postmortem: PostMortem, number: int, words: str) -> datetime:
    """Presses the button of the proposed slot with this number; when it begins."""

    def press(page: Page) -> str | None:
        slot = page.locator(".slots > li").filter(has=page.get_by_role("button")).nth(number)
        starts = slot.locator("[name=starts_at]").get_attribute("value")
        slot.get_by_role("button").click()
        expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()
        return starts

    one.visit(f"/incidents/{postmortem.key}/schedule/")
    return datetime.fromisoformat(one.does(press) or "").astimezone(UTC)


def accept(page: Page) -> None:
    page.get_by_role("button", name="Yes, I will come").click()
    expect(page.get_by_role("heading", name="You will come")).to_be_visible()


def see_who_comes(page: Page) -> None:
    page.reload()
    seats = page.get_by_role("region", name="Who comes").get_by_role("listitem")
    expect(seats.filter(has_text="Jonas")).to_contain_text("Accepted")


def decline(page: Page) -> None:
    page.get_by_label("Why will it not be done?").fill("The pool is gone since the move")
    page.get_by_role("button", name="Decline it").click()
    expect(page.get_by_role("main")).to_contain_text("is declined")


@pytest.fixture
def arrive() -> Iterator[Callable[..., Onlooker]]:
    with open_stage() as arrive:
        yield arrive


def test_four_promises_keep_themselves(clock: Clock, mailbox: Mailbox, arrive: Callable[..., Onlooker]):
    clock.set("2026-11-23 10:00")
    priya, jonas = make_person("Priya"), make_person("Jonas", zone="Europe/Warsaw")
    postmortem = open_postmortem(make_incident(began_at=clock.now - timedelta(hours=30)), by=priya)
    invitations.invite(postmortem, jonas, by=priya)
    organiser, guest = arrive(priya), arrive()

    starts = choose(organiser, postmortem, 0, "The meeting is scheduled")
    method, event = event_in(mailbox.sent_to(jonas)[0])
    assert (method, event.sequence.value, event.dtstart.value) == ("REQUEST", "0", starts)
    assert "Timeline" in event.description.value
    guest.visit(follow(mailbox.sent_to(jonas)[0], "I will come"))
    guest.does(accept)
    organiser.does(see_who_comes)

    moved = choose(organiser, postmortem, -1, "The meeting moved")
    assert moved != starts
    method, again = event_in(mailbox.sent_to(jonas)[1])
    assert (method, again.sequence.value, again.uid.value) == ("REQUEST", "1", event.uid.value)
    assert again.dtstart.value == moved
    assert again.attendee.params["PARTSTAT"] == ["NEEDS-ACTION"]
    assert feed_of(jonas)["Post-mortem"].dtstart.value == moved

    clock.now = moved
    action = held(postmortem, priya, owner=jonas)
    check_in = Meeting.objects.get(kind="check_in")
    assert feed_of(jonas)["Check-in"].dtstart.value == check_in.starts_at
    assert feed_of(jonas)[f"{action.key} is due"].dtstart.value == date(2026, 12, 3)
    _, planned = event_in(mailbox.sent_to(jonas)[-1])
    assert planned.dtstart.value == check_in.starts_at

    clock.set("2026-12-04 10:00")
    escalation.send_due_reminders()
    reminder = next(mail for mail in mailbox.sent_to(jonas)[::-1] if action.key in mail["Subject"])
    guest.visit(follow(reminder, "Decline it"))
    assert ActionItem.objects.get().state == ActionItem.State.COMMITTED
    guest.does(decline)
    assert ActionItem.objects.get().state == ActionItem.State.DECLINED
    assert set(feed_of(jonas)) == {"Post-mortem", "Check-in"}


def held(postmortem: PostMortem, by: User, *, owner: User) -> ActionItem:
    """Holds the meeting, which decides on one action."""
    lifecycle.start_meeting(postmortem, by=by)
    action = actions.add_action(
        postmortem,
        text="Alert at 80 % of the connection pool, done when a test fires it",
        owner=owner,
        due_on=date(2026, 12, 3),
        by=by,
    )
    acceptance.accept(action, by=owner)
    explain_missing(postmortem, by=by)
    lifecycle.close_meeting(postmortem, by=by)
    return action
