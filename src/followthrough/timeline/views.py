"""Evidence in and out, and what a pasted log would become."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from followthrough.core.deserialization import load_json
from followthrough.core.errors import DomainError, NotFound
from followthrough.core.headers import content_disposition
from followthrough.people.access import PersonRequest, for_members
from followthrough.postmortems import queries as postmortems
from followthrough.postmortems.models import PostMortem
from followthrough.timeline import operations, queries
from followthrough.timeline.forms import EvidenceForm, PasteForm
from followthrough.timeline.log_messages import Reading
from followthrough.timeline.log_preview import read_file, read_text
from followthrough.timeline.media_types import ENDINGS, PICTURES
from followthrough.timeline.models import Evidence

_SANDBOX = "default-src 'none'; frame-ancestors 'none'; sandbox"


@for_members
@require_POST
def attach(request: PersonRequest, pk: int) -> HttpResponse:
    """Stores a file as evidence of an entry: {id, title, url, file_url, media_type}."""
    postmortem = postmortems.find(request.user, pk)
    sent = _valid(EvidenceForm(request.POST, request.FILES))
    entry = queries.find_entry(postmortem, sent["entry"])
    evidence = operations.attach_file(
        entry, file=sent["file"], title=sent["title"], id=sent["id"], by=request.user
    )
    return JsonResponse(
        {
            "id": str(evidence.pk),
            "title": evidence.title,
            "url": evidence.url,
            "file_url": evidence.file_url,
            "media_type": evidence.media_type,
        },
        status=201,
    )


@for_members
@require_GET
def evidence(request: PersonRequest, pk: int, key: UUID) -> HttpResponse:
    """A stored file, in a form in which nothing of it can run."""
    found = queries.find_evidence(request.user, pk, key)
    response = HttpResponse(_content(found), content_type=found.media_type)
    is_picture = found.media_type in PICTURES
    name = f"{found.title.rsplit('.', 1)[0]}.{ENDINGS[found.media_type]}"
    response["Content-Disposition"] = content_disposition(name, inline=is_picture)
    response["Content-Security-Policy"] = _SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=300"
    return response


def _content(evidence: Evidence) -> bytes:
    try:
        with evidence.file.open() as file:
            return bytes(file.read())
    except FileNotFoundError as error:
        raise NotFound(
            "The file is missing from the data folder; the rest of the timeline is complete."
        ) from error


@for_members
@require_POST
def paste(request: PersonRequest, pk: int) -> HttpResponse:
    """What a pasted or uploaded log would become; nothing is stored yet."""
    postmortem = postmortems.find(request.user, pk)
    sent = _valid(PasteForm(_posted(request), request.FILES))
    read = {"zone": sent["zone"] or postmortem.incident.zone, "day": sent["day"], "day_first": sent["order"]}
    if file := sent["file"]:
        if file.size > settings.UPLOAD_LIMIT:
            raise DomainError(
                "This file is too large to take over. Export the hours that matter.", field="file"
            )
        return JsonResponse(_preview(postmortem, read_file(postmortem, file, **read)))
    return JsonResponse(_preview(postmortem, read_text(postmortem, sent["text"], **read)))


def _preview(postmortem: PostMortem, reading: Reading) -> dict[str, Any]:
    known = queries.taken_over(postmortem, [message.key for message in reading.messages])
    there = {key for key, entry in known.items() if entry.removed_at is None}
    standing = queries.moments_by_words(postmortem) if reading.messages else {}
    return {
        "shape": reading.shape,
        "assumed": asdict(reading.assumed),
        "messages": [
            {
                "happened_at": message.happened_at.isoformat().replace("+00:00", "Z"),
                "text": message.text,
                "author": message.author,
                "kind": message.kind,
                "key": message.key,
                "already": message.key in there,
                "alike": standing.get(queries.folded(message.text)),
            }
            for message in reading.messages
        ],
        "skipped": [{"line": line, "text": text, "reason": reason} for line, text, reason in reading.skipped],
    }


def _posted(request: HttpRequest) -> Any:
    """The fields of a form, or of a JSON body."""
    if request.content_type != "application/json":
        return request.POST
    try:
        sent = load_json(request.body)
    except ValueError as error:
        raise DomainError("This was not understood: its body is no JSON. Nothing was taken over.") from error
    return sent if isinstance(sent, dict) else {}


def _valid(form: forms.Form) -> dict[str, Any]:
    """What a valid form holds. DomainError names the first field that is not."""
    if form.is_valid():
        return form.cleaned_data
    field, messages = next(iter(form.errors.items()))
    raise DomainError(str(messages[0]), field=field)
