"""Questions of the bank that the record itself answers."""

from __future__ import annotations

from collections.abc import Callable

from followthrough.causes.models import Cause
from followthrough.core.phrasing import listed
from followthrough.core.times import in_words, local
from followthrough.incidents.models import Incident, Milestone
from followthrough.incidents.response_stages import days_late, lateness
from followthrough.meeting_room import recurrence_hints
from followthrough.meeting_room.impact_cost import impact_of
from followthrough.meeting_room.queries.question_bank import asked_of
from followthrough.meeting_room.render_input import RenderInput
from followthrough.meetings.models import Question
from followthrough.meetings.phrasing import counted

Name = Milestone.Name


def prompts_of(facts: RenderInput) -> dict[str, str]:
    """{question id: what the record says to it}; questions it says nothing to are left out."""
    asked = asked_of(facts.incident).exclude(answered_from="").values_list("pk", "answered_from")
    said: dict[str, str] = {source: _SOURCES[source](facts) for source in {source for _, source in asked}}
    return {str(key): said[source] for key, source in asked if said[source]}


def _beginning(facts: RenderInput) -> str:
    known = facts.response.milestones
    names = (
        (Name.STARTED, Name.DETECTED) if facts.incident.is_outage else (Name.ACTUAL_START, Name.ACTUAL_END)
    )
    moments = [local(known[name], facts.incident.zone) for name in names if name in known]
    clocks = facts.incident.is_outage
    times = [f"{at:%H:%M}" if clocks else f"{at.day} {at:%b %Y}" for at in moments]
    return f"Answered by the timeline: {listed(times)}" if len(times) == len(names) else ""


def _changes(facts: RenderInput) -> str:
    found = [entry.pk for entry in facts.response.changes]
    if not found:
        return "No change of the 24 hours before is in the timeline yet."
    cited = Cause.evidence.through._default_manager.filter(cause__in=facts.causes, entry__in=found)
    linked = cited.values("entry").distinct().count()
    return f"{counted(len(found), 'change')} found" + (f" · {linked} linked to a cause" if linked else "")


def _stages(facts: RenderInput) -> str:
    timed = [stage for stage in facts.response.stages if stage.minutes is not None]
    slow = [stage for stage in timed if stage.usual and stage.usual.ratio >= 1.5]
    return " ".join(stage.words for stage in slow or timed)


def _detection(facts: RenderInput) -> str:
    told = {
        Incident.DetectedBy.ALERT: "An alert detected it",
        Incident.DetectedBy.STAFF: "Someone here noticed it before any alert",
        Incident.DetectedBy.CUSTOMER: "A customer noticed it before any alert",
    }
    words = told.get(Incident.DetectedBy(facts.incident.detected_by), "")
    known = facts.response.milestones
    if not words or not {Name.STARTED, Name.DETECTED} <= known.keys():
        return words
    return f"{words}, {in_words(known[Name.DETECTED] - known[Name.STARTED])} after the start"


def _affected(facts: RenderInput) -> str:
    parts = []
    if facts.impact.users_affected is not None:
        parts.append(f"{facts.impact.users_affected:,} users")
    if facts.services:
        parts.append(listed(facts.service_names))
    if facts.incident.lasted:
        parts.append(f"for {facts.incident.lasted}")
    return " · ".join(parts)


def _lateness(facts: RenderInput) -> str:
    words = lateness(days_late(facts.response.milestones, facts.incident.zone))
    return f"It ended {words}" if words else ""


def _cost(facts: RenderInput) -> str:
    impact = impact_of(facts)
    known = [impact["formula"]] if impact["cost"] is not None else []
    return " ".join([*known, *impact["objective"]])


def _decided(facts: RenderInput) -> str:
    gate = facts.gate
    return f"{gate.covered} of {counted(gate.total, 'finding')} covered" if gate.total else ""


def _waiting(facts: RenderInput) -> str:
    return recurrence_hints.open_actions(facts.incident)


def _done(facts: RenderInput) -> str:
    return recurrence_hints.done_actions(facts.incident)


_Source = Question.AnsweredFrom
_SOURCES: dict[str, Callable[[RenderInput], str]] = {
    _Source.BEGINNING: _beginning,
    _Source.CHANGES: _changes,
    _Source.STAGES: _stages,
    _Source.DETECTION: _detection,
    _Source.AFFECTED: _affected,
    _Source.COST: _cost,
    _Source.LATENESS: _lateness,
    _Source.DECIDED: _decided,
    _Source.WAITING: _waiting,
    _Source.DONE: _done,
}
