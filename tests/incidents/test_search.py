"""Full-text search and its pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from followthrough.core.errors import DomainError
from followthrough.incidents import operations
from followthrough.incidents.models import Incident
from followthrough.incidents.queries import search
from tests.factories import BEGAN, make_incident, make_person, make_service

pytestmark = pytest.mark.django_db


def found(text, rows=None, **kwargs):
    return search.take_matches(Incident.objects.all() if rows is None else rows, text, size=50, **kwargs).rows


def indexed(title, **fields):
    incident = make_incident(title, **fields)
    search.index([incident])
    return incident


def test_words_beginnings_and_accents_are_found_newest_first():
    old = indexed("Café database failover", began_at=BEGAN - timedelta(days=400))
    new = indexed("Database migration locked a table")
    assert found("DATABASE") == [new, old]
    assert found("database", oldest=True) == [old, new]
    assert found("datab fail") == [old]
    assert found("cafe") == [old]
    assert found("elephant") == []
    assert found("--- ''") == []


def test_operations_keep_it_up_to_date():
    operations.seed_defaults()
    person, severity = make_person(), operations.Severity.objects.get(name="SEV3")
    incident = operations.report_incident(
        title="Checkout broke", severity=severity, began_at=BEGAN, tags=["retry-storm"], by=person
    )
    assert found("storm") == [incident]
    operations.change_incident(
        incident, title="Basket broke", services=[make_service("payments-gateway")], tags=[], by=person
    )
    assert found("checkout") == found("storm") == []
    assert found("basket gateway") == [incident]
    earlier = indexed("Basket slow", began_at=BEGAN - timedelta(hours=1))
    assert found("basket") == [incident, earlier]
    operations.set_milestone(incident, "started", at=BEGAN - timedelta(days=3), by=person)
    assert found("basket") == [earlier, incident]
    incident.delete()
    assert found("basket") == [earlier]


def test_pages_follow_each_other_without_gaps():
    incidents = [indexed(f"Timeout {n}", began_at=BEGAN + timedelta(minutes=n // 2)) for n in range(23)]
    expected = incidents[::-1]
    rows, seen, after = Incident.objects.all(), [], ""
    while True:
        page = search.take_matches(rows, "timeout", size=5, after=after)
        seen += page.rows
        if not page.after:
            break
        after = page.after
    assert seen == expected
    back = search.take_matches(rows, "timeout", size=5, before=page.before)
    assert back.rows == expected[15:20]
    with pytest.raises(DomainError):
        search.take_matches(rows, "timeout", size=5, after="x")


def test_filters_reach_matches_far_down():
    wanted = indexed("Timeout wanted", began_at=BEGAN - timedelta(days=9), data_lost=True)
    for n in range(150):
        indexed(f"Timeout {n}")
    assert found("timeout", Incident.objects.filter(data_lost=True)) == [wanted]


def test_a_key_alone_is_recognised():
    assert search.key_in(" inc-148 ") == 148
    assert search.key_in("INC148") == 148
    assert search.key_in("incident 148") is None
    assert search.key_in("INC-148 again") is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=40) | st.sampled_from(['"', "AND", "a OR", "NEAR(", "x*", "'; --", "col:x", "^a", "-a"])
)
def test_no_text_breaks_it(text):
    found(text)
