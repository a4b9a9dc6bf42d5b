"""Drawing in a process of its own, while there is much to draw."""

from __future__ import annotations

import asyncio

import pytest

from followthrough.live.render_pool import RenderPool
from tests.live.server import Server


def test_much_to_draw_calls_in_a_process_that_may_be_lost(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOLLOWTHROUGH_DATA", str(server.data))

    async def draw() -> None:
        render_pool = RenderPool()
        render_pool.spent(10)
        assert render_pool._starting is None
        for _ in range(6):
            render_pool.spent(10)
        await render_pool._starting
        payload, spent = await render_pool.draw("incidents", server.organisation["room"], frozenset())
        assert payload.shared["strip"].startswith("<svg")
        assert spent > 0
        with pytest.raises(ValueError, match="could not be drawn"):
            await render_pool.draw("incidents", 999_999, frozenset())
        assert render_pool.is_running
        left = asyncio.create_task(render_pool.draw("incidents", 999_999, frozenset()))
        await asyncio.sleep(0)
        left.cancel()
        await asyncio.gather(left, return_exceptions=True)
        again, _ = await render_pool.draw("incidents", server.organisation["room"], frozenset())
        assert again.shared == payload.shared
        render_pool._process.kill()
        with pytest.raises(OSError, match="does not answer"):
            await render_pool.draw("incidents", server.organisation["room"], frozenset())
        assert not render_pool.is_running

    asyncio.run(draw())
