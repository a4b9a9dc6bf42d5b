"""The prose of a summary: what a person wrote, or else what the record says."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from followthrough.causes.models import Finding
from followthrough.core.times import in_words
from followthrough.incidents.models import Incident
from followthrough.reports.anonymisation import Pseudonym
from followthrough.reports.report import Fact, Section
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


def sections(
    incident: Incident,
    findings: Sequence[Finding],
    facts: Sequence[Fact],
    written: dict[str, str],
    rename: Pseudonym,
) -> list[Section]:
    """Every section in reading order, with names replaced where the view is blameless."""
    drafts: dict[str, Callable[[], str]] = {
        "overview": lambda: _overview(incident, findings),
        "what_happened": lambda: incident.what_happened,
        "impact": lambda: _impact(facts),
        "causes": lambda: _causes(findings),
        "went_well": lambda: _bullets(findings, Finding.Kind.WENT_WELL),
        "luck": lambda: _bullets(findings, Finding.Kind.LUCK),
        "next": lambda: (
            "Each action below has one owner and a date. Progress is looked at two weeks after the meeting."
        ),
    }
    return [
        Section(
            name=name, title=title, text=rename(written.get(name) or drafts[name]()), written=name in written
        )
        for name, title in TITLES.items()
    ]


def _overview(incident: Incident, findings: Sequence[Finding]) -> str:
    services = ", ".join(escape(service.name) for service in incident.services.all())
    length = f" It lasted {in_words(incident.duration)}." if incident.duration else ""
    where = f" It affected {services}." if services else ""
    roots = [one_line(finding.text) for finding in findings if finding.kind == Finding.Kind.ROOT_CAUSE]
    why = f" Root cause: {'; '.join(roots)}." if roots else ""
    return f"{escape(incident.title).rstrip('.')}.{length}{where}{why}".replace("..", ".")


def _impact(facts: Sequence[Fact]) -> str:
    return "" if facts else "The impact was not recorded."


def _causes(findings: Sequence[Finding]) -> str:
    lead = {
        Finding.Kind.TRIGGER: "It was set off by this",
        Finding.Kind.ROOT_CAUSE: "The root cause",
        Finding.Kind.CONTRIBUTING_FACTOR: "What contributed",
        Finding.Kind.DETECTION_GAP: "What delayed detection",
        Finding.Kind.HANDOFF_GAP: "What delayed the handoff",
    }
    lines = [
        f"- **{words}:** {one_line(finding.text)}{_left_alone(finding)}"
        for kind, words in lead.items()
        for finding in findings
        if finding.kind == kind
    ]
    return "\n".join(lines)


def _left_alone(finding: Finding) -> str:
    """Why no action answers it; "" if one does."""
    return f" (no action: {one_line(finding.no_action_reason)})" if finding.no_action_reason else ""


def _bullets(findings: Sequence[Finding], kind: Finding.Kind) -> str:
    return "\n".join(f"- {one_line(finding.text)}" for finding in findings if finding.kind == kind)
