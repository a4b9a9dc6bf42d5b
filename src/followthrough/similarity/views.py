"""Similar incidents, as pages and as parts of pages, and people's feedback on them."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from followthrough.core.errors import DomainError
from followthrough.incidents import queries as incidents
from followthrough.incidents.models import Incident
from followthrough.people.access import PersonRequest, for_members
from followthrough.similarity import operations
from followthrough.similarity.queries import similarity_search

MAX_SENTENCE_CHARACTERS = 500


class FeedbackForm(forms.Form):
    """What somebody says of two incidents; `later` keeps to the list that it was said in."""

    said = forms.ChoiceField(choices=[(name, name) for name in ("alike", "different", "nothing")])
    later = forms.BooleanField(required=False)


@require_safe
@for_members
def similar(request: PersonRequest, pk: int) -> HttpResponse:
    """What was seen before an incident: a part of its page, which does not wait for it, or a page."""
    return _draw(request, incidents.find(request.user, pk), later="later" in request.GET)


@require_POST
@for_members
def similarity_feedback(request: PersonRequest, pk: int, key: int) -> HttpResponse:
    """Keeps somebody's word that two incidents are the same thing again, or are not."""
    found, other = incidents.find(request.user, pk), incidents.find(request.user, key)
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        raise DomainError("Say whether the two are the same thing again. Nothing was changed.")
    said = form.cleaned_data["said"]
    if said == "nothing":
        operations.withdraw_feedback(found, other, by=request.user)
    else:
        operations.give_feedback(found, other, alike=said == "alike", by=request.user)
    if not _is_part(request):
        return redirect("similar_incidents", pk=pk)
    return _draw(request, found, later=form.cleaned_data["later"])


@require_safe
@for_members
def similar_to_sentence(request: PersonRequest) -> HttpResponse:
    """What is like a sentence that somebody typed: a part of the list of incidents, or a page."""
    text = request.GET.get("q", "").strip()[:MAX_SENTENCE_CHARACTERS]
    found = similarity_search.similar_to_sentence(text, request.user) if text else []
    template = "similarity/similar_text.html" if _is_part(request) else "similarity/similar_text_page.html"
    return render(request, template, {"text": text, "similar": found})


def _draw(request: PersonRequest, incident: Incident, *, later: bool) -> HttpResponse:
    look = similarity_search.similar_since if later else similarity_search.similar_to
    facts = {
        "incident": incident,
        "later": later,
        "similar": look(incident, request.user),
        "ruled_out": similarity_search.ruled_out(incident, request.user),
    }
    template = "similarity/similar.html" if _is_part(request) else "similarity/similar_page.html"
    return render(request, template, facts)


def _is_part(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers
