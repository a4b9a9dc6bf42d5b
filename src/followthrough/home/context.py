"""What the frame around every page shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """Navigation counts for members, and whether this is the sample organisation."""
    return {"demo": settings.DEMO, "signed_in": request.user.is_authenticated}
