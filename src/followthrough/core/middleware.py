"""What every request passes through."""

from __future__ import annotations

from codecs import lookup
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from followthrough.core.errors import DomainError
from followthrough.core.log_redaction import holds_secret


class PrivateAnswers:
    """Headers by which nothing private is kept or listed elsewhere: Cache-Control, X-Robots-Tag, HSTS (RFC 6797).

    TRACE, which shows a request again, is refused.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_trace = request.method == "TRACE"
        response = HttpResponseNotAllowed(["GET", "POST"]) if is_trace else self.get_response(request)
        is_secret = holds_secret(request.path)
        if is_secret:
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
        if is_secret or _is_somebodys(request, response):
            response.headers.setdefault("Cache-Control", "no-store")
        if settings.HSTS_SECONDS:
            response.headers["Strict-Transport-Security"] = f"max-age={settings.HSTS_SECONDS}"
        return response


def _is_somebodys(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the answer is for one person: their session's, their token's, or one that begins a session."""
    person = getattr(request, "user", None)
    is_signed_in = bool(person and person.is_authenticated)
    return is_signed_in or "Authorization" in request.headers or bool(response.cookies)


REFUSAL = "followthrough.refusal"
"""In a request's META: the DomainError for which its body was not taken."""


class DomainErrors:
    """Renders a DomainError as a page, a fragment for htmx, or JSON. A press that came too late leads back to its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refusal = request.META.get(REFUSAL)
        return _rendered(request, refusal) if refusal else self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django calls this for what a view raised; other errors are not ours."""
        if not isinstance(error, DomainError):
            return None
        return _rendered(request, error)


def _rendered(request: HttpRequest, error: DomainError) -> HttpResponse:
    sent = f"{request.headers.get('Accept', '')} {request.content_type}"
    if "application/json" in sent:
        return JsonResponse({"message": error.message, "field": error.field}, status=error.status)
    if page := _page_to_return_to(request, error):
        messages.error(request, error.message)
        return redirect(page)
    fragment = request.headers.get("HX-Request") == "true"
    template = "core/error_fragment.html" if fragment else "core/error.html"
    return render(request, template, {"error": error}, status=error.status)


def _page_to_return_to(request: HttpRequest, error: DomainError) -> str:
    """The page of ours that a form was sent from, if going back there loses nothing typed; else ""."""
    page = request.headers.get("Referer", "")
    is_press = request.method == "POST" and "HX-Request" not in request.headers and error.status in {409, 422}
    if not is_press or _holds_words(request):
        return ""
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return urlsplit(page)._replace(scheme="", netloc="").geturl() if is_ours else ""


def _holds_words(request: HttpRequest) -> bool:
    """Whether the form may hold what somebody wrote, not only choices, keys and times."""
    values = (value for _, values in request.POST.lists() for value in values)
    return bool(request.FILES) or any(len(value.split()) > 1 for value in values)


class Utf8Only:
    """Refuses requests in another character encoding: in UTF-7, say, an address or a form could hold what is no text."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.encoding and lookup(request.encoding).name != "utf-8":
            told = "Text is taken in UTF-8 only. Nothing was changed; send it again as UTF-8."
            return HttpResponse(told, status=415, content_type="text/plain")
        return self.get_response(request)
