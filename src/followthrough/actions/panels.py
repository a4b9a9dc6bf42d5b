"""What this room shows on pages of rooms below."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.template.loader import render_to_string

from followthrough.actions import queries
from followthrough.people.models import User


def open_actions(request: HttpRequest, person: User) -> str:
    """What a person still has to do, before somebody ends their access; "" when there is nothing."""
    looker = cast("User", request.user)
    load = queries.load_of([person], among=queries.visible_to(looker))[person.pk]
    if not load.open:
        return ""
    return render_to_string("actions/left_by_person.html", {"person": person, "load": load}, request)
