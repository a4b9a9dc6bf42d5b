"""A post-mortem that closed with nothing in it says so wherever it is named, to members and to stakeholders."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followthrough.incidents import closings
from followthrough.meeting_room.operations import lifecycle
from followthrough.notifications.models import Message
from followthrough.notifications.operations import escalation
from followthrough.patterns.operations.refresh import refresh_all
from followthrough.people.models import User
from followthrough.people.operations import create_token
from followthrough.postmortems.models import Omission, PostMortem
from followthrough.reports import operations as reports
from followthrough.reports import queries
from followthrough.reports.queries.readers import Recipients
from followthrough.search import operations as search
from tests.clock import Clock
from tests.factories import explain_missing, make_incident, make_person, make_postmortem, make_team, signed_in

pytestmark = pytest.mark.django_db
MARK = "closed without timeline, causes, findings, actions and facilitator"
LABELS = [label for _, label in Omission.What.choices]


@pytest.fixture
def ivy(clock: Clock) -> User:
    return make_person("Ivy Okafor", team=make_team("Payments"), leads=True)


@pytest.fixture
def sam(clock: Clock) -> User:
    return make_person("Sam Stake", role=User.Role.STAKEHOLDER)


def close_empty(by: User, title: str) -> PostMortem:
    postmortem = make_postmortem(make_incident(title))
    postmortem.incident.teams.set(by.teams.all())
    lifecycle.start_meeting(postmortem, by=by)
    explain_missing(postmortem, by=by)
    lifecycle.close_meeting(postmortem, by=by)
    postmortem.refresh_from_db()
    return postmortem


@pytest.fixture
def published(ivy: User, sam: User) -> PostMortem:
    postmortem = close_empty(ivy, "Quagga ate the ledger")
    reports.publish(reports.summary_of(postmortem), by=ivy, recipients=Recipients(frozenset({sam})))
    search.fill()
    return postmortem


def page_of(person: User, address: str) -> str:
    answer = signed_in(person).get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def test_a_member_finds_it_on_every_list(published: PostMortem, ivy: User) -> None:
    close_empty(ivy, "Its summary is still due")
    lists = ("/incidents/", "/meetings/?show=past", "/due/summaries/", "/due/check-ins/", "/search/?q=quagga")
    unsaid = [address for address in lists if MARK not in page_of(ivy, address)]
    assert unsaid == []
    assert page_of(ivy, "/search/?q=quagga").count(MARK) == 2
    for address in (f"/incidents/{published.key}/", f"/incidents/{published.key}/summary/"):
        page = page_of(ivy, address)
        assert [label for label in LABELS if label not in page] == [], address


def test_a_stakeholder_finds_it_in_what_was_published(published: PostMortem, sam: User) -> None:
    for address in ("/", "/search/?q=quagga"):
        assert MARK in page_of(sam, address), address
    assert MARK.capitalize() in page_of(sam, f"/incidents/{published.key}/")
    summary = page_of(sam, f"/incidents/{published.key}/summary/")
    assert all(label in summary for label in LABELS)


def test_readers_without_an_account_and_files_are_told(published: PostMortem, ivy: User, sam: User) -> None:
    link = reports.share(reports.summary_of(published), by=ivy)
    shared = f"/s/{queries.secret_of(link)}/"
    files = [f"/incidents/{published.key}/summary.{ending}" for ending in ("md", "html", "json")]
    for address in (shared, f"{shared}summary.md", *files):
        page = page_of(sam, address)
        assert [label for label in LABELS if label not in page] == [], address


@pytest.mark.parametrize("who", ["ivy", "sam"])
def test_programs_read_it_as_a_field(published: PostMortem, who: str, request: pytest.FixtureRequest) -> None:
    person: User = request.getfixturevalue(who)
    headers = {"Authorization": f"Bearer {create_token(person, name='feed', by=person)[1]}"}
    client = signed_in(person)
    listed = client.get("/api/incidents/", headers=headers).json()["incidents"]
    one = client.get(f"/api/incidents/{published.key}/", headers=headers).json()
    assert [row["closed_without"] for row in listed] == [Omission.What.values] == [one["closed_without"]]


def test_mail_and_digest_say_it(published: PostMortem, ivy: User, clock: Clock) -> None:
    escalation.add_missing_deadlines()
    for _ in range(14):
        clock.go(days=1)
        escalation.send_due_reminders()
    digests = Message.objects.filter(kind="digest", body__contains=published.incident.title)
    assert digests
    assert all(MARK in digest.body for digest in digests)
    assert f"It {MARK}." in Message.objects.filter(kind="summary_published")[0].body


def test_figures_count_it_as_due_and_not_as_kept(published: PostMortem, ivy: User) -> None:
    refresh_all()
    page = page_of(ivy, "/insights/")
    assert [label for label in LABELS if label not in page] == []
    assert ",0,1" in page_of(ivy, "/insights/summaries.csv")


def test_the_mark_costs_no_more_queries_for_more_rows(ivy: User) -> None:
    addresses = ("/incidents/", "/meetings/?show=past", "/due/summaries/")
    client = signed_in(ivy)

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert MARK in client.get(address).content.decode()
        return len(asked)

    close_empty(ivy, "Quagga ate the ledger")
    for address in addresses:
        client.get(address)
    few = [cost(address) for address in addresses]
    close_empty(ivy, "Quagga struck again")
    assert [cost(address) for address in addresses] == few


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([], ""),
        (["causes"], "closed without causes"),
        (["timeline", "causes"], "closed without timeline and causes"),
    ],
)
def test_the_words(parts: list[str], words: str) -> None:
    assert closings.in_words(parts) == words
