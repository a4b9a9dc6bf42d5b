"""Two people take one sample incident from "resolved" to "check-in held", each in a browser of their own."""

from __future__ import annotations

import sys
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

from tests.journeys import deciding, explaining, following_through, preparing, telling
from tests.journeys.conftest import Arrive
from tests.journeys.story import OPEN_INCIDENT, Story

pytestmark = pytest.mark.browser
SEEN_WITHIN_MS = 400
"""Twice what a quiet machine may take, since this one does other things too."""
STEPS = (
    preparing.resolve_it,
    preparing.find_a_time,
    preparing.find_a_facilitator,
    preparing.ask_those_who_come,
    preparing.read_before_meeting,
    telling.follow_the_facilitator,
    telling.write_the_timeline,
    telling.change_entries,
    telling.settle_accounts_and_show_evidence,
    telling.take_over_a_chat_log,
    telling.write_beside_the_step,
    explaining.build_the_causes_by_keyboard,
    explaining.name_findings,
    explaining.count_the_impact,
    explaining.answer_what_would_have_prevented_it,
    deciding.meet_the_gate,
    deciding.promise_actions,
    deciding.close_the_meeting,
    following_through.share_the_summary,
    following_through.hold_the_check_in,
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
