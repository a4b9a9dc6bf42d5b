"""The list of incidents: filtered, sorted, paged, and the same cost for one row or fifty."""

from __future__ import annotations

import base64
import gzip
import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from followthrough.incidents import operations
from followthrough.incidents.models import Incident, Severity, Tag
from followthrough.incidents.queries import search
from followthrough.postmortems.models import PostMortem
from tests.factories import BEGAN, make_incident, make_person, make_service, make_team

pytestmark = pytest.mark.django_db
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)


@pytest.fixture(autouse=True)
def defaults():
    operations.seed_defaults()


@pytest.fixture
def person(client):
    person = make_person("Ada Okafor", zone="Europe/Berlin")
    client.force_login(person)
    return person


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Beta", "Alpha", "Gamma"]),
        ("?sort=oldest", ["Gamma", "Alpha", "Beta"]),
        ("?sort=gravest", ["Gamma", "Beta", "Alpha"]),
        ("?sort=reported", ["Gamma", "Beta", "Alpha"]),
        ("?status=open", ["Beta"]),
        ("?severity=SEV1", ["Gamma"]),
        ("?service=payments", ["Alpha"]),
        ("?team=core", ["Alpha"]),
        ("?tag=Config", ["Alpha"]),
        ("?kind=launch", ["Gamma"]),
        ("?review=needed", ["Beta"]),
        ("?since=2026-11-15", ["Beta", "Alpha"]),
        ("?until=2026-11-15", ["Gamma"]),
        ("?q=alpha", ["Alpha"]),
        ("?q=a&sort=gravest", ["Alpha"]),
        ("?status=open&kind=launch", []),
        ("?status=nonsense", ["Beta", "Alpha", "Gamma"]),
    ],
)
def test_the_list_is_filtered_and_sorted_by_its_address(client, person, query, titles):
    two, three = Severity.objects.get(name="SEV2"), Severity.objects.get(name="SEV3")
    alpha = make_incident("Alpha", severity=three, began_at=BEGAN)
    make_incident("Beta", severity=two, began_at=BEGAN + timedelta(hours=3), status="open", review="needed")
    one = Severity.objects.get(name="SEV1")
    make_incident("Gamma", severity=one, began_at=BEGAN - timedelta(days=9), kind="launch")
    alpha.services.add(make_service("payments"))
    alpha.teams.add(make_team("core"))
    alpha.tags.add(Tag.objects.create(name="config"))
    search.index(Incident.objects.all())
    page = text(client.get(f"/incidents/{query}"))
    assert re.findall(r">(Alpha|Beta|Gamma)<", page) == titles


def test_pages_keep_their_filters(client, person):
    for n in range(60):
        make_incident(f"Timeout {n}", began_at=BEGAN - timedelta(minutes=n))
    search.index(Incident.objects.all())
    for query in ("?", "?q=timeout&", "?sort=gravest&", "?sort=oldest&q=timeout&"):
        first = text(client.get(f"/incidents/{query}"))
        onward = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
        second = text(client.get(f"/incidents/{onward}"))
        shown = re.findall(r">(Timeout \d+)<", first) + re.findall(r">(Timeout \d+)<", second)
        assert len(shown) == len(set(shown)) == 60
        back = re.search(r'rel="prev" href="([^"]+)"', second)[1].replace("&amp;", "&")
        assert re.findall(r">(Timeout \d+)<", text(client.get(f"/incidents/{back}"))) == shown[:50]


def test_the_list_costs_the_same_at_one_row_and_at_fifty(client, person):
    def measure(query=""):
        with CaptureQueriesContext(connection) as found:
            answer = client.get(f"/incidents/{query}")
        return len(found), answer

    def add(number):
        incident = make_incident(f"Timeout {number}", review="needed")
        incident.services.add(make_service(), make_service())
        PostMortem.objects.create(incident=incident)
        search.index([incident])

    add(0)
    few = [measure(query)[0] for query in ("", "?q=timeout")]
    for number in range(1, 50):
        add(number)
    many = [measure(query)[0] for query in ("", "?q=timeout")]
    assert few == many
    assert len(gzip.compress(measure()[1].content)) < 60_000


def test_a_row_says_what_is_known_and_escapes_it(client, person):
    launch = make_incident("Cart <b>v2</b>", kind="launch", status="mitigated", began_at=Incident.UNDATED)
    launch.services.add(make_service("web & shop"))
    backwards = make_incident("Backwards", visibility="restricted", began_at=BEGAN, review="not_needed")
    backwards.named_people.add(person)
    backwards.ended_at = BEGAN - timedelta(minutes=1)
    backwards.save()
    first, second = text(client.get("/incidents/")).split("<tr>")[2:]
    for words in ("Backwards", '<span class="due">Restricted</span>', "end before start", "Not needed"):
        assert words in first
    assert '<time datetime="2026-11-20T15:03:00+01:00">20 Nov 2026 15:03</time>' in first
    for words in ("Cart &lt;b&gt;v2&lt;/b&gt;", f"{launch.key} · Launch · web &amp; shop", "not known"):
        assert words in second
    assert '<span class="chip due">Mitigated</span>' in second


def test_the_empty_list_says_what_to_do(client, person):
    assert "No incidents yet" in text(client.get("/incidents/"))
    assert "No incident fits" in text(client.get("/incidents/?status=open"))


@pytest.mark.parametrize(
    ("query", "said"), [("?q=alpha", False), ("?q=alpha&sort=gravest", True), ("?sort=gravest", False)]
)
def test_an_order_of_some_matches_says_so(client, person, query, said):
    make_incident("Alpha")
    search.index(Incident.objects.all())
    assert ("the newest 1000 are shown" in text(client.get(f"/incidents/{query}"))) is said


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SCALARS | st.lists(SCALARS, max_size=1), max_size=3))
@example(["x", "y"])
@example([None, None])
@example(["2026-11-01", [1]])
@example(["0001-01-01T00:00+14:00", 1])
@example([float("nan")])
@example([float("inf")])
@example(["a", "b", "c"])
def test_no_cursor_breaks_it(client, person, values):
    cursor = base64.urlsafe_b64encode(json.dumps(values).encode()).decode()
    for sort in ("", "gravest", "reported"):
        for way in ("after", "before"):
            answer = client.get("/incidents/", {"sort": sort, way: cursor})
            expected = {422} if refused(values) else {200, 422}
            assert answer.status_code in expected, (sort, values)


def refused(values):
    """Whether some value can never stand in a column of the list's orders."""
    return any(
        value is None or isinstance(value, bool | list) or str(value) in {"nan", "inf"} for value in values
    )
