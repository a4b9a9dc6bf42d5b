"""Pages by Django, the live room by its own endpoint beside it."""

from __future__ import annotations

import os
import warnings

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "followthrough.config.settings")
# Static files are sent whole, and they are small.
warnings.filterwarnings("ignore", "StreamingHttpResponse must consume synchronous iterators")
pages = get_asgi_application()

from followthrough.live.endpoint import LiveEndpoint  # noqa: E402 - needs Django set up

application = LiveEndpoint(pages)
