"""Rows of an incident up to its meeting."""

from __future__ import annotations

from datetime import datetime, timedelta

from followthrough.incidents.models import Incident, Involvement, Milestone
from followthrough.incidents.review_window import window_of
from followthrough.meetings.agenda import plan
from followthrough.meetings.models import AgendaStep, Attendance, Meeting, Sitting
from followthrough.postmortems.models import Participant, PostMortem, Promise
from followthrough.sample.scene import Scene, shared_at
from followthrough.sample.story import Stage
from followthrough.timeline.models import Entry, Evidence

_STATES = {
    Stage.TO_SCHEDULE: PostMortem.State.TO_SCHEDULE,
    Stage.SCHEDULED: PostMortem.State.SCHEDULED,
    Stage.TO_SHARE: PostMortem.State.TO_SHARE,
    Stage.SHARED: PostMortem.State.SHARED,
    Stage.CHECKED_IN: PostMortem.State.CHECKED_IN,
}


def tell_incident(scene: Scene) -> Incident:
    """The incident as somebody reported it."""
    row, over = scene.row, scene.stage > Stage.MITIGATED
    status = Incident.Status.RESOLVED if over else Incident.Status(scene.stage.name.lower())
    review, reason = _review(scene)
    incident = Incident(
        pk=scene.key,
        title=row.title,
        kind=row.kind,
        what_happened=row.what_happened.strip(),
        severity=scene.company.severities[row.severity],
        status=status,
        zone=row.zone,
        began_at=scene.at(row.began_at),
        ended_at=scene.ended_at if over else None,
        detected_by=row.detected_by,
        customer_impact=row.customer_impact,
        data_lost=row.data_lost,
        review=review,
        review_reason=reason,
        source_title=row.source.title if row.source else "",
        source_url=row.source.url if row.source else "",
        external_id=f"sample:{row.slug}",
        created_at=scene.told_at,
        created_by=scene.cast.roles[Involvement.Role.REPORTER],
        shared_at=shared_at(scene),
    )
    reporter = scene.cast.roles[Involvement.Role.REPORTER]
    scene.writer.add(incident, at=scene.told_at, by=reporter)
    if over:
        scene.writer.tell(
            incident, "resolved", at=scene.ended_at, by=scene.cast.roles[Involvement.Role.ON_CALL]
        )
    for slug in row.services:
        service = scene.company.services[slug]
        scene.writer.link(Incident.services.through, incident_id=scene.key, service_id=service.pk)
    scene.writer.link(Incident.teams.through, incident_id=scene.key, team_id=scene.company.teams[row.team].pk)
    return incident


def _review(scene: Scene) -> tuple[Incident.Review, str]:
    if scene.stage >= Stage.TO_SCHEDULE:
        if not Incident(kind=scene.row.kind).is_outage:
            return Incident.Review.NEEDED, "Every deadline missed, project and launch is looked back at"
        return Incident.Review.NEEDED, f"Severity is {scene.row.severity}"
    if scene.stage < Stage.NOT_REVIEWED:
        return Incident.Review.UNDECIDED, ""
    if scene.row.severity in {"SEV4", "SEV5"}:
        return Incident.Review.NOT_NEEDED, "No rule asks for one"
    return (
        Incident.Review.SKIPPED,
        "The same failure was examined last month; its actions are still under way",
    )


def tell_milestones(scene: Scene, incident: Incident) -> None:
    """Its milestones, on the story's calendar."""
    for name, said in scene.row.milestones.items():
        if scene.stage == Stage.MITIGATED and name == "resolved":
            continue
        moment = scene.at(said) if isinstance(said, datetime) else None
        state = Milestone.State.KNOWN if moment else Milestone.State(str(said))
        scene.writer.add(Milestone(incident=incident, name=name, state=state, at=moment))


_ROLES_OF_OTHERS = {
    Involvement.Role.COMMANDER: Involvement.Role.LEAD,
    Involvement.Role.ON_CALL: Involvement.Role.OWNER,
}
"""Who had which part where it was no outage."""


def tell_people(scene: Scene, incident: Incident) -> None:
    """Who took which part."""
    roles = {} if incident.kind == Incident.Kind.OUTAGE else _ROLES_OF_OTHERS
    for role, person in scene.cast.roles.items():
        scene.writer.add(Involvement(incident=incident, person=person, role=roles.get(role, role)))
    taken = set(scene.cast.roles.values())
    for person in scene.cast.responders:
        if person not in taken:
            scene.writer.add(Involvement(incident=incident, person=person, role=incident.words.usual_role))


def open_review(scene: Scene, incident: Incident) -> PostMortem:
    """Its post-mortem with the promise of a meeting."""
    chosen = scene.stage >= Stage.SCHEDULED
    postmortem = PostMortem(
        incident=incident,
        state=_STATES[scene.stage],
        opened_at=scene.ended_at,
        facilitator=scene.cast.facilitator if chosen else None,
        facilitator_state=PostMortem.FacilitatorState.ACCEPTED
        if chosen
        else PostMortem.FacilitatorState.NONE,
        closed_at=scene.meeting_over if scene.stage >= Stage.TO_SHARE else None,
    )
    scene.writer.add(postmortem, at=scene.ended_at, verb="opened")
    opens, closes = window_of(incident, scene.ended_at)
    held = scene.meeting_over if scene.stage >= Stage.TO_SHARE else None
    promise(
        scene,
        postmortem,
        Promise.Kind.MEETING,
        due=closes,
        opens=opens,
        kept=held,
    )
    return postmortem


def promise(
    scene: Scene,
    postmortem: PostMortem,
    kind: str,
    *,
    due: datetime,
    kept: datetime | None,
    opens: datetime | None = None,
) -> None:
    """One promise of the loop."""
    scene.writer.add(Promise(postmortem=postmortem, kind=kind, due_at=due, opens_at=opens, kept_at=kept))


def tell_timeline(scene: Scene, postmortem: PostMortem) -> list[Entry]:
    """The entries, in the order of the material."""
    authors = scene.cast.involved
    entries: list[Entry] = []
    for index, moment in enumerate(scene.row.timeline):
        happened = scene.at(moment.at)
        from_machine = moment.kind in {"alert", "change"}
        entry = Entry(
            id=scene.named("entry", index),
            postmortem=postmortem,
            created_at=max(happened, scene.told_at),
            kind=moment.kind,
            text=moment.text,
            happened_at=happened,
            whole_day=scene.is_day(moment.at),
            zone=scene.row.zone,
            milestone=moment.milestone,
            author=None if from_machine else authors[index % len(authors)],
            source={"alert": "Alertmanager", "change": "deployments"}.get(moment.kind, ""),
        )
        entries.append(
            scene.writer.add(entry, at=scene.ended_at + timedelta(minutes=30 + index), by=entry.author)
        )
        if moment.evidence:
            source = moment.evidence
            scene.writer.add(
                Evidence(
                    id=scene.named("evidence", index),
                    entry=entry,
                    title=source.title,
                    url=source.url,
                    added_at=entry.created_at,
                )
            )
    for index, moment in enumerate(scene.row.timeline):
        if moment.account_of is not None:
            entries[index].moment = entries[moment.account_of].moment = scene.named(
                "moment", moment.account_of
            )
    return entries


def ask_participants(scene: Scene, postmortem: PostMortem) -> None:
    """Who is asked to the meeting, and who has read the pre-read."""
    if scene.stage < Stage.SCHEDULED or scene.meeting_at is None:
        return
    reasons = {person: Involvement.Role(role).label for role, person in scene.cast.roles.items()}
    for index, person in enumerate([*scene.cast.attendees, scene.cast.facilitator]):
        facilitates = person == scene.cast.facilitator
        has_read = scene.stage >= Stage.TO_SHARE or index % 3 != 2
        scene.writer.add(
            Participant(
                postmortem=postmortem,
                person=person,
                required=facilitates or index < 5,
                reason="Facilitates" if facilitates else reasons.get(person, "Responded"),
                response=Participant.Response.ACCEPTED if has_read else Participant.Response.INVITED,
                read_at=min(scene.meeting_at - timedelta(hours=5 + index), scene.now) if has_read else None,
            )
        )


def hold_meeting(scene: Scene, postmortem: PostMortem) -> Meeting | None:
    """The meeting with its agenda; None before one is scheduled."""
    if scene.meeting_at is None or scene.stage < Stage.SCHEDULED:
        return None
    held = scene.stage >= Stage.TO_SHARE
    meeting = Meeting(
        postmortem=postmortem,
        state=Meeting.State.HELD if held else Meeting.State.SCHEDULED,
        starts_at=scene.meeting_at,
        minutes=round((scene.meeting_over - scene.meeting_at) / timedelta(minutes=1)) if held else 60,
        zone=scene.row.zone,
        scheduled_by=scene.cast.roles[Involvement.Role.COMMANDER],
        planned_at=scene.meeting_at if held else None,
        planned_minutes=60 if held else None,
        started_at=scene.meeting_at if held else None,
        ended_at=scene.meeting_over if held else None,
        step="close" if held else "",
    )
    scene.writer.add(
        meeting,
        at=min(scene.ended_at + timedelta(hours=4), scene.now),
        verb="scheduled",
        by=meeting.scheduled_by,
    )
    for position, step in enumerate(plan(60)):
        scene.writer.add(AgendaStep(meeting=meeting, key=step.key, minutes=step.minutes, position=position))
    if held:
        _note_who_came(scene, meeting)
    return meeting


def _note_who_came(scene: Scene, meeting: Meeting) -> None:
    """Everybody who was asked, but the last two of a larger circle."""
    began = meeting.starts_at
    scene.writer.add(Sitting(meeting=meeting, started_at=began, ended_at=scene.meeting_over))
    asked = scene.cast.attendees
    for person in dict.fromkeys([scene.cast.facilitator, *(asked[:-2] if len(asked) > 4 else asked)]):
        scene.writer.add(Attendance(meeting=meeting, person=person, at=began))
