"""The send queue of one socket: backpressure, coalescing of what is soon out of date, and the welcome in pieces."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from followthrough.live.limits import WAITING_CHARACTERS


@dataclass(slots=True, eq=False)
class Outgoing:
    """One message that waits. `newest_of` names what it says, if only the newest of that is worth sending."""

    text: str
    counts: bool = True
    newest_of: Hashable = None
    ends_welcome: bool = False


class SendQueue:
    """Messages in their order; those put while it is held come after the welcome."""

    def __init__(self) -> None:
        self._waiting: deque[Outgoing] = deque()
        self._held: deque[Outgoing] | None = None
        self._newest: dict[Hashable, Outgoing] = {}
        self._characters = 0
        self._something = asyncio.Event()

    @property
    def is_too_long(self) -> bool:
        return self._characters > WAITING_CHARACTERS

    def put(self, text: str, newest_of: Hashable = None) -> None:
        """Queues `text`; one that waits already and says the same thing is replaced where it stands."""
        if known := self._newest.get(newest_of):
            self._characters += len(text) - len(known.text)
            known.text = text
            return
        message = Outgoing(text, newest_of=newest_of)
        self._characters += len(text)
        if newest_of is not None:
            self._newest[newest_of] = message
        if self._held is not None:
            self._held.append(message)
        else:
            self._waiting.append(message)
            self._something.set()

    def holds(self, newest_of: Hashable) -> bool:
        """Whether such a message still waits."""
        return newest_of in self._newest

    def hold(self) -> None:
        """From now on everything waits for the welcome."""
        if self._held is None:
            self._held = deque()

    def release(self, welcome: Sequence[str]) -> None:
        """Queues the messages of the welcome, then what was held."""
        held, self._held = self._held or (), None
        self._waiting.extend(Outgoing(text, counts=False) for text in welcome)
        self._waiting[-1].ends_welcome = True
        self._waiting.extend(held)
        self._something.set()

    async def next(self) -> Outgoing:
        """The next message, once there is one."""
        while not self._waiting:
            self._something.clear()
            await self._something.wait()
        message = self._waiting.popleft()
        if message.counts:
            self._characters -= len(message.text)
        if self._newest.get(message.newest_of) is message:
            del self._newest[message.newest_of]
        return message
