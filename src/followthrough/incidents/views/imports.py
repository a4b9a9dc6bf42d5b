"""Importing on the page: upload, preview, then a run whose page counts along."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from followthrough.core.errors import DomainError
from followthrough.incidents.forms.imports import MeaningForm, UploadForm
from followthrough.incidents.imports import uploads
from followthrough.incidents.imports.column_mapping import choose_mapping, look
from followthrough.incidents.imports.file_rows import read
from followthrough.incidents.imports.import_run import run
from followthrough.incidents.models import ImportRun
from followthrough.incidents.tasks import carry_out_import
from followthrough.people.access import PersonRequest, for_members

State = ImportRun.State


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def import_incidents(request: PersonRequest) -> HttpResponse:
    """Takes the files; nothing is imported before the preview was seen."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        kept = uploads.keep_uploads(form.cleaned_data["upload"], by=request.user)
        return redirect("import_run", kept.pk)
    recent = ImportRun.objects.filter(started_by=request.user).order_by("-created_at")[:10]
    return render(request, "incidents/import.html", {"form": form, "recent": recent})


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def import_run(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The preview with its columns; once begun, how far it is and what came of it."""
    found = uploads.find_run(request.user, pk)
    if found.state != State.PREVIEW:
        partial = request.headers.get("HX-Request") == "true"
        template = "incidents/import_progress.html" if partial else "incidents/import_run.html"
        return render(
            request, template, {"run": found, "working": found.state in {State.WAITING, State.RUNNING}}
        )
    try:
        return _preview(request, found)
    except DomainError as error:
        uploads.discard(found)
        form = UploadForm()
        return render(request, "incidents/import.html", {"form": form, "problem": error.message}, status=422)


def _preview(request: PersonRequest, found: ImportRun) -> HttpResponse:
    paths = uploads.paths_of(found)
    columns = look(read(paths))
    guessed = choose_mapping(columns)
    form = MeaningForm(request.POST or None, columns=columns, meaning=guessed)
    meaning = form.meaning if form.is_valid() else guessed
    if form.is_valid() and "import" in request.POST:
        uploads.set_meaning(found, meaning)
        return _begin(found)
    report = run(paths, by=request.user, meaning=meaning, dry_run=True)
    return render(request, "incidents/import_preview.html", {"run": found, "form": form, "report": report})


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
    if found.state in {State.WAITING, State.RUNNING}:
        raise DomainError("This import is under way and cannot be thrown away.")
    uploads.discard(found)
    return redirect("import_incidents")
