"""Every address of the product."""

from __future__ import annotations

from django.urls import include, path

from followthrough.config.api import api, reference

urlpatterns = [
    path("api/", reference, name="api"),
    path("api/", api.urls),
    path("incidents/<incident:pk>/", include("followthrough.timeline.urls")),
    path("", include("followthrough.home.urls")),
    path("", include("followthrough.patterns.urls")),
    path("", include("followthrough.meetings.urls")),
    path("", include("followthrough.calendars.urls")),
    path("", include("followthrough.people.urls")),
    path("", include("followthrough.actions.urls")),
    path("", include("followthrough.notifications.urls")),
    path("", include("followthrough.incidents.urls")),
    path("", include("followthrough.postmortems.urls")),
    path("", include("followthrough.reports.urls")),
]
