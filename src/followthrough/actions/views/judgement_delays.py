"""After how many days a fix can be judged: a page for administrators."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from followthrough.actions.forms import JudgementDelayForm
from followthrough.actions.operations.holding import set_judgement_delays
from followthrough.actions.queries.holding import judgement_delays
from followthrough.people.access import PersonRequest, for_administrators


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def delays(request: PersonRequest) -> HttpResponse:
    """The days of each kind on one page."""
    form = JudgementDelayForm(request.POST if request.method == "POST" else None, initial=judgement_delays())
    if form.is_valid():
        set_judgement_delays(form.cleaned_data, by=request.user)
        messages.success(request, "Saved. What is done already follows the new days.")
        return redirect("judgement_delays")
    return render(
        request, "actions/judgement_delays.html", {"form": form}, status=422 if form.errors else 200
    )
