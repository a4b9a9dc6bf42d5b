"""Turns one incident of the material into rows, as far as its stage has come."""

from __future__ import annotations

from followthrough.sample import after, before
from followthrough.sample.scene import Scene
from followthrough.sample.story import Stage


def write(scene: Scene) -> int:
    """Adds everything of the scene to its writer; returns how many action numbers it used."""
    incident = before.tell_incident(scene)
    before.tell_milestones(scene, incident)
    before.tell_people(scene, incident)
    if scene.stage < Stage.TO_SCHEDULE:
        return 0
    postmortem = before.open_review(scene, incident)
    entries = before.tell_timeline(scene, postmortem)
    before.ask_participants(scene, postmortem)
    meeting = before.hold_meeting(scene, postmortem)
    if meeting is None or scene.stage < Stage.TO_SHARE:
        return 0
    after.tell_impact(scene, incident)
    findings = after.tell_causes(scene, postmortem, entries)
    actions = after.decide_actions(scene, postmortem, findings)
    after.follow_up(scene, postmortem, meeting, actions)
    return len(actions)
