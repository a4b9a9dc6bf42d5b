"""The prose of a summary: what a person wrote, or else what the record says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from followthrough.causes.models import Finding
from followthrough.incidents.models import Incident
from followthrough.incidents.queries import milestones_of
from followthrough.incidents.response_stages import days_late, lateness
from followthrough.reports.anonymisation import Pseudonym
from followthrough.reports.report import Action, Fact, Omission, Section
from followthrough.writing.markdown import escape, one_line

TITLES = {
    "overview": "In short",
    "what_happened": "What happened",
    "impact": "Impact",
    "causes": "Why it happened",
    "went_well": "What went well",
    "luck": "Where we were lucky",
    "next": "What happens next",
}

IMPACT_IN_SHORT = 4
"""Lines of the impact that "In short" names; the section on it has them all."""


@dataclass(frozen=True)
class Told:
    """What the record says, from which prose is drafted."""

    incident: Incident
    findings: Sequence[Finding]
    facts: Sequence[Fact]
    actions: Sequence[Action]
    omissions: Sequence[Omission]

    def why_no(self, what: str) -> str:
        """The reason why there is none of `what`, as the end of a sentence; "." where nobody said why."""
        reason = next((row.reason for row in self.omissions if row.what == what), "")
        return f": {one_line(reason)}" if reason else "."


def sections(told: Told, written: dict[str, str], rename: Pseudonym) -> list[Section]:
    """Every section in reading order, with names replaced where the view is blameless."""
    incident, findings = told.incident, told.findings
    drafts: dict[str, Callable[[], str]] = {
        "overview": lambda: _overview(told),
        "what_happened": lambda: incident.what_happened,
        "impact": lambda: _impact(told.facts),
        "causes": lambda: _causes(told),
        "went_well": lambda: _bullets(findings, Finding.Kind.WENT_WELL),
        "luck": lambda: _bullets(findings, Finding.Kind.LUCK),
        "next": lambda: _next(told),
    }
    return [
        Section(
            name=name, title=title, text=rename(written.get(name) or drafts[name]()), written=name in written
        )
        for name, title in TITLES.items()
    ]


def _overview(told: Told) -> str:
    """What the title above it does not say: how long, what was affected and how much, and why."""
    roots = [one_line(finding.text) for finding in told.findings if finding.kind == Finding.Kind.ROOT_CAUSE]
    said = [
        _extent(told.incident),
        "; ".join(f"{fact.name}: {escape(fact.value)}" for fact in told.facts[:IMPACT_IN_SHORT]),
        f"Root cause: {'; '.join(roots)}" if roots else "",
    ]
    return " ".join(f"{sentence.rstrip('.')}." for sentence in said if sentence)


def _extent(incident: Incident) -> str:
    services = ", ".join(escape(service.name) for service in incident.services.all())
    late = lateness(days_late(milestones_of(incident), incident.zone))
    parts = [
        f"lasted {incident.lasted}" if incident.lasted else "",
        f"ended {late}" if late else "",
        f"{incident.words.touched} {services}" if services else "",
    ]
    *first, last = [part for part in parts if part] or [""]
    return f"It {' and '.join(filter(None, [', '.join(first), last]))}" if last else ""


def _impact(facts: Sequence[Fact]) -> str:
    return "" if facts else "The impact was not recorded."


def _next(told: Told) -> str:
    if told.actions:
        return "Each action has one owner and a date. Progress is looked at two weeks after the meeting."
    return f"No action was agreed{told.why_no('actions')}"


def _causes(told: Told) -> str:
    if any(row.what == "causes" for row in told.omissions):
        return f"No cause was recorded{told.why_no('causes')}"
    gaps = told.incident.words.gaps
    lead = {
        Finding.Kind.TRIGGER: gaps["trigger"],
        Finding.Kind.ROOT_CAUSE: "The root cause",
        Finding.Kind.CONTRIBUTING_FACTOR: "What contributed",
        Finding.Kind.DETECTION_GAP: gaps["detection_gap"],
        Finding.Kind.HANDOFF_GAP: gaps["handoff_gap"],
    }
    lines = [
        f"- **{words}:** {one_line(finding.text)}{_left_alone(finding)}"
        for kind, words in lead.items()
        for finding in told.findings
        if finding.kind == kind
    ]
    return "\n".join(lines)


def _left_alone(finding: Finding) -> str:
    """Why no action answers it; "" if one does."""
    return f" (no action: {one_line(finding.no_action_reason)})" if finding.no_action_reason else ""


def _bullets(findings: Sequence[Finding], kind: Finding.Kind) -> str:
    return "\n".join(f"- {one_line(finding.text)}" for finding in findings if finding.kind == kind)
