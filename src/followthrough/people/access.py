"""Authorisation: who may open a page at all; what they may see on it is up to each room's visible_to."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from followthrough.core.errors import NotAllowed, NotFound
from followthrough.people.models import User

P = ParamSpec("P")


class PersonRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User


def for_members(view: Callable[Concatenate[PersonRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """Only members and administrators; for a stakeholder the page does not exist."""
    return _guarded(view, lambda person: person.is_member, NotFound("There is no such page."))


def for_administrators(
    view: Callable[Concatenate[PersonRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Only administrators."""
    reason = NotAllowed("Only an administrator may do this. Ask one of them, or go back to the start page.")
    return _guarded(view, lambda person: person.is_administrator, reason)


def for_everyone(view: Callable[Concatenate[PersonRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """Anyone who is signed in, stakeholders too."""
    return _guarded(view, lambda _: True, NotFound("There is no such page."))


def _guarded(
    view: Callable[..., HttpResponse], allowed: Callable[[User], bool], refusal: Exception
) -> Callable[..., HttpResponse]:
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person = request.user
        if not isinstance(person, User) or not allowed(person):
            raise refusal
        return view(request, *args, **kwargs)

    return guarded
