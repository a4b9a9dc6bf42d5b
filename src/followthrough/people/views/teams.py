"""Teams, for administrators."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from followthrough.core.forms import apply_to_form
from followthrough.core.panels import render_panels
from followthrough.people import operations, queries
from followthrough.people.access import PersonRequest, for_administrators
from followthrough.people.forms import TeamForm


@for_administrators
def teams(request: PersonRequest) -> HttpResponse:
    """Every team, and a form for one more."""
    form = TeamForm(request.POST or None)
    add = partial(operations.add_team, by=request.user)
    if form.is_valid() and apply_to_form(form, lambda: add(**form.cleaned_data)) is not None:
        messages.success(request, f"The team {form.cleaned_data['name']} is added.")
        return redirect("teams")
    rows = queries.teams_with_people(queries.active_people())
    return render(request, "people/teams.html", {"teams": rows, "form": form})


@for_administrators
def team(request: PersonRequest, slug: str) -> HttpResponse:
    """One team's name and purpose."""
    subject = queries.find_team(slug)
    form = TeamForm(request.POST or None, instance=queries.find_team(slug))
    save = partial(operations.change_team, subject, by=request.user)
    if form.is_valid() and apply_to_form(form, lambda: save(**form.cleaned_data)) is not None:
        messages.success(request, f"The team {subject} is saved.")
        return redirect("teams")
    panels = render_panels("team.settings", request, subject)
    return render(request, "people/team.html", {"team": subject, "form": form, "panels": panels})


@require_POST
@for_administrators
def team_removal(request: PersonRequest, slug: str) -> HttpResponse:
    """Removes a team without people."""
    subject = queries.find_team(slug)
    operations.remove_team(subject, by=request.user)
    messages.success(request, f"The team {subject} is removed.")
    return redirect("teams")
