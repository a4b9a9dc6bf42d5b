"""How allauth behaves here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from followthrough.people import operations, security_log, throttling
from followthrough.people.models import User


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves: accounts come from the set-up page or an invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """From the base URL, never from what a request calls itself."""
        return settings.BASE_URL + reverse("account_reset_password_from_key", args=key.split("-", 1))

    def set_password(self, user: User, password: str) -> None:
        """As the operation, which logs it."""
        operations.change_password(user, password=password, by=user)

    def logout(self, request: HttpRequest) -> None:
        """Also tells the open rooms of that person."""
        person = request.user
        super().logout(request)
        if isinstance(person, User):
            operations.note_sign_out(person)

    def get_client_ip(self, request: HttpRequest) -> str:
        """As the server heard it or a trusted proxy says, whatever headers tell beside."""
        return throttling.client_address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts the try; allauth rolls it back where the password is right."""
        self._login_failed_rl_usage = throttling.take_guess(request, credentials.get("email", ""))
        if self._login_failed_rl_usage is None:
            security_log.note("sign-in throttled", request)
            raise self.validation_error("too_many_login_attempts")

    def post_login(self, request: HttpRequest, user: User, **facts: Any) -> HttpResponse:
        """Also remembers the device and the address."""
        response: HttpResponse = super().post_login(request, user, **facts)
        throttling.remember(request, response, user.email)
        return response
