"""People's working hours: when somebody may be disturbed, and working days counted on their calendar. Pure.

Hours that end before they begin run past midnight and belong to the day on which they began.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from followthrough.people.models import User, weekdays

_MAX_DAYS = 60
"""Days on which somebody is looked for at work; whoever never is there is disturbed on any day."""


def works_on(person: User, day: date) -> bool:
    """Whether `day` is one of the person's working days and no public holiday of theirs; somebody who named none works
    Monday to Friday."""
    return day.weekday() in (person.working_days or weekdays()) and day.isoformat() not in person.days_off


def opening(person: User, day: date) -> datetime:
    """When the person begins to work on `day`, in UTC."""
    return _at(person, day, person.work_starts)


def closing(person: User, day: date) -> datetime:
    """When the person stops the work that began on `day`, in UTC."""
    overnight = timedelta(days=1 if person.work_ends <= person.work_starts else 0)
    return _at(person, day + overnight, person.work_ends)


def local_day(person: User, moment: datetime) -> date:
    """The date of `moment` on the person's calendar."""
    return moment.astimezone(ZoneInfo(person.zone)).date()


def is_at_work(person: User, moment: datetime) -> bool:
    """Whether `moment` lies within the person's working hours."""
    today = local_day(person, moment)
    return any(
        works_on(person, day) and opening(person, day) <= moment < closing(person, day)
        for day in (today, today - timedelta(days=1))
    )


def next_at_work(person: User, moment: datetime) -> datetime:
    """`moment`, or the next beginning of the person's working hours where it lies outside them."""
    day = local_day(person, moment)
    if is_at_work(person, moment):
        return moment
    if moment >= opening(person, day):
        day += timedelta(days=1)
    return opening(person, working_day_from(person, day))


def last_at_work(person: User, moment: datetime) -> datetime:
    """`moment`, or where it lies outside the person's working hours the beginning of those before it."""
    day = local_day(person, moment)
    if is_at_work(person, moment):
        return moment
    if moment < opening(person, day):
        day -= timedelta(days=1)
    return opening(person, working_day_until(person, day))


def working_day_from(person: User, day: date) -> date:
    """`day`, or the next working day after it."""
    days = (day + timedelta(days=n) for n in range(_MAX_DAYS))
    return next((later for later in days if works_on(person, later)), day)


def working_day_until(person: User, day: date) -> date:
    """`day`, or the last working day before it."""
    days = (day - timedelta(days=n) for n in range(_MAX_DAYS))
    return next((earlier for earlier in days if works_on(person, earlier)), day)


def working_day_after(person: User, moment: datetime, days: int) -> date:
    """The person's `days`-th whole working day after the day of `moment`."""
    day = local_day(person, moment)
    for _ in range(days):
        day = working_day_from(person, day + timedelta(days=1))
    return day


def _at(person: User, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(person.zone)).astimezone(UTC)
