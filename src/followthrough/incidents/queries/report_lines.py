"""What one line says of an incident, as the report form takes it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from followthrough.incidents.models import Service, Severity
from followthrough.incidents.report_line import ReportLine, read_report_line
from followthrough.people.models import User


def read_line(line: str, *, by: User, as_words: Collection[str] = ()) -> ReportLine:
    """The parts of `line` by the clock of `by`; those named in `as_words` are left in the title."""
    zone = ZoneInfo(by.zone)
    return read_report_line(
        line,
        now=timezone.now().astimezone(zone).replace(tzinfo=None),
        zone=zone,
        severities=dict(Severity.objects.values_list("name", "pk")),
        services=dict(Service.objects.filter(retired_at=None).values_list("name", "pk")),
        as_words=as_words,
    )


def read_report(line: str, *, by: User, as_words: Collection[str] = ()) -> dict[str, Any]:
    """Initial values of the form for what `line` says; nothing for what it does not say."""
    found = read_line(line, by=by, as_words=as_words)
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
