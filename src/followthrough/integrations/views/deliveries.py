"""What went out and came in, each with its body, and once more at a press."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from followthrough.core.pagination import take_page
from followthrough.integrations.models import Delivery
from followthrough.integrations.operations import connections as operations
from followthrough.integrations.operations.inbound import read_again
from followthrough.integrations.queries import connections, deliveries
from followthrough.integrations.queries.linking import SHOWN
from followthrough.people.access import PersonRequest, for_administrators

PAGE_SIZE = 50


@require_safe
@for_administrators
def delivery_list(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The newest first."""
    found = connections.find(pk)
    page = take_page(
        deliveries.deliveries_of(found).defer("digest", "body", "answer"),
        order=("-id",),
        size=PAGE_SIZE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return render(request, "integrations/deliveries.html", {"connection": found, "page": page})


@require_safe
@for_administrators
def delivery(request: PersonRequest, pk: UUID, number: int) -> HttpResponse:
    """One of them with its body."""
    found = deliveries.find_delivery(pk, number)
    facts = {"delivery": found, "connection": found.connection, "repeatable": _is_repeatable(found)}
    return render(request, "integrations/delivery.html", facts)


@require_POST
@for_administrators
def repeat(request: PersonRequest, pk: UUID, number: int) -> HttpResponse:
    """Reads it again, or sends again: how the issue stands is asked first, so nothing is ever done twice."""
    found = deliveries.find_delivery(pk, number)
    if not _is_repeatable(found):
        messages.error(request, "Its issue is not followed any more, so there is nothing to send again.")
    elif found.direction == Delivery.Direction.IN:
        read_again(found)
        messages.success(request, "It is read again in a moment.")
    elif found.link:
        operations.send_again(found.link, by=request.user)
        messages.success(request, "The worker looks at the issue and sends what it lacks.")
    return redirect("delivery", pk, number)


def _is_repeatable(found: Delivery) -> bool:
    return found.direction == Delivery.Direction.IN or bool(found.link and found.link.state in SHOWN)
