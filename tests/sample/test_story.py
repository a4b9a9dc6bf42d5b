"""The sample's story is current at any hour of any day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from followthrough.sample.story import CHAPTERS, HOME, WINDOW, Stage, ended_at

FRIDAY_BEFORE_THE_CLOCKS_GO_BACK = datetime(2026, 10, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    "chapter", [one for one in CHAPTERS if one.stage == Stage.TO_SCHEDULE], ids=lambda one: one.slug
)
def test_what_wants_a_meeting_has_working_hours_left(chapter):
    for minutes in range(0, 60 * 24 * 14, 30):
        now = FRIDAY_BEFORE_THE_CLOCKS_GO_BACK + timedelta(minutes=minutes + 1)
        ended = ended_at(chapter, now)
        closes = (ended + WINDOW).astimezone(HOME)
        assert ended < now - timedelta(minutes=30)
        assert closes - now >= timedelta(hours=3)
        assert closes.weekday() < 5
        assert 12 <= closes.hour <= 17
