"""Rows that the meeting of an incident left: impact, causes, decisions, and what became of them."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from followthrough.actions.models import ActionItem
from followthrough.causes.models import Cause, Finding
from followthrough.check_ins.models import CheckInOutcome
from followthrough.incidents.models import Impact, Incident
from followthrough.meetings.models import Meeting
from followthrough.postmortems.models import PostMortem, Promise
from followthrough.reports.models import Summary
from followthrough.sample.before_meeting import promise
from followthrough.sample.material import Action
from followthrough.sample.material import Cause as CauseMaterial
from followthrough.sample.scene import Scene, shared_at
from followthrough.sample.story import Stage
from followthrough.timeline.models import Entry

CHECK_IN = timedelta(days=14)
FAILS = 4
"""One in so many of the fixes that nobody verified turns out not to have held."""
State = ActionItem.State


def tell_impact(scene: Scene, incident: Incident) -> None:
    """What it did to others."""
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


def tell_causes(scene: Scene, postmortem: PostMortem, entries: list[Entry]) -> dict[str, Finding]:
    """The why tree and the findings, by their text."""
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


def decide_actions(scene: Scene, postmortem: PostMortem, findings: dict[str, Finding]) -> list[ActionItem]:
    """The actions, numbered on."""
    choice = random.Random(f"{scene.row.slug}:actions")  # noqa: S311 - the same story each time, not a secret
    owners = scene.cast.involved
    decided = [
        _action(scene, postmortem, row, findings.get(row.answers), choice.choice(owners), number)
        for number, row in enumerate(scene.row.actions, start=scene.first_action)
    ]
    _replace_what_failed(decided, now=scene.now)
    return decided


def _replace_what_failed(decided: list[ActionItem], *, now: datetime) -> None:
    """Every now and then a fix did not hold, and another action of the same meeting takes its place."""
    for action, successor in pairwise(decided):
        if action.state == State.DONE and action.done_at and action.number % FAILS == 0:
            action.failed_at = min(action.done_at + timedelta(days=10), now)
            action.proof = "It struck again, a week after it was done"
            successor.replaces = action


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
        given_at=decided,
        given_by=scene.cast.facilitator,
        asked_at=decided if state == State.PROPOSED else None,
        accepted_at=None if state == State.PROPOSED else decided,
        committed_at=None if state == State.PROPOSED else decided,
        committed_by=None if state == State.PROPOSED else owner,
        done_at=finished if is_done else None,
        verified_at=min(finished + timedelta(days=6), scene.now) if is_verified else None,
        verified_by=scene.cast.facilitator if is_verified else None,
        proof="Quiet since it went live, and a drill fired as it should" if is_verified else "",
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
    if long_due and told == State.DONE and number % FAILS:
        return State.VERIFIED
    if long_due and told in {State.PROPOSED, State.COMMITTED, State.IN_PROGRESS} and number % 5:
        return State.DONE
    return told


def follow_up(scene: Scene, postmortem: PostMortem, meeting: Meeting, actions: list[ActionItem]) -> None:
    """The summary, the check-in and their promises."""
    shared = shared_at(scene)
    facilitator = scene.cast.facilitator
    checked_in = scene.stage == Stage.CHECKED_IN
    state = Summary.State.PUBLISHED if shared else Summary.State.DRAFT
    summary = Summary(
        postmortem=postmortem, state=state, published_at=shared, published_by=facilitator if shared else None
    )
    scene.writer.add(summary)
    if shared:
        scene.writer.tell(summary, "published", at=shared, by=facilitator)
    promise(
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
    promise(scene, postmortem, Promise.Kind.CHECK_IN, due=check_in.ends_at, kept=check_in.ended_at)
    if held:
        for action in actions:
            _outcome(scene, check_in, action, held)


def _outcome(scene: Scene, check_in: Meeting, action: ActionItem, held: datetime) -> None:
    outcomes = CheckInOutcome.Outcome
    if action.failed_at and action.failed_at < held:
        outcome = outcomes.DID_NOT_HOLD
    elif action.done_at and action.done_at < held:
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
