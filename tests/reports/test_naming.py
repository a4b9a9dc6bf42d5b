"""Nobody who took part can be read out of a blameless summary, in whatever way their name is written."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from followthrough.actions.models import ActionItem
from followthrough.incidents.models import Involvement
from followthrough.people.models import User
from followthrough.postmortems.models import Participant, PostMortem
from followthrough.reports.anonymisation import pseudonymise
from followthrough.reports.models import Summary
from followthrough.timeline.models import Evidence
from tests.documents import text_of
from tests.factories import make_entry, make_incident, make_person, make_postmortem, signed_in

pytestmark = pytest.mark.django_db

WAYS = [
    "Priya Natarajan", "PRIYA NATARAJAN", "priya natarajan", "Natarajan, Priya", "Natarajan Priya", "Priya", "PRIYA",
    "Natarajan", "Priya\u2019s", "Priya's", "@priya", "@Priya Natarajan", "@priya.natarajan", "pnatarajan@example.org",
    "PNatarajan@Example.org", "pnatarajan", "priya.natarajan", "priya_natarajan-laptop.png", "priya-natarajan.log",
    "PriyaNatarajan", "[@Priya Natarajan](/people/?who=1)", "![Priya Natarajan](https://x.example/a.png)", "**Priya**",
    "Priya\nNatarajan",
]  # fmt: skip


@pytest.fixture
def priya() -> User:
    return make_person("Priya Natarajan", email="pnatarajan@example.org")


@pytest.fixture
def postmortem(priya: User) -> PostMortem:
    postmortem = make_postmortem(make_incident("Checkout returned 502"))
    Involvement.objects.create(incident=postmortem.incident, person=priya, role=Involvement.Role.ON_CALL)
    Participant.objects.create(postmortem=postmortem, person=priya)
    return postmortem


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_writing_a_name_becomes_a_role(postmortem: PostMortem, way: str) -> None:
    said = pseudonymise(postmortem)(f"Then {way} looked.")
    assert "on-call engineer" in said
    assert not {"priya", "natarajan"} & {word for word in ("priya", "natarajan") if word in said.casefold()}


@pytest.mark.parametrize("ending", ["md", "html", "json", "pdf"])
def test_no_export_names_anybody_involved(
    client: Client, postmortem: PostMortem, priya: User, ending: str
) -> None:
    leader, writer = make_person("Tomasz Wrona"), make_person("Xenia Quist")
    client.force_login(leader)
    incident = postmortem.incident
    incident.title = "Checkout after Priya's deploy"
    incident.what_happened = "Natarajan, Priya wrote to pnatarajan@example.org; Xenia answered @priya."
    incident.source_title = "Notes of Priya Natarajan"
    incident.save()
    postmortem.facilitator, postmortem.facilitator_reason = priya, "nobody else"
    postmortem.save()
    entry = make_entry(postmortem, "Priya paged Xenia Quist", author=writer)
    Evidence.objects.create(entry=entry, title="priya-natarajan-laptop.png", url="https://x.example/1")
    ActionItem.objects.create(postmortem=postmortem, number=7, text="Let Priya Natarajan rest", owner=leader)
    text = text_of(client.get(f"/incidents/{incident.key}/summary.{ending}").content, ending).casefold()
    assert not [name for name in ("priya", "natarajan", "xenia", "quist") if name in text]


def test_the_page_says_what_it_is_not_sure_of(postmortem: PostMortem, priya: User) -> None:
    other = make_person("Bo Ek")
    Participant.objects.create(postmortem=postmortem, person=other)
    make_entry(postmortem, "Bo and priya restarted it, PN said")
    page = signed_in(other).get(f"/incidents/{postmortem.key}/summary/").content.decode()
    notice = page[page.index('id="unsure"') :].partition("</form>")[0]
    assert re.findall('name="word" value="([^"]+)"', notice) == ["Bo", "priya", "PN"]


def test_a_word_said_to_be_a_name_becomes_the_role_and_the_word_again(
    postmortem: PostMortem, priya: User
) -> None:
    other = make_person("Bo Ek")
    Participant.objects.create(postmortem=postmortem, person=other)
    make_entry(postmortem, "Bo and priya restarted it, and the BOth of PNG")
    client, address = signed_in(other), f"/incidents/{postmortem.key}/summary"
    for word in ("Bo", "priya"):
        client.post(f"{address}/word/", {"word": word, "is_name": "yes"})
    text = client.get(f"{address}.md").content.decode()
    assert "A colleague and the on-call engineer restarted it, and the BOth of PNG" in text
    client.post(f"{address}/word/", {"word": "Bo", "is_name": "no"})
    assert "Bo and the on-call engineer" in client.get(f"{address}.md").content.decode()
    refused = client.post(f"{address}/word/", {"word": "restarted", "is_name": "yes"})
    assert "not the name of anybody who took part" in refused.content.decode()
    assert Summary.objects.get().said_to_be_names == ["priya"]


@pytest.mark.parametrize(
    ("name", "email", "written", "left"),
    [
        ("Jürgen Möller", "jm@example.org", "Ju\u0308rgen Mo\u0308ller", "ller"),
        ("Ju\u0308rgen Mo\u0308ller", "jm@example.org", "Möller", "ller"),
        ("Sean O'Brien", "sob@example.org", "Sean O\u2019Brien", "brien"),
        ("Sean O\u2019Brien", "sob@example.org", "O'Brien", "brien"),
        ("Anne-Marie Quist", "amq@example.org", "Anne\u2011Marie", "marie"),
        ("John Smedley", "j_smedley@example.org", r"j\_smedley@example.org", "smedley"),
        ("John Smedley", "john.smedley@example.org", "Smedley, john.smedley@example.org", "smedley"),
    ],
)
def test_a_name_as_keyboards_files_and_markdown_write_it_becomes_a_role(
    postmortem: PostMortem, name: str, email: str, written: str, left: str
) -> None:
    person = make_person(name, email=email)
    Involvement.objects.create(incident=postmortem.incident, person=person, role=Involvement.Role.COMMANDER)
    said = pseudonymise(postmortem)(f"Then {written} looked.")
    assert "the incident commander" in said
    assert left not in said.casefold()


def test_a_word_that_only_looks_like_a_name_stays(postmortem: PostMortem) -> None:
    assert pseudonymise(postmortem)("priyanka, natarajans, Priyas") == "priyanka, natarajans, Priyas"


def test_an_organisation_of_thousands_is_read_quickly(postmortem: PostMortem) -> None:
    User.objects.bulk_create(
        User(email=f"p{n}@example.org", name=f"Person{n} Family{n}") for n in range(2_000)
    )
    rename = pseudonymise(postmortem)
    assert rename("word " * 20_000 + "Priya").endswith("on-call engineer")
