"""Connecting calendars, reading them with backoff after failures, and choosing whose holidays are kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from textwrap import shorten
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from followthrough.activity.operations import record
from followthrough.calendars.models import (
    BusyCalendar,
    CalendarCheck,
    CalendarFeed,
    Holidays,
    RemoteCalendar,
    TeamCalendar,
)
from followthrough.calendars.queries import days_off_of
from followthrough.calendars.reader_client import READER_TIMEOUT_SECONDS, ask_reader
from followthrough.core.encryption import decrypt, encrypt
from followthrough.core.errors import Conflict, DomainError
from followthrough.core.field_changes import set_fields
from followthrough.core.hashing import digest, new_secret
from followthrough.core.parsing import split_url
from followthrough.jobs.work_claims import doubling
from followthrough.notifications.operations import notify
from followthrough.people.models import Team, User

READ_INTERVAL = timedelta(minutes=15)
RETRY_BACKOFF = doubling(READ_INTERVAL, most=timedelta(hours=6))
_HOLIDAYS_AHEAD = timedelta(days=120)
_HOLIDAYS_REFRESH_BEFORE = timedelta(days=60)
"""An unchanged calendar is reckoned again once less than this is known of what lies ahead."""
_MAX_CALENDARS = 10
_NOTIFY_AFTER_FAILURES = 8
"""So many failures in a row, some hours, until the person is told."""


def add_calendar(
    person: User, *, kind: str, name: str, address: str, username: str = "", password: str = "", by: User
) -> BusyCalendar:
    """Connects a calendar after reading it once; DomainError says why it could not be read."""
    if BusyCalendar.objects.filter(person=person).count() >= _MAX_CALENDARS:
        raise DomainError(f"{_MAX_CALENDARS} calendars are connected already. Remove one first.")
    address = _complete(address)
    calendar = BusyCalendar(
        person=person,
        kind=kind,
        name=name,
        host=urlsplit(address).hostname or "",
        encrypted=encrypt({"address": address, "username": username, "password": password}),
    )
    answer = _answer_for(calendar)
    if "error" in answer:
        raise DomainError(f"{answer['error']} Nothing was saved.", field="address")
    with transaction.atomic():
        _keep(calendar, answer)
        record(calendar, "added", by=by, label=f"{calendar.name} on {calendar.host}")
    return calendar


def ask_for_check(
    person: User,
    *,
    kind: str = "",
    name: str = "",
    address: str = "",
    username: str = "",
    password: str = "",
    calendar: BusyCalendar | None = None,
    team: Team | None = None,
) -> CalendarCheck:
    """Has the worker connect a calendar of the person's or of `team`, or read `calendar` again.

    Conflict while an earlier check of this person is under way.
    """
    if calendar is None:
        address = _complete(address)
    if kind and BusyCalendar.objects.filter(person=person).count() >= _MAX_CALENDARS:
        raise DomainError(f"{_MAX_CALENDARS} calendars are connected already. Remove one first.")
    with transaction.atomic():
        earlier = CalendarCheck.objects.select_for_update().filter(person=person).first()
        if earlier and earlier.is_under_way:
            raise Conflict(
                f"“{earlier}” is still being asked for, which takes {READER_TIMEOUT_SECONDS} seconds or so. Nothing was saved; try again then."
            )
        facts = {"address": address, "username": username, "password": password}
        values: dict[str, Any] = {
            "calendar": calendar,
            "team": team,
            "kind": kind,
            "name": name or str(calendar or f"Calendar of {team}")[:80],
            "host": calendar.host if calendar else urlsplit(address).hostname or "",
            "encrypted": "" if calendar else encrypt(facts),
            "asked_at": timezone.now(),
            "claimed_at": None,
            "done_at": None,
            "error": "",
            "outcome": "",
        }
        return CalendarCheck.objects.update_or_create(person=person, defaults=values)[0]


def carry_out_check(check: CalendarCheck) -> None:
    """Asks the other server and notes what came of it; called by the worker, never by a page."""
    try:
        outcome, error = _outcome(check), ""
    except DomainError as refusal:
        outcome, error = "", refusal.message
    except Exception:
        _finish(check, error="Something broke on our side. Nothing was saved; try again.")
        raise
    _finish(check, outcome=outcome, error=error)


def _finish(check: CalendarCheck, *, outcome: str = "", error: str = "") -> None:
    values = {"outcome": outcome[:300], "error": error[:300], "encrypted": "", "done_at": timezone.now()}
    CalendarCheck.objects.filter(pk=check.pk, asked_at=check.asked_at).update(**values)


def _outcome(check: CalendarCheck) -> str:
    """What was found, in words; DomainError says why nothing was."""
    if calendar := check.calendar:
        if not read_calendar(calendar):
            raise DomainError(f"“{calendar}” could not be read. {calendar.error}")
        return f"“{calendar}” was read: {_found(calendar)}"
    facts = decrypt(check.encrypted)
    if check.team:
        connect_team_calendar(check.team, **facts, by=check.person)
        return f"Meetings of {check.team} are put into this calendar from now on."
    made = add_calendar(check.person, kind=check.kind, name=check.name, **facts, by=check.person)
    return f"“{made}” is connected: {_found(made)}"


def _found(calendar: BusyCalendar) -> str:
    count = len(calendar.spans)
    return f"{count} busy {'time' if count == 1 else 'times'} in the next four months."


_LONGEST_HOST = 253
"""Characters that a name in DNS may have."""


def _complete(address: str) -> str:
    address = address.strip().replace("webcal://", "https://", 1)
    complete = address if "://" in address else f"https://{address}"
    if not re.match(r"https?://[^/?#\s@]+([/?#]\S*)?$", complete) or not _names_a_server(complete):
        raise DomainError("Give an address that begins with https:// or webcal://.", field="address")
    return complete


def _names_a_server(address: str) -> bool:
    parts = split_url(address)
    return parts is not None and 0 < len(parts.hostname or "") <= _LONGEST_HOST and parts.port != 0


@transaction.atomic
def remove_calendar(calendar: BusyCalendar, *, by: User) -> None:
    """Forgets the calendar and the busy times read from it."""
    record(calendar, "removed", by=by, label=f"{calendar.name} on {calendar.host}")
    calendar.delete()


def read_calendar(calendar: BusyCalendar) -> bool:
    """Reads the calendar again; whether that worked. Busy times of before stay where it did not."""
    try:
        answer = _answer_for(calendar)
    except DomainError as error:
        answer = {"error": error.message}
    return store_reading(calendar, answer)


def store_reading(calendar: BusyCalendar, answer: dict[str, Any]) -> bool:
    """Keeps what the reading process answered; whether it could read."""
    if "error" in answer:
        _note_failure(calendar, answer["error"])
        return False
    _keep(calendar, answer)
    return True


def _answer_for(calendar: BusyCalendar) -> dict[str, Any]:
    return ask_reader(f"read {calendar.kind}", **reader_request(calendar, timezone.now()))


def reader_request(calendar: BusyCalendar, now: datetime) -> dict[str, Any]:
    """What the reading process needs; conditional where the times that are known still reach far enough."""
    person = calendar.person
    known = (
        calendar.zone == person.zone
        and calendar.known_until
        and calendar.known_until > now + _HOLIDAYS_REFRESH_BEFORE
    )
    return {
        **decrypt(calendar.encrypted),
        "zone": person.zone,
        "mails": [person.email],
        "own": sorted({own_suffix()}.union(*(find() for find in _own_finders))),
        "start": (now - timedelta(days=1)).timestamp(),
        "end": (now + _HOLIDAYS_AHEAD).timestamp(),
        "etag": calendar.etag if known else "",
        "last_modified": calendar.last_modified if known else "",
    }


_own_finders: list[Callable[[], set[str]]] = []


def know_own(find: Callable[[], set[str]]) -> None:
    """Lets a room above name UIDs of what is known here already; called from an AppConfig's ready()."""
    _own_finders.append(find)


def own_suffix() -> str:
    """How the UIDs end that are made at the present address; those are known here already."""
    return f"@{settings.BASE_URL.split('://')[-1]}"


def _keep(calendar: BusyCalendar, answer: dict[str, Any]) -> None:
    now = timezone.now()
    if not answer.get("unchanged"):
        calendar.spans, calendar.zone = answer["spans"], calendar.person.zone
        calendar.known_until = now + _HOLIDAYS_AHEAD
        calendar.remark = _remark(answer["unknown_zones"], answer["unreadable"])
        calendar.etag, calendar.last_modified = answer["etag"][:300], answer["last_modified"][:60]
    calendar.read_at, calendar.next_at = now, now + READ_INTERVAL
    calendar.error, calendar.failures = "", 0
    calendar.save()


def _remark(zones: list[str], unreadable: int) -> str:
    remarks = []
    if unreadable:
        what = "One event" if unreadable == 1 else f"{unreadable} events"
        remarks.append(f"{what} could not be read and counts as free time; all others were.")
    if zones:
        names = shorten(", ".join(f"“{name}”" for name in zones), 100, placeholder=" …")
        remarks.append(
            f"It names a zone that is not known: {names}. Those times are taken as on your own clock; see whether that is right."
        )
    return " ".join(remarks)


def _note_failure(calendar: BusyCalendar, error: str) -> None:
    calendar.error, calendar.failures = error[:300], calendar.failures + 1
    calendar.next_at = timezone.now() + RETRY_BACKOFF.after(calendar.failures)
    calendar.save(update_fields=["error", "failures", "next_at"])
    if calendar.failures == _NOTIFY_AFTER_FAILURES:
        since = calendar.read_at or timezone.now()
        notify(
            calendar.person,
            kind="calendar",
            key=f"calendar:{calendar.pk}:{since:%Y-%m-%dT%H:%M}",
            subject=f"Your calendar “{calendar.name}” can no longer be read",
            body=f"{calendar.error} Until it works again, meetings may be proposed when you are busy.",
            path="/profile/calendars/",
            opens="See your calendars",
            references=(),
        )


def choose_holidays(whose: User | Team, *, country: str, region: str = "", by: User) -> Holidays | None:
    """Sets whose public holidays a person or a team keeps; without a country the choice is taken back."""
    key = {"team": whose} if isinstance(whose, Team) else {"person": whose}
    days = _days(country, region, timezone.now().year) if country else {}
    with transaction.atomic():
        record(whose, "changed", by=by, label=f"{whose}: public holidays of {region or country or 'nowhere'}")
        chosen = None
        if country:
            values = {"country": country, "region": region, "days": days}
            chosen, _ = Holidays.objects.update_or_create(**key, defaults=values)
        else:
            Holidays.objects.filter(**key).delete()
        keep_days_off(list(whose.people.all()) if isinstance(whose, Team) else [whose])
        return chosen


def keep_days_off(people: Collection[User]) -> None:
    """Notes the public holidays that each of them keeps beside their working days."""
    kept = days_off_of(people)
    for person in people:
        days = sorted(day.isoformat() for day in kept[person.pk])
        if changes := set_fields(person, {"days_off": days}):
            person.save(update_fields=["days_off"])
            record(person, "changed", by=None, changes=changes)


def _days(country: str, region: str, year: int) -> dict[str, str]:
    answer = ask_reader("days off", country=country, region=region, years=[year, year + 1])
    if "error" in answer:
        raise DomainError("The public holidays of this place are not known. Choose another.", field="country")
    days: dict[str, str] = answer["days"]
    return days


def refresh_holidays() -> int:
    """Reckons the years ahead wherever they are not known yet, and who keeps which; returns for how many."""
    year, renewed = timezone.now().year, 0
    for row in Holidays.objects.all():
        if not any(date.fromisoformat(day).year > year for day in row.days):
            row.days = _days(row.country, row.region, year)
            row.save(update_fields=["days"])
            renewed += 1
    keep_days_off(list(User.objects.all()))
    return renewed


@transaction.atomic
def renew_feed(person: User, *, by: User) -> str:
    """A new secret address for the person's feed, shown this once; an earlier one stops working."""
    secret = new_secret()
    values = {"secret_digest": digest(secret), "made_at": timezone.now(), "used_at": None}
    feed, _ = CalendarFeed.objects.update_or_create(person=person, defaults=values)
    record(feed, "renewed", by=by)
    return secret


@transaction.atomic
def revoke_feed(person: User, *, by: User | None) -> None:
    """Makes the address of the person's feed useless."""
    feed = CalendarFeed.objects.filter(person=person).first()
    if feed:
        record(feed, "revoked", by=by)
        feed.delete()


def note_feed_use(person: User, *, at_least: timedelta) -> None:
    """Notes that the feed was read, not more often than every `at_least`."""
    now = timezone.now()
    lately = Q(used_at=None) | Q(used_at__lt=now - at_least)
    CalendarFeed.objects.filter(lately, person=person).update(used_at=now)


def connect_team_calendar(
    team: Team, *, address: str, username: str, password: str, by: User
) -> TeamCalendar:
    """Where the team's meetings are put from now on, after looking whether it is there."""
    facts = {"address": _complete(address), "username": username, "password": password}
    answer = ask_reader("look for calendar", **facts)
    if "error" in answer:
        raise DomainError(f"{answer['error']} Nothing was saved.", field="address")
    values = {
        "encrypted": encrypt(facts),
        "host": urlsplit(facts["address"]).hostname,
        "error": "",
        "failures": 0,
    }
    with transaction.atomic():
        calendar, _ = TeamCalendar.objects.update_or_create(team=team, defaults=values)
        record(calendar, "added", by=by, label=f"{calendar} on {calendar.host}")
    return calendar


@transaction.atomic
def disconnect_team_calendar(team: Team, *, by: User) -> None:
    """Forgets the team's calendar; what was put there stays there."""
    calendar = TeamCalendar.objects.filter(team=team).first()
    if calendar:
        record(calendar, "removed", by=by, label=f"{calendar} on {calendar.host}")
        calendar.delete()


def write_event(calendar: TeamCalendar, *, name: str, text: str) -> str:
    """Puts the event `text` as `name` into the team's calendar, or takes it out where `text` is empty.

    Returns why that failed, "" when it worked; the calendar keeps the same.
    """
    answer = _written(calendar, name, text)
    error = str(answer.get("error", ""))[:300]
    state: dict[str, Any] = {"error": error, "failures": calendar.failures + 1 if error else 0}
    if not error:
        state["written_at"] = timezone.now()
    TeamCalendar.objects.filter(pk=calendar.pk).update(**state)
    return error


def _written(calendar: RemoteCalendar, name: str, text: str) -> dict[str, Any]:
    try:
        facts = decrypt(calendar.encrypted)
    except DomainError as error:
        return {"error": error.message}
    return ask_reader("put event" if text else "remove event", name=name, text=text, **facts)
