"""What somebody wants by mail."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from followthrough.notifications import message_kinds, operations, queries, unsubscribe_links
from followthrough.people.access import PersonRequest, for_everyone


@require_http_methods(["GET", "HEAD", "POST"])
@for_everyone
def preferences(request: PersonRequest) -> HttpResponse:
    """Each kind of message with a tick for mail."""
    if request.method == "POST":
        wanted = set(request.POST.getlist("mail"))
        operations.choose_mail(request.user, {kind.name: kind.name in wanted for kind in message_kinds.KINDS})
        messages.success(request, "Saved. What comes by mail is in your inbox too.")
        return redirect("preferences")
    unwanted = queries.unwanted_kinds(request.user)
    rows = [(kind, kind.name not in unwanted) for kind in message_kinds.KINDS]
    return render(request, "notifications/preferences.html", {"rows": rows})


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stops the mail of one kind: a page that asks first, and the mail client's one click (RFC 8058).

    The signature says who and which kind; a forged form could do no more than whoever has the mail.
    """
    person, kind = unsubscribe_links.read(token)
    if request.method == "POST":
        operations.choose_mail(person, {kind: "again" in request.POST})
    context = {
        "person": person,
        "label": message_kinds.label_of(kind),
        "done": request.method == "POST" and "again" not in request.POST,
        "again": "again" in request.POST,
    }
    return render(request, "notifications/unsubscribe.html", context)
