"""A summary is assembled from the record, edited, published, shared and exported."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from markdown_it import MarkdownIt

from followthrough.actions.models import ActionItem
from followthrough.causes.models import Cause, Finding
from followthrough.core.errors import Conflict, DomainError
from followthrough.incidents.models import Impact, Incident, Involvement
from followthrough.notifications.models import Message
from followthrough.people.models import User
from followthrough.postmortems.models import Participant, PostMortem, Promise
from followthrough.reports import operations, queries
from followthrough.reports.anonymisation import pseudonymise
from followthrough.reports.models import Summary
from followthrough.reports.queries.assembly import assemble, current
from followthrough.timeline.models import Entry
from tests.documents import text_of
from tests.factories import (
    explain_missing,
    make_entry,
    make_incident,
    make_person,
    make_postmortem,
    make_service,
    make_severity,
)
from tests.pace import taking_at_most

pytestmark = pytest.mark.django_db


@pytest.fixture
def jonas() -> User:
    return make_person("Jonas Lind")


@pytest.fixture
def postmortem(jonas: User) -> PostMortem:
    """A meeting that was closed, with one of everything."""
    incident = make_incident(
        "Checkout returned 502", what_happened="Jonas Lind rolled out a template. Jonas saw errors."
    )
    incident.services.add(make_service("checkout"))
    Involvement.objects.create(incident=incident, person=jonas, role=Involvement.Role.ON_CALL)
    Impact.objects.create(
        incident=incident, users_affected=5000, estimates=["users_affected"], people=4, hours_each=2
    )
    now = timezone.now()
    postmortem = make_postmortem(incident, state=PostMortem.State.TO_SHARE, closed_at=now)
    Participant.objects.create(postmortem=postmortem, person=jonas)
    Promise.objects.create(postmortem=postmortem, kind=Promise.Kind.SUMMARY, due_at=now + timedelta(hours=24))
    Entry.objects.create(
        postmortem=postmortem,
        text="Alert `Burn` fired | first",
        happened_at=incident.began_at,
        author=jonas,
        kind="alert",
    )
    cause = Cause.objects.create(
        postmortem=postmortem, text="The template had an empty value", category="configuration"
    )
    finding = Finding.objects.create(
        postmortem=postmortem, cause=cause, kind=Finding.Kind.ROOT_CAUSE, text="No check of templates"
    )
    Finding.objects.create(postmortem=postmortem, kind=Finding.Kind.LUCK, text="It was a quiet hour")
    ActionItem.objects.create(
        postmortem=postmortem,
        number=31,
        finding=finding,
        text="Reject empty values in CI",
        owner=jonas,
        due_on=timezone.localdate() + timedelta(days=9),
        state="committed",
    )
    return postmortem


@pytest.fixture
def summary(postmortem: PostMortem, jonas: User) -> Summary:
    explain_missing(postmortem, by=jonas)
    return operations.summary_of(postmortem)


def test_it_writes_itself_from_the_record(postmortem: PostMortem) -> None:
    report = assemble(postmortem, blameless=False)
    assert [row.text for row in report.timeline] == ["Alert `Burn` fired | first"]
    assert report.timeline[0].by == "Jonas Lind"
    assert "No check of templates" in report.section("causes").text
    assert "It was a quiet hour" in report.section("luck").text
    assert {fact.name: fact.value for fact in report.impact}["Users affected"] == "5,000 (estimate)"
    assert {fact.name: fact.value for fact in report.impact}["Work of people"] == "4 people × 2 h = 8 hours"
    (action,) = report.actions
    assert (action.key, action.owner, action.late) == ("ACT-31", "Jonas Lind", False)
    assert "<svg" in report.strip
    assert "empty value" in report.fishbone


def test_roles_stand_for_names_where_it_is_blameless(postmortem: PostMortem) -> None:
    report = assemble(postmortem, blameless=True)
    text = report.section("what_happened").text
    assert text == "The on-call engineer rolled out a template. The on-call engineer saw errors."
    assert report.timeline[0].by == ""
    assert report.actions[0].owner == "Jonas Lind"


@pytest.mark.parametrize("name", ["Abe [ops] Zane", "Abe]", "Abe_Ann *Zane*", "Abe \\ Zane"])
def test_a_mention_of_any_name_loses_its_link(postmortem: PostMortem, name: str) -> None:
    label = re.sub(r"([\[\]_*\\])", r"\\\1", name)
    told = pseudonymise(postmortem)(f"Asked [@{label}](/people/?who=17) twice.")
    assert told == f"Asked {name} twice."


@pytest.mark.parametrize("text", ["[@" * 24_000, "Jonas Lind " * 4_000, "[@a](/people/?who=1" * 2_500])
def test_a_section_is_looked_at_as_fast_as_it_is_long(postmortem: PostMortem, text: str) -> None:
    rename = pseudonymise(postmortem)
    with taking_at_most(1):
        rename(text)


def test_prose_is_edited_and_a_stale_edit_is_refused_with_both_texts(summary: Summary, jonas: User) -> None:
    seen = summary.version
    operations.edit_prose(summary, section="overview", text="Ours.", by=jonas, base=seen)
    with pytest.raises(Conflict) as conflict:
        operations.edit_prose(summary, section="overview", text="Theirs.", by=jonas, base=seen)
    assert conflict.value.current["text"] == "Ours."
    assert current(summary).section("overview").text == "Ours."
    operations.edit_prose(summary, section="overview", text="", by=jonas)
    said = current(summary).section("overview").text
    assert said.startswith("It lasted")
    assert "Users affected: 5,000" in said
    assert "Checkout returned 502" not in said


def test_publishing_fixes_the_text_and_keeps_the_promise(summary: Summary, jonas: User) -> None:
    stakeholder = make_person("Sam Stake", role=User.Role.STAKEHOLDER)
    operations.submit(summary, by=jonas)
    operations.publish(summary, by=jonas)
    postmortem = PostMortem.objects.get(pk=summary.pk)
    assert postmortem.state == PostMortem.State.SHARED
    assert postmortem.promises.get(kind="summary").kept_at is not None
    assert Incident.objects.get(pk=summary.pk).shared_at is not None
    assert Message.objects.filter(person=stakeholder, kind="summary_published").count() == 1
    Incident.objects.filter(pk=summary.pk).update(title="Renamed")
    ActionItem.objects.filter(number=31).update(state="done")
    summary.refresh_from_db()
    assert current(summary).title == "Checkout returned 502"
    assert current(summary).actions[0].state == "done"
    with pytest.raises(DomainError, match="fixed"):
        operations.edit_prose(summary, section="overview", text="Late.", by=jonas)


def test_a_press_that_came_too_late_leads_back_to_its_page(summary: Summary, jonas: User) -> None:
    operations.publish(summary, by=jonas)
    client, page = Client(), f"/incidents/INC-{summary.pk}/summary/"
    client.force_login(jonas)
    address, came_from = f"{page}publication/", f"http://testserver{page}"
    answer = client.post(address, headers={"Referer": came_from}, follow=True)
    assert answer.redirect_chain == [(page, 302)]
    assert "The summary is published already." in answer.content.decode()
    assert client.post(address, headers={"Referer": "http://elsewhere.example/"}).status_code == 422
    assert client.post(address, headers={"Referer": came_from, "HX-Request": "true"}).status_code == 422
    written = client.post(address, {"note": "two words"}, headers={"Referer": came_from})
    assert written.status_code == 422


def test_it_cannot_be_published_before_the_meeting_is_closed(jonas: User) -> None:
    summary = operations.summary_of(make_postmortem())
    with pytest.raises(DomainError, match="Close it first"):
        operations.publish(summary, by=jonas)


def test_members_edit_in_the_browser_and_stakeholders_only_read_what_is_published(
    client: Client, summary: Summary, jonas: User
) -> None:
    stakeholder = make_person("Sam Stake", role=User.Role.STAKEHOLDER)
    address = f"/incidents/INC-{summary.pk}/summary/"
    client.force_login(stakeholder)
    assert client.get(address).status_code == 404
    client.force_login(jonas)
    assert client.get(f"{address}?edit=overview").status_code == 200
    client.post(
        f"{address}prose/",
        {"section": "overview", "text": "A <b>short</b> **story**.", "base": summary.version},
    )
    stale = client.post(f"{address}prose/", {"section": "overview", "text": "Mine", "base": summary.version})
    assert stale.status_code == 409
    assert "Mine" in stale.content.decode()
    assert client.post(f"{address}publication/").status_code == 302
    client.force_login(stakeholder)
    page = client.get(address).content.decode()
    assert "<strong>story</strong>" in page
    assert "<b>short</b>" not in page
    assert client.post(f"{address}publication/", {"take_back": "yes"}).status_code == 404


def test_a_share_link_opens_until_it_is_revoked(client: Client, summary: Summary, jonas: User) -> None:
    operations.publish(summary, by=jonas)
    link = operations.share(summary, by=jonas)
    address = f"/s/{queries.secret_of(link)}/"
    page = client.get(address)
    assert page.status_code == 200
    assert "Checkout returned 502" in page.content.decode()
    assert "noindex" in page["X-Robots-Tag"]
    assert client.post(f"{address}feedback/", {"useful": "yes"}).status_code == 302
    assert summary.feedback.filter(useful=True, reader=None).count() == 1
    assert client.get(f"/s/{link.pk}:invented/").status_code == 404
    operations.revoke(link, by=jonas)
    assert client.get(address).status_code == 404
    assert client.get(f"{address}summary.pdf").status_code == 404


def test_taking_a_summary_back_closes_its_links(client: Client, summary: Summary, jonas: User) -> None:
    operations.publish(summary, by=jonas)
    link = operations.share(summary, by=jonas)
    operations.take_back(summary, by=jonas)
    assert client.get(f"/s/{queries.secret_of(link)}/").status_code == 404
    assert Incident.objects.get(pk=summary.pk).shared_at is None


def test_a_restricted_incident_has_no_summary_for_others(client: Client, jonas: User) -> None:
    incident = make_incident(visibility=Incident.Visibility.RESTRICTED, severity=make_severity())
    make_postmortem(incident)
    client.force_login(jonas)
    for ending in ("", ".pdf", ".md", ".html", ".json"):
        assert client.get(f"/incidents/{incident.key}/summary{ending or '/'}").status_code == 404


RAW = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) | *b*\n# Heading"


def test_the_markdown_holds_nothing_but_words_where_words_were_typed(
    client: Client, summary: Summary, jonas: User
) -> None:
    incident = summary.postmortem.incident
    incident.title, incident.what_happened = RAW, RAW.splitlines()[0]
    incident.source_title, incident.source_url = RAW, "javascript:alert(1)"
    incident.save()
    incident.services.add(make_service("<b>search</b>"))
    Entry.objects.update(text=RAW)
    Finding.objects.update(text=RAW)
    ActionItem.objects.update(text=RAW)
    User.objects.filter(pk=jonas.pk).update(name="<b>Jonas</b> | [x](javascript:y)")
    summary.prose = {"next": "| a |\n| - |\n| <img src=x onerror=y> [x](javascript:z) |"}
    summary.save()
    client.force_login(jonas)
    text = client.get(f"/incidents/INC-{summary.pk}/summary.md").content.decode()
    html = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    assert html.count("onerror") >= 7
    assert not re.findall(r"<img|<b>|href=|<h1>Heading", html)
    assert len(re.findall("<tr>", html)) == 2 + 2 + 2


@pytest.mark.parametrize("ending", ["md", "html", "json", "pdf"])
def test_every_export_holds_what_was_entered(
    client: Client, summary: Summary, jonas: User, ending: str
) -> None:
    client.force_login(jonas)
    answer = client.get(f"/incidents/INC-{summary.pk}/summary.{ending}")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    text = text_of(answer.content, ending)
    for expected in (
        "Checkout returned 502",
        "Burn",
        "No check of templates",
        "Reject empty values in CI",
        "Jonas Lind",
        "5,000",
    ):
        assert expected in text
    if ending == "json":
        assert json.loads(text)["key"] == f"INC-{summary.pk}"


def test_a_milestone_that_says_its_own_name_says_it_once(
    client: Client, postmortem: PostMortem, jonas: User
) -> None:
    make_entry(postmortem, "Resolved.", milestone="resolved")
    make_entry(postmortem, "Rolled back", milestone="mitigated")
    client.force_login(jonas)
    for address in ("summary/", "summary.html"):
        page = client.get(f"/incidents/{postmortem.key}/{address}").content.decode()
        assert len(re.findall(r"resolved\)?</(?:span|small)>", page)) == 0, address
        assert len(re.findall(r"mitigated\)?</(?:span|small)>", page)) == 1, address
