"""Reporting, changing and deciding."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from followthrough.activity.models import Activity
from followthrough.core.errors import Conflict, DomainError, NotFound
from followthrough.incidents import operations, queries
from followthrough.incidents.models import Incident, Involvement, Milestone, ReviewRule, Severity
from followthrough.postmortems.models import PostMortem, Promise
from tests.factories import BEGAN, make_incident, make_person, make_service, make_severity, make_team

pytestmark = pytest.mark.django_db
Review = Incident.Review


@pytest.fixture
def severities():
    operations.seed_defaults()
    return {severity.name: severity for severity in Severity.objects.all()}


def report(severities, **fields):
    values = {"title": "Checkout returned 502", "severity": severities["SEV4"], "began_at": BEGAN}
    return operations.report_incident(**(values | {"by": make_person()} | fields))


def verbs(incident):
    rows = Activity.objects.filter(topic=incident.topic, kind="incidents.incident")
    return list(rows.order_by("seq").values_list("verb", flat=True))


def test_defaults_are_seeded_once(severities):
    operations.seed_defaults()
    assert len(severities) == 5
    assert Severity.objects.count() == 5
    assert ReviewRule.objects.filter(active=True).count() == 6


def test_a_report_keeps_every_fact_and_is_logged(severities):
    person, service, team = make_person(), make_service(), make_team()
    incident = report(
        severities,
        by=person,
        services=[service],
        teams=[team],
        tags=["Deploy", "deploy ", ""],
        milestones={"detected": BEGAN + timedelta(minutes=4), "acknowledged": "not_known"},
    )
    assert incident.status == Incident.Status.OPEN
    assert list(incident.services.all()) == [service]
    assert [tag.name for tag in incident.tags.all()] == ["deploy"]
    assert queries.milestones_of(incident) == {"started": BEGAN, "detected": BEGAN + timedelta(minutes=4)}
    assert incident.milestones.get(name="acknowledged").state == Milestone.State.NOT_KNOWN
    assert verbs(incident) == ["added"]


def test_a_report_without_a_title_is_refused(severities):
    with pytest.raises(DomainError) as refusal:
        report(severities, title="  ")
    assert refusal.value.field == "title"
    assert Incident.objects.count() == 0


def test_an_unknown_milestone_or_zone_is_refused(severities):
    with pytest.raises(DomainError, match="no milestone"):
        report(severities, milestones={"planned_end": BEGAN})
    with pytest.raises(DomainError, match="time zone"):
        report(severities, zone="Atlantis/Capital")


def test_a_short_small_incident_needs_no_review(severities):
    incident = report(severities, milestones={"resolved": BEGAN + timedelta(minutes=12)})
    assert incident.status == Incident.Status.RESOLVED
    assert incident.duration == timedelta(minutes=12)
    assert (incident.review, incident.review_reason) == (Review.NOT_NEEDED, "No rule asks for one.")
    assert verbs(incident) == ["added", "resolved", "cleared"]
    assert not PostMortem.objects.exists()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"data_lost": True}, "Data was lost."),
        ({"customer_impact": "many"}, "Many customers noticed."),
        ({"detected_by": "customer"}, "No alert detected it, a customer did."),
        ({"milestones": {"resolved": BEGAN + timedelta(hours=3)}}, "It lasted 3 h, 1 h or more."),
    ],
)
def test_each_rule_gives_its_reason(severities, fields, reason):
    incident = report(severities, **({"milestones": {"resolved": BEGAN + timedelta(minutes=5)}} | fields))
    assert (incident.review, incident.review_reason) == (Review.NEEDED, reason)


def test_a_grave_incident_opens_its_postmortem_with_the_window_of_its_severity(severities):
    incident = report(severities, severity=severities["SEV1"])
    assert not PostMortem.objects.exists()
    ended = BEGAN + timedelta(minutes=38)
    operations.set_milestone(incident, "resolved", at=ended, by=make_person())
    assert incident.review == Review.NEEDED
    assert incident.review_reason == "It is SEV1, more severe than SEV2."
    promise = PostMortem.objects.get(pk=incident.pk).promises.get()
    assert promise.kind == Promise.Kind.MEETING
    assert (promise.opens_at, promise.due_at) == (ended + timedelta(hours=48), ended + timedelta(hours=72))


def test_the_window_follows_the_end_and_the_severity(severities):
    Severity.objects.filter(name="SEV2").update(window_opens_hours=24, window_closes_hours=36)
    incident = report(severities, severity=severities["SEV1"], milestones={"resolved": BEGAN})
    person, later = make_person(), BEGAN + timedelta(hours=5)
    operations.set_milestone(incident, "resolved", at=later, by=person)
    assert Promise.objects.get().due_at == later + timedelta(hours=72)
    operations.change_incident(incident, severity=Severity.objects.get(name="SEV2"), by=person)
    assert Promise.objects.get().due_at == later + timedelta(hours=36)


def test_reopening_an_incident_takes_its_window_back(severities):
    incident = report(severities, severity=severities["SEV1"], milestones={"resolved": BEGAN})
    operations.set_milestone(incident, "resolved", by=make_person())
    assert incident.status == Incident.Status.OPEN
    assert incident.ended_at is None
    assert Promise.objects.get().dropped_at
    operations.set_milestone(incident, "resolved", at=BEGAN + timedelta(hours=1), by=make_person())
    assert Promise.objects.get().dropped_at is None


def test_an_end_that_is_not_known_still_resolves(severities):
    incident = report(severities, severity=severities["SEV1"], milestones={"resolved": "not_known"})
    assert incident.status == Incident.Status.RESOLVED
    assert incident.duration is None
    assert Promise.objects.count() == 1


def test_skipping_needs_a_reason_and_asking_takes_it_back(severities):
    incident = report(severities, severity=severities["SEV1"], milestones={"resolved": BEGAN})
    person = make_person()
    with pytest.raises(DomainError):
        operations.skip_review(incident, reason=" ", by=person)
    operations.skip_review(incident, reason="The vendor's own outage", by=person)
    assert incident.review == Review.SKIPPED
    assert Promise.objects.get().dropped_at
    operations.change_incident(incident, data_lost=True, by=person)
    assert incident.review == Review.SKIPPED
    operations.require_review(incident, reason="It came back", by=person)
    assert incident.review == Review.NEEDED
    assert Promise.objects.get().dropped_at is None


def test_a_held_meeting_can_no_longer_be_skipped(severities):
    incident = report(severities, severity=severities["SEV1"], milestones={"resolved": BEGAN})
    PostMortem.objects.update(state=PostMortem.State.TO_SHARE)
    with pytest.raises(DomainError, match="no longer be skipped"):
        operations.skip_review(incident, reason="The vendor wrote one", by=make_person())
    assert Incident.objects.get(pk=incident.pk).review == Review.NEEDED


def test_asking_while_it_is_open_waits_with_the_window(severities):
    incident = report(severities)
    operations.require_review(incident, reason="We were lucky", by=make_person())
    assert PostMortem.objects.count() == 1
    assert Promise.objects.count() == 0
    operations.set_milestone(incident, "resolved", at=BEGAN + timedelta(minutes=5), by=make_person())
    assert Promise.objects.count() == 1


def test_changes_are_logged_in_words_and_refused_when_stale(severities):
    incident, person, service = report(severities), make_person(), make_service("payments")
    operations.change_incident(
        incident, title="Checkout down", severity=severities["SEV2"], services=[service], by=person
    )
    row = Activity.objects.get(topic=incident.topic, verb="changed")
    assert row.changes == {
        "title": ["Checkout returned 502", "Checkout down"],
        "severity": ["SEV4", "SEV2"],
        "services": [[], ["payments"]],
    }
    with pytest.raises(Conflict) as stale:
        operations.change_incident(incident, title="Mine", base=1, by=person)
    assert stale.value.current == {"title": "Checkout down", "version": 2}


def test_a_change_that_changes_nothing_is_not_logged(severities):
    incident = report(severities)
    operations.change_incident(incident, title=incident.title, tags=[], by=make_person())
    assert verbs(incident) == ["added"]
    assert incident.version == 1


def test_the_beginning_follows_the_earliest_known_milestone(severities):
    incident, person = report(severities), make_person()
    operations.set_milestone(incident, "detected", at=BEGAN + timedelta(minutes=9), by=person)
    operations.set_milestone(incident, "started", state="not_known", by=person)
    assert incident.began_at == BEGAN + timedelta(minutes=9)
    operations.set_milestone(incident, "mitigated", state="not_known", by=person)
    assert incident.status == Incident.Status.MITIGATED


def test_milestones_out_of_order_are_told_but_taken(severities):
    incident = report(severities, milestones={"detected": BEGAN - timedelta(minutes=7)})
    told = queries.out_of_order(queries.milestones_of(incident), incident.words)
    assert told == ["Detected is 7 min before started."]


def test_other_events_have_planned_and_actual_dates(severities):
    incident = report(
        severities,
        kind=Incident.Kind.MISSED_DEADLINE,
        milestones={"planned_end": BEGAN + timedelta(days=30), "actual_end": BEGAN + timedelta(days=51)},
    )
    assert incident.status == Incident.Status.RESOLVED
    assert incident.duration == timedelta(days=51)
    assert incident.review_reason == "It is a missed deadline."
    operations.change_incident(incident, kind=Incident.Kind.OUTAGE, by=make_person())
    assert set(queries.milestones_of(incident)) == {"started", "resolved", "planned_end"}
    assert incident.duration == timedelta(days=51)


def test_people_take_and_leave_roles_once(severities):
    incident, person = report(severities), make_person()
    first = operations.involve(incident, person, role="on_call", by=person)
    assert operations.involve(incident, person, role="on_call", by=person) == first
    operations.release(first, by=person)
    assert not Involvement.objects.exists()
    kinds = Activity.objects.filter(kind="incidents.involvement").values_list("verb", flat=True)
    assert list(kinds) == ["added", "removed"]
    with pytest.raises(DomainError):
        operations.involve(incident, make_person(is_active=False), role="on_call", by=person)


def test_impact_is_changed_under_its_version(severities):
    incident, person = report(severities), make_person()
    impact = operations.change_impact(incident, users_affected=1200, estimates=["users_affected"], by=person)
    assert impact.version == 2
    with pytest.raises(Conflict) as stale:
        operations.change_impact(incident, users_affected=5, base=1, by=person)
    assert stale.value.current["users_affected"] == 1200
    with pytest.raises(DomainError):
        operations.change_impact(incident, users_affected=-5, by=person)
    with pytest.raises(DomainError, match="100 %"):
        operations.change_impact(incident, share_of_requests=250, by=person)


def test_who_sees_what():
    administrator = make_person(role="administrator")
    member, stranger, responder = make_person(), make_person(), make_person()
    stakeholder, trusted = make_person(role="stakeholder"), make_person(role="stakeholder")
    plain = make_incident()
    shared = make_incident(shared_at=BEGAN)
    secret = make_incident(visibility="restricted", shared_at=BEGAN)
    secret.named_people.add(member, trusted)
    Involvement.objects.create(incident=secret, person=responder, role="on_call")
    everything = {plain, shared, secret}
    assert set(queries.visible_to(administrator)) == everything
    assert set(queries.visible_to(member)) == everything
    assert set(queries.visible_to(responder)) == everything
    assert set(queries.visible_to(stranger)) == {plain, shared}
    assert set(queries.visible_to(stakeholder)) == {shared}
    assert set(queries.visible_to(trusted)) == {shared, secret}
    assert not queries.visible_to(AnonymousUser())
    assert not queries.visible_to(make_person(role="administrator", is_active=False))
    with pytest.raises(NotFound):
        queries.find(stranger, secret.pk)
    assert queries.find(member, secret.pk) == secret


def test_whoever_restricts_a_report_still_sees_it(severities):
    person = make_person()
    incident = report(severities, by=person, visibility="restricted")
    assert queries.find(person, incident.pk) == incident
    with pytest.raises(NotFound):
        queries.find(make_person(), incident.pk)


def test_severity_of_a_rule_is_named_when_it_is_met_exactly(severities):
    incident = report(severities, severity=make_severity("SEV2"), milestones={"resolved": BEGAN})
    assert incident.review_reason == "It is SEV2."
