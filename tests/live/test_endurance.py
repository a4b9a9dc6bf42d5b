"""Power cuts and broken lines: what was acknowledged is there, nothing is there twice, everyone sees the same."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from websockets.exceptions import ConnectionClosed

from tests.live.server import Server
from tests.live.visitor import Visitor, new_entry

WRITERS = 20


async def _write_until_cut(visitor: Visitor, kept: dict[str, dict[str, Any]], acknowledged: set[str]) -> None:
    """Keeps every command until it is acknowledged, as the page does."""
    while visitor.closed is None:
        op, entry = str(uuid4()), new_entry()
        kept[op] = entry
        try:
            answer = await visitor.do("entry.add", op=op, **entry)
        except (ConnectionClosed, AssertionError):
            return
        if answer["t"] == "ack":
            acknowledged.add(op)


def test_a_power_cut_loses_nothing_that_was_acknowledged(make_server: Callable[[], Server]) -> None:
    server = make_server()
    visitors = [Visitor(server, session) for session in server.sessions[:WRITERS]]
    kept: list[dict[str, dict[str, Any]]] = [{} for _ in visitors]
    acknowledged: set[str] = set()

    async def meet() -> None:
        await asyncio.gather(*(visitor.connect() for visitor in visitors))
        writing = [
            asyncio.create_task(_write_until_cut(visitor, mine, acknowledged))
            for visitor, mine in zip(visitors, kept, strict=True)
        ]
        while len(acknowledged) < 4 * WRITERS:
            await asyncio.sleep(0.01)
        server.kill()
        await asyncio.gather(*writing)
        stored = Counter(_entries(server))
        written = {op: entry["id"] for mine in kept for op, entry in mine.items()}
        assert all(stored[UUID(written[op]).hex] == 1 for op in acknowledged)
        await asyncio.to_thread(server.start)
        await asyncio.gather(*(_resume(*pair) for pair in zip(visitors, kept, strict=True)))
        await _all_alike(visitors)
        stored = Counter(_entries(server))
        assert all(stored[UUID(key).hex] == 1 for key in written.values())
        assert set(stored.values()) == {1}
        await asyncio.gather(*(visitor.leave() for visitor in visitors))

    asyncio.run(meet())


async def _resume(visitor: Visitor, kept: dict[str, dict[str, Any]]) -> None:
    """Comes back with what it had and sends everything again, acknowledged or not."""
    await visitor.leave()
    await visitor.connect()
    assert visitor.last("welcome")["full"] is False
    again = [visitor.do("entry.add", op=op, **entry) for op, entry in kept.items()]
    assert {answer["t"] for answer in await asyncio.gather(*again)} == {"ack"}


def _entries(server: Server) -> list[str]:
    with sqlite3.connect(server.data / "followthrough.sqlite3", timeout=20) as database:
        return [row[0] for row in database.execute("SELECT id FROM timeline_entry")]


async def _all_alike(visitors: list[Visitor]) -> None:
    """Once all commands are answered and nobody is behind, everyone's records are those that a newcomer gets."""
    for visitor in visitors:
        await visitor.has_all_answers()
    async with Visitor(visitors[0].server, visitors[0].session, visitors[0].room) as newcomer:
        for visitor in visitors:
            await visitor.until(lambda each=visitor: each.seq == newcomer.seq)
        for kind in newcomer.records:
            for visitor in visitors:
                assert visitor.rows(kind) == newcomer.rows(kind), kind


class Walk:
    """Somebody who does random things, is cut off, comes back, and repeats what was not answered."""

    def __init__(self, visitor: Visitor, chance: random.Random, shared: dict[str, list[str]]) -> None:
        self.visitor, self.chance, self.shared = visitor, chance, shared
        self.unanswered: dict[str, tuple[str, dict[str, Any]]] = {}
        self.sent: Counter[str] = Counter()

    async def step(self) -> None:
        roll = self.chance.random()
        if self.visitor.closed or roll < 0.08:
            await self.come_back()
        elif roll < 0.2 and self.unanswered:
            await self._send(self.chance.choice(list(self.unanswered)))
        else:
            op = str(uuid4())
            self.unanswered[op] = self._something()
            for _ in range(self.chance.choice([1, 1, 1, 2])):
                await self._send(op)
        await asyncio.sleep(self.chance.random() * 0.02)

    async def come_back(self) -> None:
        await self.visitor.leave()
        if self.chance.random() < 0.2:
            self.visitor.seq, self.visitor.records = None, {}
        await self.visitor.connect()

    async def finish(self) -> None:
        """Sends what is left until all of it is answered."""
        while left := [op for op in self.unanswered if op not in self.visitor.answers]:
            for op in left:
                await self._send(op)
            await self.visitor.until(lambda left=left: set(left) <= self.visitor.answers.keys())

    async def _send(self, op: str) -> None:
        name, args = self.unanswered[op]
        self.sent[op] += 1
        await self.visitor.ask(name, op=op, **args)

    def _something(self) -> tuple[str, dict[str, Any]]:
        make, kind = self.chance.choice(
            [
                (self._entry, ""),
                (self._cause, ""),
                (self._finding, ""),
                (self._action, ""),
                (self._parked, ""),
            ]
            + [(self._old, kind) for kind in ("entry", "cause", "finding", "action") if self.shared.get(kind)]
        )
        return make(kind)

    def _new(self, kind: str) -> str:
        key = str(uuid4())
        self.shared.setdefault(kind, []).append(key)
        return key

    def _any(self, kind: str) -> str | None:
        return self.chance.choice(self.shared[kind]) if self.shared.get(kind) else None

    def _entry(self, _: str) -> tuple[str, dict[str, Any]]:
        line = f"14:{self.chance.randrange(60):02} saw {self.chance.randrange(1000)}"
        return "entry.add", new_entry(line) | {"id": self._new("entry")}

    def _cause(self, _: str) -> tuple[str, dict[str, Any]]:
        return "cause.add", {"id": self._new("cause"), "parent": self._any("cause"), "text": "it was empty"}

    def _finding(self, _: str) -> tuple[str, dict[str, Any]]:
        text = f"nothing checked {self.chance.randrange(1000)}"
        return "finding.add", {"id": self._new("finding"), "cause": None, "kind": "trigger", "text": text}

    def _action(self, _: str) -> tuple[str, dict[str, Any]]:
        return "action.add", {
            "id": self._new("action"),
            "finding": self._any("finding"),
            "text": "Add a check",
        }

    def _parked(self, _: str) -> tuple[str, dict[str, Any]]:
        return "park.add", {"id": str(uuid4()), "text": "Later"}

    def _old(self, kind: str) -> tuple[str, dict[str, Any]]:
        key, other = self._any(kind), self._any(kind)
        changes = {
            "entry": [
                ("entry.mark", {"milestone": self.chance.choice(["detected", "mitigated"])}),
                ("entry.pair", {"with": other}),
                ("entry.settle", {}),
            ],
            "cause": [
                ("cause.move", {"parent": other, "position": self.chance.random()}),
                ("cause.cite", {"entry": self._any("entry") or str(uuid4())}),
            ],
            "finding": [("finding.leave", {"reason": "too rare to plan for"}), ("finding.take_up", {})],
            "action": [
                ("action.accept_wording", {}),
                ("action.decline", {"reason": "done in an earlier release"}),
            ],
        }
        general = [(f"{kind}.{verb}", {}) for verb in ("remove", "restore")]
        general += [(f"{kind}.change", {"text": f"other words {self.chance.randrange(1000)}"})]
        name, args = self.chance.choice(changes[kind] + general)
        return name, {"id": key, **args}


def test_random_people_cuts_and_repeats_end_alike_with_nothing_done_twice(server: Server) -> None:
    room, chance = server.organisation["rooms"][5], random.Random(148)

    async def meet() -> None:
        shared: dict[str, list[str]] = {}
        walks = [Walk(Visitor(server, session, room), chance, shared) for session in server.sessions[8:14]]
        await asyncio.gather(*(walk.visitor.connect() for walk in walks))
        for _ in range(60):
            await asyncio.gather(*(walk.step() for walk in walks))
        await asyncio.gather(*(walk.finish() for walk in walks))
        await _all_alike([walk.visitor for walk in walks])
        done = [op for walk in walks for op, answer in walk.visitor.answers.items() if answer["t"] == "ack"]
        assert len(done) > 100
        repeated = [op for walk in walks for op, times in walk.sent.items() if times > 1]
        _log_is_gapless(server, room, done, repeated)
        await asyncio.gather(*(walk.visitor.leave() for walk in walks))

    asyncio.run(meet())


def _log_is_gapless(server: Server, room: int, done: list[str], repeated: list[str]) -> None:
    """Nothing is logged that nobody was told of; of a command that was refused and then repeated, a cut may keep the
    second answer."""
    with sqlite3.connect(server.data / "followthrough.sqlite3", timeout=20) as database:
        rows = database.execute(
            "SELECT seq, op FROM activity_activity WHERE topic = ? ORDER BY seq", [f"incident:{room}"]
        ).fetchall()
    assert [seq for seq, _ in rows] == list(range(1, len(rows) + 1))
    logged = Counter(op for _, op in rows if op)
    assert set(logged.values()) == {1}
    assert set(logged) <= {UUID(op).hex for op in [*done, *repeated]}


def test_frames_follow_each_other_without_a_gap(server: Server) -> None:
    async def meet() -> None:
        async with Visitor(server, server.sessions[0]) as one, Visitor(server, server.sessions[1]) as other:
            began = other.seq
            assert began is not None
            await asyncio.gather(*(one.do("entry.add", **new_entry()) for _ in range(60)))
            await other.until(lambda: other.seq == one.seq)
            ends = [began, *(frame["seq"] for frame in other.frames)]
            assert [frame["after"] for frame in other.frames] == ends[:-1]
            said = [row["seq"] for frame in other.frames for row in frame["said"]]
            assert said == list(range(began + 1, ends[-1] + 1))
            assert (one.gaps, other.gaps) == (0, 0)

    asyncio.run(meet())
