"""What people say of patterns: it stays, it is recorded, and it can be taken back."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from followthrough.activity.models import Activity
from followthrough.core.errors import DomainError
from followthrough.facts import queries as facts
from followthrough.incidents.models import Incident
from followthrough.patterns import queries
from followthrough.patterns.models import Pattern, Remark
from followthrough.patterns.operations import curation
from followthrough.patterns.operations.refresh import refresh_all, refresh_queued
from followthrough.similarity.operations import give_feedback
from tests.factories import make_incident, make_person
from tests.patterns.conftest import ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def patterns(struck):
    """Two patterns: one tagged "dns" of three incidents, one tagged "disk" of two."""
    for days in (60, 30, 10):
        struck(days, tags=["dns"])
    for days in (50, 20):
        struck(days, tags=["disk"])
    refresh_all()
    return Pattern.objects.get(tag__name="dns"), Pattern.objects.get(tag__name="disk")


def listed(client: Client) -> set[str]:
    return {lane.name for lane in client.get("/patterns/").context["lanes"]}


def verbs(pattern: Pattern) -> list[str]:
    return list(Activity.objects.filter(topic=pattern.topic).order_by("seq").values_list("verb", flat=True))


def test_a_name_stays_whatever_is_counted_later(patterns, client):
    dns, _ = patterns
    client.post(f"/patterns/{dns.pk}/name/", {"name": "Resolvers that forget"})
    refresh_all()
    assert listed(client) == {"Resolvers that forget", "Disk"}
    client.post(f"/patterns/{dns.pk}/name/", {"name": ""})
    assert listed(client) == {"DNS", "Disk"}
    assert verbs(dns) == ["renamed", "renamed"]


def test_merged_ones_count_together_until_they_are_parted(patterns, client):
    dns, disk = patterns
    answer = client.post(f"/patterns/{disk.pk}/merge/", {"into": dns.pk}, follow=True)
    assert b"Undo" in answer.content
    refresh_all()
    assert listed(client) == {"DNS"}
    assert Pattern.objects.get(pk=dns.pk).incidents == 5
    assert f"/patterns/{dns.pk}/" in client.get(f"/patterns/{disk.pk}/").content.decode()
    client.post(f"/patterns/{disk.pk}/parting/")
    assert listed(client) == {"DNS", "Disk"}
    assert Pattern.objects.get(pk=dns.pk).incidents == 3


def test_a_pattern_is_not_merged_into_itself_or_its_parts(patterns, person):
    dns, disk = patterns
    curation.merge_patterns(disk, into=dns, by=person)
    dns.refresh_from_db()
    with pytest.raises(DomainError, match="into itself"):
        curation.merge_patterns(dns, into=disk, by=person)


def test_splitting_makes_two_of_one_and_merging_them_takes_it_back(patterns, client):
    dns, _ = patterns
    keys = [case[0] for case in dns.chart_data["incidents"]][:2]
    answer = client.post(
        f"/patterns/{dns.pk}/split/", {"name": "Slow resolvers", "incident": keys}, follow=True
    )
    split = Pattern.objects.get(name="Slow resolvers")
    refresh_all()
    assert Pattern.objects.get(pk=split.pk).incidents == 2
    assert Pattern.objects.get(pk=dns.pk).incidents == 1
    assert "Join them again" in answer.content.decode()
    client.post(f"/patterns/{split.pk}/merge/", {"into": dns.pk})
    assert Pattern.objects.get(pk=dns.pk).incidents == 3


def test_what_is_split_off_needs_a_name_and_two_incidents(patterns, client):
    dns, _ = patterns
    keys = [case[0] for case in dns.chart_data["incidents"]]
    for given in ({"name": "", "incident": keys[:2]}, {"name": "One", "incident": keys[:1]}):
        assert b"error" in client.post(f"/patterns/{dns.pk}/split/", given, follow=True).content
    assert Pattern.objects.count() == 2
    assert Pattern.objects.get(pk=dns.pk).incidents == 3


def test_a_dismissed_one_stays_off_the_list_until_it_is_reopened(patterns, client, struck):
    dns, _ = patterns
    client.post(f"/patterns/{dns.pk}/dismissal/", {"reason": "The same vendor, three unlike failures"})
    struck(1, tags=["dns"])
    refresh_all()
    assert listed(client) == {"Disk"}
    kept = client.get("/patterns/?state=dismissed").content.decode()
    assert "three unlike failures" in kept
    client.post(f"/patterns/{dns.pk}/reopening/")
    assert listed(client) == {"DNS", "Disk"}
    assert verbs(dns) == ["dismissed", "reopened"]


def test_dismissing_wants_a_reason(patterns, client):
    dns, _ = patterns
    for nothing in (" ", "x"):
        client.post(f"/patterns/{dns.pk}/dismissal/", {"reason": nothing})
    assert listed(client) == {"DNS", "Disk"}


def test_of_the_same_incidents_all_are_dismissed(struck, client, person):
    for days in (30, 10):
        struck(days, tags=["certificate", "expiry"])
    refresh_all()
    curation.dismiss_pattern(queries.visible_to(person).get(), reason="Planned renewals", by=person)
    assert listed(client) == set()


def test_people_say_what_belongs_and_take_it_back(patterns, client, service):
    dns, _ = patterns
    told = make_incident("Names did not resolve", began_at=ago(5))
    first = dns.chart_data["incidents"][0][0]
    client.post(f"/patterns/{dns.pk}/incidents/{told.key}/", {"belongs": "yes"})
    client.post(f"/patterns/{dns.pk}/incidents/INC-{first}/", {"belongs": "no"})
    refresh_all()
    found = Pattern.objects.get(pk=dns.pk)
    assert (found.incidents, told.pk in {row[0] for row in found.chart_data["incidents"]}) == (3, True)
    assert first not in {row[0] for row in found.chart_data["incidents"]}
    for key in (told.pk, first):
        client.post(f"/patterns/{dns.pk}/incidents/INC-{key}/")
    assert Pattern.objects.get(pk=dns.pk).chart_data == dns.chart_data
    assert verbs(dns) == ["put in", "taken out", "left open", "left open"]


def test_a_fix_that_people_say_came_back_did_not_hold(patterns, person, struck):
    from tests.patterns.test_patterns import act  # noqa: PLC0415 - only this test needs it

    dns, _ = patterns
    act(struck(100, category="code"), person, done=80)
    fixed = Incident.objects.get(pk=Incident.objects.order_by("-pk").values("pk")[:1])
    refresh_all()
    assert facts.fixes(ago(0)) == facts.Share(1, 1)
    again = make_incident("Once more", began_at=ago(3))
    for incident in (fixed, again):
        curation.set_membership(dns, incident, belongs=True, by=person)
    refresh_all()
    assert facts.fixes(ago(0)) == facts.Share(0, 1)


def test_a_restricted_incident_is_in_no_pattern_even_for_who_sees_it(patterns, client, person):
    dns, _ = patterns
    hidden = make_incident("Confidential", began_at=ago(5), visibility=Incident.Visibility.RESTRICTED)
    hidden.named_people.add(person)
    client.post(f"/patterns/{dns.pk}/incidents/{hidden.key}/", {"belongs": "yes"})
    refresh_all()
    assert Pattern.objects.get(pk=dns.pk).incidents == 3
    page = client.get(f"/patterns/{dns.pk}/").content.decode()
    assert "Confidential" not in page


def test_an_incident_restricted_later_leaves_what_people_joined(patterns, person, client):
    dns, _ = patterns
    told = make_incident("Payroll names did not resolve", began_at=ago(5))
    curation.set_membership(dns, told, belongs=True, by=person)
    Incident.objects.filter(pk=told.pk).update(visibility=Incident.Visibility.RESTRICTED)
    refresh_all()
    assert Pattern.objects.get(pk=dns.pk).incidents == 3
    assert "Payroll" not in client.get(f"/patterns/{dns.pk}/").content.decode()


def test_remarks_are_drawn_safely_and_only_their_author_takes_them_back(patterns, client):
    dns, _ = patterns
    client.post(f"/patterns/{dns.pk}/remarks/", {"text": "Cached **too long** <script>alert(1)</script>"})
    page = client.get(f"/patterns/{dns.pk}/").content.decode()
    assert "<strong>too long</strong>" in page
    assert "<script>alert" not in page
    remark = Remark.objects.get()
    other = Client()
    other.force_login(make_person("Jonas"))
    other.post(f"/patterns/{dns.pk}/remarks/{remark.pk}/removal/")
    assert Remark.objects.get().removed_at is None
    client.post(f"/patterns/{dns.pk}/remarks/{remark.pk}/removal/")
    assert "too long" not in client.get(f"/patterns/{dns.pk}/").content.decode()
    client.post(f"/patterns/{dns.pk}/remarks/{remark.pk}/restoration/")
    assert "too long" in client.get(f"/patterns/{dns.pk}/").content.decode()


def test_stakeholders_say_nothing(patterns):
    dns, disk = patterns
    reader = Client()
    reader.force_login(make_person(role="stakeholder"))
    for address, given in (
        ("name", {"name": "Mine"}),
        ("merge", {"into": disk.pk}),
        ("dismissal", {"reason": "The same vendor"}),
    ):
        assert reader.post(f"/patterns/{dns.pk}/{address}/", given).status_code == 404
    assert not Activity.objects.filter(topic=dns.topic).exists()


def test_what_people_confirm_to_be_the_same_again_counts(patterns, person, struck):
    dns, _ = patterns
    first = Incident.objects.get(pk=dns.chart_data["incidents"][0][0])
    told = make_incident("Names did not resolve", began_at=ago(5))
    give_feedback(first, told, alike=True, by=person)
    refresh_queued()
    assert Pattern.objects.get(pk=dns.pk).incidents == 4
    give_feedback(first, told, alike=False, by=person)
    refresh_all()
    assert Pattern.objects.get(pk=dns.pk).incidents == 3


def test_a_fix_did_not_hold_when_the_same_thing_is_confirmed_to_be_back(person, struck):
    from tests.patterns.test_patterns import act  # noqa: PLC0415 - only these tests need it

    fixed = struck(100, category="code")
    act(fixed, person, done=80)
    again = make_incident("Once more", began_at=ago(3))
    refresh_all()
    assert facts.fixes(ago(0)) == facts.Share(1, 1)
    give_feedback(fixed.incident, again, alike=True, by=person)
    refresh_queued()
    assert facts.fixes(ago(0)) == facts.Share(0, 1)


LONG_BY_ONE = {"name": "n" * 201, "reason": "It is the resolver again " + "n" * 276, "text": "n" * 4_001}


@pytest.mark.parametrize(
    ("place", "field", "fits"),
    [("name", "name", 200), ("split", "name", 200), ("dismissal", "reason", 300), ("remarks", "text", 4000)],
)
def test_what_is_too_long_is_refused_and_not_cut(patterns, client, place, field, fits):
    dns, _ = patterns
    keys = list(Incident.objects.filter(tags__name="dns").values_list("pk", flat=True)[:2])
    before = Pattern.objects.order_by("pk").values_list("pk", "name", "dismissal_reason")
    known = list(before)
    answer = client.post(
        reverse(f"pattern_{place}", args=[dns.pk]), {field: LONG_BY_ONE[field], "incident": keys}, follow=True
    )
    assert f"{fits:,} fit here" in answer.content.decode()
    assert list(before) == known
    assert not Remark.objects.exists()
