"""Kinder wording, offered while an incident is written down."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from followthrough.people.access import PersonRequest, for_members
from followthrough.wording.blame import find_blame
from followthrough.wording.text_hints import Hint

MAX_TEXT_CHARACTERS, MAX_HINTS = 5000, 3


@dataclass(frozen=True)
class RewriteHint:
    """One hint with the words that it is about."""

    hint: Hint
    quoted: str


@require_POST
@for_members
def wording(request: PersonRequest) -> HttpResponse:
    """Draws hints on the title and text of a form; what the writer let be (`let_be`) is not said again."""
    texts = [request.POST.get(name, "")[:MAX_TEXT_CHARACTERS] for name in ("title", "what_happened")]
    let_be = set(request.POST.getlist("let_be"))
    found = [RewriteHint(hint, _quoted(text, hint)) for text in texts for hint in find_blame(text)]
    hints = [kinder for kinder in found if kinder.quoted not in let_be]
    return render(request, "incidents/wording.html", {"hints": hints[:MAX_HINTS]})


def _quoted(text: str, hint: Hint) -> str:
    return " ".join(text[slice(*hint.span)].split()) if hint.span else ""
