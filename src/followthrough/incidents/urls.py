from __future__ import annotations

from django.urls import path

from followthrough.incidents.views import (
    chooser,
    editing,
    hooks,
    importing,
    listing,
    page,
    past,
    services,
    settings,
)

urlpatterns = [
    path("hooks/<str:secret>/", hooks.hook, name="hook"),
    path("settings/", settings.settings, name="settings"),
    path("settings/severities/", settings.severities, name="severities"),
    path("settings/severities/new/", settings.severity, name="new_severity"),
    path("settings/severities/<int:pk>/", settings.severity, name="severity"),
    path("settings/severities/<int:pk>/removal/", settings.severity_removal, name="severity_removal"),
    path("settings/rules/", settings.rules, name="rules"),
    path("settings/tags/", settings.tags, name="tags"),
    path("settings/tags/<int:pk>/", settings.tag, name="tag"),
    path("settings/hooks/", settings.hooks, name="hooks"),
    path("settings/hooks/<int:pk>/revocation/", settings.hook_revocation, name="hook_revocation"),
    path("choose/", chooser.choose, name="choose"),
    path("services/", services.services, name="services"),
    path("services/new/", services.edit_service, name="new_service"),
    path("services/<slug:slug>/", services.service, name="service"),
    path("services/<slug:slug>/edit/", services.edit_service, name="edit_service"),
    path("services/<slug:slug>/retirement/", services.retire_service, name="retire_service"),
    path("incidents/", listing.incidents, name="incidents"),
    path("incidents/new/", editing.new_incident, name="new_incident"),
    path("incidents/import/", importing.import_incidents, name="import_incidents"),
    path("incidents/import/<uuid:pk>/", importing.import_run, name="import_run"),
    path("incidents/import/<uuid:pk>/discard/", importing.discard_import, name="discard_import"),
    path("incidents/<incident:pk>/", page.incident, name="incident"),
    path("incidents/<incident:pk>/edit/", editing.edit_incident, name="edit_incident"),
    path("incidents/<incident:pk>/history/", past.incident_history, name="incident_history"),
    path("incidents/<incident:pk>/milestones/", page.milestones, name="milestones"),
    path("incidents/<incident:pk>/impact/", page.impact, name="impact"),
    path("incidents/<incident:pk>/roles/", page.roles, name="roles"),
    path("incidents/<incident:pk>/roles/<int:role_pk>/release/", page.release, name="release_role"),
    path("incidents/<incident:pk>/review/", page.review, {"wanted": True}, name="ask_for_review"),
    path("incidents/<incident:pk>/review/skip/", page.review, {"wanted": False}, name="skip_review"),
]
