"""What turned up after the summary was published: corrected in the record, and told to those who read the version before."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from followthrough.actions.operations.added_later import add_later
from followthrough.activity.models import Activity
from followthrough.causes.models import Cause, Finding
from followthrough.causes.operations import add_cause, add_finding
from followthrough.core.errors import DomainError
from followthrough.notifications.models import Message
from followthrough.people.models import User
from followthrough.postmortems.models import Participant, PostMortem
from followthrough.reports import operations
from followthrough.reports.models import Summary
from followthrough.reports.queries.assembly import pending_changes
from followthrough.timeline.models import Entry
from tests.documents import text_of
from tests.factories import (
    explain_missing,
    make_entry,
    make_incident,
    make_person,
    make_postmortem,
    signed_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def jonas() -> User:
    return make_person("Jonas Lind")


@pytest.fixture
def reader() -> User:
    return make_person("Stella Brandt", role=User.Role.STAKEHOLDER)


@pytest.fixture
def summary(jonas: User, reader: User) -> Summary:
    """Published, with one of everything, a minute ago."""
    incident = make_incident("Checkout returned 502", zone="Europe/Berlin")
    postmortem = make_postmortem(incident, state=PostMortem.State.TO_SHARE, closed_at=timezone.now())
    Participant.objects.create(postmortem=postmortem, person=jonas)
    make_entry(postmortem, "Pool is full")
    cause = add_cause(postmortem, text="The pool has no alert", by=jonas)
    add_finding(postmortem, kind="root_cause", text="", cause=cause, by=jonas)
    explain_missing(postmortem, by=jonas)
    found = operations.summary_of(postmortem)
    operations.publish(found, by=jonas)
    Summary.objects.update(published_at=timezone.now() - timedelta(minutes=1))
    Activity.objects.update(at=timezone.now() - timedelta(minutes=2))
    found.refresh_from_db()
    return found


def correct(person: User, summary: Summary, what: str, **said: object):
    address = f"/incidents/INC-{summary.pk}/corrections/one/"
    return signed_in(person).post(address, {"what": what, **said}, follow=True)


def test_timeline_causes_and_findings_are_corrected_after_closing(summary: Summary, jonas: User) -> None:
    entry, cause, finding = Entry.objects.get(), Cause.objects.get(), Finding.objects.get()
    correct(
        jonas,
        summary,
        "change-entry",
        key=entry.pk,
        base=1,
        text="The pool is full",
        happened_at="2026-11-20T16:00",
        kind="alert",
    )
    correct(jonas, summary, "add-entry", text="15:20 a customer wrote")
    correct(jonas, summary, "change-cause", key=cause.pk, base=1, text="The pool had no alert")
    correct(jonas, summary, "add-cause", text="Nobody owns it", parent=cause.pk)
    correct(
        jonas,
        summary,
        "change-finding",
        key=finding.pk,
        base=1,
        text="No alert on the pool",
        kind="detection_gap",
    )
    correct(jonas, summary, "add-finding", text="A customer noticed first", kind="luck")
    for row in (entry, cause, finding):
        row.refresh_from_db()
    assert (entry.text, entry.happened_at.hour, entry.kind) == ("The pool is full", 15, "alert")
    assert Entry.objects.filter(text="a customer wrote").exists()
    assert (cause.text, cause.children.get().text) == ("The pool had no alert", "Nobody owns it")
    assert (finding.text, finding.kind) == ("No alert on the pool", "detection_gap")
    history = signed_in(jonas).get(f"/incidents/INC-{summary.pk}/history/").content.decode()
    assert "No alert on the pool" in history
    gone = correct(jonas, summary, "remove-finding", key=finding.pk)
    assert b"Bring it back" in gone.content
    correct(jonas, summary, "restore-finding", key=finding.pk)
    finding.refresh_from_db()
    assert finding.removed_at is None


@pytest.mark.parametrize(
    ("what", "said", "words"),
    [
        ("change-entry", {"text": "x"}, "no longer on the page"),
        ("add-finding", {"text": " ", "kind": "luck"}, "Say what"),
        ("add-entry", {"text": "without a time"}, "Say when it was"),
        ("publish", {}, "Nothing was changed"),
    ],
)
def test_what_cannot_be_corrected_is_said(
    summary: Summary, jonas: User, what: str, said: dict[str, str], words: str
):
    assert words in correct(jonas, summary, what, **said).content.decode()


def test_nothing_is_corrected_over_a_colleagues_words_or_before_closing(
    summary: Summary, jonas: User
) -> None:
    cause = Cause.objects.get()
    correct(make_person(), summary, "change-cause", key=cause.pk, base=1, text="Theirs")
    assert (
        b"Somebody else changed this first"
        in correct(jonas, summary, "change-cause", key=cause.pk, base=1, text="Mine").content
    )
    ahead = make_postmortem()
    assert signed_in(jonas).get(f"/incidents/{ahead.key}/corrections/")["Location"].endswith("/room/")
    assert (
        signed_in(make_person(role="stakeholder"))
        .get(f"/incidents/INC-{summary.pk}/corrections/")
        .status_code
        == 404
    )


def test_a_new_version_says_what_was_added_and_its_readers_are_told_once(
    summary: Summary, jonas: User, reader: User
) -> None:
    with pytest.raises(DomainError, match="says what the published summary says"):
        operations.publish_again(summary, by=jonas)
    newcomer = make_person("New Stakeholder", role=User.Role.STAKEHOLDER)
    correct(jonas, summary, "add-entry", text="15:20 a customer wrote")
    add_later(
        summary.postmortem,
        text="Alert at 80 % of the pool",
        no_finding_reason="The pool filled up again",
        by=jonas,
    )
    address = f"/incidents/INC-{summary.pk}/summary/"
    page = signed_in(jonas).get(address).content.decode()
    assert "Publish version 2" in page
    assert "Timeline, added or corrected: a customer wrote" in page
    assert "a customer wrote" not in signed_in(reader).get(address).content.decode()
    signed_in(jonas).post(f"{address}publication/", {"again": "yes"})
    shown = signed_in(reader).get(address).content.decode()
    assert "Added since version 1" in shown
    assert "a customer wrote" in shown
    _first, second = Message.objects.filter(person=reader, kind="summary_published").order_by("pk")
    assert "(version 2)" in second.subject
    assert "a customer wrote" in second.body
    assert not Message.objects.filter(person=newcomer).exists()
    summary.refresh_from_db()
    assert pending_changes(summary) == []
    refused = signed_in(jonas).post(f"{address}publication/", {"again": "yes"}, follow=True)
    assert b"says what the published summary says" in refused.content
    assert Message.objects.filter(person=reader).count() == 2


def test_every_export_says_what_was_added(summary: Summary, jonas: User) -> None:
    correct(jonas, summary, "add-finding", text="A customer noticed first", kind="luck")
    operations.publish_again(summary, by=jonas)
    for ending in ("md", "html", "json", "pdf"):
        answer = signed_in(jonas).get(f"/incidents/INC-{summary.pk}/summary.{ending}")
        text = text_of(answer.content, ending)
        if ending == "json":
            assert json.loads(answer.content)["edition"] == 2
        else:
            assert "Added since version 1" in text
        assert "A customer noticed first" in text


def test_taken_back_and_published_it_is_the_next_version(summary: Summary, jonas: User) -> None:
    operations.take_back(summary, by=jonas)
    operations.edit_prose(summary, section="overview", text="The pool was full.", by=jonas)
    operations.publish(summary, by=jonas)
    summary.refresh_from_db()
    assert summary.published["edition"] == 2
    assert summary.published["changes"] == [{"where": "In short", "what": "rewritten", "text": ""}]
