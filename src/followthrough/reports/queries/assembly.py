"""Assembles the summary from the record."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.activity.models import Activity
from followthrough.causes.cause_tree import Node
from followthrough.causes.drawing import by_category, fishbone, why_tree
from followthrough.causes.models import Finding
from followthrough.causes.queries import findings_of, tree_of
from followthrough.core.times import calendar_days, in_words, local
from followthrough.incidents.impact_words import Line, impact_figures
from followthrough.incidents.models import Incident, Milestone
from followthrough.incidents.queries import milestones_of, names_of
from followthrough.incidents.response_stages import days_late, lateness
from followthrough.meeting_room.gate import missing_in
from followthrough.meeting_room.queries.gate import reasons_of
from followthrough.meetings.models import Meeting
from followthrough.postmortems.models import PostMortem
from followthrough.reports import report
from followthrough.reports.anonymisation import Pseudonym, as_written, pseudonymise
from followthrough.reports.editions import next_edition
from followthrough.reports.models import Summary
from followthrough.reports.queries import prose
from followthrough.reports.queries.spoken import settled_now, spoken_in
from followthrough.timeline import analysis
from followthrough.timeline.models import Entry
from followthrough.timeline.queries.strip import NARROW, strip_of
from followthrough.timeline.typed_times import format_offset


def assemble(
    postmortem: PostMortem,
    *,
    blameless: bool,
    written: dict[str, str] | None = None,
    left_out: Collection[str] = (),
    said_to_be_names: Collection[str] = (),
) -> report.Report:
    """The report of `postmortem` as the record stands now; `written` holds the prose that people edited, `left_out`
    the keys of answers and parked items that it does not show, `said_to_be_names` the words that roles stand for too."""
    incident = postmortem.incident
    rename = pseudonymise(postmortem, said_to_be_names) if blameless else as_written
    entries = _entries(postmortem)
    findings = list(findings_of(postmortem))
    problem, nodes = (
        rename(incident.title),
        [replace(node, text=rename(node.text)) for node in tree_of(postmortem)],
    )
    impact = getattr(incident, "impact", None)
    said = spoken_in(postmortem, rename, blameless=blameless, without=frozenset(left_out))
    facts, actions = [_fact(line) for line in impact_figures(impact)], actions_of(postmortem)
    omissions = _omissions(
        postmortem, entries, findings, actions, has_causes=any(node.text for node in nodes)
    )
    return report.Report(
        **_head(incident, rename),
        **_meeting(postmortem, rename, blameless=blameless),
        **_drawings(incident, entries, problem, nodes),
        sections=[
            section.model_copy(update={"answers": said.answers.get(section.name, [])})
            for section in prose.sections(
                prose.Told(incident, findings, facts, actions, omissions), written or {}, rename
            )
        ],
        impact=[fact.model_copy(update={"value": rename(fact.value)}) for fact in facts],
        stages=_stages(incident),
        timeline=[_moment(entry, incident, rename, blameless=blameless) for entry in entries],
        findings=[_finding(finding, rename) for finding in findings],
        actions=[row.model_copy(update={"text": rename(row.text)}) for row in actions],
        omissions=[row.model_copy(update={"reason": rename(row.reason)}) for row in omissions],
        parked=said.parked,
        causes=_causes(nodes),
        blameless=blameless,
    )


def _head(incident: Incident, rename: Pseudonym) -> dict[str, Any]:
    """What was reported of the incident."""
    return {
        "key": incident.key,
        "title": rename(incident.title),
        "severity": incident.severity.name,
        "kind": incident.get_kind_display(),
        "services": [service.name for service in incident.services.all()],
        "teams": [team.name for team in incident.teams.all()],
        "zone": incident.zone,
        "began_at": incident.began_at,
        "ended_at": incident.ended_at,
        "duration": incident.lasted,
        "dates": _dates(incident),
        "meeting": incident.words.meeting,
        "event": incident.words.event,
        "shows_severity": incident.words.has_severity,
        "source_title": rename(incident.source_title),
        "source_url": incident.source_url,
    }


def _meeting(postmortem: PostMortem, rename: Pseudonym, *, blameless: bool) -> dict[str, Any]:
    """When they met, who led it and who was there."""
    meeting = postmortem.meetings.filter(kind=Meeting.Kind.POSTMORTEM, state=Meeting.State.HELD).first()
    present = _present(meeting)
    return {
        "held_at": meeting.started_at if meeting else None,
        "facilitator": _facilitator(postmortem, rename, blameless=blameless),
        "people": [] if blameless else present,
        "present": len(present),
        "sittings": _sittings(meeting),
    }


def _drawings(incident: Incident, entries: list[Entry], problem: str, nodes: list[Node]) -> dict[str, str]:
    moments = [analysis.Moment(entry.happened_at, entry.kind, entry.milestone or "") for entry in entries]
    return {
        "strip": strip_of(incident, moments),
        "strip_narrow": strip_of(incident, moments, width=NARROW),
        "fishbone": fishbone(problem, nodes) if nodes else "",
        "why_tree": why_tree(problem, nodes) if nodes else "",
    }


def actions_of(postmortem: PostMortem) -> list[report.Action]:
    """The full action list with owners and dates, as it stands now."""
    today = timezone.localdate()
    rows = ActionItem.objects.filter(postmortem=postmortem, removed_at=None).select_related(
        "owner", "finding"
    )
    return [
        report.Action(
            key=action.key,
            text=action.text,
            kind=action.get_kind_display(),
            owner=str(action.owner) if action.owner else "",
            due_on=action.due_on,
            state=action.state,
            state_name=action.state_words,
            late=bool(action.is_open and action.due_on and action.due_on < today),
            finding=str(action.finding_id or ""),
            accepted=action.accepted_at is not None,
        )
        for action in rows.order_by("due_on", "number")
    ]


def draft(summary: Summary) -> report.Report:
    """The summary as it would be published now."""
    return assemble(
        summary.postmortem,
        blameless=summary.blameless,
        written=summary.prose,
        left_out=summary.left_out,
        said_to_be_names=summary.said_to_be_names,
    )


def current(summary: Summary) -> report.Report:
    """What readers see: the published text with live actions, or the record as it stands before that.

    What was parked is settled as it stands now. Of the actions, owner, date and state are live; their words, and which there are, stay as they were published.
    """
    if summary.published is None:
        return draft(summary)
    fixed = report.Report.model_validate(summary.published)
    live = {action.key: action for action in actions_of(summary.postmortem)}
    actions = [
        live[said.key].model_copy(update={"text": said.text, "kind": said.kind})
        for said in fixed.actions
        if said.key in live
    ]
    settled = settled_now(summary.postmortem) if fixed.parked else {}
    parked = [
        item.model_copy(update={"settled": settled.get(item.id, item.settled)}) for item in fixed.parked
    ]
    return fixed.model_copy(update={"actions": actions, "parked": parked})


def edition_of(summary: Summary) -> report.Report:
    """What would be published now: the first version, or the next with what changed since the one before."""
    text = draft(summary)
    before = summary.published or summary.earlier
    return next_edition(report.Report.model_validate(before), text) if before else text


_CORRECTED = (
    "timeline.entry",
    "causes.cause",
    "causes.finding",
    "actions.actionitem",
    "incidents.incident",
    "incidents.impact",
)


def pending_changes(summary: Summary) -> list[report.Change]:
    """What the record says by now and the published summary does not; one query where nothing was touched since."""
    if summary.published is None or summary.published_at is None:
        return []
    since = Activity.objects.filter(topic=summary.topic, at__gt=summary.published_at, kind__in=_CORRECTED)
    return edition_of(summary).changes if since.exists() else []


def _causes(nodes: list[Node]) -> list[report.CauseGroup]:
    return [
        report.CauseGroup(
            name=name, causes=[report.CauseLine(text=text, level=level) for text, level in lines]
        )
        for name, lines in by_category(nodes)
    ]


def _fact(line: Line) -> report.Fact:
    return report.Fact(name=line.name, value=f"{line.value} (estimate)" if line.is_estimate else line.value)


def _omissions(
    postmortem: PostMortem,
    entries: list[Entry],
    findings: list[Finding],
    actions: list[report.Action],
    *,
    has_causes: bool,
) -> list[report.Omission]:
    """What it lacks, once its meeting is closed: before that everything may still come."""
    if postmortem.closed_at is None:
        return []
    missing = missing_in(
        postmortem,
        has_timeline=not all(entry.is_of_report for entry in entries),
        has_causes=has_causes,
        findings=findings,
        states=[action.state for action in actions],
        reasons=reasons_of(postmortem),
    )
    return [report.Omission(what=row.what, name=row.name, reason=row.reason) for row in missing]


def _entries(postmortem: PostMortem) -> list[Entry]:
    rows = Entry.objects.filter(postmortem=postmortem, removed_at=None).select_related("author")
    return list(rows.prefetch_related("evidence").order_by("happened_at", "created_at"))


def _present(meeting: Meeting | None) -> list[str]:
    rows = meeting.attendances.select_related("person").order_by("person__name") if meeting else ()
    return [str(row.person) for row in rows]


def _sittings(meeting: Meeting | None) -> list[report.Sitting]:
    rows = meeting.sittings.exclude(ended_at=None) if meeting else ()
    return [report.Sitting(began_at=row.started_at, ended_at=row.ended_at) for row in rows if row.ended_at]


def _facilitator(postmortem: PostMortem, rename: Pseudonym, *, blameless: bool) -> str:
    """Their name; blameless, only the role of somebody who took part, as the reader should know that."""
    if postmortem.facilitator is None or (blameless and not postmortem.facilitator_reason):
        return ""
    return rename(f"by {postmortem.facilitator}").removeprefix("by ")


def _stages(incident: Incident) -> list[report.Stage]:
    """Those of the response to an outage; what is told in days has none."""
    found = analysis.stages(milestones_of(incident)) if incident.is_outage else ()
    return [_stage(stage, incident) for stage in found]


def _stage(stage: analysis.Stage, incident: Incident) -> report.Stage:
    label = incident.words.stages[analysis.MILESTONES[analysis.STAGES.index(stage.name) + 1]]
    words = "not known" if stage.minutes is None else in_words(timedelta(minutes=stage.minutes))
    return report.Stage(name=stage.name, label=label.removeprefix("to "), minutes=stage.minutes, words=words)


def _moment(entry: Entry, incident: Incident, rename: Pseudonym, *, blameless: bool) -> report.Moment:
    return report.Moment(
        at=entry.happened_at,
        whole_day=entry.whole_day,
        offset=_offset(entry, incident),
        kind=entry.get_kind_display(),
        milestone=incident.words.milestone(entry.milestone) if entry.milestone else "",
        text=rename(entry.text),
        by="" if blameless else _author(entry),
        evidence=[rename(str(piece)) for piece in entry.evidence.all() if piece.removed_at is None],
    )


def _dates(incident: Incident) -> list[report.Fact]:
    """What was planned and what came of it, as days of its zone, in the order of its milestones; outages have none."""
    if incident.is_outage:
        return []
    moments = milestones_of(incident)
    late = lateness(days_late(moments, incident.zone))
    days = {name: local(moments[name], incident.zone) for name in names_of(incident) if name in moments}
    said = {name: f"{day.day} {day:%b %Y}" for name, day in days.items()}
    if late:
        said[Milestone.Name.ACTUAL_END] += f", {late}"
    return [report.Fact(name=incident.words.milestone(name), value=words) for name, words in said.items()]


def _offset(entry: Entry, incident: Incident) -> str:
    if incident.is_outage:
        return format_offset(entry.happened_at - incident.began_at)
    days = calendar_days(incident.began_at, entry.happened_at, incident.zone)
    return format_offset(timedelta(days=days), days=True)


def _author(entry: Entry) -> str:
    if entry.author:
        return str(entry.author)
    return f"from {entry.source}" if entry.source else "anonymous"


def _finding(finding: Finding, rename: Pseudonym) -> report.Finding:
    return report.Finding(
        id=str(finding.pk),
        kind=finding.kind,
        kind_name=finding.get_kind_display(),
        text=rename(finding.text),
        answer=rename(finding.no_action_reason),
    )
