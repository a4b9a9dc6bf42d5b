"""Importing on the page: upload, preview, then a run whose page counts along."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from followthrough.core.csv_download import csv_download
from followthrough.core.errors import DomainError
from followthrough.incidents.forms.imports import MeaningForm, UploadForm
from followthrough.incidents.imports import uploads
from followthrough.incidents.imports.column_mapping import Columns, Meaning
from followthrough.incidents.imports.column_names import SAMPLE, described
from followthrough.incidents.models import ImportRun
from followthrough.incidents.tasks import carry_out_import, look_through_import
from followthrough.people.access import PersonRequest, for_members

State = ImportRun.State
UNDER_WAY = {State.CHECKING, State.WAITING, State.RUNNING}


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def import_incidents(request: PersonRequest) -> HttpResponse:
    """Takes the files; nothing is imported before the preview was seen."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return _look_through(request, uploads.keep_uploads(form.cleaned_data["upload"], by=request.user))
    return _upload_page(request, form)


def _upload_page(request: PersonRequest, form: UploadForm, problem: str = "") -> HttpResponse:
    recent = ImportRun.objects.filter(started_by=request.user).order_by("-created_at")[:10]
    values = {"form": form, "recent": recent, "problem": problem, "fields": described()}
    return render(request, "incidents/import.html", values, status=422 if problem else 200)


@require_safe
@for_members
def import_sample(_: PersonRequest) -> HttpResponse:
    """A table to begin with."""
    return csv_download("incidents.csv", head=list(SAMPLE[0]), rows=[list(row.values()) for row in SAMPLE])


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def import_run(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The preview with its columns; once begun, how far it is and what came of it."""
    found = uploads.find_run(request.user, pk)
    if found.state == State.PREVIEW:
        return _preview(request, found)
    partial = request.headers.get("HX-Request") == "true"
    template = "incidents/import_progress.html" if partial else "incidents/import_run.html"
    return render(request, template, {"run": found, "working": found.state in UNDER_WAY})


def _preview(request: PersonRequest, found: ImportRun) -> HttpResponse:
    columns = Columns(**found.preview["columns"])
    form = MeaningForm(request.POST or None, columns=columns, meaning=Meaning(**found.mapping))
    if form.is_valid():
        uploads.set_meaning(found, form.meaning)
        return _begin(found) if "import" in request.POST else _look_through(request, found)
    for row in found.preview["first"]:
        row["began"] = datetime.fromisoformat(row["began"]) if row["began"] else None
    values = {"run": found, "form": form, "report": found.preview}
    response = render(request, "incidents/import_preview.html", values)
    if request.headers.get("HX-Request") == "true":
        response["HX-Refresh"] = "true"
    return response


def _look_through(request: PersonRequest, found: ImportRun) -> HttpResponse:
    """A short one at once, a long one by the worker."""
    if uploads.is_long(found):
        found.state = State.CHECKING
        found.save(update_fields=["state"])
        look_through_import.enqueue(str(found.pk))
        return redirect("import_run", found.pk)
    try:
        uploads.look_through(found)
    except DomainError as error:
        uploads.discard(found)
        return _upload_page(request, UploadForm(), error.message)
    return redirect("import_run", found.pk)


def _begin(found: ImportRun) -> HttpResponse:
    if uploads.is_long(found):
        found.state = State.WAITING
        found.save(update_fields=["state"])
        carry_out_import.enqueue(str(found.pk))
    else:
        uploads.carry_out(found)
    return redirect("import_run", found.pk)


@require_POST
@for_members
def discard_import(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Throws the uploaded files away; what was imported stays."""
    found = uploads.find_run(request.user, pk)
    if found.state in UNDER_WAY:
        raise DomainError("This import is under way and cannot be thrown away.")
    uploads.discard(found)
    return redirect("import_incidents")
