"""Pages by Django, the live room by its own endpoint beside it."""

from __future__ import annotations

import os
from typing import Any

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "followthrough.config.settings")
THREADS = 4
"""Pages drawn at a time; each thread keeps its database connection."""
_in_threads: Any = WSGIMiddleware(get_wsgi_application(), workers=THREADS)  # type: ignore[arg-type]

from followthrough.live.client import Receive, Send  # noqa: E402 - needs Django set up
from followthrough.live.endpoint import LiveEndpoint, Scope  # noqa: E402


async def pages(scope: Scope, receive: Receive, send: Send) -> None:
    """Leaves out headers whose names hold "_": WSGI would take them for a proxy's, which are written with "-"."""
    headers = [(name, value) for name, value in scope.get("headers", ()) if b"_" not in name]
    await _in_threads({**scope, "headers": headers}, receive, send)


application = LiveEndpoint(pages)
