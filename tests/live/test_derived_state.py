"""What the room derives from its records."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

from tests.live.server import Server
from tests.live.visitor import Visitor, new_entry


def drawn(visitor: Visitor) -> dict[str, Any]:
    """The parts as last told, each from its latest message."""
    parts: dict[str, Any] = {}
    for message in visitor.heard:
        if message["t"] == "derived":
            parts |= message
    return parts


def test_everything_derived_follows_the_records(server: Server) -> None:
    room = server.organisation["rooms"][1]

    async def meet() -> None:
        async with Visitor(server, server.sessions[0], room) as one:
            await one.until(lambda: "gate" in drawn(one))
            assert drawn(one)["strip"].startswith("<svg")
            assert [stage["name"] for stage in drawn(one)["stages"]] == [
                "detect", "acknowledge", "mitigate", "resolve",
            ]  # fmt: skip
            finding, action = str(uuid4()), str(uuid4())
            await one.do("finding.add", id=finding, cause=None, kind="detection_gap", text="No pool alert")
            await one.until(lambda: drawn(one)["gate"]["total"] == 1)
            assert drawn(one)["gate"]["left"][0]["finding"] == finding
            await one.do("action.add", id=action, finding=finding, text="Improve monitoring")
            await one.until(lambda: action in drawn(one)["wording"])
            assert drawn(one)["wording"][action]["specific"] is False
            assert drawn(one)["wording"][action]["missing"]
            await one.do("impact.change", people=6, hours_each=2.5, cost_per_hour=80)
            await one.until(lambda: drawn(one)["impact"]["cost"] == 1200)
            assert "6 people × 2.5 h" in drawn(one)["impact"]["formula"]
            questions = {row["text"]: str(row["id"]) for row in one.last("welcome")["questions"]}
            first = questions["When did it start, and when was it first detected?"]
            assert drawn(one)["prompts"][first].startswith("Answered by the timeline: 14:03")

    asyncio.run(meet())


def test_the_fishbone_and_its_checks_follow_the_why_tree(server: Server) -> None:
    room = server.organisation["rooms"][1]

    async def meet() -> None:
        async with Visitor(server, server.sessions[0], room) as one:
            cause = str(uuid4())
            text = "The on-call engineer did not page Storage"
            await one.do("cause.add", id=cause, parent=None, position=1, text=text)
            await one.until(lambda: any(check["cause"] == cause for check in drawn(one).get("checks", [])))
            assert "Not sorted yet" in drawn(one)["fishbone"]
            assert "due" in {check["level"] for check in drawn(one)["checks"] if check["cause"] == cause}

    asyncio.run(meet())


def test_only_who_facilitates_is_told_who_is_quiet_and_what_blames(server: Server) -> None:
    room = server.organisation["rooms"][2]

    async def meet() -> None:
        lead = Visitor(server, server.organisation["facilitator"], room)
        async with lead, Visitor(server, server.sessions[1], room) as other:
            await lead.until(
                lambda: "facilitator" in drawn(lead) and drawn(lead)["facilitator"]["not_spoken"]
            )
            assert [row["name"] for row in drawn(lead)["facilitator"]["not_spoken"]] == ["Member 01"]
            await other.do("entry.add", **new_entry("14:09 the engineer carelessly broke the config"))
            await lead.until(lambda: drawn(lead)["facilitator"]["blame"])
            hint = drawn(lead)["facilitator"]["blame"][0]
            assert hint["kind"] == "timeline.entry"
            assert hint["question"]
            assert drawn(lead)["facilitator"]["not_spoken"] == []
            assert all("facilitator" not in message for message in other.heard if message["t"] == "derived")
            await lead.do("meeting.start")
            await lead.do("meeting.appoint", role="co_facilitator", person=other.you["id"])
            await other.until(lambda: "facilitator" in drawn(other))

    asyncio.run(meet())


def test_what_did_not_change_is_not_sent_again(server: Server) -> None:
    room = server.organisation["rooms"][3]

    async def meet() -> None:
        async with Visitor(server, server.sessions[0], room) as one:
            await one.until(lambda: "strip" in drawn(one))
            before = len(one.heard)
            await one.do("park.add", id=str(uuid4()), text="Talk about on-call load")
            await one.do("action.add", id=str(uuid4()), text="Look into it")
            await one.until(lambda: any("wording" in message for message in one.heard[before:]))
            assert all("strip" not in message for message in one.heard[before:])

    asyncio.run(meet())
