"""What people in one room see of each other."""

from __future__ import annotations

import asyncio
import time
from statistics import median
from uuid import uuid4

from tests.live.server import Server
from tests.live.visitor import Visitor, new_entry
from tests.pace import slowness_of_the_clock


def test_two_people_see_each_others_changes_within_200_ms(server: Server) -> None:
    async def meet() -> tuple[list[float], list[float]]:
        waits, paces = [], []
        async with Visitor(server, server.sessions[0]) as one, Visitor(server, server.sessions[1]) as other:
            for _ in range(20):
                entry, began = new_entry(), time.monotonic()
                asking = asyncio.create_task(one.do("entry.add", **entry))
                await other.until(lambda key=entry["id"]: key in other.rows("timeline.entry"))
                waits.append(time.monotonic() - began)
                assert (await asking)["t"] == "ack"
                assert other.rows("timeline.entry")[entry["id"]]["text"] == "alert fired"
                paces.append(slowness_of_the_clock())
        return waits, paces

    waits, paces = asyncio.run(meet())
    assert min(waits) < 0.2
    assert median(waits) < 0.2 * median(paces), f"{median(waits):.2f} s at a pace of {median(paces):.1f}"


def test_a_repeated_command_is_acknowledged_again_and_changes_nothing(server: Server) -> None:
    async def repeat() -> None:
        async with Visitor(server, server.sessions[0]) as one:
            entry, op = new_entry("14:12 paged twice?"), str(uuid4())
            first = await one.do("entry.add", op=op, **entry)
            again = await one.do("entry.add", op=op, **entry)
            await one.leave()
            await one.connect()
            once_more = await one.do("entry.add", op=op, **entry)
            assert first == again == once_more
            texts = [row["text"] for row in one.rows("timeline.entry").values()]
            assert texts.count("paged twice?") == 1

    asyncio.run(repeat())


def test_a_refusal_gives_the_reason_and_the_others_go_on(server: Server) -> None:
    async def refuse() -> None:
        async with Visitor(server, server.sessions[0]) as one:
            good, bad, op, wrong = new_entry(), new_entry("  "), str(uuid4()), str(uuid4())
            await one.ask("entry.add", op=wrong, **bad)
            await one.ask("entry.add", op=op, **good)
            await one.until(lambda: {op, wrong} <= one.answers.keys())
            assert one.answers[op]["t"] == "ack"
            refusal = one.answers[wrong]
            assert (refusal["t"], refusal["status"]) == ("no", 422)
            assert refusal["message"].endswith(".")
            unknown = await one.do("entry.explode")
            assert (unknown["t"], unknown["status"]) == ("no", 422)

    asyncio.run(refuse())


def test_editing_an_old_version_is_refused_with_the_current_text(server: Server) -> None:
    async def edit() -> None:
        async with Visitor(server, server.sessions[0]) as one, Visitor(server, server.sessions[1]) as other:
            entry = new_entry("14:20 looked like load")
            await one.do("entry.add", **entry)
            await other.until(lambda: entry["id"] in other.rows("timeline.entry"))
            base = one.rows("timeline.entry")[entry["id"]]["version"]
            assert (await one.do("entry.change", base=base, id=entry["id"], text="looked like a leak"))[
                "t"
            ] == "ack"
            stale = await other.do("entry.change", base=base, id=entry["id"], text="looked like a loop")
            assert (stale["t"], stale["status"]) == ("no", 409)
            assert stale["current"]["text"] == "looked like a leak"
            await other.until(
                lambda: other.rows("timeline.entry")[entry["id"]]["text"] == "looked like a leak"
            )

    asyncio.run(edit())


def test_a_time_may_be_changed_as_it_is_typed_in_any_zone(server: Server) -> None:
    async def change() -> None:
        async with Visitor(server, server.sessions[0]) as one:
            entry = new_entry()
            await one.do("entry.add", **entry)
            for typed, moment in (("14:19", "14:19"), ("16:20 +02:00", "14:20"), ("+18 min", "14:21")):
                assert (await one.do("entry.change", id=entry["id"], when=typed))["t"] == "ack"
                await one.until(
                    lambda at=moment: at in one.rows("timeline.entry")[entry["id"]]["happened_at"]
                )
            assert (await one.do("entry.change", id=entry["id"], when="soon"))["status"] == 422

    asyncio.run(change())


def test_presence_hands_and_writing_are_told_and_never_stored(server: Server) -> None:
    async def show() -> None:
        async with Visitor(server, server.sessions[2]) as one, Visitor(server, server.sessions[3]) as other:
            before = one.seq
            await one.send({"t": "say", "kind": "writing", "on": "entry 1"})
            await other.until(lambda: any(said["t"] == "said" for said in other.heard))
            said = other.last("said")
            assert said["by"]["name"] == "Member 02"
            assert said["until"] > time.time() * 1000
            await one.send({"t": "say", "kind": "looking", "on": "causes"})
            await one.send({"t": "say", "kind": "hand", "on": "up"})
            await other.until(lambda: any(row["hand"] for row in other.here()))
            mine = next(row for row in other.here() if row["name"] == "Member 02")
            assert mine["step"] == "causes"
            await one.leave()
            await other.until(lambda: all(row["name"] != "Member 02" for row in other.here()))
            assert other.seq == before

    asyncio.run(show())


def test_attention_and_reactions_are_told(server: Server) -> None:
    async def meet() -> None:
        room, session = server.organisation["rooms"][7], server.sessions[0]
        one, second = Visitor(server, session, room), Visitor(server, session, room)
        async with one, second, Visitor(server, server.sessions[1], room) as other:
            for page, attention in ((one, "away"), (second, "idle")):
                await page.send({"t": "say", "kind": "attention", "on": attention})
            await other.until(lambda: "idle" in {row["attention"] for row in other.here()})
            await other.send({"t": "say", "kind": "reaction", "on": "Well done"})
            for page in (one, other):
                await page.until(lambda page=page: any(row["t"] == "said" for row in page.heard))
                assert page.last("said")["on"] == "Well done"

    asyncio.run(meet())


def test_an_anonymous_entry_names_nobody_anywhere(server: Server) -> None:
    async def whisper() -> None:
        async with Visitor(server, server.sessions[4]) as one, Visitor(server, server.sessions[5]) as other:
            key = "k" * 24
            entry = new_entry("14:25 I was unsure whom to page") | {"anonymous": True, "key": key}
            await one.do("entry.add", **entry)
            await other.until(lambda: entry["id"] in other.rows("timeline.entry"))
            assert other.rows("timeline.entry")[entry["id"]]["author"] is None
            said = [row for frame in other.frames for row in frame["said"] if row["id"] == entry["id"]]
            assert [row["by"] for row in said] == [None]
            theirs = await other.do("entry.change", id=entry["id"], text="found out")
            assert theirs["status"] == 403
            mine = await one.do("entry.change", id=entry["id"], text="I did not know whom to page", key=key)
            assert mine["t"] == "ack"

    asyncio.run(whisper())


def test_private_notes_reach_only_their_owner(server: Server) -> None:
    async def note() -> None:
        lead = Visitor(server, server.organisation["facilitator"])
        async with lead, Visitor(server, server.sessions[1]) as other:
            answer = await lead.do("note.write", step="causes", text="Ask Jonas kindly", private=True)
            await other.until(lambda: other.seq >= answer["seq"])
            assert [row["text"] for row in lead.rows("meetings.note").values()] == ["Ask Jonas kindly"]
            assert "Ask Jonas kindly" not in str(other.heard)
            assert all(row["kind"] != "meetings.note" for frame in other.frames for row in frame["said"])
            assert any(row["kind"] == "meetings.note" for frame in lead.frames for row in frame["said"])
            async with Visitor(server, server.sessions[6]) as newcomer:
                assert "Ask Jonas kindly" not in str(newcomer.heard)
            async with Visitor(server, server.organisation["facilitator"]) as again:
                assert [row["text"] for row in again.rows("meetings.note").values()] == ["Ask Jonas kindly"]

    asyncio.run(note())
