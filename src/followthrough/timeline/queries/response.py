"""What the timeline of a post-mortem shows of the response, beside what is usual for the service."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from followthrough.incidents.models import Incident, Milestone, Service
from followthrough.people.models import Membership
from followthrough.postmortems.models import PostMortem
from followthrough.timeline import analysis, queries
from followthrough.timeline.analysis import Comparison, Handoff, Moment, Silence, Stage
from followthrough.timeline.models import Entry
from followthrough.timeline.typed_times import format_length

_MINUTE = timedelta(minutes=1)
_SHORTEST_SILENCE = timedelta(minutes=10)
_SILENCES_AT_MOST = 20
_BEFORE = timedelta(hours=24)
_PAST_INCIDENTS = 50
_SERVICES_ASKED = 3


@dataclass(frozen=True)
class Gap:
    """A silence that follows the entry `after` (None: the start itself), with a question about it."""

    after: UUID | None
    minutes: int
    words: str


@dataclass(frozen=True)
class TimedStage:
    """A stage of the response with its length in minutes (None: not known) and how that compares with the past."""

    name: str
    minutes: float | None
    words: str
    usual: Comparison | None = None


@dataclass(frozen=True)
class Response:
    """`changes` are the entries of kind change in the 24 hours before the start; times are UTC."""

    moments: list[Moment]
    milestones: dict[str, datetime]
    silences: list[Silence]
    gaps: list[Gap]
    stages: list[TimedStage]
    handoffs: list[Handoff]
    changes: list[Entry]


def response_of(postmortem: PostMortem, entries: Sequence[Entry] | None = None) -> Response:
    """The analysis of a post-mortem's timeline; at most seven queries, five of them where `entries` are given
    and one service has a past.

    Stages and silences are those of outages; other events are told in days and have neither.
    """
    incident = postmortem.incident
    entries = list(queries.entries_of(postmortem)) if entries is None else entries
    milestones = {row.name: row.at for row in incident.milestones.all() if row.at}
    moments = _moments(entries)
    silences = _silences(incident, moments) if incident.is_outage else []
    return Response(
        moments=moments,
        milestones=milestones,
        silences=silences,
        gaps=[_gap(silence, entries) for silence in silences],
        stages=_stages(incident, milestones) if incident.is_outage else [],
        handoffs=[handoff for handoff in analysis.handoffs(moments) if handoff.marked],
        changes=changes_before(incident, entries),
    )


def changes_before(incident: Incident, entries: Iterable[Entry]) -> list[Entry]:
    since = incident.began_at - _BEFORE
    return [
        entry
        for entry in entries
        if entry.kind == Entry.Kind.CHANGE and since <= entry.happened_at < incident.began_at
    ]


def _moments(entries: Sequence[Entry]) -> list[Moment]:
    """Teams are looked up only where a handoff asks for them."""
    has_handoff = any(entry.kind == Entry.Kind.HANDOFF for entry in entries)
    teams = _teams_of({entry.author_id for entry in entries if entry.author_id}) if has_handoff else {}
    return [
        Moment(entry.happened_at, entry.kind, entry.milestone or "", teams.get(entry.author_id or 0, ""))
        for entry in entries
    ]


def _teams_of(people: Iterable[int]) -> dict[int, str]:
    """One team of each person, by their key."""
    memberships = Membership.objects.filter(person__in=people).order_by("-team__name")
    return dict(memberships.values_list("person_id", "team__name"))


def _silences(incident: Incident, moments: Sequence[Moment]) -> list[Silence]:
    """Those of ten minutes, and of a twentieth of a long incident, at least."""
    ended = incident.ended_at or timezone.now()
    least = max(_SHORTEST_SILENCE, (ended - incident.began_at) / 20)
    found = analysis.silences(moments, incident.began_at, ended, at_least=least)
    return found[:_SILENCES_AT_MOST] if moments else []


def _gap(silence: Silence, entries: Sequence[Entry]) -> Gap:
    before = [entry for entry in entries if entry.happened_at == silence.began]
    length = format_length(silence.ended - silence.began)
    words = f"{length} with no entry before it was over. What was being tried?"
    return Gap(before[-1].pk if before else None, silence.minutes, words)


def _stages(incident: Incident, milestones: dict[str, datetime]) -> list[TimedStage]:
    found = analysis.stages(milestones)
    service, past = _past_of(incident) if any(stage.minutes is not None for stage in found) else ("", {})
    nouns = incident.words.stage_nouns
    return [_timed(stage, nouns[stage.name], past.get(stage.name, []), service) for stage in found]


def _timed(stage: Stage, noun: str, past: list[float], service: str) -> TimedStage:
    if stage.minutes is None:
        return TimedStage(stage.name, None, stage.warning or f"{noun}: not known yet.")
    usual = analysis.compared_to_usual(stage.minutes, past, service=service)
    length = format_length(stage.minutes * _MINUTE)
    return TimedStage(
        stage.name, stage.minutes, f"{noun} took {length}{f', {usual.words}' if usual else ''}.", usual
    )


def _past_of(incident: Incident) -> tuple[str, dict[str, list[float]]]:
    """The name of the most needed of its services that has a past, and its lengths in minutes by stage."""
    for service in incident.services.order_by("tier", "name")[:_SERVICES_ASKED]:
        lengths = _lengths(service, incident)
        if any(analysis.compared_to_usual(1, values) for values in lengths.values()):
            return service.name, lengths
    return "", {}


def _lengths(service: Service, incident: Incident) -> dict[str, list[float]]:
    """What each stage took in the service's last incidents that everyone may see."""
    past = Incident.objects.filter(
        services=service,
        visibility=Incident.Visibility.OPEN,
        kind__in=(Incident.Kind.OUTAGE, Incident.Kind.FAILED_DEPLOYMENT),
        began_at__lt=incident.began_at,
    ).order_by("-began_at")
    milestones: dict[int, dict[str, datetime]] = defaultdict(dict)
    rows = Milestone.objects.filter(incident__in=past.values("pk")[:_PAST_INCIDENTS])
    for row in rows:
        if row.at:
            milestones[row.incident_id][row.name] = row.at
    lengths: dict[str, list[float]] = defaultdict(list)
    for known in milestones.values():
        for stage in analysis.stages(known):
            if stage.minutes is not None:
                lengths[stage.name].append(stage.minutes)
    return lengths
