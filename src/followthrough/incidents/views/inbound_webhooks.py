"""The webhook address to which other programs send incidents."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from followthrough.core.errors import DomainError
from followthrough.incidents.operations.inbound_webhooks import receive_webhook

MAX_REPORT_BYTES = 256 * 1024
"""Bytes of a body."""


@csrf_exempt
@require_POST
def inbound_webhook(request: HttpRequest, secret: str) -> HttpResponse:
    """201 with the new incident's key, 200 for one that was there; 404 and 422 say why in `message`."""
    try:
        received = receive_webhook(secret, _body(request))
    except DomainError as error:
        return JsonResponse({"message": error.message}, status=error.status)
    incident = received.incident
    facts = {"key": incident.key, "url": incident.get_absolute_url(), "created": received.is_new}
    return JsonResponse(facts, status=201 if received.is_new else 200)


def _body(request: HttpRequest) -> bytes:
    if len(request.body) > MAX_REPORT_BYTES:
        raise DomainError("This is more than 256 KB. Send a title and the facts, and a link to the rest.")
    return request.body
