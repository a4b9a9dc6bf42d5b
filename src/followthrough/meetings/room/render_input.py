"""The input of rendering: a room's records read once for each drawing, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from followthrough.actions.models import ActionItem
from followthrough.actions.queries import actions_of
from followthrough.causes.models import Cause, Finding
from followthrough.causes.queries import causes_of, findings_of
from followthrough.incidents.models import Impact, Incident, Service
from followthrough.meetings.gate import Gate, judge
from followthrough.postmortems.models import PostMortem
from followthrough.timeline import drawing
from followthrough.timeline.models import Entry
from followthrough.timeline.queries import entries_of
from followthrough.timeline.response import Response, response_of


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
        )

    @cached_property
    def gate(self) -> Gate:
        return judge(self.findings, self.actions, self.service_names)


def render_input_of(number: int) -> RenderInput:
    postmortem = PostMortem.objects.select_related("incident", "facilitator").get(pk=number)
    incident = postmortem.incident
    return RenderInput(
        postmortem=postmortem,
        entries=list(entries_of(postmortem).select_related(None).prefetch_related(None)),
        causes=list(causes_of(postmortem)),
        findings=list(findings_of(postmortem)),
        actions=list(actions_of(postmortem)),
        services=list(incident.services.order_by("tier", "name")),
        impact=Impact.objects.filter(incident=incident).first() or Impact(incident=incident),
        names=names_in(postmortem),
    )


def names_in(postmortem: PostMortem) -> tuple[str, ...]:
    """Of everyone who took part in the incident or is asked to the meeting."""
    involved = postmortem.incident.involvements.values_list("person__name", flat=True)
    asked = postmortem.participants.values_list("person__name", flat=True)
    return tuple(sorted({*involved, *asked}))
