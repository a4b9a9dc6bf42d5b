"""The input of rendering: a room's records read once for each drawing, in a fixed number of queries."""

from __future__ import annotations

from followthrough.actions.queries import actions_of
from followthrough.causes.queries import causes_of, findings_of
from followthrough.incidents.models import Impact
from followthrough.meeting_room.queries.gate import reasons_of
from followthrough.meeting_room.render_input import RenderInput
from followthrough.postmortems.models import PostMortem
from followthrough.timeline.queries import entries_of


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
        reasons=reasons_of(postmortem),
    )


def names_in(postmortem: PostMortem) -> tuple[str, ...]:
    """Of everyone who took part in the incident or is asked to the meeting."""
    involved = postmortem.incident.involvements.values_list("person__name", flat=True)
    asked = postmortem.participants.values_list("person__name", flat=True)
    return tuple(sorted({*involved, *asked}))
