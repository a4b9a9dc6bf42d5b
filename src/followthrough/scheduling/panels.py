"""What this room asks of a person, on the first page and in the inbox."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from followthrough.people.models import User
from followthrough.scheduling.queries import asked

SHOWN_AT_MOST = 20


def asked_to_facilitate(request: HttpRequest, person: User) -> str:
    """Meetings that the person is asked to lead, each with the answer one press away."""
    rows = list(asked.to_facilitate(person)[:SHOWN_AT_MOST]) if person.is_member else []
    return (
        render_to_string("scheduling/asked_to_facilitate.html", {"postmortems": rows}, request)
        if rows
        else ""
    )


def asked_to_come(request: HttpRequest, person: User) -> str:
    """Meetings ahead to which the person has not said whether they come."""
    rows = list(asked.to_come(person)[:SHOWN_AT_MOST]) if person.is_member else []
    return render_to_string("scheduling/asked_to_come.html", {"meetings": rows}, request) if rows else ""
