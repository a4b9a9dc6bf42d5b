"""Times that are fields of their own are read by the one grammar of typed times, on Monday 30 November 2026 at 16:00."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from followthrough.core.typed_moments import read_moment, wall_time
from tests.clock import Clock
from tests.factories import make_incident, make_person, signed_in

TOLD = json.loads((Path(__file__).parents[1] / "fixtures/typed_moments.json").read_text())


@pytest.mark.parametrize(("typed", "after", "expected"), TOLD["cases"])
def test_a_field_of_a_time(typed: str, after: str | None, expected: str | None) -> None:
    stamp = read_moment(typed)
    now = datetime.fromisoformat(TOLD["now"])
    before = datetime.fromisoformat(after) if after else None
    found = wall_time(stamp, now=now, after=before) if stamp else None
    assert found == (datetime.fromisoformat(expected) if expected else None)


def test_a_meeting_is_ahead() -> None:
    now = datetime.fromisoformat(TOLD["now"])
    for typed, expected in (
        ("Fri 14:03", "2026-12-04T14:03"),
        ("tomorrow 10:00", "2026-12-01T10:00"),
        ("3 Jan 10:00", "2027-01-03T10:00"),
    ):
        stamp = read_moment(typed)
        assert stamp
        assert wall_time(stamp, now=now, ahead=True) == datetime.fromisoformat(expected)


@pytest.mark.django_db
def test_the_report_form_says_what_it_understood_and_asks_for_the_rest(clock: Clock) -> None:
    """No field asks the browser for its own clock, which may say AM and PM; a time without a day follows the one before."""
    clock.set("2026-11-30 15:00")
    client = signed_in(make_person(zone="Europe/Berlin"))
    page = client.get("/incidents/new/").content.decode()
    assert 'type="datetime-local"' not in page
    assert 'value="2026-11-30 16:00"' in page
    assert "Mon 30 Nov 2026, 16:00</output>" in page
    said = {
        "kind": "outage",
        "zone": "Europe/Berlin",
        "started_at": "yesterday 11:50 pm",
        "detected_at": "00:10",
    }
    seen = client.post("/incidents/order/", said | {"resolved_at": "half past"}).content.decode()
    assert "Sun 29 Nov 2026, 23:50</output>" in seen
    assert "Mon 30 Nov 2026, 00:10</output>" in seen
    assert "“half past” was not read as a time. Write it as 14:03, yesterday 14:03" in seen


@pytest.mark.django_db
def test_what_was_typed_is_what_is_kept(clock: Clock) -> None:
    clock.set("2026-11-30 15:00")
    person = make_person(zone="Europe/Berlin")
    client, incident = signed_in(person), make_incident(zone="Europe/Berlin")
    page = client.get(f"/incidents/{incident.key}/milestones/").context["form"]
    said = {name: page[name].value() or "" for name in page.fields}
    said |= {
        "started_at": "28 Nov 14.20",
        "detected_at": "2:31 pm",
        "started_state": "",
        "detected_state": "",
    }
    assert client.post(f"/incidents/{incident.key}/milestones/", said).status_code == 302
    kept = {row.name: row.at for row in incident.milestones.all()}
    assert f"{kept['started']:%d %H:%M}, {kept['detected']:%d %H:%M}" == "28 13:20, 28 13:31"
