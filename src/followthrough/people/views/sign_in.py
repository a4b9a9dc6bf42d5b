"""Signing in, setting up and accepting an invitation: the pages for people who are not signed in."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.views import LoginView, PasswordResetFromKeyView
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from followthrough.core.errors import NotFound
from followthrough.core.forms import apply_to_form
from followthrough.core.parsing import whole_number
from followthrough.core.return_address import back_or
from followthrough.people import operations, queries, throttling
from followthrough.people.forms import FirstAdministrator, Newcomer
from followthrough.people.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class SignIn(LoginView):  # type: ignore[misc]
    """allauth's sign-in, with the sample people in demo mode; an empty organisation is set up first."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if queries.nobody_yet():
            return redirect("set_up")
        return cast("HttpResponse", super().dispatch(request, *args, **kwargs))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        people = queries.sample_people()
        context["sample_teams"] = [row for row in queries.teams_with_people(people) if row[1]]
        context["sample_others"] = queries.without_team(people)
        context["cookies_are_lost"] = settings.SESSION_COOKIE_SECURE and not self.request.is_secure()
        context["base_url"] = settings.BASE_URL
        return context


class ChooseNewPassword(PasswordResetFromKeyView):  # type: ignore[misc]
    """allauth's page behind a reset link; who held it may sign in from here however many guess elsewhere."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        throttling.remember(self.request, response, self.reset_user.email)
        return response


@require_POST
def sign_in_as_sample(request: HttpRequest) -> HttpResponse:
    """Signs in as a sample person, in demo mode only."""
    key = whole_number(request.POST.get("person", ""))
    person = queries.sample_people().filter(pk=key).first() if key else None
    if person is None:
        raise NotFound("There is no such sample person.")
    leave(request)
    login(request, person, backend=BACKEND)
    return back_or(request, "/")


@never_cache
def set_up(request: HttpRequest) -> HttpResponse:
    """Makes the first administrator, while there is nobody."""
    if not queries.nobody_yet():
        raise NotFound("This organisation is set up already. Sign in instead.")
    form = FirstAdministrator(request.POST or None)
    if form.is_valid():
        facts = {
            name: form.cleaned_data[name] for name in ("organisation", "name", "email", "password", "zone")
        }
        person = apply_to_form(form, lambda: operations.set_up(**facts))
        if person:
            return _enter(request, person)
    return render(request, "people/set_up.html", {"form": form})


@never_cache
def accept_invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Makes the account of somebody who was invited."""
    invitation = queries.find_invitation(secret)
    operations.check_open(invitation)
    form = Newcomer(request.POST or None)
    if form.is_valid():
        person = apply_to_form(form, lambda: operations.accept(invitation, **form.cleaned_data))
        if person:
            return _enter(request, person)
    context = {"form": form, "invitation": invitation, "organisation": queries.organisation_name()}
    return render(request, "people/accept.html", context)


def _enter(request: HttpRequest, person: User) -> HttpResponse:
    leave(request)
    login(request, person, backend=BACKEND)
    response = redirect("/")
    throttling.remember(request, response, person.email)
    return response


def leave(request: HttpRequest) -> None:
    """Signs out whoever was signed in here before somebody else comes in."""
    if request.user.is_authenticated:
        get_adapter(request).logout(request)
