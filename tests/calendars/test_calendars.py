"""Connecting calendars on the profile, against real servers."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from followthrough.activity.models import Activity
from followthrough.calendars import operations, queries, reader_client
from followthrough.calendars.models import BusyCalendar, CalendarCheck, CalendarFeed, Holidays
from followthrough.calendars.tasks import begin_checks, claim_checks, read_calendars
from followthrough.notifications.models import Message
from followthrough.people.models import Membership, User
from tests.calendars.test_busy_times import calendar
from tests.factories import make_person, make_team, signed_in
from tests.servers import Radicale, Web

pytestmark = pytest.mark.django_db


def event(days: float, uid: str = "1", more: str = "") -> str:
    start = (timezone.now() + timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
    return f"UID:{uid}\nDTSTAMP:20261101T000000Z\nDTSTART:{start:%Y%m%dT%H%M%SZ}\nDURATION:PT1H\nSUMMARY:Secret plans\n{more}"


def connect(person: User, **facts: str) -> Any:
    kind = facts.pop("kind", "address")
    data = {"kind": kind, **{f"{kind}-{name}": value for name, value in {"name": "Work", **facts}.items()}}
    answer = signed_in(person).post("/profile/calendars/", data)
    work()
    return answer


def work() -> None:
    """What the worker does for those who wait."""
    for check in claim_checks():
        operations.carry_out_check(check)


def page_of(person: User, path: str = "/profile/calendars/") -> str:
    return signed_in(person).get(path).content.decode()


def test_a_secret_address_is_read_kept_sealed_and_never_shown(web: Web, allowed: None):
    lost = f"UID:2\nDTSTART;TZID=Lost Zone:{timezone.now() + timedelta(days=3):%Y%m%d}T090000\nDURATION:PT1H"
    web.files["/secret-7.ics"] = calendar(event(1), lost)
    person = make_person()
    assert connect(person, address=f"{web.address}/secret-7.ics").status_code == 302
    row = BusyCalendar.objects.get()
    page = signed_in(person).get("/profile/calendars/").content.decode()
    assert "2 busy times ahead" in page
    assert "127.0.0.1" in page
    assert "a zone that is not known: “Lost Zone”" in page
    assert "secret-7" not in page
    assert "secret-7" not in row.encrypted
    assert "Secret plans" not in str(row.spans)
    busy = queries.busy_of([person], since=timezone.now(), until=timezone.now() + timedelta(days=1.5))
    assert [end - start for start, end in busy[person.pk]] == [timedelta(hours=1)]
    assert Activity.objects.filter(kind="calendars.busycalendar", verb="added").count() == 1


def test_an_address_into_this_network_is_refused_and_nothing_is_saved(web: Web):
    web.files["/a.ics"] = calendar(event(1))
    person = make_person()
    connect(person, address=f"{web.address}/a.ics")
    assert "private network" in page_of(person)
    assert web.asked == []
    assert not BusyCalendar.objects.exists()


@pytest.mark.parametrize(
    ("path", "said"),
    [("/none.ics", "no calendar at this address"), ("/page", "a web page, not a calendar")],
)
def test_what_is_wrong_is_said_in_plain_words(web: Web, allowed: None, path: str, said: str):
    web.files["/page"] = "<html>Sign in</html>"
    person = make_person()
    connect(person, address=web.address + path)
    assert said in page_of(person)


FLOODS = {
    "every second": calendar(*[event(n, str(n), "RRULE:FREQ=SECONDLY\n") for n in range(50)]),
    "every second of some": calendar(
        event(-9000, "1", "RRULE:FREQ=SECONDLY;BYSECOND=59;BYMONTHDAY=31;BYMONTH=2\n")
    ),
    "100,000 events": calendar(*["UID:1\nDTSTART:20260101T000000Z\nDURATION:PT1H"] * 100_000),
    "deep": "BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\n" * 10_000 + "END:VEVENT\n" * 10_000 + "END:VCALENDAR\n",
    "one endless line": calendar("UID:1\nSUMMARY:" + "x" * 5_000_000),
    "a long number": calendar(
        event(1, "1", f"SEQUENCE:{'9' * 100_000}\nRRULE:FREQ=DAILY;COUNT={'9' * 5000}\n")
    ),
}


@pytest.mark.parametrize("flood", FLOODS)
def test_a_flood_is_read_or_refused_within_the_readers_time(
    web: Web, allowed: None, monkeypatch: pytest.MonkeyPatch, flood: str
):
    monkeypatch.setattr(reader_client, "READER_TIMEOUT_SECONDS", 5)
    web.files["/flood.ics"] = FLOODS[flood]
    person = make_person()
    connect(person, address=f"{web.address}/flood.ics")
    page = page_of(person)
    assert any(words in page for words in ("busy time", "could not be read", "took too long", "too large"))


@pytest.mark.parametrize(
    "address", ["", "javascript:alert(1)", "https://", "https://user@host/x", "https://["]
)
def test_no_address_at_all_is_refused_by_the_form(address: str):
    page = connect(make_person(), address=address)
    assert page.context["address"].errors["address"]


def test_an_unchanged_calendar_is_not_read_again_until_the_zone_changes(web: Web, allowed: None):
    web.files["/a.ics"] = calendar(event(1))
    person = make_person()
    row = operations.add_calendar(
        person, kind="address", name="Work", address=f"{web.address}/a.ics", by=person
    )
    BusyCalendar.objects.update(next_at=timezone.now())
    assert read_calendars() == 1
    assert "If-None-Match" in web.asked[1][1]
    row.refresh_from_db()
    assert len(row.spans) == 1
    assert read_calendars() == 0
    person.zone = "Asia/Tokyo"
    person.save()
    BusyCalendar.objects.update(next_at=timezone.now())
    read_calendars()
    assert "If-None-Match" not in web.asked[2][1]


def test_a_calendar_that_fails_keeps_its_busy_times_waits_longer_and_is_told_of_once(web: Web, allowed: None):
    web.files["/a.ics"] = calendar(event(1))
    person = make_person()
    row = operations.add_calendar(
        person, kind="address", name="Work", address=f"{web.address}/a.ics", by=person
    )
    del web.files["/a.ics"]
    signed_in(person).post(f"/profile/calendars/{row.pk}/reading/")
    work()
    page = signed_in(person).get("/profile/calendars/").content.decode()
    assert "no calendar at this address any more" in page
    assert "are kept" in page
    for _ in range(9):
        row.refresh_from_db()
        operations.store_reading(row, {"error": "The server took too long to answer."})
    row.refresh_from_db()
    assert len(row.spans) == 1
    assert row.next_at - timezone.now() > timedelta(hours=5)
    assert Message.objects.filter(person=person, kind="calendar").count() == 1


def test_what_was_known_stays_while_something_else_is_there_and_is_told_once(web: Web, allowed: None):
    good = calendar(event(1))
    web.files["/a.ics"] = good
    person = make_person()
    row = operations.add_calendar(
        person, kind="address", name="Work", address=f"{web.address}/a.ics", by=person
    )
    instead = {
        good[:-20]: "cut short",
        "<!doctype html><p>Sign in": "a web page, not a calendar",
        "": "nothing",
    }
    for text, said in instead.items():
        web.files["/a.ics"] = text
        assert not operations.read_calendar(row)
        assert said in page_of(person)
        assert len(BusyCalendar.objects.get().spans) == 1
    for _ in range(12):
        operations.store_reading(row, {"error": "It is a web page, not a calendar."})
    assert Message.objects.filter(person=person, kind="calendar").count() == 1
    web.files["/a.ics"] = "\ufeff" + calendar(event(1), event(2, "2", "RRULE:FREQ=WEEKLY;BYDAY=XX\n"))
    assert operations.read_calendar(row)
    assert "One event could not be read" in page_of(person)


def test_only_ones_own_calendars_can_be_touched(web: Web, allowed: None):
    web.files["/a.ics"] = calendar(event(1))
    person, other = make_person(), make_person()
    row = operations.add_calendar(
        person, kind="address", name="Work", address=f"{web.address}/a.ics", by=person
    )
    assert signed_in(other).post(f"/profile/calendars/{row.pk}/removal/").status_code == 404
    assert signed_in(other).post(f"/profile/calendars/{row.pk}/reading/").status_code == 404
    signed_in(person).post(f"/profile/calendars/{row.pk}/removal/")
    assert not BusyCalendar.objects.exists()


@pytest.mark.parametrize(
    ("place", "by_digest"), [("", False), ("ada/work/", True)], ids=["found", "its own address, by digest"]
)
def test_a_caldav_account_is_found_and_read(radicale: Radicale, allowed: None, place: str, by_digest: bool):
    radicale.put("1.ics", calendar(event(1, more="RRULE:FREQ=DAILY;COUNT=3\n")))
    radicale.put("2.ics", calendar(event(10, "2", "TRANSP:TRANSPARENT\n")))
    radicale.by_digest = by_digest
    person = make_person()
    facts = {"kind": "account", "address": radicale.address + place, "username": "ada"}
    connect(person, **facts, password="wrong")
    assert "did not accept" in page_of(person)
    connect(person, **facts, password="secret")
    assert len(BusyCalendar.objects.get().spans) == 3
    assert b"secret" not in signed_in(person).get("/profile/calendars/").content.replace(
        b"secret address", b""
    )


def test_holidays_are_a_persons_own_or_else_their_teams():
    team = make_team()
    ada, bo = make_person(team=team), make_person(team=team)
    administrator = make_person(role="administrator")
    year = timezone.now().year
    signed_in(administrator).post(f"/settings/teams/{team.slug}/holidays/", {"holidays-country": "PL"})
    signed_in(ada).post("/profile/holidays/", {"holidays-country": "DE"})
    signed_in(ada).post("/profile/holidays/", {"holidays-country": "DE", "holidays-region": "BY"})
    off = queries.days_off_of([ada, bo])
    assert off[bo.pk][datetime(year, 11, 11, tzinfo=UTC).date()] == "National Independence Day"
    assert datetime(year, 11, 11, tzinfo=UTC).date() not in off[ada.pk]
    assert datetime(year, 1, 6, tzinfo=UTC).date() in off[ada.pk]
    assert Holidays.objects.get(person=ada).region == "BY"
    signed_in(ada).post("/profile/holidays/", {"holidays-country": ""})
    assert queries.days_off_of([ada])[ada.pk] == off[bo.pk]
    Membership.objects.filter(person=ada).delete()
    assert queries.days_off_of([ada])[ada.pk] == {}


def test_holidays_of_the_next_year_are_reckoned_in_time():
    person = make_person()
    row = operations.choose_holidays(person, country="FR", by=person)
    assert row is not None
    row.days = {"2020-01-01": "New Year's Day"}
    row.save()
    assert operations.refresh_holidays() == 1
    row.refresh_from_db()
    assert f"{timezone.now().year + 1}-07-14" in row.days
    assert operations.refresh_holidays() == 0


def test_pages_ask_the_same_however_many_calendars(django_assert_max_num_queries: Any):
    person = make_person()
    client = signed_in(person)
    for number in range(6):
        BusyCalendar.objects.create(
            person=person,
            name=f"Work {number}",
            kind="address",
            encrypted="",
            host="x",
            read_at=timezone.now(),
        )
    client.get("/profile/calendars/")
    with django_assert_max_num_queries(9):
        assert client.get("/profile/calendars/").content.decode().count("Read now") == 6
    with django_assert_max_num_queries(8):
        assert client.get("/profile/").status_code == 200


def test_a_team_calendar_is_for_administrators_and_must_be_there(radicale: Radicale, allowed: None):
    team, administrator = make_team(), make_person(role="administrator")
    address = f"/settings/teams/{team.slug}/calendar/"
    facts = {"address": radicale.calendar, "username": "ada", "password": "secret"}
    assert signed_in(make_person()).post(address, facts).status_code == 403
    for password, said in [("no", "did not accept"), ("secret", "are put into this calendar from now on")]:
        assert signed_in(administrator).post(address, facts | {"password": password}).status_code == 302
        work()
        assert said in page_of(administrator, f"/settings/teams/{team.slug}/calendars/")
    row = queries.calendar_of(team)
    assert row is not None
    assert operations.write_event(row, name="m-1.ics", text=calendar(event(3))) == ""
    assert list(radicale.kept()) == ["m-1.ics"]
    assert operations.write_event(row, name="m-1.ics", text="") == ""
    assert operations.write_event(row, name="m-1.ics", text="") == ""
    assert radicale.kept() == {}


def test_a_feed_address_is_shown_once_and_can_be_renewed_and_taken_back():
    person = make_person()
    client = signed_in(person)
    page = client.post("/profile/feed/")
    assert client.get("/profile/feed/").headers["Location"] == "/profile/calendars/"
    address = page.context["feed_address"]
    assert address.startswith("webcal://")
    assert address not in client.get("/profile/calendars/").content.decode()
    path = "/" + address.split("/", 3)[3]
    assert Client().get(path).status_code == 200
    client.post("/profile/feed/")
    assert Client().get(path).status_code == 404
    client.post("/profile/feed/", {"do": "revoke"})
    assert not CalendarFeed.objects.exists()


def test_no_page_asks_another_server_and_one_check_of_a_person_runs_at_a_time(web: Web, allowed: None):
    web.files["/a.ics"] = calendar(event(1))
    person, client = make_person(), signed_in(make_person())
    client.force_login(person)
    facts = {"kind": "address", "address-name": "Work", "address-address": f"{web.address}/a.ics"}
    assert client.post("/profile/calendars/", facts).status_code == 302
    second = client.post("/profile/calendars/", facts).content.decode()
    assert "is still being asked for" in second
    assert "hx-get" in client.get("/profile/calendars/check/").content.decode()
    assert web.asked == []
    work()
    assert len(web.asked) == 1
    done = client.get("/profile/calendars/check/")
    assert "1 busy time in the next four months" in done.content.decode()
    assert done["HX-Refresh"] == "true"
    assert CalendarCheck.objects.get().encrypted == ""
    row = BusyCalendar.objects.get()
    assert client.post(f"/profile/calendars/{row.pk}/reading/").status_code == 302
    again = client.post(f"/profile/calendars/{row.pk}/reading/", follow=True)
    assert "is still being asked for" in again.content.decode()


def test_a_check_is_one_workers_and_taken_over_when_that_is_gone(web: Web, allowed: None):
    person = make_person()
    operations.ask_for_check(person, kind="address", name="Work", address=f"{web.address}/a.ics")
    assert len(claim_checks()) == 1
    assert claim_checks() == []
    assert begin_checks("worker", threading.Event()) == 0
    CalendarCheck.objects.update(claimed_at=timezone.now() - timedelta(minutes=2))
    assert len(claim_checks()) == 1
    CalendarCheck.objects.update(asked_at=timezone.now() - timedelta(minutes=6))
    operations.ask_for_check(person, kind="address", name="Home", address=f"{web.address}/a.ics")
    assert CalendarCheck.objects.get().name == "Home"
