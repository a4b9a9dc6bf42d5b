"""Who gets in, who stays, and what is refused at the door."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import suppress
from uuid import uuid4

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

import followthrough.meeting_room.meeting_backend  # noqa: F401 - registers the commands
from followthrough.meeting_room.command_context import COMMANDS
from tests.live.promptness import within
from tests.live.server import Server
from tests.live.visitor import Visitor, new_entry

STEPS = ["welcome", "timeline", "causes", "impact", "prevention", "actions", "close"]


def _close_code(server: Server, session: str, room: int) -> int:
    async def knock() -> int:
        visitor = Visitor(server, session, room)
        await visitor.connect(hello=False)
        await visitor.until(lambda: visitor.closed)
        assert visitor.closed
        assert [message["t"] for message in visitor.heard] == ["over"]
        return visitor.closed[0]

    return asyncio.run(knock())


def test_without_a_session_4401_and_without_the_right_4404(server: Server) -> None:
    room, restricted = server.organisation["room"], server.organisation["restricted"]
    assert _close_code(server, "no-such-session", room) == 4401
    assert _close_code(server, server.sessions[1], restricted) == 4404
    assert _close_code(server, server.organisation["stakeholder"], room) == 4404
    assert _close_code(server, server.sessions[0], 999_999) == 4404


def test_no_command_of_somebody_who_may_not_enter_is_carried_out(server: Server) -> None:
    """All that there are, sent without waiting to be let in."""
    room, restricted = server.organisation["room"], server.organisation["restricted"]
    before = [_log(server, number) for number in (room, restricted)]

    async def send_all(session: str, number: int) -> Visitor:
        visitor = Visitor(server, session, number)
        await visitor.connect(hello=False)
        await _send_every_command(visitor)
        await visitor.until(lambda: visitor.closed)
        return visitor

    assert len(COMMANDS) > 30
    for session, number in (
        (server.sessions[1], restricted),
        (server.organisation["stakeholder"], room),
        ("no-such-session", room),
    ):
        visitor = asyncio.run(send_all(session, number))
        assert [message["t"] for message in visitor.heard] == ["over"]
    assert [_log(server, number) for number in (room, restricted)] == before


async def _send_every_command(visitor: Visitor) -> None:
    with suppress(ConnectionClosed):
        for name in COMMANDS:
            await visitor.send({"t": "do", "op": str(uuid4()), "do": name, "args": {}, "base": None})
        for message in ({"t": "hello", "v": 1, "seq": None}, {"t": "open", "of": "note:causes"}):
            await visitor.send(message)


def _log(server: Server, number: int) -> list[tuple[object, ...]]:
    with sqlite3.connect(f"file:{server.data}/followthrough.sqlite3?mode=ro", uri=True) as database:
        return database.execute(
            "SELECT seq, kind, verb FROM activity_activity WHERE topic = ?", [f"incident:{number}"]
        ).fetchall()


@pytest.mark.parametrize(
    "origin", ["https://elsewhere.example", "https://[", "http://[::1", "http://a:b", "null"]
)
def test_pages_of_other_sites_are_turned_away(server: Server, origin: str) -> None:
    async def knock() -> int:
        visitor = Visitor(server, server.sessions[0])
        with pytest.raises(InvalidStatus) as refusal:
            await visitor.connect(origin=origin)
        return refusal.value.response.status_code

    assert asyncio.run(knock()) == 403


def test_who_loses_access_is_sent_out_and_changes_nothing_more(server: Server) -> None:
    """Access is taken away by another process, as an administrator's page would."""
    room = server.organisation["restricted"]

    async def meet() -> None:
        inside = Visitor(server, server.sessions[0], room)
        async with inside, Visitor(server, server.organisation["administrator"], room) as other:
            await inside.do("entry.add", **new_entry())
            await asyncio.to_thread(_take_name_off, server, room)
            async with within(3, other):
                await inside.until(lambda: inside.closed)
            assert inside.closed
            assert inside.closed[0] == 4404
            assert inside.last("over")["reason"]
            count = len(_log(server, room))
            await _send_every_command(inside)
            assert len(_log(server, room)) == count
            assert (await other.do("entry.add", **new_entry()))["t"] == "ack"
            assert other.closed is None

    asyncio.run(meet())


def _take_name_off(server: Server, room: int) -> None:
    """Removes everyone named, and logs it as the page's operation does."""
    with sqlite3.connect(server.data / "followthrough.sqlite3", timeout=20) as database:
        topic = f"incident:{room}"
        database.execute("DELETE FROM incidents_incident_named_people WHERE incident_id = ?", [room])
        database.execute("UPDATE activity_topic SET seq = seq + 1 WHERE name = ?", [topic])
        database.execute(
            "INSERT INTO activity_activity (at, topic, seq, verb, kind, record, label, changes)"
            " SELECT datetime('now'), name, seq, 'changed', 'incidents.incident', ?, '', '{}'"
            " FROM activity_topic WHERE name = ?",
            [str(room), topic],
        )


def test_signing_out_ends_the_visit(server: Server) -> None:
    async def meet() -> None:
        visitor = Visitor(server, server.sessions[29])
        async with visitor:
            await asyncio.to_thread(_sign_out_and_change_the_organisation, server, server.sessions[29])
            await visitor.until(lambda: visitor.closed)
            assert visitor.closed
            assert visitor.closed[0] == 4401

    asyncio.run(meet())


def _sign_out_and_change_the_organisation(server: Server, session: str) -> None:
    with sqlite3.connect(server.data / "followthrough.sqlite3", timeout=20) as database:
        database.execute("DELETE FROM django_session WHERE session_key = ?", [session])
        database.execute(
            "INSERT INTO activity_topic (name, seq) VALUES ('organisation', 1)"
            " ON CONFLICT (name) DO UPDATE SET seq = seq + 1"
        )


def test_messages_that_are_too_large_or_not_understood_close_the_socket(server: Server) -> None:
    async def send(text: str) -> int:
        visitor = Visitor(server, server.sessions[0])
        async with visitor:
            await visitor.send(text)
            await visitor.until(lambda: visitor.closed)
            assert visitor.closed
            return visitor.closed[0]

    assert asyncio.run(send("x" * 70_000)) == 4413
    assert asyncio.run(send("é" * 40_000)) == 4413
    for nonsense in (
        "hello",
        "[]",
        '{"t":"do"}',
        "[" * 60_000,
        '{"t":"hello","v":9}',
        '{"t":"hello","seq":1e999}',
    ):
        assert asyncio.run(send(nonsense)) == 4400


def test_too_many_messages_at_once_close_the_socket(server: Server) -> None:
    async def flood() -> int:
        visitor = Visitor(server, server.sessions[0])
        async with visitor:
            with suppress(ConnectionClosed):
                for _ in range(1500):
                    await visitor.send({"t": "ping", "at": 1})
            await visitor.until(lambda: visitor.closed)
            assert visitor.closed
            return visitor.closed[0]

    assert asyncio.run(flood()) == 4429


def test_a_slow_reader_is_cut_and_resumes_with_everything(server: Server) -> None:
    room = server.organisation["rooms"][4]

    async def meet() -> None:
        slow = Visitor(server, server.sessions[0], room)
        async with slow, Visitor(server, server.sessions[1], room) as writer:
            slow.pause()
            for number in range(26):
                await asyncio.gather(*(_rewrite(writer, step, number) for step in STEPS))
            slow.resume()
            await slow.until(lambda: slow.closed)
            assert slow.closed
            assert slow.closed[0] in {4408, 1006}
            assert writer.closed is None
            await slow.connect()
            assert slow.rows("meetings.note") == writer.rows("meetings.note")

    asyncio.run(meet())


async def _rewrite(writer: Visitor, step: str, number: int) -> None:
    answer = await writer.do("note.write", step=step, text=f"{number} " + "→" * 19_000, private=False)
    assert answer["t"] == "ack"


def test_changes_made_through_pages_show_up_at_once(server: Server) -> None:
    room = server.organisation["room"]

    async def meet() -> None:
        async with Visitor(server, server.sessions[0]) as one, Visitor(server, server.sessions[1]) as other:
            cookies = {"followthrough_session": server.organisation["facilitator"]}
            address = f"http://127.0.0.1:{server.port}"
            async with httpx.AsyncClient(base_url=address, cookies=cookies) as page:
                form = await page.get(f"/incidents/INC-{room}/room/")
                token = form.text.split('data-csrf="')[1].split('"')[0]
                async with within(3, other):
                    answer = await page.post(
                        f"/incidents/INC-{room}/impact/",
                        data={"csrfmiddlewaretoken": token, "users_affected": "1200"},
                        headers={"X-CSRFToken": token, "Referer": address},
                    )
                    assert answer.status_code < 400
                    await one.until(
                        lambda: (
                            [row["users_affected"] for row in one.rows("incidents.impact").values()] == [1200]
                        )
                    )

    asyncio.run(meet())
