"""Reading what keeps a meeting from closing."""

from __future__ import annotations

from followthrough.actions import queries as actions
from followthrough.causes import queries as causes
from followthrough.meeting_room.gate import Gate, Missing, judge, missing_in
from followthrough.postmortems.models import PostMortem
from followthrough.timeline.queries import has_been_told


def gate_of(postmortem: PostMortem) -> Gate:
    """The gate as the records stand now; six queries."""
    services = [service.name for service in postmortem.incident.services.all()]
    findings, items = list(causes.findings_of(postmortem)), list(actions.actions_of(postmortem))
    missing = missing_in(
        postmortem,
        has_timeline=has_been_told(postmortem),
        has_causes=causes.causes_of(postmortem).exclude(text="").exists(),
        findings=findings,
        states=[item.state for item in items],
        reasons=reasons_of(postmortem),
    )
    return judge(findings, items, services, missing)


def reasons_of(postmortem: PostMortem) -> dict[str, str]:
    """{what is missing: why}, as far as somebody said so."""
    return dict(postmortem.omissions.values_list("what", "reason"))


def missing_of(postmortem: PostMortem) -> list[Missing]:
    """What every post-mortem has and this one has not."""
    return gate_of(postmortem).missing
