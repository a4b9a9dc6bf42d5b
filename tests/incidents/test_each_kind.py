"""One event of each kind from its report to its check-in, told in the words of its kind alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from followthrough.actions import operations as actions
from followthrough.actions.models import ActionItem
from followthrough.causes import operations as causes
from followthrough.incidents.models import Incident
from followthrough.meeting_room.meeting_backend import MeetingBackend
from followthrough.meeting_room.operations import lifecycle
from followthrough.notifications.models import Message
from followthrough.notifications.operations import escalation
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.timeline import operations as timeline
from tests.clock import Clock
from tests.factories import make_person, make_service, make_severity, make_team, signed_in

pytestmark = pytest.mark.django_db
PLANNED = ("missed_deadline", "project_end", "launch")
EVENTS = (*PLANNED, "failed_deployment")
OF_OUTAGES = (
    r"\bincidents?\b|outage|detect(?!ion gap)|mitigat|resolv|\bon-call|commander|service-level"
    r"|technical cause|what failed|dust has settled"
)
OF_MINUTES = (
    r"|\balert|responder|minute by minute|monitoring|data lost|24 hours before|lasted \d+ d \d+ h|affected|\bSEV\d|severity"
    r"|of requests|error budget"
)
FORBIDDEN = {
    "failed_deployment": OF_OUTAGES,
    "missed_deadline": OF_OUTAGES + OF_MINUTES,
    "project_end": OF_OUTAGES + OF_MINUTES + "|post-mortem",
    "launch": OF_OUTAGES + OF_MINUTES + "|post-mortem",
}
BEFORE = (
    "",
    "edit/",
    "postmortem/",
    "pre-read/",
    "brief/",
    "schedule/",
    "facilitator/",
    "impact/",
    "milestones/",
    "room/",
    "meeting.ics",
    "similar/",
    "history/",
)
CLOSED = ("", "summary/", "present/", "corrections/")
PUBLISHED = ("", "summary/", "summary.md", "summary.html", "summary.json")
CHECKED_IN = ("", "check-in/", "check-in.ics", "history/")


class Story:
    """One event of a kind, and everything that somebody is shown of it."""

    def __init__(self, kind: str, clock: Clock) -> None:
        self.clock = clock
        self.kind = kind
        self.team = make_team("Billing")
        self.ada = make_person("Ada Lind", zone="Europe/Berlin", team=self.team)
        self.ben = make_person("Ben Ochs", zone="America/New_York", willing_to_facilitate=True)
        self.lead = make_person("Lea Lead", team=self.team, leads=True)
        self.client = signed_in(self.ada)
        self.shown: dict[str, str] = {}

    @property
    def incident(self) -> Incident:
        return Incident.objects.get()

    @property
    def postmortem(self) -> PostMortem:
        return PostMortem.objects.get()

    def look(self, stage: str, pages: tuple[str, ...]) -> None:
        self.client.force_login(self.ada)
        for page in pages:
            answer = self.client.get(f"{self.incident.get_absolute_url()}{page}")
            assert answer.status_code == 200, (page, answer.status_code)
            self.shown[f"{stage}: {page}"] = words_shown(self.kind, answer.content.decode())

    def post(self, page: str, **said: Any) -> None:
        self.client.force_login(self.ada)
        answer = self.client.post(f"{self.incident.get_absolute_url()}{page}", said)
        assert answer.status_code in {200, 302}, (page, answer.status_code)


class Reader(HTMLParser):
    """What somebody reads or hears of a page, without what only events of another kind are asked."""

    def __init__(self, hidden: tuple[str, ...]) -> None:
        super().__init__()
        self._hidden, self._skipping, self.words = hidden, 0, [""]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attributes}
        out_of_sight = tag in {"script", "style"} or {said.get("class"), said.get("label")} & set(
            self._hidden
        )
        is_left_out = out_of_sight or said.get("id") in {"id_kind", "id_severity"}
        if tag not in VOID:
            self._skipping += bool(self._skipping or is_left_out)
        if not self._skipping:
            self.words += [
                said[name] for name in ("placeholder", "aria-label", "title", "alt") if name in said
            ]

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self._skipping = max(0, self._skipping - 1)

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self.words.append(data)


VOID = {"input", "br", "img", "meta", "link", "hr", "path", "rect", "circle", "line", "use", "source"}


def words_shown(kind: str, page: str) -> str:
    """Of a page its title and its own part; of data its values; of any other file all of it."""
    if page.startswith("{"):
        return sentences(json.loads(page))
    if "<html" not in page:
        return page.replace("\r\n ", "")
    head, _, main = page.partition("<main ")
    own = f"<main {main.partition('</main>')[0]}" if main else page
    reader = Reader(
        ("for-outages", "Of an outage", "form report-line")
        if kind in PLANNED
        else ("for-others", "Of an outage")
    )
    reader.feed("".join(re.findall(r"<title>[^<]*</title>", head)) + own)
    return " ".join(reader.words)


def report(story: Story) -> None:
    service = make_service("ledger", owner=story.team)
    is_planned = story.kind in PLANNED
    moments = (
        {
            "actual_start_at": "2026-06-15T09:00",
            "planned_end_at": "2026-10-01T17:00",
            "actual_end_at": "2026-11-13T17:00",
        }
        if is_planned
        else {
            "started_at": "2026-11-20T14:00",
            "detected_at": "2026-11-20T14:10",
            "mitigated_at": "2026-11-20T14:30",
            "resolved_at": "2026-11-20T15:00",
        }
    )
    form = {
        "title": "Billing moves to the new ledger", "kind": story.kind, "severity": make_severity().pk, "zone": "Europe/Berlin",
        "customer_impact": "some", "visibility": "open", "services": [service.pk], "teams": [story.team.pk],
        "detected_by": "" if is_planned else "staff", "what_happened": "It was done, with some surprises.",
        "people-TOTAL_FORMS": "1", "people-INITIAL_FORMS": "0", "people-0-person": story.ben.pk,
        "people-0-role": "lead", **moments,
    }  # fmt: skip
    page = story.client.get(f"/incidents/new/?kind={story.kind}")
    story.shown["report"] = words_shown(story.kind, page.content.decode())
    answer = story.client.post("/incidents/new/", form)
    assert answer.status_code == 302, answer.content.decode()


def prepare(story: Story) -> None:
    story.post("postmortem/", reason="To learn what made it come out this way")
    story.post("facilitator/", person=story.ben.pk, reason="Nobody else who is free has led a meeting before")
    story.post("attendees/", person=story.lead.pk)
    story.look("open", ("schedule/",))
    starts = (story.clock.now + timedelta(days=2)).replace(hour=10, minute=0)
    story.post("schedule/", starts_at=starts.isoformat(), minutes=60, zone="Europe/Berlin", anyway="on")
    assert story.postmortem.meetings.exists()
    story.look("ahead", BEFORE)
    story.clock.now = starts - timedelta(hours=20)
    escalation.send_due_reminders()
    story.clock.now = starts


def hold(story: Story) -> ActionItem:
    postmortem, ada = story.postmortem, story.ada
    lifecycle.start_meeting(postmortem, by=story.ben, anyway=True)
    timeline.add_entry(
        postmortem,
        text="Two countries came on top",
        happened_at=story.incident.began_at + timedelta(minutes=20),
        zone="Europe/Berlin",
        by=ada,
    )
    cause = causes.add_cause(postmortem, text="Nobody could leave anything out", by=ada)
    finding = causes.add_finding(postmortem, kind="root_cause", text="", cause=cause, by=ada)
    for kind in ("trigger", "detection_gap", "handoff_gap", "went_well"):
        causes.add_finding(postmortem, kind=kind, text=f"A thing ({kind.split('_')[0][:4]})", by=ada)
    action = actions.add_action(
        postmortem, text="Add a scope list to the project template, done when the sponsor has signed the first", owner=ada,
        due_on=timezone.localdate() + timedelta(days=7), finding=finding, by=ada,
    )  # fmt: skip
    actions.commit(action, by=ada)
    story.shown["room"] = room_words(postmortem, story.ben)
    for other in postmortem.findings.exclude(pk=finding.pk):
        if other.needs_action:
            causes.leave_without_action(
                other, reason="It comes once in ten years, and the list catches it", by=story.ben
            )
    lifecycle.close_meeting(postmortem, by=story.ben)
    return action


def room_words(postmortem: PostMortem, person: User) -> str:
    """What the room is sent to be read: sentences, not names of kinds."""
    backend, number = MeetingBackend(), postmortem.pk
    drawn = backend.draw(number, frozenset({person.pk})).content_for(person.pk)
    sent = [backend.greeting(number, person), drawn, backend.snapshot(number).shared]
    return sentences(sent)


def sentences(sent: Any) -> str:
    """What of data is written to be read: no names of kinds, no names of severities."""
    return " | ".join(text for text in texts(sent) if not re.fullmatch(r"[a-z_.]+|SEV\d", text))


def texts(sent: Any) -> Iterator[str]:
    if isinstance(sent, str):
        yield sent if "<svg" not in sent else re.sub(r"<[^>]+>", " ", sent)
    elif isinstance(sent, dict):
        yield from texts(list(sent.values()))
    elif isinstance(sent, (list, tuple)):
        for one in sent:
            yield from texts(one)


def publish(story: Story) -> None:
    story.look("closed", CLOSED)
    people = [story.ada.pk, story.lead.pk]
    story.post("summary/publication/", person=people, others="vera@vendor.example")
    story.post("summary/links/", days=30)
    story.look("published", PUBLISHED)
    page = story.client.get(f"{story.incident.get_absolute_url()}summary/").content.decode()
    for link in set(re.findall(r"/s/[\w.:-]+/", page)):
        story.shown["by link"] = words_shown(story.kind, Client().get(link).content.decode())
    assert "by link" in story.shown
    sam = signed_in(make_person("Sam Stake", role=User.Role.STAKEHOLDER))
    story.shown["stakeholder"] = words_shown(
        story.kind, sam.get(story.incident.get_absolute_url()).content.decode()
    )


def check_in(story: Story, action: ActionItem) -> None:
    story.clock.go(days=8)
    escalation.send_due_reminders()
    story.shown["action"] = words_shown(
        story.kind, story.client.get(f"/actions/{action.key}/").content.decode()
    )
    story.clock.go(days=14)
    escalation.send_due_reminders()
    action.refresh_from_db()
    actions.complete(action, by=story.ada)
    story.post(f"check-in/{action.key}/", outcome="held", reason="The list is in use", evidence="The list")
    story.look("checked in", CHECKED_IN)


def mails(story: Story) -> Iterator[tuple[str, str]]:
    for one in Message.objects.all():
        calendar = one.calendar.replace("\r\n ", "").replace("\n ", "")
        yield f"mail {one.subject}", f"{one.subject} {one.body} {calendar}"
    for letter in mail.outbox:
        yield f"letter {letter.subject}", f"{letter.subject} {letter.body}"


@pytest.mark.parametrize("kind", EVENTS)
def test_no_event_is_told_in_words_of_outages(kind: str, clock: Clock, settings: Any) -> None:
    clock.set("2026-11-23 09:00")
    story = Story(kind, clock)
    report(story)
    prepare(story)
    action = hold(story)
    publish(story)
    check_in(story, action)
    story.shown.update(mails(story))
    found = {place: hits for place, text in story.shown.items() if (hits := words_in_place(kind, text))}
    assert found == {}


def words_in_place(kind: str, text: str) -> list[str]:
    """Each word of outages with what stands around it."""
    text = " ".join(re.sub(r"/incidents/[\w./#?=&-]*|INC-\d+", "", text).split())
    return [
        text[max(0, one.start() - 40) : one.end() + 40]
        for one in re.finditer(FORBIDDEN[kind], text, re.IGNORECASE)
    ]
