"""Whether an action's words are specific, said while they are typed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from followthrough.actions import operations, queries
from followthrough.actions.models import ActionItem
from followthrough.people.access import PersonRequest, for_members
from followthrough.wording.specificity import ActionCheck, check_action


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def wording(request: PersonRequest, number: int) -> HttpResponse:
    """GET checks ?text= and draws the hints but for those the writer lets be (?let_be=); POST records that the stored text is specific enough."""
    found = queries.find(request.user, number)
    if request.method == "POST":
        operations.accept_wording(found, by=request.user)
        return redirect(found)
    check = check_of(found, request.GET.get("text", ""))
    facts = {"check": check, "dismissible": True, "let_be": request.GET.getlist("let_be")}
    return render(request, "actions/wording.html", facts)


def check_of(action: ActionItem, text: str) -> ActionCheck:
    """What `text` still lacks as the text of `action`."""
    services = list(action.postmortem.incident.services.values_list("name", flat=True))
    findings = [action.finding.text] if action.finding else []
    return check_action(text[:1000], services=services, findings=findings)
