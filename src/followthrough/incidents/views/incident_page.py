"""One incident's page, and what is changed on it directly."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from followthrough.activity.queries import head
from followthrough.core.errors import DomainError, NotFound
from followthrough.core.panels import render_panels
from followthrough.incidents import operations, queries
from followthrough.incidents.forms.impact import ImpactForm
from followthrough.incidents.forms.incident import ReasonForm
from followthrough.incidents.forms.milestones import MilestonesForm
from followthrough.incidents.forms.roles import RoleForm
from followthrough.incidents.impact_words import impact_lines
from followthrough.incidents.models import Impact, Incident, Involvement
from followthrough.incidents.publications import publications_of
from followthrough.incidents.queries import milestones_of, names_of, out_of_order
from followthrough.incidents.response_stages import days_late, lateness, stages_of
from followthrough.people.access import PersonRequest, for_everyone, for_members
from followthrough.people.models import User

PLACES = ("head", "first", "happened", "main", "meeting", "side")
"""Where rooms above show what they know: under the title, before and inside "What happened", after it, in place of the
choice whether there is a meeting, and beside it all."""


@require_safe
@for_everyone
def incident(request: PersonRequest, pk: int) -> HttpResponse:
    """Everything that is known of it, where its loop stands first; for stakeholders what was published."""
    found = queries.find(request.user, pk)
    if not request.user.is_member:
        return _published(request, found)
    prefetch_related_objects(
        [found], "services", "teams", "tags", "milestones", "named_people", "involvements__person", "impact"
    )
    version = _version(request.user, found)
    places = {place: render_panels(f"incident.{place}", request, found, version=version) for place in PLACES}
    facts = {
        "incident": found,
        "impact_lines": impact_lines(getattr(found, "impact", None)),
        "role_form": RoleForm(incident=found),
        "panels": places,
        **_milestone_facts(found),
    }
    return render(request, "incidents/incident.html", facts)


def _version(user: User, incident: Incident) -> str:
    """Changes with every row of the incident's log, and with the clock that its times are shown on."""
    return f"{incident.topic}:{head(incident.topic)}:{user.zone}:{timezone.localdate()}"


def _published(request: PersonRequest, incident: Incident) -> HttpResponse:
    facts = {
        "incident": incident,
        "publication": publications_of([incident])[incident.pk],
        "panels": render_panels("incident.published", request, incident),
    }
    return render(request, "incidents/published.html", facts)


def _milestone_facts(incident: Incident) -> dict[str, Any]:
    moments = milestones_of(incident)
    rows = {row.name: row for row in incident.milestones.all()}
    return {
        "milestones": [(incident.words.milestone(name), rows.get(name)) for name in names_of(incident)],
        "stages": stages_of(moments, incident.words),
        "lateness": lateness(days_late(moments, incident.zone)),
        "disorder": out_of_order(moments, incident.words),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def milestones(request: PersonRequest, pk: int) -> HttpResponse:
    """All milestones in one form: inside the incident's page with htmx, on a page of their own without."""
    found = queries.find(request.user, pk)
    form = MilestonesForm(request.POST or None, incident=found)
    if form.is_valid():
        for name, said in form.changes.items():
            operations.log_milestone(found, name, said, by=request.user)
        return _back_to(request, found)
    template = "incidents/milestones_form.html" if _is_partial(request) else "incidents/milestones.html"
    return render(request, template, {"incident": found, "form": form})


@require_POST
@for_members
def roles(request: PersonRequest, pk: int) -> HttpResponse:
    """Gives somebody a role."""
    found = queries.find(request.user, pk)
    form = RoleForm(request.POST)
    if form.is_valid() and form.cleaned_data["person"]:
        person, role = form.cleaned_data["person"], form.cleaned_data["role"]
        operations.involve(found, person, role=role, by=request.user)
    else:
        messages.error(request, "Choose a person and their role; nothing was changed.")
    return redirect("incident", found.pk)


@require_POST
@for_members
def release(request: PersonRequest, pk: int, role_pk: int) -> HttpResponse:
    """Takes a role away."""
    found = queries.find(request.user, pk)
    involvement = Involvement.objects.filter(incident=found, pk=role_pk).first()
    if involvement is None:
        raise NotFound("That person no longer has this role.")
    operations.release(involvement, by=request.user)
    return redirect("incident", found.pk)


@require_POST
@for_members
def review(request: PersonRequest, pk: int, *, wanted: bool) -> HttpResponse:
    """Asks for a post-mortem, or skips it; either with a reason."""
    found = queries.find(request.user, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Give the reason in a few words; nothing was changed.")
        return redirect("incident", found.pk)
    decide = operations.require_review if wanted else operations.skip_review
    try:
        decide(found, reason=form.cleaned_data["reason"], by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("incident", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def impact(request: PersonRequest, pk: int) -> HttpResponse:
    """The impact's numbers, to be filled in before or after the meeting."""
    found = queries.find(request.user, pk)
    current = Impact.objects.filter(incident=found).first() or Impact(incident=found)
    form = ImpactForm(request.POST or None, instance=current, initial={"base": current.version})
    if form.is_valid():
        base = form.cleaned_data["base"] if current.version > 1 else None
        operations.change_impact(found, by=request.user, base=base, **form.values)
        return redirect("incident", found.pk)
    return render(request, "incidents/impact_form.html", {"incident": found, "form": form})


def _is_partial(request: PersonRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _back_to(request: PersonRequest, incident: Incident) -> HttpResponse:
    """The incident's page, drawn anew: status, review and promises may all have changed."""
    if _is_partial(request):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return redirect("incident", incident.pk)
