"""Pages by Django, the live room by its own endpoint beside it."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "followthrough.config.settings")
pages = get_asgi_application()

from followthrough.live.endpoint import LiveEndpoint  # noqa: E402 - needs Django set up

application = LiveEndpoint(pages)
