"""The inbox."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from followthrough.core.pagination import take_page
from followthrough.core.panels import render_panels
from followthrough.notifications import operations, queries
from followthrough.notifications.queries import visibility
from followthrough.people.access import PersonRequest, for_everyone


@require_safe
@for_everyone
def inbox(request: PersonRequest) -> HttpResponse:
    """The person's messages, newest first."""
    page = take_page(
        queries.inbox_of(request.user),
        order=("-created_at", "-pk"),
        size=30,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "page": page,
        "asked": render_panels("asked", request, request.user),
        "unread": queries.unread_count(request.user),
        "hidden": visibility.hidden_messages(page.rows, viewer=request.user),
    }
    return render(request, "notifications/inbox.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_everyone
def reading(request: PersonRequest, pk: int) -> HttpResponse:
    """Marks one message as read and opens what it is about. A link, so that it opens in a tab of its own too."""
    message = queries.find(request.user, pk)
    operations.mark_read(request.user, message)
    safe = url_has_allowed_host_and_scheme(message.path, allowed_hosts=None)
    return redirect(message.path if message.path and safe else "inbox")


@require_POST
@for_everyone
def reading_all(request: PersonRequest) -> HttpResponse:
    """Marks every message as read."""
    operations.mark_read(request.user)
    return redirect("inbox")
