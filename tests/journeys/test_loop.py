"""Two people take one sample incident from "resolved" to "check-in held", each in a browser of their own."""

from __future__ import annotations

import sys
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

from tests.journeys import action_steps, cause_steps, follow_up_steps, preparation_steps, timeline_steps
from tests.journeys.conftest import Arrive
from tests.journeys.story import OPEN_INCIDENT, Story

pytestmark = pytest.mark.browser
SEEN_WITHIN_MS = 400
"""Twice what a quiet machine may take, since this one does other things too."""
STEPS = (
    preparation_steps.resolve_it,
    preparation_steps.find_a_time,
    preparation_steps.find_a_facilitator,
    preparation_steps.ask_those_who_come,
    preparation_steps.read_before_meeting,
    timeline_steps.follow_the_facilitator,
    timeline_steps.write_the_timeline,
    timeline_steps.change_entries,
    timeline_steps.settle_accounts_and_show_evidence,
    timeline_steps.take_over_a_chat_log,
    timeline_steps.write_beside_the_step,
    cause_steps.build_the_causes_by_keyboard,
    cause_steps.name_findings,
    cause_steps.count_the_impact,
    cause_steps.answer_what_would_have_prevented_it,
    action_steps.meet_the_gate,
    action_steps.promise_actions,
    action_steps.close_the_meeting,
    follow_up_steps.share_the_summary,
    follow_up_steps.hold_the_check_in,
)


@pytest.fixture
def story(arrive: Arrive, browser: Browser) -> Story:
    one = arrive("Marta Zielińska", OPEN_INCIDENT)
    one.open()
    return Story(arrive, browser, one, one.began_at().astimezone(ZoneInfo("Europe/London")))


def test_an_incident_goes_from_resolved_to_check_in_held(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    for step in STEPS:
        step(story)
    usual, longest = median(story.waits), max(story.waits)
    with capsys.disabled():
        sys.stdout.write(f"\nSeen in the other browser after {usual:.0f} ms, at most {longest:.0f} ms\n")
    assert usual < SEEN_WITHIN_MS
