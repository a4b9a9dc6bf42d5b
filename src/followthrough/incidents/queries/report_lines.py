"""What one line says of an incident, as the report form takes it."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from followthrough.incidents.models import Service, Severity
from followthrough.incidents.report_line import read_report_line
from followthrough.people.models import User


def read_report(line: str, *, by: User) -> dict[str, Any]:
    """Initial values of the form for what `line` says, by the clock of `by`; nothing for what it does not say."""
    found = read_report_line(
        line,
        now=timezone.now().astimezone(ZoneInfo(by.zone)).replace(tzinfo=None),
        severities=dict(Severity.objects.values_list("name", "pk")),
        services=dict(Service.objects.filter(retired_at=None).values_list("name", "pk")),
    )
    values = {
        "title": found.title,
        "severity": found.severity,
        "services": list(found.services),
        "started_at": found.started,
        "actual_start_at": found.started,
        "resolved_at": found.ended,
        "actual_end_at": found.ended,
    }
    return {name: value for name, value in values.items() if value}
