"""The input of rendering: a room's records, read once for each drawing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from followthrough.actions.models import ActionItem
from followthrough.causes.models import Cause, Finding
from followthrough.incidents.models import Impact, Incident, Service
from followthrough.meeting_room.gate import Gate, judge, missing_in
from followthrough.postmortems.models import PostMortem
from followthrough.timeline import drawing
from followthrough.timeline.models import Entry
from followthrough.timeline.queries.response import Response, response_of


@dataclass(frozen=True)
class RenderInput:
    """What stands in the record of one post-mortem; removed records are left out."""

    postmortem: PostMortem
    entries: list[Entry]
    causes: list[Cause]
    findings: list[Finding]
    actions: list[ActionItem]
    services: list[Service]
    impact: Impact
    names: tuple[str, ...]
    reasons: dict[str, str]

    @property
    def incident(self) -> Incident:
        return self.postmortem.incident

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.incident.zone)

    @cached_property
    def service_names(self) -> tuple[str, ...]:
        return tuple(service.name for service in self.services)

    @cached_property
    def finding_texts(self) -> tuple[str, ...]:
        return tuple(finding.text for finding in self.findings)

    @cached_property
    def response(self) -> Response:
        return response_of(self.postmortem, self.entries)

    @cached_property
    def strip(self) -> str:
        """The timeline in one line, as SVG."""
        told = self.response
        return drawing.strip(
            told.moments,
            told.milestones,
            zone=self.zone,
            silences=told.silences,
            days=not self.incident.is_outage,
            words=self.incident.words,
        )

    @cached_property
    def gate(self) -> Gate:
        missing = missing_in(
            self.postmortem,
            has_timeline=not all(entry.is_of_report for entry in self.entries),
            has_causes=any(cause.text for cause in self.causes),
            findings=self.findings,
            states=[item.state for item in self.actions],
            reasons=self.reasons,
        )
        return judge(self.findings, self.actions, self.service_names, missing)
