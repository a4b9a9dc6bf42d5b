"""What this room adds to the settings."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from followthrough.people.queries import organisation_name


def organisation_setting(request: HttpRequest, _: object) -> str:
    return render_to_string("people/organisation_setting.html", {"name": organisation_name()}, request)
