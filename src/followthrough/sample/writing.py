"""Turns one incident of the material into rows, as far as its stage has come."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.causes.models import Cause, Finding
from followthrough.incidents.models import Impact, Incident, Involvement, Milestone
from followthrough.meetings.agenda import plan
from followthrough.meetings.models import AgendaStep, CheckInOutcome, Meeting
from followthrough.postmortems.models import Participant, PostMortem, Promise
from followthrough.reports.models import Summary
from followthrough.sample.cast import Cast
from followthrough.sample.company import Company
from followthrough.sample.material import Action, Material
from followthrough.sample.material import Cause as CauseMaterial
from followthrough.sample.story import Stage
from followthrough.sample.writer import Writer
from followthrough.timeline.models import Entry, Evidence

_NAMES = UUID("6b0ef1ce-9d0f-4f0e-8c0a-2b1f6d9a7c55")
_STATES = {
    Stage.TO_SCHEDULE: PostMortem.State.TO_SCHEDULE,
    Stage.SCHEDULED: PostMortem.State.SCHEDULED,
    Stage.TO_SHARE: PostMortem.State.TO_SHARE,
    Stage.SHARED: PostMortem.State.SHARED,
    Stage.CHECKED_IN: PostMortem.State.CHECKED_IN,
}
CHECK_IN = timedelta(days=14)
State = ActionItem.State


@dataclass
class Scene:
    """One incident being written: its material, moved by `shift` to where the story wants it."""

    row: Material
    stage: Stage
    shift: timedelta
    meeting_at: datetime | None
    cast: Cast
    company: Company
    writer: Writer
    key: int
    first_action: int
    now: datetime

    def at(self, stamp: datetime) -> datetime:
        """A moment of the material on the story's calendar."""
        return stamp + self.shift

    def named(self, *parts: object) -> UUID:
        """The same key for the same record each time."""
        return uuid5(_NAMES, ":".join(map(str, (self.key, self.row.slug, *parts))))

    @property
    def ended_at(self) -> datetime:
        return self.at(self.row.ended_at)

    @property
    def told_at(self) -> datetime:
        """When somebody wrote the incident down."""
        return min(self.at(self.row.began_at) + timedelta(minutes=12), self.now)

    @property
    def meeting_over(self) -> datetime:
        return (self.meeting_at or self.ended_at) + timedelta(minutes=58)


def write(scene: Scene) -> int:
    """Adds everything of the scene to its writer; returns how many action numbers it used."""
    incident = _incident(scene)
    _milestones(scene, incident)
    _people(scene, incident)
    if scene.stage < Stage.TO_SCHEDULE:
        return 0
    postmortem = _postmortem(scene, incident)
    entries = _timeline(scene, postmortem)
    _participants(scene, postmortem)
    meeting = _meeting(scene, postmortem)
    if meeting is None or scene.stage < Stage.TO_SHARE:
        return 0
    _impact(scene, incident)
    findings = _causes(scene, postmortem, entries)
    actions = _actions(scene, postmortem, findings)
    _afterwards(scene, postmortem, meeting, actions)
    return len(actions)


def _incident(scene: Scene) -> Incident:
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
        shared_at=_shared_at(scene),
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
        return Incident.Review.NEEDED, f"Severity is {scene.row.severity}"
    if scene.stage < Stage.NOT_REVIEWED:
        return Incident.Review.UNDECIDED, ""
    if scene.row.severity in {"SEV4", "SEV5"}:
        return Incident.Review.NOT_NEEDED, "No rule asks for one"
    return (
        Incident.Review.SKIPPED,
        "The same failure was examined last month; its actions are still under way",
    )


def _milestones(scene: Scene, incident: Incident) -> None:
    for name, said in scene.row.milestones.items():
        if scene.stage == Stage.MITIGATED and name == "resolved":
            continue
        moment = scene.at(said) if isinstance(said, datetime) else None
        state = Milestone.State.KNOWN if moment else Milestone.State(str(said))
        scene.writer.add(Milestone(incident=incident, name=name, state=state, at=moment))


def _people(scene: Scene, incident: Incident) -> None:
    for role, person in scene.cast.roles.items():
        scene.writer.add(Involvement(incident=incident, person=person, role=role))
    taken = set(scene.cast.roles.values())
    for person in scene.cast.responders:
        if person not in taken:
            scene.writer.add(Involvement(incident=incident, person=person, role=Involvement.Role.RESPONDER))


def _postmortem(scene: Scene, incident: Incident) -> PostMortem:
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
    severity = incident.severity
    held = scene.meeting_over if scene.stage >= Stage.TO_SHARE else None
    _promise(
        scene,
        postmortem,
        Promise.Kind.MEETING,
        due=scene.ended_at + timedelta(hours=severity.window_closes_hours),
        opens=scene.ended_at + timedelta(hours=severity.window_opens_hours),
        kept=held,
    )
    return postmortem


def _promise(
    scene: Scene,
    postmortem: PostMortem,
    kind: str,
    *,
    due: datetime,
    kept: datetime | None,
    opens: datetime | None = None,
) -> None:
    scene.writer.add(Promise(postmortem=postmortem, kind=kind, due_at=due, opens_at=opens, kept_at=kept))


def _timeline(scene: Scene, postmortem: PostMortem) -> list[Entry]:
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


def _participants(scene: Scene, postmortem: PostMortem) -> None:
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


def _meeting(scene: Scene, postmortem: PostMortem) -> Meeting | None:
    if scene.meeting_at is None or scene.stage < Stage.SCHEDULED:
        return None
    held = scene.stage >= Stage.TO_SHARE
    meeting = Meeting(
        postmortem=postmortem,
        state=Meeting.State.HELD if held else Meeting.State.SCHEDULED,
        starts_at=scene.meeting_at,
        minutes=60,
        zone=scene.row.zone,
        scheduled_by=scene.cast.roles[Involvement.Role.COMMANDER],
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
    return meeting


def _impact(scene: Scene, incident: Incident) -> None:
    told = scene.row.impact
    hours = min(max((scene.row.ended_at - scene.row.began_at).total_seconds() / 3600, 1), 40)
    outage = incident.is_outage
    scene.writer.add(
        Impact(
            incident=incident,
            users_affected=told.users_affected,
            revenue_lost=told.revenue_lost,
            support_contacts=told.support_contacts,
            data_lost=told.data_lost or "",
            people=told.people or (len(scene.cast.involved) if outage else None),
            hours_each=round(hours, 1) if outage else None,
            cost_per_hour=95 if outage else None,
            scope=told.scope or "",
            schedule_days=told.schedule_days,
            notes="\n\n".join(text for text in (told.notes, told.cost) if text),
            estimates=["users_affected"] if told.users_affected_is_estimate else [],
        ),
        at=scene.meeting_over - timedelta(minutes=25),
        verb="changed",
        by=scene.cast.facilitator,
    )


def _causes(scene: Scene, postmortem: PostMortem, entries: list[Entry]) -> dict[str, Finding]:
    findings: dict[str, Finding] = {}
    moment = scene.meeting_over - timedelta(minutes=38)

    def grow(rows: list[CauseMaterial], parent: Cause | None) -> None:
        for position, row in enumerate(rows):
            category = "people" if row.category == "people-as-context" else row.category
            cause = Cause(
                id=scene.named("cause", row.text),
                postmortem=postmortem,
                parent=parent,
                position=float(position + 1),
                text=row.text,
                category=category,
                author=scene.cast.involved[position % len(scene.cast.involved)],
                created_at=moment,
            )
            scene.writer.add(cause, at=moment, by=cause.author)
            for index in dict.fromkeys(row.evidence):
                scene.writer.link(Cause.evidence.through, cause_id=cause.pk, entry_id=entries[index].pk)
            if row.finding:
                findings[row.text] = _finding(scene, postmortem, row.finding, row.text, cause, len(findings))
            grow(row.children, cause)

    grow(scene.row.causes, None)
    for extra in scene.row.findings:
        findings[extra.text] = _finding(scene, postmortem, extra.kind, extra.text, None, len(findings))
    return findings


def _finding(
    scene: Scene, postmortem: PostMortem, kind: str, text: str, cause: Cause | None, position: int
) -> Finding:
    moment = scene.meeting_over - timedelta(minutes=20)
    finding = Finding(
        id=scene.named("finding", text),
        postmortem=postmortem,
        cause=cause,
        kind=kind,
        text=text,
        position=float(position + 1),
        created_at=moment,
    )
    scene.writer.add(finding, at=moment, by=scene.cast.facilitator)
    return finding


def _actions(scene: Scene, postmortem: PostMortem, findings: dict[str, Finding]) -> list[ActionItem]:
    choice = random.Random(f"{scene.row.slug}:actions")  # noqa: S311 - the same story each time, not a secret
    owners = scene.cast.involved
    return [
        _action(scene, postmortem, row, findings.get(row.answers), choice.choice(owners), number)
        for number, row in enumerate(scene.row.actions, start=scene.first_action)
    ]


def _action(
    scene: Scene, postmortem: PostMortem, row: Action, finding: Finding | None, owner: Any, number: int
) -> ActionItem:
    decided = scene.meeting_over - timedelta(minutes=8)
    due = (decided + timedelta(days=row.due_days)).date()
    finished = decided + timedelta(days=max(1, row.due_days - 2 + number % 5))
    state = _state(State(row.state), finished=finished, now=scene.now, number=number)
    is_done = state in {State.DONE, State.VERIFIED}
    is_verified = state == State.VERIFIED
    action = ActionItem(
        id=scene.named("action", number),
        postmortem=postmortem,
        number=number,
        finding=finding,
        text=row.text,
        kind=row.kind,
        priority=row.priority,
        state=state,
        owner=owner,
        due_on=due,
        author=owner,
        created_at=decided,
        committed_at=None if state == State.PROPOSED else decided,
        done_at=finished if is_done else None,
        verified_at=min(finished + timedelta(days=6), scene.now) if is_verified else None,
        verified_by=scene.cast.facilitator if is_verified else None,
        decline_reason=row.decline_reason if state == State.DECLINED else "",
    )
    scene.writer.add(action, at=decided, by=owner)
    if action.done_at:
        scene.writer.tell(action, "done", at=action.done_at, by=owner)
    return action


def _state(told: State, *, finished: datetime, now: datetime, number: int) -> State:
    """The state by now: nothing is done before its time, and of what has long been due most is."""
    if finished > now and told in {State.DONE, State.VERIFIED}:
        return State.IN_PROGRESS
    long_due = finished < now - timedelta(days=20)
    if long_due and told in {State.PROPOSED, State.COMMITTED, State.IN_PROGRESS} and number % 5:
        return State.DONE
    return told


def _shared_at(scene: Scene) -> datetime | None:
    return scene.meeting_over + timedelta(hours=17) if scene.stage >= Stage.SHARED else None


def _afterwards(scene: Scene, postmortem: PostMortem, meeting: Meeting, actions: list[ActionItem]) -> None:
    shared = _shared_at(scene)
    facilitator = scene.cast.facilitator
    checked_in = scene.stage == Stage.CHECKED_IN
    state = Summary.State.PUBLISHED if shared else Summary.State.DRAFT
    summary = Summary(
        postmortem=postmortem, state=state, published_at=shared, published_by=facilitator if shared else None
    )
    scene.writer.add(summary)
    if shared:
        scene.writer.tell(summary, "published", at=shared, by=facilitator)
    _promise(
        scene, postmortem, Promise.Kind.SUMMARY, due=scene.meeting_over + timedelta(hours=24), kept=shared
    )
    check_in = Meeting(
        postmortem=postmortem,
        kind=Meeting.Kind.CHECK_IN,
        state=Meeting.State.HELD if checked_in else Meeting.State.SCHEDULED,
        starts_at=_working_day(meeting.starts_at + CHECK_IN),
        minutes=30,
        zone=meeting.zone,
        scheduled_by=facilitator,
    )
    held = check_in.starts_at if checked_in else None
    check_in.started_at = held
    check_in.ended_at = held + timedelta(minutes=25) if held else None
    scene.writer.add(check_in, at=scene.meeting_over, verb="scheduled", by=facilitator)
    _promise(scene, postmortem, Promise.Kind.CHECK_IN, due=check_in.ends_at, kept=check_in.ended_at)
    if held:
        for action in actions:
            _outcome(scene, check_in, action, held)


def _outcome(scene: Scene, check_in: Meeting, action: ActionItem, held: datetime) -> None:
    outcomes = CheckInOutcome.Outcome
    if action.done_at and action.done_at < held:
        outcome = outcomes.DONE
    elif action.state == ActionItem.State.DECLINED:
        outcome = outcomes.DECLINED
    else:
        outcome = outcomes.NEW_DATE
    scene.writer.add(
        CheckInOutcome(meeting=check_in, action=action, outcome=outcome, by=scene.cast.facilitator, at=held)
    )


def _working_day(moment: datetime) -> datetime:
    return moment + timedelta(days={5: 2, 6: 1}.get(moment.weekday(), 0))


def now() -> datetime:
    """The present, to the minute."""
    return timezone.now().replace(second=0, microsecond=0)
