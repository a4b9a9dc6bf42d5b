"""Where services send: the signature, one row, an answer; all else is done by the worker."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from followthrough.core.errors import DomainError, NotFound
from followthrough.integrations.operations import inbound
from followthrough.integrations.queries import connections


@csrf_exempt
@require_POST
def receive(request: HttpRequest, service: str, pk: UUID) -> HttpResponse:
    """202 for what is kept, 200 for what came before; 401 where the signature is not right, 404 where nobody listens."""
    try:
        connection = connections.find(pk)
        if connection.service != service:
            raise NotFound("There is no such connection.")
        headers = {name.lower(): value for name, value in request.headers.items()}
        kept = inbound.receive(connection, headers=headers, body=request.body)
    except DomainError as error:
        return JsonResponse({"message": error.message}, status=error.status)
    words = "Kept; the worker reads it." if kept else "It came before."
    return JsonResponse({"message": words}, status=202 if kept else 200)
