"""Opening a post-mortem, or deciding to go without."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from followthrough.core.forms import apply_to_form
from followthrough.incidents import queries as incidents
from followthrough.incidents.models import Incident
from followthrough.incidents.operations.review import require_review
from followthrough.people.access import PersonRequest, for_members
from followthrough.people.models import User
from followthrough.postmortems.forms import OpeningForm
from followthrough.postmortems.models import PostMortem
from followthrough.postmortems.operations import open_postmortem


def _open(incident: Incident, form: OpeningForm, *, by: User) -> PostMortem:
    if "reason" in form.cleaned_data:
        require_review(incident, reason=form.cleaned_data["reason"], by=by)
    return open_postmortem(incident, by=by)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def opening(request: PersonRequest, pk: int) -> HttpResponse:
    """Opens the post-mortem, or offers to skip it with a reason."""
    incident = incidents.find(request.user, pk)
    form = OpeningForm(request.POST if request.method == "POST" else None, incident=incident)
    opened = apply_to_form(form, lambda: _open(incident, form, by=request.user)) if form.is_valid() else None
    if opened is not None:
        return redirect(incident)
    is_open = PostMortem.objects.filter(pk=pk).exists() and incident.review == Incident.Review.NEEDED
    return render(
        request, "postmortems/opening.html", {"incident": incident, "form": form, "is_open": is_open}
    )
