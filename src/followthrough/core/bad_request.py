"""The page for a request that is refused before any room sees it."""

from __future__ import annotations

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def bad_request(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """Says whether the address is not known here, which a proxy may cause, or the request could not be read. Status 400."""
    words = {"is_host": isinstance(exception, DisallowedHost)}
    return HttpResponse(render_to_string("400.html", words), status=400)
