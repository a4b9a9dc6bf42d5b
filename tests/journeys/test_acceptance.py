"""From an empty organisation to an action that somebody absent has accepted from their mail."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from followthrough.actions.models import ActionItem
from followthrough.people.models import User
from followthrough.people.setup_code import setup_code
from followthrough.postmortems.operations import open_postmortem
from tests.clock import Clock
from tests.factories import make_incident
from tests.journeys.in_process_browser import Onlooker, open_stage
from tests.mailbox import Mailbox
from tests.room.test_looks import AXE, SERIOUS

pytestmark = [pytest.mark.django_db, pytest.mark.browser]

TEXT = "Alert at 80 % of the connection pool"
PASSWORD = "a long enough pass phrase"


@pytest.fixture
def arrive() -> Iterator[Callable[..., Onlooker]]:
    with open_stage() as arrive:
        yield arrive


def link_in(mail: EmailMessage, words: str = "") -> str:
    plain = mail.get_body(("plain",))
    assert plain is not None
    found = re.search(rf"{words}\s*http://127.0.0.1:8000(\S+)", plain.get_content())
    assert found, plain.get_content()
    return found[1]


def set_up(page: Page) -> None:
    page.get_by_label("One-time code").fill(setup_code())
    page.get_by_label("Your organisation").fill("Northwind")
    page.get_by_label("Your name").fill("Ivy Okafor")
    page.get_by_label("E-mail address").fill("ivy@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Set up").click()
    cards = page.locator(".first-steps h2")
    expect(cards).to_have_text(
        [
            "Name your teams and services",
            "Invite the others",
            "Report an incident",
            "Bring what is written already",
        ]
    )


def invite(page: Page) -> None:
    page.get_by_label("E-mail addresses").fill("Ken Sato <ken@example.org>, maya@example.org")
    page.get_by_role("button", name="Invite them").click()
    expect(page.get_by_role("heading", name="2 people are invited")).to_be_visible()


def come_in(page: Page) -> None:
    expect(page.get_by_role("heading", name="You are invited to Northwind")).to_be_visible()
    page.get_by_label("Name").fill("Ken Sato")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("navigation").first).to_be_visible()


def give(page: Page) -> None:
    page.get_by_label("What will be done").fill(TEXT)
    page.locator("[name=owner]").select_option(label="Ken Sato")
    page.locator("[name=due_on]").fill("2026-12-04")
    page.locator("[name=no_finding_reason]").fill("Remembered the day after")
    page.get_by_role("button", name="Add action").click()
    expect(page.locator(".eyebrow")).to_contain_text("Asked")


def accept(page: Page) -> None:
    page.get_by_role("button", name="Accept it").click()
    expect(page.get_by_role("main")).to_contain_text("ACT-1 is yours, due Friday 4 December")


def test_an_absent_owner_is_asked_and_accepts(
    clock: Clock, mailbox: Mailbox, arrive: Callable[..., Onlooker], settings: Any
) -> None:
    clock.set("2026-11-23 10:00")
    settings.MAIL_ON = True
    ivy, ken = arrive(), arrive()
    ivy.visit("/setup/")
    ivy.does(set_up)
    ivy.visit("/people/invitations/")
    ivy.does(invite)
    (invitation,) = mailbox.sent_to(SimpleNamespace(email="ken@example.org"))
    assert invitation["Subject"] == "You are invited to Northwind’s Followthrough"
    ken.visit(link_in(invitation))
    ken.does(come_in)

    incident = make_incident(began_at=clock.now - timedelta(hours=30))
    postmortem = open_postmortem(incident, by=User.objects.get(name="Ivy Okafor"))
    ivy.visit(f"/incidents/{postmortem.key}/actions/")
    ivy.does(give)
    mail = mailbox.sent_to(User.objects.get(name="Ken Sato"))[-1]
    assert mail["Subject"] == f"ACT-1 is yours: {TEXT}"

    phone = arrive()
    phone.visit(link_in(mail, "Accept it:"))
    assert ActionItem.objects.get().is_asked
    phone.does(lambda page: page.evaluate(AXE.read_text()))
    assert phone.does(lambda page: page.evaluate(SERIOUS)) == []
    phone.does(accept)
    ivy.visit(f"/incidents/{postmortem.key}/summary/")
    ivy.does(lambda page: expect(page.locator("#actions")).to_contain_text("accepted by 1 of 1 owner"))
