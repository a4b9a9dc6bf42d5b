"""The pages: who sees them, what they change, and that nothing written is lost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followthrough.activity.models import Activity
from followthrough.incidents import operations
from followthrough.incidents.models import Incident, Involvement, Service, Severity, Tag
from followthrough.incidents.queries import search
from followthrough.postmortems.models import PostMortem
from tests.factories import BEGAN, make_incident, make_person, make_service, make_team
from tests.incidents.report_forms import form_values

pytestmark = pytest.mark.django_db
LOCAL = "%Y-%m-%dT%H:%M"


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


def test_a_report_with_everything(client, person):
    service, team, colleague = make_service(), make_team(), make_person()
    answer = client.post(
        "/incidents/new/",
        form_values(
            resolved_at="2026-11-20T15:41",
            acknowledged_state="not_known",
            services=[service.pk],
            teams=[team.pk],
            tags="Config, gateway",
            **{"people-0-person": colleague.pk, "people-0-role": "commander"},
        ),
    )
    incident = Incident.objects.get()
    assert answer.headers["Location"] == f"/incidents/{incident.key}/"
    assert incident.began_at == BEGAN
    assert incident.duration == timedelta(minutes=38)
    assert {tag.name for tag in Tag.objects.all()} == {"config", "gateway"}
    assert Involvement.objects.get().role == "commander"
    assert PostMortem.objects.filter(pk=incident.pk).exists()
    page = text(client.get(f"/incidents/{incident.key}/"))
    for words in (
        "Checkout returned 502",
        "38 min",
        "Fri 20 Nov 2026 15:03",
        "not known",
        service.name,
        "It is SEV2.",
    ):
        assert words in page


def test_a_form_sent_twice_reports_once(client, person):
    token = re.search(r'name="token" value="([^"]+)"', text(client.get("/incidents/new/")))[1]
    for _ in range(2):
        client.post("/incidents/new/", form_values(token=token))
    assert Incident.objects.count() == 1


def test_a_report_reads_nothing_that_it_has_at_hand(client, person, django_assert_max_num_queries):
    client.post("/incidents/new/", form_values())
    with django_assert_max_num_queries(19):
        client.post("/incidents/new/", form_values())
    with CaptureQueriesContext(connection) as asked:
        client.post("/incidents/new/", form_values(services=[make_service().pk], teams=[make_team().pk]))
    read = [query["sql"] for query in asked if query["sql"].startswith("SELECT")]
    assert len([sql for sql in read if "incidents_incident" in sql]) == 0


def test_the_form_reads_the_people_of_all_its_roles_once(client, person):
    with CaptureQueriesContext(connection) as asked:
        page = text(client.get("/incidents/new/"))
    assert page.count(f'<option value="{person.pk}">Ada Okafor</option>') == 4
    people = [
        query for query in asked if 'FROM "people_user" WHERE "people_user"."is_active"' in query["sql"]
    ]
    assert len(people) == 2, "one for the roles, one for those who may see it"
    assert '<option value="Europe/Berlin" selected>Europe/Berlin</option>' in page


@pytest.mark.parametrize("zone", ["Nowhere", '"><script>', ""])
def test_a_zone_that_is_not_in_the_list_is_refused_and_none_is_chosen(client, person, zone):
    page = text(client.post("/incidents/new/", form_values(zone=zone)))
    zones = page.split('<select name="zone"')[1].split("</select>")[0]
    assert zones.count("<option") > 300
    assert "selected" not in zones
    assert "<script>" not in page
    assert not Incident.objects.exists()


def test_nothing_is_lost_when_something_is_missing(client, person):
    answer = client.post(
        "/incidents/new/",
        form_values(title="", what_happened="The pool was empty.", tags="gateway", resolved_at="nonsense"),
    )
    page = text(answer)
    assert Incident.objects.count() == 0
    for words in ("The pool was empty.", "gateway", "nonsense", "was not read as a time", "is kept"):
        assert words in page


def test_a_day_that_no_year_nearby_has_is_asked_for(client, person, clock):
    page = text(client.post("/incidents/new/", form_values(resolved_at="29 Feb 14:03")))
    assert "This time cannot be right" in page
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("moment", "zone"), [("0001-01-01T00:00", "Asia/Tokyo"), ("9999-12-31T23:59", "America/New_York")]
)
def test_impossible_moments_are_named_beside_their_field(client, person, moment, zone):
    incident = make_incident(began_at=BEGAN)
    values = form_values(started_at=moment, zone=zone)
    addresses = (
        "/incidents/new/",
        f"/incidents/{incident.key}/edit/",
        f"/incidents/{incident.key}/milestones/",
    )
    for address in addresses:
        page = text(client.post(address, values))
        assert page.count("between the years 1600 and 2200") == 1
        assert f'value="{moment}"' in page
    assert "Checkout returned 502" in text(client.post("/incidents/new/", values))
    assert Incident.objects.get() == incident
    assert client.get(f"/incidents/?since={moment[:10]}&until={moment[:10]}").status_code == 200


def test_milestones_out_of_order_are_saved_with_a_warning(client, person):
    values = form_values(detected_at="2026-11-20T14:50")
    answer = client.post("/incidents/new/", values, follow=True)
    assert "Detected is 13 min before started." in text(answer)
    assert Incident.objects.count() == 1


def test_an_end_before_the_start_is_no_duration(client, person):
    client.post("/incidents/new/", form_values(resolved_at="2026-11-20T14:03"))
    incident = Incident.objects.get()
    assert incident.duration is None
    page = text(client.get(f"/incidents/{incident.key}/"))
    assert "its end is noted before its start" in page
    assert "lasted 1 h" not in page
    assert "end before start" in text(client.get("/incidents/"))


def test_other_events_take_planned_and_actual_dates(client, person):
    client.post(
        "/incidents/new/",
        form_values(
            kind="project_end",
            started_at="",
            actual_start_at="2026-09-01T09:00",
            planned_end_at="2026-10-30T18:00",
            actual_end_at="2026-11-13T18:00",
        ),
    )
    page = text(client.get(f"/incidents/{Incident.objects.get().key}/"))
    assert "It ended 14 days late." in page


def test_a_stale_edit_shows_both_and_can_be_saved_again(client, person):
    incident = operations.report_incident(
        title="Old",
        severity=Severity.objects.get(name="SEV4"),
        began_at=BEGAN,
        zone="Europe/Berlin",
        by=person,
    )
    address = f"/incidents/{incident.key}/edit/"
    operations.change_incident(incident, title="Theirs", by=make_person())
    page = text(client.post(address, form_values(title="Mine", base=1)))
    assert "Theirs" in page
    assert 'value="Mine"' in page
    base = re.search(r'name="base" value="(\d+)"', page)[1]
    client.post(address, form_values(title="Mine", base=base))
    assert Incident.objects.get().title == "Mine"


def test_editing_keeps_seconds_of_milestones(client, person):
    began = BEGAN.replace(second=27)
    incident = operations.report_incident(
        title="Old",
        severity=Severity.objects.get(name="SEV4"),
        began_at=began,
        zone="Europe/Berlin",
        by=person,
    )
    client.post(f"/incidents/{incident.key}/edit/", form_values(title="New", base=1))
    assert Incident.objects.get().began_at == began


def test_milestones_are_changed_in_place(client, person):
    incident = operations.report_incident(
        title="Old", severity=Severity.objects.get(name="SEV1"), began_at=BEGAN, zone="UTC", by=person
    )
    address = f"/incidents/{incident.key}/milestones/"
    partial = {"HX-Request": "true"}
    assert "<html" not in text(client.get(address, headers=partial))
    assert "<html" in text(client.get(address))
    wrong = {
        "started_at": BEGAN.strftime(LOCAL),
        "resolved_at": "2026-11-20T16:00",
        "resolved_state": "not_known",
    }
    assert "not both" in text(client.post(address, wrong, headers=partial))
    answer = client.post(address, wrong | {"resolved_state": ""}, headers=partial)
    assert answer.headers["HX-Refresh"] == "true"
    incident.refresh_from_db()
    assert incident.status == "resolved"
    assert incident.review == "needed"


def test_review_is_asked_for_and_skipped_with_reasons(client, person):
    incident = make_incident()
    client.post(f"/incidents/{incident.key}/review/", {"reason": ""})
    assert not PostMortem.objects.exists()
    client.post(f"/incidents/{incident.key}/review/", {"reason": "It came back"})
    assert PostMortem.objects.exists()
    client.post(f"/incidents/{incident.key}/review/skip/", {"reason": "The vendor wrote one"})
    page = text(client.get(f"/incidents/{incident.key}/"))
    assert "The vendor wrote one" in page
    assert "Skipped" in page


def test_roles_are_given_and_taken(client, person):
    incident, colleague = make_incident(), make_person("Mei Chen")
    client.post(f"/incidents/{incident.key}/roles/", {"person": colleague.pk, "role": "on_call"})
    assert "Mei Chen" in text(client.get(f"/incidents/{incident.key}/"))
    role = Involvement.objects.get()
    client.post(f"/incidents/{incident.key}/roles/{role.pk}/release/")
    assert not Involvement.objects.exists()
    assert client.post(f"/incidents/{incident.key}/roles/{role.pk}/release/").status_code == 404


def test_impact_is_filled_in(client, person):
    incident = make_incident()
    values = {"users_affected": "41200", "estimates": ["users_affected"]}
    client.post(f"/incidents/{incident.key}/impact/", values)
    page = text(client.get(f"/incidents/{incident.key}/"))
    assert "41,200" in page
    assert "estimate" in page
    answer = client.post(f"/incidents/{incident.key}/impact/", {"users_affected": "-3", "base": 2})
    assert "is kept" in text(answer)


def test_history_tells_who_changed_what_in_words(client, person):
    team, severity = make_team("Payments"), Severity.objects.get(name="SEV4")
    incident = operations.report_incident(title="Old", severity=severity, began_at=BEGAN, by=person)
    operations.change_incident(incident, title="New", teams=[team], customer_impact="many", by=person)
    operations.set_milestone(incident, "detected", at=BEGAN, by=person)
    operations.set_milestone(incident, "resolved", state="not_known", by=person)
    page = re.sub(r"<[^>]+>", "", text(client.get(f"/incidents/{incident.key}/history/")))
    for words in (
        "Ada Okafor reported the incident",
        "Old → New",
        "Payments",
        "20 Nov 2026 15:03",
        "The incident is over",
        "A post-mortem is needed: Many customers noticed.",
    ):
        assert words in page, words
    assert "None → Many customers" in page
    operations.change_incident(incident, teams=[team, make_team("Core_infra")], by=person)
    operations.change_incident(incident, teams=[], named_people=[person], by=person)
    page = re.sub(r"<[^>]+>", "", text(client.get(f"/incidents/{incident.key}/history/")))
    for words in ("Payments → Core_infra, Payments", "Core_infra, Payments → nothing", "Ada Okafor"):
        assert words in page, words
    assert "[" not in page


@pytest.mark.parametrize(
    "title", ["2026-13-45T99:99", "2026-11-20T14:03", "0001-01-01T00:00 was when it began"]
)
def test_history_takes_a_title_like_a_time_for_a_title(client, person, title):
    incident = make_incident(title="Before")
    operations.change_incident(incident, title=title, by=person)
    assert f"Before → {title}" in re.sub(
        r"<[^>]+>", "", text(client.get(f"/incidents/{incident.key}/history/"))
    )


def test_history_comes_in_pages_with_a_constant_number_of_queries(client, person):
    incident, other = make_incident(), make_incident()
    for n in range(70):
        operations.change_incident(incident, title=f"Title {n}", by=make_person())
    operations.change_incident(other, title="Once", by=person)

    def queries(of):
        with CaptureQueriesContext(
            connection,
        ) as found:
            page = text(client.get(f"/incidents/{of.key}/history/"))
        return len(found), page

    few, _ = queries(other)
    many, page = queries(incident)
    assert few == many
    assert page.count('class="spread"') == 50
    assert "Older" in page
    assert Activity.objects.filter(topic=incident.topic).count() == 70


def test_restricted_incidents_are_not_there_for_others(client, person):
    secret = make_incident("Customer export leaked", visibility="restricted")
    secret.services.add(make_service("exports"))
    search.index([secret])
    pages = ("", "edit/", "history/", "milestones/", "impact/")
    for page in pages:
        assert client.get(f"/incidents/{secret.key}/{page}").status_code == 404, page
    for page in ("roles/", "review/", "review/skip/", "edit/", "milestones/", "impact/", "roles/1/release/"):
        assert client.post(f"/incidents/{secret.key}/{page}", {"reason": "x"}).status_code == 404, page
    for query in ("", "?q=export", f"?q={secret.key}", "?service=exports", "?sort=gravest&q=export"):
        assert "leaked" not in text(client.get(f"/incidents/{query}")), query
    assert "leaked" not in text(client.get("/services/exports/"))
    assert "period=90" not in text(client.get("/services/"))
    client.force_login(make_person(role="administrator"))
    assert "leaked" in text(client.get("/incidents/?q=export"))


def test_stakeholders_read_what_is_shared_and_change_nothing(client):
    shared, open_one = make_incident(shared_at=BEGAN), make_incident()
    client.force_login(make_person(role="stakeholder"))
    assert client.get(f"/incidents/{shared.key}/").status_code == 200
    assert client.get(f"/incidents/{open_one.key}/").status_code == 404
    for page in ("edit/", "history/", "milestones/"):
        assert client.get(f"/incidents/{shared.key}/{page}").status_code == 404
    assert client.get("/incidents/new/").status_code == 404


def test_everybody_else_is_asked_to_sign_in(client):
    for page in (
        "/incidents/",
        "/incidents/new/",
        f"/incidents/{make_incident().key}/",
        "/services/",
        "/choose/",
    ):
        assert client.get(page).status_code == 302


def test_services_are_added_changed_and_retired(client, person):
    gateway = make_service("gateway")
    values = {
        "name": "Payments API",
        "what": "Takes cards",
        "tier": 1,
        "objective": "99.95",
        "revenue_per_hour": "12000",
    }
    client.post("/services/new/", values | {"depends_on": [gateway.pk]})
    service = Service.objects.get(slug="payments-api")
    page = text(client.get("/services/payments-api/"))
    for words in ("Takes cards", "99.95 %", "gateway", "12000"):
        assert words in page
    assert "already" in text(client.post("/services/new/", {"name": "payments api", "tier": 2}))
    assert "between 0 and 100" in text(
        client.post("/services/new/", {"name": "x", "tier": 2, "objective": "120"})
    )
    client.post("/services/payments-api/edit/", {"name": "Payments", "tier": 2})
    service.refresh_from_db()
    assert (service.name, service.slug, service.depends_on.count()) == ("Payments", "payments-api", 0)
    client.post("/services/payments-api/retirement/")
    assert "Payments<" not in text(client.get("/incidents/new/"))
    assert client.get("/services/nothing/").status_code == 404


def test_the_chooser_explains_itself(client, person):
    page = text(client.get("/choose/?about=event&wanted=causes&rhythm=once&who=team"))
    assert "A post-mortem</h2>" in page
    assert "belongs to one team" in page
    page = text(client.get("/choose/?about=time&wanted=agreements&rhythm=regular&who=team"))
    assert "A retrospective</h2>" in page
    assert "kind=project_end" in page
    assert "Answer all four" in text(client.get("/choose/?about=time"))
    assert 'value="project_end" selected' in text(client.get("/incidents/new/?kind=project_end"))
