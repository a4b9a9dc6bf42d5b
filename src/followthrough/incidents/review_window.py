"""When an event's meeting should be: hours after an outage was resolved, working days after anything else was over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from followthrough.core.times import local
from followthrough.incidents.models import Incident

_FRIDAY = 4


def window_of(incident: Incident, ended: datetime) -> tuple[datetime, datetime]:
    """When the window opens and closes. What is no outage is often written down long after: its days begin then."""
    severity = incident.severity
    if incident.is_outage:
        hours = severity.window_opens_hours, severity.window_closes_hours
        return ended + timedelta(hours=hours[0]), ended + timedelta(hours=hours[1])
    start = max(ended, incident.created_at)
    opens = working_days_after(start, severity.window_opens_days, incident.zone)
    return opens, working_days_after(start, severity.window_closes_days, incident.zone)


def working_days_after(moment: datetime, days: int, zone: str) -> datetime:
    """The same time of day, so many days later in `zone`, counting Monday to Friday; in UTC."""
    day = local(moment, zone)
    while days:
        day += timedelta(days=1)
        days -= day.weekday() <= _FRIDAY
    return day.astimezone(UTC)
