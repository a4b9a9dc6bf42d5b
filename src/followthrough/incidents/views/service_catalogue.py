"""The service catalogue."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Count, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from followthrough.core.errors import DomainError, NotFound
from followthrough.core.pagination import take_page
from followthrough.core.panels import render_panels
from followthrough.incidents import queries
from followthrough.incidents.forms.catalogue import ServiceForm
from followthrough.incidents.models import Service
from followthrough.incidents.operations import catalogue
from followthrough.incidents.views.incident_rows import lines_of, rows_shown
from followthrough.people.access import PersonRequest, for_members

RECENT = timedelta(days=90)


@require_safe
@for_members
def services(request: PersonRequest) -> HttpResponse:
    """Every service with its owner and how many incidents it had lately."""
    lately = queries.visible_to(request.user).filter(began_at__gte=timezone.now() - RECENT)
    counts = dict(lately.order_by().values_list("services").annotate(Count("pk")))
    rows = Service.objects.select_related("owner").order_by("tier", "name")
    lines = [(row, counts.get(row.pk, 0)) for row in rows]
    return render(request, "incidents/services.html", {"services": lines})


@require_safe
@for_members
def service(request: PersonRequest, slug: str) -> HttpResponse:
    """One service: its facts, what it needs and what needs it, and its incidents."""
    found = _find(slug)
    prefetch_related_objects([found], "depends_on", "needed_by")
    rows = queries.visible_to(request.user).filter(services=found)
    place = {name: request.GET.get(name, "") for name in ("after", "before")}
    page = take_page(
        rows_shown(rows),
        order=("-began_at", "-pk"),
        size=25,
        **place,
    )
    facts = {
        "service": found,
        "currency": settings.CURRENCY,
        "page": page,
        "lines": lines_of(page.rows, request),
        "panels": render_panels("service.main", request, found),
    }
    return render(request, "incidents/service.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def edit_service(request: PersonRequest, slug: str | None = None) -> HttpResponse:
    """A new service, or an existing one."""
    found = _find(slug) if slug else None
    form = ServiceForm(request.POST or None, instance=found)
    if form.is_valid():
        try:
            if found:
                found.refresh_from_db()
                saved = catalogue.change_service(found, by=request.user, **form.cleaned_data)
            else:
                saved = catalogue.add_service(by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return redirect("service", saved.slug)
    return render(request, "incidents/service_form.html", {"form": form, "service": found})


@require_POST
@for_members
def retire_service(request: PersonRequest, slug: str) -> HttpResponse:
    """Takes a service out of the forms, or brings it back; its incidents stay."""
    found = _find(slug)
    retired_at = None if found.retired_at else timezone.now()
    catalogue.change_service(found, by=request.user, retired_at=retired_at)
    return redirect("service", found.slug)


def _find(slug: str) -> Service:
    found = Service.objects.select_related("owner").filter(slug=slug).first()
    if found is None:
        raise NotFound("There is no such service.")
    return found
