"""Adding an action after the meeting."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from followthrough.actions import queries
from followthrough.actions.forms import LateActionForm
from followthrough.actions.models import ActionItem
from followthrough.actions.operations import added_later
from followthrough.causes.queries import findings_of
from followthrough.core.errors import DomainError
from followthrough.core.panels import render_panels
from followthrough.core.parsing import whole_number
from followthrough.incidents.queries.search import key_in
from followthrough.people.access import PersonRequest, for_members
from followthrough.postmortems import queries as postmortems
from followthrough.postmortems.models import PostMortem

MOST_OFFERED = 50
"""Post-mortems among which one is chosen; any other by its key."""


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def adding(request: PersonRequest, pk: int) -> HttpResponse:
    """One more action of a post-mortem, or the successor of one that did not hold."""
    postmortem = postmortems.find(request.user, pk)
    replaces = _replaced(request, postmortem)
    form = _form(request, postmortem, replaces)
    if form.is_valid():
        try:
            action = added_later.add_later(
                postmortem, by=request.user, replaces=replaces, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, f"{action.key} is added.")
            return redirect(action)
    facts = {"postmortem": postmortem, "incident": postmortem.incident, "form": form, "replaces": replaces}
    facts["panels"] = render_panels("action.owner", request, postmortem)
    return render(request, "actions/add.html", facts, status=422 if form.errors else 200)


def _replaced(request: PersonRequest, postmortem: PostMortem) -> ActionItem | None:
    number = whole_number(request.GET.get("replaces", "").upper().removeprefix("ACT-"))
    return queries.actions_of(postmortem).filter(number=number).first() if number else None


def _form(request: PersonRequest, postmortem: PostMortem, replaces: ActionItem | None) -> LateActionForm:
    start: dict[str, object] = {"finding": request.GET.get("finding", "")}
    if replaces:
        start = {"finding": replaces.finding, "owner": replaces.owner, "kind": replaces.kind}
    data = request.POST if request.method == "POST" else None
    return LateActionForm(findings_of(postmortem), data, initial=start)


@require_http_methods(["GET", "HEAD"])
@for_members
def choosing(request: PersonRequest) -> HttpResponse:
    """Which incident the action is for; a key leads straight on."""
    said = request.GET.get("incident", "")
    number = key_in(said) or whole_number(said)
    if number and postmortems.visible_to(request.user).filter(pk=number).exists():
        return redirect("add_action", number)
    held = postmortems.visible_to(request.user).exclude(closed_at=None).select_related("incident")
    facts = {"said": said, "held": held.order_by("-closed_at")[:MOST_OFFERED]}
    return render(request, "actions/choose_incident.html", facts)
