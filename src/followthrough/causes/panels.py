"""Why it happened, on the incident's page."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.template.loader import render_to_string

from followthrough.causes.cause_tree import Node, walk
from followthrough.causes.drawing import fishbone
from followthrough.causes.models import Finding
from followthrough.causes.queries import findings_of, tree_of
from followthrough.incidents.models import Incident

SHOWN, DRAWN, LONGEST_WAY = 12, 40, 4
"""So many findings stand there, so many causes are drawn, and so many whys lead from one to the event."""


@dataclass(frozen=True)
class Found:
    """A finding and what it led to, one why after the other up to the event."""

    finding: Finding
    led_to: list[str]


def why(request: HttpRequest, incident: Incident) -> str:
    """The findings with the whys above them, and the causes drawn small; three queries."""
    postmortem = getattr(incident, "postmortem", None)
    if postmortem is None:
        return ""
    findings, nodes = list(findings_of(postmortem)), tree_of(postmortem)
    if not findings and not nodes:
        return ""
    acted_on = sorted((row for row in findings if row.needs_action), key=_order)
    kept = [row for row in findings if not row.needs_action]
    facts = {
        "incident": incident,
        "found": _with_ways(acted_on[:SHOWN], nodes),
        "kept": kept[:SHOWN],
        "more": max(0, len(acted_on) - SHOWN) + max(0, len(kept) - SHOWN),
        "causes": len(nodes),
        "picture": fishbone(incident.title, nodes) if 0 < len(nodes) <= DRAWN else "",
    }
    return render_to_string("causes/incident_why.html", facts, request)


def _order(finding: Finding) -> int:
    return Finding.Kind.values.index(finding.kind)


def _with_ways(findings: list[Finding], nodes: list[Node]) -> list[Found]:
    above = {step.node.key: [node.text for node in reversed(step.above)] for step in walk(nodes)}
    return [Found(row, above.get(str(row.cause_id), [])[:LONGEST_WAY]) for row in findings]
