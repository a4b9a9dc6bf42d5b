"""Turns one incident of the material into rows, as far as its stage has come."""

from __future__ import annotations

from followthrough.sample import after_meeting, before_meeting
from followthrough.sample.scene import Scene
from followthrough.sample.story import Stage


def write(scene: Scene) -> int:
    """Adds everything of the scene to its writer; returns how many action numbers it used."""
    incident = before_meeting.tell_incident(scene)
    before_meeting.tell_milestones(scene, incident)
    before_meeting.tell_people(scene, incident)
    if scene.stage < Stage.TO_SCHEDULE:
        return 0
    postmortem = before_meeting.open_review(scene, incident)
    entries = before_meeting.tell_timeline(scene, postmortem)
    before_meeting.ask_participants(scene, postmortem)
    meeting = before_meeting.hold_meeting(scene, postmortem)
    if meeting is None or scene.stage < Stage.TO_SHARE:
        return 0
    after_meeting.tell_impact(scene, incident)
    findings = after_meeting.tell_causes(scene, postmortem, entries)
    actions = after_meeting.decide_actions(scene, postmortem, findings)
    after_meeting.follow_up(scene, postmortem, meeting, actions)
    return len(actions)
