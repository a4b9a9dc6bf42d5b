from __future__ import annotations

from django.urls import path

from followthrough.incidents.views import (
    chooser,
    history,
    imports,
    inbound_webhooks,
    incident_editor,
    incident_list,
    incident_page,
    incident_settings,
    service_catalogue,
    wording_hint,
)

urlpatterns = [
    path("hooks/<secret:secret>/", inbound_webhooks.inbound_webhook, name="hook"),
    path("settings/", incident_settings.settings, name="settings"),
    path("settings/severities/", incident_settings.severities, name="severities"),
    path("settings/severities/new/", incident_settings.severity, name="new_severity"),
    path("settings/severities/<int:pk>/", incident_settings.severity, name="severity"),
    path(
        "settings/severities/<int:pk>/removal/", incident_settings.severity_removal, name="severity_removal"
    ),
    path("settings/rules/", incident_settings.rules, name="rules"),
    path("settings/tags/", incident_settings.tags, name="tags"),
    path("settings/tags/<int:pk>/", incident_settings.tag, name="tag"),
    path("settings/hooks/", incident_settings.webhooks, name="hooks"),
    path("settings/hooks/<int:pk>/revocation/", incident_settings.webhook_revocation, name="hook_revocation"),
    path("choose/", chooser.choose, name="choose"),
    path("services/", service_catalogue.services, name="services"),
    path("services/new/", service_catalogue.edit_service, name="new_service"),
    path("services/<slug:slug>/", service_catalogue.service, name="service"),
    path("services/<slug:slug>/edit/", service_catalogue.edit_service, name="edit_service"),
    path("services/<slug:slug>/retirement/", service_catalogue.retire_service, name="retire_service"),
    path("incidents/", incident_list.incidents, name="incidents"),
    path("incidents/new/", incident_editor.new_incident, name="new_incident"),
    path("incidents/report-line/", incident_editor.report_line, name="report_line"),
    path("incidents/order/", incident_editor.milestone_order, name="milestone_order"),
    path("incidents/wording/", wording_hint.wording, name="incident_wording"),
    path("incidents/import/", imports.import_incidents, name="import_incidents"),
    path("incidents/import/sample.csv", imports.import_sample, name="import_sample"),
    path("incidents/import/<uuid:pk>/", imports.import_run, name="import_run"),
    path("incidents/import/<uuid:pk>/discard/", imports.discard_import, name="discard_import"),
    path("incidents/<incident:pk>/", incident_page.incident, name="incident"),
    path("incidents/<incident:pk>/edit/", incident_editor.edit_incident, name="edit_incident"),
    path("incidents/<incident:pk>/history/", history.incident_history, name="incident_history"),
    path("incidents/<incident:pk>/milestones/", incident_page.milestones, name="milestones"),
    path("incidents/<incident:pk>/impact/", incident_page.impact, name="impact"),
    path("incidents/<incident:pk>/roles/", incident_page.roles, name="roles"),
    path("incidents/<incident:pk>/roles/<int:role_pk>/release/", incident_page.release, name="release_role"),
    path("incidents/<incident:pk>/review/", incident_page.review, {"wanted": True}, name="ask_for_review"),
    path("incidents/<incident:pk>/review/skip/", incident_page.review, {"wanted": False}, name="skip_review"),
]
