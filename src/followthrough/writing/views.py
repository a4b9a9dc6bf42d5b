"""Earlier versions of a text that is written together, and the way back to one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from followthrough.core.parsing import whole_number
from followthrough.people.access import PersonRequest, for_members
from followthrough.postmortems import queries as postmortems
from followthrough.writing import operations, queries
from followthrough.writing.document_homes import DocumentPlace

MAX_VERSIONS = 200
"""Versions that are listed, newest first."""


@require_safe
@for_members
def versions(request: PersonRequest, pk: int, name: str) -> HttpResponse:
    """How a text stands and once stood, with who wrote it and when."""
    place = DocumentPlace(postmortems.find(request.user, pk), name)
    rows = list(queries.versions_of(place.postmortem, name)[:MAX_VERSIONS])
    chosen = next((row for row in rows if str(row.pk) == request.GET.get("version")), None)
    standing = place.standing()
    facts = {
        "place": place,
        "versions": rows,
        "chosen": chosen,
        "text": chosen.text if chosen else standing,
        "standing": standing,
        "writers": queries.writers_since(place.postmortem, name),
        "locked": place.locked(),
    }
    return render(request, "writing/versions.html", facts)


@require_POST
@for_members
def restoration(request: PersonRequest, pk: int, name: str) -> HttpResponse:
    """Brings a version back; what stood is kept as a version too."""
    place = DocumentPlace(postmortems.find(request.user, pk), name)
    given = request.POST.get("version", "")
    version = queries.version_of(place.postmortem, name, whole_number(given) or 0)
    operations.restore(version, by=request.user)
    messages.success(request, "The version is back, as a new one. What stood before is in the list too.")
    return redirect("writing:versions", pk=pk, name=name)
