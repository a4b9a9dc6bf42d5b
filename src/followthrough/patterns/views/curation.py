"""Curation of patterns: each a small form on the pattern's page, and each can be undone."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST

from followthrough.core.errors import DomainError
from followthrough.core.parsing import whole_number
from followthrough.incidents import queries as incidents
from followthrough.patterns import queries
from followthrough.patterns.operations import curation
from followthrough.people.access import PersonRequest, for_members


@require_POST
@for_members
def name(request: PersonRequest, pk: int) -> HttpResponse:
    """Gives it a name."""
    found = queries.find(request.user, pk)
    said = request.POST.get("name", "")
    return _say(
        request, pk, lambda: curation.name_pattern(found, name=said, by=request.user), "It has its name."
    )


@require_POST
@for_members
def merge(request: PersonRequest, pk: int) -> HttpResponse:
    """Lets it be one with another; leads to that other."""
    found = queries.find(request.user, pk)
    into = queries.find(request.user, _number(request.POST.get("into", "")))
    done = _attempt(request, lambda: curation.merge_patterns(found, into=into, by=request.user))
    if done:
        _undoable(
            request, f"“{found.name}” is part of this pattern now.", reverse("pattern_parting", args=[pk])
        )
    return redirect("pattern", into.pk if done else pk)


@require_POST
@for_members
def unmerge(request: PersonRequest, pk: int) -> HttpResponse:
    """Takes a merge back."""
    found = queries.find(request.user, pk)
    return _say(
        request, pk, lambda: curation.unmerge_patterns(found, by=request.user), "It is by itself again."
    )


@require_POST
@for_members
def split(request: PersonRequest, pk: int) -> HttpResponse:
    """Makes a pattern of its own of the chosen incidents; leads to it."""
    found = queries.find(request.user, pk)
    keys, given = _keys(request), request.POST.get("name", "")
    made = []
    if _attempt(
        request, lambda: made.append(curation.split_pattern(found, name=given, keys=keys, by=request.user))
    ):
        undo = reverse("pattern_merge", args=[made[0].pk])
        _undoable(
            request,
            f"Split off “{found.name}”.",
            undo,
            name="into",
            value=str(found.pk),
            label="Join them again",
        )
        return redirect("pattern", made[0].pk)
    return redirect("pattern", pk)


@require_POST
@for_members
def dismiss(request: PersonRequest, pk: int) -> HttpResponse:
    """Takes it off the list, with a reason."""
    found = queries.find(request.user, pk)
    reason = request.POST.get("reason", "")
    if _attempt(request, lambda: curation.dismiss_pattern(found, reason=reason, by=request.user)):
        _undoable(request, f"“{found.name}” is off the list.", reverse("pattern_reopening", args=[pk]))
        return redirect("patterns")
    return redirect("pattern", pk)


@require_POST
@for_members
def reopen(request: PersonRequest, pk: int) -> HttpResponse:
    """Puts it back on the list."""
    found = queries.find(request.user, pk)
    return _say(
        request, pk, lambda: curation.reopen_pattern(found, by=request.user), "It is on the list again."
    )


@require_POST
@for_members
def membership(request: PersonRequest, pk: int, key: int) -> HttpResponse:
    """Says that an incident belongs to it, does not, or leaves that open again; leads back to where it was said."""
    found, incident = queries.find(request.user, pk), incidents.find(request.user, key)
    belongs = {"yes": True, "no": False}.get(request.POST.get("belongs", ""))
    said = {True: "belongs to", False: "is not counted to", None: "is left open for"}[belongs]
    if _attempt(request, lambda: curation.set_membership(found, incident, belongs=belongs, by=request.user)):
        undo = reverse("pattern_incident", args=[pk, key])
        _undoable(
            request, f"{incident.key} {said} “{found.name}”.", undo
        ) if belongs is not None else messages.success(request, f"{incident.key} {said} “{found.name}”.")
    if request.POST.get("from") == "pre-read":
        return redirect("preread", incident.pk)
    return redirect(found)


@require_POST
@for_members
def remark(request: PersonRequest, pk: int) -> HttpResponse:
    """Adds to the discussion."""
    found = queries.find(request.user, pk)
    text = request.POST.get("text", "")
    return _say(request, pk, lambda: curation.add_remark(found, text=text, by=request.user), "")


@require_POST
@for_members
def remove_remark(request: PersonRequest, pk: int, key: UUID) -> HttpResponse:
    """Takes a remark back."""
    found = queries.find(request.user, pk)
    if _attempt(request, lambda: curation.remove_remark(found, key, by=request.user)):
        _undoable(
            request,
            "Your remark is gone.",
            reverse("remark_restoration", args=[pk, key]),
            label="Bring it back",
        )
    return redirect("pattern", pk)


@require_POST
@for_members
def restore_remark(request: PersonRequest, pk: int, key: UUID) -> HttpResponse:
    """Puts it back."""
    found = queries.find(request.user, pk)
    return _say(request, pk, lambda: curation.restore_remark(found, key, by=request.user), "It is back.")


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def proposal(request: PersonRequest, pk: int) -> HttpResponse:
    """Incidents that sound alike: a person chooses which belong together and names them."""
    found, given = queries.find_proposal(request.user, pk), request.POST.get("name", "")
    if request.method == "POST":
        keys, made = _keys(request), []
        if _attempt(
            request,
            lambda: made.append(
                curation.make_pattern(name=given, keys=keys, by=request.user, proposal=found)
            ),
        ):
            messages.success(request, "This is a pattern now. Dismiss it if that was not right.")
            return redirect(made[0])
    rows = queries.incidents_in(found)
    return render(
        request,
        "patterns/proposal.html",
        {"proposal": found, "rows": rows, "name": given or _named(found.words)},
    )


@require_POST
@for_members
def refuse(request: PersonRequest, pk: int) -> HttpResponse:
    """They only sound alike."""
    found = queries.find_proposal(request.user, pk)
    curation.refuse_proposal(found, by=request.user)
    _undoable(
        request,
        "They are not proposed again.",
        reverse("proposal_restoration", args=[pk]),
        label="Propose them again",
    )
    return redirect("pattern_proposals")


@require_POST
@for_members
def take_up(request: PersonRequest, pk: int) -> HttpResponse:
    """Proposes them again after all."""
    curation.take_up_proposal(queries.find_proposal(request.user, pk), by=request.user)
    return redirect("pattern_proposals")


def _named(telling: list[str]) -> str:
    return " ".join(telling[:3]).capitalize()


def _keys(request: PersonRequest) -> list[int]:
    return [_number(key) for key in request.POST.getlist("incident")]


def _number(value: str) -> int:
    return whole_number(value) or 0


def _say(request: PersonRequest, pk: int, operation: Callable[[], object], said: str) -> HttpResponse:
    if _attempt(request, operation) and said:
        messages.success(request, said)
    return redirect("pattern", pk)


def _attempt(request: PersonRequest, operation: Callable[[], object]) -> bool:
    """Whether it was carried out; if not, the page says why."""
    try:
        operation()
    except DomainError as error:
        messages.error(request, error.message)
        return False
    return True


def _undoable(
    request: PersonRequest, said: str, undo: str, *, name: str = "", value: str = "", label: str = "Undo"
) -> None:
    context = {"said": said, "undo": undo, "name": name, "value": value, "label": label}
    drawn = render_to_string("patterns/undo.html", context, request)
    messages.success(request, mark_safe(drawn))  # noqa: S308 - drawn by a template that escapes
