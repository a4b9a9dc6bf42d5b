"""Several people write in one text over the socket: all end alike, nothing twice, nothing lost."""

from __future__ import annotations

import asyncio
import sqlite3
from base64 import b64encode
from collections.abc import Callable
from uuid import uuid4

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from tests.live.server import Server
from tests.live.visitor import Visitor
from tests.live.writer import Writer
from tests.shared_data import run_python

KEYSTROKES = "SELECT count(*) FROM activity_activity WHERE kind = 'writing.update'"


def _on(server: Server, script: str) -> str:
    """What a process of its own on the server's data prints."""
    return run_python("-c", f"import django; django.setup()\n{script}", data=server.data)


def _stored(server: Server, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(f"file:{server.data}/followthrough.sqlite3?mode=ro", uri=True) as database:
        return database.execute(query).fetchall()


def test_two_write_at_once_and_a_third_takes_over_plain_notes(server: Server) -> None:
    async def meet() -> None:
        room = server.organisation["rooms"][-31]
        one, other = Writer(server, server.sessions[0], room), Writer(server, server.sessions[1], room)
        async with Visitor(server, server.sessions[2], room) as before, one, other:
            await before.do("note.write", step="causes", text="As it *stood*\nin two lines", private=False)
            await asyncio.gather(one.open(), other.open())
            await asyncio.gather(
                *(who.write(f"{name} {n}") for n in range(5) for who, name in ((one, "a"), (other, "b")))
            )
            await one.until(lambda: "b 4" in one.text)
            await other.until(lambda: other.text == one.text)
            lines = one.text.split("\n\n")
            assert lines[0] == "As it _stood_\\\nin two lines"
            assert sorted(lines[1:]) == [f"{name} {n}" for name in "ab" for n in range(5)]
            await before.hello()
            late = Visitor(server, server.sessions[3], room)
            async with late:
                note = next(row for row in late.rows("meetings.note").values() if row["step"] == "causes")
                assert note["text"] == one.text
                assert "<em>stood</em>" in note["html"]

    asyncio.run(meet())


def test_a_flood_of_openings_starves_nobody(server: Server) -> None:
    """Held by how few are answered: the seconds until the acknowledgement are mostly the machine's."""

    async def meet() -> None:
        room = server.organisation["rooms"][-33]
        async with (
            Writer(server, server.sessions[0], room) as flood,
            Visitor(server, server.sessions[1], room) as one,
        ):
            await flood.do(
                "note.write", step="causes", text="- [a](https://x.example) **b**\n" * 600, private=False
            )
            await flood.open()
            for _ in range(300):
                await flood.send({"t": "open", "of": flood.of})
            await flood.send({"t": "open", "of": "note:nowhere"})
            assert (await one.do("park.add", id=str(uuid4()), text="Later"))["t"] == "ack"
            await flood.until(lambda: flood.last("prose")["of"] == "note:nowhere")
            assert sum(message["t"] == "prose" for message in flood.heard) < 100

    asyncio.run(meet())


def test_an_update_is_taken_once_and_bad_ones_do_no_harm(server: Server) -> None:
    async def meet() -> None:
        room = server.organisation["rooms"][-32]
        async with (
            Writer(server, server.sessions[0], room) as one,
            Writer(server, server.sessions[1], room) as other,
        ):
            await one.open()
            await other.open()
            op, update = str(uuid4()), one.add_line("once")
            first = await one.send_update(update, op)
            assert first["t"] == "ack"
            assert await one.send_update(update, op) == first
            for bad, reason in ((b64encode(b"\xff" * 40).decode(), "could not be read"), ("%%", "damaged")):
                refused = await one.send_update(bad)
                assert (refused["t"], refused["status"]) == ("no", 422)
                assert reason in refused["message"]
            one.add_line("never sent")
            loose = await one.send_update(one.add_line("rests on it"))
            assert "rests on one that was not saved" in loose["message"]
            long = await other.send_update(other.add_line("word " * 5_000))
            assert "20,000 fit here" in long["message"]
            late = Writer(server, server.sessions[2], room)
            async with late:
                await late.open()
                assert late.text == "once"
                unknown = await late.do("prose.write", of="note:nowhere", update=update)
                assert unknown["status"] == 404

    asyncio.run(meet())


BAD = [
    "javascript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "java\tscript:x",
    "\x01javascript:x",
]


def test_addresses_that_may_not_be_followed_are_refused_as_they_come_in(server: Server) -> None:
    async def meet() -> None:
        room = server.organisation["rooms"][-33]
        async with Writer(server, server.sessions[0], room) as one:
            await one.open()
            for address in BAD:
                for update in _leading_to(one, address):
                    refused = await one.send_update(update)
                    assert (refused["t"], refused["status"]) == ("no", 422), address
                    assert "A link may lead to" in refused["message"]
            for update in _leading_to(one, "/people/?who=1"):
                assert (await one.send_update(update))["t"] == "ack"

    asyncio.run(meet())


def _leading_to(writer: Writer, address: str) -> list[str]:
    """Updates of the text as it stands, each with the address in another place."""
    made = []
    for fill in (
        lambda p: p.children.append(XmlText()).insert(0, "x", {"link": {"href": address}}),
        lambda p: p.children.append(XmlElement("image", {"src": address, "alt": "x"})),
        lambda p: p.children.append(XmlElement("mention", {"href": address, "label": "x"})),
    ):
        doc: Doc = Doc()
        root = doc.get("prose", type=XmlFragment)
        doc.apply_update(writer.doc.get_update())
        before = doc.get_state()
        fill(root.children.append(XmlElement("paragraph")))
        made.append(b64encode(doc.get_update(before)).decode())
    return made


def test_what_was_acknowledged_outlives_a_kill_and_folding(make_server: Callable[[], Server]) -> None:
    server = make_server()
    keep = "from datetime import timedelta; from followthrough.writing import operations, tasks; "
    keep += "tasks.AT_REST = operations.KEPT_FOR = operations.KEPT_IN_LOG = timedelta(); "
    keep += "tasks.keep_versions(); operations.forget_folded()"

    async def meet() -> None:
        one, other = Writer(server, server.sessions[0]), Writer(server, server.sessions[1])
        async with one:
            await one.open()
            for n in range(3):
                await one.write(f"line {n}")
            server.kill()
            await one.until(lambda: one.closed is not None)
            server.start()
            offline = one.add_line("while it was away")
            await one.connect()
            seq, op = one.seq, str(uuid4())
            assert (await one.send_update(offline, op))["t"] == "ack"
            await asyncio.to_thread(_on, server, keep)
            assert _stored(server, "SELECT count(*) FROM writing_update") == [(0,)]
            assert _stored(server, KEYSTROKES) == [(0,)]
            assert _stored(server, "SELECT text FROM writing_version") == [(one.text,)]
            assert (await one.send_update(offline, op))["t"] == "ack"
            assert _stored(server, KEYSTROKES) == [(0,)]
            one.seq = seq
            assert not (await one.hello())["full"]
            await one.write("after folding")
            async with other:
                await other.open()
                assert (
                    other.text
                    == one.text
                    == "\n\n".join(["line 0", "line 1", "line 2", "while it was away", "after folding"])
                )

    asyncio.run(meet())


def test_nobody_opens_or_writes_where_they_may_not_be(server: Server) -> None:
    async def meet() -> None:
        room = server.organisation["restricted"]
        stranger = Writer(server, server.sessions[5], room)
        await stranger.connect(hello=False)
        await stranger.until(lambda: stranger.closed is not None)
        assert stranger.closed is not None
        assert stranger.closed[0] == 4404
        async with Writer(server, server.sessions[0], server.organisation["rooms"][-33]) as one:
            one.of = "note:nowhere"
            assert (await one.open())["status"] == 404

    asyncio.run(meet())


def test_others_see_where_somebody_writes(server: Server) -> None:
    async def meet() -> None:
        room = server.organisation["rooms"][-34]
        async with (
            Visitor(server, server.sessions[0], room) as one,
            Visitor(server, server.sessions[1], room) as other,
        ):
            await one.send({"t": "say", "kind": "cursor", "on": "note:causes AAAA BBBB"})
            await other.until(lambda: any(each["t"] == "said" for each in other.heard))
            assert other.last("said")["kind"] == "cursor"
            assert other.last("said")["by"]["name"] == one.you["name"]

    asyncio.run(meet())
