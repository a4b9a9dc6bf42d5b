"""Every address of the product."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLResolver, include, path
from django.urls.resolvers import RoutePattern


def reference(request: HttpRequest) -> HttpResponse:
    """The page that describes the API."""
    from followthrough.config import api  # noqa: PLC0415 - see below

    return api.reference(request)


handler400 = "followthrough.core.bad_request.bad_request"

urlpatterns = [
    path("api/", reference, name="api"),
    # Loaded when it is first asked for: with its schemas it is a tenth of the start.
    URLResolver(RoutePattern("api/"), "followthrough.config.api", app_name="ninja", namespace="api-1"),
    path("incidents/<incident:pk>/", include("followthrough.timeline.urls")),
    path("incidents/<incident:pk>/", include("followthrough.writing.urls")),
    path("", include("followthrough.home.urls")),
    path("", include("followthrough.search.urls")),
    path("", include("followthrough.integrations.urls")),
    path("", include("followthrough.insights.urls")),
    path("", include("followthrough.patterns.urls")),
    path("", include("followthrough.similarity.urls")),
    path("", include("followthrough.meetings.urls")),
    path("", include("followthrough.scheduling.urls")),
    path("", include("followthrough.meeting_room.urls")),
    path("", include("followthrough.check_ins.urls")),
    path("", include("followthrough.calendars.urls")),
    path("", include("followthrough.people.urls")),
    path("", include("followthrough.actions.urls")),
    path("", include("followthrough.notifications.urls")),
    path("", include("followthrough.incidents.urls")),
    path("", include("followthrough.postmortems.urls")),
    path("", include("followthrough.reports.urls")),
]
