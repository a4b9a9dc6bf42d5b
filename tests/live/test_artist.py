"""Drawing in a process of its own, while there is much to draw."""

from __future__ import annotations

import asyncio

import pytest

from followthrough.live.artist import Artist
from tests.live.server import Server


def test_much_to_draw_calls_in_a_process_that_may_be_lost(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOLLOWTHROUGH_DATA", str(server.data))

    async def draw() -> None:
        artist = Artist()
        artist.spent(10)
        assert artist._starting is None
        for _ in range(6):
            artist.spent(10)
        async with asyncio.timeout(30):
            await artist._starting
        parcel, spent = await artist.draw("incidents", server.organisation["room"], frozenset())
        assert parcel.shared["strip"].startswith("<svg")
        assert spent > 0
        with pytest.raises(ValueError, match="could not be drawn"):
            await artist.draw("incidents", 999_999, frozenset())
        assert artist.is_here
        left = asyncio.create_task(artist.draw("incidents", 999_999, frozenset()))
        await asyncio.sleep(0)
        left.cancel()
        await asyncio.gather(left, return_exceptions=True)
        again, _ = await artist.draw("incidents", server.organisation["room"], frozenset())
        assert again.shared == parcel.shared
        artist._process.kill()
        with pytest.raises(OSError, match="does not answer"):
            await artist.draw("incidents", server.organisation["room"], frozenset())
        assert not artist.is_here

    asyncio.run(draw())
