"""What every request passes through."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from followthrough.core.errors import DomainError


class DomainErrors:
    """Renders a DomainError as a page, a fragment for htmx, or JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django calls this for what a view raised; other errors are not ours."""
        if not isinstance(error, DomainError):
            return None
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"message": error.message, "field": error.field}, status=error.status)
        fragment = request.headers.get("HX-Request") == "true"
        template = "core/error_fragment.html" if fragment else "core/error.html"
        return render(request, template, {"error": error}, status=error.status)
