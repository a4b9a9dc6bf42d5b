"""Pages by Django, the live room by its own endpoint beside it."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "followthrough.config.settings")
_django = get_wsgi_application()

from followthrough.config.wsgi_threads import WsgiThreads  # noqa: E402 - needs Django set up
from followthrough.live.endpoint import LiveEndpoint  # noqa: E402

application = LiveEndpoint(WsgiThreads(_django))
