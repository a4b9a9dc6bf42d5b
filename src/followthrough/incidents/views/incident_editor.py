"""Reporting an incident and editing it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from followthrough.core.errors import Conflict, DomainError
from followthrough.core.panels import render_panels
from followthrough.incidents import operations, queries
from followthrough.incidents.forms.incident import (
    USED_BEFORE,
    IncidentForm,
    blank_report,
    report_shown,
)
from followthrough.incidents.forms.milestones import changed_moments
from followthrough.incidents.forms.roles import role_forms
from followthrough.incidents.models import Incident
from followthrough.incidents.queries.report_lines import read_line, read_report
from followthrough.incidents.report_line import LONGEST, in_words
from followthrough.people.access import PersonRequest, for_members
from followthrough.people.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def new_incident(request: PersonRequest) -> HttpResponse:
    """The form of a new incident; sent twice, it still makes one."""
    start = blank_report(request.user)
    if request.GET.get("kind") in Incident.Kind.values:
        start["kind"] = request.GET["kind"]
    line, as_words = request.GET.get("line", "").strip(), request.GET.getlist("as_words")
    if line:
        start |= read_report(line, by=request.user, as_words=as_words)
    form = IncidentForm(request.POST or None, initial=start)
    roles = role_forms(request.POST or None, kind=start.get("kind", Incident.Kind.OUTAGE))
    if form.is_valid() and roles.is_valid():
        try:
            incident = _report_once(form, roles, by=request.user)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            _warn(request, form)
            return redirect("incident", incident.pk)
    if "token" in form.errors:
        form.renew_token()
    return render(
        request, "incidents/form.html", {"form": form, "roles": roles, "line": line, "as_words": as_words}
    )


@require_safe
@for_members
def report_line(request: PersonRequest) -> HttpResponse:
    """What a line says, while it is typed; nothing is kept of it."""
    line = request.GET.get("line", "").strip()[: LONGEST + 1]
    found = read_line(line, by=request.user, as_words=request.GET.getlist("as_words"))
    facts = {"found": found, "line": line, "when": in_words(found.started, found.ended)}
    return render(request, "incidents/report_said.html", facts)


@require_POST
@for_members
def milestone_order(request: PersonRequest) -> HttpResponse:
    """Says of the times in a form, while they are typed, as what they are read and which lie before the one they follow."""
    form = IncidentForm(request.POST, initial={})
    form.is_valid()
    warnings = form.warnings if "zone" in form.cleaned_data else []
    return render(request, "incidents/milestone_order.html", {"warnings": warnings, "rows": form.rows})


def _report_once(form: IncidentForm, roles: Any, *, by: User) -> Incident:
    """The new incident, or the one that the same form made before."""
    token: UUID | None = form.cleaned_data["token"]
    external_id = f"form:{token}" if token else None
    try:
        return _report(form, roles, external_id=external_id, by=by)
    except IntegrityError:
        sent = Incident.objects.filter(external_id=external_id).first() if token else None
        if sent is None:
            raise
        if sent.created_by != by:
            raise DomainError(USED_BEFORE, field="token") from None
        return sent


@transaction.atomic
def _report(form: IncidentForm, roles: Any, *, external_id: str | None, by: User) -> Incident:
    said = {name: moment for name, moment in form.moments.items() if moment}
    began = next(moment for moment in said.values() if isinstance(moment, datetime))
    start = form.moment_names[0]
    incident = operations.report_incident(
        **form.facts,
        began_at=began,
        milestones={start: "not_known", **said},
        external_id=external_id,
        by=by,
    )
    for row in roles.cleaned_data:
        if row.get("person"):
            operations.involve(incident, row["person"], role=row["role"], by=by)
    return incident


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def edit_incident(request: PersonRequest, pk: int) -> HttpResponse:
    """Changes an incident; when somebody else was faster, both versions are shown and nothing is lost."""
    incident = queries.find(request.user, pk)
    form = IncidentForm(request.POST or None, initial=report_shown(incident), incident=incident)
    clashes: list[tuple[str, str]] = []
    if form.is_valid():
        try:
            clashes = _change(incident, form, by=request.user)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            if not clashes:
                _warn(request, form)
                return redirect("incident", incident.pk)
            form.data = written = request.POST.copy()
            written["base"] = str(incident.version)
    restricting = render_panels("incident.restricting", request, incident)
    facts = {"form": form, "incident": incident, "clashes": clashes, "restricting": restricting}
    return render(request, "incidents/form.html", facts)


def _warn(request: PersonRequest, form: IncidentForm) -> None:
    for warning in form.warnings:
        messages.warning(request, f"{warning} Correct the milestones if that is not how it was.")


def _change(incident: Incident, form: IncidentForm, *, by: User) -> list[tuple[str, str]]:
    """Changes what the person changed; if somebody else changed the same meanwhile, only gives how that stands now."""
    try:
        _write(incident, form, base=form.cleaned_data["base"], by=by)
    except Conflict:
        if clashes := form.clashes_with(incident):
            return clashes
        _write(incident, form, base=incident.version, by=by)
    return []


@transaction.atomic
def _write(incident: Incident, form: IncidentForm, *, base: int | None, by: User) -> None:
    operations.change_incident(incident, base=base, by=by, **form.changed_facts)
    for name, said in changed_moments(incident, form.changed_moments).items():
        operations.log_milestone(incident, name, said, by=by)
